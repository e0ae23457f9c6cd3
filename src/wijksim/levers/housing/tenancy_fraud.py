"""Tackling unlawful use of corporation dwellings (L017)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Tenure

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

TEAM = CostItem(
    "tenancy_fraud_team",
    "Investigators of unlawful letting",
    "Team tegen woonfraude",
    (("corporation", 1.0),),
    grade="D",
    source=("L017", "STF-02"),
)


@LEVERS.register
class TenancyFraud(Lever):
    """Staff who look into unlawful letting (aanpak woonfraude) and end the contracts of what they find.

    Investigators handle 71 dwellings a year each; 45 % of them turn out unlawful (L017). Amsterdam corporations
    ended 0.44 to 0.49 % of their contracts a year, which is the default. Reports of nuisance among tenants take time
    of the same staff (crowding out, named by corporations, size assumed).

    Which lettings are unlawful is a hidden state that has no effect of its own in the model (see
    :mod:`wijksim.mechanisms.housing.unlawful`): it is twice as common behind doors with nuisance or crime, so that part
    of that trouble leaves with those who live there, to a private dwelling elsewhere in the city. It is moved, not
    solved. The dwelling goes to the next in the queue. Left out: that subtenants without a home may turn up at a
    shelter, fines (about 5,000 euros), lawsuits, and tenants who are deterred.
    """

    name: ClassVar[str] = "tenancy-fraud"
    title: ClassVar[str] = "Tackle tenancy fraud"
    title_nl: ClassVar[str] = "Woonfraude aanpakken"
    explain: ClassVar[str] = (
        "Finds corporation dwellings that are used unlawfully and gives them back to the waiting list."
    )
    explain_nl: ClassVar[str] = (
        "Spoort sociale huurwoningen op die onrechtmatig bewoond worden, en geeft ze terug aan de wachtlijst."
    )
    family: ClassVar[str] = "housing"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L017", "STF-02", "FRD-01")
    grade: ClassVar[str] = "C"
    costs: ClassVar[tuple[CostItem, ...]] = (TEAM,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L017",
            moves="nuisance_often",
            sign=-1,
            differs="Acts on dwellings that should not be lived in by who lives there, found by staff and luck.",
        ),
    )
    fte_per_1000 = Param(
        0.15,
        "fte/1000 dwellings",
        (0.0, 1.0),
        "policy",
        "B",
        ("L017",),
        "Investigators per 1,000 corporation dwellings; the default ends 0.46 % of the contracts a year",
    )
    per_fte = Param(
        71.0, "1/year", (50.0, 100.0), "measured", "B", ("L017",), "Dwellings looked into per investigator"
    )
    success = Param(
        0.45, "share", (0.2, 0.5), "measured", "B", ("L017",), "Part that is found unlawful and ended"
    )
    crowding = Param(
        0.1,
        "investigations/report",
        (0.0, 0.5),
        "assumed",
        "D",
        ("L017", "design"),
        "Investigations that are not made per report of nuisance by a corporation tenant",
    )
    fte_cost = Param(
        93_600.0,
        "EUR/year",
        (80_600.0, 150_000.0),
        "estimated",
        "C",
        ("STF-02",),
        "Full cost of an investigator, taken as that of a social worker",
        price_year=2024,
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the team after its funding"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Say how many unlawful lettings are found in each district this month."""
        world = ctx.world
        homes = world.by_district("dwelling", world.dwelling.owner == int(Tenure.CORPORATION))
        part = dose * self.number("coverage") * self.number("uptake")
        staff = homes * self.number("fte_per_1000") * part / PER_THOUSAND * self.districts(ctx)
        if not staff.any():
            return
        renting = world.household.tenure == int(Tenure.CORPORATION)
        reports = world.by_district("household", world.household.nuisance_report & renting)
        made = staff * self.number("per_fte") / MONTHS_PER_YEAR
        made = np.maximum(made - np.where(staff > 0, reports * self.number("crowding"), 0), 0)
        self.request(ctx, "housing", "end_unlawful", finds=made * self.number("success"))
        self.book(ctx, TEAM, "fte_cost", staff, per=MONTHS_PER_YEAR)
