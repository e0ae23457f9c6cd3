"""All pools of a world as one list of records, laid out so that newcomers move in with a handful of copies.

A month takes in a few dozen households over six or more channels. Copied one channel and one column at a time that is
hundreds of small assignments; here it is one per type of column, whatever the number of channels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.pool import Pool
from wijksim.state.row_loops import members
from wijksim.state.table import Filling, Sheet, Table

if TYPE_CHECKING:
    from wijksim.state.world import World

_Part = tuple[Mapping[str, NDArray[Any]], int]

FROM_REST_OF_CITY = 1

# ages and durations are kept in months before arrival, columns hold months on the clock of the run
_MOMENTS = {"age_months": "birth_month", "months_in_activity": "activity_since"}


class Intake:
    """Records of all channels one after another.

    Parameters
    ----------
    world
        World whose pools and columns are laid out. A column that a channel does not know gets its default.

    Attributes
    ----------
    start
        Persons of record ``k`` are ``start[k]:start[k + 1]``, shape ``(n_records + 1,)``.
    first
        Place in the whole list of the first record of each channel.
    """

    def __init__(self, world: World) -> None:
        pools = tuple(world.pools.values())
        self._pools, self._known = pools, [*map(id, pools)]
        self._columns = (len(world.household.columns), len(world.resident.columns))
        counts = [len(pool) for pool in pools]
        self.first = dict(zip(world.pools, np.cumsum([0, *counts]).tolist(), strict=False))
        persons = np.cumsum([0, *(int(pool.start[-1]) for pool in pools)]).tolist()
        begins = [pool.start[:-1] + before for pool, before in zip(pools, persons[:-1], strict=True)]
        self.start: NDArray[np.int64] = np.concatenate([*begins, persons[-1:]]).astype(np.int64)
        self._most = int(np.diff(self.start).max(initial=0))
        homes: list[_Part] = [(pool.household, len(pool)) for pool in pools]
        people: list[_Part] = [(pool.resident, int(pool.start[-1])) for pool in pools]
        self._household = _laid_out(world.household, homes)
        moments = {
            column: np.concatenate([part[name] for part, _ in people]).astype(np.int64)
            for name, column in _MOMENTS.items()
            if _known(name, pools)
        }
        size = np.arange(persons[-1])
        moments["arrived"] = np.zeros_like(size)
        origin = np.full_like(size, FROM_REST_OF_CITY)
        same = {"origin": origin}
        if "birth_month" in moments:
            same["age"] = moments["birth_month"] // MONTHS_PER_YEAR
        self._resident = _laid_out(world.resident, people, same, moments)

    def fits(self, world: World) -> bool:
        """Tell whether the world still has the pools and columns that were laid out."""
        # an identity is nobody else's as long as its pool is kept here
        same = [*map(id, world.pools.values())] == self._known
        return same and self._columns == (len(world.household.columns), len(world.resident.columns))

    def persons(
        self, records: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]:
        """Per person of ``records``: position among all, whose member it is, and rank in the household, a word."""
        most = records.size * self._most
        (positions, owner), rank = np.empty((2, most), np.int64), np.empty(most, np.uint64)
        count = members(records, self.start, positions, owner, rank)
        return positions[:count], owner[:count], rank[:count]

    def households(self, records: NDArray[np.int64], month: int) -> Filling:
        """What new rows of households are to hold, by their records."""
        return month, records, *self._household

    def residents(self, positions: NDArray[np.int64], month: int) -> Filling:
        """What new rows of residents are to hold who arrive in ``month``."""
        return month, positions, *self._resident


def _known(name: str, pools: tuple[Pool, ...]) -> bool:
    """Tell whether the pools know a moment of their persons: all of them or none."""
    known = {name in pool.resident for pool in pools if len(pool)}
    if len(known) > 1:
        raise ValueError(f"some pools know {name} of their persons and others do not")
    return known == {True}


def _laid_out(
    table: Table,
    parts: list[_Part],
    same: Mapping[str, NDArray[Any]] | None = None,
    moments: Mapping[str, NDArray[np.int64]] | None = None,
) -> Sheet:
    """Values of all channels per column of ``table``, defaults where a channel has none; ``same`` hold for all."""
    given = {**(same or {}), **(moments or {})}
    names = {
        name: None
        for columns, _ in parts
        for name in columns
        if name in table and name not in _MOMENTS and name not in given
    }
    found = {
        name: np.concatenate(
            [
                columns[name] if name in columns else table.columns[name].empty(count)
                for columns, count in parts
            ]
        )
        for name in names
    }
    return table.sheet({**found, **(same or {})}, moments)
