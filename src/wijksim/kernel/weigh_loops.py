"""The sum of all drivers of some rows, and to whom an event happens, in one compiled call.

A table keeps all its columns in one piece of memory (:attr:`wijksim.state.table.Table.memory`), so that a driver is a
kind of number and a place. The sum is that of :mod:`wijksim.kernel.drivers`, driver by driver and bit for bit: every
kind fits into a double, and is made narrow again where it was.
"""

from __future__ import annotations

from math import exp, expm1
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.mixing import BLOCK, DROP, UNIT, WHOLE, mixed
from wijksim.core.units import MONTHS_PER_YEAR

type Rows = NDArray[np.int32]
type Memory = NDArray[np.uint8]
type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]
type Uids = NDArray[np.uint64]
type Packed = tuple[Memory, Memory, Memory, Memory, Whole, Floats]

_TYPES: Final = ("|u1", "|i1", "<i2", "<i4", "<i8", "<f4", "<f8")
_U1, _I1, _I2, _I4, _I8, _F4, _F8 = range(len(_TYPES))
KINDS: Final = {"|b1": _U1, **{name: kind for kind, name in enumerate(_TYPES)}}
SLOTS: Final = len(("own", "first", "second", "third"))  # tables whose memory a sum can read
# what the numbers of a driver say
STEP: Final = ("kind", "begin", "slot", "code", "codes_end", "wide")
_KIND, _BEGIN, _SLOT, _CODE, _CODES_END, _WIDE = range(len(STEP))


# what the whole numbers of an event say before its roads, steps and codes, and its numbers before those of the drivers
_HEAD: Final = ("steps", "codes", "edges", "held", "begin", "since")
_STEPS, _CODES, _EDGES, _HELD, _, _ = range(len(_HEAD))
_NUMBERS: Final = ("constant", "clip", "c", "base", "cap")
_CONSTANT, _CLIP, _C, _BASE, _CAP = range(len(_NUMBERS))
HEAD: Final = len(_HEAD)
FIRST: Final = len(_NUMBERS)
ROUNDING: Final = float(np.finfo(np.float32).eps)

_DROP64 = np.uint64(DROP)
_ONE = np.uint64(1)


@compiled
def _take(column: NDArray[Any], link: Rows, nobody: float, out: Floats) -> None:
    for i in range(link.size):
        row = link[i]
        out[i] = nobody if row < 0 else np.float64(column[np.uint32(row)])


@compiled
def _read(memory: Memory, kind: int, start: int, link: Rows, nobody: float, out: Floats) -> None:
    if kind == _U1:
        _take(memory[start:], link, nobody, out)
    elif kind == _I1:
        _take(memory[start:].view(np.int8), link, nobody, out)
    elif kind == _I2:
        _take(memory[start:].view(np.int16), link, nobody, out)
    elif kind == _I4:
        _take(memory[start:].view(np.int32), link, nobody, out)
    elif kind == _I8:
        _take(memory[start:].view(np.int64), link, nobody, out)
    elif kind == _F4:
        _take(memory[start:].view(np.float32), link, nobody, out)
    else:
        _take(memory[start:].view(np.float64), link, nobody, out)


@compiled
def _add(total: NDArray[Any], held: Floats, codes: Whole, factor: float, wide: bool) -> None:
    weight = np.float32(factor)
    if codes.size:
        for i in range(total.size):
            for code in codes:
                if held[i] == code:
                    total[i] += weight
                    break
    elif wide:
        for i in range(total.size):
            total[i] += held[i] * factor
    else:
        for i in range(total.size):
            total[i] += np.float32(held[i]) * weight


@compiled
def _centre(total: NDArray[Any], constant: Any, clip: float, c: float, out: Floats) -> None:
    for i in range(total.size):
        power = float(total[i] - constant)
        if power < -clip:
            power = -clip
        if power > clip:
            power = clip
        out[i] = power - c


