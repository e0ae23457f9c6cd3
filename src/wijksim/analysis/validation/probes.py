"""What validation looks at beside the ordinary measures: shares at the scale and of the groups that facts speak of.

A probe gives a numerator and a denominator per district and month, like a measure, and is never shown to a user.
Rates a year are numerators summed over the year, over denominators averaged over it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.places.schema import BENEFIT_AGES, PARTICIPATION_AGES
from wijksim.state.codes import Activity, DwellingKind, HouseholdType, Tenure
from wijksim.state.structure import ADULT_AGE
from wijksim.state.world import World

Pair = tuple[NDArray[Any], NDArray[Any]]
Look = Callable[[Context], Pair]


@dataclass(frozen=True)
class Probe:
    """One thing to look at.

    Attributes
    ----------
    name
        Key in the panel.
    table
        Table whose rows are summed per district; ``district`` if the look gives one number per district itself.
    look
        Numerator and denominator per row.
    rate
        True for what happens a year: the numerators of its months are added up, the denominators averaged.
    needs
        Columns without which there is nothing to look at.
    """

    name: str
    table: str
    look: Look
    rate: bool = False
    needs: tuple[str, ...] = ()

    def districts(self, ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Sums per district."""
        top, bottom = self.look(ctx)
        if self.table == "district":
            return np.asarray(top, np.float64), np.asarray(bottom, np.float64)
        world = ctx.world
        bottom = bottom & world.tables[self.table].alive if bottom.dtype == np.bool_ else bottom
        top = np.where(bottom != 0, top, 0)
        return world.by_district(self.table, top), world.by_district(self.table, bottom)


PROBES: dict[str, Probe] = {}


def probe(
    name: str, table: str, *, rate: bool = False, needs: tuple[str, ...] = ()
) -> Callable[[Look], Look]:
    """Declare a probe."""

    def add(look: Look) -> Look:
        PROBES[name] = Probe(name, table, look, rate, needs)
        return look

    return add


def available(ctx: Context) -> list[Probe]:
    """Probes whose columns exist in this world."""

    def there(column: str) -> bool:
        table, attribute = column.split(".")
        return table in ctx.world.tables and attribute in ctx.world.tables[table]

    return [one for one in PROBES.values() if all(there(column) for column in one.needs)]


def aged(ctx: Context, low: int, high: int) -> NDArray[np.bool_]:
    """Living residents of ``low`` up to ``high`` years."""
    age = ctx.world.resident.age
    return np.asarray((age >= low) & (age < high) & ctx.world.resident.alive)


def _tenure(ctx: Context, tenure: Tenure) -> NDArray[np.bool_]:
    return np.asarray(ctx.world.household.tenure == tenure)


def _resident_tenure(ctx: Context, tenure: Tenure) -> NDArray[np.bool_]:
    return np.asarray(ctx.world.gather("resident", slice(None), "household.tenure") == tenure)


# --- small areas ---------------------------------------------------------------------------------

_DOMINATED = 2 / 3  # of the dwellings: from here on an area counts as one of the corporation
_WEAKEST = 1 / 5  # of these small areas
_SMALL: WeakKeyDictionary[World, tuple[int, NDArray[np.bool_]]] = WeakKeyDictionary()


def weakest_estates(ctx: Context) -> NDArray[np.bool_]:
    """Households of the least resilient small areas that corporations dominate (kwetsbaarste corporatiebuurten).

    Published figures on them are about areas of some hundred dwellings; an estate is what the model has of that size.
    Those count in which corporations own two thirds or more, and of these the fifth of the city with the largest
    share of households that need support: who lives there decides, not what goes wrong.
    """
    known = _SMALL.get(ctx.world)
    if known is not None and known[0] == ctx.month:
        return known[1]
    world = ctx.world
    household, dwelling, size = world.household, world.dwelling, world.complex.size
    homes = np.bincount(dwelling.complex[dwelling.rows], minlength=size)
    rented = dwelling.rows[dwelling.owner[dwelling.rows] == Tenure.CORPORATION]
    owned = np.bincount(dwelling.complex[rented], minlength=size)
    here = household.rows
    count = np.bincount(household.complex[here], minlength=size)
    needy = (household.complex_members[here] > 0) | household.problem_debt[here]
    share = np.bincount(household.complex[here], weights=needy, minlength=size) / np.maximum(count, 1)
    small = (owned >= _DOMINATED * homes) & (count > 0)
    edge = np.quantile(share[small], 1 - _WEAKEST) if small.any() else np.inf
    chosen = small & (share >= edge)
    found: NDArray[np.bool_] = np.zeros(household.size, dtype=bool)
    found[here] = chosen[household.complex[here]]
    _SMALL[ctx.world] = (ctx.month, found)
    return found


@probe("nuisance_weakest", "household", needs=("household.complex_members",))
def _nuisance_weakest(ctx: Context) -> Pair:
    return ctx.world.household.nuisance_often, weakest_estates(ctx)


