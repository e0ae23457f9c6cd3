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
    amounts: Floats, shared: NDArray[np.int64], shares: Floats, resources: NDArray[np.int64], block: Floats,
    lines: NDArray[np.intp],
) -> tuple[Floats, Floats]:  # fmt: skip
    """Write what parties paid, transfers included, the part of it that is transfers, and the resources used.

    The first four are as :func:`add_up` takes them; ``lines`` of the ``block`` are the columns, by party, by party once
    more, and one. Returned are the sizes of all amounts, resources and transfers on one line each, and what is off by
    district: what parties paid in all is what was used up, and what one receives another has paid.
    """
    parties, districts = (lines.size - 1) // 2, amounts.shape[1]
    by_party, used = np.zeros((2, parties, districts)), np.zeros(districts)
    add_up(amounts, shared, shares, resources, by_party, used)
    sizes, off = np.empty((2, parties * districts)), np.empty(districts)
    for d in range(districts):
        block[lines[2 * parties], d] = used[d]
        paid, moved = 0.0, 0.0
        for k in range(parties):
            out, transfers = by_party[0, k, d], by_party[1, k, d]
            block[lines[k], d], block[lines[parties + k], d] = out + transfers, transfers
            sizes[0, k * districts + d], sizes[1, k * districts + d] = abs(out), abs(transfers)
            paid += out
            moved += transfers
        off[d] = abs(paid - used[d]) + abs(moved)
    return sizes, off
