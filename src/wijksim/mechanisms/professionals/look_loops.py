"""Compiled look round at the start of a month: hours there are, need without help, and crises that began."""

from __future__ import annotations

from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.mixing import derived
from wijksim.mechanisms.professionals.columns import CARETAKER, NO_CASE, POLICE_OFFICER
from wijksim.state.roles import CrisisKind
from wijksim.state.structure import ADULT_AGE

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Whole = NDArray[np.int64]
type Uids = NDArray[np.uint64]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int32]
type Worth = tuple[float, float, float, float]
type Kinds = tuple[float, float, float, float, float]
type Happened = tuple[Whole, Floats, Uids, Kinds]

_BLOCK = 2**6
LINES = len(("row", "uid", "kind"))
LISTS = len(("in need", "told", "letters"))
_KINDS = len(CrisisKind)
_CONFUSED, _YOUTH = int(CrisisKind.CONFUSED), int(CrisisKind.YOUTH)
_VIOLENCE, _EVICTION, _DEBT = int(CrisisKind.VIOLENCE), int(CrisisKind.EVICTION), int(CrisisKind.DEBT)


@compiled
def net_hours(
    posts: Rows, worths: Worth, worth: Floats, extra: Floats, formation: Floats, month: int, whole: Floats,
    caretakers: Floats, role: Codes, district: Rows, fte: Floats, since: Months, sick: Flags, vacant: Flags,
) -> None:  # fmt: skip
    """Fill in hours by role and district, of ``posts`` that are held and ``extra`` ones, if any; and caretakers.

    ``worths`` are hours of one fte, months of training in and what they are worth, and the part of the time of the
    police in the own area; ``worth`` is a factor per entry of ``posts``, if it is given at all. Caretakers are those at
    work per district over the standing ``formation``, with a zero at the end.
    """
    full_time, months, productivity, police_share = worths
    settled, districts = floor(month - months), formation.shape[2]
    whole[:], caretakers[:] = 0.0, 0.0
    for i in range(posts.size):
        post = posts[i]
        hours = fte[post] * full_time
        if since[post] > settled:
            hours *= productivity
        if role[post] == POLICE_OFFICER:
            hours *= police_share
        if worth.size:
            hours *= worth[i]
        there = not (sick[post] or vacant[post])
        whole[role[post], district[post]] += hours if there else 0.0
        if there and role[post] == CARETAKER:
            caretakers[district[post]] += fte[post]
    for k in range(whole.shape[0]):
        for d in range(districts):
            whole[k, d] = max(whole[k, d] + (extra[k, d] if extra.size else 0.0), 0.0)
    for d in range(districts):
        usual = 0.0
        for employer in range(formation.shape[1]):
            usual += formation[CARETAKER, employer, d]
        caretakers[d] = caretakers[d] / usual if usual > 0 else 0.0


@compiled
def noticed(
    least: Amounts, trust: Amounts, need: Amounts, case: Codes, alive: Flags, age: Months, crises: Codes,
    early: Flags, head: Rows, lists: Rows,
) -> tuple[int, int, int, float]:  # fmt: skip
    """List those without help: adults in need, residents in crisis, heads of households with an early signal.

    Need counts from ``least``, one for all or per resident. Return how many each list holds, and the highest trust of
    those in need. One place more than there are residents is written in.
    """
    rows, told, letters, n, m = lists[0], lists[1], lists[2], 0, 0
    number, each = np.uint32(0), np.uint32(least.size > 1)
    for i in range(np.uint32(need.size)):
        # overwritten by the next unless there is need: no branch that could be guessed wrong
        rows[number] = i
        number += np.uint32(need[i] >= least[i * each])
    for i in range(number):
        row = rows[i]
        if case[row] == NO_CASE and alive[row] and age[row] >= ADULT_AGE:
            rows[n] = row
            n += 1
    for start in range(0, crises.size, _BLOCK):
        # crises are rare: most blocks are done with in a few instructions
        part, anything = crises[start : start + _BLOCK], False
        for i in range(part.size):
            anything |= part[i] != 0
        if anything:
            for i in range(part.size):
                if part[i] > 0 and case[start + i] == NO_CASE:
                    told[m] = start + i
                    m += 1
    k = 0
    for home in range(head.size):
        if early[home] and head[home] >= 0 and case[head[home]] == NO_CASE:
            letters[k] = head[home]
            k += 1
    highest = np.float32(0)
    for i in range(n):
        highest = max(highest, trust[rows[i]])
    return n, m, k, float(highest)


