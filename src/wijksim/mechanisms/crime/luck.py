"""Keys under which passes of crime draw for themselves, looked up once for many months."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream
from wijksim.kernel.context import Context
from wijksim.state.table import Rows

type Uids = NDArray[np.uint64]


class AtHand:
    """Keys of streams, kept for the months with the mark of the first of them (:mod:`wijksim.kernel.calm`).

    In a month with that mark a key that is made anew each month lies where it did: in the array of all of them.
    """

    def __init__(self, *streams: Stream) -> None:
        self._streams = streams
        self._calm: object = self
        self._lane = 0
        self._keys: tuple[Uids, ...] = ()

    def __call__(self, ctx: Context, lane: int, *drawn: tuple[Uids, Rows]) -> tuple[Uids, ...]:
        """Both halves of each key of a lane; ``drawn`` are identities and rows, for each stream or one for all."""
        if self._calm is ctx.calm and self._lane == lane:
            return self._keys
        those = drawn if len(drawn) > 1 else drawn * len(self._streams)
        keys = tuple(
            ctx.draws.key(stream, uid, rows, ctx.month, lane)
            for stream, (uid, rows) in zip(self._streams, those, strict=True)
        )
        if ctx.calm is not None and all(key.base is not None for key in keys):
            self._calm, self._lane, self._keys = ctx.calm, lane, keys
        return keys
