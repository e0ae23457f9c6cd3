"""Allocation that spreads need for support over districts: each takes its part."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering, ahead, known_need
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class Spread(Steering):
    """Part of the inflow with need is let to in districts with less need than the others (spreiden over wijken).

    A fixed part of the seekers who are known to need support is directed: in districts where the share of homes with
    need is above that of all districts together they are offered nothing, where it is below they come first. Which they
    are is settled by lot for life, so a larger part contains a smaller one. Directed seekers for whom no home falls
    vacant there wait or are housed in the rest of the city. Who must leave for demolition is never directed. In a world
    of one district there is nothing to spread over, and nothing happens.
    """

    name: ClassVar[str] = "spread"
    needs = ("vulnerable_district", "vulnerable_mean")

    steered_share = Param(1.0, "share", (0.0, 1.0), "policy", "D", ("L007",), "Vacancies under the rule")
    share_directed = Param(
        0.3,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("L007",),
        "Part of the inflow with need that is offered homes in districts with less need only",
    )
    information = Param(
        0.6,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L003",),
        "Regular seekers whose need for support the landlord knows",
    )

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Pass directed seekers over where need is high, put them ahead where it is low."""
        luck = ctx.draws.life("strategy.spread.directed", candidates["uid"])
        directed = known_need(ctx, candidates, float(self.arguments["information"]))
        directed &= (luck < float(self.arguments["share_directed"])) & ~candidates["rehoused"]
        need, mean = vacancies["vulnerable_district"], vacancies["vulnerable_mean"]
        rank[(steered & (need > mean))[:, None] & directed] = np.inf
        return ahead(rank, (steered & (need < mean))[:, None] & directed)
