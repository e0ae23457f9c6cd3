"""Personal ties as edge arrays.

Household, entrance, complex, class and workplace are memberships (a column and a bincount), not edges. Only
personal ties, which are made and lost, are kept here, once per pair with the lower row first.

Ties lie in blocks by *phase*, so that a mechanism can do a part of them each month on contiguous memory: the ties
of one phase are a slice, and the phase of a tie never changes. Within a block they lie in no order: where a tie is
dropped another takes its place, so that what is made and lost in a month costs by its number and not by that of
all ties.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.state.tie_loops import admit, close_holes, cut, touching

_ARRAYS: dict[str, Any] = {"a": np.int32, "b": np.int32, "strength": np.float32, "layer": np.int8}
_ONE_PHASE = np.empty(0, np.int8)  # no phase for each tie: all have the same
_UNCOUNTED = np.empty(0, np.int16)
_GROWTH_DIVISOR = 8  # room for an eighth more than is needed, so that copies stay rare


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

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    strength: NDArray[np.float32]
    layer: NDArray[np.int8]

    def __init__(self, table: str) -> None:
        self.table = table
        self.version = 0
        # with room behind them, in the order in which compiled passes take them
        self._arrays = tuple([np.empty(0, dtype=kind) for kind in _ARRAYS.values()])
        self._ends = np.empty(0, np.intp)  # where the block of each phase ends
        self._show(0)

    def __getstate__(self) -> dict[str, Any]:
        """State without the views, which are made anew."""
        return {name: value for name, value in self.__dict__.items() if name not in _ARRAYS}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore what ``__getstate__`` gave; arrays that lie in the pickle's own memory are copied out of it."""
        self.__dict__.update(state)
        self._arrays = tuple([one if one.flags.owndata else one.copy() for one in self._arrays])
        if not self._ends.flags.owndata:
            self._ends = self._ends.copy()
        self._show(len(self))

    def __len__(self) -> int:
        """Count the ties."""
        return int(self._ends[-1]) if self._ends.size else 0

    @property
    def phase(self) -> NDArray[np.int8]:
        """Block of each tie, never falling along the arrays."""
        blocks = np.arange(self._ends.size, dtype=np.int8)
        return np.repeat(blocks, np.diff(self._ends, prepend=0))

    def add(
        self,
        first: NDArray[Any],
        second: NDArray[Any],
        strength: NDArray[Any],
        layer: NDArray[Any],
        *,
        phase: NDArray[Any] | int = 0,
        counts: NDArray[np.int16] = _UNCOUNTED,
    ) -> NDArray[np.intp]:
        """Add ties in one batch; self-ties and pairs that exist already are left out.

        Of a pair that stands in the batch twice, the first is taken. ``phase`` is one for all or one per tie.
        ``counts`` of ties per row, if given, are brought up to date.

        Returns
        -------
        ndarray of intp
            Positions in the batch of the ties that were added.
        """
        first, second = np.asarray(first, np.int64), np.asarray(second, np.int64)
        index, size = np.empty(first.size, np.intp), self.a.size
        if first.size == 0:
            return index
        if isinstance(phase, int):
            block, last = _ONE_PHASE, phase
        else:
            block = np.broadcast_to(np.asarray(phase, np.int8), first.shape).copy()
            last = int(block.max())
        self._grow(size + first.size)
        ends = self._ends
        if last >= ends.size:
            ends = np.concatenate((ends, np.full(last + 1 - ends.size, size, np.intp)))
        strengths, layers = np.asarray(strength, np.float32), np.asarray(layer, np.int8)
        count = admit(first, second, strengths, layers, block, last, size, ends, index, counts, *self._arrays)
        if count:
            self._ends = ends
            self._show(size + count)
        return index[:count]

    def _grow(self, needed: int) -> None:
        """Make room for so many ties."""
        if needed > self._arrays[0].size:
            size, room = len(self), needed + needed // _GROWTH_DIVISOR
            wider = tuple([np.empty(room, dtype=array.dtype) for array in self._arrays])
            for array, before in zip(wider, self._arrays, strict=True):
                array[:size] = before[:size]
            self._arrays = wider

    def _show(self, size: int) -> None:
        """Lay the views of so many ties where attribute access finds them."""
        a, b, strength, layer = self._arrays
        self.a, self.b, self.strength, self.layer = a[:size], b[:size], strength[:size], layer[:size]
        self.version += 1

    def codes(self) -> NDArray[np.int64]:
        """One int64 per tie that identifies the pair."""
        return (self.a.astype(np.int64, copy=False) << 32) | self.b

    def has(self, first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.bool_]:
        """Tell for pairs of rows whether there is a tie."""
        low, high = np.minimum(first, second).astype(np.int64), np.maximum(first, second)
        return np.isin((low << 32) | high, self.codes())

    def block(self, phase: int) -> slice:
        """Where the ties of one phase lie."""
        if phase >= self._ends.size:
            return slice(len(self), len(self))
        return slice(int(self._ends[phase - 1]) if phase else 0, int(self._ends[phase]))

    def of(self, rows: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Positions of the ties with at least one end in the mask ``rows`` (shape ``(table size,)``)."""
        found = np.empty(len(self), dtype=np.intp)
        return found[: touching(self.a, self.b, rows, found)]

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Keep only the ties where ``mask`` holds."""
        self.drop((~mask).nonzero()[0])

    def drop(self, positions: NDArray[np.intp]) -> None:
        """Remove the ties at ``positions``: the last of their block move into the holes, later blocks move down."""
        if positions.size == 0:
            return
        if not close_holes(positions, self._ends, *self._arrays):
            close_holes(np.unique(positions), self._ends, *self._arrays)
        self._show(len(self))

    def drop_rows(self, gone: NDArray[np.bool_]) -> None:
        """Remove every tie of the rows for which ``gone`` (a place for each row, or more) holds."""
        size = self.a.size
        count = cut(gone, self._ends, *self._arrays) if size else 0
        if count:
            self._show(size - count)

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
        return sum(array.nbytes for array in self._arrays)
