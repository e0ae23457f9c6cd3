"""Caseload and queue at the start: where inflow, hours and leaving are in balance.

Cases, queues and months with the same worker take years to build up. A world that began without them would spend
its first years, and its first policy effects, on filling up. The balance is solved once, in the first month, when
all other states have been set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.professionals import cases, crises, outreach, placing, posts, signals
from wijksim.state.roles import CASE_ROLES, FRONTLINE, CaseStage, CrisisKind, Profession
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

UNSETTLED = "professionals.unsettled"

_ROUNDS = 12
_SLOWEST = 1e-6


@dataclass(frozen=True)
class Balance:
    """Stationary numbers of one role in one district.

    Attributes
    ----------
    cases, queue
        Open cases and residents waiting.
    opened
        Cases opened in a year.
    """

    cases: float
    queue: float
    opened: float


def balance(
    inflow: float, at_risk: float, spare: float, *, close: float, drop: float, case_hours: float,
    intake_hours: float, give_up: float, floor: float,
) -> Balance:  # fmt: skip
    """Solve for the stationary caseload and queue.

    A team with hours enough gives every case its usual hours. With fewer it takes everybody on and gives each less, and
    cases last longer; when they are down to the floor it refuses, and people wait.

    Parameters
    ----------
    inflow
        New clients a year if nobody had help yet.
    at_risk
        Residents in need of this role.
    spare
        Hours a month that crises leave.
    close, drop
        Yearly rates at which a case with its usual hours is closed, and any case is dropped.
    case_hours, intake_hours
        Usual hours a month of an open case, and hours of an intake.
    give_up
        Yearly rate of giving up the queue.
    floor
        Least part of the usual hours.
    """
    if inflow <= 0 or at_risk <= 0:
        return Balance(0.0, 0.0, 0.0)
    years, wait = 1 / (close + drop), 1 / MONTHS_PER_YEAR
    intake = intake_hours / MONTHS_PER_YEAR
    opened = inflow / (1 + inflow * (years + wait) / at_risk)
    if opened * (case_hours * years + intake) <= spare:
        return Balance(opened * years, opened * wait, opened)
    # cases close by the hours worked on them, whoever gets them: opened = done * (spare - intakes) + drop * stock
    done = close / case_hours
    least = 1 + done * intake
    # without refusals: inflow less those who have help or are in their month of intake
    share = inflow / at_risk
    stock = (inflow - (1 + share * wait) * done * max(spare, 0.0) / least) / (
        share + (1 + share * wait) * drop / least
    )
    opened = (done * max(spare, 0.0) + drop * stock) / least
    if stock * case_hours * floor + opened * intake <= spare:
        return Balance(stock, opened * wait, opened)
    # at the floor: stock = (spare - intakes) / (floor x hours)
    kept = done + drop / (case_hours * floor)
    opened = kept * max(spare, 0.0) / (1 + kept * intake)
    stock = max(max(spare, 0.0) - opened * intake, 0.0) / (case_hours * floor)
    queue = (inflow * (1 - stock / at_risk) - opened) / (give_up + share)
    return Balance(stock, max(queue, 0.0), opened)


def start(ctx: Context) -> None:
    """Open cases, fill queues and give workers, once; later calls do nothing."""
    if not ctx.world.stores.pop(UNSETTLED, False):
        return
    total, crisis = posts.hours(ctx), expected_crisis_hours(ctx)
    rows = signals.in_need(ctx)
    lead, district = signals.leading_role(ctx, rows), ctx.world.resident.district[rows]
    # outreach finds clients, and clients take the hours of outreach: solve twice, first without it
    for _ in range(2):
        rate = signals.yearly_inflow(ctx, rows)
        solved: dict[tuple[Profession, int], Balance] = {}
        spent = np.zeros_like(total)
        for role in CASE_ROLES:
            for place in range(ctx.world.n_districts):
                mine = (lead == role) & (district == place)
                left = float(total[role, place] - crisis[role, place])
                found = _solve(ctx, role, rate[mine], left)
                solved[role, place] = found
                spent[role, place] = _hours(ctx, role, found, left)
        _pressure(ctx, total, crisis, spent)
        outreach.reach(ctx)
    for (role, place), found in solved.items():
        mine = (lead == role) & (district == place)
        _begin(ctx, role, rows[mine], rate[mine], found)
    placing.assign(ctx, cases.stages(ctx)[0])
    _long_known(ctx)


def expected_crisis_hours(ctx: Context) -> NDArray[np.float64]:
    """Crisis hours a month at national base rates, by role and district, shape ``(roles, districts)``."""
    world, values = ctx.world, ctx.values
    resident, household = world.resident, world.household
    rate = np.where(
        resident.psychiatric, values["health.crisis_rate_psychiatric"], values["health.crisis_rate_other"]
    )
    young = (resident.age >= values["health.youth_from"]) & (resident.age <= values["health.youth_to"])
    adult = resident.age >= ADULT_AGE
    events = np.zeros((len(CrisisKind), world.n_districts))
    events[CrisisKind.CONFUSED] = world.by_district("resident", rate * adult) * _repeats(
        values, "health.crisis"
    )
    events[CrisisKind.YOUTH] = world.by_district("resident", young) * values["health.youth_crisis_rate"]
    families = world.by_district("household", household.children > 0)
    events[CrisisKind.VIOLENCE] = (
        families * values["health.violence_rate"] * _repeats(values, "health.violence")
    )
    events[CrisisKind.DEBT] = (
        world.by_district("household", household.problem_debt) * values["health.debt_crisis_rate"]
    )
    result: NDArray[np.float64] = crises.role_shares(values).T @ events
    return result * values["professionals.crisis_hours"] / MONTHS_PER_YEAR


def _repeats(values: dict[str, float], process: str) -> float:
    """Reports per first event: those in the same month, and those that earlier ones bring about."""
    kept = 2 ** (-1 / values[f"{process}_half_life"])
    reports = 1 + values[f"{process}_extra_share"]
    return float(reports / (1 - reports * values[f"{process}_excitation"] * kept / (1 - kept)))


def _solve(ctx: Context, role: Profession, rate: NDArray[np.float64], spare: float) -> Balance:
    """Balance of one role in one district, former clients counted at their higher rate."""
    values = ctx.values
    more = values["professionals.signal_hr_former"] - 1
    solved = Balance(0.0, 0.0, 0.0)
    for _ in range(_ROUNDS):
        former = min(_former(ctx, solved) / max(rate.size, 1), 1.0)
        solved = balance(
            float(rate.sum()) * (1 + more * former), float(rate.size), spare,
            close=max(_closing(ctx, role), _SLOWEST), drop=values["professionals.drop_rate"],
            case_hours=values[f"professionals.case_hours_{role.key}"],
            intake_hours=values["professionals.intake_hours"],
            give_up=values["professionals.give_up_rate"], floor=values["professionals.case_floor"],
        )  # fmt: skip
    return solved


def _closing(ctx: Context, role: Profession) -> float:
    """Yearly rate at which a case of this role with its usual hours is closed."""
    return float(ctx.values["professionals.close_rate"] * ctx.values[f"professionals.case_speed_{role.key}"])


def _former(ctx: Context, solved: Balance) -> float:
    """Residents whose case ended within the relapse window."""
    return solved.opened * ctx.values["professionals.relapse_window"] / MONTHS_PER_YEAR


def _hours(ctx: Context, role: Profession, solved: Balance, spare: float) -> float:
    """Hours that cases and intakes get: all they ask for, if that is there."""
    values = ctx.values
    intake = solved.opened / MONTHS_PER_YEAR * values["professionals.intake_hours"]
    return min(solved.cases * values[f"professionals.case_hours_{role.key}"] + intake, max(spare, 0.0))


def _begin(ctx: Context, role: Profession, rows: Rows, rate: NDArray[np.float64], solved: Balance) -> None:
    """Choose who has a case and who waits, those likeliest to come forward first, by a weighted lottery."""
    table, values = ctx.world.resident, ctx.values
    likely = rows[rate > 0]
    luck = ctx.draws.life("professionals.start", table.uid[likely])
    order = np.argsort(np.log(np.maximum(luck, np.finfo(np.float64).tiny)) / -rate[rate > 0], kind="stable")
    n_open = min(round(solved.cases), likely.size)
    n_queue = min(round(solved.queue), likely.size - n_open)
    opened, waiting = likely[order[:n_open]], likely[order[n_open : n_open + n_queue]]
    past = likely[order[n_open + n_queue :]][: round(_former(ctx, solved))]
    ago = (
        ctx.draws.life("professionals.start_closed", table.uid[past]) * values["professionals.relapse_window"]
    )
    table.case_closed[past] = ctx.month - 1 - ago.astype(np.int16)
    table.case[opened] = CaseStage.OPEN
    table.case[waiting] = CaseStage.QUEUE
    chosen = np.concatenate([opened, waiting])
    table.case_role[chosen] = role
    table.intake_left[waiting] = values["professionals.intake_hours"]
    patience = 1 / max(values["professionals.give_up_rate"], _SLOWEST)
    lasts = solved.cases / solved.opened if solved.opened > 0 else 0.0
    spell = np.repeat([lasts, patience], [opened.size, waiting.size])
    since = (
        -np.log1p(-ctx.draws.life("professionals.start_since", table.uid[chosen])) * spell * MONTHS_PER_YEAR
    )
    since = np.minimum(since, ctx.month - table.birth_month[chosen].astype(np.float64))
    table.case_since[chosen] = ctx.month - 1 - np.minimum(since, MONTHS_PER_YEAR**2).astype(np.int16)


def _long_known(ctx: Context) -> None:
    """Residents have had their worker since the case or the worker's time in post began, whichever is later."""
    resident, table = ctx.world.resident, ctx.world.professional
    led = (resident.worker >= 0).nonzero()[0]
    resident.worker_since[led] = np.maximum(resident.case_since[led], table.since[resident.worker[led]])


def _pressure(
    ctx: Context, total: NDArray[np.float64], crisis: NDArray[np.float64], spent: NDArray[np.float64]
) -> None:
    """Share of hours on crises, prevention and strain that go with the balance."""
    world, values = ctx.world, ctx.values
    team = [int(role) for role in FRONTLINE]
    available = total[team].sum(axis=0)
    taken = np.minimum(crisis[team].sum(axis=0), available)
    left = np.maximum(available - taken - spent[team].sum(axis=0), 0)
    world.district.crisis_share[:] = np.divide(
        taken, available, out=np.zeros_like(taken), where=available > 0
    )
    residents = np.maximum(world.by_district("resident"), 1) / values["professionals.per_residents"]
    world.district.prevention_fte[:] = left / posts.effective_hours(values) / residents
    table = world.professional
    table.strain[table.rows] = world.district.crisis_share[table.district[table.rows]]
