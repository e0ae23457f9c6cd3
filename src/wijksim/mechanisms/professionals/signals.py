"""How need comes to be known: signals by channel, contact, acceptance, and then the queue."""

from __future__ import annotations

from itertools import pairwise
from math import exp, expm1, log
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.professionals import access, posts, sharing, sight, signal_loops
from wijksim.mechanisms.professionals.columns import QUEUE, long_ago
from wijksim.state.codes import Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

TRUST = Influence("resident.trust", "wellbeing.trust_level", loop="trust")


class Signal(Event):
    """A way in which need comes to be known.

    The ratio that a channel has for a resident takes a dozen steps to compute and few residents draw low enough
    for it to matter, so residents are drawn first, under the highest ratio that anybody can have.
    """

    def __init__(self, channel: str, doc: str) -> None:
        self.rate = f"professionals.signal_{channel}_rate"
        super().__init__(f"professionals.signal_{channel}", table="resident", base=self.rate, doc=doc)

    def candidates(self, ctx: Context, rows: Rows, highest: float) -> tuple[Rows, NDArray[np.float64]]:
        """Those of ``rows`` whose draw allows a signal at a log ratio of at most ``highest``, and their draws."""
        if ctx.effects.touches(self.name):
            highest += log(ctx.values["kernel.lever_ratio_high"])
        bound = -expm1(-ctx.values[self.rate] * exp(highest) / MONTHS_PER_YEAR) * _ROOM
        return ctx.draws.near(self.name, ctx.world.resident.uid, rows, ctx.month, bound)


SELF = Signal(
    "self",
    "A resident in need asks for help; proportional to trust and to how findable help is",
)
NEIGHBOUR = Signal(
    "neighbour",
    "A neighbour who knows the resident raises the alarm",
)
CARETAKER_CHANNEL = Signal(
    "caretaker",
    "The caretaker of a corporation complex does; proportional to the caretakers at work",
)
OUTREACH = Signal(
    "outreach",
    "Outreach finds a resident in need whom it reaches",
)
CHANNELS: tuple[Signal, ...] = (SELF, NEIGHBOUR, CARETAKER_CHANNEL, OUTREACH)
_RATES = itemgetter(*(channel.rate for channel in CHANNELS))
_UNCHANGED = np.ones(1)

LETTER, OWNER, FIND = "professionals.signal_letter", "professionals", "find_need"
LEVERS_MOVE = (LETTER, f"{OWNER}.{FIND}")

_CORPORATION = int(Tenure.CORPORATION)
_FLOOR = 1e-6
_ROOM = 1 + float(
    np.finfo(np.float32).eps
)  # the same number computed in another order differs in its last bits


def in_need(ctx: Context) -> Rows:
    """Adults whose need is large enough for professional help and who have none."""
    return _noticed(ctx, ctx.world.resident.trust)[0]


def _noticed(ctx: Context, trust: NDArray[np.float32]) -> tuple[Rows, Rows, Rows, float]:
    """Whoever is :func:`in_need`, and the residents without help of whom the police or a creditor's signal tell.

    The former are those whom an event brought to the notice of the police, the latter heads of households in arrears;
    the last is the highest ``trust`` of those in need.
    """
    table, household, least = ctx.world.resident, ctx.world.household, access.least_need(ctx)
    return signal_loops.noticed(
        table.need, np.array([least], np.float32) if isinstance(least, float) else least, table.case,
        table.alive, table.age, table.crises, trust, household.early_signal, household.alive, household.head,
    )  # fmt: skip


def _trust(ctx: Context) -> NDArray[np.float32]:
    """Trust in institutions of everybody."""
    return np.asarray(TRUST.values(ctx, "resident", slice(None)), np.float32)


def listen(ctx: Context) -> None:
    """New clients of this month join the queue: need signalled, contact made, help accepted."""
    access.prepare(ctx)
    trust = _trust(ctx)
    rows, told, letters, most = _noticed(ctx, trust)
    found = [_after_police(ctx, told, trust), _after_letter(ctx, letters, trust)]
    if rows.size:
        found.append(_signalled(ctx, rows, trust, most))
    early: list[tuple[Rows, float]] = []
    if ctx.effects.acts:
        found.append(_visited(ctx, rows, trust))
        sighted = sight.look(ctx, trust_ratio, _visit_contact(ctx))
        found += sighted.found
        early = sighted.early
        if access.asked(ctx, access.SHARE):
            missed = np.concatenate([np.setdiff1d(letters, found[1]), *sighted.missed]).astype(np.int32)
            found.append(_followed_up(ctx, rows, missed, trust))
    _enrol(ctx, np.concatenate(found))
    for those, part in early:
        _short_intake(ctx, those, part)


