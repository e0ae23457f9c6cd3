"""The world: tables, ties, pools and the small arrays that belong to no table."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.keeper import forget_with
from wijksim.state.column import Column, place_of
from wijksim.state.network import Network
from wijksim.state.pool import Pool
from wijksim.state.row_loops import add_by, count_by
from wijksim.state.structure import REACH, STRUCTURE, TABLES, TRAITS
from wijksim.state.table import Rows, Table

_RESTING = attrgetter("resting")


class World:
    """Everything that changes in a run.

    Attributes
    ----------
    tables
        Table by name; ``world.resident`` is the same as ``world.tables["resident"]``.
    ties
        Personal ties between residents.
    pools
        Newcomers per channel.
    stores
        Named arrays, dictionaries or plain objects that belong to one mechanism and to no table (the
        rest-of-city ledger, queues); the key starts with the name of the mechanism.
    """

    def __init__(self, columns: Iterable[Column] = (), capacity: dict[str, int] | None = None) -> None:
        sizes = capacity or {}
        self.tables: dict[str, Table] = {name: Table(name, (), sizes.get(name, 1)) for name in TABLES}
        # found at once, without a detour over __getattr__; a plain dictionary is also searched quicker than the one
        # that attributes have made
        self.__dict__ = {**self.__dict__, **self.tables}
        together: dict[str, list[Column]] = {}
        for column in (*STRUCTURE, *TRAITS, *columns):
            together.setdefault(column.table, []).append(column)
        for found in together.values():
            self.declare(*found, capacity=sizes)
        self.ties = Network("resident")
        self.pools: dict[str, Pool] = {}
        self.stores: dict[str, Any] = {}
        forget_with(self)

    def declare(self, *columns: Column, capacity: dict[str, int] | None = None) -> None:
        """Add columns of one table, making the table if these are the first."""
        name = columns[0].table
        if name not in self.tables:
            table = Table(name, (), (capacity or {}).get(name, 1))
            self.tables[name] = self.__dict__[name] = table
        self.tables[name].declare(*columns)

    def __getstate__(self) -> dict[str, Any]:
        """Plain dictionary (see ``Table.__getstate__``)."""
        return dict(self.__dict__)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore what ``__getstate__`` gave."""
        self.__dict__ = {sys.intern(name): value for name, value in state.items()}
        forget_with(self)

    def __getattr__(self, name: str) -> Table:
        """Return a table by name."""
        tables = self.__dict__.get("tables")
        if tables is None or name not in tables:
            raise AttributeError(f"world has no table {name!r}")
        table: Table = tables[name]
        return table

    def column(self, name: str) -> NDArray[Any]:
        """Return a column by its full name, such as ``household.debt``."""
        table, attribute = place_of(name)
        return self.tables[table][attribute]

    def declaration(self, name: str) -> Column:
        """Return the declaration of a column."""
        table, attribute = place_of(name)
        return self.tables[table].columns[attribute]

    def gather(self, table: str, rows: Rows | slice, name: str) -> NDArray[Any]:
        """Return the column ``name`` as seen from rows of ``table``.

        A column of another table is reached over one structural reference (a resident's household, a
        household's entrance). Rows without a reference see the column's default.
        """
        source, attribute = place_of(name)
        return self.see(table, rows, source, attribute)

    def see(self, table: str, rows: Rows | slice, source: str, attribute: str) -> NDArray[Any]:
        """Do what :meth:`gather` does, with the name already taken apart."""
        if source == table:
            return self.tables[table][attribute][rows]
        return self.follow(self.link(table, rows, source), source, attribute)

    def link(self, table: str, rows: Rows | slice, source: str) -> Rows:
        """Rows of ``source`` that belong to ``rows`` of another table, -1 for none."""
        road = REACH.get((table, source))
        if road is None:
            raise KeyError(f"no road from table {table!r} to table {source!r}")
        return self.tables[table][road][rows]

    def follow(self, link: Rows, source: str, attribute: str) -> NDArray[Any]:
        """Return a column over a link: the default where there is none."""
        column = self.tables[source]
        if column.size == 0:
            return np.full(link.shape, column.columns[attribute].default)
        values: NDArray[Any] = column[attribute].take(link, mode="wrap")
        # the lowest is found quicker than a mask is made, and few rows have no link
        if link.size and link.min() < 0:
            values[link < 0] = column.columns[attribute].default
        return values

    @property
    def n_districts(self) -> int:
        """Number of simulated districts."""
        return self.tables["district"].size

    def by_district(self, table: str, values: NDArray[Any] | None = None) -> NDArray[np.float64]:
        """Sum ``values`` (or count the living rows) per district, shape ``(n_districts,)``.

        ``values`` has the length of the table; dead rows and rows without a district count for nothing (the
        district of a dead row is none).
        """
        place = self.tables[table]["district"]
        sums = np.zeros(self.n_districts)
        if values is None:
            count_by(place, sums)
        else:
            add_by(place, values.astype(np.float64, copy=False), sums)
        return sums

    def end_month(self) -> None:
        """Let rows freed this month be used again."""
        for table in filter(_RESTING, self.tables.values()):
            table.end_month()

    def nbytes(self) -> int:
        """Memory of tables and ties in bytes."""
        return sum(table.nbytes() for table in self.tables.values()) + self.ties.nbytes()
