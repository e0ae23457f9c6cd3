"""Compiled loops over rows of a table whose columns lie in one piece, and sums of rows by what they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined

type Floats = NDArray[np.float64]
type Numbers = NDArray[np.int64]

PLAN_HEAD = len(("words", "eight bytes", "months", "four bytes", "two bytes", "one byte"))  # see receive


@inlined
def _reset(memory: NDArray[np.uint8], columns: Numbers, rows: NDArray[Any]) -> None:
    """Give all columns of a table their defaults in ``rows``; ``columns`` begin at cells of their own width."""
    # columns are many and rows few: a view for each column would cost more than what is written
    halves, words, pairs = memory.view(np.uint16), memory.view(np.uint32), memory.view(np.uint64)
    for k in range(columns.shape[0]):
        width, begin, default = columns[k, 0], columns[k, 1], np.uint64(columns[k, 2])
        if width == 1:
            for i in range(rows.size):
                memory[begin + rows[i]] = np.uint8(default)
        elif width == 2:
            for i in range(rows.size):
                halves[begin + rows[i]] = np.uint16(default)
        elif width == 4:
            for i in range(rows.size):
                words[begin + rows[i]] = np.uint32(default)
        else:
            for i in range(rows.size):
                pairs[begin + rows[i]] = default


# fmt: off
@compiled
def bury(
    alive: NDArray[np.bool_], uid: NDArray[np.uint64], spare: NDArray[np.int32], memory: NDArray[np.uint8],
    columns: Numbers, held: int, rows: NDArray[Any],
) -> bool:
    # fmt: on
    """Take ``rows`` out of the mask, give them the defaults of :func:`receive` and put them behind the spare ones.

    They keep their ``uid``, which is only taken because it is handed over with the rest.

    If one is named twice or not in the mask, change nothing and return False.
    """
    for i in range(rows.size):
        if not alive[rows[i]]:
            for j in range(i):
                alive[rows[j]] = True
            return False
        alive[rows[i]] = False
    for i in range(rows.size):
        spare[held + i] = rows[i]
    _reset(memory, columns, rows)
    return True


# fmt: off
@inlined
def _copy(
    memory: NDArray[np.uint8], columns: Numbers, rows: NDArray[np.int32], month: int, records: Numbers, plan: Numbers,
    cells: NDArray[np.uint64],
) -> None:
    # fmt: on
    """Copy one of ``records`` into each of the rows; see :func:`receive`."""
    halves, words, pairs = memory.view(np.uint16), memory.view(np.uint32), memory.view(np.uint64)
    moments, own = memory.view(np.int16), cells.view(np.int64)
    own_bytes, own_halves, own_words = cells.view(np.uint8), cells.view(np.uint16), cells.view(np.uint32)
    most, ago, many, more, few = plan[1], plan[2], plan[3], plan[4], plan[5]
    for i in range(records.size):
        row, at, k = rows[i], records[i] * plan[0], PLAN_HEAD
        for _ in range(most):
            pairs[columns[plan[k], 1] + row] = cells[at]
            at, k = at + 1, k + 1
        for _ in range(ago):
            moments[columns[plan[k], 1] + row] = month - own[at]
            at, k = at + 1, k + 1
        at *= 2
        for _ in range(many):
            words[columns[plan[k], 1] + row] = own_words[at]
            at, k = at + 1, k + 1
        at *= 2
        for _ in range(more):
            halves[columns[plan[k], 1] + row] = own_halves[at]
            at, k = at + 1, k + 1
        at *= 2
        for _ in range(few):
            memory[columns[plan[k], 1] + row] = own_bytes[at]
            at, k = at + 1, k + 1


# fmt: off
@compiled
def receive(
    alive: NDArray[np.bool_], uid: NDArray[np.uint64], spare: NDArray[np.int32], memory: NDArray[np.uint8],
    columns: Numbers, reused: int, held: int, fresh: int, rows: NDArray[np.int32], ids: NDArray[np.uint64],
    month: int, records: Numbers, plan: Numbers, cells: NDArray[np.uint64],
) -> None:
    # fmt: on
    """Fill ``rows`` with rows for as many ``ids``, and let them live under these.

    All columns hold their defaults, and what one of ``records`` has for them.

    Parameters
    ----------
    spare
        Rows to be used again.
    memory
        All columns in one piece.
    columns
        Bytes of a cell, the number of such cells before the column begins, and the bits of a default cell; shape
        ``(n, 3)``.
    reused, held
        How many of the first spare rows are used, and how many there are; the others move up.
    fresh
        The first row that nobody ever had: from there on come those who get none to be used again.
    records
        One for each of ``rows``, or none at all.
    plan
        How many words a record takes; of how many columns it has a cell: of eight bytes, of a month, of four, two and
        one; and the numbers of these columns.
    cells
        Records one after another. A month is kept as how long before ``month`` it is.
    """
    for i in range(rows.size):
        rows[i] = spare[i] if i < reused else fresh + i - reused
        alive[rows[i]] = True
        uid[rows[i]] = ids[i]
    for i in range(reused, held if reused else 0):
        spare[i - reused] = spare[i]
    _reset(memory, columns, rows)
    _copy(memory, columns, rows, month, records, plan, cells)


@compiled
def members(
    records: Numbers, start: Numbers, positions: Numbers, owner: Numbers, rank: NDArray[np.uint64]
) -> int:
    """List the persons of each of ``records``, and whose they are; return how many.

    Parameters
    ----------
    start
        Persons of record ``k`` are those from ``start[k]`` to ``start[k + 1]``.
    positions, owner, rank
        Filled with the person, the place of the record and the number within it.
    """
    count = 0
    for i in range(records.size):
        first = start[records[i]]
        for k in range(start[records[i] + 1] - first):
            positions[count], owner[count], rank[count] = first + k, i, k
            count += 1
    return count


@compiled
def write_same(block: NDArray[Any], lines: NDArray[np.intp], rows: NDArray[np.int32], values: NDArray[Any]) -> None:
    """Write one value for all ``rows`` into each of the ``lines`` of a block of columns."""
    for k in range(lines.size):
        for i in range(rows.size):
            block[lines[k], rows[i]] = values[k]


@compiled
def count_by(place: NDArray[np.int32], out: Floats) -> None:
    """Fill ``out`` with the rows that belong to each place; a pass for each, as places are few, has no branch."""
    for one in range(out.size):
        count = np.int32(0)
        for row in range(place.size):
            count += np.int32(place[row] == one)
        out[one] = count


@compiled
def add_by(place: NDArray[np.int32], values: Floats, out: Floats) -> None:
    """Add up values by the place their rows belong to, row by row as ``np.bincount`` does."""
    for row in range(place.size):
        if place[row] >= 0:
            out[np.uint32(place[row])] += values[row]


@compiled
def count_codes(codes: NDArray[np.int8], counts: NDArray[np.int64]) -> None:
    """Add to ``counts`` how many rows hold each code."""
    for row in range(codes.size):
        counts[codes[row]] += 1
