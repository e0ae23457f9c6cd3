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
    return ctx.world.gather("resident", slice(None), "household.problem_debt")


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
        self._look(ctx)
        self._stayer = self._alive.copy()
        self._first = self._state.copy()
        self._start = self._count(self._state & self._alive, self._district)
        self._changed = np.zeros_like(self._start)
        self._ways = np.zeros((len(self.states), len(CHANNELS), self._places), np.int64)

    def __call__(self, ctx: Context) -> None:
        """Book one month."""
        if ctx.month < 0:
            return
        alive, uid, district, state = self._alive, self._uid, self._district, self._state
        self._look(ctx)
        size = self._alive.size
        alive, uid, district = (_longer(old, size) for old in (alive, uid, district))
        state, self._first = _longer(state, size), _longer(self._first, size)
        self._stayer = _longer(self._stayer, size)
        same = alive & self._alive & (uid == self._uid)
        moved = same & (district != self._district)
        gone, new = alive & ~same, self._alive & ~same
        self._stayer &= same & ~moved
        gained = self._state & same & ~state
        lost = state & same & ~self._state
        self._changed += self._count(gained, self._district) - self._count(lost, self._district)
        self._way(
            "between", self._count(state & moved, self._district) - self._count(state & moved, district)
        )
        self._leave(ctx, gone, uid, district, state)
        born = new & np.isin(self._uid, ctx.log.column("births", "uid").astype(np.uint64))
        self._way("born", self._count(self._state & born, self._district))
        self._way("rest", self._count(self._state & new & ~born, self._district))
        if ctx.month + 1 in self.readouts:
            self.balances.append(self._balance(ctx.month + 1))

    def _look(self, ctx: Context) -> None:
        """Keep how everybody is now."""
        table = ctx.world.resident
        self._alive, self._uid = table.alive.copy(), table.uid.copy()
        self._district = np.where(table.alive, table.district, -1)
        seen = [STATES[name][1](ctx).astype(np.bool_) & table.alive for name in self.states]
        self._state: Bools = np.stack(seen) if seen else np.zeros((0, table.size), np.bool_)

    def _leave(
        self, ctx: Context, gone: Bools, uid: NDArray[np.uint64], district: NDArray[Any], state: Bools
    ) -> None:
        """Book who left by the way that they went."""
        uids = ctx.log.column("exits", "uid").astype(np.uint64)
        fates = ctx.log.column("exits", "fate")
        for way in dict.fromkeys(_WAY_OUT.values()):
            taken = [int(fate) for fate, name in _WAY_OUT.items() if name == way]
            mine = gone & np.isin(uid, uids[np.isin(fates, taken)])
            self._way(way, -self._count(state & mine, district))

    def _way(self, way: str, counts: Counts) -> None:
        self._ways[:, CHANNELS.index(way)] += counts

    def _count(self, who: Bools, district: NDArray[Any]) -> Counts:
        """Persons by district, shape ``(states, districts + 1)``."""
        found = [
            np.roll(np.bincount(district[row] + 1, minlength=self._places), -1)  # -1 is none, and comes last
            for row in who
        ]
        return np.stack(found).astype(np.int64) if found else np.zeros((0, self._places), np.int64)

    def _balance(self, months: int) -> Balance:
        end = self._count(self._state, self._district)
        stayers = self._count(self._state & self._stayer, self._district) - self._count(
            self._first & self._stayer, self._district
        )
        return Balance(
            months, self.states, self._start.copy(), end, stayers, self._changed - stayers, self._ways.copy()
        )


def _known(ctx: Context, column: str) -> bool:
    table, attribute = column.split(".")
    return attribute in ctx.world.tables[table]


def _longer[T: np.generic](values: NDArray[T], size: int) -> NDArray[T]:
    """The same with empty places at the end, for rows that a table has gained."""
    missing = size - values.shape[-1]
    if missing <= 0:
        return values
    width = [(0, 0)] * (values.ndim - 1) + [(0, missing)]
    return np.pad(values, width)
