"""The part of a district that published figures fix: households, their members, work, income and dwellings."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wijksim.build.activity import Occupations, educate, occupy
from wijksim.build.choose import district_uid, sorted_within
from wijksim.build.dwellings import Stock, StockPlan, build_stock, plan_stock
from wijksim.build.factors import Factors, Values, band_of
from wijksim.build.households import HouseholdPlan, plan_households
from wijksim.build.money import Incomes, incomes
from wijksim.build.persons import Members, n_members, populate
from wijksim.core.rng import Draws
from wijksim.places.schema import Place
from wijksim.state.codes import DwellingKind, HouseholdType, Role, Tenure

type Floats = NDArray[np.float64]
type Counts = NDArray[np.int64]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]


@dataclass(frozen=True)
class Base:
    """Who lives in a district, before traits, durations and debts, and before anybody has a dwelling.

    Attributes
    ----------
    homes
        Numbers of dwellings that will be there.
    plan, members, education, occupations, money
        Households and their members.
    factors
        Categories of the members, with those of their household.
    stock_uid, household_uid, resident_uid
        Identities; the first are for dwellings, entrances and complexes.
    next_uid
        First identity that is free.
    """

    homes: StockPlan
    plan: HouseholdPlan
    members: Members
    factors: Factors
    education: NDArray[np.int8]
    occupations: Occupations
    money: Incomes
    stock_uid: Uids
    household_uid: Uids
    resident_uid: Uids
    next_uid: int

    @property
    def n_households(self) -> int:
        """Number of households."""
        return self.household_uid.size

    @property
    def n_residents(self) -> int:
        """Number of residents."""
        return self.resident_uid.size

    @property
    def adult(self) -> Bools:
        """Residents of 18 and over."""
        return np.asarray(self.factors["age"] > 0)

    @property
    def head_band(self) -> Counts:
        """Age band of the head of each household, 0 for the first band of adults."""
        return np.asarray(self.factors["age"][self.members.start].astype(np.int64) - 1)

    def household_factors(self) -> Factors:
        """Categories of each household; education and activity are those of the head."""
        head, plan = self.members.start, self.plan
        codes: dict[str, NDArray[np.integer]] = {
            "age": self.factors["age"][head],
            "type": plan.type,
            "tenure": plan.tenure,
            "kind": plan.kind,
            "fifth": self.money.fifth,
            "education": self.education[head],
            "activity": self.occupations.activity[head],
        }
        return Factors(codes, size=head.size)

    def person_factors(self) -> Factors:
        """Categories of each resident, with those of the household; others may be added to them."""
        return self.factors.copy()


@dataclass(frozen=True)
class Homes:
    """Dwellings, ``stock.dwellings.household`` says who lives where, and the dwelling of each household."""

    stock: Stock
    dwelling: Counts


def build_base(
    place: Place, *, dwellings: int, draws: Draws, values: Values, uid_start: int, district: int
) -> Base:
    """Make the people whom the figures of a place fix; arguments as for ``synthesise``."""
    uids = np.arange(uid_start, uid_start + 4 * dwellings, dtype=np.uint64)
    homes = plan_stock(place, dwellings, draws, values, district=district)
    occupied = homes.occupied
    household_uid = uids[3 * dwellings : 3 * dwellings + int(occupied.sum())]
    start = float(draws.life("build.households", district_uid(district)))
    plan = plan_households(place, occupied, household_uid, start, draws, values=values)
    first = uid_start + 4 * dwellings
    uid = np.arange(first, first + int(n_members(plan).sum()), dtype=np.uint64)
    members = populate(plan, uid, draws, values)
    factors = _first_factors(plan, members)
    education = factors["education"] = educate(place, members, factors, uid, draws, values=values)
    occupations = occupy(place, members, factors, uid, draws, values=values)
    money = incomes(
        members, occupations.activity, education, plan.fifth, uid,
        household_uid=household_uid, draws=draws, values=values,
    )  # fmt: skip
    factors["fifth"], factors["activity"] = money.fifth[members.household], occupations.activity
    return Base(
        homes, plan, members, factors, education, occupations, money, uids[: 3 * dwellings],
        household_uid, uid, first + uid.size,
    )  # fmt: skip


def build_homes(place: Place, base: Base, *, draws: Draws, values: Values, district: int) -> Homes:
    """Make the dwellings of a district and give every household one."""
    stock = build_stock(place, base.homes, base.stock_uid, draws, values, district=district)
    homes = stock.dwellings
    rows = _occupied(stock, base.homes.vacant, draws)
    result = np.empty(rows.size, np.int64)
    result[_by_wish(base, draws, values)] = _by_offer(stock, rows, draws, values)
    occupant = np.full(len(homes), -1, np.int32)
    occupant[result] = np.arange(rows.size)
    return Homes(replace(stock, dwellings=replace(homes, household=occupant)), result)


def owners(base: Base, draws: Draws, values: Values) -> NDArray[np.int8]:
    """Owner of the dwelling that each household would be given by :func:`build_homes`."""
    there = np.arange(len(Tenure)).repeat(base.homes.occupied.sum(axis=1))
    # households are planned in this order; roundings may make one too many or too few for the homes of an owner
    if np.array_equal(base.plan.tenure, there):
        return there.astype(np.int8)
    result = np.empty(base.n_households, np.int8)
    result[_by_wish(base, draws, values)] = there
    return result


def _first_factors(plan: HouseholdPlan, members: Members) -> Factors:
    """What is known of a resident before education and activity."""
    household = members.household
    only = (plan.type == HouseholdType.SINGLE) | (plan.type == HouseholdType.SINGLE_PARENT)
    alone = only[household] & (members.role == Role.HEAD)
    codes: dict[str, NDArray[np.integer]] = {
        "age": band_of(members.age),
        "sex": members.sex,
        "role": members.role,
        "tenure": plan.tenure[household],
        "kind": plan.kind[household],
        "type": plan.type[household],
        "fifth": plan.fifth[household],
        "alone": np.where(alone, plan.fifth[household] + 1, 0),
    }
    return Factors(codes, size=household.size)


def _occupied(stock: Stock, vacant: Counts, draws: Draws) -> Counts:
    """Rows of the dwellings that are lived in: of each owner and kind the wanted number stays vacant."""
    homes = stock.dwellings
    cell = homes.owner.astype(np.int64) * len(DwellingKind) + homes.kind
    order = sorted_within(cell, draws.life("build.vacant", homes.uid))
    first = np.searchsorted(cell[order], np.arange(vacant.size))
    rank = np.arange(cell.size) - first[cell[order]]
    return np.sort(order[rank >= vacant.ravel()[cell[order]]])


def _by_wish(base: Base, draws: Draws, values: Values) -> Counts:
    """Households in the order in which they take dwellings of their owner and kind: large and rich ones last."""
    plan, size = base.plan, n_members(base.plan)
    room, rich, noise = _match(values)
    luck = draws.life_normal("build.match", base.household_uid)
    wish = room * size + rich * plan.fifth + noise * luck
    return sorted_within(plan.tenure * len(DwellingKind) + plan.kind, wish)


def _by_offer(stock: Stock, rows: Counts, draws: Draws, values: Values) -> Counts:
    """Dwellings among ``rows`` in the order in which they are taken: those with many rooms and of high value last."""
    homes = stock.dwellings
    room, rich, noise = _match(values)
    value = homes.value[rows]
    offer = room * homes.rooms[rows] + rich * np.log(value / value.mean()) / values["build.value_spread"]
    offer += noise * draws.life_normal("build.match", homes.uid[rows])
    return rows[sorted_within(homes.owner[rows] * len(DwellingKind) + homes.kind[rows], offer)]


def _match(values: Values) -> tuple[float, float, float]:
    """Weights of size, income and chance in who finds which dwelling."""
    return values["build.match_size"], values["build.match_income"], values["build.match_noise"]
