"""What pupils learn: ability, the parental home, calm at home, classmates, teachers, hours, and luck.

``z = .6 ability + .2 education of the parents + .1 calm at home - .03 per 10 points of disadvantaged classmates``
plus luck for life, every driver standardised on the pupils of the national reference. Hours beyond the timetable act
with a prior around zero (EDU-12 to EDU-14): a home that is calm does more.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from wijksim.core.units import MONTHS_PER_QUARTER, PERCENT
from wijksim.kernel.relax import logistic, logit, step_fraction
from wijksim.mechanisms.school import learning_loops, programmes
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

UNKNOWN = -1
TEN_POINTS = PERCENT / 1000  # ten per cent as a share
ADVICE: tuple[str, ...] = ("basic", "theoretical", "havo", "vwo")

_MOMENTS = "school.achievement|"
_WEIGHTS = itemgetter(*(f"school.achievement_{name}" for name in ("ability", "parents", "calm")))
_SHARES = itemgetter(*(f"school.advice_share_{name}" for name in ADVICE))
_CALM = itemgetter(*(f"school.calm_{name}" for name in ("stress", "nuisance", "debt", "move")))
_NOBODY = np.empty(0)


def national(ctx: Context, key: str, values: NDArray[np.floating], rows: Rows) -> tuple[float, float]:
    """Mean and deviation of a driver among pupils of the national reference, kept with the other moments."""
    known = _known(ctx, key)
    if known is not None:
        return known
    name = f"{_MOMENTS}{key}"
    weight = ctx.reference.weights(ctx, "resident")[rows]
    total = weight.sum()
    if total <= 0:
        return 0.0, 1.0
    mean = float((weight * values).sum() / total)
    variance = float((weight * (values - mean) ** 2).sum() / total)
    return ctx.reference.remember(name, [mean, float(np.sqrt(max(variance, 0.0)))])


def _known(ctx: Context, key: str) -> tuple[float, float] | None:
    """Moments of a driver as far as they have been measured; None while they are (still) to be."""
    known = ctx.reference.stored.get(f"{_MOMENTS}{key}")
    if known is None or ctx.reference.tracking:
        return None
    return float(known[0]), float(known[1])


def _of_parents(ctx: Context, rows: Rows) -> tuple[float, float]:
    """Moments of the education of parents, of pupils of whom it is known."""
    parents = ctx.world.resident.parents[rows].astype(np.float64)
    known = parents >= 0
    return national(ctx, "parents", parents[known], rows[known])


def _of_calm(ctx: Context, rows: Rows) -> tuple[float, float]:
    """Moments of the calm of homes, of pupils who have one."""
    known = _known(ctx, "calm")
    if known is not None:
        return known
    rest = ctx.world.gather("resident", rows, "household.home_calm")
    at_home = rest > 0
    return national(ctx, "calm", rest[at_home], rows[at_home])


def report(ctx: Context, rows: Rows, tracks: int) -> None:
    """Calm of every home with children (rust in huis), who counts as disadvantaged, and who sits with whom.

    Calm is no stress, noise, debts or recent move. There are so many ``tracks``.
    """
    table, household, school, value = ctx.world.resident, ctx.world.household, ctx.world.school, ctx.values
    learning_loops.reported(
        rows, household.children, household.head, table.stress, household.nuisance_often, household.problem_debt,
        household.moved_in, ctx.month - value["school.calm_months"], _CALM(value), household.home_calm, table.role,
        table.household, table.education, household.income_fifth, int(value["school.low_parents"]), table.parents,
        table.disadvantaged, table.school, table.track, tracks, school.pupils, school.disadvantaged, table.peers,
    )  # fmt: skip


def measured(ctx: Context) -> bool:
    """Whether moments of ability and of the education of parents are known."""
    return _known(ctx, "ability") is not None and _known(ctx, "parents") is not None


def innate(ctx: Context, rows: Rows) -> learning_loops.Innate:
    """Moments of ability and of the education of parents, and weights of both and of luck."""
    value = ctx.values
    own, home, peace = _WEIGHTS(value)
    # ability runs in families, so part of what parents give is in it already
    common = own * value["demography.ability_correlation"]
    luck = sqrt(max(1 - own**2 - home**2 - peace**2 - 2 * own * home * common, 0.0))
    of_ability = _known(ctx, "ability") or national(ctx, "ability", ctx.world.resident.ability[rows], rows)
    return of_ability, _known(ctx, "parents") or _of_parents(ctx, rows), (own, home, luck)


def target(ctx: Context, rows: Rows, *, settled: bool = True) -> Floats:
    """Achievement to which pupils move; ``settled`` False leaves out what is not known while a world is built."""
    table, z = ctx.world.resident, np.empty(rows.size)
    learning_loops.aims(rows, table.ability, table.parents, table.school_luck, innate(ctx, rows), z)
    if settled:
        learning_loops.surroundings(rows, *_surroundings(ctx, rows), z)
    return z


def _surroundings(ctx: Context, rows: Rows) -> learning_loops.Surroundings:
    """What :func:`learning_loops.surroundings` takes."""
    table, value = ctx.world.resident, ctx.values
    of_peers = _known(ctx, "peers") or national(ctx, "peers", table.peers[rows], rows)
    weights = (
        _WEIGHTS(value)[-1], value["school.achievement_peers"], value["school.achievement_shortage"],
        value["school.extra_hours_effect"],
    )  # fmt: skip
    return (
        table.household, ctx.world.household.home_calm, _of_calm(ctx, rows), table.peers, of_peers[0], table.school,
        ctx.world.school.shortage, value["school.shortage_level"], table.extra_hours, weights, TEN_POINTS,
        value["school.extra_hours_full"],
    )  # fmt: skip


def learn(ctx: Context, rows: Rows) -> None:
    """Move achievement, and attendance with it, one quarter on."""
    table, value, level = ctx.world.resident, ctx.values, np.empty(rows.size)
    fraction = step_fraction(value["school.achievement_half_life"] / MONTHS_PER_QUARTER)
    born, around = innate(ctx, rows), _surroundings(ctx, rows)
    learning_loops.learnt(
        rows, table.ability, table.parents, table.school_luck, born, *around, fraction, table.stress,
        *_attendance(ctx, rows), table.achievement, level,
    )  # fmt: skip
    table.attendance[rows] = logistic(level)


def attend(ctx: Context, rows: Rows) -> Floats:
    """Part of the lessons attended: lower with stress and where home is not calm."""
    table, level = ctx.world.resident, np.empty(rows.size)
    of_stress, weights, usual = _attendance(ctx, rows)
    learning_loops.attending(
        rows, table.stress, of_stress, table.household, ctx.world.household.home_calm, _of_calm(ctx, rows), weights,
        usual, level,
    )  # fmt: skip
    return np.asarray(logistic(level))


def _attendance(ctx: Context, rows: Rows) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Moments of stress, weights of stress and calm, and the usual part of the lessons attended, as log odds."""
    table, value = ctx.world.resident, ctx.values
    of_stress = _known(ctx, "stress") or national(ctx, "stress", table.stress[rows], rows)
    weights = value["school.attendance_stress"], value["school.attendance_calm"]
    return of_stress, weights, float(logit(value["school.attendance_level"]))