@inlined
def _count(column: NDArray[Any]) -> int:
    """Rows where a column is not zero."""
    number = 0
    for i in range(column.size):
        number += column[i] != 0
    return number


@inlined
def _add(column: NDArray[Any], code: int, row: Rows, kind: Codes, count: Floats, n: int) -> int:
    """Add an entry for every row where a column is not zero to the first ``n``, and return how many there are then."""
    for start in range(0, column.size, _BLOCK):
        # crises are rare: most blocks are done with in a few instructions
        part, anything = column[start : start + _BLOCK], False
        for i in range(part.size):
            anything |= part[i] != 0
        if anything:
            for i in range(part.size):
                if part[i] != 0:
                    row[n], kind[n], count[n] = start + i, code, part[i]
                    n += 1
    return n


@compiled
def happened(
    crises: Codes, youth: Flags, violence: Codes, eviction: Flags, debt: Flags, head: Rows, holder: Uids,
    into: Whole, counts: Floats, who: Uids, namespace: Uids,
) -> tuple[int, Kinds]:  # fmt: skip
    """Write crises by column and row; return how many entries these are, and how many crises of each kind.

    ``into`` begins with their numbers (see ``crises.Work``), line by line, ``counts`` says how many each entry is,
    and ``who`` which it is: what :func:`wijksim.core.rng.derive_uid` makes of whom it concerns and the kind, in a
    ``namespace``. The last three columns are of households: what befalls a household concerns its head.
    """
    most = _count(crises) + _count(youth) + _count(violence) + _count(eviction) + _count(debt)
    row, kind, count = np.empty(most, np.int32), np.empty(most, np.int8), np.empty(most)
    n = _add(crises, _CONFUSED, row, kind, count, 0)
    n = own = _add(youth, _YOUTH, row, kind, count, n)
    n = _add(violence, _VIOLENCE, row, kind, count, n)
    n = _add(eviction, _EVICTION, row, kind, count, n)
    n = _add(debt, _DEBT, row, kind, count, n)
    kept = own
    for i in range(own, n):
        row[kept], kind[kept], count[kept] = head[row[i]], kind[i], count[i]
        kept += row[kept] >= 0
    numbers, of_kind = into[: LINES * kept].reshape(LINES, kept), np.zeros(_KINDS)
    for i in range(kept):
        numbers[0, i], numbers[1, i], numbers[2, i] = row[i], np.int64(holder[row[i]]), kind[i]
        of_kind[kind[i]] += count[i]
        counts[i] = count[i]
    derived(numbers[1].view(np.uint64), numbers[2].view(np.uint64), namespace, 1, who[:kept])
    return kept, (of_kind[0], of_kind[1], of_kind[2], of_kind[3], of_kind[4])


@compiled
def look(
    posts: Rows, worths: Worth, worth: Floats, extra: Floats, formation: Floats, month: int, whole: Floats,
    caretakers: Floats, least: Amounts, trust: Amounts, role: Codes, post_in: Rows, fte: Floats, since: Months,
    sick: Flags, vacant: Flags, need: Amounts, case: Codes, alive: Flags, age: Months, crises: Codes, youth: Flags,
    holder: Uids, early: Flags, head: Rows, violence: Codes, eviction: Flags, debt: Flags, lists: Rows, numbers: Whole,
    counts: Floats, who: Uids, namespace: Uids,
) -> tuple[tuple[int, int, int, float], tuple[int, Kinds]]:  # fmt: skip
    """Do :func:`net_hours`, :func:`noticed` and :func:`happened`."""
    net_hours(
        posts, worths, worth, extra, formation, month, whole, caretakers, role, post_in, fte, since, sick, vacant,
    )  # fmt: skip
    return (
        noticed(least, trust, need, case, alive, age, crises, early, head, lists),
        happened(crises, youth, violence, eviction, debt, head, holder, numbers, counts, who, namespace),
    )
