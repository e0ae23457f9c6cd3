"""Substep 5: turn outcomes into transition requests and write the lettings of the month.

The category of a letting (status holder among them) is written in the letting table alone, which lasts a month. The
household that moves in does not carry it, and the row in the queue goes.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from wijksim.core.rng import derive_uid
from wijksim.core.uids import namespace_key
from wijksim.kernel.requests import Arrival, Founding
from wijksim.mechanisms.housing import seeker_loops
from wijksim.mechanisms.housing.allocate import Outcome
from wijksim.mechanisms.housing.leave import followers, leave_with_children
from wijksim.mechanisms.housing.mortgage_loops import new_mortgages
from wijksim.state.codes import Fate, SeekerCategory
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.housing.desk import Desk
    from wijksim.mechanisms.housing.rest import RestLedger


_MOVES = len(("where newcomers move in", "home", "taken", "person", "started"))
_PART = len(("channel", "first", "end"))
# columns in the order in which passes ask for them
_LET = attrgetter("entrance", "complex", "district", "vacant_since")
_TENANT = attrgetter(
    "kind", "registered", "support", "persons", "channel", "household", "resident", "record", "uid"
)
_LETTING = attrgetter(
    "dwelling", "entrance", "complex", "district", "category", "kind", "offers", "refusals",
    "waited", "vacant", "support", "persons", "steered",
)  # fmt: skip
_SERVED = attrgetter("kind", "category", "fifth", "support", "household", "resident")
_POOLS = tuple(category.name.lower() for category in SeekerCategory)
_CHANNELS, _ARRIVING = len(_POOLS), namespace_key("household of seeker")


def clear_lettings(ctx: Context) -> None:
    """Forget last month's lettings."""
    table = ctx.world.letting
    rows = table.rows
    if rows.size:
        table.release(rows)


class Homes:
    """Moves within the districts found this month: requested together when all markets are done."""

    def __init__(self) -> None:
        self._moves: list[tuple[Rows, Rows]] = []  # households and the dwellings they take
        self._starts: list[tuple[Rows, Rows]] = []  # residents and the dwellings in which they start

    def move(self, households: Rows, dwellings: Rows) -> None:
        """Note moves of households."""
        if households.size:
            self._moves.append((households, dwellings))

    def start(self, residents: Rows, dwellings: Rows) -> None:
        """Note residents who start a household of their own."""
        if residents.size:
            self._starts.append((residents, dwellings))

    def settle(self, ctx: Context) -> None:
        """Request the moves."""
        if self._moves:
            relocate(ctx, *_together(self._moves))
        if self._starts:
            found(ctx, *_together(self._starts))


def _together(moves: list[tuple[Rows, Rows]]) -> tuple[Rows, Rows]:
    """One list of who moves and one of where to."""
    if len(moves) == 1:
        return moves[0]
    who, where = zip(*moves, strict=True)
    return np.concatenate(who), np.concatenate(where)


def move_in(ctx: Context, outcome: Outcome, homes: Homes) -> None:
    """Write the corporation lettings of a month, request the arrivals and note who moves within the districts."""
    seekers, dwellings = outcome.seekers, outcome.dwellings
    if seekers.size == 0:
        return
    world = ctx.world
    dwelling, table, seeker = world.dwelling, world.letting, world.seeker
    rows = table.add(outcome.uids)
    lists, parts = np.empty((_MOVES, rows.size), np.int32), np.empty((_CHANNELS, _PART), np.int64)
    records, uids = np.empty(rows.size, np.int64), np.empty(rows.size, np.uint64)
    moved, left, channels = seeker_loops.write_lettings(
        rows, ctx.month, dwellings, seekers, outcome.how, outcome.steered, _LET(dwelling), _TENANT(seeker),
        _LETTING(table), _ARRIVING, lists, parts, records, uids,
    )  # fmt: skip
    for channel, first, end in parts[:channels].tolist():
        ctx.requests.arrive(
            Arrival(lists[0, first:end], _POOLS[channel], records[first:end], uids[first:end])
        )
    if moved:
        homes.move(lists[1, :moved], lists[2, :moved])
    if left:
        homes.start(lists[3, :left], lists[4, :left])


def relocate(ctx: Context, households: Rows, dwellings: Rows) -> None:
    """Households of the districts move to another dwelling in the districts."""
    table, dwelling, values = ctx.world.household, ctx.world.dwelling, ctx.values
    new_mortgages(
        households, dwellings, (table.income, table.tenure, table.dwelling), (dwelling.value, dwelling.owner),
        (values["build.mortgage_payment"], values["housing.loan_share"], values["housing.loan_income_multiple"]),
        table.mortgage, table.move_wish, table.sought,
    )  # fmt: skip
    ctx.requests.relocate(households, dwellings)


def found(ctx: Context, residents: Rows, dwellings: Rows) -> None:
    """Residents who leave home or part start a household of their own."""
    uids = derive_uid("founded", ctx.world.resident.uid[residents], ctx.month)
    ctx.requests.found(Founding(residents, dwellings, uids, followers(ctx, residents)))


def to_rest(ctx: Context, desk: Desk, ledger: RestLedger, served: Rows, here: int) -> None:
    """Enter seekers housed in the rest, all of ``served`` but those ``here``, in its ledger; who is of here leaves."""
    new, homes, people = ledger.serve(served, here, _SERVED(ctx.world.seeker), desk.city_lettings)
    desk.regular_to_newcomers = float(new)
    ctx.requests.depart(homes, Fate.REST_OF_CITY)
    leave_with_children(ctx, people, Fate.REST_OF_CITY)
