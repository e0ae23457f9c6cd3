"""What becomes of who must leave for demolition: a compiled pass over households and seekers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.state.codes import SeekerCategory, Tenure

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Bools = NDArray[np.bool_]

_CORPORATION, _OWNER = int(Tenure.CORPORATION), int(Tenure.OWNER)
_HOUSEHOLD, _REHOUSED = int(SeekerKind.HOUSEHOLD), int(SeekerCategory.REHOUSED)


@compiled
def call(
    homes: Rows, month: int, tenure: Codes, wishes: tuple[Bools, Months, Codes], seekers: tuple[Codes, Rows, Codes],
    lists: tuple[Rows, Rows],
) -> tuple[int, int]:  # fmt: skip
    """Set ``homes`` looking; return how many tenants are in no queue yet, and seekers wait without this ground.

    Parameters
    ----------
    tenure, wishes
        Of households: tenure, and wish to move, month since which they look and tenure looked for.
    seekers
        Kind, household and category; rows of which nobody is the holder are of no household.
    lists
        Filled in: those tenants, and those seekers.
    """
    move_wish, since, sought = wishes
    kind, household, category = seekers
    tenant, waits = np.zeros(tenure.size, np.bool_), np.zeros(tenure.size, np.bool_)
    for home in homes:
        if not move_wish[home]:
            since[home] = month
        tenant[home] = tenure[home] != _OWNER
        move_wish[home], sought[home] = True, _CORPORATION if tenant[home] else _OWNER
    fresh, upgraded = 0, 0
    for row in range(kind.size):
        if kind[row] != _HOUSEHOLD or household[row] < 0:
            continue
        waits[household[row]] = True
        if tenant[household[row]] and category[row] != _REHOUSED:
            lists[1][upgraded] = row
            upgraded += 1
    for home in homes:
        if tenant[home] and not waits[home]:
            lists[0][fresh] = home
            fresh += 1
    return fresh, upgraded
