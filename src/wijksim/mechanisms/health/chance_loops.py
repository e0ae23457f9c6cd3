"""Compiled steps of events that are decided together: drivers with a weight per event, chances, and who is struck."""

from __future__ import annotations

from math import exp, expm1, log1p
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.structure import ADULT_AGE

type Rows = NDArray[np.int32]
type Memory = NDArray[np.uint8]
type Places = NDArray[np.intp]
type Sums = NDArray[np.float32]
type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Ages = NDArray[np.int16]

_TYPES: Final = ("|u1", "|i1", "<i2", "<f4")
_U1, _I1, _I2, _F4 = range(len(_TYPES))
KINDS: Final = {
    "|b1": _U1,
    **{name: kind for kind, name in enumerate(_TYPES)},
}  # of columns that single precision holds
_COUNTS: Final = len(("asked", "struck", "capped"))
EACH: Final = ("rate", "push", "constant", "reference")  # what the numbers of an event say
_RATE, _PUSH, _CONSTANT, _REFERENCE = range(len(EACH))
STEP: Final = ("kind", "begin", "away", "code", "codes_end")  # what the numbers of a driver say


@compiled
def _take(column: NDArray[Any], link: Rows, nobody: float, out: Sums) -> None:
    for i in range(link.size):
        out[i] = np.float32(nobody) if link[i] < 0 else np.float32(column[np.uint32(link[i])])


@compiled
def _read(memory: Memory, kind: int, start: int, link: Rows, nobody: float, out: Sums) -> None:
    if kind == _U1:
        _take(memory[start:], link, nobody, out)
    elif kind == _I1:
        _take(memory[start:].view(np.int8), link, nobody, out)
    elif kind == _I2:
        _take(memory[start:].view(np.int16), link, nobody, out)
    else:
        _take(memory[start:].view(np.float32), link, nobody, out)


@compiled
def exponents(power: Sums, each: NDArray[np.float64], of: Places, clip: float, out: Floats) -> None:
    """Centre the sums of drivers, keep them within the clip and take off the normaliser of each event."""
    for i in range(out.size):
        exponent = np.float64(power[i] - np.float32(each[_CONSTANT, of[i]]))
        out[i] = min(max(exponent, -clip), clip) - each[_REFERENCE, of[i]]


@compiled
def summed(
    rows: Rows,
    own: Memory,
    other: Memory,
    road: int,
    steps: NDArray[np.int64],
    nobody: Floats,
    codes: NDArray[np.int64],
    weights: NDArray[np.float32],
    of: Places,
    each: NDArray[np.float64],
    clip: float,
    out: Floats,
) -> None:
    """Fill ``out`` with the drivers of ``rows``, weighed by the event ``of`` each, centred, clipped and normalised.

    Parameters
    ----------
    own, other, road
        Memory of the own table and of one other, and where in the own one the column begins that leads to it.
    steps
        Per driver its kind, where it begins, whether it is of the other table, and its first code and the one after
        the last; shape ``(n, len(STEP))``.
    nobody, weights
        What rows without a link hold, by driver; weights by driver and event.
    """
    held, power = np.empty(rows.size, np.float32), np.zeros(rows.size, np.float32)
    link = rows.copy()
    if other.size:
        leads_to = own[road:].view(np.int32)
        for i in range(rows.size):
            link[i] = leads_to[np.uint32(rows[i])]
    for j in range(steps.shape[0]):
        kind, begin, away, code, end = steps[j]
        _read(other if away else own, kind, begin, link if away else rows, nobody[j], held)
        if code == end:
            for i in range(rows.size):
                power[i] += held[i] * weights[j, of[i]]
            continue
        for i in range(rows.size):
            for k in range(code, end):
                if held[i] == codes[k]:
                    power[i] += weights[j, of[i]]
                    break
    exponents(power, each, of, clip, out)


