"""Which dwellings are on the market and from when: compiled passes over dwellings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.codes import HousingForm, Tenure, Works

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]

_CORPORATION, _YOUTH, _SALE = int(Tenure.CORPORATION), int(HousingForm.YOUTH), int(Works.SALE)
_REHOUSING, _CLEARING = int(Works.REHOUSING), int(Works.CLEARING)


@compiled
def look_over(
    alive: Bools, household: Rows, works: Codes, on_market: Months, vacant_since: Months, lists: Rows
) -> tuple[int, int, int, int]:
    """Fill ``lists`` with what matters of dwellings and who lives there; return how many stand in each.

    Dwellings that may be let or sold once they are vacant, and are; those among them of which nobody has decided when
    they come on the market; households whose dwelling is to be pulled down; and those for whom the time is up.
    """
    vacant, undecided, leaving, last = 0, 0, 0, 0
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
                undecided += 1
    return vacant, undecided, leaving, last


# fmt: off
@compiled
def offer(
    vacant: Rows, undecided: Rows, luck: Floats, spell: Floats, withheld: tuple[Floats, Floats, float],
    dwellings: tuple[Codes, Codes, Months], on_market: Months, month: int, lists: Rows,
) -> tuple[int, int, int]:
    # fmt: on
    """Decide on dwellings when they come on the market, and list which vacancies are.

    Return how many stand in each of ``lists``: those made for youths, others of the corporation, and the rest.

    Parameters
    ----------
    undecided, luck, spell
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
        months = ordinary[tenure] + (-spell[i] * usual if luck[i] < share[tenure] else 0.0)
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