def advice(ctx: Context) -> tuple[tuple[float, float], Floats]:
    """Bias against pupils of the lowest income fifth with the part they usually are, and limits between tracks."""
    value = ctx.values
    return (value["school.advice_bias"], value["school.low_income_share"]), _cuts(_SHARES(value))


def advised(ctx: Context, rows: Rows, heard: Floats | None = None) -> NDArray[np.int8]:
    """Advice of the primary school (schooladvies) as a track, biased against pupils of low income (EDU-07).

    ``heard`` says per resident which part of the bias somebody undoes who speaks up for the pupil.
    """
    table, household, track = ctx.world.resident, ctx.world.household, np.empty(rows.size, np.int8)
    (bias, usual), cuts = advice(ctx)
    learning_loops.advise(
        rows, table.household, household.income_fifth, table.achievement, bias, usual,
        _NOBODY if heard is None else heard, cuts, track,
    )  # fmt: skip
    return track


@lru_cache(maxsize=64)
def _cuts(weights: tuple[float, ...]) -> Floats:
    """Limits of a standard normal score between tracks."""
    shares = np.array(weights) / sum(weights)
    cuts: Floats = ndtri(np.cumsum(shares)[:-1])
    return cuts


def shortages(ctx: Context) -> None:
    """Unfilled teaching posts: schools with many disadvantaged pupils find teachers less easily."""
    school, value = ctx.world.school, ctx.values
    mean = float(school.pupils @ school.disadvantaged) / max(float(np.add.reduce(school.pupils)), 1.0)
    learning_loops.shortened(
        school.disadvantaged, mean, value["school.shortage_level"], value["school.shortage_composition"],
        programmes.filled(ctx), step_fraction(value["school.shortage_half_life"] / MONTHS_PER_QUARTER), school.shortage,
    )  # fmt: skip