# fmt: off
@compiled
def _sieved(
    those: tuple[Rows, ...], draws: tuple[Floats, ...], bounds: tuple[float, ...], each: NDArray[np.float64],
    shift: Floats, power: Sums, sieved: int, age: Ages, one: Flags, other: Flags, memory: Sums, rows: Rows, u: Floats,
    of: Places, asked: Places,
) -> int:
    # fmt: on
    """Fill ``rows``, ``u`` and ``of`` with who may be struck at all; count them by event, and return how many.

    For the event ``sieved`` only adults count who have neither of two problems, and for those of which earlier ones
    are remembered a draw below the bound and what memory adds to it.
    """
    n, place = 0, -1
    for event in range(len(those)):
        near, luck, push = those[event], draws[event], np.float32(each[_PUSH, event])
        for i in range(near.size):
            row = near[i]
            place += 1
            if event == sieved and (age[row] < ADULT_AGE or one[row] or other[row]):
                continue
            if memory.size and luck[i] >= bounds[event] + np.float64(push * memory[row]):
                continue
            rows[n], u[n], of[n] = row, luck[i], event
            if shift.size:
                shift[n] = shift[place]
            if power.size:
                power[n] = power[place]
            asked[event] += 1
            n += 1
    return n


@inlined
def _chance(exponent: float, rate: float, push: float, remembered: Any, memorable: bool, cap: float) -> float:
    """Minus the chance of a month, to which memory adds the hazard of what happened earlier."""
    lacking = expm1(exp(exponent) * rate / -MONTHS_PER_YEAR)
    if memorable:
        # the hazards of drivers and of memory add up
        lacking = expm1(log1p(max(lacking, -cap)) - np.float64(np.float32(push) * remembered))
    return lacking


# fmt: off
@compiled
def decided(
    those: tuple[Rows, ...], draws: tuple[Floats, ...], bounds: tuple[float, ...], each: NDArray[np.float64],
    shift: Floats, power: Sums, sieved: int, age: Ages, one: Flags, other: Flags, memory: Sums, own: Memory,
    away: Memory, road: int, steps: NDArray[np.int64], nobody: Floats, codes: NDArray[np.int64],
    weights: NDArray[np.float32], clip: float, cap: float, chances: Floats,
) -> tuple[Rows, Floats, Rows, NDArray[np.intp]]:
    # fmt: on
    """Candidates who count and their draws; who of them is struck; and by event how many count, are struck and capped.

    Candidates and draws are given by event, with the ``bounds`` of draws (see :func:`_sieved`), and what results
    stands event by event. ``chances`` holds those of who counts unless it is empty. What drivers add up to is
    ``power`` if that is given, or else found by :func:`summed`; ``shift`` is a log that levers add, or empty.
    """
    most = 0
    for event in range(len(those)):
        most += those[event].size
    rows, u, of = np.empty(most, np.int32), np.empty(most), np.empty(most, np.intp)
    numbers = np.zeros((_COUNTS, len(those)), np.intp)
    n = _sieved(those, draws, bounds, each, shift, power, sieved, age, one, other, memory, rows, u, of, numbers[0])
    rows, exponent = rows[:n], np.empty(n)
    if power.size:
        exponents(power, each, of, clip, exponent)
    else:
        summed(rows, own, away, road, steps, nobody, codes, weights, of, each, clip, exponent)
    hits, found = np.empty(n, np.int32), 0
    for i in range(n):
        event, row = of[i], rows[i]
        if shift.size:
            exponent[i] += shift[i]
        rate, push = each[_RATE, event], each[_PUSH, event]
        plain = _chance(exponent[i], rate, 0.0, np.float32(0), False, cap)
        chance = -plain
        if memory.size and push > 0:
            chance = -_chance(exponent[i], rate, push, memory[row], True, cap)
        numbers[2, event] += -plain > cap
        chance = min(chance, cap)
        if chances.size:
            chances[i] = chance
        if u[i] < chance:
            hits[found] = row
            numbers[1, event] += 1
            found += 1
    return rows, u, hits, numbers


