"""Personal ties as edge arrays.

Household, entrance, complex, class and workplace are memberships (a column and a bincount), not edges. Only
personal ties, which are made and lost, are kept here, once per pair with the lower row first.
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
    """

    def __init__(self, table: str) -> None:
        self.table = table
        self.a: Rows = np.empty(0, dtype=np.int32)
        self.b: Rows = np.empty(0, dtype=np.int32)
        self.strength: NDArray[np.float32] = np.empty(0, dtype=np.float32)
        self.layer: NDArray[np.int8] = np.empty(0, dtype=np.int8)
        self.version = 0

    def __len__(self) -> int:
        """Count the ties."""
        return int(self.a.size)

    def add(self, first: Rows, second: Rows, strength: NDArray[Any], layer: NDArray[Any]) -> None:
        """Add ties in one batch; self-ties and pairs that exist already are left out."""
        low = np.minimum(first, second).astype(np.int64)
        high = np.maximum(first, second).astype(np.int64)
        code = (low << 32) | high
        code, index = np.unique(code, return_index=True)
        fresh = (low[index] != high[index]) & ~np.isin(code, self.codes())
        index = index[fresh]
        if index.size == 0:
            return
        self.a = np.concatenate([self.a, low[index].astype(np.int32)])
        self.b = np.concatenate([self.b, high[index].astype(np.int32)])
        self.strength = np.concatenate([self.strength, np.asarray(strength, np.float32)[index]])
        self.layer = np.concatenate([self.layer, np.asarray(layer, np.int8)[index]])
        self.version += 1

    def codes(self) -> NDArray[np.int64]:
        """One int64 per tie that identifies the pair."""
        return (self.a.astype(np.int64) << 32) | self.b.astype(np.int64)

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Keep only the ties where ``mask`` holds."""
        if mask.all():
            return
        self.a, self.b = self.a[mask], self.b[mask]
        self.strength, self.layer = self.strength[mask], self.layer[mask]
        self.version += 1

    def drop_rows(self, gone: NDArray[np.bool_]) -> None:
        """Remove every tie of the rows for which ``gone`` (shape ``(table size,)``) holds."""
        if self.a.size:
            self.keep(~(gone[self.a] | gone[self.b]))

    def degree(self, size: int, weight: NDArray[Any] | None = None) -> NDArray[np.float64]:
        """Ties per row (or the sum of ``weight`` per row), shape ``(size,)``."""
        both = np.bincount(self.a, weights=weight, minlength=size)
        both = both + np.bincount(self.b, weights=weight, minlength=size)
        return both.astype(np.float64, copy=False)

    def spread(
        self, values: NDArray[Any], size: int, weight: NDArray[Any] | None = None
    ) -> NDArray[np.float64]:
        """Sum over a row's neighbours of ``weight * values[neighbour]``, shape ``(size,)``."""
        to_a, to_b = values[self.b], values[self.a]
        if weight is not None:
            to_a, to_b = to_a * weight, to_b * weight
        total = np.bincount(self.a, weights=to_a, minlength=size)
        return total + np.bincount(self.b, weights=to_b, minlength=size)

    def nbytes(self) -> int:
        """Memory in bytes."""
        return self.a.nbytes + self.b.nbytes + self.strength.nbytes + self.layer.nbytes