@compiled
def weigh(
    rows: Rows,
    own: Memory,
    first: Memory,
    second: Memory,
    third: Memory,
    roads: Whole,
    steps: Whole,
    numbers: Floats,
    codes: Whole,
    constant: float,
    clip: float,
    c: float,
    power: Floats,
) -> None:
    """Fill ``power`` with the sum of drivers for ``rows``, centred, kept within the clip and less the normaliser.

    Parameters
    ----------
    rows
        Rows of the own table.
    own, first, second, third
        Memory of the tables read.
    roads
        Where in ``own`` the column begins that leads to the table of each slot; shape ``(SLOTS,)``.
    steps
        Per driver its kind, where it begins, its slot, the first of its ``codes`` and the one after the last, and
        whether it is wide; shape ``(n, len(STEP))``.
    numbers
        Per driver what rows without a link hold and its weight; shape ``(n, 2)``.
    constant, clip, c
        What centring takes off, the clip and the normaliser.
    """
    held = np.empty(rows.size)
    narrow = np.zeros(rows.size, np.float32)
    exact = np.empty(0)
    link, slot = rows, 0
    for j in range(steps.shape[0]):
        step = steps[j]
        if step[_SLOT] != slot:
            slot = step[_SLOT]
            link = rows
            if slot > 0:
                link = np.empty(rows.size, np.int32)
                road = own[roads[slot] :].view(np.int32)
                for i in range(rows.size):
                    link[i] = road[np.uint32(rows[i])]
        memory = own if slot == 0 else first if slot == 1 else second if slot == 2 else third
        _read(memory, step[_KIND], step[_BEGIN], link, numbers[j, 0], held)
        wide = step[_WIDE] > 0
        if wide and exact.size == 0:
            exact = narrow.astype(np.float64)
        if exact.size:
            _add(exact, held, codes[step[_CODE] : step[_CODES_END]], numbers[j, 1], wide)
        else:
            _add(narrow, held, codes[step[_CODE] : step[_CODES_END]], numbers[j, 1], wide)
    if exact.size:
        _centre(exact, constant, clip, c, power)
    else:
        _centre(narrow, np.float32(constant), clip, c, power)


@compiled
def _near(uid: Uids, rows: Rows, key: Uids, high: float, places: Rows, u: Floats) -> int:
    """Do :func:`wijksim.core.mixing.below`, but fill ``places`` with where in ``rows`` they are who may be hit."""
    count, k1, k2 = 0, key[0], key[1]
    limit = np.uint64(high * WHOLE) + _ONE
    block = np.empty(BLOCK, np.uint64)
    for start in range(0, rows.size, BLOCK):
        part = rows[start : start + BLOCK]
        # three loops: the middle one has no branch and no look-up, and is vectorised
        for i in range(part.size):
            block[i] = uid[np.uint32(part[i])]
        for i in range(part.size):
            block[i] = mixed(block[i], k1, k2) >> _DROP64
        for i in range(part.size):
            if block[i] < limit:
                draw = np.float64(np.int64(block[i])) * UNIT
                if draw < high:
                    places[count], u[count] = start + i, draw
                    count += 1
    return count


@compiled
def _rates(
    rows: Rows, own: Memory, held: Whole, month: int, edges: Floats, rates: Floats, out: Floats
) -> None:
    """Fill ``out`` with the rate of the piece in which the column of each row lies, or the months since it."""
    _read(own, held[0], held[1], rows, 0.0, out)
    for i in range(rows.size):
        value, piece = month - out[i] if held[2] else out[i], 0
        while piece < edges.size and edges[piece] <= value:
            piece += 1
        out[i] = rates[piece]


@compiled
def befall(
    rows: Rows, u: Floats, power: Floats, base: Floats, cap: float, chance: Floats, counts: Whole
) -> int:
    """Let an event happen to the rows whose draw lies below the chance of the month: they come first in ``rows``.

    ``power`` (log of the ratio) and ``base`` (yearly rate) have one value per row, or one for all; ``chance`` is
    filled with the capped chances, unless it is empty. Without draws nobody is hit. ``counts`` are chances computed and
    chances cut off at the cap so far: both rise. Return how many were hit.
    """
    count, capped = 0, 0
    for i in range(rows.size):
        ratio = exp(power[i] if power.size > 1 else power[0])
        p = -expm1(ratio * (base[i] if base.size > 1 else base[0]) / -MONTHS_PER_YEAR)
        if p > cap:
            p = cap
            capped += 1
        if chance.size:
            chance[i] = p
        if u.size and u[i] < p:
            rows[count] = rows[i]
            count += 1
    counts[0] += rows.size
    counts[1] += capped
    return count


