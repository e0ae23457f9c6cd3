"""Who came, who went and whose state changed: the people behind a count, month by month, per district.

A count of persons in some state (in problem debt, on assistance, causing nuisance) changes in a district for three
reasons only: somebody who lives there changes, somebody who has the state comes, or somebody who has it goes. Every
month each person is looked at once, with the state at the end of the month before (``s-``) and at the end of this
one (``s+``):

* a person who was there and still is, in whatever district, changes by ``s+ - s-`` where the person lives now;
* who moved between two districts takes ``s-`` from the one to the other;
* who left takes ``s-`` along, to the rest of the city, out of it, into an institution or the grave;
* who came brings ``s+``, from the rest of the city or by being born.

So the count at the end is the count at the start plus all of these, in whole persons and without a remainder. Moves
between districts add up to nothing over the districts, and what goes to the rest of the city is found back there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.runs import waterbed_loops
from wijksim.state.codes import Activity, Fate

type Counts = NDArray[np.int64]
type Bools = NDArray[np.bool_]

CHANNELS = ("between", "rest", "outside", "institution", "died", "born")
"""Ways in and out: other districts, rest of the city, other cities, care or shelter, death, birth."""

_WAY_OUT = {
    Fate.REST_OF_CITY: "rest",
    Fate.LEFT_CITY: "outside",
    Fate.DIED: "died",
    Fate.CARE_HOME: "institution",
    Fate.INSTITUTION: "institution",
    Fate.SHELTER: "institution",
}


def _in_debt(ctx: Context) -> NDArray[Any]:
    link, found = ctx.world.resident.household, np.empty(ctx.world.resident.size, np.bool_)
    waterbed_loops.of_households(link, ctx.world.household.problem_debt, found)
    return found


def _on_assistance(ctx: Context) -> NDArray[Any]:
    return np.asarray(ctx.world.resident.activity == Activity.ASSISTANCE)


def _causes_nuisance(ctx: Context) -> NDArray[Any]:
    return np.asarray(ctx.world.resident.nuisance_source)


STATES: dict[str, tuple[str, Callable[[Context], NDArray[Any]]]] = {
    "problem_debt": ("household.problem_debt", _in_debt),
    "assistance": ("resident.activity", _on_assistance),
    "nuisance": ("resident.nuisance_source", _causes_nuisance),
}
"""States of persons that are counted: the column that must be there, and who is in it."""


@dataclass(frozen=True)
class Balance:
    """The books up to the end of a month; whole persons, districts last, those without a district at the end.

    Attributes
    ----------
    months
        Months since the start.
    states
        Keys of :data:`STATES`, in the order of the first axis.
    start, end
        Persons in each state, shape ``(states, districts + 1)``.
    stayers
        Change of those who lived in the district all the time.
    passers
        Change of all others while they lived there: who came later, left later or moved in between.
    ways
        Net number brought in by each of :data:`CHANNELS`, shape ``(states, channels, districts + 1)``.
    """

    months: int
    states: tuple[str, ...]
    start: Counts
    end: Counts
    stayers: Counts
    passers: Counts
    ways: Counts

    def closes(self) -> bool:
        """Whether the parts make up the change in every district, and moves between districts cancel."""
        parts = self.stayers + self.passers + self.ways.sum(axis=1)
        between = self.ways[:, CHANNELS.index("between")].sum(axis=1)
        return bool((self.start + parts == self.end).all() and not between.any())


class Waterbed:
    """Observer of an engine that keeps these books from the month in which it is made.

    Parameters
    ----------
    ctx
        The run at its start.
    readouts
        Numbers of months after which the books are copied out.
    """

    def __init__(self, ctx: Context, readouts: Sequence[int]) -> None:
        self.readouts = frozenset(readouts)
        self.states = tuple(name for name, (column, _) in STATES.items() if _known(ctx, column))
        self.balances: list[Balance] = []
        self._places = ctx.world.n_districts + 1
        table = ctx.world.resident
        # everybody at the end of the month before, by row: number, place (-1 for nobody) and states
        self._uid, self._place = table.uid.copy(), np.empty(table.size, np.int32)
        waterbed_loops.look(table.alive, table.district, self._places - 1, self._place)
        self._held = self._states(ctx)
        self._stayer, self._first = self._place >= 0, self._held.copy()
        self._start = self._count(self._held, self._place)
        self._changed = np.zeros_like(self._start)
        self._ways = np.zeros((len(CHANNELS), len(self.states), self._places), np.int64)

    def __call__(self, ctx: Context) -> None:
        """Book one month."""
        if ctx.month < 0:
            return
        table, state, nowhere = ctx.world.resident, self._states(ctx), self._places - 1
        self._make_room(table.size)
        gone, new = np.empty((2, table.size), np.int32)
        went, came = waterbed_loops.book(
            table.alive, table.district, nowhere, table.uid, state, self._uid, self._place, self._held,
            self._stayer, self._changed, self._ways[_BETWEEN], gone, new,
        )  # fmt: skip
        if went or came:
            exits, ways_out, births = _passers(ctx)
            waterbed_loops.pass_by(
                gone[:went], exits, ways_out, new[:came], births, _BORN, _MOVED, table.district, nowhere, table.uid,
                state, self._uid, self._place, self._held, self._ways,
            )  # fmt: skip
        if ctx.month + 1 in self.readouts:
            self.balances.append(self._balance(ctx.month + 1))

    def _states(self, ctx: Context) -> Bools:
        """Who is in which state, shape ``(states, rows)``."""
        state = np.empty((len(self.states), ctx.world.resident.size), np.bool_)
        for row, name in zip(state, self.states, strict=True):
            row[:] = STATES[name][1](ctx)
        return state

    def _make_room(self, size: int) -> None:
        """Make room for rows that the table has gained, and some more."""
        more = size - self._place.size
        if more > 0:
            more += size // _ROOM
            self._uid, self._place = (
                np.pad(self._uid, (0, more)),
                np.pad(self._place, (0, more), constant_values=-1),
            )
            self._stayer = np.pad(self._stayer, (0, more))
            self._held, self._first = (np.pad(one, ((0, 0), (0, more))) for one in (self._held, self._first))

    def _count(self, who: Bools, place: NDArray[np.int32]) -> Counts:
        """Persons by district, shape ``(states, districts + 1)``."""
        found = np.zeros((len(self.states), self._places), np.int64)
        waterbed_loops.count(who, place, found)
        return found

    def _balance(self, months: int) -> Balance:
        stayers = self._count(self._held & self._stayer, self._place)
        stayers -= self._count(self._first & self._stayer, self._place)
        passers, ways = self._changed - stayers, self._ways.swapaxes(0, 1).copy()
        end = self._count(self._held, self._place)
        return Balance(months, self.states, self._start.copy(), end, stayers, passers, ways)


_BETWEEN, _BORN, _MOVED = (CHANNELS.index(name) for name in ("between", "born", "rest"))
_ROOM = 8  # an eighth more than is needed
# by fate; nobody leaves to be present
_CHANNEL_OF = np.array([CHANNELS.index(_WAY_OUT.get(fate, "rest")) for fate in sorted(Fate)])


def _passers(ctx: Context) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint64]]:
    """Numbers of those who left this month, by which way, and of those who were born."""
    log = ctx.log
    left, born = (log.column(kind, "uid").astype(np.uint64, copy=False) for kind in ("exits", "births"))
    return left, _CHANNEL_OF[log.column("exits", "fate")], born


def _known(ctx: Context, column: str) -> bool:
    table, attribute = column.split(".")
    return attribute in ctx.world.tables[table]
