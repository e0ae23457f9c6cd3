"""Compiled steps of events that are decided together: drivers with a weight per event, chances, and who is struck."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
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
def exponents(power: Sums, constants: Sums, references: Floats, of: Places, clip: float, out: Floats) -> None:
    """Centre the sums of drivers, keep them within the clip and take off the normaliser of each event."""
    for i in range(power.size):
        exponent = np.float64(power[i] - constants[of[i]])
        out[i] = min(max(exponent, -clip), clip) - references[of[i]]


@compiled
def summed(
    rows: Rows,
    own: Memory,
    other: Memory,
    road: int,
    steps: NDArray[np.int64],
    nobody: Floats,
    codes: NDArray[np.int64],
    weights: Sums,
    of: Places,
    constants: Sums,
    references: Floats,
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
    exponents(power, constants, references, of, clip, out)


@compiled
def hazards(ratio: Floats, rates: Floats, of: Places, parts: float) -> None:
    """Turn ratios into minus the hazard of one of so many ``parts`` of a year, in place."""
    for i in range(ratio.size):
        ratio[i] = ratio[i] * rates[of[i]] / -parts


@compiled
def cut(lacking: Floats, cap: float, of: Places, events: int) -> Places:
    """Cut chances, of which ``lacking`` is the negative, off at the cap; return how many were, by event."""
    capped = np.zeros(events, np.intp)
    for i in range(lacking.size):
        if -lacking[i] > cap:
            lacking[i] = -cap
            capped[of[i]] += 1
    return capped


@compiled
def struck(
    rows: Rows, u: Floats, lacking: Floats, cap: float, of: Places, events: int
) -> tuple[Rows, Places]:
    """Rows whose draw lies below their chance, of which ``lacking`` is the negative, cut off at the cap.

    Also returned, by event: how many were struck, and how many chances were cut off.
    """
    hits, numbers, n = np.empty(rows.size, np.int32), np.zeros((2, events), np.intp), 0
    for i in range(rows.size):
        numbers[1, of[i]] += -lacking[i] > cap
        if u[i] < min(-lacking[i], cap):
            hits[n] = rows[i]
            n += 1
            numbers[0, of[i]] += 1
    return hits, numbers


@compiled
def with_memory(rows: Rows, u: Floats, bound: float, push: float, memory: Sums) -> int:
    """Keep in front those of ``rows`` whose draw lies below the bound and what memory adds to it; return how many."""
    count = 0
    for i in range(rows.size):
        if u[i] < bound + np.float64(np.float32(push) * memory[rows[i]]):
            rows[count], u[count] = rows[i], u[i]
            count += 1
    return count


@compiled
def push(staying: Floats, rows: Rows, excitation: float, memory: Sums) -> None:
    """Take the hazard that memory adds off the log of the chance of staying as one is."""
    for i in range(rows.size):
        staying[i] -= np.float64(np.float32(excitation) * memory[rows[i]])


@compiled
def keep_free(rows: Rows, u: Floats, age: Ages, one: Flags, other: Flags) -> int:
    """Keep in front those of ``rows`` who are adults and have neither of two problems; return how many."""
    count = 0
    for i in range(rows.size):
        row = rows[i]
        if age[row] >= ADULT_AGE and not (one[row] or other[row]):
            rows[count], u[count] = row, u[i]
            count += 1
    return count


@compiled
def at_risk(
    psychiatric: Flags, unstable: Flags, addicted: Flags, past: Flags, age: Ages
) -> tuple[Rows, Rows, Rows, Rows]:
    """Adults with severe psychiatric problems in a relapse, the others, addicts, and those who had stopped."""
    size = age.size + 1
    first, second = np.empty(size, np.int32), np.empty(size, np.int32)
    third, fourth = np.empty(size, np.int32), np.empty(size, np.int32)
    a, b, c, d = np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(0)
    for i in range(np.uint32(age.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        first[a] = second[b] = third[c] = fourth[d] = i
        grown = age[i] >= ADULT_AGE
        a += np.uint32(grown & psychiatric[i] & unstable[i])
        b += np.uint32(grown & psychiatric[i] & (not unstable[i]))
        c += np.uint32(grown & addicted[i])
        d += np.uint32(grown & past[i])
    return first[:a].copy(), second[:b].copy(), third[:c].copy(), fourth[:d].copy()


# fmt: off
@compiled
def in_crisis(
    psychiatric: Flags, unstable: Flags, alive: Flags, age: Ages, low: int, high: int, kept: np.float32,
    memory: Sums, crises: NDArray[np.int8], youth_crisis: Flags, admitted: Flags,
) -> tuple[Rows, Rows, Rows]:
    # fmt: on
    """Adults with severe psychiatric problems, those in a relapse, and who is of an age between the bounds.

    Memories of crises fade, and nobody is in one yet.
    """
    crises[:] = 0
    youth_crisis[:] = False
    admitted[:] = False
    for i in range(memory.size):
        memory[i] *= kept
    size = age.size + 1
    first, second, third = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int32)
    a, b, c = np.uint32(0), np.uint32(0), np.uint32(0)
    for i in range(np.uint32(age.size)):
        first[a] = second[b] = third[c] = i  # as above
        a += np.uint32((age[i] >= ADULT_AGE) & psychiatric[i])
        b += np.uint32((age[i] >= ADULT_AGE) & unstable[i])
        c += np.uint32(alive[i] & (low <= age[i]) & (age[i] <= high))
    return first[:a].copy(), second[:b].copy(), third[:c].copy()
