"""Keyed randomness: every draw is a pure function of who, what and when.

Two variants of one future must differ by policy and not by luck. A generator that hands out numbers
in order cannot do that: one extra draw shifts the luck of everybody after it. Here a draw is
``mix(uid, key)`` with ``key = hash(root seed, stream, month, lane, option)``. The same resident
meets the same luck in every variant, whoever else is drawn, in any order, in any process.

The key is a BLAKE2b digest, so that streams, months, lanes, options and root seeds are unrelated
however alike their names or numbers are. The mix is two multiply-xorshift rounds (the multipliers
and shifts of Evensen's "moremur" finaliser), with one half of the key injected before each round.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.core.errors import known_seed
from wijksim.core.keys import Keys, Stream
from wijksim.core.mixing import DROP, MASK, MULTIPLIERS, SHIFTS, UNIT, below, uniforms
from wijksim.core.uids import UidLike, Uids, as_words, child_uid, derive_uid, pair_uids
from wijksim.core.variates import poisson_counts, to_exponential, to_gumbel, to_normal

__all__ = ["DoubleDraw", "Draws", "Stream", "child_uid", "derive_uid"]

type Floats = NDArray[np.float64]
type FloatLike = NDArray[np.floating] | NDArray[np.integer] | float
type Transform = Callable[[Floats], None]

_WORD: Final = np.dtype(np.uint64)
_ARRAY: Final = np.ndarray  # by itself, as it is asked for with every draw


class DoubleDraw(RuntimeError):  # noqa: N818
    """One uid was drawn twice from one (stream, month, lane): the two events would share their luck."""

    def __init__(self, stream: str, month: int, lane: int, uid: int) -> None:
        super().__init__(stream, month, lane, uid)
        self.stream, self.month, self.lane, self.uid = stream, month, lane, uid

    def __str__(self) -> str:
        return (
            f"uid {self.uid} was drawn twice from stream {self.stream!r} in month {self.month}, "
            f"lane {self.lane}; use another stream, or a lane per round"
        )


_counted = np.arange(2**12, dtype=np.int32)


class Draws:
    """All luck of one future.

    Every method is a pure function of the root seed and its arguments. An array of uids gives an
    array of the same shape; one uid (an int) gives an ``np.float64``.

    Parameters
    ----------
    root_seed : int
        The future, 0 to 2**64 - 1.
    audit : bool
        Raise :class:`DoubleDraw` when a uid is drawn twice from one (stream, month, lane, option).
        Remembers one month only. Draws for life are not audited: they may be looked up again.

    Raises
    ------
    SeedError
        If the future is not one of these (a ``ValueError``).

    Notes
    -----
    The methods share their uniform: ``normal`` and ``uniform`` of one (stream, month, lane) are the
    same luck in another shape, hence two draws in the eyes of the audit.
    """

    def __init__(self, root_seed: int, *, audit: bool = False) -> None:
        self._root_seed = known_seed(operator.index(root_seed))
        self._life: dict[tuple[str, int, int], Uids] = {}
        self._audit = _Audit() if audit else None
        self._begin_keys()

    def _begin_keys(self) -> None:
        self._keys = Keys(self._root_seed.to_bytes(8, "little"))
        # keys that are taken without further ado: none where every draw has to be seen
        self._at_hand: dict[tuple[str, int, int], Uids] = self._keys.known if self._audit is None else {}

    def __getstate__(self) -> dict[str, Any]:
        """State without the keys, which follow from the seed and which cannot be copied."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_keys", "_at_hand")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore what ``__getstate__`` gave."""
        self.__dict__.update(state)
        self._begin_keys()

    def __repr__(self) -> str:
        return f"Draws({self._root_seed}, audit={self._audit is not None})"

    @property
    def root_seed(self) -> int:
        """The seed this future was made from."""
        return self._root_seed

    @property
    def audited(self) -> bool:
        """Whether every draw has to be seen: a pass that draws for itself, unseen, leaves it to the methods then."""
        return self._audit is not None

    def fork(self, label: str) -> Draws:
        """Make an independent future, for luck that has to stay apart (exogenous shocks, build)."""
        digest = blake2b(
            label.encode(), key=self._root_seed.to_bytes(8, "little"), digest_size=8, person=b"fork"
        ).digest()
        return Draws(int.from_bytes(digest, "little"), audit=self._audit is not None)

    def uniform(self, stream: str, uid: UidLike, month: int, lane: int = 0) -> Floats:
        """Draw uniforms on [0, 1) with 53 bits."""
        # nearly all keys are at hand, and a look-up here is less than asking for one
        key = self._at_hand.get((stream, lane, 0)) if month == self._keys.month else None
        return self._draw(stream, uid, month, lane) if key is None else _spread(key, uid)

    def life(self, stream: str, uid: UidLike, lane: int = 0) -> Floats:
        """Draw uniforms on [0, 1), the same in every month: propensities for life."""
        key = self._life.get((stream, lane, 0))
        return self._draw(stream, uid, None, lane) if key is None else _spread(key, uid)

    def normal(self, stream: str, uid: UidLike, month: int, lane: int = 0) -> Floats:
        """Draw standard normals, as the quantile of the uniform: finite, rising with it."""
        return self._draw(stream, uid, month, lane, to_normal)

    def life_normal(self, stream: str, uid: UidLike, lane: int = 0) -> Floats:
        """Draw standard normals, the same in every month."""
        return self._draw(stream, uid, None, lane, to_normal)

    def exponential(self, stream: str, uid: UidLike, month: int, lane: int = 0) -> Floats:
        """Draw exponentials with mean 1, rising with the uniform."""
        return self._draw(stream, uid, month, lane, to_exponential)

    def gumbel(self, stream: str, uid: UidLike, month: int, lane: int = 0, option: int = 0) -> Floats:
        """Draw standard Gumbels per (uid, option).

        The option with the largest ``log(weight) + gumbel`` is chosen with chance proportional to
        its weight, and a change in one option's weight leaves choices among the others alone.
        """
        return self._draw(stream, uid, month, lane, to_gumbel, option=option)

    def pair(self, stream: str, uid_a: UidLike, uid_b: UidLike, month: int, lane: int = 0) -> Floats:
        """Draw uniforms on [0, 1) per pair, the same for (a, b) and (b, a); arguments broadcast.

        A pair drawn twice is reported by the audit under the pair's own word, not under a or b.
        """
        a, b = _as_uids(uid_a), _as_uids(uid_b)
        return self._draw(stream, pair_uids(a, b), month, lane)

    def poisson(
        self, stream: str, uid: UidLike, month: int, mean: FloatLike, *, lane: int = 0
    ) -> NDArray[np.int64]:
        """Draw Poisson counts by inversion, never falling when the mean rises.

        Parameters
        ----------
        mean : float or array of float
            Expected count per uid, 0 to 64; broadcasts to the shape of ``uid``.

        Raises
        ------
        ValueError
            When a mean is negative, not a number or above 64 (inversion would be slow and inexact).
        """
        u = np.asarray(self._draw(stream, uid, month, lane))
        mu = np.broadcast_to(np.asarray(mean, dtype=np.float64), u.shape)
        flat_u, flat_mu = u.reshape(-1), mu.reshape(-1)
        return poisson_counts(flat_u, flat_mu).reshape(u.shape)[()]

    def first_below(
        self, stream: str, uid: UidLike, month: int, p: FloatLike, *, lane: int = 0
    ) -> tuple[NDArray[np.int32], Floats]:
        """Draw first, then look closer at the few who can be hit.

        Parameters
        ----------
        p : float or array of float
            Upper bound of the chance, one for all or one per uid.

        Returns
        -------
        positions : ndarray of int32
            Positions in ``uid`` with a draw below ``p``, rising.
        u : ndarray of float64
            Their draws, to be compared with the exact chance.
        """
        uids = np.atleast_1d(_as_uids(uid))
        if uids.ndim > 1:
            raise ValueError("first_below takes one uid or a one-dimensional array of uids")
        if isinstance(p, float):
            return self.near(stream, uids, _numbers(uids.size), month, p, lane=lane)
        u = np.asarray(self._draw(stream, uids, month, lane))
        positions = (u < np.broadcast_to(p, u.shape)).nonzero()[0].astype(np.int32)
        return positions, u.take(positions)

    def near(
        self, stream: str, uid: Uids, rows: NDArray[np.int32], month: int, high: float, *, lane: int = 0
    ) -> tuple[NDArray[np.int32], Floats]:
        """Draw for rows of a table and keep those who can be hit at all, in one pass.

        Parameters
        ----------
        uid : ndarray of uint64
            Identities of the whole table.
        rows : ndarray of int32
            Rows at risk.
        high : float
            Upper bound of the chance.

        Returns
        -------
        rows : ndarray of int32
            Those of ``rows`` with a draw below ``high``, in the order given.
        u : ndarray of float64
            Their draws, to be compared with the exact chance.
        """
        key = self._at_hand.get((stream, lane, 0)) if month == self._keys.month else None
        if key is None:
            if self._audit is not None:
                self._audit.check(stream, int(month), int(lane), 0, uid[rows])
            key = self._keys.of(stream, month, lane, 0)
        size = rows.size
        near, u = np.empty(size, np.int32), np.empty(size)
        count = below(uid, rows, key, high, near, u)
        return near[:count], u[:count]

    def life_near(
        self, stream: str, uid: Uids, rows: NDArray[np.int32], high: float
    ) -> tuple[NDArray[np.int32], Floats]:
        """Do :meth:`near` with draws that are the same in every month."""
        near, u = np.empty(rows.size, np.int32), np.empty(rows.size)
        count = below(uid, rows, self._life_key(stream, 0, 0), high, near, u)
        return near[:count], u[:count]

    def begin(self, month: int) -> object | None:
        """Make the keys of a month at hand.

        Keys that :meth:`key` gave for lane 0 hold as long as this gives one and the same: they are in the same place in
        every month. None where draws are audited, as then every draw has to be seen, and for a month that is past.
        """
        keys = self._keys
        keys.lead(month)
        return keys.since if self._audit is None and keys.month == month else None

    def key(self, stream: Stream, uid: Uids, rows: NDArray[np.int32], month: int, lane: int) -> Uids:
        """Both halves of the key under which rows draw this month, for a pass that does what :meth:`near` does."""
        keys = self._keys
        if month == keys.month and stream.since is keys.since and lane == 0:
            return stream.key
        if self._audit is not None:
            self._audit.check(stream.name, int(month), int(lane), 0, uid[rows])
            return keys.of(stream.name, month, lane, 0)  # held by nobody, as every draw has to be seen
        key = keys.of(stream.name, month, lane, 0)
        if lane == 0 and keys.kept(key):
            stream.since, stream.key = keys.since, key
        return key

    def _life_key(self, stream: str, lane: int, option: int) -> Uids:
        """Both halves of a key that is the same in every month."""
        key = self._life.get((stream, lane, option))
        if key is None:  # asked for in every month
            key = self._life[stream, lane, option] = self._keys.made(stream, None, lane, option)
        return key

    def _draw(
        self,
        stream: str,
        uid: UidLike,
        month: int | None,
        lane: int,
        transform: Transform | None = None,
        *,
        option: int = 0,
    ) -> Floats:
        if month is None:
            key = self._life_key(stream, lane, option)
        else:
            known = self._at_hand.get((stream, lane, option)) if month == self._keys.month else None
            if known is None:
                if self._audit is not None:
                    self._audit.check(stream, int(month), int(lane), int(option), _as_uids(uid))
                known = self._keys.of(stream, month, lane, option)
            key = known
        out = _spread(key, uid)
        if transform is None:
            return out
        if out.ndim == 1:
            transform(out)
            return out
        flat = out.reshape(-1)  # a view, but of a single number
        transform(flat)
        return flat.reshape(out.shape)[()]


class _Audit:
    """The uids drawn this month, sorted, per (stream, lane, option)."""

    def __init__(self) -> None:
        self._month: int | None = None
        self._seen: dict[tuple[str, int, int], Uids] = {}

    def check(self, stream: str, month: int, lane: int, option: int, uids: Uids) -> None:
        if month != self._month:
            self._month, self._seen = month, {}
        slot = (stream, lane, option)
        seen = self._seen.get(slot)
        drawn = uids.ravel() if seen is None else np.concatenate((seen, uids.ravel()))
        drawn = np.sort(drawn)
        again = drawn[1:][drawn[1:] == drawn[:-1]]
        if again.size:
            raise DoubleDraw(stream, month, lane, int(again[0]))
        self._seen[slot] = drawn


def _spread(key: Uids, uid: UidLike) -> Floats:
    """Uniforms of identities under a key, in their shape."""
    if type(uid) is _ARRAY and uid.dtype is _WORD and uid.ndim == 1:
        out = np.empty(uid.size)
        uniforms(uid, key, out)  # type: ignore[arg-type]  # seen by the line before last
        return out
    uids = _as_uids(uid)
    if uids.ndim == 0:
        return cast(Floats, np.float64((_mix_int(int(uids), *key.tolist()) >> DROP) * UNIT))
    out = np.empty(uids.shape)
    uniforms(uids.reshape(-1), key, out.reshape(-1))
    return out


def _as_uids(uid: UidLike) -> Uids:
    """Give uids as uint64, without a copy when they are."""
    if type(uid) is _ARRAY and uid.dtype is _WORD:
        return uid  # type: ignore[return-value]  # seen by the line before
    if isinstance(uid, int):
        if not 0 <= uid <= MASK:
            raise ValueError(f"a uid must lie in 0 .. 2**64 - 1, got {uid}")
        return np.array(uid, dtype=np.uint64)
    array = np.asarray(uid)
    if array.dtype.kind == "i" and array.size and array.min() < 0:
        raise ValueError(f"a uid must not be negative, got {array.min()}")
    return as_words(array)


def _mix_int(x: int, k1: int, k2: int) -> int:
    """One uid through the mix in Python integers: thirty times quicker than an array of one."""
    x ^= k1
    x ^= x >> SHIFTS[0]
    x = x * MULTIPLIERS[0] & MASK
    x ^= x >> SHIFTS[1]
    x = (x ^ k2) * MULTIPLIERS[1] & MASK
    return x ^ (x >> SHIFTS[2])


def _numbers(size: int) -> NDArray[np.int32]:
    """Numbers from 0 on, a part of a list that is kept and grows; only to be read."""
    global _counted
    if size > _counted.size:
        _counted = np.arange(2 * size, dtype=np.int32)
    return _counted[:size]
