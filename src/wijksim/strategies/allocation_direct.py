"""Direct placement: part of the vacancies is kept for seekers with priority."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class Direct(Steering):
    """Steered vacancies behind entrances with room go to seekers with priority, one offer each (directe plaatsing).

    No regular seeker is offered them, so the vacancy goes to direct mediation at once. Where too many households need
    support already, it is let as usual. If nobody with priority accepts, the dwelling stays empty for a month and the
    choice is made again.
    """

    name: ClassVar[str] = "direct"

    steered_share = Param(
        0.2, "share", (0.0, 1.0), "policy", "D", ("design",), "Vacancies kept for direct placement"
    )
    most_load = Param(
        0.3,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L001", "design"),
        "Share of homes behind the entrance with a household needing support from which nobody is placed",
    )

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Offer nothing to regular seekers where there is room."""
        room = steered & (vacancies["vulnerable"] < float(self.arguments["most_load"]))
        rank[room[:, None] & ~candidates["priority"]] = np.inf
        return rank
