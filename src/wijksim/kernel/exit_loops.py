"""Compiled passes over all residents: who goes, who changes activity, and references to those who went."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.state.codes import Fate

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]
type Whole = NDArray[np.int64]

_DIED = int(Fate.DIED)


@inlined
def _write(rows: Rows, end: int, posts: Whole, first: int, last: int, codes: Codes) -> int:
    """Write the code of each post from the first on, before the last, to its rows: the last of them end at ``end``.

    Death goes before all, otherwise the post named first. Return where the rows begin.
    """
    i = end
    for post in range(last - 1, first - 1, -1):
        for _ in range(posts[0, post]):
            i -= 1
            if codes[rows[i]] != _DIED:
                codes[rows[i]] = posts[1, post]
    return i


# fmt: off
@compiled
def leavers(
    named: Rows, posts: Whole, own: int, size: int, rows: Rows, fates: Codes, alive: Bools, household: Rows,
) -> int:
    # fmt: on
    """Fill ``rows`` and ``fates``, ascending, with the living who go their own way or that of their household.

    The own way comes before that of the household, death before others, and otherwise the one named first; return how
    many go.

    Parameters
    ----------
    named, posts
        Who goes, and how many of them one after another go which way, shape ``(2, n)``.
    own, size
        How many posts name residents; the others name households, of which there are so many.
    """
    alone, along = np.full(alive.size, -1, np.int8), np.full(size + 1, -1, np.int8)
    begin = _write(named, named.size, posts, own, posts.shape[1], along)
    _write(named, begin, posts, 0, own, alone)
    count = 0
    for row in range(np.uint32(alive.size)):
        other = along[np.uint32(max(household[row], 0))]  # the dead are in none, and do not count
        if max(alone[row], other) >= 0 and alive[row]:
            rows[count] = row
            fates[count] = alone[row] if alone[row] >= 0 else other
            count += 1
    return count


# fmt: off
@compiled
def part(
    rows: Rows, names: Uids, places: Rows, months: Months, origins: Codes, gone: Bools, references: tuple[Rows, ...],
    uid: Uids, district: Rows, age: Months, arrived: Months, origin: Codes, household: Rows, of_home: Uids,
) -> None:
    # fmt: on
    """Write down who goes, and let everybody forget them.

    Parameters
    ----------
    names, places, months, origins
        Of each of ``rows``: its uid and that of its household, district and household, age and arrival, shape
        ``(2, n)``, and origin.
    gone, references
        As :func:`forget` takes them, nobody gone yet.
    of_home
        Uid of households; the columns before it are those of residents.
    """
    for i in range(rows.size):
        row = rows[i]
        gone[row] = True
        names[0, i], names[1, i] = uid[row], of_home[household[row]]
        places[0, i], places[1, i] = district[row], household[row]
        months[0, i], months[1, i] = age[row], arrived[row]
        origins[i] = origin[row]
    forget(references, gone)


@compiled
def forget(references: tuple[Rows, ...], gone: Bools) -> None:
    """Set references to rows that are gone to -1; -1 looks at the spare last place, which is never gone."""
    last = np.uint32(gone.size - 1)
    for column in references:
        for row in range(np.uint32(column.size)):
            if gone[min(np.uint32(column[row]), last)]:  # -1 is the highest of all without a sign
                column[row] = -1


# fmt: off
@compiled
def vacate(
    homes: Rows, month: int, emptied: Rows, dwelling: Rows, household: Rows, vacant_since: Months,
) -> int:
    # fmt: on
    """Let the dwellings in which ``homes`` live fall vacant; fill ``emptied`` with them, return how many."""
    count = 0
    for i in range(homes.size):
        place = dwelling[homes[i]]
        if place >= 0:
            household[place] = -1
            vacant_since[place] = month
            emptied[count] = place
            count += 1
    return count


# fmt: off
@compiled
def dissolve(
    homes: Rows, month: int, emptied: Rows, size: int, references: tuple[Rows, ...], dwelling: Rows, household: Rows,
    vacant_since: Months,
) -> int:
    # fmt: on
    """Do :func:`vacate` for ``homes`` that are no more, and let everybody forget them; there are ``size`` in all."""
    gone = np.zeros(size + 1, np.bool_)
    for i in range(homes.size):
        gone[homes[i]] = True
    forget(references, gone)
    return vacate(homes, month, emptied, dwelling, household, vacant_since)


# fmt: off
@compiled
def become(
    residents: Rows, posts: Whole, rank: Codes, month: int, changed: Rows, names: Uids, before: Codes, after: Codes,
    alive: Bools, activity: Codes, since: Months, uid: Uids,
) -> int:
    # fmt: on
    """Write the wanted activities, of several that of the highest rank; return how many change by it.

    Parameters
    ----------
    posts, rank
        How many of ``residents`` want which activity, one after another, shape ``(2, n)``; rank by activity.
    changed, names, before, after
        Filled with who changes, ascending: rows, uids and activities.
    """
    unasked = -1
    was = np.full(activity.size, unasked, np.int8)
    i = 0
    for post in range(posts.shape[1]):
        for _ in range(posts[0, post]):
            row = residents[i]
            i += 1
            if not alive[row]:
                continue
            first = was[row] == unasked
            if first:
                was[row] = activity[row]
            if first or rank[posts[1, post]] > rank[activity[row]]:
                activity[row] = posts[1, post]
    count = 0
    for row in range(was.size):
        if was[row] != unasked and was[row] != activity[row]:
            since[row] = month
            changed[count], names[count] = row, uid[row]
            before[count], after[count] = was[row], activity[row]
            count += 1
    return count


@compiled
def educate(residents: Rows, posts: Whole, alive: Bools, education: Codes) -> None:
    """Let the living reach a level, which is never lost; ``posts`` are as :func:`become` takes them."""
    i = 0
    for post in range(posts.shape[1]):
        for _ in range(posts[0, post]):
            row = residents[i]
            i += 1
            if alive[row]:
                education[row] = max(education[row], posts[1, post])
