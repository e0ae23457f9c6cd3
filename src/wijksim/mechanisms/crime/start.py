"""Pasts of those who are there at the start or come from outside, drawn from the stationary profile."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.core.variates import to_exponential
from wijksim.kernel.context import Context
from wijksim.kernel.kept import Kept
from wijksim.mechanisms.crime import loops
from wijksim.mechanisms.crime.cohort import ACTIVE, OLDEST, PARAMETERS, Profile, profile, retention
from wijksim.mechanisms.crime.luck import AtHand
from wijksim.state.table import Rows

type _Given = tuple[float, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]

_GIVEN = itemgetter(*PARAMETERS)
_TINY = float(np.finfo(np.float64).tiny)
_LONG_AGO = int(np.iinfo(np.int16).min)
# victimisations further back are forgotten by all measures of them
_VICTIMS = tuple(Stream(f"crime.start_victim_{turn}") for turn in ("last", "before", "earlier"))
_TURNS = len(_VICTIMS)
_LUCK = AtHand(*(Stream(f"crime.start{of}") for of in ("", "_record", "_memory")), *_VICTIMS)


@lru_cache(maxsize=2**4)
def _profile(values: tuple[float, ...]) -> Profile:
    return profile(dict(zip(PARAMETERS, values, strict=True)))


@Kept
def national(values: dict[str, float]) -> Profile:
    """Profile under the parameters in force, kept as long as they stay the same."""
    return _profile(_GIVEN(values))


@Kept
def _numbers(values: dict[str, float]) -> tuple[Profile, _Given, float, float, float]:
    """Profile, what :func:`loops.pasts` takes of parameters, and of victims the age, monthly rate and retention."""
    known = national(values)
    return (
        known, (values["kernel.probability_cap"], known.share, known.record, known.memory),
        values["crime.victim_from"], values["crime.victim_rate"] / MONTHS_PER_YEAR,
        retention(values["crime.victim_half_life"]),
    )  # fmt: skip


def pasts(ctx: Context, rows: Rows, odds: NDArray[np.float64], *, lane: int) -> None:
    """Give ``rows`` a stage, a record and a memory of cases as their age and reasons have it.

    Also draw when each of them was a victim before, from the stationary process.

    Parameters
    ----------
    odds
        Recruitment of each of ``rows`` against the national rate.
    """
    resident, size = ctx.world.resident, rows.size
    uid, age = resident.uid, resident.age
    known, given, first, rate, kept = _numbers(ctx.values)
    stage_key, record_key, *keys = _LUCK(ctx, lane, (uid, rows))
    grown, active = np.empty((2, size + 1), np.int32)
    luck = np.empty((1 + _TURNS) * size)
    count = loops.newcomers(rows, age, first, uid, grown, luck, *keys)
    luck = luck[: size + _TURNS * count]
    # times since cases are spread widely: an exponential memory has the right mean, which is all that hazards see
    to_exponential(luck)
    offenders = loops.pasts(
        rows, stage_key, record_key, luck, odds, uid, age, *given, resident.crime_stage, resident.record,
        resident.case_memory, active,
    )  # fmt: skip
    if offenders:
        _detained(ctx, active[:offenders], known, lane=lane)
    if count and rate > 0:
        since, grown = luck[size:].reshape(_TURNS, count), grown[:count]
        loops.looked_back(since, rate, ctx.month, _LONG_AGO, grown, resident.victim_last)
        resident.victim_memory[grown] = np.add.reduce(kept**since, axis=0)


def _detained(ctx: Context, active: Rows, known: Profile, *, lane: int) -> None:
    """Hold as many as are held in the long run: cases times share held over the rate of release."""
    resident, values = ctx.world.resident, ctx.values
    release = values["crime.release_rate"]
    if release <= 0:
        return
    age = np.minimum(resident.age[active], OLDEST)
    share = np.maximum(known.share[age, ACTIVE], _TINY)
    rate = values["crime.offence_active"] + known.memory[age, ACTIVE] / share * values["crime.again_adult"]
    rate *= values["crime.detention_share"]
    luck = ctx.draws.uniform("crime.start_detained", resident.uid[active], ctx.month, lane)
    resident.detained[active[luck < rate / (rate + release)]] = True
