"""How need comes to be known: signals by channel, contact, acceptance, and then the queue."""

from __future__ import annotations

from itertools import pairwise
from math import exp, expm1
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.professionals import access, look_loops, posts, sharing, sight, signal_loops
from wijksim.mechanisms.professionals.channels import (
    AT_HAND,
    CARETAKER_CHANNEL,
    CHANNELS,
    FLOOR,
    NEIGHBOUR,
    OUTREACH,
    ROADS,
    ROOM,
    Signal,
    Usual,
    usual_of,
)
from wijksim.mechanisms.professionals.columns import QUEUE, long_ago
from wijksim.mechanisms.professionals.look_loops import LINES
from wijksim.mechanisms.professionals.room import room_of
from wijksim.state.codes import Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.professionals.look_loops import Happened
    from wijksim.mechanisms.professionals.room import Room
    from wijksim.mechanisms.professionals.signal_loops import Brought

TRUST = Influence("resident.trust", "wellbeing.trust_level", loop="trust")
_NOTHING = np.empty(0)
LETTER, OWNER, FIND = ROADS[1].name, "professionals", "find_need"
LEVERS_MOVE = (LETTER, f"{OWNER}.{FIND}")

_CORPORATION = int(Tenure.CORPORATION)


class Seen(NamedTuple):
    """What a month begins with.

    Attributes
    ----------
    there, caretakers
        See :func:`posts.present`.
    trust
        Trust in institutions of everybody.
    noticed, most
        Residents without help of whom the police or a creditor's signal tell (those whom an event brought to the notice
        of the police, and heads of households in arrears), whoever is :func:`in_need`, and the highest trust of those.
    happened
        Crises that began.
    usual
        Numbers of the roads.
    """

    there: NDArray[np.float64]
    caretakers: NDArray[np.float64]
    trust: NDArray[np.float32]
    noticed: tuple[Rows, Rows, Rows]
    most: float
    happened: Happened
    usual: Usual


def in_need(ctx: Context) -> Rows:
    """Adults whose need is large enough for professional help and who have none."""
    table, household, lists = ctx.world.resident, ctx.world.household, room_of(ctx.world).unheard
    many, *_ = look_loops.noticed(
        _least(ctx, usual_of(ctx.values)), table.trust, table.need, table.case, table.alive, table.age, table.crises,
        household.early_signal, household.head, lists,
    )  # fmt: skip
    return lists[0, :many].copy()


def _least(ctx: Context, usual: Usual) -> NDArray[np.float32]:
    """Need from which professional help is in place, one for all or per resident."""
    if ctx.effects.scales and ctx.effects.touches(access.THRESHOLD):
        return np.asarray(access.least_need(ctx), np.float32)
    return usual.least


def look(ctx: Context, room: Room) -> Seen:
    """What the month begins with, before anybody is heard."""
    access.prepare(ctx)
    trust, whole, caretakers = _trust(ctx), posts.blank(ctx), room.caretakers
    (rows, police, signalled), (numbers, counts, who) = room.noticed, room.crises
    usual = usual_of(ctx.values)
    given = *posts.held(ctx), whole, caretakers, _least(ctx, usual), trust, *room.look
    (many, told, letters, most), (began, kinds) = look_loops.look(*given)
    happened = numbers[: LINES * began].reshape(LINES, began), counts[:began], who[:began], kinds
    noticed = police[:told], signalled[:letters], rows[:many]
    return Seen(posts.scaled(ctx, whole), caretakers, trust, noticed, most, happened, usual)


def _trust(ctx: Context) -> NDArray[np.float32]:
    """Trust in institutions of everybody."""
    if not (ctx.loops.off or ctx.loops.watched):
        return ctx.world.resident.trust
    return np.asarray(TRUST.values(ctx, "resident", slice(None)), np.float32)


def listen(ctx: Context, room: Room, seen: Seen) -> None:
    """New clients of this month join the queue: need signalled, contact made, help accepted."""
    trust = seen.trust
    joining, answered = heard(ctx, room, seen)
    if not ctx.effects.acts:  # those who are heard are in the queue
        return
    _, letters, rows = seen.noticed
    sighted = sight.look(ctx, trust_ratio, _visit_contact(ctx))
    found = [joining, _visited(ctx, rows, trust), *sighted.found]
    if access.asked(ctx, access.SHARE):
        missed = np.concatenate([np.setdiff1d(letters, answered), *sighted.missed]).astype(np.int32)
        found.append(_followed_up(ctx, rows, missed, trust))
    _enrol(ctx, np.concatenate(found))
    for those, part in sighted.early:
        _short_intake(ctx, those, part)


