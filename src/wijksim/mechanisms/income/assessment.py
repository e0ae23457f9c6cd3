"""From the means of persons to the budget of a household: assistance, allowances, housing cost, poverty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.income import allowances
from wijksim.mechanisms.income.persons import Persons, own_means
from wijksim.state.codes import Activity, HouseholdType, Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Assessment:
    """Budget of households, euros a month, arrays of equal length.

    Attributes
    ----------
    income
        Disposable income without rent allowance, net of the nominal health premium.
    housing_cost
        Rent less rent allowance, or the mortgage payment.
    assistance
        Social assistance paid to head and partner and to other members.
    allowances
        Rent, care and child allowances together.
    benefits
        Unemployment, incapacity and student payments, supplement and child benefit.
    tax
        Tax and contributions withheld from wages and benefits.
    recipients
        Assistance benefits in payment (a couple is one).
    """

    income: Floats
    housing_cost: Floats
    assistance: Floats
    allowances: Floats
    benefits: Floats
    tax: Floats
    recipients: Floats


def assess(ctx: Context, households: Rows) -> Assessment:
    """Assess living households; the result is in the order given."""
    return _Budget(ctx, households, _means(ctx, households)).result()


def own_income(ctx: Context, households: Rows) -> Floats:
    """What members bring in themselves and assistance at the norm, euros a month: a first guess without allowances."""
    people = _means(ctx, households)
    own = np.bincount(people.home, weights=people.net, minlength=households.size)
    on = people.home[people.activity == Activity.ASSISTANCE]
    adults = np.maximum(ctx.world.household.adults[households], 1)
    norm = allowances.assistance_norm(ctx.values, adults)
    result: Floats = own + norm * np.bincount(on, minlength=households.size)
    return result


def _means(ctx: Context, households: Rows) -> Persons:
    """Own means of the members of ``households``, which are numbered in the order given."""
    world = ctx.world
    size = world.household.size
    mask = np.zeros(size + 1, dtype=bool)
    mask[households] = True
    # dead rows and people without a household hold -1, which is the spare last place of the mask
    residents = mask.take(world.resident.household).nonzero()[0]
    place = np.empty(size, dtype=np.intp)
    place[households] = np.arange(households.size)
    return own_means(ctx, residents, place.take(world.resident.household.take(residents)))


class _Budget:
    """One assessment in the making: the arrays that its parts share."""

    def __init__(self, ctx: Context, households: Rows, persons: Persons) -> None:
        where = households.astype(np.intp)  # a dozen columns are read at these rows: convert once
        self.v = ctx.values
        self.people = persons
        table = ctx.world.household
        self.size = where.size
        self.owner = table.tenure.take(where) == Tenure.OWNER
        self.children = table.children.take(where)
        self.persons = table.persons.take(where)
        self.adults = table.adults.take(where)
        kind = table.type.take(where)
        self.paired = (kind == HouseholdType.COUPLE) | (kind == HouseholdType.FAMILY)
        self.alone = kind == HouseholdType.SINGLE_PARENT
        self.unit = 1 + self.paired
        self.takeup = table.takeup.take(where)
        self.savings = table.savings.take(where)
        self.head = ctx.world.resident.activity.take(table.head.take(where))
        self.rent = ctx.world.gather("household", households, "dwelling.rent").astype(np.float64)
        self.mortgage = table.mortgage.take(where)
        self.own = self.total(persons.net)
        self.gross = self.total(persons.gross)

    def total(self, values: NDArray[Any], at: NDArray[np.intp] | None = None) -> Floats:
        """Sum over members, or over the members at positions ``at``."""
        home = self.people.home if at is None else self.people.home.take(at)
        weight = values if at is None else values.take(at)
        return np.bincount(home, weights=weight, minlength=self.size)

    def count(self, at: NDArray[np.intp]) -> NDArray[np.intp]:
        """Count the members at positions ``at``."""
        return np.bincount(self.people.home.take(at), minlength=self.size)

    def assistance(self) -> tuple[Floats, Floats, Floats]:
        """Assistance paid, supplement paid, and number of benefits in payment."""
        v, people = self.v, self.people
        sharing = (people.age >= v["income.assistance_sharing_age"]) & (people.activity != Activity.STUDENT)
        grown = sharing.nonzero()[0]
        norm = allowances.assistance_norm(v, np.maximum(self.count(grown), self.unit))
        on = (people.activity == Activity.ASSISTANCE).nonzero()[0]
        leading = people.partner.take(on)
        others = self.count(on[~leading])
        assisted = self.count(on[leading]) > 0
        outside = (~people.partner & (people.net > 0)).nonzero()[0]
        unit_own = self.own - self.total(people.net, outside)
        gap = np.maximum(norm * self.unit - unit_own, 0)
        paid = np.where(assisted, gap, 0.0) + others * norm
        learning = (self.head == Activity.STUDENT) | (self.head == Activity.PUPIL)
        poor_in_assets = self.savings <= v["income.assistance_capital"] * self.unit
        # the supplement to incapacity benefit (Toeslagenwet) comes with the benefit and has no savings test
        claims = (self.takeup & poor_in_assets & ~learning) | (self.head == Activity.INCAPACITY)
        claims &= ~assisted
        recipients: Floats = assisted.astype(np.float64) + others
        return paid, np.where(claims, gap, 0.0), recipients

    def rent_allowance(self, yearly: Floats) -> Floats:
        """Rent allowance; zero for owners, for those who do not claim and for those with savings."""
        few = self.savings <= self.v["income.rent_capital"] * self.unit
        due = allowances.rent_allowance(
            self.v, self.rent, yearly, self.persons, self.head == Activity.RETIRED
        )
        return np.where(self.takeup & few & ~self.owner, due, 0.0)

    def children_money(self, yearly: Floats) -> tuple[Floats, Floats]:
        """Child budget of those who claim, and child benefit of all."""
        people = self.people
        minors = (people.age < self.v["income.child_age_end"]).nonzero()[0]
        age = people.age.take(minors)
        home, bins = people.home.take(minors), self.size
        benefit = np.bincount(home, weights=allowances.child_benefit(self.v, age), minlength=bins)
        extra = np.bincount(home, weights=allowances.child_extra(self.v, age), minlength=bins)
        budget = allowances.child_budget(self.v, yearly, self.children, extra, self.alone)
        return np.where(self.takeup, budget, 0.0), benefit

    def result(self) -> Assessment:
        """Put the parts together."""
        v = self.v
        paid, top_up, recipients = self.assistance()
        yearly = MONTHS_PER_YEAR * (self.gross + paid + top_up)
        rent_help = self.rent_allowance(yearly)
        care = np.where(self.takeup, allowances.care_allowance(v, yearly, self.paired), 0.0)
        budget, benefit = self.children_money(yearly)
        # grown-up members other than head and partner mostly have little: they get the full care allowance
        others = np.maximum(self.adults - self.unit, 0)
        premium = v["income.health_premium"]
        insurance = premium * self.unit + max(premium - v["income.care_single"], 0) * others
        income = self.own + paid + top_up + care + budget + benefit - insurance
        return Assessment(
            income=income,
            housing_cost=np.where(self.owner, self.mortgage, self.rent - rent_help),
            assistance=paid,
            allowances=rent_help + care + budget,
            benefits=benefit + top_up + self.total(self.people.benefit),
            tax=self.total(self.people.tax),
            recipients=recipients,
        )
