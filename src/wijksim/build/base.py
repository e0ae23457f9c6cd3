"""The part of a district that published figures fix: dwellings, households, members, work and income."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wijksim.build.activity import Occupations, educate, occupy
from wijksim.build.district import Dwellings
from wijksim.build.dwellings import Stock, build_stock
from wijksim.build.factors import Values, band_of
from wijksim.build.households import HouseholdPlan, match_dwellings, plan_households
from wijksim.build.money import Incomes, incomes
from wijksim.build.persons import Members, n_members, populate
from wijksim.core.rng import Draws, derive_uid
from wijksim.places.schema import Place
from wijksim.state.codes import DwellingKind, HouseholdType, Role, Tenure

type Floats = NDArray[np.float64]
type Counts = NDArray[np.int64]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]
type Factors = dict[str, NDArray[np.integer]]


@dataclass(frozen=True)
class Base:
    """A district before traits, durations and debts.

    Attributes
    ----------
    stock
        Dwellings; ``dwellings.household`` says who lives where.
    plan, members, education, occupations, money
        Households and their members.
    dwelling
        Dwelling of each household.
    household_uid, resident_uid
        Identities.
    next_uid
        First identity that is free.
    """

    stock: Stock
    plan: HouseholdPlan
    members: Members
    education: NDArray[np.int8]
    occupations: Occupations
    money: Incomes
    dwelling: Counts
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
        return np.asarray(band_of(self.members.age) > 0)

    @property
    def head_band(self) -> Counts:
        """Age band of the head of each household, 0 for the first band of adults."""
        return np.asarray(band_of(self.members.age[self.members.start]).astype(np.int64) - 1)

    def household_factors(self) -> Factors:
        """Categories of each household; education and activity are those of the head."""
        head = self.members.start
        return {
            "age": band_of(self.members.age[head]),
            "type": self.plan.type,
            "tenure": self.plan.tenure,
            "kind": self.plan.kind,
            "fifth": self.money.fifth,
            "education": self.education[head],
            "activity": self.occupations.activity[head],
        }

    def person_factors(self) -> Factors:
        """Categories of each resident, with those of the household."""
        factors = _first_factors(self.plan, self.members)
        factors["fifth"] = self.money.fifth[self.members.household]
        factors["education"] = self.education
        factors["activity"] = self.occupations.activity
        return factors


def build_base(
    place: Place, *, dwellings: int, draws: Draws, values: Values, uid_start: int, district: int
) -> Base:
    """Make what the figures of a place fix; arguments as for ``synthesise``."""
    uids = np.arange(uid_start, uid_start + 4 * dwellings, dtype=np.uint64)
    stock = build_stock(place, dwellings, uids[: 3 * dwellings], draws, values, district=district)
    rows = _occupied(stock, draws)
    owner, kind = stock.dwellings.owner[rows].astype(np.int64), stock.dwellings.kind[rows].astype(np.int64)
    occupied = np.zeros((len(Tenure), len(DwellingKind)), np.int64)
    np.add.at(occupied, (owner, kind), 1)
    household_uid = uids[3 * dwellings : 3 * dwellings + rows.size]
    start = float(draws.life("build.households", derive_uid("build.district", district)))
    plan = plan_households(place, occupied, household_uid, start, draws, values=values)
    size = n_members(plan)
    keys = _keys(plan, size, household_uid, stock.dwellings, rows, draws=draws, values=values)
    dwelling = match_dwellings(plan, (rows, owner, kind), keys)
    first = uid_start + 4 * dwellings
    uid = np.arange(first, first + int(size.sum()), dtype=np.uint64)
    members = populate(plan, uid, draws, values)
    factors = _first_factors(plan, members)
    factors["education"] = educate(place, members, factors, uid, draws, values=values)
    occupations = occupy(place, members, factors, uid, draws, values=values)
    money = incomes(
        members, occupations.activity, factors["education"], plan.fifth, uid,
        household_uid=household_uid, draws=draws, values=values,
    )  # fmt: skip
    occupant = np.full(dwellings, -1, np.int32)
    occupant[dwelling] = np.arange(rows.size)
    stock = replace(stock, dwellings=replace(stock.dwellings, household=occupant))
    return Base(
        stock, plan, members, factors["education"].astype(np.int8), occupations, money, dwelling,
        household_uid, uid, first + uid.size,
    )  # fmt: skip


def _first_factors(plan: HouseholdPlan, members: Members) -> Factors:
    """What is known of a resident before education and activity."""
    household = members.household
    only = (plan.type == HouseholdType.SINGLE) | (plan.type == HouseholdType.SINGLE_PARENT)
    alone = only[household] & (members.role == Role.HEAD)
    return {
        "age": band_of(members.age),
        "sex": members.sex,
        "role": members.role,
        "tenure": plan.tenure[household],
        "kind": plan.kind[household],
        "type": plan.type[household],
        "fifth": plan.fifth[household],
        "alone": np.where(alone, plan.fifth[household] + 1, 0),
    }


def _occupied(stock: Stock, draws: Draws) -> Counts:
    """Rows of the dwellings that are lived in: of each owner and kind the wanted number stays vacant."""
    homes = stock.dwellings
    cell = homes.owner.astype(np.int64) * len(DwellingKind) + homes.kind
    order = np.lexsort((draws.life("build.vacant", homes.uid), cell))
    first = np.searchsorted(cell[order], np.arange(stock.vacant.size))
    rank = np.arange(cell.size) - first[cell[order]]
    return np.sort(order[rank >= stock.vacant.ravel()[cell[order]]])


def _keys(
    plan: HouseholdPlan, size: Counts, household_uid: Uids, homes: Dwellings, rows: Counts, *,
    draws: Draws, values: Values,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Ranks by which households and dwellings find each other: size to rooms, income to value."""
    room, rich, noise = (values[f"build.match_{name}"] for name in ("size", "income", "noise"))
    wish = room * size + rich * plan.fifth + noise * draws.life_normal("build.match", household_uid)
    value = homes.value[rows]
    offer = room * homes.rooms[rows] + rich * np.log(value / value.mean()) / values["build.value_spread"]
    return wish, np.asarray(offer + noise * draws.life_normal("build.match", homes.uid[rows]))