@probe("fear_weakest", "resident", needs=("household.complex_members", "resident.fear"))
def _fear_weakest(ctx: Context) -> Pair:
    resident = ctx.world.resident
    there = weakest_estates(ctx)[resident.household] & (resident.household >= 0)
    return resident.fear, there & aged(ctx, ADULT_AGE, np.iinfo(np.int16).max)


# --- who lives where ------------------------------------------------------------------------------


@probe("corporation_share", "dwelling")
def _corporation(ctx: Context) -> Pair:
    return ctx.world.dwelling.owner == Tenure.CORPORATION, ctx.world.dwelling.alive


@probe("flat_share", "dwelling")
def _flats(ctx: Context) -> Pair:
    return ctx.world.dwelling.kind == DwellingKind.FLAT, ctx.world.dwelling.alive


@probe("value", "dwelling")
def _value(ctx: Context) -> Pair:
    return ctx.world.dwelling.value, ctx.world.dwelling.alive


@probe("single_share", "household")
def _single(ctx: Context) -> Pair:
    return ctx.world.household.type == HouseholdType.SINGLE, ctx.world.household.alive


@probe("single_parent_share", "household")
def _single_parent(ctx: Context) -> Pair:
    return ctx.world.household.type == HouseholdType.SINGLE_PARENT, ctx.world.household.alive


@probe("benefit_share", "resident")
def _benefit(ctx: Context) -> Pair:
    resident = ctx.world.resident
    on_benefit = (resident.activity == Activity.ASSISTANCE) | (resident.activity == Activity.INCAPACITY)
    on_benefit |= (resident.activity == Activity.UNEMPLOYED) & (resident.benefit_end >= ctx.month)
    return on_benefit, aged(ctx, *BENEFIT_AGES)


@probe("assistance_share", "resident")
def _assistance(ctx: Context) -> Pair:
    return ctx.world.resident.activity == Activity.ASSISTANCE, aged(ctx, *BENEFIT_AGES)


@probe("participation", "resident")
def _participation(ctx: Context) -> Pair:
    """Net participation as published: an hour of paid work a week counts, so that of pupils and students counts too."""
    activity = ctx.world.resident.activity
    working = (activity == Activity.EMPLOYED) | (activity == Activity.BASIC_JOB)
    learning = (activity == Activity.PUPIL) | (activity == Activity.STUDENT)
    top = working + ctx.values["validation.student_jobs"] * learning
    return np.where(aged(ctx, *PARTICIPATION_AGES), top, 0.0), aged(ctx, *PARTICIPATION_AGES)


@probe("care_clients", "resident")
def _care(ctx: Context) -> Pair:
    return ctx.world.resident.case > 0, aged(ctx, ADULT_AGE, np.iinfo(np.int16).max)


@probe("youth_care", "resident", rate=True)
def _youth(ctx: Context) -> Pair:
    return ctx.world.resident.youth_crisis, aged(ctx, 0, ADULT_AGE)


_FIFTHS = 5


# --- by tenure ------------------------------------------------------------------------------------


@probe("psychiatric_corporation", "resident")
def _psychiatric_corporation(ctx: Context) -> Pair:
    return ctx.world.resident.psychiatric, _resident_tenure(ctx, Tenure.CORPORATION)


@probe("psychiatric_elsewhere", "resident")
def _psychiatric_elsewhere(ctx: Context) -> Pair:
    return ctx.world.resident.psychiatric, ~_resident_tenure(ctx, Tenure.CORPORATION)


@probe("psychiatric_in_care", "resident", needs=("resident.case",))
def _psychiatric_in_care(ctx: Context) -> Pair:
    """Tenants with severe psychiatric problems who wait for or have professional help: prevalence by use of care."""
    resident = ctx.world.resident
    return resident.psychiatric & (resident.case > 0), _resident_tenure(ctx, Tenure.CORPORATION)


@probe("psychiatric", "resident")
def _psychiatric(ctx: Context) -> Pair:
    return ctx.world.resident.psychiatric, ctx.world.resident.alive


@probe("cognitive_corporation", "resident")
def _cognitive_corporation(ctx: Context) -> Pair:
    return ctx.world.resident.cognitive, _resident_tenure(ctx, Tenure.CORPORATION)


@probe("cognitive", "resident")
def _cognitive(ctx: Context) -> Pair:
    return ctx.world.resident.cognitive, ctx.world.resident.alive


@probe("lowest_income_renters", "household")
def _lowest_income(ctx: Context) -> Pair:
    """Tenants of corporations in the lowest fifth of standardised income of this month: a fifth is relative."""
    household, values = ctx.world.household, ctx.values
    rows = household.rows
    scale = 1 + values["income.equivalence_adult"] * np.maximum(household.adults[rows] - 1, 0)
    scale = scale + values["income.equivalence_child"] * household.children[rows]
    standard = household.income[rows] / scale
    lowest = np.zeros(household.size, dtype=bool)
    lowest[rows] = standard < np.quantile(standard, 1 / _FIFTHS) if rows.size else False
    return lowest, _tenure(ctx, Tenure.CORPORATION)


@probe("satisfied_renters", "resident")
def _satisfied_renters(ctx: Context) -> Pair:
    adult = aged(ctx, ADULT_AGE, np.iinfo(np.int16).max)
    return ctx.world.resident.satisfaction_home, adult & _resident_tenure(ctx, Tenure.CORPORATION)


