"""Compiled pass over the ties of the young."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Ends = NDArray[np.int32]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]


@compiled
def around(
    a: Ends,
    b: Ends,
    strength: NDArray[np.float32],
    young: Bools,
    offends: Bools,
    seen: Floats,
    weight: Floats,
) -> None:
    """Add to ``weight`` the strength of the ties of each of the young, to ``seen`` that of ties with offenders.

    Sums go over the ties in which they are the first end, then over the others, and the two are added up.
    """
    seen_second, weight_second = np.zeros(seen.size), np.zeros(weight.size)
    for i in range(a.size):
        first, second, tie = np.uint32(a[i]), np.uint32(b[i]), np.float64(strength[i])
        if young[first]:
            weight[first] += tie
            if offends[second]:
                seen[first] += tie
        if young[second]:
            weight_second[second] += tie
            if offends[first]:
                seen_second[second] += tie
    for row in range(seen.size):
        seen[row] += seen_second[row]
        weight[row] += weight_second[row]
