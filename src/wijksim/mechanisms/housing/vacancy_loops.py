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


@compiled
def fresh(
    alive: Bools,
    household: Rows,
    works: Codes,
    on_market: Months,
    vacant_since: Months,
    lists: tuple[Rows, Rows],
) -> tuple[int, int]:
    """List dwellings that may be let or sold once they are vacant, and are: return how many each list holds.

    The second of the lists holds those among them of which nobody has decided when they come on the market.
    """
    vacant, undecided = 0, 0
    for row in range(alive.size):
        if household[row] >= 0 or not alive[row] or (works.size and works[row] >= _SALE):
            continue
        lists[0][vacant] = row
        vacant += 1
        if on_market[row] < vacant_since[row]:
            lists[1][undecided] = row
            undecided += 1
    return vacant, undecided


@compiled
def decide(
    rows: Rows,
    owner: Codes,
    luck: Floats,
    spell: Floats,
    share: Floats,
    ordinary: Floats,
    vacant_since: Months,
    on_market: Months,
) -> None:
    """Write when ``rows`` come on the market: some are withheld for a ``spell`` before the ordinary months.

    ``luck`` and ``spell`` are of each of them, the ``share`` that is withheld and ``ordinary`` months of each tenure.
    """
    for i in range(rows.size):
        row, tenure = rows[i], owner[rows[i]]
        months = ordinary[tenure] + (spell[i] if luck[i] < share[tenure] else 0.0)
        on_market[row] = vacant_since[row] + np.int16(np.ceil(months))


@compiled
def offered(
    vacant: Rows, on_market: Months, month: int, form: Codes, owner: Codes, lists: tuple[Rows, Rows, Rows]
) -> tuple[int, int, int]:
    """List which vacancies are on the market: those made for youths, others of the corporation, and the rest.

    Return how many each list holds.
    """
    young, social, others = 0, 0, 0
    for row in vacant:
        if on_market[row] > month:
            continue
        if form.size and form[row] == _YOUTH:
            lists[0][young] = row
            young += 1
        elif owner[row] == _CORPORATION:
            lists[1][social] = row
            social += 1
        else:
            lists[2][others] = row
            others += 1
    return young, social, others
