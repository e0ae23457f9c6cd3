"""Compiled steps of events that are decided together: who is at risk, drivers, chances, and who is struck."""

from __future__ import annotations

from math import exp, expm1, log1p
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.mixing import below
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.structure import ADULT_AGE

type Rows = NDArray[np.int32]
type Memory = NDArray[np.uint8]
type Places = NDArray[np.intp]
type Sums = NDArray[np.float32]
type Floats = NDArray[np.float64]
type Table = NDArray[np.float64]  # a line per number, a column per event
type Flags = NDArray[np.bool_]
type Ages = NDArray[np.int16]
type Whole = NDArray[np.int64]
type Uids = NDArray[np.uint64]

_TYPES: Final = ("|u1", "|i1", "<i2", "<f4")
_U1, _I1, _I2, _F4 = range(len(_TYPES))
KINDS: Final = {
    "|b1": _U1,
    **{name: kind for kind, name in enumerate(_TYPES)},
}  # of columns that single precision holds
EACH: Final = ("rate", "push", "constant", "reference")  # what the numbers of an event say
_RATE, _PUSH, _CONSTANT, _REFERENCE = range(len(EACH))
# above which chance nobody can come by drivers alone, and the hazard of that where earlier events are remembered
BOUNDS: Final = ("highest", "hazard")
_HIGHEST, _HAZARD = range(len(BOUNDS))
STEP: Final = ("kind", "begin", "away", "code", "codes_end")  # what the numbers of a driver say
# the whole numbers of a group before its steps and codes; columns begin there in the memory of its table, -1 for none
HEAD: Final = ("steps", "road", "sieved", "memory", "age", "one", "other")
_STEPS, _ROAD, _SIEVED, _MEMORY, _AGE, _ONE, _OTHER = range(len(HEAD))
_HEAD: Final = len(HEAD)
LIMITS: Final = ("clip", "cap")  # its numbers before those of events and drivers
_CLIP, _CAP = range(len(LIMITS))
_LIMITS: Final = len(LIMITS)


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
def exponents(power: Sums, each: Table, of: Places, clip: float, out: Floats) -> None:
    """Centre the sums of drivers, keep them within the clip and take off the normaliser of each event."""
    for i in range(out.size):
        exponent = np.float64(power[i] - np.float32(each[_CONSTANT, of[i]]))
        out[i] = min(max(exponent, -clip), clip) - each[_REFERENCE, of[i]]


