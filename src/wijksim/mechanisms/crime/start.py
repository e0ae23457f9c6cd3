"""Pasts of those who are there at the start or come from outside, drawn from the stationary profile."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.core.variates import to_exponential
from wijksim.kernel.context import Context
from wijksim.mechanisms.crime import loops
from wijksim.mechanisms.crime.cohort import ACTIVE, OLDEST, PARAMETERS, Profile, profile, retention
from wijksim.state.table import Rows

_GIVEN = itemgetter(*PARAMETERS)
_TINY = float(np.finfo(np.float64).tiny)
_LONG_AGO = int(np.iinfo(np.int16).min)
# victimisations further back are forgotten by all measures of them
_EARLIER = tuple(f"crime.start_victim_{turn}" for turn in ("last", "before", "earlier"))


@lru_cache(maxsize=2**4)
def _profile(values: tuple[float, ...]) -> Profile:
    return profile(dict(zip(PARAMETERS, values, strict=True)))


def national(ctx: Context) -> Profile:
    """Profile under the parameters in force, kept as long as they stay the same."""
    return _profile(_GIVEN(ctx.values))


def pasts(ctx: Context, rows: Rows, odds: NDArray[np.float64], *, lane: int) -> None:
    """Give ``rows`` a stage, a record and a memory of cases as their age and reasons have it.

    Parameters
    ----------
    odds
        Recruitment of each of ``rows`` against the national rate.
    """
    resident, values = ctx.world.resident, ctx.values
    known = national(ctx)
    uid = resident.uid.take(rows)
    luck = ctx.draws.uniform("crime.start", uid, ctx.month, lane)
    marked = ctx.draws.uniform("crime.start_record", uid, ctx.month, lane)
    # times since cases are spread widely: an exponential memory has the right mean, which is all that hazards see
    spread = ctx.draws.exponential("crime.start_memory", uid, ctx.month, lane)
    active = np.empty(rows.size + 1, dtype=np.int32)
    count = loops.pasts(
        rows, resident.age, odds, luck, marked, spread, values["kernel.probability_cap"], known.share, known.record,
        known.memory, resident.crime_stage, resident.record, resident.case_memory, active,
    )  # fmt: skip
    _detained(ctx, active[:count], known, lane=lane)


def _detained(ctx: Context, active: Rows, known: Profile, *, lane: int) -> None:
    """Hold as many as are held in the long run: cases times share held over the rate of release."""
    resident, values = ctx.world.resident, ctx.values
    release = values["crime.release_rate"]
    if release <= 0 or active.size == 0:
        return
    age = np.minimum(resident.age[active], OLDEST)
    share = np.maximum(known.share[age, ACTIVE], _TINY)
    rate = values["crime.offence_active"] + known.memory[age, ACTIVE] / share * values["crime.again_adult"]
    rate *= values["crime.detention_share"]
    luck = ctx.draws.uniform("crime.start_detained", resident.uid[active], ctx.month, lane)
    resident.detained[active[luck < rate / (rate + release)]] = True


def past_victims(ctx: Context, rows: Rows, *, lane: int) -> None:
    """Draw when each of ``rows`` was a victim before, from the stationary process."""
    resident, values = ctx.world.resident, ctx.values
    rows = rows[resident.age.take(rows) >= values["crime.victim_from"]]
    rate = values["crime.victim_rate"] / MONTHS_PER_YEAR
    if rate <= 0 or rows.size == 0:
        return
    kept = retention(values["crime.victim_half_life"])
    uid, since = resident.uid.take(rows), np.empty((len(_EARLIER), rows.size))
    for turn, stream in enumerate(_EARLIER):
        since[turn] = ctx.draws.uniform(stream, uid, ctx.month, lane)
    to_exponential(since)
    loops.looked_back(since, rate, ctx.month, _LONG_AGO, rows, resident.victim_last)
    resident.victim_memory[rows] = np.add.reduce(kept**since, axis=0)
