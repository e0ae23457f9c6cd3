"""Allocation with an eye on who lives there: part of the vacancies is matched to what the entrance can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering, ahead, known_need
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class Steered(Steering):
    """Mix target groups per entrance when allocating (gericht toewijzen, doelgroepen mengen).

    Of the steered vacancies, those in an entrance at its cap are not offered to households that are known to need
    support, and part of them goes first to seekers who contribute. The others follow the registration date. Whoever
    is passed over stays in the queue and is housed elsewhere, mostly in the rest of the city: what an entrance gains,
    another place takes in.
    """

    name: ClassVar[str] = "steered"

    steered_share = Param(0.25, "share", (0.0, 1.0), "policy", "C", ("L001",), "Vacancies that are steered")
    vulnerable_cap = Param(
        0.35,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L001",),
        "Dwellings of an entrance with a household needing support",
    )
    contributor_quota = Param(
        0.2,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L002",),
        "Steered vacancies offered first to seekers who contribute",
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
        """Pass over known need where the entrance is full, and put contributors ahead on part of the vacancies."""
        full = steered & (vacancies["vulnerable"] >= float(self.arguments["vulnerable_cap"]))
        if full.any():
            rank[full[:, None] & known_need(ctx, candidates, float(self.arguments["information"]))] = np.inf
        first = steered & (vacancies["quota"] < float(self.arguments["contributor_quota"]))
        return ahead(rank, first[:, None] & candidates["contributor"]) if first.any() else rank
