"""Allocation by income band: part of the vacancies is for incomes between two bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class IncomeBand(Steering):
    """Steered vacancies are let to regular seekers with an income between two bounds (inkomensmix, labelen).

    Incomes are those of the national fifths, 0 the lowest. Seekers with priority are exempt. The law stays as it is:
    who earns more than the limit for social rent is let no more homes than it allows.
    """

    name: ClassVar[str] = "income_band"

    steered_share = Param(
        0.3, "share", (0.0, 1.0), "policy", "D", ("design",), "Vacancies let within the band"
    )
    lowest = Param(1.0, "fifth", (0.0, 4.0), "policy", "D", ("design",), "Lowest income fifth that is let to")
    highest = Param(
        3.0, "fifth", (0.0, 4.0), "policy", "D", ("design",), "Highest income fifth that is let to"
    )

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Keep out regular seekers below or above the band."""
        fifth = candidates["fifth"]
        outside = (fifth < float(self.arguments["lowest"])) | (fifth > float(self.arguments["highest"]))
        rank[steered[:, None] & outside & ~candidates["priority"]] = np.inf
        return rank