def packed(
    where: tuple[Whole, Whole, Floats, Whole],
    numbers: tuple[float, float, float, float, float],
    held: tuple[int, int, int],
    pieces: tuple[Floats, Floats],
) -> tuple[Whole, Floats]:
    """All that is the same for any rows of an event in two arrays, as each that is handed over costs time.

    Parameters
    ----------
    where
        Roads, steps, numbers and codes of the drivers, as :func:`weigh` takes them.
    numbers
        What centring takes off, the clip, the normaliser, the highest base rate and the cap of chances.
    held
        Kind and begin of the column on which the base rate depends, and 1 if it holds a month since which; a kind below
        zero if it depends on none.
    pieces
        Lower bounds of the pieces of the base rate but the first, and the rate of each.
    """
    (roads, steps, drivers, codes), (edges, rates) = where, pieces
    head = np.array((len(steps), codes.size, edges.size, *held), np.int64)
    return (
        np.concatenate((head, roads, steps.ravel(), codes)),
        np.concatenate((np.array(numbers), drivers.ravel(), edges, rates)),
    )


# fmt: off
@compiled
def strike(
    rows: Rows, u: Floats, own: Memory, first: Memory, second: Memory, third: Memory, whole: Whole, numbers: Floats,
    each: Floats, lever: Floats, shift: float, offset: Floats, month: int, chance: Floats, counts: Whole,
) -> int:
    # fmt: on
    """Do :func:`weigh` and then :func:`befall`, with what levers, an offset and a base rate in steps add to it.

    Parameters
    ----------
    whole, numbers
        What :func:`packed` makes of an event.
    each
        Yearly rate of each of ``rows``, or empty where the event knows it.
    lever, shift, offset
        Logs of further ratios: of every row of the table, one for all, and of each of ``rows``; the first and the last
        may be empty.
    counts
        As for :func:`befall`.
    """
    power, steps, coded = np.empty(rows.size), whole[_STEPS], whole[_CODES]
    constant, clip, c = numbers[_CONSTANT], numbers[_CLIP], numbers[_C]
    held = HEAD + SLOTS + steps * len(STEP)
    rest = FIRST + 2 * steps
    if steps:
        weigh(
            rows, own, first, second, third, whole[HEAD : HEAD + SLOTS],
            whole[HEAD + SLOTS : held].reshape(steps, len(STEP)), numbers[FIRST:rest].reshape(steps, 2),
            whole[held : held + coded], constant, clip, c, power,
        )  # fmt: skip
    else:
        power[:] = min(max(-constant, -clip), clip) - c
    for i in range(rows.size if lever.size else 0):
        power[i] += lever[rows[i]]
    for i in range(rows.size):
        power[i] += offset[i] if offset.size else shift
    base = each
    if each.size == 0:
        edges = numbers[rest : rest + whole[_EDGES]]
        base = numbers[rest + whole[_EDGES] :]
        if whole[_HELD] >= 0:
            rates = base
            base = np.empty(rows.size)
            _rates(rows, own, whole[_HELD:HEAD], month, edges, rates, base)
    return befall(rows, u, power, base, numbers[_CAP], chance, counts)


# fmt: off
@compiled
def happen(
    rows: Rows, month: int, hit: Rows, shift: float, offset: Floats, lever: Floats, power: float, uid: Uids, key: Uids,
    own: Memory, first: Memory, second: Memory, third: Memory, whole: Whole, numbers: Floats, counts: Whole,
) -> int:
    # fmt: on
    """Draw for ``rows``, look closer at those who can come at all, and fill ``hit`` with those to whom it happens.

    Parameters
    ----------
    offset
        As :func:`strike` takes it, for each of ``rows`` or empty.
    power
        Highest log of what drivers and levers make of the base rate of anybody.
    uid, key
        Identities of the whole table, and both halves of the key of the draws.
    counts
        Chances computed and chances cut off at the cap so far: both rise.

    Returns
    -------
    int
        How many were hit.
    """
    most = offset.max() if offset.size else shift
    highest = -expm1(-numbers[_BASE] * exp(power + most) / MONTHS_PER_YEAR) * (1 + ROUNDING)
    places, u = np.empty(rows.size, np.int32), np.empty(rows.size)
    asked = _near(uid, rows, key, min(highest, 1.0), places, u)
    if asked == 0:
        return 0
    theirs = offset
    if offset.size:
        theirs = np.empty(asked)
    for k in range(asked):
        hit[k] = rows[places[k]]
        if offset.size:
            theirs[k] = offset[places[k]]
    nothing = u[:0]
    return strike(
        hit[:asked], u[:asked], own, first, second, third, whole, numbers, nothing, lever, shift, theirs, month,
        nothing, counts,
    )  # fmt: skip
