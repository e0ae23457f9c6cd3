"""Which dwellings are on the market and from when, and the luck of a vacancy: compiled passes over dwellings."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.mixing import DERIVED, fraction, identity, luck_of, mixed
from wijksim.state.codes import HousingForm, Tenure, Works

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]
type Uids = NDArray[np.uint64]
type Counts = NDArray[Any]

_CORPORATION, _YOUTH, _SALE = int(Tenure.CORPORATION), int(HousingForm.YOUTH), int(Works.SALE)
_REHOUSING, _CLEARING = int(Works.REHOUSING), int(Works.CLEARING)
_DERIVED, _BELOW_DERIVED = np.uint64(DERIVED), np.uint64(DERIVED - 1)


# fmt: off
@compiled
def look_over(
    dwellings: tuple[Bools, Rows, Months, Months, Uids, Counts], works: Codes, vacated: Uids, keys: tuple[Uids, ...],
    lists: Rows, luck: Floats,
) -> tuple[int, int, int, int]:
    # fmt: on
    """Fill ``lists`` with what matters of dwellings and who lives there; return how many stand in each.

    Dwellings that may be let or sold once they are vacant, and are; those among them of which nobody has decided when
    they come on the market; households whose dwelling is to be pulled down; and those for whom the time is up.

    Parameters
    ----------
    dwellings, works
        Alive, household, month on the market and month vacated, uid and how often it was lived in; and what is done to
        each, none where nobody builds.
    vacated, keys, luck
        Namespace of vacancies, what these draw under, and both draws of each about which nobody has decided.
    """
    alive, household, on_market, vacant_since, uid, occupancies = dwellings
    vacant, undecided, leaving, last = 0, 0, 0, 0
    word = np.empty(1, np.uint64)
    for row in range(alive.size):
        home, doing = household[row], works[row] if works.size else 0
        if home >= 0:
            if doing == _REHOUSING:
                lists[2, leaving] = home
                leaving += 1
            elif doing == _CLEARING:
                lists[3, last] = home
                last += 1
        elif alive[row] and doing < _SALE:
            lists[0, vacant] = row
            vacant += 1
            if on_market[row] < vacant_since[row]:
                lists[1, undecided] = row
                word[0] = identity(uid[row], np.uint64(occupancies[row]), vacated)
                luck[0, undecided], luck[1, undecided] = luck_of(word, keys[0], 0), luck_of(word, keys[1], 0)
                undecided += 1
    return vacant, undecided, leaving, last


# fmt: off
@compiled
def offer(
    vacant: Rows, undecided: Rows, luck: Floats, withheld: tuple[Floats, Floats, float],
    dwellings: tuple[Codes, Codes, Months], on_market: Months, month: int, lists: Rows,
) -> tuple[int, int, int]:
    # fmt: on
    """Decide on dwellings when they come on the market, and list which vacancies are.

    Return how many stand in each of ``lists``: those made for youths, others of the corporation, and the rest.

    Parameters
    ----------
    undecided, luck
        Dwellings to decide on; a draw of each, and how long it is withheld if it is, less than 0 and in parts of the
        usual months.
    withheld
        Share that is withheld and ordinary months by tenure; and the usual months for which it is.
    dwellings
        Form (none where nobody builds), owner and month vacated.
    """
    (share, ordinary, usual), (form, owner, vacant_since) = withheld, dwellings
    for i in range(undecided.size):
        row, tenure = undecided[i], owner[undecided[i]]
        months = ordinary[tenure] + (-luck[1, i] * usual if luck[0, i] < share[tenure] else 0.0)
        on_market[row] = vacant_since[row] + np.int16(np.ceil(months))
    young, social, others = 0, 0, 0
    for row in vacant:
        if on_market[row] > month:
            continue
        if form.size and form[row] == _YOUTH:
            lists[0, young] = row
            young += 1
        elif owner[row] == _CORPORATION:
            lists[1, social] = row
            social += 1
        else:
            lists[2, others] = row
            others += 1
    return young, social, others


# fmt: off
@compiled
def describe(
    rows: Rows, month: int, dwellings: tuple[Uids, Counts, Months], words: tuple[Uids, Uids], life: Uids, first: int,
    least: float, key: Uids, luck: Floats, choices: Floats,
) -> None:
    # fmt: on
    """Fill in the identity of each vacancy in this month of its search and all its luck.

    Parameters
    ----------
    dwellings
        Uid, how often it was lived in and month on the market, of all.
    words, life
        Namespaces of a vacancy and of its luck, and what it draws under.
    first, least, choices
        Draws of ``luck`` from this column on are filled in once more, none of them less than that.
    """
    uid, occupancies, on_market = dwellings
    start, k1, k2 = words[0][0], words[0][1], words[0][2]
    for i in range(rows.size):
        row = rows[i]
        begun = mixed(mixed(start ^ uid[row], k1, k2) ^ np.uint64(occupancies[row]), k1, k2)
        months = np.uint64(month - on_market[row])
        key[i] = (mixed(begun ^ months, k1, k2) & _BELOW_DERIVED) | _DERIVED
        for k in range(luck.shape[1]):
            luck[i, k] = fraction(mixed(identity(key[i], np.uint64(k), words[1]), life[0], life[1]))
        for k in range(choices.shape[1]):
            choices[i, k] = max(luck[i, first + k], least)
