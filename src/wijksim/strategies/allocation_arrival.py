"""Allocation in an arrival district: part of the homes goes first to low incomes from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.steering import Facts, Flags, Floats, Steering, ahead
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class Arrival(Steering):
    """Steered vacancies go first to households with low incomes from elsewhere in the region (arrivalwijk).

    From elsewhere is who does not live in one of the districts, on whatever ground registered; nothing more is known
    of where. Households of the districts come after them, so that cheap homes remain a place to enter.
    """

    name: ClassVar[str] = "arrival"

    steered_share = Param(
        0.5,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("L010",),
        "Vacancies offered first to households from elsewhere",
    )
    fifth_most = Param(
        1.0,
        "fifth",
        (0.0, 4.0),
        "policy",
        "D",
        ("design",),
        "Highest income fifth of a household from elsewhere that comes first",
    )

    def order(
        self, ctx: Context, rank: Floats, steered: Flags, vacancies: Facts, candidates: Facts
    ) -> Floats:
        """Put low incomes from elsewhere ahead."""
        elsewhere = ~candidates["own"] & (candidates["fifth"] <= float(self.arguments["fifth_most"]))
        return ahead(rank, steered[:, None] & elsewhere)
