"""Mixing target groups within a building when dwellings are allocated (L001), with contributing tenants (L002)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

STEERED_LETTING = CostItem(
    "steered_letting",
    "Steered lettings: interviews and matching",
    "Gericht toewijzen: gesprekken en matchen",
    payers=(("corporation", 1.0),),
    grade="D",
    kind="programme",
)


@LEVERS.register
class AllocationMixing(Lever):
    """Part of the vacancies is let with a cap on vulnerable households per entrance and a quota for contributors.

    It works at the speed of turnover only: nobody has to leave, and a household that is passed over remains a seeker
    and is housed elsewhere. Deadweight is not assumed: many steered vacancies would have gone to the same household
    anyway, and the comparison with the null alternative shows how many.
    """

    name = "allocation-mixing"
    title = "Allocation mixing"
    title_nl = "Doelgroepen mengen bij toewijzen"
    explain = "Part of the vacant corporation dwellings goes to households that the entrance can carry."
    explain_nl = (
        "Een deel van de vrijkomende corporatiewoningen gaat naar huishoudens die het portiek kan dragen."
    )
    family = "allocation"
    verbs = ("choose",)
    chooses = ("allocation",)
    evidence = ("L001", "L002", "PT26", "EFF-33")
    grade = "D"
    costs = (STEERED_LETTING,)
    targets = ("districts", "complexes")

    steered_share = Param(0.25, "share", (0.1, 0.5), "policy", "C", ("L001",), "Vacancies that are steered")
    vulnerable_cap = Param(
        0.35,
        "share",
        (0.2, 0.6),
        "assumed",
        "D",
        ("L001",),
        "Most dwellings of an entrance with a household needing support",
    )
    contributor_quota = Param(
        0.2,
        "share",
        (0.0, 0.5),
        "assumed",
        "D",
        ("L002",),
        "Steered vacancies offered first to seekers who contribute",
    )
    information = Param(
        0.6,
        "share",
        (0.3, 0.9),
        "assumed",
        "D",
        ("L003",),
        "Regular seekers whose need for support the landlord knows",
    )
    letting_cost = Param(
        400,
        "EUR per letting",
        (0, 1500),
        "assumed",
        "D",
        ("design",),
        "Interviews and matching per steered letting",
        price_year=2023,
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Choose the steered strategy; the dose, coverage and uptake (of managers) make the share smaller."""
        share = self.number("steered_share") * dose * self.number("coverage") * self.number("uptake")
        self.choose(
            ctx,
            "allocation",
            "steered",
            {
                "steered_share": share,
                "vulnerable_cap": self.number("vulnerable_cap"),
                "contributor_quota": self.number("contributor_quota"),
                "information": self.number("information"),
                "districts": ",".join(self.target.districts),
                "complexes": ",".join(str(number) for number in self.target.complexes),
            },
        )
        self._book(ctx)

    def _book(self, ctx: Context) -> None:
        """Book the steered lettings of last month: this month's have not happened yet."""
        letting = ctx.world.letting
        steered = letting.district[letting.alive & letting.steered]
        if steered.size:
            count = np.bincount(steered, minlength=ctx.world.n_districts)
            cost = indexed(ctx, self.number("letting_cost"), self.letting_cost.price_year)
            ctx.ledger.book(STEERED_LETTING.name, np.asarray(count * cost, dtype=np.float64))
