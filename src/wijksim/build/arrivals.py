"""Pools of newcomers: households drawn when the world is built, waiting outside the districts.

They come from the same synthetic populations as the residents: tenants, owners and private tenants of the reference
districts, with all their traits and what they do, drawn with weights. Movers are young (weights by move rate at the
age of the head); newcomers of the corporation channels are weighted until they have the shares of severe
psychiatric problems, addiction, cognitive limitation, problem debt, students, low incomes and need for support that
each channel has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.build import fit_loops
from wijksim.build.base import owners
from wijksim.build.factors import BANDS, Latest, Values, band_of, fixed, names, vector
from wijksim.build.persons import n_members
from wijksim.build.population import Inhabitants, inhabitants
from wijksim.build.reference import reference_places
from wijksim.core.rng import Draws, derive_uid
from wijksim.kernel.context import Context
from wijksim.state.codes import Activity, HouseholdType, Tenure
from wijksim.state.pool import Pool

type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]
type Rows = NDArray[np.int64]

CORPORATION_CHANNELS = ("regular", "status", "urgent", "shelter", "direct")
CONDITIONS = (
    "psychiatric",
    "addiction",
    "cognitive",
    "problem_debt",
    "assistance",
    "student",
    "low_income",
    "support",
)
_YEAR = 12
_CLOSE = 1e-3
_POOLS = Latest(2)

_PERSON = (
    "sex",
    "education",
    "role",
    "activity",
    "psychiatric",
    "addiction",
    "cognitive",
    "frailty",
    "ability",
    "nuisance_intensity",
    "uptake",
    "contributor",
    "language",
    "reading",
    "digital",
    "milieu",
    "wage",
)
_BESIDES = ("uid", "months_in_activity", "birth_month")
_DERIVED = ("skills", "age_months", "months_in_activity")
_HOUSEHOLD = ("income", "income_fifth", "savings", "debt", "problem_debt")


@dataclass(frozen=True)
class _Source:
    """Households of the reference districts as one list, and their persons.

    ``household`` and ``person`` hold columns; persons of household ``k`` are ``start[k]:start[k + 1]``, head first.
    """

    household: dict[str, NDArray[Any]]
    person: dict[str, NDArray[Any]]
    start: Rows

    @property
    def head(self) -> Rows:
        """Position of each head."""
        return self.start[:-1]


def make_pools(ctx: Context, values: Values) -> None:
    """Draw the pools of a world into ``ctx.world.pools``."""
    draws = ctx.draws.fork("arrivals")
    ctx.world.pools = dict(_POOLS((draws.root_seed, values), lambda: newcomer_pools(draws, values)))


def newcomer_pools(draws: Draws, values: Mapping[str, float]) -> dict[str, Pool]:
    """Draw all pools; only draws for life are used, so the same arguments give the same people.

    Returns
    -------
    dict
        Corporation channels ``regular``, ``status``, ``urgent``, ``shelter`` and ``direct``; ``buyer``, ``private`` and
        ``starter`` for the market; ``partner`` (single persons) for those who move in with somebody.
    """
    values = fixed(values)
    source = _source(draws, values)
    mobile = vector(values, "move_band", BANDS)[
        band_of(source.person["age_months"][source.head]).astype(int) - 1
    ]
    tenure = source.household["tenure"]
    tenants = _tenants(source, mobile, values)
    pools = {
        name: _pool(name, source, _intake(name, source, tenants, values), draws, values)
        for name in CORPORATION_CHANNELS
    }
    age = source.person["age_months"][source.head] / _YEAR
    young = age < values["housing.starter_age"]
    weights = {
        "buyer": _buyers(mobile * (tenure == Tenure.OWNER), age, values),
        "private": mobile * (tenure == Tenure.PRIVATE),
        "starter": mobile * (tenure == Tenure.PRIVATE) * young,
    }
    pools.update(
        {
            name: _pool(name, source, weight * source.household["weight"], draws, values)
            for name, weight in weights.items()
        }
    )
    single = source.household["type"] == HouseholdType.SINGLE
    fitting = single & (age >= values["housing.partner_age_from"]) & (age < values["housing.partner_age_to"])
    pools["partner"] = _pool("partner", source, mobile * fitting * source.household["weight"], draws, values)
    return pools


def _buyers(weight: Floats, age: Floats, values: Values) -> Floats:
    """Owners by move rate, among them a given share who buy their first home: they are what keeps the owners young."""
    first = age < values["housing.first_buyer_age"]
    share = values["housing.first_buyer_share"]
    young, rest = float(weight[first].sum()), float(weight[~first].sum())
    # movers on the owner market are all ages; those who buy for the first time come on top of them
    mixed = (1 - share) * weight / (young + rest)
    return mixed + np.where(first, share * weight / young, 0.0) if young > 0 else weight


def _source(draws: Draws, values: Values) -> _Source:
    """Make the people of the reference districts anew, with luck of their own, and put them in one list."""
    parts: list[Inhabitants] = []
    weights: list[float] = []
    uid = 0
    for number, place in enumerate(reference_places()):
        size = int(values["housing.pool_dwellings"])
        made = inhabitants(place, dwellings=size, draws=draws, values=values, uid_start=uid, district=number)
        parts.append(made)
        weights.append(place.reference_weight.value if place.reference_weight else 0.0)
        uid = made.base.next_uid
    household = _joined([_household(made, draws, values) for made in parts])
    numbers = [made.base.n_households for made in parts]
    household["weight"] = np.repeat(np.array(weights), numbers)
    person = _joined(
        [{name: getattr(made.residents, name) for name in (*_PERSON, *_BESIDES)} for made in parts]
    )
    person["skills"] = (person["digital"] + person["reading"]) / 2
    person["age_months"] = -person.pop("birth_month")
    sizes = np.concatenate([n_members(made.base.plan) for made in parts])
    source = _Source(household, person, np.concatenate(([0], np.cumsum(sizes))))
    household["assistance"] = person["activity"][source.head] == Activity.ASSISTANCE
    household["student"] = person["activity"][source.head] == Activity.STUDENT
    household["low_income"] = household["income"] <= np.where(
        sizes > 1, values["housing.benefit_income_large"], values["housing.benefit_income"]
    )
    household["support"] = _needs_support(source, draws, values)
    return source


def _household(made: Inhabitants, draws: Draws, values: Values) -> dict[str, NDArray[Any]]:
    """Columns of the households of a district."""
    base = made.base
    return {
        "type": base.plan.type.astype(np.int8),
        "income": base.money.household,
        "income_fifth": base.money.fifth.astype(np.int8),
        "savings": made.savings,
        "debt": made.debt,
        "problem_debt": made.problem_debt,
        "tenure": owners(base, draws, values),
    }


def _joined(parts: list[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Columns of all parts, one after the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _needs_support(source: _Source, draws: Draws, values: Values) -> Bools:
    """Households with problem debt or a member who needs support; cognitive limitations count for a part (H322)."""
    person = source.person
    dependent = draws.life("housing.support", person["uid"]) < values["housing.support_cognitive"]
    needs = person["psychiatric"] | person["addiction"] | (person["cognitive"] & dependent)
    return np.asarray(np.logical_or.reduceat(needs, source.head) | source.household["problem_debt"])


def _tenants(source: _Source, mobile: Floats, values: Values) -> tuple[Floats, list[Bools]]:
    """Weights of tenants of corporations before they are raked, and who has which of the conditions."""
    household, person = source.household, source.person
    large = np.diff(source.start) > 1
    limit = np.where(large, values["housing.income_limit_large"], values["housing.income_limit"])
    weight = mobile * household["weight"] * (household["tenure"] == Tenure.CORPORATION)
    weight *= np.where(household["income"] > limit, values["housing.intake_above_limit"], 1.0)
    return weight, [household[n] if n in household else person[n][source.head] for n in CONDITIONS]


def _intake(channel: str, source: _Source, tenants: tuple[Floats, list[Bools]], values: Values) -> Floats:
    """Weights of households for a corporation channel: tenants of corporations, raked to the shares of the channel."""
    household, (weight, conditions) = source.household, tenants
    flags = [
        (column, values[f"housing.intake_{channel}_{name}"])
        for name, column in zip(CONDITIONS, conditions, strict=True)
    ]
    low = f"housing.intake_{channel}_low_language"
    if low in values:
        language = source.person["language"][source.head]
        flags.append((language < values["housing.low_language"], values[low]))
    shares = np.array([values[f"housing.intake_{channel}_{kind}"] for kind in names(HouseholdType)])
    return rake(
        weight, household["type"], shares / shares.sum(), flags, rounds=int(values["build.ipf_rounds"])
    )


def rake(
    weight: Floats,
    codes: NDArray[np.integer],
    shares: Floats,
    flags: list[tuple[Bools, float]],
    *,
    rounds: int,
) -> Floats:
    """Adjust weights in turn until categories and flags have the wanted shares.

    Parameters
    ----------
    weight
        Start, shape (n,).
    codes, shares
        Category of each and the wanted share per category.
    flags
        Truth values and the wanted share of true ones; a flag that nobody (or everybody) has is left alone.
    rounds
        Most rounds; stops when nothing moves by more than a thousandth.
    """
    raked = weight / weight.sum()
    kinds, wanted = (
        np.array([flag for flag, _ in flags], np.bool_),
        np.array([share for _, share in flags], np.float64),
    )
    fit_loops.rake(
        raked, codes.astype(np.int64), shares, kinds.reshape(wanted.size, raked.size), wanted, rounds, _CLOSE
    )
    return raked


def _pool(name: str, source: _Source, weight: Floats, draws: Draws, values: Values) -> Pool:
    """Draw records by weight, as evenly as whole numbers allow, and copy their households and persons."""
    count = int(values["housing.pool_records"])
    start = float(draws.life("housing.pool", derive_uid(f"pool {name}")))
    running = weight.cumsum() / weight.sum()
    chosen = running.searchsorted((np.arange(count) + start) / count, side="right")
    chosen = np.minimum(chosen, weight.size - 1)
    head = source.head.take(chosen)
    sizes = source.start.take(chosen + 1) - head
    if name == "partner":
        sizes = np.ones(count, dtype=np.int64)
    bounds = np.zeros(count + 1, np.int64)
    sizes.cumsum(out=bounds[1:])
    # persons of a household follow each other, in the list of the source as in that of the pool
    positions = (head - bounds[:-1]).repeat(sizes)
    positions += np.arange(positions.size)
    household = {key: source.household[key].take(chosen) for key in _HOUSEHOLD}
    resident = {key: source.person[key].take(positions) for key in (*_PERSON, *_DERIVED)}
    extra = {
        "fifth": source.household["income_fifth"].take(chosen),
        "support": source.household["support"].take(chosen),
        "contributor": source.person["contributor"].take(head),
        "type": source.household["type"].take(chosen),
        "sex": source.person["sex"].take(head),
        "age_months": source.person["age_months"].take(head),
    }
    return Pool(name, household, resident, bounds, extra)