def yearly_inflow(ctx: Context, rows: Rows) -> NDArray[np.float64]:
    """Expected yearly rate at which each of ``rows`` (in need, without help) joins the queue by the channels."""
    total = np.zeros(rows.size)
    ratios = _ratios(ctx, rows, posts.present(ctx)[1])
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
    _counted(ctx, number, relapses)


def _counted(ctx: Context, number: int, relapses: int) -> None:
    """Count new clients, and those of them who had help not long ago."""
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


def heard(ctx: Context, room: Room, seen: Seen) -> tuple[Rows, Rows]:
    """Those who come forward this month, road by road, and those of them who answered a letter.

    Roads have their own luck and share the rest: chances are computed for the candidates of all in one go, and who is
    found twice stands there twice. Unless levers have more of them found, they are put in the queue at once.
    """
    _, caretakers, trust, (told, letters, rows), most, _, usual = seen
    table = ctx.world.resident
    uid = table.uid
    keys, totals = AT_HAND(ctx, uid, (told, letters, rows, rows, rows, rows))
    found = room.found
    by_rate = usual.rates, usual.numbers, trust, ctx.month, caretakers, found, totals, *room.heard
    if ctx.effects.acts or ctx.effects.scales or ctx.tracer is not None:
        bounds = _highest(ctx, rows, most, caretakers)
        candidates = signal_loops.drawn(told, letters, rows, uid, keys, bounds)
        many, by_police, by_letter, number, relapses = _closely(ctx, candidates, by_rate)
    else:
        many, by_police, by_letter, number, relapses = signal_loops.heard(
            told, letters, rows, most, uid, keys, usual.likely, usual.hazards, *by_rate
        )
    if number:
        _counted(ctx, number, relapses)
    answered = found[by_police : by_police + by_letter]
    if by_letter:
        answered = answered.copy()
        ctx.log.record("letters_accepted", row=answered, district=table.district[answered])
    return found[:many], answered  # the first is good until the next month


def _closely(
    ctx: Context, candidates: tuple[Rows, NDArray[np.float64], NDArray[np.int64]], by_rate: tuple[Any, ...]
) -> Brought:
    """Weigh candidates where levers have a hand in it, or somebody is to hear of them."""
    (chosen, u, ends), acts = candidates, ctx.effects.acts
    likely, spoken, shift, parts = usual_of(ctx.values).likely, _NOTHING, _NOTHING, _parts(ends.tolist())
    if chosen.size and (acts or ctx.effects.scales):
        likely, spoken, shift = _moved(ctx, chosen, parts)
    traced = 0 if ctx.tracer is None else chosen.size
    able, chance = np.empty(traced, np.bool_), np.empty(traced)
    result = signal_loops.weighed(chosen, u, ends, likely, spoken, shift, able, chance, not acts, *by_rate)
    if ctx.tracer is not None:
        for event, part in zip(CHANNELS, parts[2:], strict=True):
            mine = np.flatnonzero(able[part]) + part.start
            ctx.tracer.event(ctx, event, chosen[mine], chance[mine], u[mine] < chance[mine])
    return result


def _parts(ends: list[int]) -> list[slice]:
    """Where the candidates of each road stand."""
    return [slice(begin, end) for begin, end in pairwise([0, *ends])]


