"""Substep 3: the queue for corporation dwellings in the whole city.

Newcomers stand in it as records of pools, households and home-leavers of the districts as themselves. Priority inflow
is a flow into the city per 1,000 corporation dwellings; regular registrations equal lettings and drop-out of the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream, derive_uid
from wijksim.core.uids import namespace_key
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.kept import Kept
from wijksim.mechanisms.housing import seeker_loops
from wijksim.mechanisms.housing.columns import CHANNELS, PRIORITY
from wijksim.mechanisms.housing.desk import (
    DESK,
    PRIORITY_INFLOW,
    Desk,
    desk_of,
    inflow,
    priority_inflow,
    queue_target,
    regular_pressure,
)
from wijksim.mechanisms.housing.leave import followers
from wijksim.mechanisms.housing.luck import AtHand, ForLife
from wijksim.state.codes import SeekerCategory
from wijksim.state.pool import Pool
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_FILED = ("persons", "income", "fifth", "support", "contributor")
_NOBODY: Rows = np.empty(0, dtype=np.int32)
_TIRE, _INFLOW = AtHand((Stream("housing.dropout"), 0)), AtHand((Stream("housing.inflow"), 0))
_ENTERING = ForLife(("housing.record", 0), ("housing.local", 0), ("housing.ring", 0))
_WORDS = namespace_key("seeker"), namespace_key("seeker from the districts")
_NOW = np.empty(0, np.int64)  # who registers now
# columns in the order in which passes ask for them
_HOMES = attrgetter("head", "moved_in", "district", "income_fifth", "income", "adults", "persons")
_PEOPLE = attrgetter("household", "birth_month", "contributor")
_SEEKERS = attrgetter(
    "kind", "household", "resident", "scope", "category", "channel", "record",
    *_FILED, "registered", "ring", "seniority",
)  # fmt: skip
_LOOKING = attrgetter("alive", "kind", "category", "household", "resident", "persons", "income")
_NOW_HOMES = attrgetter("move_wish", "sought", "persons", "income")
_FLOW = itemgetter("housing.dropout", "housing.queue_years", *PRIORITY_INFLOW)
_KINDS = np.arange(len(SeekerCategory))
_ORDER = _KINDS.astype(np.uint64)


def add_newcomers(
    ctx: Context, category: NDArray[np.int64], uids: NDArray[np.uint64], registered: NDArray[np.int64]
) -> None:
    """Register records of the pools; which record belongs to the uid of the seeker, whatever else happened."""
    keep = _files(ctx)[0][category] > 0
    needy = np.zeros(ctx.world.household.size, dtype=bool)
    enter(ctx, uids[keep], category[keep], (_NOBODY, _NOBODY), needy=needy, registered=registered[keep])


def enter(
    ctx: Context,
    uids: NDArray[np.uint64],
    category: NDArray[np.int64],
    movers: tuple[Rows, Rows],
    *,
    needy: NDArray[np.bool_],
    registered: NDArray[np.int64] = _NOW,
) -> Rows:
    """Enter newcomers of some categories, then households and residents of the districts; the rows they are given.

    Newcomers have registered now, or as ``registered`` says; years in a dwelling, and years since one came of age,
    count as registration.
    """
    world, table, known = ctx.world, ctx.world.seeker, category.size
    rows = table.add(uids)
    seeker_loops.enter(
        rows, uids, _ENTERING(ctx), category, _files(ctx), movers, _TERMS(ctx.values), ctx.month,
        _HOMES(world.household), needy, _PEOPLE(world.resident), _SEEKERS(table), registered,
    )  # fmt: skip
    if movers[1].size:
        for mother, children in followers(ctx, movers[1]).items():
            table.persons[rows[known + movers[0].size :][movers[1] == mother]] += len(children)
    return rows


def _terms(values: Mapping[str, float]) -> tuple[float, int, int]:
    """Share that looks in the own district, longest registration, and months of life after which that counts."""
    adult = int(values["housing.adult_registration_age"] * MONTHS_PER_YEAR)
    return values["housing.local_share"], int(values["housing.woonduur_most"]), adult


_TERMS = Kept(_terms)


def _files(ctx: Context) -> tuple[NDArray[Any], ...]:
    """What the queue needs to know of the pools, all corporation channels in one list (pools never change).

    How many records each category has, where they begin, and of all records what is filed.
    """
    desk: Desk = ctx.world.stores[DESK]
    if not desk.files:
        pools = [ctx.world.pools.get(channel.name.lower()) for channel in CHANNELS]
        filled = [pool for pool in pools if pool is not None]
        size = np.zeros(len(SeekerCategory), dtype=np.int64)
        size[list(CHANNELS)] = [0 if pool is None else len(pool) for pool in pools]
        parts = [[_filed(pool, attribute) for pool in filled] or [np.empty(0)] for attribute in _FILED]
        desk.opened = tuple((size > 0).tolist())
        desk.files = size, np.cumsum(size) - size, *(np.concatenate(part) for part in parts)
    return desk.files


def _filed(pool: Pool, attribute: str) -> NDArray[Any]:
    if attribute == "persons":
        return pool.sizes
    return pool.household["income"] if attribute == "income" else pool.extra[attribute]


def start_queue(ctx: Context) -> None:
    """Fill the queue to its stationary size, with stationary (not zero) registration times."""
    values, desk = ctx.values, desk_of(ctx)
    years = values["housing.queue_years"] / (1 + values["housing.queue_years"] * values["housing.dropout"])
    flow = priority_inflow(ctx)
    counts = np.zeros(flow.size)
    counts[SeekerCategory.REGULAR] = queue_target(ctx)
    # backlogs at which categories get dwellings in proportion to their inflow; refusals bring part of the regular
    # vacancies to priority seekers, which shortens their queues
    refused = (1 - values["housing.offer_mean"]) ** values["housing.most_refusals"]
    total = desk.regular_lettings + flow.sum()
    drawn = 1 - (desk.regular_lettings / total) / (1 - refused) if total > 0 else 0.0
    shorter = max(drawn, 0.0) / max(flow.sum() / total, np.finfo(np.float64).tiny) if total > 0 else 0.0
    backlog = regular_pressure(ctx, queue_target(ctx))
    per_dwelling = backlog * (1 - refused) / max(desk.regular_lettings, 1)
    months = np.zeros(flow.size)
    for category in PRIORITY:
        weight = values[f"housing.target_weight_{category.name.lower()}"]
        months[category] = shorter * flow[category] * per_dwelling / weight if weight > 0 else 0.0
        counts[category] = months[category] * flow[category]
    months[SeekerCategory.REGULAR] = years * MONTHS_PER_YEAR
    ground, *words = _numbered(tuple(np.rint(counts).astype(int).tolist()))
    uids = derive_uid("seeker at the start", *words)
    luck = ctx.draws.life("housing.waited", uids)
    waited = np.where(ground == int(SeekerCategory.REGULAR), -np.log1p(-luck), luck) * months[ground]
    add_newcomers(ctx, ground, uids, ctx.month - np.minimum(waited, np.iinfo(np.int16).max // 2).astype(int))


@lru_cache(maxsize=2**6)
def _numbered(counts: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.uint64]]:
    """Category of each of ``counts`` seekers, and as words the category and their number within it.

    The same few counts come again and again.
    """
    category, before = _KINDS.repeat(counts), [0, *accumulate(counts)][:-1]
    order = np.arange(category.size) - np.array(before).take(category)
    return category, category.astype(np.uint64), order.astype(np.uint64)


@lru_cache(maxsize=2**4)
def _monthly(yearly: float) -> float:
    """Chance of a month of what happens at a yearly rate."""
    return float(-np.expm1(-yearly / MONTHS_PER_YEAR))


def drop_out(ctx: Context) -> Rows:
    """Regular seekers give up; those who no longer look, or are gone, leave the queue; others are as they are now.

    Returns
    -------
    Rows
        Who leaves, ascending; the rows are released when the month of the queue is over.
    """
    world, table = ctx.world, ctx.world.seeker
    leaves = _room(table.size)
    count = seeker_loops.give_up(
        table.uid, _TIRE(ctx, table.uid)[0], _monthly(ctx.values["housing.dropout"]), _LOOKING(table),
        _NOW_HOMES(world.household), world.resident.home_sought, leaves,
    )  # fmt: skip
    return leaves[:count]


@lru_cache(maxsize=2)
def _room(size: int) -> Rows:
    """Room for a list of rows of a table of so many: nobody keeps what is in it after a month."""
    return np.empty(size, np.int32)


def register(ctx: Context, homes: Rows, people: Rows, needy: NDArray[np.bool_]) -> Rows:
    """New registrations of this month: newcomers, then households and home-leavers who start to look.

    Fractions of newcomers are settled by one draw per category, the same in every variant.
    """
    world, movers = ctx.world, (homes, people)
    desk: Desk = world.stores[DESK]
    if not desk.files:
        _files(ctx)
    flow, most = _flow(
        _FLOW(ctx.values), desk.corporation_stock, desk.registrations, desk.regular_lettings, desk.opened
    )
    moving = homes.size + people.size
    category, uids = np.empty(most, np.int64), np.empty(most + moving, np.uint64)
    known = seeker_loops.arriving(
        flow, _ORDER, _INFLOW(ctx, _ORDER)[0], _WORDS, ctx.month, movers, (world.household.uid, world.resident.uid),
        category, uids,
    )  # fmt: skip
    if known + moving == 0:
        return _NOBODY
    return enter(ctx, uids[: known + moving], category[:known], movers, needy=needy)


@lru_cache(maxsize=2**4)
def _flow(
    numbers: tuple[float, ...], stock: float, registrations: float, lettings: float, opened: tuple[bool, ...]
) -> tuple[NDArray[np.float64], int]:
    """Newcomers a month by category, none from pools that are not open; and how many may come in one month.

    The numbers are yearly drop-out, years of waiting, and priority seekers.
    """
    dropout, years, *priority = numbers
    flow = inflow(tuple(priority), stock).copy()
    flow[SeekerCategory.REGULAR] = registrations + _monthly(dropout) * (lettings * MONTHS_PER_YEAR * years)
    flow = np.where(opened, np.maximum(flow, 0), 0)
    return flow, int(np.ceil(flow).sum())


def follow_lettings(ctx: Context) -> None:
    """During the warm-up registrations follow lettings to newcomers; from month 0 they are what they were."""
    desk = desk_of(ctx)
    fraction = 1 - 2 ** (-1 / ctx.values["housing.registrations_memory"])
    desk.regular_lettings += (
        float(desk.city_lettings[SeekerCategory.REGULAR]) - desk.regular_lettings
    ) * fraction
    desk.registrations += (desk.regular_to_newcomers - desk.registrations) * fraction
