"""Keep a district as a place of arrival: cheap homes for who comes from elsewhere, and help for climbers (L010)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.letting_lever import LettingLever
from wijksim.kernel.lever import LEVERS
from wijksim.state.codes import Tenure

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

MOVING_ON = CostItem(
    "moving_on",
    "Help with moving on for tenants who have risen",
    "Hulp bij doorstromen voor huurders die zijn gestegen",
    payers=(("municipality", 0.5), ("corporation", 0.5)),
    grade="D",
    kind="programme",
)


@LEVERS.register
class ArrivalDistrict(LettingLever):
    """Homes go first to low incomes from elsewhere in the region; who has risen is helped to move on (arrivalwijk).

    Judge it by through-flow (moves in and out, how many have risen), not by the level of the district: who rises
    leaves, and the mean of those who stay remains low. Climbers are residents in a higher income fifth than some years
    ago (``resident.climbed``); those reached decide to move ``climb_ratio`` times as often. They may leave the city,
    buy or rent elsewhere as others do. If they do not leave, the district fills up: the poverty trap of the source. No
    effect was found, so the ratio may be one or less. Space for businesses that begin is another lever.
    """

    name: ClassVar[str] = "arrival-district"
    title: ClassVar[str] = "Arrival district"
    title_nl: ClassVar[str] = "Aankomstwijk behouden"
    explain: ClassVar[str] = (
        "Vacant dwellings go first to households with low incomes that come from elsewhere in the region; tenants "
        "who have risen are helped to move on."
    )
    explain_nl: ClassVar[str] = (
        "Woningen gaan eerst naar mensen van buiten de wijk met een laag inkomen. Wie het beter krijgt, krijgt hulp om "
        "door te stromen."
    )
    verbs: ClassVar[tuple[str, ...]] = ("choose", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L010",)
    grade: ClassVar[str] = "D"
    costs = (MOVING_ON,)
    rule = "arrival"
    carries = (
        Carries(
            "L010",
            moves="moves_out",
            sign=1,
            differs="Opens the district to who comes from elsewhere instead of shielding it; who has risen must leave.",
        ),
    )

    steered_share = Param(
        0.5,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("L010",),
        "Vacancies offered first to households from elsewhere (inflow of 3 % of the homes a year at a turnover of 6 %)",
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
    climb_ratio = Param(
        1.3,
        "ratio",
        (0.8, 2.0),
        "assumed",
        "D",
        ("L010",),
        "Moves of climbers who are helped against those not helped",
    )
    climber_cost = Param(
        100,
        "EUR per resident per year",
        (0, 500),
        "assumed",
        "D",
        ("design",),
        "Help with moving on per climber reached",
        price_year=2023,
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Choose the rule, and make climbers among the corporation's tenants move more readily."""
        super().act(ctx, dose)
        table, household = ctx.world.resident, ctx.world.household
        climbers = table.rows[table.climbed[table.rows]]
        climbers = climbers[household.tenure[table.household[climbers]] == int(Tenure.CORPORATION)]
        climbers = climbers[table.household[climbers] >= 0]
        reached = self.reached(ctx, climbers, dose)
        if reached.size:
            homes = np.unique(table.household[reached])
            self.scale(ctx, "housing.move_corporation", "household", homes, self.number("climb_ratio"))
            count = np.bincount(table.district[reached], minlength=ctx.world.n_districts)
            self.book(ctx, MOVING_ON, "climber_cost", count.astype(np.float64), per=MONTHS_PER_YEAR)
