"""The better-off and the vulnerable at one table (L087)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.structure import ADULT_AGE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

SHARED_TABLE = CostItem(
    "shared_table", "Meetings of better-off and vulnerable", "Ontmoetingen van welgestelden en kwetsbaren",
    (("municipality", 1.0),), grade="D",
)  # fmt: skip


@LEVERS.register
class SharedTable(Lever):
    """Bring better-off residents together with vulnerable ones of their district (welgestelden ontmoeten kwetsbaren).

    They do something together as equals: that is what lets a tie count for the quality of contact across milieus (the
    stand-in for empathy), with a weight whose range includes zero; chance contact between rich and poor does not. No
    evidence of an effect was found (L087). Quality of contact is left to itself, and so is support for sharing. Where
    no better-off live nothing happens: it needs a mixed district.
    """

    name: ClassVar[str] = "shared-table"
    title: ClassVar[str] = "Better-off meet vulnerable"
    title_nl: ClassVar[str] = "Welgestelden ontmoeten kwetsbaren"
    explain: ClassVar[str] = (
        "Better-off residents do things together, as equals, with vulnerable residents of their district."
    )
    explain_nl: ClassVar[str] = (
        "Welgestelde bewoners doen op voet van gelijkheid dingen samen met kwetsbare bewoners van hun wijk."
    )
    family: ClassVar[str] = "meeting"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L087",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (SHARED_TABLE,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L087", moves="contact_quality", sign=1,
            differs="It is the better-off who are approached, and the gain is looked for with them.",
        ),
    )  # fmt: skip

    from_fifth = Param(
        3.0, "fifth", (2.0, 4.0), "policy", "D", ("design",), "Income fifth (0 to 4) from which somebody is better off"
    )  # fmt: skip
    meetings = Param(
        6.0,
        "meetings/year",
        (1.0, 24.0),
        "policy",
        "D",
        ("design",),
        "Meetings a year of each of those who take part",
    )
    tie_chance = Param(
        0.03, "chance", (0.0, 0.08), "assumed", "D", ("L080", "L087"),
        "Chance that one becomes acquainted at one meeting; range includes none",
    )  # fmt: skip
    price = Param(
        60.0, "EUR per participant a year", (0.0, 300.0), "assumed", "D", ("design",), "Cost of the meetings",
        price_year=2023,
    )  # fmt: skip
    uptake = Param(
        0.05, "share", (0.01, 0.3), "assumed", "D", ("design",), "Part of those asked who takes part, at average trust"
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 24.0), "policy", "D", ("design",), "Half-life of the meetings after the money"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Ask for the ties that this month's meetings make between the two groups."""
        world = ctx.world
        table = world.resident
        fifth = world.household.income_fifth[table.household]
        adult = table.alive & (table.age >= ADULT_AGE)
        better_off = adult & (fifth >= self.number("from_fifth"))
        weak = adult & (fifth == 0) & (table.need >= ctx.values["contacts.support_need_floor"])
        hosts, guests = (
            self.reached(ctx, np.flatnonzero(group).astype(np.int32), dose) for group in (better_off, weak)
        )
        number = np.bincount(table.district[hosts], minlength=world.n_districts).astype(np.float64)
        others = np.bincount(table.district[guests], minlength=world.n_districts)
        number *= others > 0
        self.request(
            ctx,
            "contacts",
            "introduce",
            residents=hosts,
            others=guests,
            pairs=number * self.number("meetings") / MONTHS_PER_YEAR * self.number("tie_chance"),
            strength=ctx.values["contacts.tie_start"],
        )
        self.book(ctx, SHARED_TABLE, "price", number, per=MONTHS_PER_YEAR)