def yearly_inflow(ctx: Context, rows: Rows) -> NDArray[np.float64]:
    """Expected yearly rate at which each of ``rows`` (in need, without help) joins the queue by the channels."""
    total = np.zeros(rows.size)
    ratios = _ratios(ctx, rows, _caretakers(ctx))
    for event, ratio in zip(CHANNELS, ratios, strict=True):
        found = _findable(ctx, event, rows)
        mask = np.ones(rows.size, dtype=bool) if found is None else found
        total[mask] += event.probability(ctx, rows[mask], offset=ratio[mask]) * MONTHS_PER_YEAR
    return total


def _enrol(ctx: Context, rows: Rows) -> None:
    """Put residents in the queue of the role that their need asks for; whoever is found twice is taken in once."""
    table, household, values = ctx.world.resident, ctx.world.household, ctx.values
    if rows.size == 0:
        return
    number, relapses = signal_loops.enrol(
        rows, table.age, values["health.frail_age"], table.household, household.problem_debt, table.psychiatric,
        table.addiction, ctx.month, long_ago(ctx.month, values["professionals.relapse_window"]),
        values["professionals.intake_hours"], table.case_closed, table.case, table.case_since, table.case_role,
        table.intake_left,
    )  # fmt: skip
    ctx.counters.add("professionals.cases", number)
    ctx.counters.add("professionals.relapses", relapses)


def _short_intake(ctx: Context, rows: Rows, part: float) -> None:
    """Whoever is found before the need is large asks for part of the usual intake."""
    table = ctx.world.resident
    small = table.need[rows] < ctx.values["professionals.need_threshold"]
    mine = rows[small & (table.case[rows] == QUEUE) & (table.case_since[rows] == ctx.month)]
    table.intake_left[mine] *= np.float32(part)


def leading_role(ctx: Context, rows: Rows) -> NDArray[np.int8]:
    """Role that leads the case: mental health, then debt, then old-age frailty, else social work."""
    table = ctx.world.resident
    return signal_loops.leading(
        rows, table.age, ctx.values["health.frail_age"], table.household, ctx.world.household.problem_debt,
        table.psychiatric, table.addiction,
    )  # fmt: skip


def trust_ratio(ctx: Context, rows: Rows) -> NDArray[np.float64]:
    """Trust in institutions over its national level."""
    trust = np.asarray(TRUST.values(ctx, "resident", rows), np.float64)
    result: NDArray[np.float64] = trust / ctx.values["wellbeing.trust_level"]
    return result


def _signalled(ctx: Context, rows: Rows, trust: NDArray[np.float32], most: float) -> Rows:
    """Those of ``rows`` (in need, without help) whom the channels bring in; who is found twice stands there twice.

    The channels have their own luck and share the rest: chances are computed for the candidates of all in one go.
    ``trust`` is that of everybody, and ``most`` the highest of ``rows``.
    """
    values, table, caretakers = ctx.values, ctx.world.resident, _caretakers(ctx)
    bounds = _highest_ratios(ctx, rows, most, caretakers)
    near = [event.candidates(ctx, rows, highest) for event, highest in zip(CHANNELS, bounds, strict=True)]
    chosen, u = np.concatenate([one for one, _ in near]), np.concatenate([one for _, one in near])
    sizes = np.array([one.size for one, _ in near])
    contact = access.met(ctx, chosen, _visit_contact(ctx))
    shifts = access.shifts(ctx, chosen) if ctx.effects.acts else None
    found, able, base, power, former, care = signal_loops.weighed(
        chosen, sizes, np.array(_RATES(values)), trust, values["wellbeing.trust_level"],
        np.array([contact]) if isinstance(contact, float) else contact, values["professionals.acceptance"],
        _UNCHANGED if shifts is None else np.exp(np.atleast_1d(shifts[1])),
        values["professionals.findable"], _FLOOR, log(values["professionals.signal_hr_former"]),
        long_ago(ctx.month, values["professionals.relapse_window"]), table.case_closed, table.district,
        np.log(np.maximum(caretakers, _FLOOR)), table.knows_neighbours, table.household,
        ctx.world.household.tenure, _CORPORATION, table.reached,
    )  # fmt: skip
    np.log(power, out=power)
    power += former
    power += care
    if shifts is not None or ctx.effects.scales:
        _shift(ctx, power, chosen, sizes, shifts)
    chance = np.exp(power, out=power)
    chance *= base
    chance /= -MONTHS_PER_YEAR
    np.expm1(chance, out=chance)
    heard, capped = signal_loops.heard(chosen, u, chance, able, sizes, values["kernel.probability_cap"])
    for event, number, over in zip(CHANNELS, found.tolist(), capped.tolist(), strict=True):
        ctx.counters.caps(event.name, number, over)
    if ctx.tracer is not None:
        for event, part in zip(CHANNELS, _parts(sizes), strict=True):
            mine = np.flatnonzero(able[part]) + part.start
            ctx.tracer.event(ctx, event, chosen[mine], chance[mine], u[mine] < chance[mine])
    return heard


