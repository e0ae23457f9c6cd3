"""How need comes to be known: signals by channel, contact, acceptance, and then the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.professionals import posts
from wijksim.state.codes import Tenure
from wijksim.state.roles import CaseStage, Profession
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

TRUST = Influence("resident.trust", "wellbeing.trust_level", loop="trust")

SELF = Event(
    "professionals.signal_self", table="resident", base="professionals.signal_self_rate",
    doc="A resident in need asks for help; proportional to trust and to how findable help is",
)
NEIGHBOUR = Event(
    "professionals.signal_neighbour", table="resident", base="professionals.signal_neighbour_rate",
    doc="A neighbour who knows the resident raises the alarm",
)
CARETAKER = Event(
    "professionals.signal_caretaker", table="resident", base="professionals.signal_caretaker_rate",
    doc="The caretaker of a corporation complex does; proportional to the caretakers at work",
)
OUTREACH = Event(
    "professionals.signal_outreach", table="resident", base="professionals.signal_outreach_rate",
    doc="Outreach finds a resident in need whom it reaches",
)
CHANNELS: tuple[Event, ...] = (SELF, NEIGHBOUR, CARETAKER, OUTREACH)

_FLOOR = 1e-6


def in_need(ctx: Context) -> Rows:
    """Adults whose need is large enough for professional help and who have none."""
    table = ctx.world.resident
    needy = table.need >= ctx.values["professionals.need_threshold"]
    mask = needy & (table.case == CaseStage.NONE) & table.alive & (table.age >= ADULT_AGE)
    return np.flatnonzero(mask).astype(np.int32)


def listen(ctx: Context) -> None:
    """New clients of this month join the queue: need signalled, contact made, help accepted."""
    rows = in_need(ctx)
    found: list[Rows] = [_after_police(ctx), _after_letter(ctx)]
    for event, mask, offset in _channels(ctx, rows):
        found.append(event.draw(ctx, rows[mask], offset=offset[mask]))
    enrol(ctx, np.unique(np.concatenate(found)).astype(np.int32))


def yearly_inflow(ctx: Context, rows: Rows) -> NDArray[np.float64]:
    """Expected yearly rate at which each of ``rows`` (in need, without help) joins the queue by the channels."""
    total = np.zeros(rows.size)
    for event, mask, offset in _channels(ctx, rows):
        total[mask] += event.probability(ctx, rows[mask], offset=offset[mask]) * MONTHS_PER_YEAR
    return total


def enrol(ctx: Context, rows: Rows) -> None:
    """Put residents in the queue of the role that their need asks for."""
    table, values = ctx.world.resident, ctx.values
    if rows.size == 0:
        return
    months_back = values["professionals.relapse_window"]
    ctx.counters.add("professionals.cases", rows.size)
    ctx.counters.add("professionals.relapses", int(np.sum(ctx.month - table.case_closed[rows] < months_back)))
    table.case[rows] = CaseStage.QUEUE
    table.case_since[rows] = ctx.month
    table.case_role[rows] = leading_role(ctx, rows)
    table.intake_left[rows] = values["professionals.intake_hours"]


def leading_role(ctx: Context, rows: Rows) -> NDArray[np.int8]:
    """Role that leads the case: mental health, then debt, then old-age frailty, else social work."""
    table = ctx.world.resident
    mental = table.psychiatric[rows] | table.addiction[rows]
    debt = ctx.world.gather("resident", rows, "household.problem_debt")
    old = table.age[rows] >= ctx.values["health.frail_age"]
    return np.select(
        [mental, debt, old],
        [Profession.MENTAL_HEALTH_WORKER, Profession.DEBT_COUNSELLOR, Profession.DISTRICT_NURSE],
        Profession.SOCIAL_WORKER,
    ).astype(np.int8)


def trust_ratio(ctx: Context, rows: Rows) -> NDArray[np.float64]:
    """Trust in institutions over its national level."""
    trust = np.asarray(TRUST.values(ctx, "resident", rows), np.float64)
    result: NDArray[np.float64] = trust / ctx.values["wellbeing.trust_level"]
    return result


def _channels(
    ctx: Context, rows: Rows
) -> list[tuple[Event, NDArray[np.bool_], NDArray[np.float64]]]:
    """Per channel: whom of ``rows`` it can find, and the log of the ratio that it has for each of them.

    Whoever asks for help wants it; a signal by others counts as far as it leads to contact and acceptance.
    """
    world, values = ctx.world, ctx.values
    table = world.resident
    trust = trust_ratio(ctx, rows)
    recent = ctx.month - table.case_closed[rows] < values["professionals.relapse_window"]
    former = np.where(recent, np.log(values["professionals.signal_hr_former"]), 0)
    asks = np.log(np.maximum(trust * values["professionals.findable"], _FLOOR)) + former
    accepts = np.log(np.clip(_visit_contact(ctx) * values["professionals.acceptance"] * trust, _FLOOR, 1)) + former
    rented = world.gather("resident", rows, "household.tenure") == Tenure.CORPORATION
    caretakers = np.log(np.maximum(_caretakers(ctx), _FLOOR))[table.district[rows]]
    return [
        (SELF, np.ones(rows.size, dtype=bool), asks),
        (NEIGHBOUR, table.knows_neighbours[rows], accepts),
        (CARETAKER, rented, accepts + caretakers),
        (OUTREACH, table.reached[rows], accepts),
    ]


def _caretakers(ctx: Context) -> NDArray[np.float64]:
    """Caretakers at work per district over the standing formation, with a zero at the end."""
    world = ctx.world
    post = world.professional
    rows = post.rows[post.role[post.rows] == Profession.CARETAKER]
    working = post.fte[rows] * ~(post.vacant[rows] | post.sick[rows])
    fte = np.bincount(post.district[rows], weights=working, minlength=world.n_districts)
    usual = world.stores[posts.BASE][Profession.CARETAKER].sum(axis=0)
    return np.append(np.divide(fte, usual, out=np.zeros(fte.size), where=usual > 0), 0)


def _visit_contact(ctx: Context) -> float:
    """Chance that somebody is met in some visits: ``1 - (1 - p) ** n`` (TIM-11)."""
    return float(1 - (1 - ctx.values["professionals.contact_visit"]) ** ctx.values["professionals.visits"])


def _accepted(ctx: Context, stream: str, rows: Rows, contact: float) -> Rows:
    """Those who are met and accept help (TIM-12)."""
    if rows.size == 0:
        return rows
    u = ctx.draws.uniform(stream, ctx.world.resident.uid[rows], ctx.month)
    chosen: Rows = rows[u < contact * ctx.values["professionals.acceptance"] * trust_ratio(ctx, rows)]
    return chosen


def _after_police(ctx: Context) -> Rows:
    """The police pass on half of those whom an event brought to their notice."""
    table = ctx.world.resident
    rows = np.flatnonzero((table.crises > 0) & (table.case == CaseStage.NONE)).astype(np.int32)
    told = ctx.values["professionals.signal_police_share"]
    return _accepted(ctx, "professionals.signal_police", rows, told * _visit_contact(ctx))


def _after_letter(ctx: Context) -> Rows:
    """An arrears signal is followed by a letter or call (DEB-20, TIM-10)."""
    household, table = ctx.world.household, ctx.world.resident
    heads = household.head[np.flatnonzero(household.early_signal & household.alive)]
    heads = heads[heads >= 0]
    rows = heads[table.case[heads] == CaseStage.NONE].astype(np.int32)
    return _accepted(ctx, "professionals.signal_letter", rows, ctx.values["professionals.contact_letter"])
