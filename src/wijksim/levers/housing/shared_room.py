"""A shared courtyard or common room in existing buildings (L016)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Tenure
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

ROOM = CostItem(
    "shared_room",
    "Shared rooms and courtyards",
    "Gemeenschappelijke ruimten en tuinen",
    (("corporation", 1.0),),
    grade="D",
    source=("L016", "FAC-02"),
    kind="housing",
)


@LEVERS.register
class SharedRoom(Lever):
    """Open a courtyard or a room on the daily route (gemeenschappelijke tuin of ruimte) in corporation complexes.

    Which complexes come first is settled for life, so that a larger dose holds a smaller one. Who uses the room is
    about more in the complex and takes more readily to its neighbours, by numbers of the contacts mechanism
    (``contacts.room_bonus`` 0.1 to 0.5, ``contacts.room_ratio`` from 1 on); fear keeps people in, so that a room in an
    unsafe place does little (L073). Part of the residents never uses it. A room is open as long as somebody keeps it
    up; its use fades with the half-life after the money, complex by complex. Design research knows the direction and
    no size.
    """

    name: ClassVar[str] = "shared-room"
    title: ClassVar[str] = "Shared courtyard or common room"
    title_nl: ClassVar[str] = "Gemeenschappelijke tuin of ruimte"
    explain: ClassVar[str] = "Opens a shared courtyard or room in part of the corporation complexes."
    explain_nl: ClassVar[str] = (
        "Opent een gedeelde tuin of ruimte in een deel van de complexen van de corporatie."
    )
    family: ClassVar[str] = "housing"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L016", "L015", "L073", "FAC-02")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (ROOM,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L016",
            moves="knows_neighbours",
            sign=1,
            differs="A place on the way of everybody who already lives there; no new homes.",
            arguments={"share": 0.5},
        ),
    )
    share = Param(
        0.5,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("design",),
        "Complexes with mostly corporation dwellings that get a room or courtyard",
    )
    uptake = Param(
        0.6,
        "share",
        (0.4, 0.8),
        "assumed",
        "D",
        ("L015",),
        "Part of the adults living there who use it, at average trust; 0.4 never do",
    )
    room_cost = Param(
        8_000.0,
        "EUR per complex a year",
        (2_000.0, 31_000.0),
        "assumed",
        "D",
        ("FAC-02", "L016"),
        "Fitting out (spread over years) and upkeep; a staffed living room of a neighbourhood costs 31,000",
        price_year=2021,
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Keep open the rooms of this month for those who use them."""
        rows = self._complexes(ctx, dose)
        if not rows.size:
            return
        world = ctx.world
        table = world.resident
        chosen = np.zeros(world.complex.size + 1, dtype=bool)  # a spare place for no complex
        chosen[rows] = True
        home = world.household.complex[table.household]
        lives = table.alive & (table.age >= ADULT_AGE) & chosen[home]
        users = self.reached(ctx, lives.nonzero()[0].astype(np.int32), 1.0)
        self.request(ctx, "contacts", "shared_room", complexes=rows, residents=users)
        number = np.bincount(world.complex.district[rows], minlength=world.n_districts)
        self.book(ctx, ROOM, "room_cost", number.astype(np.float64), per=MONTHS_PER_YEAR)

    def _complexes(self, ctx: Context, dose: float) -> Rows:
        """Complexes of the corporation in the target, as many in each district as the dose asks."""
        world = ctx.world
        dwelling, table = world.dwelling, world.complex
        rows = dwelling.rows
        place = dwelling.complex[rows]
        own = np.bincount(place, dwelling.owner[rows] == int(Tenure.CORPORATION), minlength=table.size)
        found = (own * 2 > np.bincount(place, minlength=table.size)).nonzero()[0].astype(np.int32)
        if self.target.complexes:
            found = found[np.isin(found, self.target.complexes)]
        found = self.in_target(ctx, "complex", found)
        found = found[
            np.argsort(ctx.draws.life("lever.shared-room.complex", table.uid[found]), kind="stable")
        ]
        part = self.number("share") * dose
        district = table.district[found]
        parts = [found[district == one] for one in np.unique(district).tolist()]
        parts = [rows[: round(part * rows.size)] for rows in parts]
        return np.concatenate(parts) if parts else found
