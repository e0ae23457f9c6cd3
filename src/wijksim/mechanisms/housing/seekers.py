"""Substep 3: the queue for corporation dwellings in the whole city.

Newcomers stand in it as records of pools, households and home-leavers of the districts as themselves. Priority inflow
is a flow into the city per 1,000 corporation dwellings; regular registrations equal lettings and drop-out of the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.housing.columns import CHANNELS, PRIORITY, SeekerKind
from wijksim.mechanisms.housing.desk import desk_of, pressure, priority_inflow, queue_target
from wijksim.mechanisms.housing.leave import followers
from wijksim.state.codes import SeekerCategory, Tenure
from wijksim.state.pool import Pool
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Months = NDArray[np.integer]

_FILED = ("persons", "income", "fifth", "support", "contributor")


def add_newcomers(
    ctx: Context, category: NDArray[np.int64], uids: NDArray[np.uint64], registered: Months | int
) -> None:
    """Register records of the pools; which record belongs to the uid of the seeker, whatever else happened."""
    files = _files(ctx)
    sizes = files["size"]
    keep = sizes[category] > 0
    category, uids = category[keep], uids[keep]
    registered = registered[keep] if isinstance(registered, np.ndarray) else registered
    table = ctx.world.seeker
    rows = table.add(uids)
    record = (ctx.draws.life("housing.record", uids) * sizes[category]).astype(np.int32)
    table.category[rows] = category
    table.channel[rows] = category
    table.kind[rows] = SeekerKind.NEWCOMER
    table.record[rows] = record
    table.registered[rows] = registered
    table.ring[rows] = ctx.draws.life("housing.ring", uids)
    table.seniority[rows] = table.registered[rows] + table.ring[rows]
    index = files["start"][category] + record
    for attribute in _FILED:
        table[attribute][rows] = files[attribute][index]


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
    per_dwelling = (
        pressure(ctx, counts)[SeekerCategory.REGULAR] * (1 - refused) / max(desk.regular_lettings, 1)
    )
    months = np.zeros(flow.size)
    for category in PRIORITY:
        weight = values[f"housing.target_weight_{category.name.lower()}"]
        months[category] = shorter * flow[category] * per_dwelling / weight if weight > 0 else 0.0
        counts[category] = months[category] * flow[category]
    months[SeekerCategory.REGULAR] = years * MONTHS_PER_YEAR
    ground, order = _numbered(np.rint(counts).astype(int))
    uids = derive_uid("seeker at the start", ground, order)
    luck = ctx.draws.life("housing.waited", uids)
    waited = np.where(ground == SeekerCategory.REGULAR, -np.log1p(-luck), luck) * months[ground]
    add_newcomers(ctx, ground, uids, ctx.month - np.minimum(waited, np.iinfo(np.int16).max // 2).astype(int))


def _numbered(counts: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Category of each of ``counts`` seekers, and their number within it."""
    category = np.repeat(np.arange(counts.size), counts)
    return category, np.arange(category.size) - np.repeat(np.cumsum(counts) - counts, counts)


def enter_newcomers(ctx: Context) -> None:
    """New registrations of this month; fractions are settled by one draw per category, the same in every variant."""
    flow = priority_inflow(ctx)
    monthly = -np.expm1(-ctx.values["housing.dropout"] / MONTHS_PER_YEAR)
    flow[SeekerCategory.REGULAR] = desk_of(ctx).registrations + monthly * queue_target(ctx)
    luck = ctx.draws.uniform("housing.inflow", np.arange(flow.size), ctx.month)
    category, order = _numbered(np.floor(flow + luck).astype(int) * (flow > 0))
    add_newcomers(ctx, category, derive_uid("seeker", category, order, ctx.month), ctx.month)


def drop_out(ctx: Context) -> None:
    """Regular seekers give up; those who no longer look, or are gone, leave the queue."""
    world, table = ctx.world, ctx.world.seeker
    rows = table.rows
    if rows.size == 0:
        return
    own = rows[table.kind[rows] != SeekerKind.NEWCOMER]
    kind, household, resident = table.kind[own], table.household[own], table.resident[own]
    gone = (kind == SeekerKind.HOUSEHOLD) & ((household < 0) | ~world.household.move_wish[household])
    gone |= (kind == SeekerKind.RESIDENT) & (
        (resident < 0) | (world.resident.home_sought[resident] != Tenure.CORPORATION)
    )
    monthly = -np.expm1(-ctx.values["housing.dropout"] / MONTHS_PER_YEAR)
    tired = rows[ctx.draws.uniform("housing.dropout", table.uid[rows], ctx.month) < monthly]
    tired = tired[
        (table.category[tired] == SeekerCategory.REGULAR) & (table.kind[tired] != SeekerKind.RESIDENT)
    ]
    settled = table.household[tired[table.kind[tired] == SeekerKind.HOUSEHOLD]]
    settled = settled[settled >= 0]
    world.household.move_wish[settled] = False
    world.household.sought[settled] = -1
    table.release(np.union1d(own[gone], tired).astype(np.int32))


def enter_internal(ctx: Context, homes: Rows, people: Rows, needy: NDArray[np.bool_]) -> None:
    """Households and home-leavers of the districts that start to look for a corporation dwelling join the queue."""
    world, table, values = ctx.world, ctx.world.seeker, ctx.values
    household, resident = world.household, world.resident
    n = homes.size
    if n + people.size:
        since = np.maximum(household.moved_in[homes], ctx.month - np.int16(values["housing.woonduur_most"]))
        adult = resident.birth_month[people] + np.int16(
            values["housing.adult_registration_age"] * MONTHS_PER_YEAR
        )
        uids = derive_uid(
            "seeker from the districts",
            np.concatenate([household.uid[homes], resident.uid[people]]),
            ctx.month,
        )
        rows = table.add(uids)
        table.kind[rows[:n]], table.kind[rows[n:]] = SeekerKind.HOUSEHOLD, SeekerKind.RESIDENT
        table.household[rows[:n]], table.resident[rows[n:]] = homes, people
        table.registered[rows] = np.concatenate([since, np.minimum(adult, ctx.month)])
        table.ring[rows] = ctx.draws.life("housing.ring", uids)
        table.seniority[rows] = table.registered[rows] + table.ring[rows]
        local = ctx.draws.life("housing.local", uids) < values["housing.local_share"]
        person = np.concatenate([household.head[homes], people])
        home = resident.household[person]
        table.scope[rows] = np.where(local, household.district[home], -1)
        table.support[rows] = needy[home]
        table.contributor[rows] = resident.contributor[person]
        table.fifth[rows] = household.income_fifth[home]
        table.income[rows] = household.income[home] / household.adults[home].clip(1)
        table.persons[rows] = 1
        for mother, children in followers(ctx, people).items():
            table.persons[rows[n:][people == mother]] += len(children)
    refresh_internal(ctx)


def refresh_internal(ctx: Context) -> None:
    """Keep size and income of seeking households up to date."""
    world, table = ctx.world, ctx.world.seeker
    rows = table.rows[table.kind[table.rows] == SeekerKind.HOUSEHOLD]
    home = table.household[rows]
    table.persons[rows] = np.minimum(world.household.persons[home], np.iinfo(np.int8).max)
    table.income[rows] = world.household.income[home]


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
