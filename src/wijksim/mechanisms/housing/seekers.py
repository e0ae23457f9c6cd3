"""Substep 3: the queue for corporation dwellings in the whole city.

Newcomers stand in it as records of pools, households and home-leavers of the districts as themselves. Priority inflow
is a flow into the city per 1,000 corporation dwellings; regular registrations equal lettings and drop-out of the start.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from math import floor
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.housing import seeker_loops
from wijksim.mechanisms.housing.columns import CHANNELS, PRIORITY
from wijksim.mechanisms.housing.desk import desk_of, priority_inflow, queue_target, regular_pressure
from wijksim.mechanisms.housing.leave import followers
from wijksim.state.codes import SeekerCategory
from wijksim.state.pool import Pool
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_FILED = ("persons", "income", "fifth", "support", "contributor")
_FACTS = itemgetter(*_FILED)
_NOBODY: Rows = np.empty(0, dtype=np.int32)
_NO_LUCK, _NOW = np.empty(0), np.empty(0, np.int64)  # who registers now
_KINDS = np.arange(len(SeekerCategory))
_ORDER = _KINDS.astype(np.uint64)


def add_newcomers(
    ctx: Context, category: NDArray[np.int64], uids: NDArray[np.uint64], registered: NDArray[np.int64]
) -> None:
    """Register records of the pools; which record belongs to the uid of the seeker, whatever else happened."""
    keep = _files(ctx)["size"][category] > 0
    rows = ctx.world.seeker.add(uids[keep])
    needy = np.zeros(ctx.world.household.size, dtype=bool)
    enter(ctx, rows, category[keep], (_NOBODY, _NOBODY), needy=needy, registered=registered[keep])


def enter(
    ctx: Context,
    rows: Rows,
    category: NDArray[np.int64],
    movers: tuple[Rows, Rows],
    *,
    needy: NDArray[np.bool_],
    registered: NDArray[np.int64] | None = None,
) -> None:
    """Fill new rows: newcomers of some categories, then households and residents of the districts.

    Newcomers have registered now, or as ``registered`` says; years in a dwelling, and years since one came of age,
    count as registration.
    """
    world, table, values, files = ctx.world, ctx.world.seeker, ctx.values, _files(ctx)
    household, resident, known = world.household, world.resident, category.size
    uids = table.uid.take(rows)
    luck = (
        ctx.draws.life("housing.record", uids[:known]) if known else _NO_LUCK,
        ctx.draws.life("housing.local", uids[known:]) if known < uids.size else _NO_LUCK,
        ctx.draws.life("housing.ring", uids),
    )
    terms = (
        values["housing.local_share"],
        ctx.month,
        ctx.month - int(values["housing.woonduur_most"]),
        int(values["housing.adult_registration_age"] * MONTHS_PER_YEAR),
    )
    # fmt: off
    seeker_loops.enter(
        rows, luck, category, (files["size"], files["start"], *_FACTS(files)), movers, terms,
        (household.head, household.moved_in, household.district, household.income_fifth, household.income,
         household.adults, household.persons, needy),
        (resident.household, resident.birth_month, resident.contributor),
        (table.kind, table.household, table.resident, table.scope, table.category, table.channel, table.record),
        (table.persons, table.income, table.fifth, table.support, table.contributor),
        (table.registered, table.ring, table.seniority),
        _NOW if registered is None else registered,
    )
    # fmt: on
    for mother, children in followers(ctx, movers[1]).items():
        table.persons[rows[known + movers[0].size :][movers[1] == mother]] += len(children)


def _files(ctx: Context) -> dict[str, NDArray[Any]]:
    """What the queue needs to know of the pools, all corporation channels in one list (pools never change)."""
    desk = desk_of(ctx)
    if desk.files:
        return desk.files
    pools = [ctx.world.pools.get(channel.name.lower()) for channel in CHANNELS]
    filled = [pool for pool in pools if pool is not None]
    size = np.zeros(len(SeekerCategory), dtype=np.int64)
    size[list(CHANNELS)] = [0 if pool is None else len(pool) for pool in pools]
    desk.files = {"size": size, "start": np.cumsum(size) - size}
    for attribute in _FILED:
        parts = [_filed(pool, attribute) for pool in filled]
        desk.files[attribute] = np.concatenate(parts) if parts else np.empty(0)
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
    ground, order = _numbered(tuple(np.rint(counts).astype(int).tolist()))
    uids = derive_uid("seeker at the start", ground, order)
    luck = ctx.draws.life("housing.waited", uids)
    waited = np.where(ground == int(SeekerCategory.REGULAR), -np.log1p(-luck), luck) * months[ground]
    add_newcomers(ctx, ground, uids, ctx.month - np.minimum(waited, np.iinfo(np.int16).max // 2).astype(int))


@lru_cache(maxsize=2**6)
def _numbered(counts: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Category of each of ``counts`` seekers, and their number within it; the same few counts come again and again."""
    category, before = _KINDS.repeat(counts), [0, *accumulate(counts)][:-1]
    return category, np.arange(category.size) - np.array(before).take(category)


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
    monthly = _monthly(ctx.values["housing.dropout"])
    # the luck of nobody, and of those who never tire, changes nothing: no list has to be made of the others
    tired, _ = ctx.draws.near("housing.dropout", table.uid, _every(table.size), ctx.month, monthly)
    household, leaves = world.household, np.empty(table.size, np.int32)
    # fmt: off
    count = seeker_loops.give_up(
        tired, (table.alive, table.kind, table.category), (table.household, table.resident),
        (household.move_wish, household.sought, world.resident.home_sought), (household.persons, household.income),
        (table.persons, table.income), leaves,
    )
    # fmt: on
    return leaves[:count]


