"""Owner and private market: prices, reputation, movers of the districts, and newcomers who can pay.

``ln P = ln WOZ + elasticity * (afw - afw_0) + trend``; a buyer needs ``P <= 4.5 x`` yearly income, so that the incomes
of in-movers follow the price. Which newcomer comes is keyed on the dwelling and its vacancy.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream, derive_uid
from wijksim.core.uids import namespace_key
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.kernel.relax import step_fraction
from wijksim.kernel.requests import Arrival
from wijksim.kernel.steering import LABEL
from wijksim.mechanisms.housing import market_loops, newcomer_loops
from wijksim.mechanisms.housing.calmly import Calmly
from wijksim.mechanisms.housing.desk import DESK, REST, Desk
from wijksim.mechanisms.housing.leave import leave_with_children
from wijksim.mechanisms.housing.luck import AtHand, ForLife
from wijksim.mechanisms.housing.newcomer_loops import BUYER, OUTSIDE
from wijksim.mechanisms.housing.rest import RestLedger
from wijksim.state.codes import Fate, Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.housing.movein import Homes

type Floats = NDArray[np.float64]

MARKETS: tuple[Tenure, ...] = (Tenure.OWNER, Tenure.PRIVATE)
_LOOKING = Kept(
    itemgetter(
        "housing.home_preference",
        "housing.loan_income_multiple",
        "housing.rent_income_share",
        "build.mortgage_payment",
    )
)
_VIEWINGS = itemgetter("housing.starter_share", "housing.rent_income_share", "housing.buyer_band")
_PLACES = len(("row", "household", "district"))  # of who looks
_CODES = len(("tenure", "whole household"))
_MOVES = len(("home", "taken", "person", "started", "left"))
_ALL = np.empty((0, 0), np.bool_)  # nobody is put off
_LOOK, _LIKING = AtHand((Stream("housing.look"), 0)), AtHand((Stream("housing.liking"), 0))
_PAIR, _ARRIVING = namespace_key("pair"), (namespace_key("arrival"), namespace_key("viewing"))
_VIEWING = ForLife(("housing.viewing", 0))
_DISORDER = Influence("entrance.disorder", "housing.offer_stigma", loop="concentration")


# columns in the order in which passes ask for them
_SEEK = attrgetter("move_wish", "sought", "district", "uid")
_LEAVE = attrgetter("home_sought", "household", "uid")
_HOMES = attrgetter("income", "adults", "persons", "mortgage", "dwelling", "tenure")
_OFFERED = attrgetter("uid", "owner", "district", "rooms", "rent", "value")
_SHOWN = attrgetter("owner", "rooms", "rent", "value", "uid", "occupancies")


def move(ctx: Context, desk: Desk) -> None:
    """Let values follow liveability (last month's) and the trend, and reputations of estates disorder there."""
    world = ctx.world
    afw: Floats = ctx.loops.null_value(ctx, "concentration", "district.afw")
    if desk.afw_start.size == 0:
        desk.afw_start, desk.level, desk.price = afw.copy(), np.ones(afw.size), np.ones(afw.size)
    desk.trend *= _growth(ctx.values["housing.price_trend"])
    desk.level = np.exp(ctx.values["housing.price_elasticity"] * (afw - desk.afw_start))
    dwelling, entrance = world.dwelling, world.entrance
    market_loops.move(
        desk.level, desk.trend, desk.price, dwelling.district, dwelling.value, entrance.complex, entrance.dwellings,
        entrance.disorder, *_reputing(ctx), world.complex.stigma,
    )  # fmt: skip


@lru_cache(maxsize=2**4)
def _growth(yearly: float) -> float:
    """Ratio of prices between two months for a yearly trend of their logs."""
    return float(np.exp(yearly / MONTHS_PER_YEAR))


def start_reputations(ctx: Context) -> None:
    """Let the reputation of estates be what disorder at their entrances makes of it in the end."""
    entrance = ctx.world.entrance
    moments, most, _ = _reputing(ctx)
    market_loops.reputations(
        entrance.complex, entrance.dwellings, entrance.disorder, moments, most, 1.0, ctx.world.complex.stigma
    )


@Calmly
def _reputing(ctx: Context) -> tuple[tuple[float, float], float, float]:
    """Mean and deviation of disorder, how far from the mean a reputation goes, and the part of the way in a month.

    Reputations go with a half-life of years, and nowhere in a world without entrances.
    """
    if ctx.world.entrance.size == 0:
        return (0.0, 0.0), 0.0, 0.0
    moments = ctx.reference.moments(ctx, "housing.stigma", "entrance", _DISORDER)
    values = ctx.values
    return moments, values["housing.stigma_most"], step_fraction(values["housing.stigma_half_life"])


def search(ctx: Context, vacant: Rows, needy: NDArray[np.bool_], homes: Homes) -> Rows:
    """Movers of the districts look for a dwelling to buy or rent privately, here or in the rest of the city.

    Each looks in one place this month: with chances by the vacancies there, more in the own district. Who finds what
    in the districts is added to ``homes``: in the order of their uids, each the dwelling liked best within means.

    Returns
    -------
    Rows
        The dwellings still vacant.
    """
    world = ctx.world
    ledger: RestLedger = world.stores[REST]
    household, resident = world.household, world.resident
    places, codes, uid = _room(household.size + resident.size)
    n = market_loops.looking(_SEEK(household), _LEAVE(resident), places, codes, uid)
    if n == 0:
        return vacant
    label = ctx.effects.offsets(LABEL, "district") if ctx.effects.scales else None
    stays = _everybody(world.n_districts) if label is None else np.exp(label)
    elsewhere, pairs, words = _room_to_look(1 << n.bit_length(), 1 << (n * vacant.size).bit_length())
    bought, rented, count = market_loops.view(
        n, places, codes, uid, _LOOK(ctx, uid[:n])[0], vacant, _HOMES(household), _OFFERED(world.dwelling),
        ledger.accounts, stays, _LOOKING(ctx.values), _PAIR, elsewhere, pairs, words,
    )  # fmt: skip
    if bought or rented:
        gone, buyers, tenants = ledger.take(
            elsewhere, (bought, rented), (places, codes), (household.income_fifth, needy)
        )
        ctx.requests.depart(gone, Fate.REST_OF_CITY)
        leave_with_children(ctx, buyers, Fate.REST_OF_CITY)
        leave_with_children(ctx, tenants, Fate.REST_OF_CITY)
    if count == 0:
        return vacant
    words = words[:count]
    moves = np.empty((_MOVES, vacant.size), np.int32)
    moved, gone_out, free = market_loops.deal(
        pairs, words, _LIKING(ctx, words)[0], places, codes, vacant, moves
    )
    if moved:
        homes.move(moves[0, :moved], moves[1, :moved])
    if gone_out:
        homes.start(moves[2, :gone_out], moves[3, :gone_out])
    return moves[4, :free]


@lru_cache(maxsize=2)
def _room(most: int) -> tuple[Rows, NDArray[np.int8], NDArray[np.uint64]]:
    """Room for who looks: places, codes and uids; nobody keeps what is in it."""
    return np.empty((_PLACES, most), np.int32), np.empty((_CODES, most), np.int8), np.empty(most, np.uint64)


@lru_cache(maxsize=2**4)
def _room_to_look(lookers: int, most: int) -> tuple[Rows, Rows, NDArray[np.uint64]]:
    """Room for who finds a dwelling elsewhere, and for pairs of who looks and a vacancy; nobody keeps what is in it."""
    elsewhere = np.empty((len(MARKETS), lookers), np.int32)
    return elsewhere, np.empty((2, most), np.int32), np.empty(most, np.uint64)


@cache
def _everybody(districts: int) -> Floats:
    """Part of those from elsewhere who are not put off any of so many districts."""
    return np.ones(districts)


def newcomers(ctx: Context, vacant: Rows) -> None:
    """Request the arrival of records of pools that take the remaining vacancies.

    A fixed number of households comes to see each dwelling; the first who can pay (and is not far above it) gets it.
    Identities follow from dwelling and vacancy.
    """
    if vacant.size == 0:
        return
    visits, shares = _COMING(ctx.values)
    label = ctx.effects.offsets(LABEL, "district") if ctx.effects.scales else None
    comes = _ALL if label is None else _undeterred(ctx, vacant, visits, np.exp(label))
    taken, records = np.empty(vacant.size, np.int32), np.empty(vacant.size, np.int64)
    uids, end = np.empty(vacant.size, np.uint64), 0
    counts = newcomer_loops.fill(
        vacant, _SHOWN(ctx.world.dwelling), visits, _ARRIVING, _VIEWING(ctx)[0], comes, _pools(ctx), shares, taken,
        records, uids,
    )  # fmt: skip
    for name, many in zip(OUTSIDE, counts, strict=True):
        if many:
            first, end = end, end + many
            ctx.requests.arrive(Arrival(taken[first:end], name, records[first:end], uids[first:end]))


def _coming(values: Mapping[str, float]) -> tuple[int, tuple[float, float, float, float]]:
    """How many come to see a dwelling, and what they can pay."""
    visits, (starters, rent, band) = int(values["housing.viewings"]), _VIEWINGS(values)
    loan = MONTHS_PER_YEAR * values["housing.loan_income_multiple"]
    return visits, (starters, loan, rent, band)


_COMING = Kept(_coming)


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
    desk: Desk = ctx.world.stores[DESK]
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
