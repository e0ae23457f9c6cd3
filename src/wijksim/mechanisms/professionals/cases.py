"""Life of a case: queue, intake, open with one worker, closed or dropped; and what the hours do."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel import cooperation
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.mechanisms.professionals import case_loops, craft, placing, service, serving_loops
from wijksim.mechanisms.professionals.columns import DEBT_COUNSELLOR, OPEN, QUEUE, long_ago
from wijksim.state.codes import Activity
from wijksim.state.roles import CASE_ROLES, EMPLOYERS, PARTNER_OF, Organisation, Partner, Profession
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type _Levels = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]

GIVE_UP = Event(
    "professionals.give_up",
    table="resident",
    base="professionals.give_up_rate",
    doc="A resident gives up waiting for help",
)
CLOSE = Event(
    "professionals.close",
    table="resident",
    base="professionals.close_rate",
    influences=(Influence("resident.need", "professionals.close_hr_need"),),
    doc="A case is closed because the goals are met",
)
DROP = Event(
    "professionals.drop",
    table="resident",
    base="professionals.drop_rate",
    influences=(
        Influence("resident.worker_new", "professionals.drop_hr_new_worker"),
        Influence("resident.trust", "professionals.drop_hr_trust", loop="trust"),
    ),
    doc="A client stays away before the goals are met",
)

_ACTIVITIES = (int(Activity.PUPIL), int(Activity.STUDENT), int(Activity.BASIC_JOB))
_FIRST_EMPLOYER = np.array([int(EMPLOYERS[role][0]) for role in Profession])
_PARTNER = np.array([int(PARTNER_OF[employer]) for employer in Organisation])
_MUNICIPALITY = int(Partner.MUNICIPALITY)
_ALL_ALIKE, _HOUR = np.empty(0), np.float32(1)
_SPEEDS = itemgetter(*(f"professionals.case_speed_{role.key}" for role in CASE_ROLES))


def stages(ctx: Context, *, housed: bool = False) -> tuple[Rows, Rows]:
    """Residents with an open case and those in the queue, ascending; ``housed`` leaves out who lives in no district."""
    table = ctx.world.resident
    return serving_loops.stages(table.case, table.district, 0 if housed else -1, QUEUE, OPEN)


def take_over(ctx: Context) -> tuple[Rows, Rows]:
    """Give what :func:`stages` does; who moved to another district with an open case loses the worker there."""
    table = ctx.world.resident
    return serving_loops.take_over(
        table.case, table.district, ctx.world.professional.district, ctx.month, table.worker, table.worker_since,
        table.worker_changed,
    )  # fmt: skip


def give_up(ctx: Context, waiting: Rows) -> None:
    """Part of the queue gives up (half-life six months); wellbeing reads ``gave_up`` and lowers trust."""
    table = ctx.world.resident
    table.gave_up.fill(False)
    gone = GIVE_UP.draw(ctx, waiting)
    if gone.size:
        table.gave_up[gone] = True
        case_loops.end(
            gone, ctx.month, table.case, table.case_since, table.intake_left, table.worker, table.worker_since,
            table.worker_changed,
        )  # fmt: skip


def open_cases(ctx: Context) -> Rows:
    """Finished intakes of the queue become open cases, each with a worker if there is one; return the queue."""
    table, staff, usual = ctx.world.resident, ctx.world.professional, placing.rule(ctx) is None
    opened, waiting, ready, waited = service.begin(
        table.case, table.case_since, table.intake_left, ctx.month, usual, table.worker, table.case_role,
        table.district, ctx.world.n_districts, staff.alive, staff.vacant, staff.sick, staff.fte, staff.role,
        staff.district, table.uid, table.worker_since,
    )  # fmt: skip
    if ready.size:
        ctx.log.record("cases_opened", row=ready, uid=table.uid[ready], waited=waited)
    if not usual:
        placing.assign(ctx, opened)
    return waiting


def end_cases(ctx: Context, rows: Rows) -> None:
    """Close and drop open cases; closing goes before dropping."""
    table = ctx.world.resident
    if rows.size == 0:
        return
    dropped = DROP.draw(ctx, rows)
    # a case is an amount of work: with half of its hours it takes twice as long
    worked, pace = case_loops.paced(rows, table.case_share, table.case_role, _log_speed(ctx.values))
    if ctx.effects.scales:
        skilled = craft.of_workers(ctx, craft.CRAFT, table.worker[worked])
        if skilled is not None:
            pace += np.log(skilled)
    closed = CLOSE.draw(ctx, worked, offset=pace)
    if closed.size or dropped.size:
        ended, uid, stayed_away = case_loops.close(
            closed, dropped, ctx.month, table.uid, table.case_closed, table.case, table.case_since, table.intake_left,
            table.worker, table.worker_since, table.worker_changed,
        )  # fmt: skip
        ctx.log.record("cases_ended", row=ended, uid=uid, dropped=stayed_away)


@Kept
def _log_speed(values: dict[str, float]) -> NDArray[np.float64]:
    """Log of the ratio by which cases of each role close sooner, shape ``(roles,)``."""
    speed = np.ones(len(Profession))
    speed[list(CASE_ROLES)] = _SPEEDS(values)
    result: NDArray[np.float64] = np.log(speed)
    return result


@Kept
def _helping(values: dict[str, float]) -> tuple[float, float, float, np.float32, float, dict[int, _Levels]]:
    """Numbers of what help does, and what is known of cooperation by number of districts where no lever moves it.

    Age from which people are frail, the floor of a fit, months that a worker is new, minus the hours that saturate, and
    what a change of worker costs.
    """
    return (
        values["health.frail_age"], values["professionals.match_floor"], values["professionals.new_worker_months"],
        np.float32(-values["professionals.saturation_hours"]), values["professionals.continuity_loss"], {},
    )  # fmt: skip


def _cooperation(ctx: Context, usual: dict[int, _Levels]) -> _Levels:
    """Level of cooperation by pair, its mean, and what is kept of help that several give."""
    n, most = ctx.world.n_districts, ctx.values["professionals.organisations_cap"]
    if ctx.effects.scales:
        return cooperation.in_force(ctx, most)
    if n not in usual:
        usual[n] = cooperation.in_force(ctx, most)
    return usual[n]


def effects(ctx: Context) -> None:
    """Need met, and what is left of it after discontinuity, mismatch and fragmentation; and help with debts.

    A debt counsellor works for households whose case it is, or to whom another worker referred with success. How often
    that succeeds is the cooperation of the worker's organisation with the municipality, whose the counsellors are; a
    case without a worker has the level of its role's first employer.
    """
    resident, table = ctx.world.resident, ctx.world.professional
    home, scaled = ctx.world.household, ctx.effects.scales
    frail_age, floor, new_months, saturated, loss, known = _helping(ctx.values)
    rows, hours, asks, indebted, several, fit = service.given(
        resident.help_hours, resident.household, resident.worker, resident.case, home.problem_debt,
        home.eviction_stage, home.violence, resident.psychiatric, resident.addiction, resident.cognitive,
        resident.age, resident.activity, (OPEN, *_ACTIVITIES), frail_age, resident.dutch,
        table.language_skill, craft.mental_skill(ctx) if scaled else table.mental_skill, floor,
        resident.worker_changed, long_ago(ctx.month, new_months), resident.worker_new, resident.need_met,
        resident.help_effect, home.debt_help, _HOUR if scaled else saturated,
    )  # fmt: skip
    level, mean, kept = _cooperation(ctx, known)
    ctx.world.district.cooperation[:] = mean
    if scaled:
        worker = resident.worker[rows]
        skilled = craft.of_workers(ctx, craft.CRAFT, worker)
        if skilled is not None:
            hours = (hours * skilled).astype(np.float32)
        hours /= saturated
        fit = craft.fitted(ctx, fit, worker)
        if ctx.effects.touches(craft.HANDOVERS):
            fit = fit * craft.kept_more(ctx, rows, kept[resident.district[rows], asks])
    referral = (
        resident.case_role, resident.worker, table.organisation, _FIRST_EMPLOYER, _PARTNER, _MUNICIPALITY,
    )  # fmt: skip
    luck = spared = _ALL_ALIKE
    if indebted.size:
        luck = ctx.draws.life("professionals.referral", resident.uid[indebted])
        if ctx.effects.touches(craft.HANDOVERS):
            arriving = service.arriving(indebted, *referral, resident.district, level)
            spared = craft.kept_more(ctx, indebted, arriving)
    service.take_effect(
        rows, np.expm1(hours, out=hours), resident.worker_new, loss, fit, asks, resident.district, kept,
        resident.need_met, resident.help_effect, indebted, luck, spared, DEBT_COUNSELLOR, *referral, level,
        resident.household, home.debt_help,
    )  # fmt: skip
    ctx.counters.add("professionals.helped_months", rows.size)
    ctx.counters.add("professionals.shared_months", several)
