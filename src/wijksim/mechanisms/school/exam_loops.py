"""Compiled: what comes after a diploma, and who leaves education."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.mixing import luck_of
from wijksim.mechanisms.school.codes import (
    BASIC,
    ENTRY,
    HAVO,
    HIGHER,
    LEVEL,
    PRIMARY,
    THEORETICAL,
    VOCATIONAL,
    VWO,
    Track,
)
from wijksim.state.codes import Education

type Rows = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Floats = NDArray[np.float64]
type Uids = NDArray[np.uint64]

_LEVEL = tuple(map(int, LEVEL))  # that goes with the diploma of each track
_FOLLOWING = tuple(
    VOCATIONAL if track in (BASIC, THEORETICAL, ENTRY) else HIGHER for track in map(int, Track)
)
# who reaches each level, by code; who stops after the diploma, grown-up and younger; others who leave, the same
STOPS = len(Education)
GOES = STOPS + len(("grown", "younger"))
LISTS = GOES + len(("grown", "younger"))


@inlined
def _leave(
    row: np.int32, grown: bool, class_year: Codes, school: Rows, lists: Rows, counts: Rows, first: int
) -> None:
    """Take somebody out of education: to the list ``first`` of those who are grown, or to the next."""
    class_year[row] = -1
    school[row] = -1
    where = first if grown else first + 1
    lists[where, counts[where]] = row
    counts[where] += 1


@inlined
def _merged(first: Rows, second: Rows, third: Rows, out: Rows) -> None:
    """Fill ``out`` with all three, each ascending, in ascending order."""
    a, b, c = 0, 0, 0
    for k in range(out.size):
        if (
            a < first.size
            and (b == second.size or first[a] <= second[b])
            and (c == third.size or first[a] <= third[c])
        ):
            out[k] = first[a]
            a += 1
        elif b < second.size and (c == third.size or second[b] <= third[c]):
            out[k] = second[b]
            b += 1
        else:
            out[k] = third[c]
            c += 1


# fmt: off
@compiled
def promoted(
    rows: Rows, luck: Floats, repeats: tuple[float, float], entry_limit: float, length: Floats, advice: Codes,
    achievement: NDArray[np.float32], track: Codes, class_year: Codes, school: Rows, passed: Rows,
) -> int:
    # fmt: on
    """Move those of ``rows`` who are in a class one up; fill ``passed`` with who is past the last, return how many.

    Parameters
    ----------
    luck, repeats
        Of each of ``rows``, and below which pupils of primary and of secondary schools stay where they are.
    length
        Classes by track. After those of the primary school comes the track that was advised.
    entry_limit
        Achievement below which pupils of the lowest track finish without a diploma and go to mbo-1.
    """
    count = 0
    for i in range(rows.size):
        row = rows[i]
        where = track[row]
        stays = luck[i] < (repeats[0] if where == PRIMARY else repeats[1]) and where <= VWO
        if class_year[row] < 0 or stays:
            continue
        class_year[row] += 1
        if class_year[row] < length[where]:
            continue
        weak = where == BASIC and achievement[row] < np.float32(entry_limit)
        if where == PRIMARY or weak:
            track[row] = ENTRY if weak else max(advice[row], BASIC)
            class_year[row] = 0
            school[row] = -1
        else:
            passed[count] = row
            count += 1
    return count


# fmt: off
@compiled
def after_exam(
    passed: Rows, gone: Rows, old: Rows, key: Uids, lists: Rows, counts: Rows, onward: Floats, havo_share: float,
    havo_class: int, leaving_age: int, uid: Uids, age: Months, track: Codes, class_year: Codes, school: Rows,
) -> None:
    # fmt: on
    """Send who ``passed`` on to further education or to work, and take out of education who leaves.

    Parameters
    ----------
    gone, old
        Who leaves without a diploma, and who is too old to go on; all lists of rows are ascending.
    key, onward, uid
        Of each who passed, a draw under the key says whether to go on: below the share of the track.
    lists, counts
        Filled with who reaches each level, and from :data:`STOPS` and :data:`GOES` on with who leaves education after
        the diploma and otherwise. Counts are zero at first.
    havo_share, havo_class
        Share of the lowest part of vmbo-gt that goes on to havo, and the class there.
    """
    done, number = np.empty(passed.size, np.int32), 0
    for i in range(passed.size):
        row = passed[i]
        where, luck = track[row], luck_of(uid, key, row)
        reached = _LEVEL[where]
        lists[reached, counts[reached]] = row
        counts[reached] += 1
        if where == HIGHER:
            done[number] = row
            number += 1
        elif luck < onward[where]:
            to_havo = where == THEORETICAL and luck < havo_share
            track[row] = HAVO if to_havo else _FOLLOWING[where]
            class_year[row] = havo_class if to_havo else 0
            school[row] = -1
        else:
            _leave(row, age[row] >= leaving_age, class_year, school, lists, counts, STOPS)
    leaving = np.empty(gone.size + old.size + number, np.int32)
    _merged(gone, old, done[:number], leaving)
    for row in leaving:
        if class_year[row] >= 0:  # once, whoever is in several lists
            _leave(row, age[row] >= leaving_age, class_year, school, lists, counts, GOES)
