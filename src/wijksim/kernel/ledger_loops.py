"""Adding up the ledger of a month by party in one compiled pass: items are many, districts few."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Floats = NDArray[np.float64]


@compiled
def add_up(
    amounts: Floats,
    lines: NDArray[np.int64],
    shares: Floats,
    resources: NDArray[np.int64],
    by_party: Floats,
    used: Floats,
) -> None:
    """Add to what parties pay and to what is used up, in the order of the lines and of the resources.

    Parameters
    ----------
    amounts
        Euros per item and district, shape ``(items, districts)``.
    lines, shares
        Item, party and side (1 for a transfer) of each line, and its share, below zero for who receives.
    resources
        Items whose money is used up.
    by_party
        Shape ``(2, parties, districts)``: resources, then transfers.
    used
        Resources per district.
    """
    for k in range(lines.shape[0]):
        item, party, side = lines[k, 0], lines[k, 1], lines[k, 2]
        for d in range(used.size):
            by_party[side, party, d] += shares[k] * amounts[item, d]
    for item in resources:
        for d in range(used.size):
            used[d] += amounts[item, d]
