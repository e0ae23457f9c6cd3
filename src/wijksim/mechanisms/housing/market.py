"""Owner and private market: prices, reputation, movers of the districts, and newcomers who can pay.

``ln P = ln WOZ + elasticity * (afw - afw_0) + trend``; a buyer needs ``P <= 4.5 x`` yearly income, so that the incomes
of in-movers follow the price. Which newcomer comes is keyed on the dwelling and its vacancy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.influence import Influence
from wijksim.kernel.relax import step_fraction
from wijksim.kernel.steering import LABEL
from wijksim.mechanisms.housing import offer_loops
from wijksim.mechanisms.housing.desk import desk_of, ledger_of
from wijksim.mechanisms.housing.leave import leave_with_children
from wijksim.state.codes import Fate, SeekerCategory, Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

MARKETS: tuple[Tenure, ...] = (Tenure.OWNER, Tenure.PRIVATE)
OUTSIDE: tuple[str, ...] = ("buyer", "starter", "private")
BUYER, STARTER, PRIVATE = range(len(OUTSIDE))
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
    if np.any(change != 1):
        world.dwelling.value[:] *= change.astype(np.float32)[world.dwelling.district]


def move_reputations(ctx: Context, *, at_once: bool = False) -> None:
    """Let the reputation of estates follow disorder at their entrances, with a half-life of years."""
    world, values = ctx.world, ctx.values
    if world.entrance.size == 0:
        return
    mean, deviation = ctx.reference.moments(ctx, "housing.stigma", "entrance", _DISORDER)
    estate, size = world.entrance.complex, world.complex.size
    weight = np.bincount(estate, weights=world.entrance.dwellings, minlength=size)
    disorder = np.bincount(estate, weights=world.entrance.disorder * world.entrance.dwellings, minlength=size)
    level = np.divide(disorder, weight, out=np.full(size, mean), where=weight > 0)
    target = (level - mean) / deviation if deviation > 0 else np.zeros(size)
    target = np.clip(target, -values["housing.stigma_most"], values["housing.stigma_most"])
    fraction = 1.0 if at_once else step_fraction(values["housing.stigma_half_life"])
    world.complex.stigma[:] += ((target - world.complex.stigma) * fraction).astype(np.float32)


@dataclass
class Movers:
    """Households and residents of the districts that look on the owner or private market; parallel arrays."""

    rows: Rows
    is_household: NDArray[np.bool_]
    home: Rows
    uid: NDArray[np.uint64]
    tenure: NDArray[np.int8]
    district: NDArray[np.int32]

    def part(self, which: NDArray[np.intp]) -> Movers:
        """Some of them."""
        rows, home, uid = self.rows[which], self.home[which], self.uid[which]
        return Movers(rows, self.is_household[which], home, uid, self.tenure[which], self.district[which])


def movers(ctx: Context) -> Movers:
    """Everybody who looks on these markets, in the order of their uids."""
    household, resident = ctx.world.household, ctx.world.resident
    homes, people = np.empty(household.size, np.int32), np.empty(resident.size, np.int32)
    n_homes, n_people = offer_loops.looking(
        household.move_wish, household.sought, resident.home_sought, homes, people
    )
    homes, people = homes[:n_homes], people[:n_people]
    uid = np.concatenate([household.uid[homes], resident.uid[people]])
    found = Movers(
        np.concatenate([homes, people]),
        np.arange(uid.size) < homes.size,
        np.concatenate([homes, resident.household[people]]),
        uid,
        np.concatenate([household.sought[homes], resident.home_sought[people]]),
        np.concatenate([household.district[homes], resident.district[people]]),
    )
    return found.part(np.argsort(uid))


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
    n = world.n_districts
    supply = np.zeros((len(Tenure), n + 1))
    supply[:, 0] = np.maximum(ledger.offered, 0)
    np.add.at(supply, (world.dwelling.owner[vacant], world.dwelling.district[vacant] + 1), 1)
    weight = supply[looking.tenure]
    label = ctx.effects.offsets(LABEL, "district")
    if label is not None:
        away = np.arange(n) != looking.district[:, None]  # who lives there knows better
        weight[:, 1:] *= np.where(away, np.exp(label), 1.0)
    weight[np.arange(looking.rows.size), looking.district + 1] *= ctx.values["housing.home_preference"]
    running = np.cumsum(weight, axis=1)
    luck = ctx.draws.uniform("housing.look", looking.uid, ctx.month) * running[:, -1]
    place = (luck[:, None] >= running).sum(axis=1) - 1
    for tenure in MARKETS:
        elsewhere = ((place == -1) & (looking.tenure == tenure) & (running[:, -1] > 0)).nonzero()[0]
        to_rest(ctx, tenure, looking, elsewhere[: ledger.room(tenure)], needy=needy)
    here = ((place >= 0) & (place < n)).nonzero()[0]
    return _local(ctx, looking.part(here), place[here], vacant)


def _local(
    ctx: Context, looking: Movers, place: NDArray[np.integer], vacant: Rows
) -> tuple[list[tuple[int, int, bool]], Rows]:
    """Give each mover the dwelling liked best among those within means, in the order of their uids."""
    world = ctx.world
    found: list[tuple[int, int, bool]] = []
    if looking.rows.size == 0 or vacant.size == 0:
        return found, vacant
    suits = (world.dwelling.district[vacant] == place[:, None]) & (
        world.dwelling.owner[vacant] == looking.tenure[:, None]
    )
    mover, option = np.nonzero(suits & _within_means(ctx, looking, vacant))
    liking = np.full(suits.shape, -1.0)
    liking[mover, option] = ctx.draws.pair(
        "housing.liking", looking.uid[mover], world.dwelling.uid[vacant[option]], ctx.month
    )
    free = np.ones(vacant.size, dtype=bool)
    for i in (liking.max(axis=1) >= 0).nonzero()[0].tolist():
        best = int(liking[i].argmax())
        if liking[i, best] >= 0:
            free[best] = False
            # taken: nobody after this one can like it
            liking[:, best] = -1
            found.append((int(looking.rows[i]), int(vacant[best]), bool(looking.is_household[i])))
    return found, vacant[free]


def _within_means(ctx: Context, looking: Movers, vacant: Rows) -> NDArray[np.bool_]:
    """Which dwellings are large enough and can be paid, shape ``(movers, vacancies)``."""
    world, values = ctx.world, ctx.values
    home, alone = looking.home, ~looking.is_household
    income = world.household.income[home] / np.where(alone, np.maximum(world.household.adults[home], 1), 1)
    persons = np.where(alone, 1, world.household.persons[home])
    budget = income * MONTHS_PER_YEAR * values["housing.loan_income_multiple"] + np.where(
        alone, 0, equity(ctx, home)
    )
    rent, price = world.dwelling.rent[vacant], world.dwelling.value[vacant] * 1000.0
    can_rent = rent <= (income * values["housing.rent_income_share"])[:, None]
    can = np.where((looking.tenure == int(Tenure.PRIVATE))[:, None], can_rent, price <= budget[:, None])
    return np.asarray(can & (world.dwelling.rooms[vacant] + 1 >= persons[:, None]))


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
    category = np.full(which.size, SeekerCategory.REGULAR)
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
    owner = world.dwelling.owner[vacant] == int(Tenure.OWNER)
    young = luck[:, visits] < values["housing.starter_share"]
    channel = np.where(owner, BUYER, np.where(young, STARTER, PRIVATE))
    chosen, good = _choose(ctx, vacant, channel, luck)
    found = []
    for number, name in enumerate(OUTSIDE):
        here = (good & (channel == number)).nonzero()[0]
        if here.size:
            found.append((name, vacant[here], chosen[here], key[here]))
    return found


def _choose(
    ctx: Context, vacant: Rows, channel: NDArray[np.integer], luck: Floats
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Record for each dwelling in the pool of its channel, and whether there is anybody who takes it."""
    world, values, files = ctx.world, ctx.values, _files(ctx)
    income, size, start = files["income"], files["size"][channel], files["start"][channel]
    record = (luck[:, :-1] * size[:, None]).astype(np.int64)
    index = np.minimum(start[:, None] + record, max(income.size - 1, 0))
    buys = channel == BUYER
    price = world.dwelling.value[vacant] * 1000.0 / (MONTHS_PER_YEAR * values["housing.loan_income_multiple"])
    need = np.where(buys, price, world.dwelling.rent[vacant] / values["housing.rent_income_share"])
    if income.size == 0:
        return record[:, 0], np.zeros(vacant.size, dtype=bool)
    means = income[index]
    fits = files["persons"][index] <= world.dwelling.rooms[vacant][:, None] + 1
    label = ctx.effects.offsets(LABEL, "district")
    if label is not None:
        fits &= _undeterred(ctx, vacant, record.shape[1], np.exp(label))
    able = fits & (means >= need[:, None])
    close = able & (means <= need[:, None] * values["housing.buyer_band"])
    # who is far above the price looks elsewhere, unless nobody else comes; a private landlord without anybody who can
    # pay takes the highest income of those who came
    pick = np.where(
        able.any(axis=1),
        np.argmax(close * 2 + able, axis=1),
        np.argmax(np.where(fits, means, -1), axis=1),
    )
    chosen = record[np.arange(vacant.size), pick]
    good = (able.any(axis=1) | ~buys) & (size > 0)
    late = (~good & buys & (size > 0)).nonzero()[0]
    if late.size:
        # nobody who came can pay: wait for the first who can, if there is one
        first = np.searchsorted(files["ranked_income"], need[late])
        place = first + (luck[late, -1] * (size[late] - first)).astype(np.int64)
        chosen[late] = files["ranked"][np.minimum(place, size[late] - 1)]
        good[late] = first < size[late]
    return chosen, good


def _undeterred(ctx: Context, vacant: Rows, visits: int, share: Floats) -> NDArray[np.bool_]:
    """Which of those who would come to see a dwelling still do, shape ``(vacancies, visits)``; the first always."""
    dwelling = ctx.world.dwelling
    key = derive_uid("label", dwelling.uid[vacant], dwelling.occupancies[vacant])
    luck = ctx.draws.life("housing.label", derive_uid("undeterred", key[:, None], np.arange(visits)[None, :]))
    comes: NDArray[np.bool_] = luck < share[dwelling.district[vacant]][:, None]
    comes[:, 0] = True
    return comes


def _files(ctx: Context) -> dict[str, NDArray[Any]]:
    """Incomes and sizes of the pools of the market as one list (made once, pools never change)."""
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
    desk.market_files = {
        "size": size,
        "start": np.cumsum(size) - size,
        "income": np.concatenate([none, *(pool.household["income"] for pool in filled)]),
        "persons": np.concatenate([none, *(pool.sizes for pool in filled)]),
        "ranked": ranked,
        "ranked_income": buyers[ranked],
    }
    return desk.market_files
