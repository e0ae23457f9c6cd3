"""Adding up the ledger of a month by party in one compiled pass: items are many, districts few."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Floats = NDArray[np.float64]


@compiled
def add_up(
    amounts: Floats,
    transfer: NDArray[np.bool_],
    lines: NDArray[np.int64],
    shares: Floats,
    by_party: Floats,
    used: Floats,
) -> None:
    """Add to what parties pay and to what is used up, in the order of the lines and of the items.

    Parameters
    ----------
    amounts
        Euros per item and district, shape ``(items, districts)``.
    transfer
        Whether the money of an item moves and is not used up.
    lines, shares
        Item and party of each line, and its share, below zero for who receives.
    by_party
        Shape ``(2, parties, districts)``: resources, then transfers.
    used
        Resources per district.
    """
    for k in range(lines.shape[0]):
        item, party = lines[k, 0], lines[k, 1]
        side = 1 if transfer[item] else 0
        for d in range(used.size):
            by_party[side, party, d] += shares[k] * amounts[item, d]
    for item in range(transfer.size):
        if not transfer[item]:
            for d in range(used.size):
                used[d] += amounts[item, d]