@compiled
def at_risk(
    psychiatric: Flags, unstable: Flags, addicted: Flags, past: Flags, age: Ages
) -> tuple[Rows, Rows, Rows, Rows]:
    """Adults with severe psychiatric problems in a relapse, the others, addicts, and those who had stopped."""
    found, number = np.empty(age.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(age.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        found[number] = i
        number += np.uint32(psychiatric[i] | addicted[i] | past[i])
    first, second = np.empty(number, np.int32), np.empty(number, np.int32)
    third, fourth = np.empty(number, np.int32), np.empty(number, np.int32)
    a, b, c, d = np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(0)
    for k in range(number):
        row = found[k]
        if age[row] >= ADULT_AGE:
            first[a] = second[b] = third[c] = fourth[d] = row
            a += np.uint32(psychiatric[row] & unstable[row])
            b += np.uint32(psychiatric[row] & (not unstable[row]))
            c += np.uint32(addicted[row])
            d += np.uint32(past[row])
    return first[:a].copy(), second[:b].copy(), third[:c].copy(), fourth[:d].copy()


# fmt: off
@compiled
def in_crisis(
    psychiatric: Flags, unstable: Flags, alive: Flags, age: Ages, low: int, high: int, kept: np.float32,
    memory: Sums, crises: NDArray[np.int8], youth_crisis: Flags, admitted: Flags,
) -> tuple[Rows, Rows, Rows, float]:
    # fmt: on
    """Adults with severe psychiatric problems, those in a relapse, and who is of an age between the bounds.

    Memories of crises fade, and nobody is in one yet; the last is the longest memory.
    """
    crises[:] = 0
    youth_crisis[:] = False
    admitted[:] = False
    for i in range(memory.size):
        memory[i] *= kept
    # bits of numbers that are not negative rise with them, and the highest of whole numbers is found quicker
    bits, longest, most = memory.view(np.int32), np.zeros(1, np.int32), np.int32(0)
    for i in range(bits.size):
        most = max(most, bits[i])
    longest[0] = most
    found, third = np.empty(age.size + 1, np.int32), np.empty(age.size + 1, np.int32)
    number, c = np.uint32(0), np.uint32(0)
    for i in range(np.uint32(age.size)):
        found[number] = third[c] = i  # as above
        number += np.uint32(psychiatric[i] | unstable[i])
        c += np.uint32(alive[i] & (low <= age[i]) & (age[i] <= high))
    first, second, a, b = np.empty(number, np.int32), np.empty(number, np.int32), np.uint32(0), np.uint32(0)
    for k in range(number):
        row = found[k]
        if age[row] >= ADULT_AGE:
            first[a] = second[b] = row
            a += np.uint32(psychiatric[row])
            b += np.uint32(unstable[row])
    return first[:a].copy(), second[:b].copy(), third[:c].copy(), float(longest.view(np.float32)[0])


# fmt: off
@compiled
def reported(
    hit: Rows, more: Rows, month: int, uid: NDArray[np.uint64], crises: NDArray[np.int8], memory: Sums,
    last: NDArray[np.int16],
) -> tuple[NDArray[np.uint64], NDArray[np.int8], Flags]:
    # fmt: on
    """Write down the reports of those ``hit``, two for those of them in ``more``.

    Returns who they are, their reports and whether there was an earlier one within a year.
    """
    who, reports, earlier = np.empty(hit.size, np.uint64), np.empty(hit.size, np.int8), np.empty(hit.size, np.bool_)
    for row in hit:
        crises[row] = 1
    for row in more:
        crises[row] = 2
    for i in range(hit.size):
        row = hit[i]
        who[i], reports[i], earlier[i] = uid[row], crises[row], month - last[row] <= MONTHS_PER_YEAR
        memory[row] += np.float32(crises[row])
        last[row] = month
    return who, reports, earlier
