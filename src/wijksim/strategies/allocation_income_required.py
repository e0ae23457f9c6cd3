"""Allocation with an income requirement: seekers with the lowest incomes are turned away, unless long resident."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class IncomeRequired(Steering):
    """Housing permit with an income requirement (inkomenseis, Rotterdamwet), by registration date for the rest.

    The law asks for an income from work, pension or student grant; here seekers in the lowest fifth of incomes lack
    it. Who has lived in the region for six years is exempt, and so are urgent and other priority seekers. Nothing
    but income is looked at.
    """

    name: ClassVar[str] = "income_required"

    steered_share = Param(
        1.0, "share", (0.0, 1.0), "policy", "C", ("H607",), "Vacancies under the requirement"
    )
    long_resident = Param(
        0.6, "share", (0.0, 1.0), "assumed", "D", ("design",), "Seekers exempt as residents of six years"
    )

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Turn away regular seekers in the lowest fifth who have not long lived in the region."""
        luck = ctx.draws.life("strategy.income_required.resident", candidates["uid"])
        lacks = (candidates["fifth"] == 0) & ~candidates["priority"]
        lacks &= luck >= float(self.arguments["long_resident"])
        rank[steered[:, None] & lacks] = np.inf
        return rank
