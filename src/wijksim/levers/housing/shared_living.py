"""Housing forms with shared life for people who live alone (L015)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import HousingForm
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

ROOMS = CostItem(
    "shared_living_rooms",
    "Shared rooms of housing forms",
    "Gedeelde ruimten van woonvormen",
    (("corporation", 0.5), ("residents", 0.5)),
    grade="D",
    source=("L015",),
    kind="housing",
)


@LEVERS.register
class SharedLiving(Lever):
    """Small dwellings of one's own with rooms in common (woonvormen met gezamenlijkheid, zoals hofjes en Knarrenhof).

    The corporation is asked to build small dwellings beside flats; who gets them is decided by allocation, where their
    size leaves people alone and couples. Those who live there may use the shared rooms: they are about more and take
    more readily to their neighbours, by numbers of the contacts mechanism (``contacts.room_bonus``), and only as far
    as they feel safe. Part of them never does (L015 assumes 0.2 to 0.6). Design research says that place and
    visibility of the room matter, and gives no size of any effect; loneliness may follow from ties, or not.
    """

    name: ClassVar[str] = "shared-living"
    title: ClassVar[str] = "Housing with shared life"
    title_nl: ClassVar[str] = "Woonvormen met gezamenlijkheid"
    explain: ClassVar[str] = "Builds small homes for people alone, with rooms that they share."
    explain_nl: ClassVar[str] = "Bouwt kleine woningen voor alleenstaanden, met ruimten die zij delen."
    own_money: ClassVar[bool] = True
    family: ClassVar[str] = "housing"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L015", "H702")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (ROOMS,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L015",
            moves="severe_loneliness",
            sign=-1,
            differs="New homes for people alone, of whom those who like it share rooms.",
            arguments={"share": 0.03},
        ),
    )
    share = Param(
        0.03,
        "share",
        (0.0, 0.1),
        "policy",
        "D",
        ("L015", "design"),
        "Such dwellings, in the end, per dwelling that was there",
    )
    density = Param(
        0.4,
        "share",
        (0.1, 1.0),
        "policy",
        "D",
        ("design",),
        "Dwellings added per dwelling of the flats beside them",
    )
    rooms = Param(2.0, "rooms", (1.0, 3.0), "policy", "D", ("design",), "Rooms of each dwelling, its own")
    works_ratio = Param(
        0.8,
        "ratio",
        (0.5, 1.1),
        "assumed",
        "D",
        ("L015", "design"),
        "Cost of such a dwelling, with its part of the shared rooms, over that of an ordinary new one",
    )
    uptake = Param(
        0.6,
        "share",
        (0.4, 0.8),
        "assumed",
        "D",
        ("L015",),
        "Part of those who live there that uses the shared rooms; 0.4 never do",
    )
    room_cost = Param(
        600.0,
        "EUR per dwelling a year",
        (200.0, 1_500.0),
        "assumed",
        "D",
        ("L015", "design"),
        "Upkeep and heating of the shared rooms, half of it in the service charge",
        price_year=2024,
    )
    ramp = Param(
        60.0, "months", (0.0, 240.0), "policy", "D", ("design",), "Months over which building is decided on"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Ask for what should have been decided on by now, and keep open the rooms of what has been built."""
        self.request(
            ctx,
            "corporation",
            "add",
            districts=self.districts(ctx),
            share=self.number("share") * dose * self.number("coverage"),
            density=self.number("density"),
            flats=True,
            owner_share=0.0,
            form=int(HousingForm.SHARED),
            rooms=int(self.number("rooms")),
            works_ratio=self.number("works_ratio"),
        )
        dwelling = ctx.world.dwelling
        built = (
            (dwelling.alive & (dwelling["form"] == HousingForm.SHARED.value)).nonzero()[0].astype(np.int32)
        )
        built = self.in_target(ctx, "dwelling", built)
        if built.size:
            self._keep_open(ctx, built)

    def _keep_open(self, ctx: Context, built: Rows) -> None:
        table, dwelling = ctx.world.resident, ctx.world.dwelling
        special = np.zeros(dwelling.size + 1, dtype=bool)  # a spare place for no dwelling
        special[built] = True
        lives = table.alive & (table.age >= ADULT_AGE) & special[table.dwelling]
        users = self.reached(ctx, lives.nonzero()[0].astype(np.int32), 1.0)
        complexes = np.unique(dwelling.complex[built])
        self.request(ctx, "contacts", "shared_room", complexes=complexes, residents=users)
        number = np.bincount(dwelling.district[built], minlength=ctx.world.n_districts)
        self.book(ctx, ROOMS, "room_cost", number.astype(np.float64), per=MONTHS_PER_YEAR)
