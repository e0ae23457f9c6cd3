"""An income requirement for those who come to live in a district (Rotterdam Act, H607)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

HOUSING_PERMIT = CostItem(
    "housing_permit",
    "Housing permits: checks of income",
    "Huisvestingsvergunningen: toets op inkomen",
    payers=(("municipality", 1.0),),
    grade="D",
    kind="programme",
)


@LEVERS.register
class IncomeRequirement(Lever):
    """Vacant corporation dwellings go to seekers with an income from work, unless they have long lived in the region.

    It works at the speed of turnover only, and who is turned away remains a seeker and is housed elsewhere. It looks at
    income and at nothing else, so that it changes who comes more than what they bring.
    """

    name = "income-requirement"
    title = "Income requirement"
    title_nl = "Inkomenseis bij toewijzen (Rotterdamwet)"
    explain = "Newcomers with the lowest incomes get no permit to rent in the district, unless long resident."
    explain_nl = (
        "Nieuwkomers met de laagste inkomens krijgen geen vergunning om in de wijk te huren, tenzij zij al lang in de "
        "regio wonen."
    )
    family = "allocation"
    verbs = ("choose",)
    chooses = ("allocation",)
    evidence = ("PT26", "EFF-28", "H607")
    grade = "D"
    costs = (HOUSING_PERMIT,)
    targets = ("districts", "complexes")

    steered_share = Param(
        1.0, "share", (0.25, 1.0), "policy", "C", ("H607",), "Vacancies under the requirement"
    )
    long_resident = Param(
        0.6, "share", (0.3, 0.9), "assumed", "D", ("design",), "Seekers exempt as residents of six years"
    )
    permit_cost = Param(
        100, "EUR per letting", (0, 400), "assumed", "D", ("design",), "Check of income per letting",
        price_year=2023,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Choose the rule; the dose, coverage and uptake make the share smaller."""
        share = self.number("steered_share") * dose * self.number("coverage") * self.number("uptake")
        self.choose(
            ctx,
            "allocation",
            "income_required",
            {
                "steered_share": share,
                "long_resident": self.number("long_resident"),
                "districts": ",".join(self.target.districts),
                "complexes": ",".join(str(number) for number in self.target.complexes),
            },
        )
        letting = ctx.world.letting
        steered = letting.district[letting.alive & letting.steered]
        if steered.size:
            count = np.bincount(steered, minlength=ctx.world.n_districts)
            cost = indexed(ctx, self.number("permit_cost"), self.permit_cost.price_year)
            ctx.ledger.book(HOUSING_PERMIT.name, np.asarray(count * cost, dtype=np.float64))
