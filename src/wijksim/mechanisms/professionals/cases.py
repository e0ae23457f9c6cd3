"""Life of a case: queue, intake, open with one worker, closed or dropped; and what the hours do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.professionals import posts
from wijksim.mechanisms.professionals.columns import NEVER
from wijksim.state.roles import CASE_ROLES, CaseStage, Profession
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

GIVE_UP = Event(
    "professionals.give_up", table="resident", base="professionals.give_up_rate",
    doc="A resident gives up waiting for help",
)
CLOSE = Event(
    "professionals.close", table="resident", base="professionals.close_rate",
    influences=(Influence("resident.need", "professionals.close_hr_need"),),
    doc="A case is closed because the goals are met",
)
DROP = Event(
    "professionals.drop", table="resident", base="professionals.drop_rate",
    influences=(
        Influence("resident.worker_new", "professionals.drop_hr_new_worker"),
        Influence("resident.trust", "professionals.drop_hr_trust", loop="trust"),
    ),
    doc="A client stays away before the goals are met",
)


def give_up(ctx: Context) -> None:
    """Part of the queue gives up (half-life six months); wellbeing reads ``gave_up`` and lowers trust."""
    table = ctx.world.resident
    table.gave_up[:] = False
    waiting = np.flatnonzero(table.case == CaseStage.QUEUE).astype(np.int32)
    gone = GIVE_UP.draw(ctx, waiting)
    table.gave_up[gone] = True
    _end(ctx, gone)


def open_cases(ctx: Context) -> None:
    """Finished intakes become open cases."""
    table = ctx.world.resident
    ready = np.flatnonzero((table.case == CaseStage.QUEUE) & (table.intake_left <= 0)).astype(np.int32)
    if ready.size:
        waited = (ctx.month - table.case_since[ready]).astype(np.int16)
        ctx.log.record("cases_opened", row=ready, uid=table.uid[ready], waited=waited)
    table.case[ready] = CaseStage.OPEN
    table.case_since[ready] = ctx.month


def end_cases(ctx: Context) -> None:
    """Close and drop cases; closing goes before dropping."""
    table, values = ctx.world.resident, ctx.values
    rows = np.flatnonzero(table.case == CaseStage.OPEN).astype(np.int32)
    if rows.size == 0:
        return
    duration = np.ones(len(Profession))
    for role in CASE_ROLES:
        duration[role] = values[f"professionals.case_speed_{role.key}"]
    dropped = DROP.draw(ctx, rows)
    closed = CLOSE.draw(ctx, rows, offset=np.log(duration)[table.case_role[rows]])
    if closed.size and dropped.size:
        dropped = dropped[~np.isin(dropped, closed)]
    for ended, stayed_away in ((closed, False), (dropped, True)):
        if ended.size:
            ctx.log.record(
                "cases_ended", row=ended, uid=table.uid[ended], dropped=np.full(ended.size, stayed_away)
            )
            table.case_closed[ended] = ctx.month
            _end(ctx, ended)


def hand_over(ctx: Context) -> None:
    """Residents who moved to another district get another worker."""
    resident, table = ctx.world.resident, ctx.world.professional
    led = np.flatnonzero(resident.worker >= 0)
    elsewhere = table.district[resident.worker[led]] != resident.district[led]
    posts.lose(ctx, led[elsewhere].astype(np.int32))


def assign(ctx: Context) -> None:
    """Give every open case without a worker to the colleague with the fewest cases per fte."""
    resident, table = ctx.world.resident, ctx.world.professional
    rows = np.flatnonzero((resident.case == CaseStage.OPEN) & (resident.worker < 0)).astype(np.int32)
    if rows.size == 0 or len(table) == 0:
        return
    led = resident.worker[resident.worker >= 0]
    load = np.bincount(led, minlength=table.size) + 0.0
    every = table.rows
    free = every[~(table.vacant[every] | table.sick[every]) & (table.fte[every] > 0)]
    n = ctx.world.n_districts
    place = table.role[free].astype(np.int64) * n + table.district[free]
    fte = table.fte[free]
    wanted = resident.case_role[rows].astype(np.int64) * n + resident.district[rows]
    order = np.lexsort((resident.uid[rows], wanted))
    for row, cell in zip(rows[order].tolist(), wanted[order].tolist(), strict=True):
        fits = np.flatnonzero(place == cell)
        if fits.size == 0:
            continue
        chosen = free[fits[np.argmin(load[free[fits]] / fte[fits])]]
        load[chosen] += 1
        resident.worker[row] = chosen
        resident.worker_since[row] = ctx.month


def effects(ctx: Context) -> None:
    """Need met, and what is left of it after discontinuity, mismatch and fragmentation."""
    resident, values = ctx.world.resident, ctx.values
    resident.worker_new[:] = ctx.month - resident.worker_changed < values["professionals.new_worker_months"]
    resident.need_met[:] = 0
    resident.help_effect[:] = 0
    rows = np.flatnonzero(resident.help_hours > 0).astype(np.int32)
    q = -np.expm1(-resident.help_hours[rows] / np.float32(values["professionals.saturation_hours"]))
    continuity = 1 - values["professionals.continuity_loss"] * resident.worker_new[rows]
    resident.need_met[rows] = q
    resident.help_effect[rows] = q * continuity * _match(ctx, rows) * _cooperation(ctx, rows)
    _debt_help(ctx)


def _end(ctx: Context, rows: Rows) -> None:
    table = ctx.world.resident
    table.case[rows] = CaseStage.NONE
    table.case_since[rows] = ctx.month
    table.intake_left[rows] = 0
    table.worker[rows] = -1
    table.worker_since[rows] = NEVER
    table.worker_changed[rows] = NEVER


def _match(ctx: Context, rows: Rows) -> NDArray[np.float64]:
    """Fit of worker and resident in language and in mental-health skill, from the floor to 1 (ASM-14)."""
    resident, table = ctx.world.resident, ctx.world.professional
    floor = ctx.values["professionals.match_floor"]
    worker = resident.worker[rows]
    led = worker >= 0
    bilingual = np.zeros(rows.size)
    skilled = np.zeros(rows.size)
    bilingual[led] = table.language_skill[worker[led]]
    skilled[led] = table.mental_skill[worker[led]]
    language = floor + (1 - floor) * np.maximum(resident.language[rows], bilingual)
    mental = resident.psychiatric[rows] | resident.addiction[rows]
    fit: NDArray[np.float64] = language * np.where(mental, floor + (1 - floor) * skilled, 1)
    return fit


def _cooperation(ctx: Context, rows: Rows) -> NDArray[np.float64]:
    """Referral completion for every organisation beyond the first that is needed, at most two (ASM-13)."""
    resident, values = ctx.world.resident, ctx.values
    needed = (
        (resident.psychiatric[rows] | resident.addiction[rows]).astype(np.int64)
        + ctx.world.gather("resident", rows, "household.problem_debt")
        + resident.cognitive[rows]
        + (resident.age[rows] >= values["health.frail_age"])
    )
    extra = np.clip(needed - 1, 0, values["professionals.organisations_cap"] - 1)
    result: NDArray[np.float64] = values["professionals.referral_completion"] ** extra
    return result


def _debt_help(ctx: Context) -> None:
    """A debt counsellor works for households whose case it is, or to whom another worker referred with success."""
    resident, household = ctx.world.resident, ctx.world.household
    household.debt_help[:] = False
    rows = np.flatnonzero((resident.case == CaseStage.OPEN) & (resident.help_hours > 0)).astype(np.int32)
    home = resident.household[rows]
    referred = ctx.draws.life("professionals.referral", resident.uid[rows])
    direct = resident.case_role[rows] == Profession.DEBT_COUNSELLOR
    works = (direct | (referred < ctx.values["professionals.referral_completion"])) & household.problem_debt[home]
    household.debt_help[home[works]] = True
