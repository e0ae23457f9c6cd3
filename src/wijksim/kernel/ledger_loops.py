"""Adding up the ledger of a month by party, and telling parties, in compiled passes: items are many, districts few."""

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


@compiled
def told(
    by_party: Floats, used: Floats, lost: Floats, block: Floats, lines: NDArray[np.intp], sizes: Floats, off: Floats
) -> None:  # fmt: skip
    """Write what parties paid, transfers included, the part of it that is transfers, and the resources used.

    ``lines`` of the ``block`` are the columns, by party, by party once more, and one. What parties paid in all
    (``lost``, of resources and of transfers) is what was used up, and what one receives another has paid: ``off`` is
    what is not so by district. ``sizes`` are those of all amounts, on one line each.
    """
    parties = by_party.shape[1]
    for d in range(used.size):
        off[d] = abs(lost[0, d] - used[d]) + abs(lost[1, d])
        block[lines[2 * parties], d] = used[d]
        for k in range(parties):
            resources, transfers = by_party[0, k, d], by_party[1, k, d]
            block[lines[k], d], block[lines[parties + k], d] = resources + transfers, transfers
            sizes[0, k * used.size + d], sizes[1, k * used.size + d] = abs(resources), abs(transfers)
