"""Which households there are: tenure x kind x type x income fifth x age of the head, and their children."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from wijksim.build.choose import take
from wijksim.build.choose_loops import poisson
from wijksim.build.factors import BANDS, FIFTHS, Values, fixed, matrix, names, vector
from wijksim.build.ipf import Fitted, Margin, apportion, fit, integerise
from wijksim.core.rng import Draws
from wijksim.places.schema import Place
from wijksim.state.codes import DwellingKind, HouseholdType, Tenure

type Floats = NDArray[np.float64]
type Counts = NDArray[np.int64]
type Uids = NDArray[np.uint64]

# Band of the head -> class of the published age margin of adults (15-24, 25-44, 45-64, 65+).
CLASS_OF_BAND = np.array([0, 1, 1, 2, 2, 3, 3])
_ADULT_CLASSES = 4
_AXIS_TYPE, _AXIS_FIFTH, _AXIS_BAND = 2, 3, 4


@dataclass(frozen=True)
class AgePlan:
    """How many residents of each published class are adults of a household, or children at home.

    Attributes
    ----------
    adults
        Heads and partners by class 15-24, 25-44, 45-64, 65+.
    children
        Children at home by class 0-14, 15-24, 25 and over.
    """

    adults: Floats
    children: Floats


@dataclass(frozen=True)
class HouseholdPlan:
    """Households before they have members or a dwelling; all arrays of shape (n_households,).

    ``band`` is the age band of the head (0 = first band of adults), ``children`` the number of
    children at home.
    """

    tenure: Counts
    kind: Counts
    type: Counts
    fifth: Counts
    band: Counts
    children: Counts
    ages: AgePlan

    @cached_property
    def partners(self) -> NDArray[np.bool_]:
        """Tell which households have two heads."""
        return np.asarray((self.type == HouseholdType.COUPLE) | (self.type == HouseholdType.FAMILY))


def plan_households(
    place: Place, occupied: Counts, uid: Uids, start: float, draws: Draws, *, values: Values
) -> HouseholdPlan:
    """Fit the joint table of households to the place and round it to households.

    Parameters
    ----------
    occupied
        Occupied dwellings, shape (tenure, kind).
    uid
        Identities, shape (n_households,).
    start
        Uniform draw that decides the rounding.
    """
    ages = plan_ages(place, int(occupied.sum()), values)
    shares = place.households.shares(), place.incomes.shares()
    given = tuple([numbers.tobytes() for numbers in (occupied, ages.adults, *shares)])
    known = fixed(values)
    fitted = known.kept(("households", *given), lambda: fit_households(place, occupied, ages, known))
    cells = integerise(fitted.table, start)
    # the cell of each household, and from it the category on each axis
    cell = np.arange(cells.size).repeat(cells.ravel())
    tenure, kind, type_, fifth, band = (codes.take(cell) for codes in _axes(cells.shape))
    with_children = (type_ == HouseholdType.FAMILY) | (type_ == HouseholdType.SINGLE_PARENT)
    children = np.zeros(uid.size, np.int64)
    rows = np.flatnonzero(with_children)
    total = round(place.household_size.value * uid.size) - uid.size
    total -= int(((type_ == HouseholdType.COUPLE) | (type_ == HouseholdType.FAMILY)).sum())
    relative = vector(values, "children_band", BANDS)[band[rows]]
    relative *= vector(values, "children_type", ("family", "single_parent"))[
        (type_[rows] == HouseholdType.SINGLE_PARENT).astype(np.int64)
    ]
    children[rows] = spread_children(total, relative, draws.life("build.children", uid[rows]), values)
    return HouseholdPlan(tenure, kind, type_, fifth, band, children, ages)


@lru_cache(maxsize=1)
def _axes(shape: tuple[int, ...]) -> tuple[Counts, ...]:
    """Category of every cell of a table on each of its axes."""
    return tuple(index.ravel() for index in np.indices(shape))


def plan_ages(place: Place, n: int, values: Values) -> AgePlan:
    """Split the published age classes into adults of households and children at home."""
    shares = place.ages.shares()
    residents = n * place.household_size.value
    children = n * place.children_per_household
    by_class = shares * residents
    at_home = min(by_class[0], children)
    older = children - at_home
    grown = older * values["build.grown_children_share"]
    youths = min(older - grown, by_class[1] * values["build.youths_at_home_most"])
    grown = older - youths
    adults = np.array([by_class[1] - youths, by_class[2] - grown, by_class[3], by_class[4]])
    wanted = n * (1 + place.partner_share)
    adults = np.maximum(adults, values["build.adult_class_least"] * wanted)
    return AgePlan(adults * (wanted / adults.sum()), np.array([at_home, youths, grown]))


def fit_households(place: Place, occupied: Counts, ages: AgePlan, values: Values) -> Fitted:
    """Fit tenure x kind x type x income fifth x age band of the head.

    Published ages count persons, the table counts heads: couples put two persons in one class. The
    margin of heads is therefore fitted with the table, in a few rounds.
    """
    n = float(occupied.sum())
    known = fixed(values)
    seed = known.kept("association of households", lambda: _seed(known))
    within = vector(values, "band_share", BANDS)
    couples = np.array([HouseholdType.COUPLE, HouseholdType.FAMILY])
    tolerance, rounds = values["build.ipf_tolerance"] * n, int(values["build.ipf_rounds"])
    standing = (
        Margin((0, 1), occupied.astype(np.float64), "occupied dwellings"),
        Margin((_AXIS_TYPE,), place.households.shares() * n, "household types"),
        Margin((_AXIS_FIFTH,), place.incomes.shares() * n, "income fifths"),
    )
    table = seed
    fitted: Fitted | None = None
    for _ in range(int(values["build.head_margin_rounds"])):
        by_band = table.sum(axis=(0, 1, _AXIS_FIFTH))
        by_class = np.zeros((_ADULT_CLASSES, len(HouseholdType)))
        np.add.at(by_class, CLASS_OF_BAND, by_band.T)
        two = by_class[:, couples].sum(axis=1) / by_class.sum(axis=1)
        heads = ages.adults / (1 + two)
        heads *= n / heads.sum()
        fitted = fit(
            table, (*standing, Margin((_AXIS_BAND,), heads[CLASS_OF_BAND] * within, "heads by age")),
            tolerance=tolerance, max_rounds=rounds,
        )  # fmt: skip
        table = fitted.table
    if fitted is None:
        raise ValueError("build.head_margin_rounds must be at least 1")
    return fitted


def _seed(values: Values) -> Floats:
    """National association between the five dimensions, as a product of pairs."""
    tenures, kinds, types = names(Tenure), names(DwellingKind), names(HouseholdType)
    band_type = matrix(values, "seed_type", BANDS, types)
    type_fifth = matrix(values, "seed_fifth", types, FIFTHS)
    band_fifth = matrix(values, "seed_fifth", BANDS, FIFTHS)
    tenure_fifth = matrix(values, "seed_fifth", tenures, FIFTHS)
    tenure_type = matrix(values, "seed_type", tenures, types)
    tenure_band = matrix(values, "seed_band", tenures, BANDS)
    kind_type = matrix(values, "seed_type", kinds, types)
    return np.asarray(
        np.einsum(
            "bt,tf,bf,of,ot,ob,kt->oktfb",
            band_type, type_fifth, band_fifth, tenure_fifth, tenure_type, tenure_band, kind_type,
        )
    )  # fmt: skip


def spread_children(total: int, relative: Floats, luck: Floats, values: Values) -> Counts:
    """Give every household with children at least one, and ``total`` in all.

    The others follow a Poisson distribution, capped, whose mean is solved for.

    Parameters
    ----------
    total
        Children to give out; forced into what the households can hold.
    relative
        Relative mean of the number beyond the first.
    luck
        Uniform draws.
    """
    most = int(values["build.children_most"]) - 1
    n = relative.size
    if n == 0:
        return np.zeros(0, np.int64)
    wanted = min(max(total - n, 0), most * n)
    low, high = 0.0, float(most) / float(relative.min())
    more = np.zeros(n, np.int64)
    mean, none = np.empty(n), np.empty(n)
    for _ in range(int(values["build.bisections"])):
        middle = (low + high) / 2
        np.multiply(relative, middle, out=mean)
        np.exp(np.negative(mean, out=none), out=none)
        found = poisson(mean, none, luck, most, more)
        low, high = (middle, high) if found < wanted else (low, middle)
    gap = wanted - int(more.sum())
    step = 1 if gap > 0 else -1
    while gap:
        # Ties of the step function: the few left over go to those with the most luck.
        room = (more < most) if step > 0 else (more > 0)
        changed = take(step * luck, np.zeros(n), room, abs(gap))
        more[changed] += step
        gap -= step * int(changed.sum())
    return 1 + more


def age_counts(plan: HouseholdPlan) -> tuple[Counts, Counts]:
    """Whole numbers of adults and of children at home by class, as planned and as there are people."""
    adults = plan.type.size + int(plan.partners.sum())
    return apportion(plan.ages.adults, adults), apportion(plan.ages.children, int(plan.children.sum()))