# fmt: off
@compiled
def _summed(
    rows: Rows, own: Memory, other: Memory, road: int, steps: NDArray[np.int64], codes: Whole, nobody: Floats,
    weights: Table, of: Places,
) -> Sums:
    # fmt: on
    """Add up the drivers of ``rows``, weighed by the event ``of`` each.

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
        for i in range(rows.size):
            weight = np.float32(weights[j, of[i]])
            if code == end:
                power[i] += held[i] * weight
                continue
            for k in range(code, end):
                if held[i] == codes[k]:
                    power[i] += weight
                    break
    return power


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
def strike(
    rows: Rows, u: Floats, of: Places, exponent: Floats, each: Table, memory: Sums, cap: float, chances: Floats,
    hits: Rows, struck: Whole, totals: tuple[Whole, ...],
) -> int:
    # fmt: on
    """Fill ``hits`` with who is struck of ``rows``, that stand event by event, and return how many.

    ``exponent`` is the log of what multiplies the rate; ``chances`` are filled unless they are empty. ``struck`` is how
    many are by event, and to its ``totals`` is added how many chances were computed and cut off.
    """
    found = 0
    struck[:] = 0
    for i in range(rows.size):
        event, row = of[i], rows[i]
        rate, push = each[_RATE, event], each[_PUSH, event]
        plain = _chance(exponent[i], rate, 0.0, np.float32(0), False, cap)
        chance = -plain
        if memory.size and push > 0:
            chance = -_chance(exponent[i], rate, push, memory[row], True, cap)
        totals[event][0] += 1
        totals[event][1] += -plain > cap
        chance = min(chance, cap)
        if chances.size:
            chances[i] = chance
        if u[i] < chance:
            hits[found] = row
            struck[event] += 1
            found += 1
    return found


# fmt: off
@compiled
def _candidates(
    those: tuple[Rows, ...], uid: Uids, keys: tuple[Uids, ...], own: Memory, whole: Whole, each: Table, bounds: Table,
    longest: np.float32, rows: Rows, u: Floats, of: Places,
) -> int:
    # fmt: on
    """Draw for those at risk; fill ``rows``, ``u`` and ``of`` with who may be struck at all, and return how many.

    For the event ``sieved`` only adults count who have neither of two problems, and for those of which earlier ones
    are remembered a draw below the bound and what memory adds to it.
    """
    n, remembered = 0, whole[_MEMORY] >= 0
    memory, age = own[max(whole[_MEMORY], 0) :].view(np.float32), own[max(whole[_AGE], 0) :].view(np.int16)
    one, other = own[max(whole[_ONE], 0) :], own[max(whole[_OTHER], 0) :]
    for event in range(len(those)):
        high, hazard, push = bounds[_HIGHEST, event], bounds[_HAZARD, event], np.float32(each[_PUSH, event])
        if hazard < np.inf:
            high = np.float64(np.float32(hazard) + push * longest)
        end = n + below(uid, those[event], keys[event], high, rows[n:], u[n:])
        for i in range(n, end):
            row = rows[i]
            if event == whole[_SIEVED] and (age[row] < ADULT_AGE or one[row] or other[row]):
                continue
            if remembered and u[i] >= hazard + np.float64(push * memory[row]):
                continue
            rows[n], u[n], of[n] = row, u[i], event
            n += 1
    return n


# fmt: off
@compiled
def happen(
    those: tuple[Rows, ...], longest: float, hits: Rows, bounds: Table, levers: Table, uid: Uids,
    keys: tuple[Uids, ...], own: Memory, away: Memory, whole: Whole, numbers: Floats, struck: Whole,
    totals: tuple[Whole, ...],
) -> int:
    # fmt: on
    """Draw for those at risk of each event and fill ``hits``, event by event, with those to whom it happens.

    Parameters
    ----------
    longest
        The most that anybody remembers.
    bounds, levers
        What :data:`BOUNDS` says of the events, and the log of what levers make of their rates, or empty.
    uid, keys
        Identities of the whole table, and both halves of the key of the draws of each event.
    own, away
        Memory of the table, and of another one from which drivers are read.
    whole, numbers
        What :data:`HEAD` says, steps of the drivers and codes; what :data:`LIMITS` says, numbers of the events, what
        nobody holds and weights of the drivers, as :func:`_summed` takes them.
    struck, totals
        As :func:`strike` fills them. Returned is what it returns.
    """
    events, count, most = len(those), whole[_STEPS], 0
    for rows in those:
        most += rows.size
    coded, held = _HEAD + count * len(STEP), _LIMITS + len(EACH) * events
    each = numbers[_LIMITS:held].reshape(len(EACH), events)
    near, u, of = np.empty(most, np.int32), np.empty(most), np.empty(most, np.intp)
    n = _candidates(those, uid, keys, own, whole, each, bounds, np.float32(longest), near, u, of)
    if n == 0:
        return 0
    near, exponent = near[:n], np.empty(n)
    steps, nobody = whole[_HEAD:coded].reshape(count, len(STEP)), numbers[held : held + count]
    weights = numbers[held + count :].reshape(count, events)
    power = _summed(near, own, away, whole[_ROAD], steps, whole[coded:], nobody, weights, of)
    exponents(power, each, of, numbers[_CLIP], exponent)
    for i in range(n if levers.size else 0):
        exponent[i] += levers[of[i], near[i]]
    memory = own[max(whole[_MEMORY], 0) :].view(np.float32)
    if whole[_MEMORY] < 0:
        memory = memory[:0]
    return strike(near, u, of, exponent, each, memory, numbers[_CAP], u[:0], hits, struck, totals)


@compiled
def at_risk(
    psychiatric: Flags, unstable: Flags, addicted: Flags, past: Flags, age: Ages, lines: NDArray[np.int32]
) -> tuple[int, int, int, int]:
    """Fill ``lines`` with adults with severe psychiatric problems in a relapse, the others, addicts and former ones.

    A line has a place more than there are rows, and one more line is room to work in. Returns how many each has.
    """
    first, second, third, fourth, found = lines[0], lines[1], lines[2], lines[3], lines[4]
    number = np.uint32(0)
    for i in range(np.uint32(age.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        found[number] = i
        number += np.uint32(psychiatric[i] | addicted[i] | past[i])
    a, b, c, d = np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(0)
    for k in range(number):
        row = found[k]
        if age[row] >= ADULT_AGE:
            first[a] = second[b] = third[c] = fourth[d] = row
            a += np.uint32(psychiatric[row] & unstable[row])
            b += np.uint32(psychiatric[row] & (not unstable[row]))
            c += np.uint32(addicted[row])
            d += np.uint32(past[row])
    return int(a), int(b), int(c), int(d)


# fmt: off
@compiled
def in_crisis(
    low: int, high: int, kept: float, psychiatric: Flags, unstable: Flags, alive: Flags, age: Ages, memory: Sums,
    crises: NDArray[np.int8], youth_crisis: Flags, admitted: Flags, lines: NDArray[np.int32],
) -> tuple[int, int, int, float]:
    # fmt: on
    """Fill ``lines`` with adults with severe psychiatric problems, those in a relapse, and who is between two ages.

    Lines are as in :func:`at_risk`. Memories of crises fade, and nobody is in one yet. Returns how many each line has,
    and the longest memory.
    """
    crises[:] = 0
    youth_crisis[:] = False
    admitted[:] = False
    part = np.float32(kept)
    for i in range(memory.size):
        memory[i] *= part
    # bits of numbers that are not negative rise with them, and the highest of whole numbers is found quicker
    bits, longest, most = memory.view(np.int32), np.zeros(1, np.int32), np.int32(0)
    for i in range(bits.size):
        most = max(most, bits[i])
    longest[0] = most
    first, second, third, found = lines[0], lines[1], lines[2], lines[4]
    number, c = np.uint32(0), np.uint32(0)
    for i in range(np.uint32(age.size)):
        found[number] = third[c] = i  # as above
        number += np.uint32(psychiatric[i] | unstable[i])
        c += np.uint32(alive[i] & (low <= age[i]) & (age[i] <= high))
    a, b = np.uint32(0), np.uint32(0)
    for k in range(number):
        row = found[k]
        if age[row] >= ADULT_AGE:
            first[a] = second[b] = row
            a += np.uint32(psychiatric[row])
            b += np.uint32(unstable[row])
    return int(a), int(b), int(c), float(longest.view(np.float32)[0])


# fmt: off
@compiled
def homes(
    kept: float, least: int, alive: Flags, stage: NDArray[np.int8], children: Ages, problem_debt: Flags, memory: Sums,
    seen: NDArray[np.int8], imminent: Flags, violence: NDArray[np.int8], debt_crisis: Flags, lines: NDArray[np.int32],
) -> tuple[int, int, float]:
    # fmt: on
    """Let memories of violence fade, find evictions that became imminent and begin a month without events.

    Fills ``lines``, a place longer than there are rows, with households with children and those in problem debt that
    are not about to be evicted. Returns how many there are, and the longest memory.
    """
    violence[:] = 0
    debt_crisis[:] = False
    longest, part = np.float32(0), np.float32(kept)
    for i in range(alive.size):
        memory[i] *= part
        if memory[i] > longest:
            longest = memory[i]
        imminent[i] = (stage[i] > seen[i]) & (stage[i] >= least)
        seen[i] = stage[i]
    families, indebted = lines[0], lines[1]
    a, b = np.uint32(0), np.uint32(0)
    for i in range(np.uint32(alive.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        families[a] = indebted[b] = i
        a += np.uint32(alive[i] & (children[i] > 0))
        b += np.uint32(alive[i] & problem_debt[i] & (not imminent[i]))
    return int(a), int(b), float(longest)


# fmt: off
@compiled
def troubled(
    low: int, high: int, kept: float, kept_at_home: float, least: int, psychiatric: Flags, unstable: Flags,
    alive: Flags, age: Ages, memory: Sums, crises: NDArray[np.int8], youth_crisis: Flags, admitted: Flags,
    lines: NDArray[np.int32], living: Flags, stage: NDArray[np.int8], children: Ages, problem_debt: Flags,
    home_memory: Sums, seen: NDArray[np.int8], imminent: Flags, violence: NDArray[np.int8], debt_crisis: Flags,
    home_lines: NDArray[np.int32],
) -> tuple[int, int, int, float, int, int, float]:
    # fmt: on
    """Do what :func:`in_crisis` does for residents, and what :func:`homes` does for households."""
    found = in_crisis(
        low, high, kept, psychiatric, unstable, alive, age, memory, crises, youth_crisis, admitted, lines
    )
    at_home = homes(
        kept_at_home, least, living, stage, children, problem_debt, home_memory, seen, imminent, violence, debt_crisis,
        home_lines,
    )  # fmt: skip
    return (*found, *at_home)


# fmt: off
@compiled
def reported(
    hit: Rows, more: Rows, month: int, uid: NDArray[np.uint64], crises: NDArray[np.int8], memory: Sums,
    last: NDArray[np.int16], who: NDArray[np.uint64], reports: NDArray[np.int8], earlier: Flags,
) -> None:
    # fmt: on
    """Write down the reports of those ``hit``, two for those of them in ``more``.

    Fills in who they are, their reports and whether there was an earlier one within a year.
    """
    for row in hit:
        crises[row] = 1
    for row in more:
        crises[row] = 2
    for i in range(hit.size):
        row = hit[i]
        who[i], reports[i], earlier[i] = uid[row], crises[row], month - last[row] <= MONTHS_PER_YEAR
        memory[row] += np.float32(crises[row])
        last[row] = month