@lru_cache(maxsize=2)
def _every(size: int) -> Rows:
    """All rows of a table of so many."""
    return np.arange(size, dtype=np.int32)


def register(ctx: Context, homes: Rows, people: Rows, needy: NDArray[np.bool_]) -> Rows:
    """New registrations of this month: newcomers, then households and home-leavers who start to look.

    Fractions of newcomers are settled by one draw per category, the same in every variant.
    """
    world, table = ctx.world, ctx.world.seeker
    category, known = _inflow(ctx)
    uids = known
    if homes.size or people.size:
        moved = np.concatenate([world.household.uid.take(homes), world.resident.uid.take(people)])
        uids = np.concatenate([known, derive_uid("seeker from the districts", moved, ctx.month)])
    if uids.size == 0:
        return _NOBODY
    rows = table.add(uids)
    enter(ctx, rows, category, (homes, people), needy=needy)
    return rows


def _inflow(ctx: Context) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Category and identity of the newcomers of this month, without those whose pool is empty."""
    flow = priority_inflow(ctx).tolist()
    monthly = _monthly(ctx.values["housing.dropout"])
    flow[SeekerCategory.REGULAR] = desk_of(ctx).registrations + monthly * queue_target(ctx)
    luck = ctx.draws.uniform("housing.inflow", _ORDER, ctx.month).tolist()
    counts = [
        floor(each + chance) if each > 0 and size > 0 else 0
        for each, chance, size in zip(flow, luck, _files(ctx)["size"].tolist(), strict=True)
    ]
    category, order = _numbered(tuple(counts))
    return category, derive_uid("seeker", category, order, ctx.month)


def follow_lettings(ctx: Context) -> None:
    """During the warm-up registrations follow lettings to newcomers; from month 0 they are what they were."""
    if ctx.month >= 0:
        return
    desk = desk_of(ctx)
    fraction = 1 - 2 ** (-1 / ctx.values["housing.registrations_memory"])
    desk.regular_lettings += (
        float(desk.city_lettings[SeekerCategory.REGULAR]) - desk.regular_lettings
    ) * fraction
    desk.registrations += (desk.regular_to_newcomers - desk.registrations) * fraction
