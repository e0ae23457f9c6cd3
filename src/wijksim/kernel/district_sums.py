"""Sums per district in compiled loops, over rows that stand sorted by district.

Rows of a district stand together in ``order``, those of district ``d`` from ``starts[d]`` to ``starts[d + 1]``. What is
only counted needs no order: there the rows of a group have their district as a byte, and :data:`NOBODY` if they are no
part of it. There is a pass for each district, as these are few and a pass over bytes without a branch is quick.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined

type Order = NDArray[np.int32]
type Starts = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Table = NDArray[np.float64]  # columns, districts
type Whole = NDArray[np.int64]
type Bytes = NDArray[np.uint8]

# NumPy adds up in halves down to blocks of this length, and in a block keeps as many sums as it unrolls
_BLOCK: Final = 2**7
_UNROLLED: Final = 2**3
# rows that can be counted in two bytes, which are added up four times as quickly as eight
_SHORT: Final = 2**15
# bytes that are compared at once, and more: rows to which keys are filled up, so that no row is counted by itself
_AT_ONCE: Final = 2**7

NOBODY: Final = 2**8 - 1
SUMS: Final = ("count", "true", "coded", "tiny", "short", "narrow", "wide")
_COUNT, _TRUE, _CODED, _TINY, _SHORTS, _NARROW, _WIDE = range(len(SUMS))
# what the numbers of a link say, which is a column of four bytes of another table: where the rows begin to which those
# of the table belong, where the column does, where what is made of it, and the bits of its default
LINK: Final = ("rows", "column", "made", "default")
# those of a sum
LINE: Final = ("sum", "made", "begin", "group", "first_code", "codes_end", "out")
_SUM, _MADE, _BEGIN, _OF, _FIRST, _END, _OUT = range(len(LINE))
# those of a group: of which it is a part, its terms, its line of orders, and whether rows stay there as they stand
GROUP: Final = ("parent", "first_term", "terms_end", "order", "as_they_stand")
_PARENT, _TERMS, _TERMS_END, _ORDER, _LOOSE = range(len(GROUP))
# those of a figure of the districts themselves
FIGURE: Final = ("wide", "begin", "weighed", "out")
_IS_WIDE, _FIGURE_BEGIN, _WEIGHED, _FIGURE_OUT = range(len(FIGURE))
# and those of a term
TERM: Final = ("kind", "made", "begin", "but")
_KIND, _BUT = TERM.index("kind"), TERM.index("but")
# links, groups of rows of which the first is all, what must hold of their rows, sums, the codes that count in some of
# them, and columns of the districts, as an amount or weighed by the rows of the table
PARTS: Final = ("links", "groups", "terms", "lines", "codes", "figures")
_LINKS, _GROUPS, _HOLDS, _LINES, _CODES, _FIGURES = range(len(PARTS))
_TYPES: Final = ("|b1", "|i1", "<i2", "<i4", "<f4", "<f8")
_B1, _I1, _I2, _I4, _F4, _F8 = range(len(_TYPES))
KINDS: Final = {name: kind for kind, name in enumerate(_TYPES)}


@compiled
def sort(district: NDArray[np.int32], order: Order, starts: Starts) -> int:
    """Sort rows by district and fill ``starts``; rows without a district are left out. Return how many stay.

    There is a pass for each district, as these are few and a pass without a branch is quick. Here and below a row
    is written before it is known to count, so that ``order`` has a place more than there are rows.
    """
    count = np.uint32(0)
    for d in range(np.uint32(starts.size - 1)):
        starts[d] = count
        for row in range(np.uint32(district.size)):
            order[count] = np.int32(row)
            count += np.uint32(district[row] == d)
    starts[starts.size - 1] = count
    return int(count)


@compiled
def keep_between(
    values: NDArray[np.int16],
    bounds: tuple[int, int],
    order: Order,
    starts: Starts,
    kept: Order,
    kept_starts: Starts,
) -> int:
    """Keep in ``kept`` the rows of ``order`` from the first bound up to, not including, the second; return how many."""
    first, span = np.int16(bounds[0]), np.uint16(bounds[1] - bounds[0])
    count = np.uint32(0)
    for d in range(starts.size - 1):
        kept_starts[d] = count
        for i in range(np.uint32(starts[d]), np.uint32(starts[d + 1])):
            row = order[i]
            kept[count] = row
            # without its sign, a value below the first is beyond any span
            count += np.uint32(np.uint16(values[np.uint32(row)] - first) < span)
    kept_starts[starts.size - 1] = count
    return int(count)


@compiled
def true(values: NDArray[np.uint8], order: Order, starts: Starts, out: Floats) -> None:
    """Count truth values, handed over as bytes."""
    for d in range(out.size):
        count = np.uint32(0)
        for i in range(np.uint32(starts[d]), np.uint32(starts[d + 1])):
            count += np.uint32(values[np.uint32(order[i])])
        out[d] = count


@compiled
def coded(
    values: NDArray[np.uint8], wanted: NDArray[np.uint8], order: Order, starts: Starts, out: Floats
) -> None:
    """Count codes for which ``wanted`` holds 1, not 0."""
    for d in range(out.size):
        count = np.uint32(0)
        for i in range(np.uint32(starts[d]), np.uint32(starts[d + 1])):
            count += np.uint32(wanted[values[np.uint32(order[i])]])
        out[d] = count


@compiled
def _pairwise(values: NDArray[Any], order: Order, start: int, n: int) -> float:
    if n < _UNROLLED:
        total = 0.0
        for i in range(start, start + n):
            total += np.float64(values[np.uint32(order[i])])
        return total
    if n > _BLOCK:
        half = n // 2
        half -= half % _UNROLLED
        return _pairwise(values, order, start, half) + _pairwise(values, order, start + half, n - half)
    r0 = np.float64(values[np.uint32(order[start])])
    r1 = np.float64(values[np.uint32(order[start + 1])])
    r2 = np.float64(values[np.uint32(order[start + 2])])
    r3 = np.float64(values[np.uint32(order[start + 3])])
    r4 = np.float64(values[np.uint32(order[start + 4])])
    r5 = np.float64(values[np.uint32(order[start + 5])])
    r6 = np.float64(values[np.uint32(order[start + 6])])
    r7 = np.float64(values[np.uint32(order[start + 7])])
    whole = start + n - n % _UNROLLED
    for i in range(start + _UNROLLED, whole, _UNROLLED):
        r0 += np.float64(values[np.uint32(order[i])])
        r1 += np.float64(values[np.uint32(order[i + 1])])
        r2 += np.float64(values[np.uint32(order[i + 2])])
        r3 += np.float64(values[np.uint32(order[i + 3])])
        r4 += np.float64(values[np.uint32(order[i + 4])])
        r5 += np.float64(values[np.uint32(order[i + 5])])
        r6 += np.float64(values[np.uint32(order[i + 6])])
        r7 += np.float64(values[np.uint32(order[i + 7])])
    total = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
    for i in range(whole, start + n):
        total += np.float64(values[np.uint32(order[i])])
    return total


@compiled
def pairwise(values: NDArray[Any], order: Order, starts: Starts, out: Floats) -> None:
    """Add up as ``np.add.reduceat`` does: the first, and the rest in halves, which keeps rounding small."""
    for d in range(out.size):
        start, end = starts[d], starts[d + 1]
        if end > start:
            first = np.float64(values[np.uint32(order[start])])
            out[d] = first + _pairwise(values, order, start + 1, end - start - 1)
        else:
            out[d] = 0.0


@compiled
def _kept(values: NDArray[Any], low: Any, high: Any, but: bool, before: Bytes, key: Bytes) -> None:
    for row in range(key.size):
        within = (values[row] >= low) & (values[row] <= high)
        key[row] = before[row] if within != but else np.uint8(NOBODY)


@compiled
def _hold(kind: int, source: Bytes, low: float, high: float, but: bool, before: Bytes, key: Bytes) -> None:
    if kind == _B1:
        _kept(source, np.uint8(low), np.uint8(high), but, before, key)
    elif kind == _I1:
        _kept(source.view(np.int8), np.int8(low), np.int8(high), but, before, key)
    elif kind == _I2:
        _kept(source.view(np.int16), np.int16(low), np.int16(high), but, before, key)
    elif kind == _I4:
        _kept(source.view(np.int32), np.int32(low), np.int32(high), but, before, key)
    elif kind == _F4:
        _kept(source.view(np.float32), np.float32(low), np.float32(high), but, before, key)
    else:
        _kept(source.view(np.float64), low, high, but, before, key)


@compiled
def _ordered(key: Bytes, order: Order, starts: Starts) -> None:
    count = np.uint32(0)
    for d in range(starts.size - 1):
        here = np.uint8(d)
        starts[d] = count
        for row in range(np.uint32(key.size)):
            order[count] = np.int32(row)
            count += np.uint32(key[row] == here)
    starts[starts.size - 1] = count


@compiled
def _chosen(key: Bytes, all_rows: Order, all_starts: Starts, order: Order, starts: Starts) -> None:
    count = np.uint32(0)
    for d in range(starts.size - 1):
        here = np.uint8(d)
        starts[d] = count
        for i in range(np.uint32(all_starts[d]), np.uint32(all_starts[d + 1])):
            order[count] = all_rows[i]
            count += np.uint32(key[np.uint32(all_rows[i])] == here)
    starts[starts.size - 1] = count


@compiled
def _matches(key: Bytes, here: np.uint8) -> int:
    total = 0
    for begin in range(0, key.size, _SHORT):
        part, count = key[begin : begin + _SHORT], np.uint16(0)
        for row in range(part.size):
            count = np.uint16(count + np.uint16(part[row] == here))
        total += int(count)
    return total


@compiled
def _both(values: Bytes, value: np.uint8, key: Bytes, here: np.uint8) -> int:
    total = 0
    for begin in range(0, key.size, _SHORT):
        part, held, count = key[begin : begin + _SHORT], values[begin : begin + _SHORT], np.uint16(0)
        for row in range(part.size):
            count = np.uint16(count + np.uint16(np.uint8(held[row] == value) & np.uint8(part[row] == here)))
        total += int(count)
    return total


@compiled
def _counted(values: Bytes, codes: Whole, key: Bytes, out: Floats) -> None:
    for d in range(out.size):
        total = 0
        for code in codes:
            total += _both(values, np.uint8(code), key, np.uint8(d))
        out[d] = total


@compiled
def _totalled(values: NDArray[Any], key: Bytes, out: Floats) -> None:
    for d in range(out.size):
        here, total = np.uint8(d), 0
        for row in range(key.size):
            total += int(values[row]) if key[row] == here else 0
        out[d] = total


@compiled
def _listed(key: Bytes, order: Order, starts: Starts) -> None:
    count = np.uint32(0)
    for row in range(np.uint32(key.size)):
        order[count] = np.int32(row)
        count += np.uint32(key[row] != NOBODY)
    starts[:] = 0
    starts[starts.size - 1] = count


@compiled
def _added(values: NDArray[Any], loose: int, key: Bytes, order: Order, starts: Starts, out: Floats) -> None:
    out[:] = 0.0
    if loose:
        # neighbours mostly are of one district: its sum is at hand until another comes
        here, total = np.uint8(0), 0.0
        for i in range(starts[out.size]):
            row = np.uint32(order[i])
            if key[row] != here:
                out[here] = total
                here = key[row]
                total = out[here]
            total += np.float64(values[row])
        out[here] = total
        return
    for d in range(out.size):
        start, end = starts[d], starts[d + 1]
        if end > start:
            first = np.float64(values[np.uint32(order[start])])
            out[d] = first + _pairwise(values, order, start + 1, end - start - 1)


@compiled
def _fetched(link: NDArray[np.int32], far: NDArray[np.uint32], nobody: int, out: NDArray[np.uint32]) -> None:
    for row in range(link.size):
        out[row] = far[np.uint32(link[row])] if link[row] >= 0 else np.uint32(nobody)


# fmt: off
@compiled
def _grouped(
    district: NDArray[np.int32], memory: Bytes, made: Bytes, groups: Whole, terms: Whole, bounds: Table, keys: Bytes,
    order: Order, starts: Starts, counts: Table,
) -> None:
    # fmt: on
    size = district.size
    filled = min(-(-size // _AT_ONCE) * _AT_ONCE, keys.shape[1])
    spare = keys[groups.shape[0], :size]
    for g in range(groups.shape[0]):
        key, group = keys[g, :size], groups[g]
        for row in range(size, filled):
            keys[g, row] = NOBODY
        if g:
            before = keys[group[_PARENT], :size]
            for t in range(group[_TERMS], group[_TERMS_END]):
                term = terms[t]
                source = (made if term[_MADE] else memory)[term[_BEGIN] :]
                # by turns, as a pass is only quick from one line to another; the last is that of the group
                after = spare if (group[_TERMS_END] - t) % 2 == 0 else key
                _hold(term[_KIND], source, bounds[t, 0], bounds[t, 1], term[_BUT] == 1, before, after)
                before = after
        else:
            for row in range(size):
                key[row] = np.uint8(district[row])  # that of nobody is -1
        for d in range(counts.shape[1]):
            counts[g, d] = _matches(keys[g, :filled], np.uint8(d))
        if group[_ORDER] >= 0:
            if group[_LOOSE]:
                _listed(key, order[group[_ORDER]], starts[group[_ORDER]])
            elif g:
                _chosen(key, order[0], starts[0], order[group[_ORDER]], starts[group[_ORDER]])
            else:
                _ordered(key, order[0], starts[0])


@compiled
def _weighed(places: Bytes, figures: Whole, weight: Floats, top: Table, bottom: Table) -> None:
    for f in range(figures.shape[0]):
        figure = figures[f]
        out, source = figure[_FIGURE_OUT], places[figure[_FIGURE_BEGIN] :]
        for d in range(weight.size):
            value = (
                source.view(np.float64)[d] if figure[_IS_WIDE] else np.float64(source.view(np.float32)[d])
            )
            top[out, d] = value * weight[d] if figure[_WEIGHED] else value
            bottom[out, d] = weight[d]


@inlined
def _part(plan: Whole, which: int, width: int) -> Whole:
    return plan[plan[which] : plan[which + 1]].reshape(-1, width)


# fmt: off
@compiled
def read(
    district: NDArray[np.int32], top: Table, bottom: Table, memory: Bytes, far: Bytes, places: Bytes, made: Bytes,
    plan: Whole, bounds: Table, keys: Bytes, order: Order, starts: Starts, counts: Table,
) -> None:
    # fmt: on
    """Fill lines of ``top`` and ``bottom`` with sums per district of columns of one table.

    Parameters
    ----------
    district, memory, far, places, made
        District of each row, the memory of the table, another and the districts, and what was made of its columns.
    plan
        What to read, part after part as :data:`PARTS` says, behind where each part begins, and the last ends. Amounts
        are added up as ``np.add.reduceat`` does: the first, and the rest in halves, which keeps rounding small; those
        of a group whose rows stay as they stand one by one as ``np.bincount`` does.
    bounds
        The least and the largest value that count of each of the terms.
    keys, order, starts, counts
        Places for the groups, filled as well: bytes (and a line to spare) and rows by group, and how many there are.
    """
    links, figures = _part(plan, _LINKS, len(LINK)), _part(plan, _FIGURES, len(FIGURE))
    groups, terms = _part(plan, _GROUPS, len(GROUP)), _part(plan, _HOLDS, len(TERM))
    lines, codes = _part(plan, _LINES, len(LINE)), plan[plan[_CODES] : plan[_CODES + 1]]
    size, truth = district.size, np.ones(1, np.int64)
    for one in range(links.shape[0]):
        link = memory[links[one, 0] : links[one, 0] + 4 * size].view(np.int32)
        _fetched(link, far[links[one, 1] :].view(np.uint32), links[one, 3], made[links[one, 2] :].view(np.uint32))
    _grouped(district, memory, made, groups, terms, bounds, keys, order, starts, counts)
    _weighed(places, figures, counts[0], top, bottom)
    for line in lines:
        at, g, kind = line[_OUT], line[_OF], line[_SUM]
        out = top[at] if at < top.shape[0] else bottom[at - top.shape[0]]
        source, key = (made if line[_MADE] else memory)[line[_BEGIN] :], keys[g, :size]
        rank, loose = groups[g, _ORDER], groups[g, _LOOSE]
        if kind == _COUNT:
            out[:] = counts[g]
        elif kind == _TRUE:
            _counted(source, truth, key, out)
        elif kind == _CODED:
            _counted(source, codes[line[_FIRST] : line[_END]], key, out)
        elif kind == _TINY:
            _totalled(source.view(np.int8), key, out)
        elif kind == _SHORTS:
            _totalled(source.view(np.int16), key, out)
        elif kind == _NARROW:
            _added(source.view(np.float32), loose, key, order[rank], starts[rank], out)
        else:
            _added(source.view(np.float64), loose, key, order[rank], starts[rank], out)
