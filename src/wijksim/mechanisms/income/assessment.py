"""From the means of persons to the budget of a household: assistance, allowances, housing cost, poverty."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.income import allowances, person_loops, rule_loops
from wijksim.mechanisms.income.person_loops import members
from wijksim.mechanisms.income.persons import Persons, own_means
from wijksim.state.codes import Activity
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]
# rows of the sums over members (see ``person_loops.sums``)
_SUMS = ("own", "gross", "tax", "payments", "outside", "child_benefit", "child_extra")
_COUNTS = ("sharers", "assisted", "others")
_NORMS = itemgetter("income.assistance_couple", "income.assistance_base", "income.assistance_per_adult")


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
    on = people.home[people.activity == int(Activity.ASSISTANCE)]
    adults = np.maximum(ctx.world.household.adults[households], 1)
    norm = allowances.assistance_norm(ctx.values, adults)
    result: Floats = own + norm * np.bincount(on, minlength=households.size)
    return result


def _means(ctx: Context, households: Rows) -> Persons:
    """Own means of the members of ``households``, which are numbered in the order given."""
    household = ctx.world.resident.household
    place = np.full(ctx.world.household.size + 1, -1, dtype=np.intp)
    residents, home = np.empty((2, household.size + 1), dtype=np.intp)
    count = members(households, household, place, residents, home)
    return own_means(ctx, residents[:count], home[:count])


class _Budget:
    """One assessment in the making: the arrays that its parts share."""

    def __init__(self, ctx: Context, households: Rows, persons: Persons) -> None:
        self.v, self.table = ctx.values, ctx.world.household
        self.activity = ctx.world.resident.activity
        self.where = households.astype(np.intp)
        size = self.where.size
        self.paired, self.alone, self.old, self.owner = np.empty((1 << 2, size), np.bool_)
        self.unit = np.empty(size, dtype=np.intp)
        table = self.table
        rule_loops.standing(
            self.where, table.type, table.head, self.activity, table.tenure,
            self.paired, self.alone, self.old, self.owner, self.unit,
        )  # fmt: skip
        self.rent = ctx.world.gather("household", households, "dwelling.rent").astype(np.float64)
        self.sums, self.counts = np.zeros((len(_SUMS), size)), np.zeros((len(_COUNTS), size), dtype=np.int64)
        child_benefit, child_extra = allowances.by_age(self.v)
        person_loops.sums(
            persons.home, persons.net, persons.gross, persons.tax, persons.benefit, persons.partner, persons.activity,
            persons.age, self.v["income.assistance_sharing_age"], child_benefit, child_extra, self.sums, self.counts,
        )  # fmt: skip

    def result(self) -> Assessment:
        """Put the parts together."""
        v, table, where = self.v, self.table, self.where
        own, gross, tax, payments, outside, benefit, extra = self.sums
        paid, top_up, recipients, yearly, income, housing, helped, benefits = np.empty((1 << 3, where.size))
        rule_loops.assistance(
            where, self.unit, own, gross, outside, self.counts, _NORMS(v), v["income.assistance_capital"],
            table.takeup, table.savings, table.head, self.activity, paid, top_up, recipients, yearly,
        )  # fmt: skip
        rent_help = allowances.rent_allowance(v, self.rent, yearly, table.persons.take(where), self.old)
        care = allowances.care_allowance(v, yearly, self.paired)
        budget = allowances.child_budget(v, yearly, table.children.take(where), extra, self.alone)
        premium = v["income.health_premium"]
        rule_loops.put_together(
            where, rent_help, care, budget, table.takeup, table.savings, v["income.rent_capital"],
            self.unit, table.adults, self.owner, premium, max(premium - v["income.care_single"], 0.0),
            own, benefit, paid, top_up, payments, table.mortgage, self.rent, income, housing, helped, benefits,
        )  # fmt: skip
        return Assessment(
            income=income,
            housing_cost=housing,
            assistance=paid,
            allowances=helped,
            benefits=benefits,
            tax=tax,
            recipients=recipients,
        )
