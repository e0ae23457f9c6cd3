"""How well organisations work together: a level between each pair, and what it leaves of help that needs several.

The level of a pair runs from 0 to 1 and is symmetric: the share of referrals between the two that arrive, and the
part of the effect that is kept where both have to act (ASM-13). It starts at the value of its parameter
``cooperation.<one>_<other>``. A lever may ``set_value`` that parameter, or ``scale`` by that name the odds of the
pair by district, or under ``cooperation`` those of all pairs: shares are scaled on the logit and stay within 0 and 1.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import combinations
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.relax import logistic
from wijksim.state.roles import ASKED, N_PARTNERS, Ask, Partner

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

ALL_PAIRS = "cooperation"
PAIRS: tuple[tuple[Partner, Partner], ...] = tuple(combinations(Partner, 2))
WITHIN = "cooperation.within"


def pair_name(one: Partner, other: Partner) -> str:
    """Parameter, and target of ``scale``, that holds the level of a pair in either order."""
    if one == other:
        return WITHIN
    first, second = sorted((one, other))
    return f"{ALL_PAIRS}.{first.key}_{second.key}"


_NAMES = tuple(pair_name(one, other) for one, other in PAIRS)
_SCALED = (ALL_PAIRS, WITHIN, *_NAMES)
_GIVEN = itemgetter(*_NAMES)


@lru_cache(maxsize=8)
def _matrix(given: tuple[float, ...], within: float) -> Floats:
    """Level between each two kinds of organisation, shape ``(partners, partners)``, as parameters have it.

    The diagonal holds the level between two organisations or departments of one kind.
    """
    levels = np.full((N_PARTNERS, N_PARTNERS), within)
    for (one, other), level in zip(PAIRS, given, strict=True):
        levels[one, other] = levels[other, one] = level
    levels.flags.writeable = False
    return levels


@lru_cache(maxsize=8)
def _everywhere(given: tuple[float, ...], within: float, districts: int) -> Floats:
    return np.broadcast_to(_matrix(given, within), (districts, N_PARTNERS, N_PARTNERS))


@lru_cache(maxsize=8)
def _usual(
    given: tuple[float, ...], within: float, districts: int, most: float
) -> tuple[Floats, Floats, Floats]:
    return _followed(_everywhere(given, within, districts).copy(), most)


def in_force(ctx: Context, most: float) -> tuple[Floats, Floats, Floats]:
    """What :func:`levels` holds this month, its :func:`mean_level`, and what is :func:`kept`."""
    if not _moved(ctx):
        return _usual(_GIVEN(ctx.values), ctx.values[WITHIN], ctx.world.n_districts, most)
    return _followed(levels(ctx), most)


def _followed(level: Floats, most: float) -> tuple[Floats, Floats, Floats]:
    level.flags.writeable = False
    return level, mean_level(level), kept(level, most)


def _moved(ctx: Context) -> bool:
    """Whether levers move any level this month."""
    return ctx.effects.scales and ctx.effects.touch_any(_SCALED)


def levels(ctx: Context) -> Floats:
    """Levels in force this month by district, levers included, shape ``(districts, partners, partners)``."""
    effects, n = ctx.effects, ctx.world.n_districts
    if not _moved(ctx):
        return _everywhere(_GIVEN(ctx.values), ctx.values[WITHIN], n)
    moves = tuple(
        (name, offsets.tobytes())
        for name in _SCALED
        if (offsets := effects.offsets(name, "district")) is not None
    )
    return _shifted(_GIVEN(ctx.values), ctx.values[WITHIN], n, moves).copy()


@lru_cache(maxsize=8)
def _shifted(
    given: tuple[float, ...], within: float, districts: int, moves: tuple[tuple[str, bytes], ...]
) -> Floats:
    """Levels by district, moved by the logs by district of what levers do to the odds; the same for many months."""
    plain = _matrix(given, within)
    change, offsets = np.zeros((districts, *plain.shape)), {}
    for name, content in moves:
        offsets[name] = np.frombuffer(content)
    if ALL_PAIRS in offsets:
        change += offsets[ALL_PAIRS][:, None, None]
    if WITHIN in offsets:
        change[:, range(N_PARTNERS), range(N_PARTNERS)] += offsets[WITHIN][:, None]
    for (one, other), name in zip(PAIRS, _NAMES, strict=True):
        if name in offsets:
            change[:, one, other] += offsets[name]
            change[:, other, one] += offsets[name]
    moved = np.broadcast_to(plain, change.shape).copy()
    # nobody who never refers can be brought to it by a ratio, nor can perfection be improved
    inner = (change != 0) & (moved > 0) & (moved < 1)
    odds = np.log(moved[inner] / (1 - moved[inner])) + change[inner]
    moved[inner] = logistic(odds)
    return moved


def mean_level(by_district: Floats) -> Floats:
    """Mean over the pairs, shape ``(districts,)``."""
    return _mean_level(by_district.tobytes(), by_district.shape[0])


@lru_cache(maxsize=8)
def _mean_level(content: bytes, districts: int) -> Floats:
    by_district = np.frombuffer(content).reshape(districts, N_PARTNERS, N_PARTNERS)
    first, second = np.array(PAIRS).T
    result: Floats = by_district[:, first, second].mean(axis=1)
    result.flags.writeable = False
    return result


def kept(by_district: Floats, most: float) -> Floats:
    """Part of an effect that is kept, by district and set of asks, shape ``(districts, 2 ** asks)``.

    The asks of a case are the bits of a byte. With ``n`` organisations needed the effect is kept ``n - 1`` times at
    the mean level of their pairs (the geometric mean), ``n`` counted up to ``most``; so levels that are all equal
    to 0.6 give ``0.6 ** (n - 1)``.
    """
    return _kept(by_district.tobytes(), by_district.shape[0], most)


@lru_cache(maxsize=8)
def _kept(content: bytes, districts: int, most: float) -> Floats:
    by_district = np.frombuffer(content).reshape(districts, N_PARTNERS, N_PARTNERS)
    result = np.ones((districts, 2 ** len(Ask)))
    for number, (asks, first, second) in _asked_together().items():
        power = (min(number, most) - 1) / first.shape[1]
        result[:, asks] = by_district[:, first, second].prod(axis=2) ** power
    result.flags.writeable = False
    return result


@cache
def _asked_together() -> dict[int, tuple[Rows, Rows, Rows]]:
    """By number of organisations needed: sets of asks that need as many, and both sides of the pairs of each set."""
    found: dict[int, list[tuple[int, list[tuple[Partner, Partner]]]]] = {}
    for asks in range(2 ** len(Ask)):
        needed = [ASKED[ask] for ask in Ask if asks >> ask & 1]
        pairs = list(combinations(needed, 2))
        if pairs:
            found.setdefault(len(needed), []).append((asks, pairs))
    result = {}
    for number, sets in found.items():
        first, second = np.moveaxis(np.array([pairs for _, pairs in sets]), 2, 0)
        result[number] = (np.array([asks for asks, _ in sets]), first, second)
    return result
