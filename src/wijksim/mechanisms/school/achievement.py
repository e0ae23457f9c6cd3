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
from wijksim.mechanisms.school import hours, learning_loops, programmes
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


def _standard(values: NDArray[np.floating], moments: tuple[float, float]) -> Floats:
    mean, deviation = moments
    result: Floats = (
        (values.astype(np.float64) - mean) / deviation if deviation > 0 else np.zeros(values.size)
    )
    return result


def calm(ctx: Context) -> None:
    """Calm and stability of every home with children: no stress, noise, debts or recent move (rust in huis)."""
    household, value = ctx.world.household, ctx.values
    homes = np.flatnonzero(household.children > 0)
    head = household.head[homes]
    unrest = (
        value["school.calm_stress"] * ctx.world.resident.stress.take(head, mode="wrap")
        + value["school.calm_nuisance"] * household.nuisance_often[homes]
        + value["school.calm_debt"] * household.problem_debt[homes]
        + value["school.calm_move"] * (household.moved_in[homes] > ctx.month - value["school.calm_months"])
    )
    household.home_calm[homes] = np.clip(1 - unrest, 0, 1)


def target(ctx: Context, rows: Rows, *, settled: bool = True) -> Floats:
    """Achievement to which pupils move; ``settled`` False leaves out what is not known while a world is built."""
    table, value = ctx.world.resident, ctx.values
    own, home, peace = _WEIGHTS(value)
    # ability runs in families, so part of what parents give is in it already
    common = own * value["demography.ability_correlation"]
    luck = sqrt(max(1 - own**2 - home**2 - peace**2 - 2 * own * home * common, 0.0))
    z = np.empty(rows.size)
    learning_loops.aims(
        rows, table.ability, _known(ctx, "ability") or national(ctx, "ability", table.ability[rows], rows),
        table.parents, _known(ctx, "parents") or _of_parents(ctx, rows), table.school_luck, (own, home, luck), z,
    )  # fmt: skip
    if settled:
        rest = ctx.world.gather("resident", rows, "household.home_calm")
        at_home = rest > 0
        z += peace * np.where(
            at_home, _standard(rest, national(ctx, "calm", rest[at_home], rows[at_home])), 0
        )
        mean, _ = national(ctx, "peers", table.peers[rows], rows)
        z += value["school.achievement_peers"] * (table.peers[rows] - mean) / TEN_POINTS
        short = ctx.world.school.shortage.take(table.school[rows], mode="wrap")
        lack = np.where(table.school[rows] >= 0, short - value["school.shortage_level"], 0)
        z += value["school.achievement_shortage"] * lack
        z += hours.gain(ctx, table.extra_hours[rows])
    return z


def learn(ctx: Context, rows: Rows) -> None:
    """Move achievement, and attendance with it, one quarter on."""
    table, value = ctx.world.resident, ctx.values
    fraction = step_fraction(value["school.achievement_half_life"] / MONTHS_PER_QUARTER)
    state = table.achievement[rows].astype(np.float64)
    table.achievement[rows] = state + (target(ctx, rows) - state) * fraction
    table.attendance[rows] = attend(ctx, rows)


def attend(ctx: Context, rows: Rows) -> Floats:
    """Part of the lessons attended: lower with stress and where home is not calm."""
    table, value = ctx.world.resident, ctx.values
    stress = table.stress[rows]
    rest = ctx.world.gather("resident", rows, "household.home_calm")
    at_home = rest > 0
    level = np.full(rows.size, logit(value["school.attendance_level"]))
    level -= value["school.attendance_stress"] * _standard(stress, national(ctx, "stress", stress, rows))
    moments = national(ctx, "calm", rest[at_home], rows[at_home])
    level += value["school.attendance_calm"] * np.where(at_home, _standard(rest, moments), 0)
    return np.asarray(logistic(level))


def advised(ctx: Context, rows: Rows, heard: Floats | None = None) -> NDArray[np.int8]:
    """Advice of the primary school (schooladvies) as a track, biased against pupils of low income (EDU-07).

    ``heard`` says per resident which part of the bias somebody undoes who speaks up for the pupil.
    """
    table, value, household = ctx.world.resident, ctx.values, ctx.world.household
    track = np.empty(rows.size, np.int8)
    learning_loops.advise(
        rows, table.household, household.income_fifth, table.achievement, value["school.advice_bias"],
        value["school.low_income_share"], _NOBODY if heard is None else heard, _cuts(_SHARES(value)), track,
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
    mean = school.pupils @ school.disadvantaged / max(float(school.pupils.sum()), 1)
    wanted = value["school.shortage_level"] + value["school.shortage_composition"] * (
        school.disadvantaged - mean
    )
    wanted = np.clip(wanted - programmes.filled(ctx), 0, 1)
    school.shortage[:] += (wanted - school.shortage) * step_fraction(
        value["school.shortage_half_life"] / MONTHS_PER_QUARTER
    )
