"""Keys under which passes draw for themselves, looked up once for many months.

Passes that draw what belongs to a vacancy or a seeker make its identity too, of which it then follows.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.keys import Keys
from wijksim.core.rng import Stream
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Uids = NDArray[np.uint64]

_SEED = np.dtype(np.uint64).itemsize  # bytes


class AtHand:
    """Keys of streams, kept for the months with the mark of the first of them (:mod:`wijksim.kernel.calm`).

    A month with that mark has all keys in the same place.

    Parameters
    ----------
    streams
        Streams and lanes from which a pass draws; the first lane is 0.
    """

    def __init__(self, *streams: tuple[Stream, int]) -> None:
        self._streams = streams
        self._calm: object = self
        self._keys: tuple[Uids, ...] = ()

    def __call__(self, ctx: Context, uid: Uids, rows: Rows | None = None) -> tuple[Uids, ...]:
        """Both halves of each key, under which ``rows`` of the identities ``uid``, or all, are drawn this month."""
        if self._calm is ctx.calm:
            return self._keys
        key, month = ctx.draws.key, ctx.month
        those = np.arange(uid.size, dtype=np.int32) if rows is None else rows
        keys = tuple(key(stream, uid, those, month, lane) for stream, lane in self._streams)
        first = keys[0]
        if (
            ctx.calm is not None
            and first is self._streams[0][0].key
            and all(one.base is first.base for one in keys)
        ):
            self._calm, self._keys = ctx.calm, keys
        return keys


class ForLife:
    """Keys of streams from which the same is drawn in every month, kept as those of :class:`AtHand` are.

    Parameters
    ----------
    streams
        Streams and lanes from which a pass draws.
    """

    def __init__(self, *streams: tuple[str, int]) -> None:
        self._streams = streams
        self._calm: object = self
        self._keys: tuple[Uids, ...] = ()

    def __call__(self, ctx: Context) -> tuple[Uids, ...]:
        """Both halves of each key, under which :meth:`wijksim.core.rng.Draws.life` draws."""
        if self._calm is ctx.calm:
            return self._keys
        keys = tuple(_for_life(ctx.draws.root_seed, stream, lane) for stream, lane in self._streams)
        if ctx.calm is not None:
            self._calm, self._keys = ctx.calm, keys
        return keys


@lru_cache(maxsize=2**6)
def _for_life(root_seed: int, stream: str, lane: int) -> Uids:
    """Both halves of a key that is the same in every month of a future."""
    return Keys(root_seed.to_bytes(_SEED, "little")).made(stream, None, lane, 0)