def _parts(sizes: NDArray[np.int64]) -> list[slice]:
    """Where the candidates of each channel stand."""
    return [slice(begin, end) for begin, end in pairwise([0, *sizes.cumsum().tolist()])]


def _shift(
    ctx: Context,
    power: NDArray[np.float64],
    chosen: Rows,
    sizes: NDArray[np.int64],
    shifts: tuple[float | NDArray[np.float64], ...] | None,
) -> None:
    """Add what levers do to the log ratios of candidates, who stand channel by channel, ``sizes`` of each."""
    parts = _parts(sizes)
    if shifts is not None:
        easier, _, present = (np.broadcast_to(shift, power.shape) for shift in shifts)
        power[parts[0]] += easier[parts[0]]
        for part in parts[2:]:
            power[part] += present[part]
    for event, part in zip(CHANNELS, parts, strict=True):
        lever = ctx.effects.offsets(event.name, event.table)
        if lever is not None:
            power[part] += lever[chosen[part]]


def _findable(ctx: Context, event: Signal, rows: Rows) -> NDArray[np.bool_] | None:
    """Whom of ``rows`` a channel can find; None for everybody."""
    table = ctx.world.resident
    if event is NEIGHBOUR:
        return table.knows_neighbours[rows]
    if event is CARETAKER_CHANNEL:
        rented: NDArray[np.bool_] = ctx.world.gather("resident", rows, "household.tenure") == _CORPORATION
        return rented
    if event is OUTREACH:
        return table.reached[rows]
    return None