def _moved(
    ctx: Context, chosen: Rows, parts: list[slice]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """What levers make of the chances of candidates, who stand road by road, each in its own of ``parts``.

    Chance of contact and acceptance at the national level of trust, what a common language makes of it, and the log of
    what else there is.
    """
    values = ctx.values
    contact, spoken, shift = np.empty(chosen.size), np.ones(chosen.size), np.zeros(chosen.size)
    contact[:] = access.met(ctx, chosen, _visit_contact(ctx))
    contact[parts[0]] *= values["professionals.signal_police_share"]
    contact[parts[1]] = _letter_contact(ctx, chosen[parts[1]])
    if ctx.effects.acts:
        easier, common, present = access.shifts(ctx, chosen)
        np.exp(common, out=spoken)
        shift[parts[2]] += easier if isinstance(easier, float) else easier[parts[2]]
        for part in parts[4:]:
            shift[part] += present if isinstance(present, float) else present[part]
    for event, part in zip(CHANNELS, parts[2:], strict=True):
        lever = ctx.effects.offsets(event.name, event.table)
        if lever is not None:
            shift[part] += lever[chosen[part]]
    contact *= values["professionals.acceptance"]
    return contact, spoken, shift


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
    asks = np.log(np.maximum(trust * values["professionals.findable"], FLOOR)) + former
    likely = access.met(ctx, rows, _visit_contact(ctx)) * values["professionals.acceptance"] * trust
    care = np.log(np.maximum(caretakers, FLOOR))[table.district[rows]]
    if not ctx.effects.acts:
        accepts = np.log(np.minimum(np.maximum(likely, FLOOR), 1)) + former
        return asks, accepts, accepts + care, accepts
    easier, spoken, present = access.shifts(ctx, rows)
    accepts = np.log(np.minimum(np.maximum(likely * np.exp(spoken), FLOOR), 1)) + former
    return asks + easier, accepts, accepts + care + present, accepts + present


def _highest(ctx: Context, rows: Rows, most: float, caretakers: NDArray[np.float64]) -> tuple[float, ...]:
    """Bounds as :func:`signal_loops.drawn` takes them, where levers have a hand in it or somebody listens.

    They are those of the greatest trust, ``most``.
    """
    usual, effects = usual_of(ctx.values), ctx.effects
    if rows.size == 0:
        return (0.0,) * len(CHANNELS)
    level, findable, accepted, contact, *_ = usual.numbers
    trust = most / level
    asks, accepts = max(trust * findable, FLOOR), accepted * trust
    if effects.acts:
        contact = float(np.max(access.met(ctx, rows, contact)))
        easier, spoken, _ = access.shifts(ctx, rows)
        asks *= exp(float(np.max(easier)))
        accepts *= exp(float(np.max(spoken)))
    accepts = min(max(contact * accepts, FLOOR), 1.0)
    ratios = [asks, accepts, accepts * max(*caretakers.tolist(), FLOOR), accepts]
    if effects.scales:
        lever = ctx.values["kernel.lever_ratio_high"]
        ratios = [
            ratio * lever if effects.touches(event.name) else ratio
            for event, ratio in zip(CHANNELS, ratios, strict=True)
        ]
    # the same number computed in another order differs in its last bits
    return tuple([-expm1(hazard * ratio) * ROOM for hazard, ratio in zip(usual.hazards, ratios, strict=True)])


def _visit_contact(ctx: Context) -> float:
    """Chance that somebody is met in some visits."""
    return usual_of(ctx.values).met


def _accepted(
    ctx: Context, stream: str, rows: Rows, contact: NDArray[np.float64] | float, trust: NDArray[np.float32]
) -> Rows:
    """Those who are met and accept help (TIM-12); ``contact`` is the chance to be met, one for all or per row."""
    if rows.size == 0:
        return rows
    u = ctx.draws.uniform(stream, ctx.world.resident.uid[rows], ctx.month)
    ratio = trust[rows].astype(np.float64) / ctx.values["wellbeing.trust_level"]
    likely = contact * ctx.values["professionals.acceptance"] * ratio
    chosen: Rows = rows[u < likely * np.exp(access.language(ctx, rows))]
    return chosen


def _letter_contact(ctx: Context, rows: Rows) -> float | NDArray[np.float64]:
    """An arrears signal is followed by a letter or call (DEB-20, TIM-10), or by visits where a lever has them."""
    contact = access.met(ctx, rows, ctx.values["professionals.contact_letter"], written=True)
    lever = ctx.effects.offsets(LETTER, "resident")
    # a programme that does more than write, such as calling at the door
    return contact if lever is None else np.minimum(contact * np.exp(lever[rows]), 1)


def _followed_up(ctx: Context, rows: Rows, missed: Rows, trust: NDArray[np.float32]) -> Rows:
    """Those whom visits bring in after a second shared signal; ``rows`` are in need, ``missed`` signalled in vain."""
    again = sharing.put_together(ctx, rows, _unheard(ctx, rows), missed)
    contact = access.met(ctx, again, _visit_contact(ctx))
    return _accepted(ctx, "professionals.shared_visit", again, contact, trust)


def _unheard(ctx: Context, rows: Rows) -> NDArray[np.float64]:
    """Yearly rate of signals by others about each of ``rows`` that lead to nothing: nobody met, or help not wanted."""
    values, table = ctx.values, ctx.world.resident
    ratios = _ratios(ctx, rows, posts.present(ctx)[1])
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
