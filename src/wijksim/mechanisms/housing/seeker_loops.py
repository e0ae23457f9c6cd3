"""Who enters the queue for corporation dwellings and who leaves it: compiled passes over seekers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.state.codes import Tenure

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Whole = NDArray[np.int64]
type Floats = NDArray[np.float64]

_NEWCOMER, _HOUSEHOLD, _RESIDENT = (int(kind) for kind in SeekerKind)
_CORPORATION = int(Tenure.CORPORATION)


@compiled
def enter(
    rows: Rows,
    homes: Rows,
    people: Rows,
    near: Bools,
    since: tuple[int, int, int],
    households: tuple[Any, ...],
    residents: tuple[Any, ...],
    seekers: tuple[Any, ...],
    registered: Whole,
) -> None:
    """Write households and then residents of the districts into the queue, and the months their registration counts.

    Parameters
    ----------
    near
        Who looks in the own district alone.
    since
        This month, the month before which no household has registered, and the months of life after which people do.
    households, residents
        Head, month moved in, district, fifth, income, adults and need; household, month of birth and contribution.
    seekers
        Kind, household, resident, scope, support, contributor, fifth, income and persons.
    """
    head, moved_in, district, home_fifth, means, adults, needy = households
    lives_in, birth, contributes = residents
    kind, household, resident, scope, support, contributor, fifth, income, persons = seekers
    month, longest, adult_from = since
    for i in range(rows.size):
        row = rows[i]
        if i < homes.size:
            kind[row], household[row], person = _HOUSEHOLD, homes[i], head[homes[i]]
            registered[i] = max(moved_in[homes[i]], longest)
        else:
            person = people[i - homes.size]
            kind[row], resident[row] = _RESIDENT, person
            registered[i] = min(birth[person] + adult_from, month)
        home = lives_in[person]
        scope[row] = district[home] if near[i] else -1
        support[row], contributor[row] = needy[home], contributes[person]
        fifth[row], income[row] = home_fifth[home], means[home] / max(adults[home], 1)
        persons[row] = 1


@compiled
def give_up(
    own: Rows,
    tired: Rows,
    kind: Codes,
    references: tuple[Rows, Rows],
    wishes: tuple[Bools, Codes, Codes],
    out: Rows,
) -> int:
    """List who leaves the queue, ascending; return how many.

    That is who no longer looks for a corporation dwelling, and who is tired of waiting: newcomers, and households,
    which then want to move no more. Residents who must leave home go on.

    Parameters
    ----------
    own, tired
        Seekers from the districts, and seekers who tire.
    references
        Household and resident of seekers.
    wishes
        Wish to move and tenure looked for of households, and tenure looked for of residents.
    """
    household, resident = references
    move_wish, sought, home_sought = wishes
    leaves = np.zeros(kind.size, np.bool_)
    for row in own:
        if kind[row] == _HOUSEHOLD:
            home = household[row]
            leaves[row] = home < 0 or not move_wish[home] or sought[home] != _CORPORATION
        elif kind[row] == _RESIDENT:
            leaves[row] = resident[row] < 0 or home_sought[resident[row]] != _CORPORATION
    for row in tired:
        if kind[row] == _HOUSEHOLD and household[row] >= 0:
            move_wish[household[row]], sought[household[row]] = False, -1
        if kind[row] != _RESIDENT:
            leaves[row] = True
    count = 0
    for row in range(leaves.size):
        if leaves[row]:
            out[count] = row
            count += 1
    return count


@compiled
def sort_out(
    left: Rows,
    came: Rows,
    seekers: tuple[Codes, Codes, Floats, Rows],
    gone: Bools,
    local: tuple[Rows, Rows],
    own: tuple[Rows, Rows],
    everywhere: tuple[Rows, Floats],
) -> tuple[int, int, int]:
    """Mark who has left the queue and tell those who came apart.

    Parameters
    ----------
    seekers
        Kind, category, place on the ring and scope.
    gone
        Filled in, where it is not set yet: who has left.
    local, own
        Who looks in the own district alone, and who is of the districts, as they stand and as they are then.
    everywhere
        Filled in: those who came and look everywhere, and their places; return the lengths of the three.
    """
    kind, category, ring, scope = seekers
    for row in left:
        gone[row] = True
    n_local, n_own, n_new = 0, 0, 0
    for row in local[0]:
        if not gone[row]:
            local[1][n_local] = row
            n_local += 1
    for row in own[0]:
        if not gone[row]:
            own[1][n_own] = row
            n_own += 1
    for row in came:
        if kind[row] != _NEWCOMER:
            own[1][n_own] = row
            n_own += 1
        if scope[row] >= 0:
            local[1][n_local] = row
            n_local += 1
        else:
            everywhere[0][n_new], everywhere[1][n_new] = row, category[row] + ring[row]
            n_new += 1
    return n_local, n_own, n_new
