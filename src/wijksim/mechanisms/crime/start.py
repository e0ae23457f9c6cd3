"""Careers at the start: where a cohort stands at each age if it lives by today's national rates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.crime.columns import MIN_MONTH, Career
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_OLDEST = int(np.iinfo(np.int8).max)


def cohort(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Share of a cohort in each stage by age, shape ``(ages, 4)``: a Markov chain from birth on."""
    month = {name: 1 - np.exp(-values[f"crime.{name}"] / MONTHS_PER_YEAR) for name in _RATES}
    state = np.array([1.0, 0.0, 0.0, 0.0])
    by_age = np.zeros((_OLDEST, len(Career)))
    for age in range(_OLDEST):
        by_age[age] = state
        young = values["crime.youth_from"] <= age < values["crime.youth_to"]
        grown = values["crime.youth_to"] <= age < values["crime.adult_to"]
        desist = month["desist_young"] if age < values["crime.youth_to"] else month["desist_grown"]
        step = np.eye(len(Career))
        _move(step, Career.NONE, Career.FRINGE, month["recruit_rate"] if young else 0)
        _move(step, Career.NONE, Career.ACTIVE, month["adult_rate"] if grown else 0)
        _move(step, Career.FRINGE, Career.ACTIVE, month["advance_rate"])
        _move(step, Career.FRINGE, Career.NONE, month["drift_rate"])
        _move(step, Career.ACTIVE, Career.FORMER, desist)
        _move(step, Career.FORMER, Career.ACTIVE, month["relapse_rate"])
        state = state @ np.linalg.matrix_power(step, MONTHS_PER_YEAR)
    return by_age


_RATES = (
    "recruit_rate", "advance_rate", "drift_rate", "adult_rate", "desist_young", "desist_grown", "relapse_rate",
)  # fmt: skip


def _move(step: NDArray[np.float64], one: Career, other: Career, chance: float) -> None:
    step[one, other] += chance
    step[one, one] -= chance


def draw_careers(
    ctx: Context, rows: Rows, ratio: NDArray[np.float64], *, by_age: NDArray[np.float64]
) -> None:
    """Give ``rows`` a stage, and active and former offenders a past.

    Parameters
    ----------
    ratio
        How much more likely than others of the age each is to have begun, mean 1 in the country.
    by_age
        As from :func:`cohort`.
    """
    resident, values = ctx.world.resident, ctx.values
    uid = resident.uid[rows]
    share = by_age[np.minimum(resident.age[rows], _OLDEST - 1)][:, 1:] * ratio[:, None]
    total = share.sum(axis=1)
    # nobody is more likely to have begun than not to
    share *= np.minimum(1, values["kernel.probability_cap"] / np.maximum(total, np.finfo(np.float32).tiny))[
        :, None
    ]
    stage = (ctx.draws.life("crime.career", uid)[:, None] < np.cumsum(share[:, ::-1], axis=1)).sum(axis=1)
    resident.career[rows] = stage
    begun = rows[stage >= Career.ACTIVE]
    grown = resident.age[begun] >= values["crime.youth_to"]
    leave = np.where(grown, values["crime.desist_grown"], values["crime.desist_young"])
    rate = values["crime.offence_rate"]
    seen = ctx.draws.life("crime.known", resident.uid[begun])
    spell = ctx.draws.life("crime.spell", resident.uid[begun])
    # time since the latest registration is exponential; who has never been registered in a spell stays unknown
    since = -np.log1p(-spell) / rate * MONTHS_PER_YEAR
    known = seen < rate / (rate + leave)
    resident.suspect_before[begun] = known
    resident.offence_last[begun] = np.where(
        known, ctx.month - 1 - np.minimum(since, -MIN_MONTH // 2), MIN_MONTH
    )
