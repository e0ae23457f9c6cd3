"""Who knows whom, in compiled loops: lists of ties by resident and the triangles they are in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]


@compiled
def acquaint(
    first: Rows, second: Rows, starts: NDArray[np.int64], ends: Rows, seen: Rows, triangles: NDArray[np.int64]
) -> None:
    """Sort the other ends of ties by resident and count pairs of ends that are tied themselves, each way round.

    Parameters
    ----------
    first, second
        Ends of ties, each tie once.
    starts, ends
        Filled: the ends of the ties of a resident, rising, lie in ``ends`` from ``starts[row]`` to ``starts[row + 1]``.
    seen
        Place to work in, as long as ``ends`` and as there are residents.
    triangles
        Filled, per resident.
    """
    size = triangles.size
    starts[:] = 0
    for i in range(first.size):
        starts[first[i] + 1] += 1
        starts[second[i] + 1] += 1
    for row in range(size):
        starts[row + 1] += starts[row]
    place = starts.copy()
    for i in range(first.size):
        a, b = first[i], second[i]
        seen[place[a]] = b
        seen[place[b]] = a
        place[a] += 1
        place[b] += 1
    # whoever hands itself to those it knows, from the first on, comes to each of them in order
    place[:] = starts
    for row in range(size):
        for i in range(starts[row], starts[row + 1]):
            ends[place[seen[i]]] = row
            place[seen[i]] += 1
    seen[:] = -1
    for row in range(size):
        count = 0
        for i in range(starts[row], starts[row + 1]):
            seen[ends[i]] = row
        for i in range(starts[row], starts[row + 1]):
            for k in range(starts[ends[i]], starts[ends[i] + 1]):
                count += int(seen[ends[k]] == row)
        triangles[row] = count
