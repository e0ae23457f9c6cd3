"""Substep 1: who wants to move, where to, and who leaves the city.

Outflow ``m = M_tenure * g(age of the head) * exp(.75 z_dissatisfaction - .4 [moved < 2 years ago] + .3 misfit)``, each
tenure with its own national rate and normalised on the national reference. Deaths, care homes, parting and eviction are
events of other mechanisms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.mechanisms.housing import mover_loops
from wijksim.mechanisms.housing.calmly import Calmly
from wijksim.mechanisms.housing.columns import AgeBand
from wijksim.mechanisms.housing.desk import DESK, REST, Desk
from wijksim.mechanisms.housing.luck import AtHand
from wijksim.mechanisms.housing.rest import RestLedger
from wijksim.state.codes import Fate, Role, Tenure
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_DRIVERS = (
    Influence("household.age_band", "housing.move_ratio_under_25", equals=AgeBand.UNDER_25),
    Influence("household.age_band", "housing.move_ratio_25_34", equals=AgeBand.FROM_25),
    Influence("household.age_band", "housing.move_ratio_35_44", equals=AgeBand.FROM_35),
    Influence("household.age_band", "housing.move_ratio_45_54", equals=AgeBand.FROM_45),
    Influence("household.dissatisfied", "housing.move_ratio_dissatisfied", loop="concentration"),
    Influence("household.recent", "housing.move_ratio_recent"),
    Influence("household.misfit", "housing.move_ratio_misfit"),
)
MOVES: dict[Tenure, Event] = {
    tenure: Event(
        f"housing.move_{tenure.name.lower()}",
        table="household",
        base=f"housing.move_rate_{tenure.name.lower()}",
        influences=_DRIVERS,
        doc=f"A household in a dwelling of tenure {tenure.name.lower()} decides to move",
    )
    for tenure in Tenure
}
_MOVES = tuple(MOVES.values())
# for leaving the city, for buying and for renting; and for those who leave home
_SOUGHT = Stream("housing.sought")
_CHOICES = AtHand((Stream("housing.left_city"), 0), (_SOUGHT, 0), (_SOUGHT, 1))
_FIRST_CHOICES = AtHand((Stream("housing.home_away"), 0), (Stream("housing.home_sought"), 0))
_SATISFACTION = Influence("resident.satisfaction", "housing.move_ratio_dissatisfied")

_LIMITS = itemgetter("housing.income_limit", "housing.income_limit_large", "housing.loan_income_multiple")
_SHARES = itemgetter("housing.stay_owner_share", "housing.buy_share", "housing.corporation_share")
_HOMES = itemgetter(
    "housing.parting_left_city",
    "housing.home_leaver_left_city",
    "housing.parting_corporation",
    "housing.home_leaver_corporation",
)
# columns in the order in which passes ask for them
_HOUSEHOLD = attrgetter(
    "alive", "problem_debt", "persons", "dwelling", "moved_in", "head", "move_wish", "tenure"
)
_RESIDENT = attrgetter(
    "alive", "household", "age", "psychiatric", "addiction", "cognitive", "self_reliance", "satisfaction",
    "wants_home", "home_sought",
)  # fmt: skip
_DRIVEN = attrgetter("misfit", "recent", "age_band", "dissatisfied")
_ABLE = attrgetter("income", "persons", "tenure")
_SEEKING = attrgetter("move_wish", "sought", "search_since")
_BEGINNING = attrgetter("uid", "wants_home", "home_sought")
_BEGIN = len(("household away", "household looking", "resident away", "resident looking"))
_NO_MOMENTS = (0.0, 0.0)  # nobody lives here

type _Three = tuple[float, float, float]
type _Terms = tuple[NDArray[np.int8], int, float, np.float32]
# households by tenure, how many each, and residents who leave home
type AtRisk = tuple[Rows, Sequence[int], Rows]

PARTED = 2  # code of resident.wants_home for the partner who leaves; 1 leaves the parental home


@cache
def _bands(start: int, width: int) -> NDArray[np.int8]:
    """Band of every age: one look-up per household is cheaper than a division."""
    ages = np.arange(np.iinfo(np.int8).max)
    return np.clip((ages - start) // width, 0, max(AgeBand)).astype(np.int8)


def _terms(values: Mapping[str, float]) -> tuple[_Terms, float]:
    """Bands of age, spare rooms, highest misfit and least self-reliance; and months in which a move is recent."""
    bands = _bands(int(values["housing.age_band_start"]), int(values["housing.age_band_width"]))
    least = np.float32(values["housing.support_self_reliance"])
    terms = bands, int(values["housing.spare_rooms"]), float(values["housing.misfit_most"]), least
    return terms, float(values["housing.recent_months"])


_TERMS = Kept(_terms)


@Calmly
def _driving(ctx: Context) -> tuple[_Terms, float, tuple[float, float]]:
    """Terms of drivers, and mean and deviation of satisfaction."""
    moments = ctx.reference.moments(ctx, "housing.move", "household", _SATISFACTION)
    return *_TERMS(ctx.values), moments


def refresh_drivers(ctx: Context) -> None:
    """Recompute what makes households move, for the whole table."""
    household, resident = ctx.world.household, ctx.world.resident
    if household.size == 0:
        return
    (bands, spare, most, _), recent = _TERMS(ctx.values)
    mean, deviation = ctx.reference.moments(ctx, "housing.move", "household", _SATISFACTION)
    # fmt: off
    mover_loops.drivers(
        household.alive, household.persons, household.dwelling, ctx.world.dwelling.rooms, household.moved_in,
        household.head, resident.age, resident.satisfaction, bands, spare, most, ctx.month - recent, np.float32(mean),
        np.float32(deviation), household.misfit, household.recent, household.age_band, household.dissatisfied,
    )
    # fmt: on


@lru_cache(maxsize=2)
def _room(homes: int, people: int) -> tuple[NDArray[np.bool_], Rows, Rows]:
    """Room for households in need, households by tenure and residents: nobody keeps what is in it after a month."""
    return np.empty(homes, np.bool_), np.empty((len(MOVES), homes), np.int32), np.empty(people, np.int32)


def look_over(ctx: Context) -> tuple[NDArray[np.bool_], AtRisk]:
    """Do :func:`refresh_drivers`; households in need, and who may decide to move this month."""
    household, resident = ctx.world.household, ctx.world.resident
    terms, recent, moments = _driving(ctx) if household.size else (*_TERMS(ctx.values), _NO_MOMENTS)
    needs, lists, leaving = _room(household.size, resident.size)
    *many, count = mover_loops.look_over(
        _HOUSEHOLD(household), ctx.world.dwelling.rooms, _RESIDENT(resident), terms, ctx.month - recent, moments,
        _DRIVEN(household), needs, lists, leaving,
    )  # fmt: skip
    return needs, (lists, many, leaving[:count])


def look_again(ctx: Context, at_risk: AtRisk) -> AtRisk:
    """Who may decide to move this month, after some were set looking and others sent away."""
    household, (lists, _, leaving) = ctx.world.household, at_risk
    return lists, mover_loops.may_move(household.alive, household.move_wish, household.tenure, lists), leaving


def leave(ctx: Context, needy: NDArray[np.bool_], at_risk: AtRisk) -> tuple[Rows, Rows]:
    """Draw movers, let part of them and of who leaves home leave the city and set the others looking.

    Parameters
    ----------
    needy, at_risk
        What :func:`look_over` found.

    Returns
    -------
    Rows, Rows
        Households and residents who look for a corporation dwelling from this month on.
    """
    lists, many, leaving = at_risk
    movers = [
        move.draw(ctx, line[:count]) for move, line, count in zip(_MOVES, lists, many, strict=True) if count
    ]
    moving = np.concatenate(movers) if movers else leaving[:0]
    household, resident, uid = ctx.world.household, ctx.world.resident, ctx.world.household.uid
    chances, shares = _LEAVING(ctx.values)
    lists = np.empty((_BEGIN, max(moving.size, leaving.size)), np.int32)
    away, in_need, searching, gone, looking = mover_loops.begin(
        moving, uid, _CHOICES(ctx, uid, moving), _ABLE(household), needy, ctx.month, entry_price(ctx), chances,
        _SEEKING(household), leaving, _BEGINNING(resident), _FIRST_CHOICES(ctx, resident.uid, leaving), PARTED, shares,
        lists,
    )  # fmt: skip
    if away:
        ledger: RestLedger = ctx.world.stores[REST]
        ledger.left_city += away
        ledger.left_city_support += in_need
        ctx.requests.depart(lists[0, :away], Fate.LEFT_CITY)
    if gone:
        leave_with_children(ctx, lists[2, :gone], Fate.LEFT_CITY)
    return lists[1, :searching], lists[3, :looking]


def _leaving(
    values: Mapping[str, float],
) -> tuple[tuple[float, _Three, _Three], tuple[float, float, float, float]]:
    """Who leaves the city, limits of income and loans, and what the others look for; and so for who leaves home."""
    return (values["housing.left_city_share"], _LIMITS(values), _SHARES(values)), _HOMES(values)


_LEAVING = Kept(_leaving)


def entry_price(ctx: Context) -> float:
    """Price in euros of an entry dwelling in the districts; infinite if nobody owns."""
    dwelling = ctx.world.dwelling
    desk: Desk = ctx.world.stores[DESK]
    if desk.owned is None or desk.owned[0] != dwelling.version:
        rows = (dwelling.alive & (dwelling.owner == int(Tenure.OWNER))).nonzero()[0].astype(np.int32)
        desk.owned = dwelling.version, rows
    owned = dwelling.value.take(desk.owned[1])
    if owned.size == 0:
        return np.inf
    mean = float(np.add.reduce(owned, dtype=np.float64)) / owned.size
    return mean * 1000 * ctx.values["housing.entry_price_share"]


def followers(ctx: Context, rows: Rows) -> dict[int, list[int]]:
    """Minor children who go along with a parting mother, by her row (few people: a loop over them is fine)."""
    table = ctx.world.resident
    found: dict[int, list[int]] = {}
    # nearly always nobody of them has parted
    if rows.size == 0 or PARTED not in table.wants_home.take(rows).tolist():
        return found
    mothers = np.empty(rows.size, np.int32)
    count = mover_loops.parted_mothers(rows, table.wants_home, PARTED, table.sex, mothers)
    if count == 0:
        return found
    mothers = mothers[:count]
    chance = ctx.draws.life("housing.children_with_mother", table.uid[mothers])
    for row in mothers[chance < ctx.values["housing.children_with_mother"]].tolist():
        children = (table.mother == row).nonzero()[0]
        children = children[table.household[children] == table.household[row]]
        children = children[(table.role[children] == int(Role.CHILD)) & (table.age[children] < ADULT_AGE)]
        if children.size:
            found[row] = children.tolist()
    return found


def leave_with_children(ctx: Context, rows: Rows, fate: Fate) -> None:
    """Residents, and the children who go along, leave the districts."""
    if rows.size == 0:
        return
    found = followers(ctx, rows)
    if found:
        children = [child for many in found.values() for child in many]
        rows = np.concatenate([rows, np.array(children, dtype=np.int32)])
    ctx.requests.leave(rows, fate)
