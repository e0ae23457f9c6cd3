"""Life of a case: queue, intake, open with one worker, closed or dropped; and what the hours do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel import cooperation
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.kernel.relax import step_fraction
from wijksim.mechanisms.professionals import case_loops, craft, placing, posts, service, serving_loops
from wijksim.mechanisms.professionals.case_loops import ENDED, OPENED, READY, WAITED, WAITING
from wijksim.mechanisms.professionals.columns import OPEN, QUEUE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.professionals.case_loops import Help
    from wijksim.mechanisms.professionals.hours import Use
    from wijksim.mechanisms.professionals.room import Room

type Floats = NDArray[np.float64]
type _Levels = tuple[Floats, Floats, Floats]
type Pace = tuple[float, float, float, float]

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

_ALL_ALIKE, _HOUR = np.empty(0), np.float32(1)


def stages(ctx: Context, *, housed: bool = False) -> tuple[Rows, Rows]:
    """Residents with an open case and those in the queue, ascending; ``housed`` leaves out who lives in no district."""
    table = ctx.world.resident
    lists = np.empty((2, table.size + 1), np.int32)
    opened, waiting = serving_loops.stages(
        table.case, table.district, 0 if housed else -1, QUEUE, OPEN, lists[0], lists[1]
    )
    return lists[0, :opened], lists[1, :waiting]


def take_over(ctx: Context, room: Room) -> tuple[Rows, Rows]:
    """Give what :func:`stages` does; who moved to another district with an open case loses the worker there.

    Both lists are good until :func:`move_on` makes new ones.
    """
    opened, waiting = serving_loops.take_over(ctx.month, *room.take_over)
    return room.of_cases[OPENED, :opened], room.of_cases[WAITING, :waiting]


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


def move_on(ctx: Context, room: Room, opened: Rows, worked: Rows, pace: Floats) -> Help:
    """Close and drop cases, closing first, let finished intakes become cases with a worker, and see who is helped.

    Parameters
    ----------
    opened, worked, pace
        Open cases, those that were worked on this month, and the log of their pace: a case is an amount of work, so
        that with half of its hours it takes twice as long.
    """
    scaled, usual, lists = ctx.effects.scales, placing.rule(ctx) is None, room.of_cases
    numbers, saturated = _numbers(ctx.values)[:2]
    dropped = DROP.draw(ctx, opened)
    if scaled:
        skilled = craft.of_workers(ctx, craft.CRAFT, ctx.world.resident.worker[worked])
        if skilled is not None:
            pace += np.log(skilled)
    closed = CLOSE.draw(ctx, worked, offset=pace)
    unit, mental = saturated, ctx.world.professional.mental_skill
    if scaled:
        unit, mental = _HOUR, craft.mental_skill(ctx)
    ended, met, there, ready, (many, owing, several) = case_loops.move_on(
        closed, dropped, ctx.month, usual, numbers, unit, mental, *room.move_on
    )
    if ended:
        _log_ended(ctx, lists[ENDED, :ended].copy(), met)
    if ready:
        row, waited = lists[READY, :ready].copy(), lists[WAITED, :ready].astype(np.int16)
        ctx.log.record("cases_opened", row=row, uid=ctx.world.resident.uid.take(row), waited=waited)
    if not usual:
        placing.assign(ctx, lists[OPENED, :there])
        many, owing, several = case_loops.given(ctx.month, numbers, unit, mental, *room.given)
    rows, received, asks, indebted, fits = room.helped
    return rows[:many], received[:many], asks[:many], indebted[:owing], several, fits[:many]


def _log_ended(ctx: Context, rows: Rows, met: int) -> None:
    """Note whose case ended: the first, so many, as the goals were met, the others stayed away."""
    stayed_away = np.ones(rows.size, np.bool_)
    stayed_away[:met] = False
    ctx.log.record("cases_ended", row=rows, uid=ctx.world.resident.uid.take(rows), dropped=stayed_away)


@Kept
def _numbers(
    values: dict[str, float],
) -> tuple[tuple[float, float, float], np.float32, float, Pace, tuple[float, float], dict[int, _Levels]]:
    """Numbers of what hours do, and what is known of cooperation by number of districts where no lever moves it.

    The age from which people are frail, the floor of a fit and months that a worker is new; minus the hours that
    saturate; what a change of worker costs; residents to whom staff are counted, hours of one of them, and what
    prevention and strain cover in a month; the level of trust, and the prevention by which half is covered.
    """
    pace = (
        values["professionals.per_residents"], posts.effective_hours(values),
        step_fraction(values["professionals.prevention_half_life"]),
        step_fraction(values["professionals.strain_half_life"]),
    )  # fmt: skip
    return (
        (values["health.frail_age"], values["professionals.match_floor"], values["professionals.new_worker_months"]),
        np.float32(-values["professionals.saturation_hours"]), values["professionals.continuity_loss"], pace,
        (values["wellbeing.trust_level"], values["professionals.prevention_half"]), {},
    )  # fmt: skip


def _cooperation(ctx: Context, usual: dict[int, _Levels]) -> _Levels:
    """Level of cooperation by pair, its mean, and what is kept of help that several give."""
    districts = ctx.world.district.size
    known = None if ctx.effects.scales else usual.get(districts)
    if known is None:
        known = cooperation.in_force(ctx, ctx.values["professionals.organisations_cap"])
        if not ctx.effects.scales:
            usual[districts] = known
    return known


def effects(ctx: Context, room: Room, helping: Help, use: Use) -> tuple[float, Floats]:
    """What hours do: need met less what is lost on the way, help with debts, and what is left for outreach.

    What is lost is discontinuity, mismatch and fragmentation. A debt counsellor works for households whose case it is,
    or to whom another worker referred with success. How often that succeeds is the cooperation of the worker's
    organisation with the municipality, whose the counsellors are.

    Returns
    -------
    lost, team
        Largest number of hours that are not accounted for, and hours of the team, all and those on crises, by district.
    """
    resident, table, district = ctx.world.resident, ctx.world.professional, ctx.world.district
    _, saturated, loss, pace, trusting, known = _numbers(ctx.values)
    rows, received, asks, indebted, several, fit = helping
    level, mean, kept = _cooperation(ctx, known)
    district.cooperation[:] = mean
    scaled = ctx.effects.scales
    if scaled:
        received, fit = _skilled(ctx, helping, saturated, kept)
    luck = spared = _ALL_ALIKE
    if indebted.size:
        luck = ctx.draws.life("professionals.referral", resident.uid[indebted])
        if scaled and ctx.effects.touches(craft.HANDOVERS):
            arriving = service.arriving(
                indebted, resident.case_role, resident.worker, table.organisation, resident.district, level
            )
            spared = craft.kept_more(ctx, indebted, arriving)
    team = np.empty((2, district.size))
    lost = service.done(
        rows, np.expm1(received, out=received), asks, fit, indebted, luck, spared, loss, kept, level, use.total,
        use.parts, pace, team, table.rows, trusting, *room.done,
    )  # fmt: skip
    ctx.counters.add("professionals.helped_months", rows.size)
    ctx.counters.add("professionals.shared_months", several)
    return lost, team


def _skilled(
    ctx: Context, helping: Help, saturated: np.float32, kept: Floats
) -> tuple[NDArray[np.float32], Floats]:
    """Hours received over those that saturate, and fits, after what levers make of craft and of hand-overs."""
    (rows, received, asks, _, _, fit), resident = helping, ctx.world.resident
    worker = resident.worker[rows]
    skilled = craft.of_workers(ctx, craft.CRAFT, worker)
    if skilled is not None:
        received = (received * skilled).astype(np.float32)
    received /= saturated
    fit = craft.fitted(ctx, fit, worker)
    if ctx.effects.touches(craft.HANDOVERS):
        fit = fit * craft.kept_more(ctx, rows, kept[resident.district[rows], asks])
    return received, fit
