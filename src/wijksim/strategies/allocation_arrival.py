"""Allocation in an arrival district: part of the homes goes first to newcomers with low incomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering, ahead
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class Arrival(Steering):
    """Steered vacancies go first to newcomers from outside the districts with low incomes (arrivalwijk).

    A newcomer is who registered from elsewhere, on whatever ground; where from is not known to the model. Households
    of the districts themselves come after them, so that cheap homes remain a place to enter.
    """

    name: ClassVar[str] = "arrival"

    steered_share = Param(
        0.5, "share", (0.0, 1.0), "policy", "D", ("L010",), "Vacancies offered first to newcomers"
    )
    fifth_most = Param(
        1.0,
        "fifth",
        (0.0, 4.0),
        "policy",
        "D",
        ("design",),
        "Highest income fifth of a newcomer who comes first",
    )

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Put newcomers with low incomes ahead."""
        newcomer = ~candidates["own"] & (candidates["fifth"] <= float(self.arguments["fifth_most"]))
        return ahead(rank, steered[:, None] & newcomer)