@probe("satisfied_owners", "resident")
def _satisfied_owners(ctx: Context) -> Pair:
    adult = aged(ctx, ADULT_AGE, np.iinfo(np.int16).max)
    return ctx.world.resident.satisfaction_home, adult & _resident_tenure(ctx, Tenure.OWNER)


# --- work, debt, crises ----------------------------------------------------------------------------


def _ended_assistance(ctx: Context) -> NDArray[np.intp]:
    """Rows of residents who left assistance this month and still live here."""
    rows = ctx.log.column("activities", "row")[ctx.log.column("activities", "before") == Activity.ASSISTANCE]
    return np.asarray(rows.astype(np.intp))


def _exits(low: int, high: int) -> Look:
    def look(ctx: Context) -> Pair:
        resident = ctx.world.resident
        clock = np.asarray(resident.assistance_clock)
        inside = (clock >= low) & (clock < high)
        left = np.zeros(resident.size, dtype=bool)
        left[_ended_assistance(ctx)] = True
        at_risk = (resident.activity == Activity.ASSISTANCE) | left
        return left & inside, at_risk & inside

    return look


_YEAR, _THREE_YEARS, _EVER = 12, 36, np.iinfo(np.int16).max
probe("assistance_exits", "resident", rate=True)(_exits(0, _EVER))
probe("assistance_exits_first_year", "resident", rate=True)(_exits(0, _YEAR))
probe("assistance_exits_after_three", "resident", rate=True)(_exits(_THREE_YEARS, _EVER))


@probe("debt_new", "household")
def _debt_new(ctx: Context) -> Pair:
    household = ctx.world.household
    return ctx.month - household.debt_since < _YEAR, np.asarray(household.problem_debt)


@probe("debt_known", "household")
def _debt_known(ctx: Context) -> Pair:
    household = ctx.world.household
    return household.debt_help | (household.debt_track > 0), np.asarray(household.problem_debt)


def logged(ctx: Context, kind: str) -> NDArray[np.intp]:
    """Entries of the month's log per district; those of nowhere are left out."""
    where = ctx.log.column(kind, "district").astype(np.intp)
    return np.asarray(np.bincount(where[where >= 0], minlength=ctx.world.n_districts))


@probe("signals_accepted", "district")
def _signals(ctx: Context) -> Pair:
    return logged(ctx, "letters_accepted"), ctx.world.by_district(
        "household", ctx.world.household.early_signal
    )


@probe("tracks_completed", "district")
def _completed(ctx: Context) -> Pair:
    return logged(ctx, "completed"), logged(ctx, "attempts")


@probe("orders_executed", "district")
def _executed(ctx: Context) -> Pair:
    # an order stands until it is executed or settled; a household put out is gone by now, so the log counts it
    executed = logged(ctx, "evictions")
    return executed, executed + logged(ctx, "settlements")


@probe("evictions", "district", rate=True)
def _evictions(ctx: Context) -> Pair:
    return logged(ctx, "evictions"), ctx.world.by_district("household")


# --- contacts -------------------------------------------------------------------------------------

_WEEKLY, _DAILY = 52 / 12, 365 / 12


@probe("contact_weekly", "resident")
def _weekly(ctx: Context) -> Pair:
    return ctx.world.resident.contact >= _WEEKLY, aged(ctx, 15, np.iinfo(np.int16).max)


@probe("contact_daily", "resident")
def _daily(ctx: Context) -> Pair:
    return ctx.world.resident.contact >= _DAILY, aged(ctx, 15, np.iinfo(np.int16).max)


@probe("strangers_lowest_fifth", "resident")
def _strangers(ctx: Context) -> Pair:
    lowest = ctx.world.gather("resident", slice(None), "household.income_fifth") == 0
    adult = aged(ctx, ADULT_AGE, np.iinfo(np.int16).max)
    return ~ctx.world.resident.knows_neighbours, adult & lowest


@probe("walk_total", "district")
def _walk(ctx: Context) -> Pair:
    """What moves the total from outside: the walk and the national rise."""
    walked = ctx.world.stores.get("liveability.walk")
    n = ctx.world.n_districts
    rise = np.asarray(ctx.world.district.afw - ctx.world.district.afw_gap)
    return (rise if walked is None else rise + walked.sum(axis=1)), np.ones(n)


# --- school ---------------------------------------------------------------------------------------

_MBO = (5, 6)  # tracks of vocational education: mbo-1, and mbo-2 to 4
_MBO_AGES = (12, 23)


@probe("dropout_mbo", "resident", rate=True, needs=("resident.track", "resident.dropped_out"))
def _dropout(ctx: Context) -> Pair:
    """Left vocational education without a basic qualification this month, of its students under 23."""
    resident = ctx.world.resident
    left = np.asarray(resident.dropped_out)
    there = (resident.activity == Activity.STUDENT) | (resident.activity == Activity.PUPIL) | left
    return left, np.isin(resident.track, _MBO) & there & aged(ctx, *_MBO_AGES)
