"""Encounters: how ties grow and fade, and how new ones are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream
from wijksim.core.uids import namespace_key
from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts import friends
from wijksim.mechanisms.contacts.acts import MIXING
from wijksim.mechanisms.contacts.doors import doors
from wijksim.mechanisms.contacts.focus import LAYERS, Staged
from wijksim.mechanisms.contacts.meet_loops import meetings, met, taken
from wijksim.mechanisms.contacts.pair_loops import strengthened
from wijksim.mechanisms.contacts.people import (
    SHARES,
    WORKS,
    Focus,
    alike,
    focus_table,
    likeness,
    remembered,
)
from wijksim.mechanisms.contacts.room import ROOM, Room
from wijksim.state.table import Rows

_MEET, _PAIR, _WORDS = Stream("contacts.meet"), Stream("contacts.pair"), namespace_key("pair")
PHASES = 2 + 1  # a third of the ties is brought up to date each month
_NOBODY, _NO_LIFT = np.empty(0, np.bool_), np.empty(0, np.float32)


RATES = (
    "rate_entrance", "rate_complex", "rate_district", "rate_place", "uses_complex", "uses_district", "uses_school",
    "uses_work", "uses_circle",
)  # fmt: skip


@remembered(*RATES)
def focus_rates(values: Mapping[str, float]) -> NDArray[np.float32]:
    """Encounters a month of two people who are always about, by focus or other layer, shape ``(n_layers,)``.

    In the street, at the school gate and at work, people meet by chance and because they use the same place:
    ``district + meeting place * uses``. Those who were introduced to each other meet as others of the district do,
    members of a circle also there.
    """
    street, place = values["contacts.rate_district"], values["contacts.rate_place"]
    rates = np.empty(LAYERS, dtype=np.float32)
    rates[Focus.ENTRANCE] = values["contacts.rate_entrance"]
    rates[Focus.COMPLEX] = values["contacts.rate_complex"] + place * values["contacts.uses_complex"]
    rates[Focus.DISTRICT] = street + place * values["contacts.uses_district"]
    rates[Focus.SCHOOL] = street + place * values["contacts.uses_school"]
    rates[Focus.WORK] = street + place * values["contacts.uses_work"]
    rates[Staged.INTRODUCED] = rates[Focus.DISTRICT]
    rates[Staged.CIRCLE] = street + place * values["contacts.uses_circle"]
    return rates


def strength_map(values: Mapping[str, float], months: int) -> tuple[float, float]:
    """Factor on strength, and gain per monthly encounter, over so many months.

    One month is ``s * q + gain * encounters`` with ``q = 2 ** (-1 / half-life)``; n months in one go are
    ``s * q**n + gain * encounters * (1 - q**n) / (1 - q)``, exactly, for a constant rate.
    """
    return _mapped(values["contacts.tie_half_life"], values["contacts.tie_gain"], months)


def _mapped(half_life: float, gain: float, months: int) -> tuple[float, float]:
    q = 2 ** (-1 / half_life)
    return q**months, gain * (1 - q**months) / (1 - q)


@remembered("tie_half_life", "tie_gain", "introduced_half_life")
def fading(values: Mapping[str, float]) -> NDArray[np.float32]:
    """Factor on strength and gain per monthly encounter over a phase, by layer, shape ``(2, n_layers)``."""
    table = np.empty((2, LAYERS), dtype=np.float32)
    table.T[:] = strength_map(values, PHASES)
    introduced = values["contacts.introduced_half_life"]
    table[:, Staged.INTRODUCED] = _mapped(introduced, values["contacts.tie_gain"], PHASES)
    return table


type _Numbers = NDArray[np.float64]


class Rules(NamedTuple):
    """What parameters make of encounters, kept together as it is needed together every month.

    Attributes
    ----------
    fading
        Rates of encounters, what is kept of a tie and what it gains, by layer; the floor below which it ends.
    meeting
        What makes a typical resident, who is 1, of the root of how much somebody is about; the most that anybody is
        active; what makes a chance of that; the ratio of those with a shared room. Where ways of meeting begin and how
        wide they are, the chance of an introduction by focus, and who works by activity.
    taking
        How readily two take to each other, as a table; ages at which stages of life begin; strength of a new tie.
    """

    fading: tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], np.float32]
    meeting: tuple[
        np.float32, np.float32, np.float32, np.float32, _Numbers, _Numbers, _Numbers, NDArray[np.bool_]
    ]
    taking: tuple[_Numbers, tuple[int, int], np.float32]


@remembered(
    *RATES, *SHARES, "tie_half_life", "tie_gain", "introduced_half_life", "tie_floor", "triadic_share",
    "homophily_milieu", "homophily_stage", "homophily_overlap", "overlap_full", "stage_middle", "stage_old",
    "tie_start", "most_active", "activity_mean", "draws", "tie_chance", "room_ratio",
)  # fmt: skip
def rules(values: Mapping[str, float]) -> Rules:
    """Work out the rules under the parameters in force."""
    most = np.float32(values["contacts.most_active"])
    (kept, gain), (edges, width) = fading(values), ways(values)
    height = np.float32(values["contacts.draws"] * values["contacts.tie_chance"]) * most
    scale, ratio = (
        np.float32(1 / np.sqrt(values["contacts.activity_mean"])),
        np.float32(values["contacts.room_ratio"]),
    )
    stages = int(values["contacts.stage_middle"]), int(values["contacts.stage_old"])
    return Rules(
        (focus_rates(values), kept, gain, np.float32(values["contacts.tie_floor"])),
        (scale, most, height, ratio, edges, width, introduction(values), WORKS),
        (alike(values), stages, np.float32(values["contacts.tie_start"])),
    )


def strengthen(ctx: Context, rule: Rules, root: NDArray[np.float32]) -> None:
    """Bring the ties of this month's phase up to date and drop those that have faded.

    The phase of a tie is the month in which it was made, modulo three (for the initial ties a hash of the
    pair), so that each tie takes an exact three-month step every third month, whatever happens to others.
    """
    ties = ctx.world.ties
    part = ties.block(ctx.month % PHASES)
    if part.stop == part.start:
        return
    faded = np.empty(part.stop - part.start, dtype=np.intp)
    count = strengthened(
        ties.a, ties.b, ties.layer, root, *rule.fading, part.start, part.stop, ties.strength,
        ctx.world.resident.ties, faded,
    )  # fmt: skip
    if count:
        ties.drop(faded[:count])


# fmt: off
def meet(
    ctx: Context, rule: Rules, root: NDArray[np.float32], grown: NDArray[np.bool_], rows: Rows, *, rooms: bool = True,
    laid: Room | None = None,
) -> None:
    # fmt: on
    """Make new ties of ``rows``, who are all that are ``grown``; there may be shared ``rooms``.

    How columns are ``laid`` out is looked up unless given.

    A resident draws at most ``contacts.draws`` candidates a month, each of whom becomes a tie with chance
    ``contacts.tie_chance * likeness`` times how much both are about. Drawn first: only those whose own draw lies
    below the highest chance they can have go on to meet somebody. The last draw belongs to the pair, so that it
    does not matter which of the two found the other, nor what happens to anybody else.

    ``contacts.triadic_share`` of the candidates are friends of a friend, the others somebody from a shared place.
    (A friend's friend of the same entrance is sooner met than one of the other end of the district.)
    """
    if rows.size == 0:
        return
    world, month, laid = ctx.world, ctx.month, ROOM(ctx.world) if laid is None else laid
    low, high, layer, strength = laid.made
    steered = ctx.effects.scales and ctx.effects.offsets(MIXING, "resident") is not None
    if steered or ctx.draws.audited:
        number = _mixed(ctx, rule, pairs(ctx, rule, root, grown, rows, rooms=rooms))
    else:
        most, lift, user = _bound(ctx, rule, root, rows, rooms=rooms)
        key, uid = ctx.draws.key, world.resident.uid
        places, friend = doors(world), world.stores.get(friends.STORE, friends.NONE)
        number = met(
            rows, key(_MEET, uid, rows, month, 0), most, root, lift, user, grown, month, _WORDS,
            key(_PAIR, uid, rows, month, 0), places["order"], places["doors"], friend["start"], friend["friend"],
            *rule.meeting, *rule.taking, *laid.meeting,
        )  # fmt: skip
    world.ties.add(
        low[:number], high[:number], strength[:number], layer[:number], phase=month % PHASES,
        counts=world.resident.ties,
    )  # fmt: skip


def _mixed(ctx: Context, rule: Rules, found: Pairs) -> int:
    """Fill in the ties that pairs make where levers say who takes to whom; return how many."""
    (first, second, focus, chance, luck), made = found, ROOM(ctx.world).made
    resident, household = ctx.world.resident, ctx.world.household
    return taken(
        first, second, focus, chance, luck, likeness(ctx, first, second), *rule.taking, resident.milieu, resident.age,
        resident.household, household.children, household.moved_in, ctx.month, *made,
    )  # fmt: skip


# fmt: off
def _out(
    ctx: Context, rule: Rules, root: NDArray[np.float32], rows: Rows, *, rooms: bool,
) -> tuple[Rows, NDArray[np.float64], NDArray[np.float32], NDArray[np.bool_]]:
    # fmt: on
    """Those of ``rows`` who may go out to meet somebody, their draws, what levers add, and who uses shared rooms."""
    highest, lift, user = _bound(ctx, rule, root, rows, rooms=rooms)
    near, u = ctx.draws.near(_MEET.name, ctx.world.resident.uid, rows, ctx.month, highest)
    return near, u, lift, user


# fmt: off
def _bound(
    ctx: Context, rule: Rules, root: NDArray[np.float32], rows: Rows, *, rooms: bool,
) -> tuple[float, NDArray[np.float32], NDArray[np.bool_]]:
    # fmt: on
    """Highest chance that any of ``rows`` goes out to meet somebody, what levers add, and who uses shared rooms."""
    (scale, most, height, room_ratio, *_), lift, user = rule.meeting, _NO_LIFT, _NOBODY
    # most that anybody does to make new ties, 1 for the typical resident
    highest = min(np.maximum.reduce(root) * scale, most)
    if ctx.effects.scales:
        lift = _lift(ctx)
        if lift.size:
            highest = np.float32((np.minimum(root * scale, most) * lift).max())
    highest *= height
    if rooms and np.count_nonzero(ctx.world.complex.shared_room):
        user = ctx.world.resident.room_user
        if user[rows].any():
            highest *= max(room_ratio, np.float32(1))
    return min(float(highest), 1.0), lift, user


type Pairs = tuple[Rows, Rows, NDArray[np.int8], NDArray[np.float64], NDArray[np.float64]]


# fmt: off
def pairs(
    ctx: Context, rule: Rules, root: NDArray[np.float32], grown: NDArray[np.bool_], rows: Rows, *, rooms: bool = True,
) -> Pairs:
    # fmt: on
    """Who of ``rows`` meets whom this month, each pair once; ``rooms`` tells whether shared rooms are in use.

    Returns
    -------
    first, second
        Residents, the first of whom found the other.
    focus
        Where, with ``BY_FRIEND`` added for those whom a friend introduced to each other.
    chance, luck
        Chance of a tie between the most alike, and the draw of the pair.
    """
    world = ctx.world
    resident, household = world.resident, world.household
    rows, u, lift, user = _out(ctx, rule, root, rows, rooms=rooms)
    places, friend = doors(world), world.stores.get(friends.STORE, friends.NONE)
    room = rows.size + 1
    first, second, uids = np.empty(room, np.int32), np.empty(room, np.int32), np.empty((2, room), np.uint64)
    focus, chance = np.empty(room, np.int8), np.empty(room)
    number = meetings(
        rows, u, root, lift, user, *rule.meeting, resident.household, resident.district, resident.activity,
        resident.role, grown, resident.uid, household.dwelling, household.entrance, household.complex, household.head,
        household.adults, household.children, world.dwelling.household, places["order"], places["doors"],
        friend["start"], friend["friend"], first, second, focus, chance, uids,
    )  # fmt: skip
    luck = ctx.draws.pair("contacts.pair", uids[0, :number], uids[1, :number], ctx.month)
    return first[:number], second[:number], focus[:number], chance[:number], luck


def _lift(ctx: Context) -> NDArray[np.float32]:
    """What levers add to how much each resident does to make new ties, as a ratio; nothing where there are none.

    What they add to ``contacts.new_ties`` counts for one half with each end of a pair, as activity does. A
    resident's value depends on nobody else, or the luck of all would shift with a lever on one.
    """
    lever = ctx.effects.offsets("contacts.new_ties", "resident")
    return _NO_LIFT if lever is None else np.exp(lever / 2).astype(np.float32)


@remembered(*SHARES, *RATES)
def introduction(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Chance that friends of a friend come to meet, by the place they share, 1 for the entrance; ``(n_foci,)``.

    They were not drawn in a focus, so its weight and its rate of encounters have yet to count.
    """
    shares = np.array([values[f"contacts.{name}"] for name in SHARES])
    weight = shares * focus_rates(values)[: len(Focus)]
    return np.asarray(np.minimum(weight / np.maximum(weight[Focus.ENTRANCE], 1e-9), 1))


@remembered("triadic_share", *SHARES)
def ways(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Ways of meeting of all kinds of resident on one line: where each begins, and its width.

    Kind k has its ways between k and k + 1: first an introduction, then each focus. Shape ``(2, n_ways)``.
    """
    triadic = values["contacts.triadic_share"]
    table = np.cumsum(focus_table(values), axis=1) * (1 - triadic) + triadic
    kinds = table.shape[0]
    edges = np.hstack([np.zeros((kinds, 1)), np.full((kinds, 1), triadic), table[:, :-1]])
    edges = (edges + np.arange(kinds)[:, None]).ravel()
    return np.array([edges, np.append(edges[1:], kinds) - edges])
