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
from wijksim.core.units import MONTHS_PER_YEAR

type Rows = NDArray[np.int32]
type Memory = NDArray[np.uint8]
type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]

_TYPES: Final = ("|u1", "|i1", "<i2", "<i4", "<i8", "<f4", "<f8")
_U1, _I1, _I2, _I4, _I8, _F4, _F8 = range(len(_TYPES))
KINDS: Final = {"|b1": _U1, **{name: kind for kind, name in enumerate(_TYPES)}}
SLOTS: Final = len(("own", "first", "second", "third"))  # tables whose memory a sum can read
# what the numbers of a driver say
STEP: Final = ("kind", "begin", "slot", "code", "codes_end", "wide")
_KIND, _BEGIN, _SLOT, _CODE, _CODES_END, _WIDE = range(len(STEP))


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
def befall(rows: Rows, u: Floats, power: Floats, base: Floats, cap: float, chance: Floats) -> tuple[int, int]:
    """Let an event happen to the rows whose draw lies below the chance of the month: they come first in ``rows``.

    ``power`` (log of the ratio) and ``base`` (yearly rate) have one value per row, or one for all; ``chance`` is
    filled with the capped chances, unless it is empty. Without draws nobody is hit. Return how many were hit, and how
    many capped.
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
    return count, capped


# fmt: off
@compiled
def strike(
    rows: Rows, u: Floats,
    own: Memory, first: Memory, second: Memory, third: Memory,
    roads: Whole, steps: Whole, numbers: Floats, codes: Whole, constant: float, clip: float, c: float,
    lever: Floats, offset: Floats,
    held: Whole, month: int, edges: Floats, rates: Floats,
    cap: float, chance: Floats,
) -> tuple[int, int]:
    # fmt: on
    """Do :func:`weigh` and then :func:`befall`, with what levers, an offset and a base rate in steps add to it.

    Parameters
    ----------
    lever, offset
        Logs of further ratios: of every row of the table, and of each of ``rows`` or one for all; may be empty.
    held
        Kind and begin of the column on which the base rate depends, and 1 if it holds a month since which.
    edges, rates
        Lower bounds of the pieces but the first and the rate of each; if ``held`` is empty, rates are those of
        ``rows``, or there is one for all.
    """
    power = np.empty(rows.size)
    if steps.shape[0]:
        weigh(rows, own, first, second, third, roads, steps, numbers, codes, constant, clip, c, power)
    else:
        power[:] = min(max(-constant, -clip), clip) - c
    for i in range(rows.size if lever.size else 0):
        power[i] += lever[rows[i]]
    for i in range(rows.size if offset.size else 0):
        power[i] += offset[i if offset.size > 1 else 0]
    base = rates
    if held.size:
        base = np.empty(rows.size)
        _rates(rows, own, held, month, edges, rates, base)
    return befall(rows, u, power, base, cap, chance)