def _ratios(ctx: Context, rows: Rows, caretakers: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Log of the ratio that each channel has for each of ``rows``.

    Whoever asks for help wants it; a signal by others counts as far as it leads to contact and acceptance.
    """
    values, table = ctx.values, ctx.world.resident
    trust = trust_ratio(ctx, rows)
    recent = table.case_closed[rows] > long_ago(ctx.month, values["professionals.relapse_window"])
    former = recent * np.log(values["professionals.signal_hr_former"])
    asks = np.log(np.maximum(trust * values["professionals.findable"], _FLOOR)) + former
    likely = access.met(ctx, rows, _visit_contact(ctx)) * values["professionals.acceptance"] * trust
    care = np.log(np.maximum(caretakers, _FLOOR))[table.district[rows]]
    if not ctx.effects.acts:
        accepts = np.log(np.minimum(np.maximum(likely, _FLOOR), 1)) + former
        return asks, accepts, accepts + care, accepts
    easier, spoken, present = access.shifts(ctx, rows)
    accepts = np.log(np.minimum(np.maximum(likely * np.exp(spoken), _FLOOR), 1)) + former
    return asks + easier, accepts, accepts + care + present, accepts + present


def _highest_ratios(
    ctx: Context, rows: Rows, most: float, caretakers: NDArray[np.float64]
) -> tuple[float, float, float, float]:
    """Log of the highest ratio that each channel has for any of ``rows``: that of the greatest trust, ``most``."""
    values = ctx.values
    trust = most / values["wellbeing.trust_level"]
    former = max(log(values["professionals.signal_hr_former"]), 0.0)
    asks = log(max(trust * values["professionals.findable"], _FLOOR)) + former
    contact = access.met(ctx, rows, _visit_contact(ctx))
    most = contact if isinstance(contact, float) else float(contact.max())
    accepts = most * values["professionals.acceptance"] * trust
    if ctx.effects.acts:
        easier, spoken, _ = access.shifts(ctx, rows)
        asks += float(np.max(easier))
        accepts *= exp(float(np.max(spoken)))
    accepts = log(min(max(accepts, _FLOOR), 1.0)) + former
    return asks, accepts, accepts + log(max(float(caretakers.max()), _FLOOR)), accepts


def _caretakers(ctx: Context) -> NDArray[np.float64]:
    """Caretakers at work per district over the standing formation, with a zero at the end."""
    post = ctx.world.professional
    return signal_loops.caretakers(
        post.role, post.alive, post.vacant, post.sick, post.district, post.fte, ctx.world.stores[posts.BASE]
    )


def _visit_contact(ctx: Context) -> float:
    """Chance that somebody is met in some visits: ``1 - (1 - p) ** n`` (TIM-11)."""
    return float(1 - (1 - ctx.values["professionals.contact_visit"]) ** ctx.values["professionals.visits"])


def _accepted(
    ctx: Context, stream: str, rows: Rows, contact: NDArray[np.float64] | float, trust: NDArray[np.float32]
) -> Rows:
    """Those who are met and accept help (TIM-12); ``contact`` is the chance to be met, one for all or per row."""
    if rows.size == 0:
        return rows
    likely = contact * ctx.values["professionals.acceptance"]
    if isinstance(likely, float) and not ctx.effects.acts:
        those, u = ctx.draws.near(stream, ctx.world.resident.uid, rows, ctx.month, 1.0)
        return signal_loops.accepted(those, u, likely, trust, ctx.values["wellbeing.trust_level"])
    u = ctx.draws.uniform(stream, ctx.world.resident.uid[rows], ctx.month)
    ratio = trust[rows].astype(np.float64) / ctx.values["wellbeing.trust_level"]
    chosen: Rows = rows[u < likely * ratio * np.exp(access.language(ctx, rows))]
    return chosen


def _after_police(ctx: Context, rows: Rows, trust: NDArray[np.float32]) -> Rows:
    """The police pass on half of those whom an event brought to their notice."""
    told = ctx.values["professionals.signal_police_share"]
    contact = told * access.met(ctx, rows, _visit_contact(ctx))
    return _accepted(ctx, "professionals.signal_police", rows, contact, trust)


def _after_letter(ctx: Context, rows: Rows, trust: NDArray[np.float32]) -> Rows:
    """An arrears signal is followed by a letter or call (DEB-20, TIM-10), or by visits where a lever has them."""
    contact = access.met(ctx, rows, ctx.values["professionals.contact_letter"], written=True)
    lever = ctx.effects.offsets(LETTER, "resident")
    if lever is not None:
        # a programme that does more than write, such as calling at the door
        contact = np.minimum(contact * np.exp(lever[rows]), 1)
    found = _accepted(ctx, LETTER, rows, contact, trust)
    ctx.log.record("letters_accepted", row=found, district=ctx.world.resident.district[found])
    return found


def _followed_up(ctx: Context, rows: Rows, missed: Rows, trust: NDArray[np.float32]) -> Rows:
    """Those whom visits bring in after a second shared signal; ``rows`` are in need, ``missed`` signalled in vain."""
    again = sharing.put_together(ctx, rows, _unheard(ctx, rows), missed)
    contact = access.met(ctx, again, _visit_contact(ctx))
    return _accepted(ctx, "professionals.shared_visit", again, contact, trust)


def _unheard(ctx: Context, rows: Rows) -> NDArray[np.float64]:
    """Yearly rate of signals by others about each of ``rows`` that lead to nothing: nobody met, or help not wanted."""
    values, table = ctx.values, ctx.world.resident
    ratios = _ratios(ctx, rows, _caretakers(ctx))
    accepts = ratios[1]
    recent = table.case_closed[rows] > long_ago(ctx.month, values["professionals.relapse_window"])
    vain = np.where(recent, values["professionals.signal_hr_former"], 1.0) - np.exp(accepts)
    total = np.zeros(rows.size)
    for event, ratio in zip(CHANNELS[1:], ratios[1:], strict=True):
        rate = values[event.rate] * np.exp(ratio - accepts)
        lever = ctx.effects.offsets(event.name, event.table)
        if lever is not None:
            rate *= np.exp(lever[rows])
        found = _findable(ctx, event, rows)
        total += rate if found is None else rate * found
    result: NDArray[np.float64] = total * np.maximum(vain, 0)
    return result


def _visited(ctx: Context, rows: Rows, trust: NDArray[np.float32]) -> Rows:
    """Those of ``rows`` (in need, without help) whose need came to light as a programme called, and who want help.

    A programme asks ``professionals`` for ``find_need`` with ``residents`` and ``chance``: that need which is there is
    seen this month. Of several programmes each has its own chance.
    """
    asked = [details for _, owner, act, details in ctx.effects.acts if (owner, act) == (OWNER, FIND)]
    if not asked:
        return rows[:0]
    missed = np.ones(ctx.world.resident.size)
    for details in asked:
        missed[details["residents"]] *= 1 - details["chance"]
    seen = rows[missed[rows] < 1]
    found = _accepted(ctx, "professionals.signal_visit", seen, 1 - missed[seen], trust)
    ctx.counters.add("professionals.found_by_visits", found.size)
    return found
