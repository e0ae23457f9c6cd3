"""Talks of the corporation and schools: one signal and one answer for pupils in unstable homes (L101)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.context import Context
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever
from wijksim.state.codes import Activity
from wijksim.state.table import Rows

TALKS = CostItem(
    "school_housing_talks",
    "Talks of corporation and schools",
    "Overleg van corporatie en scholen",
    payers=(("corporation", 0.5), ("municipality", 0.5)),
    grade="D",
    source=("L101",),
    kind="programme",
)
_LEARNING = (int(Activity.PUPIL), int(Activity.STUDENT))


@LEVERS.register
class SchoolHousingTalks(RateLever):
    """Corporation and school tell each other which pupils lose their footing (gesprekken corporatie en onderwijs).

    Meant for pupils and students whose home is in problem debt or arrears, is being evicted, or who moved often.
    Where the signal is joint, school bears with the pupil and the landlord with the rent: fewer leave early and fewer
    homes are ordered out. How often the two meet is the coverage; nobody has measured what it brings (L101: none
    found), so both ranges include no effect.
    """

    name: ClassVar[str] = "school-housing-talks"
    title: ClassVar[str] = "Talks of corporation and schools"
    title_nl: ClassVar[str] = "Gesprekken van corporatie en onderwijs"
    explain: ClassVar[str] = "Landlord and school act together for pupils whose home is unstable."
    explain_nl: ClassVar[str] = (
        "Corporatie en school zoeken samen een oplossing voor leerlingen bij wie het thuis niet stabiel is."
    )
    family: ClassVar[str] = "school"
    evidence: ClassVar[tuple[str, ...]] = ("L101", "EDU-17")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (TALKS,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    rates: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("school.dropout_secondary", "resident", "dropout_ratio"),
        ("school.dropout_vocational", "resident", "dropout_ratio"),
        ("school.dropout_entry", "resident", "dropout_ratio"),
        ("debt.order", "household", "order_ratio"),
    )
    price: ClassVar[tuple[CostItem, str]] = (TALKS, "cost")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L101", moves="young_start_qualification", sign=1,
            differs="Only pupils whose home is unstable already, on whom school and landlord act at once.",
        ),
    )  # fmt: skip

    dropout_ratio = Param(
        0.9,
        "ratio",
        (0.7, 1.05),
        "assumed",
        "D",
        ("L101", "design"),
        "Early leaving of pupils with a joint signal",
    )
    order_ratio = Param(
        0.8,
        "ratio",
        (0.5, 1.05),
        "assumed",
        "D",
        ("L101", "design"),
        "Court orders of eviction against their homes",
    )
    coverage = Param(
        0.3,
        "share",
        (0.1, 0.6),
        "assumed",
        "D",
        ("L101",),
        "Part of pupils in unstable homes with a joint signal",
    )
    cost = Param(
        300, "EUR per pupil a year", (100, 1000), "assumed", "D", ("design",),
        "Some hours of a landlord and of a school per pupil", price_year=2024,
    )  # fmt: skip
    decay = Param(
        0.0,
        "months",
        (0.0, 36.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the talks after the end; 0 ends them",
    )

    def whom(self, ctx: Context) -> Rows:
        """Pupils and students in a home with problem debt, arrears or an eviction under way, or who moved often."""
        table, household = ctx.world.resident, ctx.world.household
        unstable = household.problem_debt | (household.arrears > 0) | (household.eviction_stage > 0)
        learning = table.alive & np.isin(table.activity, _LEARNING)
        at_risk = table.frequent_mover | unstable.take(table.household, mode="wrap")
        return np.flatnonzero(learning & at_risk).astype(np.int32)
