"""Owner and private market: prices, reputation, movers of the districts, and newcomers who can pay.

``ln P = ln WOZ + elasticity * (afw - afw_0) + trend``; a buyer needs ``P <= 4.5 x`` yearly income, so that the incomes
of in-movers follow the price. Which newcomer comes is keyed on the dwelling and its vacancy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.influence import Influence
from wijksim.kernel.relax import step_fraction
from wijksim.kernel.requests import Arrival
from wijksim.kernel.steering import LABEL
from wijksim.mechanisms.housing import market_loops
from wijksim.mechanisms.housing.desk import desk_of, ledger_of
from wijksim.mechanisms.housing.leave import leave_with_children
from wijksim.mechanisms.housing.market_loops import BUYER, OUTSIDE
from wijksim.state.codes import Fate, Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.housing.movein import Homes

type Floats = NDArray[np.float64]

MARKETS: tuple[Tenure, ...] = (Tenure.OWNER, Tenure.PRIVATE)
_SHARES = itemgetter("housing.loan_income_multiple", "housing.rent_income_share", "build.mortgage_payment")
_VIEWINGS = itemgetter(
    "housing.starter_share",
    "housing.loan_income_multiple",
    "housing.rent_income_share",
    "housing.buyer_band",
)
_PLACES = ("row", "household", "district")  # of who looks
_MOVES = len(("home", "taken", "person", "started", "left"))
_ALL = np.empty((0, 0), np.bool_)  # nobody is put off
_DISORDER = Influence("entrance.disorder", "housing.offer_stigma", loop="concentration")


def move_prices(ctx: Context) -> None:
    """Let values follow liveability (last month's) and the trend."""
    desk, world = desk_of(ctx), ctx.world
    afw = np.asarray(ctx.loops.null_value(ctx, "concentration", "district.afw"), dtype=np.float64)
    if desk.afw_start.size == 0:
        desk.afw_start, desk.level, desk.price = afw.copy(), np.ones(afw.size), np.ones(afw.size)
    desk.trend *= _growth(ctx.values["housing.price_trend"])
    desk.level = np.exp(ctx.values["housing.price_elasticity"] * (afw - desk.afw_start))
    dwelling = world.dwelling
    market_loops.reprice(desk.level, desk.trend, desk.price, dwelling.district, dwelling.value)


@lru_cache(maxsize=2**4)
def _growth(yearly: float) -> float:
    """Ratio of prices between two months for a yearly trend of their logs."""
    return float(np.exp(yearly / MONTHS_PER_YEAR))


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


@dataclass(slots=True)
class Movers:
    """Households and residents of the districts that look on the owner or private market; parallel arrays."""

    rows: Rows
    is_household: NDArray[np.bool_]
    home: Rows
    tenure: NDArray[np.int8]
    district: NDArray[np.int32]
    uid: NDArray[np.uint64]


def movers(ctx: Context) -> Movers:
    """Everybody who looks on these markets, in the order of their uids."""
    household, resident = ctx.world.household, ctx.world.resident
    most = household.size + resident.size
    rows, home, district = np.empty((len(_PLACES), most), np.int32)
    whole, tenure, uid = np.empty(most, np.bool_), np.empty(most, np.int8), np.empty(most, np.uint64)
    n = market_loops.looking(
        (household.move_wish, household.sought, household.district, household.uid),
        (resident.home_sought, resident.household, resident.uid), (rows, whole, home, tenure, district, uid),
    )  # fmt: skip
    return Movers(rows[:n], whole[:n], home[:n], tenure[:n], district[:n], uid[:n])


def search(ctx: Context, vacant: Rows, needy: NDArray[np.bool_], homes: Homes) -> Rows:
    """Movers of the districts look for a dwelling to buy or rent privately, here or in the rest of the city.

    Each looks in one place this month: with chances by the vacancies there, more in the own district. Who finds what
    in the districts is added to ``homes``: in the order of their uids, each the dwelling liked best within means.

    Returns
    -------
    Rows
        The dwellings still vacant.
    """
    world, ledger, values = ctx.world, ledger_of(ctx), ctx.values
    looking = movers(ctx)
    if looking.rows.size == 0:
        return vacant
    household, dwelling = world.household, world.dwelling
    label = ctx.effects.offsets(LABEL, "district")
    stays = _everybody(world.n_districts) if label is None else np.exp(label)
    luck = ctx.draws.uniform("housing.look", looking.uid, ctx.month)
    elsewhere = np.empty((len(MARKETS), luck.size), np.int32)
    pairs = np.empty((2, luck.size * vacant.size), np.int32)
    uids = np.empty(pairs.shape, np.uint64)
    # fmt: off
    *away, count = market_loops.view(
        (looking.home, looking.is_household, looking.tenure, looking.district, looking.uid), luck, vacant,
        (household.income, household.adults, household.persons, household.mortgage, household.dwelling,
         household.tenure),
        (dwelling.uid, dwelling.owner, dwelling.district, dwelling.rooms, dwelling.rent, dwelling.value),
        (ledger.accounts, (ledger.room(Tenure.OWNER), ledger.room(Tenure.PRIVATE))), stays,
        values["housing.home_preference"], _SHARES(values), elsewhere, (pairs[0], pairs[1]), (uids[0], uids[1]),
    )
    # fmt: on
    for market, (tenure, many) in enumerate(zip(MARKETS, away, strict=True)):
        if many:
            gone, people = ledger.take(
                int(tenure), elsewhere[market, :many], (looking.rows, looking.home, looking.is_household),
                (household.income_fifth, needy),
            )  # fmt: skip
            ctx.requests.depart(gone, Fate.REST_OF_CITY)
            leave_with_children(ctx, people, Fate.REST_OF_CITY)
    return _settle(ctx, looking, vacant, pairs[:, :count], uids[:, :count], homes=homes) if count else vacant


@cache
def _everybody(districts: int) -> Floats:
    """Part of those from elsewhere who are not put off any of so many districts."""
    return np.ones(districts)


def _settle(
    ctx: Context, looking: Movers, vacant: Rows, pairs: Rows, uids: NDArray[np.uint64], *, homes: Homes
) -> Rows:
    """Deal the dwellings that suit, and give those that nobody takes."""
    liking = ctx.draws.pair("housing.liking", uids[0], uids[1], ctx.month)
    home, taken, person, started, left = np.empty((_MOVES, vacant.size), np.int32)
    moved, gone, free = market_loops.deal(
        (pairs[0], pairs[1]), liking, (looking.rows, looking.is_household), vacant,
        (home, taken, person, started), left,
    )  # fmt: skip
    homes.move(home[:moved], taken[:moved])
    homes.start(person[:gone], started[:gone])
    return left[:free]


def newcomers(ctx: Context, vacant: Rows) -> None:
    """Request the arrival of records of pools that take the remaining vacancies.

    A fixed number of households comes to see each dwelling; the first who can pay (and is not far above it) gets it.
    Identities follow from dwelling and vacancy.
    """
    if vacant.size == 0:
        return
    world, values = ctx.world, ctx.values
    key = derive_uid("arrival", world.dwelling.uid.take(vacant), world.dwelling.occupancies.take(vacant))
    visits = int(values["housing.viewings"])
    luck = ctx.draws.life("housing.viewing", derive_uid("viewing", key[:, None], _numbers(visits)))
    records, counts = np.empty(vacant.size, np.int64), np.empty(len(OUTSIDE), np.int64)
    taken, uids = np.empty(vacant.size, np.int32), np.empty(vacant.size, np.uint64)
    label = ctx.effects.offsets(LABEL, "district")
    comes = _ALL if label is None else _undeterred(ctx, vacant, visits, np.exp(label))
    starters, loan, rent, band = _VIEWINGS(values)
    dwelling = world.dwelling
    market_loops.fill(
        vacant, (dwelling.owner, dwelling.rooms, dwelling.rent, dwelling.value), luck, comes, _pools(ctx),
        (starters, MONTHS_PER_YEAR * loan, rent, band), key, (taken, records, uids), counts,
    )  # fmt: skip
    first = 0
    for name, many in zip(OUTSIDE, counts.tolist(), strict=True):
        if many:
            part, first = slice(first, first + many), first + many
            ctx.requests.arrive(Arrival(taken[part], name, records[part], uids[part]))


@cache
def _numbers(visits: int) -> NDArray[np.int64]:
    """Numbers of those who come to see a dwelling, and one more for its own luck."""
    return np.arange(visits + 1)


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
