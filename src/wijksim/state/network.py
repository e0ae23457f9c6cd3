"""Personal ties as edge arrays.

Household, entrance, complex, class and workplace are memberships (a column and a bincount), not edges. Only
personal ties, which are made and lost, are kept here, once per pair with the lower row first.

Ties lie in blocks by *phase*, so that a mechanism can do a part of them each month on contiguous memory: the ties
of one phase are a slice, and the phase of a tie never changes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.state.table import Rows


class Network:
    """Undirected weighted ties between rows of one table.

    Attributes
    ----------
    a, b
        Rows of the two ends, ``a < b``, shape ``(n_ties,)``, int32.
    strength
        Weight of each tie in [0, 1], float32.
    layer
        Small code of the focus in which the tie was made (entrance, complex, district ...), int8.
    phase
        Block of the tie, int8, never falling along the arrays.
    """

    def __init__(self, table: str) -> None:
        self.table = table
        self.a: Rows = np.empty(0, dtype=np.int32)
        self.b: Rows = np.empty(0, dtype=np.int32)
        self.strength: NDArray[np.float32] = np.empty(0, dtype=np.float32)
        self.layer: NDArray[np.int8] = np.empty(0, dtype=np.int8)
        self.phase: NDArray[np.int8] = np.empty(0, dtype=np.int8)
        self.version = 0

    def __len__(self) -> int:
        """Count the ties."""
        return int(self.a.size)

    def add(
        self,
        first: Rows,
        second: Rows,
        strength: NDArray[Any],
        layer: NDArray[Any],
        *,
        phase: NDArray[Any] | int = 0,
    ) -> NDArray[np.intp]:
        """Add ties in one batch; self-ties and pairs that exist already are left out.

        Of a pair that stands in the batch twice, the first is taken. ``phase`` is one for all or one per tie.

        Returns
        -------
        ndarray of intp
            Positions in the batch of the ties that were added.
        """
        low = np.minimum(first, second).astype(np.int64)
        high = np.maximum(first, second).astype(np.int64)
        _, unique = np.unique((low << 32) | high, return_index=True)
        index: NDArray[np.intp] = unique[low[unique] != high[unique]]
        if self.a.size and index.size:
            index = index[~self.has(low[index], high[index])]
        if index.size == 0:
            return index
        block = np.broadcast_to(np.asarray(phase, np.int8), low.shape)[index]
        order = np.argsort(block, kind="stable")
        index, block = index[order], block[order]
        fresh = {
            "a": low[index].astype(np.int32),
            "b": high[index].astype(np.int32),
            "strength": np.asarray(strength, np.float32)[index],
            "layer": np.asarray(layer, np.int8)[index],
            "phase": block,
        }
        # new ties go behind the old ones of their phase
        phases, begin = np.unique(block, return_index=True)
        cuts = [0, *np.searchsorted(self.phase, phases, side="right").tolist(), self.a.size]
        splits = [*begin.tolist(), block.size]
        for name, values in fresh.items():
            array = getattr(self, name)
            parts = [array[: cuts[1]]]
            for number in range(phases.size):
                parts.append(values[splits[number] : splits[number + 1]])
                parts.append(array[cuts[number + 1] : cuts[number + 2]])
            setattr(self, name, np.concatenate(parts))
        self.version += 1
        return index

    def codes(self) -> NDArray[np.int64]:
        """One int64 per tie that identifies the pair."""
        return (self.a.astype(np.int64) << 32) | self.b.astype(np.int64)

    def has(self, first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.bool_]:
        """Tell for pairs of rows whether there is a tie; looks only at ties between rows that are named."""
        low, high = np.minimum(first, second), np.maximum(first, second)
        if low.size == 0 or self.a.size == 0:
            return np.zeros(low.shape, dtype=bool)
        size = int(max(high.max(), self.b.max())) + 1
        is_low, is_high = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
        is_low[low], is_high[high] = True, True
        near = np.flatnonzero(is_low.take(self.a))
        near = near[is_high.take(self.b.take(near))]
        if near.size == 0:
            return np.zeros(low.shape, dtype=bool)
        known = np.sort((self.a.take(near).astype(np.int64) << 32) | self.b.take(near))
        wanted = (low.astype(np.int64) << 32) | high.astype(np.int64)
        place = np.minimum(np.searchsorted(known, wanted), known.size - 1)
        return np.asarray(known[place] == wanted)

    def block(self, phase: int) -> slice:
        """Where the ties of one phase lie."""
        start, stop = np.searchsorted(self.phase, [phase, phase + 1])
        return slice(int(start), int(stop))

    def of(self, rows: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Positions of the ties with at least one end in the mask ``rows`` (shape ``(table size,)``)."""
        return np.asarray(np.flatnonzero(rows.take(self.a) | rows.take(self.b)))

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Keep only the ties where ``mask`` holds."""
        if mask.all():
            return
        for name in ("a", "b", "strength", "layer", "phase"):
            setattr(self, name, getattr(self, name)[mask])
        self.version += 1

    def drop(self, positions: NDArray[np.intp]) -> None:
        """Remove the ties at ``positions``; quick where they lie close together (in one block)."""
        if positions.size == 0:
            return
        start, stop = int(positions.min()), int(positions.max()) + 1
        stays = np.ones(stop - start, dtype=bool)
        stays[positions - start] = False
        for name in ("a", "b", "strength", "layer", "phase"):
            array = getattr(self, name)
            setattr(self, name, np.concatenate([array[:start], array[start:stop][stays], array[stop:]]))
        self.version += 1

    def drop_rows(self, gone: NDArray[np.bool_]) -> None:
        """Remove every tie of the rows for which ``gone`` (shape ``(table size,)``) holds."""
        if self.a.size:
            self.drop(self.of(gone))

    def degree(self, size: int, weight: NDArray[Any] | None = None) -> NDArray[np.float64]:
        """Ties per row (or the sum of ``weight`` per row), shape ``(size,)``."""
        if weight is not None:
            weight = np.asarray(weight, dtype=np.float64)  # bincount is several times slower on other types
        both = np.bincount(self.a, weights=weight, minlength=size)
        both = both + np.bincount(self.b, weights=weight, minlength=size)
        return both.astype(np.float64, copy=False)

    def spread(
        self, values: NDArray[Any], size: int, weight: NDArray[Any] | None = None
    ) -> NDArray[np.float64]:
        """Sum over a row's neighbours of ``weight * values[neighbour]``, shape ``(size,)``."""
        values = np.asarray(values, dtype=np.float64)
        to_a, to_b = values[self.b], values[self.a]
        if weight is not None:
            to_a, to_b = to_a * weight, to_b * weight
        total = np.bincount(self.a, weights=to_a, minlength=size)
        return total + np.bincount(self.b, weights=to_b, minlength=size)

    def nbytes(self) -> int:
        """Memory in bytes."""
        arrays = (self.a, self.b, self.strength, self.layer, self.phase)
        return sum(array.nbytes for array in arrays)
