"""Allocation with a cap on priority where many households already need support."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class PriorityCap(Steering):
    """No letting with priority where the share of households needing support has reached a cap (plafond op voorrang).

    The share is that behind the entrance, in the complex or in the district. Above the cap the vacancy goes to regular
    seekers, whatever they need; seekers with priority are housed elsewhere. The cap does not count lettings with
    priority made before: nobody carries the ground on which the home was let.
    """

    name: ClassVar[str] = "priority_cap"
    needs = ("vulnerable_complex", "vulnerable_district")

    steered_share = Param(1.0, "share", (0.0, 1.0), "policy", "D", ("L024",), "Vacancies under the cap")
    cap = Param(
        0.3,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L024", "design"),
        "Share of homes with a household needing support from which no priority is given",
    )
    level = Argument("entrance", ("entrance", "complex", "district"), "Where that share is counted")

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Keep seekers with priority out of full places, those who must leave for demolition excepted."""
        level = self.arguments["level"]
        load = vacancies["vulnerable" if level == "entrance" else f"vulnerable_{level}"]
        full = steered & (load >= float(self.arguments["cap"]))
        barred = candidates["priority"] & ~candidates["rehoused"]
        rank[full[:, None] & barred] = np.inf
        return rank
