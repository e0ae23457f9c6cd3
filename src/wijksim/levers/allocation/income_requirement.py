"""An income requirement for those who come to live in a district (Rotterdam Act, H607)."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.letting_lever import LettingLever
from wijksim.kernel.lever import LEVERS

HOUSING_PERMIT = CostItem(
    "housing_permit",
    "Housing permits: checks of income",
    "Huisvestingsvergunningen: toets op inkomen",
    payers=(("municipality", 1.0),),
    grade="D",
    kind="programme",
)


@LEVERS.register
class IncomeRequirement(LettingLever):
    """Vacant corporation dwellings go to seekers with an income from work, unless they have long lived in the region.

    It works at the speed of turnover only, and who is turned away remains a seeker and is housed elsewhere. It looks at
    income and at nothing else, so that it changes who comes more than what they bring.
    """

    name: ClassVar[str] = "income-requirement"
    title: ClassVar[str] = "Income requirement"
    title_nl: ClassVar[str] = "Inkomenseis bij toewijzen (Rotterdamwet)"
    explain: ClassVar[str] = (
        "Households that come from elsewhere get no permit to rent in the district on the lowest incomes, unless they "
        "have long lived in the region."
    )
    explain_nl: ClassVar[str] = (
        "Mensen van buiten de regio met de laagste inkomens krijgen geen vergunning om in de wijk te huren."
    )
    evidence: ClassVar[tuple[str, ...]] = ("PT26", "EFF-28", "H607", "L024")
    grade: ClassVar[str] = "D"
    costs = (HOUSING_PERMIT,)
    rule = "income_required"
    price = (HOUSING_PERMIT, "permit_cost")
    carries = (
        Carries(
            "L024",
            moves="support_base",
            sign=1,
            differs="Turns seekers away by income, for the purchasing power of the district, and not by need.",
        ),
    )

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
