"""Struct-of-arrays tables with stable rows.

A row keeps its place for as long as the thing it describes lives. Identity is the ``uid``: rows are used
again, uids never. A freed row rests until the month is over, so that no reference of this month can come to
point at somebody else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.state.column import Column
from wijksim.state.row_loops import PLAN_HEAD, bury, receive

Rows = NDArray[np.int32]
# values of many records, so that what one record holds lies together: how it lies and of which columns it is, and the
# bits of the values, as wijksim.state.row_loops.receive takes them
Sheet = tuple[NDArray[np.int64], NDArray[np.uint64]]
# what new rows are to hold: the month in which they are used, records, and both parts of the sheet that has them
Filling = tuple[Any, ...]
PLAIN: Filling = (
    0,
    np.empty(0, np.int64),
    np.zeros(PLAN_HEAD, np.int64),
    np.empty(0, np.uint64),
)  # no record
# what giving and freeing rows writes to, in the order in which compiled passes take it
_Held = tuple[
    NDArray[np.bool_], NDArray[np.uint64], NDArray[np.int32], NDArray[np.uint8], NDArray[np.int64]
]  # fmt: skip
_WORD = 8  # bytes

_ALIGNED = 64  # bytes of a line of the cache, a multiple of which every block begins with
_GROWTH_DIVISOR = 8  # grow by an eighth: memory stays flat and copies stay rare
# rows: places in the memory of a small table are looked for anew as seldom as those in a large one
_LEAST_GROWTH = 64


class Table:
    """Columns of equal length, a mask of living rows and a list of rows to be used again.

    ``table.attribute`` and ``table["attribute"]`` give the column as a view of length ``size`` (the high-water
    mark), dead rows included: whole-column arithmetic is much cheaper than gathering the living rows. Dead rows
    hold defaults; a mechanism masks them with ``alive`` or works on ``rows``.

    Columns of one type lie under each other in one block, each contiguous: giving rows their defaults is one
    assignment per type and not one per column, which matters when people come and go every month.

    Parameters
    ----------
    name
        Table name, such as ``resident``.
    columns
        Declarations; all must belong to this table.
    capacity
        Rows allocated at first.

    Attributes
    ----------
    alive
        Mask of living rows, shape ``(size,)``.
    uid
        Identities, shape ``(size,)``; the uid of a dead row is that of its last holder.
    resting
        How many rows were freed this month.
    laid
        How often columns of any table were laid out: who keeps places in :attr:`memory` of several tables sees by one
        comparison that all are where they were.
    shown
        How often any table laid its views: who keeps columns themselves sees by it that all are as long as they were.
    """

    laid: ClassVar[int] = 0
    shown: ClassVar[int] = 0

    alive: NDArray[np.bool_]
    uid: NDArray[np.uint64]

    def __init__(self, name: str, columns: Iterable[Column], capacity: int) -> None:
        self.name = name
        self.columns: dict[str, Column] = {}
        self.size = 0
        self.version = 0
        self._blocks: dict[str, NDArray[Any]] = {}
        self._defaults: dict[str, NDArray[Any]] = {}
        self._place: dict[str, tuple[str, int]] = {}
        self._data: dict[str, NDArray[Any]] = {}
        self._held: _Held | None = None
        self._lines: dict[tuple[str, ...], tuple[NDArray[Any], NDArray[np.intp]]] = {}
        self._memory: NDArray[np.uint8] | None = None
        self._starts: dict[str, int] = {}
        self.sealed = False
        self._capacity = max(int(capacity), 1)
        self._alive = np.zeros(self._capacity, dtype=bool)
        self._uid = np.zeros(self._capacity, dtype=np.uint64)
        self._spare = np.zeros(
            self._capacity, dtype=np.int32
        )  # rows that are free, oldest first, then those that rest
        self._free = self.resting = 0
        self._rows: Rows | None = None
        self._row_of: tuple[int, dict[int, int]] | None = None  # behind the version to which it belongs
        self._show()
        self.declare(*columns)

    def declare(self, *columns: Column) -> None:
        """Add columns; two owners of one column are an error."""
        new: dict[str, list[Column]] = {}
        for column in columns:
            attribute, kind = column.attribute, np.dtype(column.dtype).str
            self._refuse_name(column.table, attribute)
            self.columns[attribute] = column
            lines = new.setdefault(kind, [])
            self._place[attribute] = kind, len(self._defaults.get(kind, ())) + len(lines)
            lines.append(column)
        for kind, lines in new.items():
            self._take_in(kind, lines)
        self._memory = self._held = None
        Table.laid += 1
        if self.size:
            self._join()
        self._lay()

    def _refuse_name(self, table: str, attribute: str) -> None:
        """Refuse a column of another table, one that is there already, and one named as something else is."""
        name = f"{table}.{attribute}"
        if table != self.name:
            raise ValueError(f"column {name!r} does not belong to table {self.name!r}")
        if attribute in self.columns or attribute in ("alive", "uid"):
            raise ValueError(f"column {name!r} is declared twice")
        if hasattr(type(self), attribute) or attribute in self.__dict__:
            raise ValueError(f"column {name!r} has the name of something every table has")

    def _take_in(self, kind: str, columns: list[Column]) -> None:
        """Give columns of one type their lines in its block, all at once."""
        defaults = np.array([[column.default] for column in columns], kind)
        values = np.repeat(defaults, self._capacity, axis=1)
        block, known = self._blocks.get(kind), self._defaults.get(kind)
        self._blocks[kind] = values if block is None else np.concatenate([block, values])
        self._defaults[kind] = defaults if known is None else np.concatenate([known, defaults])

    def __getstate__(self) -> dict[str, Any]:
        """State without the views, which are made anew: a copied view would be memory of its own."""
        views = {"_data", "_held", "_lines", "_memory", "alive", "uid", *self.columns}
        return {name: value for name, value in self.__dict__.items() if name not in views}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore what ``__getstate__`` gave; arrays that lie in the pickle's own memory are copied out of it."""
        self.__dict__.update(state)
        # names out of a pickle are copies, and attributes are found quicker by the very string of the source
        self._place = {sys.intern(name): place for name, place in self._place.items()}
        self._data, self._lines = {}, {}
        self._join()
        self._lay()

    def __getattr__(self, attribute: str) -> NDArray[Any]:
        """Say that there is no such column: those that exist are found before this is asked."""
        raise AttributeError(f"table {self.__dict__.get('name')!r} has no column {attribute!r}")

    def __getitem__(self, attribute: str) -> NDArray[Any]:
        """Return the column ``attribute`` as a view of length ``size``."""
        view: NDArray[Any] = self.__dict__[attribute]
        return view

    def __contains__(self, attribute: str) -> bool:
        """Tell whether the column exists."""
        return attribute in self._data

    def __len__(self) -> int:
        """Count the living rows."""
        return int(np.count_nonzero(self.alive))

    @property
    def rows(self) -> Rows:
        """Living rows in ascending order (cached until rows are added or released)."""
        if self._rows is None:
            self._rows = self.alive.nonzero()[0].astype(np.int32)
        return self._rows

    def row_of(self, uid: int) -> int:
        """Return the living row of ``uid``; KeyError if it does not live."""
        known = self._row_of
        if known is None or known[0] != self.version:
            rows = self.rows
            found = dict(zip(self.uid[rows].tolist(), rows.tolist(), strict=True))
            known = self._row_of = self.version, found
        return known[1][int(uid)]

    def __iter__(self) -> Any:
        """Refuse iteration: a table is not a sequence, and a loop over rows would be slow."""
        raise TypeError(f"loop over table {self.name!r} columns, not rows")

    def add(self, uids: Sequence[int] | NDArray[np.uint64], filling: Filling = PLAIN) -> Rows:
        """Give rows to new uids: freed rows first (oldest first), then fresh ones.

        Columns hold defaults, and what ``filling`` has for them: a record of its sheet for each of ``uids``.
        """
        if self.sealed:
            self._refuse()
        ids, before = np.ascontiguousarray(uids, np.uint64), self.size
        count = reused = ids.size
        rows, held = np.empty(count, np.int32), self._held
        if count > self._free or held is None:
            reused = min(count, self._free)
            held = self._widened(count - reused)
        receive(*held, reused, self._free + self.resting, before, rows, ids, *filling)
        self._free -= reused
        self._rows = None
        self.version += 1
        return rows

    def _widened(self, fresh: int) -> _Held:
        """Make place for rows that nobody ever had; what giving and freeing rows writes to from now on."""
        if self._memory is None:  # nobody holds a view of a table without rows
            self._join()
            self._lay()
        if fresh:
            self._reserve(self.size + fresh)
            self.size += fresh
            self._show()
        assert self._held is not None
        return self._held

    def sheet(
        self, columns: Mapping[str, NDArray[Any]], moments: Mapping[str, NDArray[np.int64]] | None = None
    ) -> Sheet:
        """Lay out values of many records for :meth:`add`; all arrays have one length.

        ``moments`` are columns that will hold a month: so many months before the one in which they are filled.
        """
        number = {name: place for place, name in enumerate(self._place)}
        kinds = {name: np.dtype(self._place[name][0]) for name in columns}
        ago = moments or {}
        by_width = [[name for name in columns if kinds[name].itemsize == width] for width in (_WORD, 4, 2, 1)]
        most, *less = by_width
        parts = [columns[name].astype(kinds[name]) for name in most]
        parts += [values.astype(np.int64) for values in ago.values()]
        parts += [columns[name].astype(kinds[name]) for names in less for name in names]
        records = parts[0].size if parts else 0
        words = -(-sum(part.itemsize for part in parts) // _WORD)
        cells, at = np.zeros((records, words * _WORD), np.uint8), 0
        for part in parts:
            cells[:, at : at + part.itemsize] = part.view(np.uint8).reshape(records, part.itemsize)
            at += part.itemsize
        names = [*most, *ago, *(name for part in less for name in part)]
        plan = [words, len(most), len(ago), *map(len, less), *(number[name] for name in names)]
        return np.array(plan, np.int64), cells.reshape(-1).view(np.uint64)

    def lines(self, names: tuple[str, ...]) -> tuple[NDArray[Any], NDArray[np.intp]]:
        """Return the block in which columns of one type lie, places not in use included, and the line of each."""
        known = self._lines.get(names)
        if known is None:
            (kind,) = {self._place[name][0] for name in names}
            lines = np.array([self._place[name][1] for name in names], np.intp)
            known = self._lines[names] = self._blocks[kind], lines
        return known

    @property
    def memory(self) -> NDArray[np.uint8]:
        """The one piece of memory in which all columns lie; another array as soon as they lie elsewhere."""
        if self._memory is None:
            raise ValueError(f"table {self.name!r} has no rows yet")
        return self._memory

    def begins(self, attribute: str) -> int:
        """Return the byte of :attr:`memory` at which a column begins."""
        kind, number = self._place[attribute]
        return self._starts[kind] + number * self._blocks[kind].strides[0]

    def span(self, attribute: str) -> tuple[int, int]:
        """Return the bytes of :attr:`memory` from which a column lies there, and up to which."""
        begin = self.begins(attribute)
        return begin, begin + self._data[attribute].nbytes

    def release(self, rows: Rows) -> None:
        """Free rows: columns go back to defaults, the rows rest until :meth:`end_month`."""
        if self.sealed:
            self._refuse()
        if self._held is None or not bury(*self._held, self._free + self.resting, rows):
            raise ValueError(f"table {self.name!r}: a row is released twice or was never alive")
        self.resting += rows.size
        self._rows = None
        self.version += 1

    def end_month(self) -> None:
        """Let the rows freed this month be used again from now on."""
        self._free += self.resting
        self.resting = 0

    def nbytes(self) -> int:
        """Memory of all columns in bytes."""
        return sum(array.nbytes for array in self._data.values()) + self._alive.nbytes + self._uid.nbytes

    def _refuse(self) -> None:
        """Refuse new rows and releases while somebody is at work who does not own every column: both write to all."""
        raise ValueError(f"table {self.name!r} is sealed: its rows are given and freed by their owner")

    def _lay(self) -> None:
        """Find every column in its block again after blocks were made anew."""
        for attribute, (kind, number) in self._place.items():
            self._data[attribute] = self._blocks[kind][number]
        self._lines.clear()
        if self._memory is not None:
            found = [(self.begins(name), self._defaults[kind][n]) for name, (kind, n) in self._place.items()]
            self._held = self._alive, self._uid, self._spare, self._memory, _cells(found)
        self._show()

    def _show(self) -> None:
        """Lay the views of all columns where attribute access finds them without a detour."""
        size = self.size
        Table.shown += 1
        self.alive, self.uid = self._alive[:size], self._uid[:size]
        for attribute, array in self._data.items():
            self.__dict__[attribute] = array[:size]

    def touch(self) -> None:
        """Tell whoever keeps what follows from this table that rows are no longer what they were."""
        self.version += 1

    def _reserve(self, needed: int) -> None:
        if needed <= self._capacity:
            return
        capacity = max(needed, self._capacity + max(self._capacity // _GROWTH_DIVISOR, _LEAST_GROWTH))
        grown = np.zeros(capacity, dtype=bool)
        grown[: self._capacity] = self._alive
        self._alive = grown
        uids = np.zeros(capacity, dtype=np.uint64)
        uids[: self._capacity] = self._uid
        self._uid = uids
        spare = np.zeros(capacity, dtype=np.int32)
        spare[: self._capacity] = self._spare
        self._spare = spare
        for kind, block in self._blocks.items():
            wider = np.empty((len(block), capacity), dtype=block.dtype)
            wider[:, : self._capacity] = block
            wider[:, self._capacity :] = self._defaults[kind]
            self._blocks[kind] = wider
        self._capacity = capacity
        self._join()
        self._lay()

    def _join(self) -> None:
        """Let all blocks lie in one piece of memory."""
        Table.laid += 1
        starts, size = {}, 0
        for kind, block in self._blocks.items():
            starts[kind] = size
            size += -(-block.nbytes // _ALIGNED) * _ALIGNED
        self._memory, self._starts = np.empty(size, np.uint8), starts
        for kind, block in self._blocks.items():
            part = self._memory[starts[kind] : starts[kind] + block.nbytes]
            place = part.view(block.dtype).reshape(block.shape)
            place[...] = block
            self._blocks[kind] = place


def _cells(columns: list[tuple[int, NDArray[Any]]]) -> NDArray[np.int64]:
    """Width of the cells of columns, how many of that width lie before them, and the bits of a default.

    The begin of a column is a multiple of its width, as blocks are ``_ALIGNED`` and columns of one type lie together.
    """
    places = [(default.itemsize, begin // default.itemsize) for begin, default in columns]
    bits = [default.view(f"u{default.itemsize}")[0] for _, default in columns]
    found = np.empty((len(columns), 1 + 2), np.int64)
    found[:, :2], found[:, 2] = (
        np.array(places, np.int64).reshape(-1, 2),
        np.array(bits, np.uint64).view(np.int64),
    )
    return found
