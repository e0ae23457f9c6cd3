"""Traits of a newborn: like the mother as far as traits run in families, and stationary over generations.

A trait with mother-child correlation ``r`` is ``r * mother + sqrt(1 - r^2) * luck``: mean and spread of the
population stay what they are. A limitation with national share ``p`` that a child of an affected mother has with
chance ``q`` befalls other children with chance ``p (1 - q) / (1 - p)``, so that the share stays ``p``.
"""

from __future__ import annotations

from math import sqrt
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from wijksim.core.rng import derive_uid
from wijksim.kernel.kept import Kept
from wijksim.mechanisms.demography import trait_loops
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


LUCK: tuple[str, ...] = (
    "cognitive", "ability", "frailty", "nuisance", "uptake", "contributor", "skills", "milieu",
)  # fmt: skip
_MINDS = LUCK.index("cognitive"), LUCK.index("ability"), LUCK.index("frailty")
_MANNERS = LUCK.index("contributor"), LUCK.index("milieu"), LUCK.index("skills")
_NUISANCE, _UPTAKE = LUCK.index("nuisance"), LUCK.index("uptake")
_NUMBERS = np.arange(len(LUCK), dtype=np.uint64)
_EVEN = itemgetter("demography.contributor_share", "demography.language_closing", "demography.milieus")
_LEAST = float(np.finfo(np.float64).eps) / 2  # the quantile of zero is not finite


type _Pair = tuple[float, float]
type _Triple = tuple[float, float, float]
type _Places = tuple[int, int, int]
type _Known = tuple[
    _Places, _Places, _Triple, _Pair, _Pair, _Triple, tuple[float, float, float, float], tuple[int, int], _Pair, _Pair
]  # fmt: skip


def _known(value: dict[str, float]) -> _Known:
    """What parameters make of traits, as ``trait_loops.traits`` takes it."""
    share, affected = value["demography.cognitive_share"], value["demography.cognitive_mother"]
    limited = affected, share * (1 - affected) / (1 - share), value["demography.ability_cognitive"]
    kept = value["demography.ability_correlation"], value["demography.frailty_correlation"]
    # skills that the child will grow up to have: around the national mean, part of the way to the mother's
    mean, deviation = value["demography.skills_mean"], value["demography.skills_spread"]
    correlation = value["demography.skills_correlation"]
    skilled = mean, deviation, correlation, _rest(correlation)
    spread, need = value["demography.nuisance_spread"], value["demography.uptake_need_correlation"]
    return (
        _MINDS, _MANNERS, limited, kept, (_rest(kept[0]), _rest(kept[1])), _EVEN(value), skilled,
        (_NUISANCE, _UPTAKE), (spread, spread**2 / 2), (need, _rest(need)),
    )  # fmt: skip


_KNOWN = Kept(_known)


def give_traits(ctx: Context, rows: Rows) -> None:
    """Write the traits of newborn ``rows``; without a known mother the mean of the population stands in."""
    table, known = ctx.world.resident, _KNOWN(ctx.values)
    # one draw for all traits: one stream per trait would cost more than all the rest of a birth
    uid = derive_uid("trait", table.uid.take(rows)[:, None], _NUMBERS)
    luck = ctx.draws.life("demography.trait", uid.reshape(-1)).reshape(uid.shape)
    normal = np.maximum(luck, _LEAST)
    ndtri(normal, out=normal)
    intensity, uptake = np.empty((2, rows.size))
    trait_loops.traits(
        rows, table.mother, luck, normal, table.cognitive, table.ability, table.frailty, table.contributor,
        table.language, table.skills, table.milieu, intensity, uptake, *known,
    )  # fmt: skip
    table.nuisance_intensity[rows] = np.exp(intensity, out=intensity)
    table.uptake[rows] = ndtr(uptake, out=uptake)


def _rest(correlation: float) -> float:
    """Weight of luck beside what has this correlation: the spread stays one."""
    return sqrt(1 - correlation**2)
