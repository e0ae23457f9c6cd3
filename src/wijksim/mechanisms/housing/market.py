"""Owner and private market: prices, reputation, movers of the districts, and newcomers who can pay.

``ln P = ln WOZ + elasticity * (afw - afw_0) + trend``; a buyer needs ``P <= 4.5 x`` yearly income, so that the incomes
of in-movers follow the price. Which newcomer comes is keyed on the dwelling and its vacancy.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.influence import Influence
from wijksim.kernel.relax import step_fraction
from wijksim.kernel.steering import LABEL
from wijksim.mechanisms.housing import market_loops
from wijksim.mechanisms.housing.desk import desk_of, ledger_of
from wijksim.mechanisms.housing.leave import leave_with_children
from wijksim.mechanisms.housing.market_loops import BUYER, OUTSIDE
from wijksim.state.codes import Fate, SeekerCategory, Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

MARKETS: tuple[Tenure, ...] = (Tenure.OWNER, Tenure.PRIVATE)
_SHARES = itemgetter("housing.loan_income_multiple", "housing.rent_income_share", "build.mortgage_payment")
_VIEWINGS = itemgetter(
    "housing.starter_share",
    "housing.loan_income_multiple",
    "housing.rent_income_share",
    "housing.buyer_band",
)
_DISORDER = Influence("entrance.disorder", "housing.offer_stigma", loop="concentration")


def move_prices(ctx: Context) -> None:
    """Let values follow liveability (last month's) and the trend."""
    desk, world = desk_of(ctx), ctx.world
    afw = np.asarray(ctx.loops.null_value(ctx, "concentration", "district.afw"), dtype=np.float64)
    if desk.afw_start.size == 0:
        desk.afw_start, desk.level, desk.price = afw.copy(), np.ones(afw.size), np.ones(afw.size)
    desk.trend *= float(np.exp(ctx.values["housing.price_trend"] / MONTHS_PER_YEAR))
    desk.level = np.exp(ctx.values["housing.price_elasticity"] * (afw - desk.afw_start))
    price = desk.level * desk.trend
    change = price / desk.price
    desk.price = price
    if (change != 1).any():
        world.dwelling.value[:] *= change.astype(np.float32).take(world.dwelling.district)


def move_reputations(ctx: Context, *, at_once: bool = False) -> None:
    """Let the reputation of estates follow disorder at their entrances, with a half-life of years."""
    world, values = ctx.world, ctx.values
    if world.entrance.size == 0:
        return
    entrance = world.entrance
    # fmt: off
    market_loops.reputations(
        entrance.complex, entrance.dwellings, entrance.disorder,
        ctx.reference.moments(ctx, "housing.stigma", "entrance", _DISORDER), values["housing.stigma_most"],
        1.0 if at_once else step_fraction(values["housing.stigma_half_life"]), world.complex.stigma,
    )
    # fmt: on


@dataclass
class Movers:
    """Households and residents of the districts that look on the owner or private market; parallel arrays."""

    rows: Rows
    is_household: NDArray[np.bool_]
    home: Rows
    uid: NDArray[np.uint64]
    tenure: NDArray[np.int8]
    district: NDArray[np.int32]


def movers(ctx: Context) -> Movers:
    """Everybody who looks on these markets, in the order of their uids."""
    household, resident = ctx.world.household, ctx.world.resident
    most = household.size + resident.size
    rows, uid = np.empty(most, np.int32), np.empty(most, np.uint64)
    n_homes, n = market_loops.looking(
        household.move_wish, household.sought, resident.home_sought, household.uid, resident.uid, rows, uid
    )
    order = uid[:n].argsort()
    rows, whole = rows.take(order), order < n_homes
    home, tenure = rows.copy(), household.sought.take(rows, mode="clip")
    people = ~whole
    home[people] = resident.household[rows[people]]
    tenure[people] = resident.home_sought[rows[people]]
    return Movers(rows, whole, home, uid.take(order), tenure, household.district.take(home))


def search(ctx: Context, vacant: Rows, needy: NDArray[np.bool_]) -> tuple[list[tuple[int, int, bool]], Rows]:
    """Movers of the districts look for a dwelling to buy or rent privately, here or in the rest of the city.

    Each looks in one place this month: with chances by the vacancies there, more in the own district.

    Returns
    -------
    list of (row, dwelling, is_household), Rows
        Who found what in the districts, and the dwellings still vacant.
    """
    world, ledger = ctx.world, ledger_of(ctx)
    looking = movers(ctx)
    if looking.rows.size == 0:
        return [], vacant
    n, dwelling = world.n_districts, world.dwelling
    label = ctx.effects.offsets(LABEL, "district")
    stays = np.ones(n) if label is None else np.exp(label)
    luck = ctx.draws.uniform("housing.look", looking.uid, ctx.month)
    place = np.empty(luck.size, np.int32)
    # fmt: off
    market_loops.look(
        looking.tenure, looking.district, luck, vacant, dwelling.owner, dwelling.district, ledger.offered, stays,
        ctx.values["housing.home_preference"], place,
    )
    # fmt: on
    outside = place < 0
    for tenure in MARKETS:
        elsewhere = (outside & (looking.tenure == int(tenure))).nonzero()[0]
        to_rest(ctx, tenure, looking, elsewhere[: ledger.room(tenure)], needy=needy)
    return _local(ctx, looking, place, vacant)


def _local(
    ctx: Context, looking: Movers, place: NDArray[np.int32], vacant: Rows
) -> tuple[list[tuple[int, int, bool]], Rows]:
    """Give each mover the dwelling liked best among those within means, in the order of their uids."""
    household, dwelling, values = ctx.world.household, ctx.world.dwelling, ctx.values
    most = place.size * vacant.size
    mover, option = np.empty((2, most), np.int32)
    first, second = np.empty((2, most), np.uint64)
    # fmt: off
    count = market_loops.within_means(
        (place, looking.home, looking.is_household, looking.tenure, looking.uid),
        (household.income, household.adults, household.persons, household.mortgage, household.dwelling,
         household.tenure),
        (dwelling.uid, dwelling.owner, dwelling.district, dwelling.rooms, dwelling.rent, dwelling.value),
        vacant, _SHARES(values), (mover, option), (first, second),
    )
    # fmt: on
    if count == 0:
        return [], vacant
    liking = ctx.draws.pair("housing.liking", first[:count], second[:count], ctx.month)
    dealt = _dealt(mover[:count].tolist(), option[:count].tolist(), liking.tolist())
    who, homes, free = [*dealt], [*dealt.values()], np.ones(vacant.size, dtype=bool)
    free[homes] = False
    rows, whole = looking.rows[who].tolist(), looking.is_household[who].tolist()
    return list(zip(rows, vacant[homes].tolist(), whole, strict=True)), vacant[free]


def _dealt(movers: list[int], options: list[int], liking: list[float]) -> dict[int, int]:
    """Option of each mover: in turn, that liked best of those left; the pairs stand mover by mover."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for mover, pairs in groupby(zip(movers, options, liking, strict=True), itemgetter(0)):
        left = [(like, -option) for _, option, like in pairs if option not in taken]
        if left:
            # of equally liked ones the first
            found[mover] = -max(left)[1]
            taken.add(found[mover])
    return found


def equity(ctx: Context, households: NDArray[np.integer]) -> Floats:
    """Value of the present dwelling less what is owed on it, EUR; 0 for tenants."""
    world, values = ctx.world, ctx.values
    owed = world.household.mortgage[households] * MONTHS_PER_YEAR / values["build.mortgage_payment"]
    worth = world.dwelling.value[world.household.dwelling[households]] * 1000.0 - owed
    return np.where(world.household.tenure[households] == int(Tenure.OWNER), np.maximum(worth, 0.0), 0.0)


def mortgage_payment(ctx: Context, price: Floats, own: Floats, income: Floats) -> Floats:
    """Monthly payment for a dwelling of ``price`` euros with ``own`` euros to put in."""
    values = ctx.values
    loan = np.minimum(price * values["housing.loan_share"], np.maximum(price - own, 0))
    loan = np.minimum(loan, income * MONTHS_PER_YEAR * values["housing.loan_income_multiple"])
    return np.asarray(loan * values["build.mortgage_payment"] / MONTHS_PER_YEAR)


def to_rest(
    ctx: Context, tenure: Tenure, looking: Movers, which: NDArray[np.intp], *, needy: NDArray[np.bool_]
) -> None:
    """Movers at positions ``which`` take a vacancy of the rest ledger and leave the districts."""
    if which.size == 0:
        return
    ledger, home = ledger_of(ctx), looking.home[which]
    category = np.full(which.size, SeekerCategory.REGULAR, np.int8)
    ledger.house(tenure, category, ctx.world.household.income_fifth[home], needy[home])
    ledger.from_districts[tenure] += which.size
    rows, whole = looking.rows[which], looking.is_household[which]
    ctx.requests.depart(rows[whole], Fate.REST_OF_CITY)
    leave_with_children(ctx, rows[~whole], Fate.REST_OF_CITY)


def newcomers(ctx: Context, vacant: Rows) -> list[tuple[str, Rows, NDArray[np.int64], NDArray[np.uint64]]]:
    """Pool records that take the remaining vacancies: ``(pool, dwellings, records, uids)``.

    A fixed number of households comes to see each dwelling; the first who can pay (and is not far above it) gets it.
    """
    if vacant.size == 0:
        return []
    world, values = ctx.world, ctx.values
    key = derive_uid("arrival", world.dwelling.uid[vacant], world.dwelling.occupancies[vacant])
    visits = int(values["housing.viewings"])
    luck = ctx.draws.life(
        "housing.viewing", derive_uid("viewing", key[:, None], np.arange(visits + 1)[None, :])
    )
    channel, chosen = _choose(ctx, vacant, luck)
    found = []
    for number, name in enumerate(OUTSIDE):
        here = (channel == number).nonzero()[0]
        if here.size:
            found.append((name, vacant[here], chosen[here], key[here]))
    return found


def _choose(ctx: Context, vacant: Rows, luck: Floats) -> tuple[Rows, NDArray[np.int64]]:
    """Pool from which somebody takes each dwelling, -1 if nobody does, and the record in that pool."""
    dwelling, values = ctx.world.dwelling, ctx.values
    label = ctx.effects.offsets(LABEL, "district")
    visits = 0 if label is None else luck.shape[1] - 1
    comes = np.empty((vacant.size, visits), dtype=bool)
    if label is not None:
        comes = _undeterred(ctx, vacant, visits, np.exp(label))
    starters, loan, rent, band = _VIEWINGS(values)
    channel, chosen = np.empty(vacant.size, np.int32), np.empty(vacant.size, np.int64)
    # fmt: off
    market_loops.choose(
        vacant, (dwelling.owner, dwelling.rooms, dwelling.rent, dwelling.value), luck, comes, _pools(ctx),
        (starters, MONTHS_PER_YEAR * loan, rent, band), channel, chosen,
    )
    # fmt: on
    return channel, chosen


def _undeterred(ctx: Context, vacant: Rows, visits: int, share: Floats) -> NDArray[np.bool_]:
    """Which of those who would come to see a dwelling still do, shape ``(vacancies, visits)``; the first always."""
    dwelling = ctx.world.dwelling
    key = derive_uid("label", dwelling.uid[vacant], dwelling.occupancies[vacant])
    luck = ctx.draws.life("housing.label", derive_uid("undeterred", key[:, None], np.arange(visits)[None, :]))
    comes: NDArray[np.bool_] = luck < share[dwelling.district[vacant]][:, None]
    comes[:, 0] = True
    return comes


def _pools(ctx: Context) -> tuple[NDArray[Any], ...]:
    """Where each pool of the market begins, how many it has, incomes and sizes of all, and buyers by income.

    Made once, as pools never change.
    """
    desk = desk_of(ctx)
    if desk.market_files:
        return desk.market_files
    pools = [ctx.world.pools.get(name) for name in OUTSIDE]
    filled = [pool for pool in pools if pool is not None]
    size = np.array([0 if pool is None else len(pool) for pool in pools], dtype=np.int64)
    none = np.empty(0)
    buyer = pools[BUYER]
    buyers = none if buyer is None else buyer.household["income"]
    ranked = np.argsort(buyers, kind="stable")
    desk.market_files = (
        size.cumsum() - size,
        size,
        np.concatenate([none, *(pool.household["income"] for pool in filled)]),
        np.concatenate([none, *(pool.sizes for pool in filled)]),
        ranked,
        buyers[ranked],
    )
    return desk.market_files
