"""Health of a new world: who bears which problem, and what the past year left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.health.self_exciting import branching_ratio, retention
from wijksim.state.codes import Activity
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_WITHOUT_WORK = (
    int(Activity.UNEMPLOYED),
    int(Activity.ASSISTANCE),
    int(Activity.INCAPACITY),
    int(Activity.OTHER),
)


def bearers(ctx: Context, adults: Rows, problem: str, *, share: float) -> Rows:
    """Adults with the problem at the start: chances follow frailty and work, the national share is as given."""
    table, values = ctx.world.resident, ctx.values
    without = np.isin(table.activity[adults], _WITHOUT_WORK)
    power = table.frailty[adults] * np.log(values["health.onset_hr_frailty"])
    power = power + without * np.log(values["health.onset_hr_no_work"])
    raised = np.exp(np.clip(power, -values["kernel.hazard_clip"], values["kernel.hazard_clip"]))
    weight = ctx.reference.weights(ctx, "resident")
    mean = float((weight[adults] * raised).sum() / max(weight.sum(), np.finfo(np.float64).tiny))
    if mean <= 0:
        return adults[:0]
    u = ctx.draws.life(f"health.{problem}_start", table.uid[adults])
    chosen: Rows = adults[u < np.minimum(raised * share / mean, ctx.values["kernel.probability_cap"])]
    return chosen


def past_addiction(ctx: Context, adults: Rows) -> None:
    """Former addicts in the ratio at which flows into and out of remission are equal."""
    table, values = ctx.world.resident, ctx.values
    out = values["health.addiction_relapse_rate"] + values["health.addiction_lasting_rate"]
    ratio = values["health.addiction_remission_rate"] / out if out > 0 else 0.0
    never = adults[~table.addiction[adults]]
    share = values["health.addiction_share"] * ratio
    table.addiction_past[bearers(ctx, never, "addiction_past", share=share)] = True


def remember_crises(ctx: Context, adults: Rows) -> None:
    """Reports of the past year, from the base rates."""
    table, values = ctx.world.resident, ctx.values
    repeats = 1 / (1 - branching_ratio(values, "health.crisis"))
    ill = table.psychiatric[adults]
    rate = (
        np.where(ill, values["health.crisis_rate_psychiatric"], values["health.crisis_rate_other"]) * repeats
    )
    uid = table.uid[adults]
    past = np.flatnonzero(ctx.draws.life("health.crisis_past", uid) < -np.expm1(-rate))
    months = np.floor(ctx.draws.life("health.crisis_when", uid[past]) * MONTHS_PER_YEAR)
    table.crisis_memory[adults[past]] = retention(values["health.crisis_half_life"]) ** months
    table.crisis_last[adults[past]] = ctx.month - 1 - months.astype(np.int16)
