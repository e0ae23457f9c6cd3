"""Lower the threshold to work: practical barriers out of the way of jobless tenants (L100)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.context import Context
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever
from wijksim.state.codes import Activity, Tenure
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

HELP = CostItem(
    "work_threshold",
    "Help with practical barriers to work",
    "Hulp bij praktische drempels naar werk",
    payers=(("corporation", 0.5), ("municipality", 0.5)),
    grade="D",
    source=("L100",),
    kind="programme",
)
_JOBLESS = np.isin(
    np.arange(len(Activity)), [Activity.UNEMPLOYED, Activity.ASSISTANCE, Activity.OTHER]
)  # by code


@LEVERS.register
class WorkThreshold(RateLever):
    """Take practical barriers away for jobless tenants of corporations: child care, travel, papers (drempel naar werk).

    Job starts of those reached go up a little, from unemployment and from assistance, and some who had given up begin
    to look. In the Amsterdam trial extra attention gave more part-time work and no more exits from assistance, so the
    range of the ratio includes less than nothing; part-time work beside a benefit is not in the model and so left out.
    """

    name: ClassVar[str] = "work-threshold"
    title: ClassVar[str] = "Lower threshold to work"
    title_nl: ClassVar[str] = "Drempel naar werk verlagen"
    explain: ClassVar[str] = "Jobless tenants of corporations get help with what stands in the way of work."
    explain_nl: ClassVar[str] = (
        "Huurders van corporaties zonder werk krijgen hulp bij wat hen in de weg staat om te gaan werken."
    )
    family: ClassVar[str] = "work"
    evidence: ClassVar[tuple[str, ...]] = ("L100",)
    grade: ClassVar[str] = "C"
    costs: ClassVar[tuple[CostItem, ...]] = (HELP,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes", "groups")
    rates: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("work.job_finding", "resident", "start_ratio"),
        ("work.assistance_to_work", "resident", "start_ratio"),
        ("work.return", "resident", "start_ratio"),
    )
    price: ClassVar[tuple[CostItem, str]] = (HELP, "cost")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L100", moves="share_in_work", sign=1,
            differs="It raises the chance of a job that exists already, and makes none.",
        ),
    )  # fmt: skip

    start_ratio = Param(
        1.1, "ratio", (0.95, 1.3), "assumed", "C", ("L100",),
        "Job starts of those reached; the trial found 0 [-1, 2] percentage points of exits",
    )  # fmt: skip
    uptake = Param(
        0.5,
        "share",
        (0.2, 1.0),
        "assumed",
        "D",
        ("design",),
        "Part of those approached that takes the help, at average trust",
    )
    cost = Param(
        500, "EUR per participant a year", (100, 1500), "assumed", "D", ("design",),
        "Some talks a year and what removes a barrier", price_year=2024,
    )  # fmt: skip
    decay = Param(
        0.0,
        "months",
        (0.0, 36.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the help after the money; 0 ends it",
    )

    def whom(self, ctx: Context) -> Rows:
        """Adults without work, in search of it or not, who rent of a corporation."""
        table, household = ctx.world.resident, ctx.world.household
        jobless = (table.alive & (table.age >= ADULT_AGE) & _JOBLESS[table.activity]).nonzero()[0]
        tenant = household.tenure[table.household[jobless]] == int(Tenure.CORPORATION)
        found: Rows = jobless[tenant].astype(np.int32)
        return found
