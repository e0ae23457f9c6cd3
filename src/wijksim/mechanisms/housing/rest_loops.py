"""How a month of the rest of the city begins and ends, and who is housed there: compiled passes over its ledger."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.codes import SeekerCategory, Tenure

type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]

_CORPORATION, _REGULAR = int(Tenure.CORPORATION), int(SeekerCategory.REGULAR)


@compiled
def open_month(
    rates: tuple[Floats, Floats, Floats, Floats],
    rooms: tuple[Floats, Floats],
    stocks: tuple[Floats, Floats, Floats, Floats, Floats],
    outflow: Floats,
) -> None:
    """Let households leave and put vacancies on offer.

    Parameters
    ----------
    rates
        By tenure: who leaves, vacancies that are put on offer, who stays, and need for support that stays.
    rooms
        Vacancies and those on offer by tenure.
    stocks
        Households by category, by fifth, with need for support, by month of entry and settled before, tenure first.
    outflow
        Households that leave are added to it.
    """
    (monthly, pace, keep, keep_support), (vacant, offered) = rates, rooms
    category, fifth, support, cohorts, settled = stocks
    for one in range(vacant.size):
        left_over = offered[one] - np.floor(offered[one])
        offered[one] = min(left_over + pace[one] * vacant[one], vacant[one])
        occupied = 0.0
        for k in range(category.shape[1]):
            occupied += category[one, k]
        leaving = monthly[one] * occupied
        outflow[one] += leaving
        category[one] *= keep[one]
        fifth[one] *= keep[one]
        cohorts[one] *= keep[one]
        support[one] *= keep_support[one]
        settled[one] *= keep[one]
        vacant[one] += leaving


@compiled
def house(
    tenure: int,
    category: Codes,
    fifth: Codes,
    support: Bools,
    stocks: tuple[Floats, Floats, Floats, Floats],
    rooms: tuple[Floats, Floats],
) -> None:
    """Enter households in the ledger of the rest: one vacancy of the tenure is taken by each.

    Parameters
    ----------
    category, fifth, support
        Of each household.
    stocks
        Households by category, by fifth, with need for support and by month of entry, all by tenure first.
    rooms
        Vacancies and those on offer by tenure.
    """
    by_category, by_fifth, in_need, cohorts = stocks
    categories, fifths, helped = np.zeros(by_category.shape[1]), np.zeros(by_fifth.shape[1]), 0.0
    # whole numbers first: a sum of fractions would depend on the order
    for i in range(category.size):
        categories[category[i]] += 1.0
        fifths[fifth[i]] += 1.0
        helped += support[i]
    by_category[tenure] += categories
    by_fifth[tenure] += fifths
    in_need[tenure] += helped
    count = float(category.size)
    cohorts[tenure, 0] += count
    rooms[0][tenure] -= count
    rooms[1][tenure] -= count


@compiled
def close_month(
    rooms: tuple[Floats, Floats],
    stocks: tuple[Floats, Floats, Floats, Floats, Floats],
    outside: tuple[Floats, Floats],
    inflow: Floats,
    occupied: Floats,
) -> None:
    """Fill what is left of the owner and private offer from outside, and age the cohorts.

    Parameters
    ----------
    rooms, stocks
        As for :func:`open_month`.
    outside
        Fifths and need for support of who comes from outside, by tenure first.
    inflow, occupied
        Households that come are added to the first; the second is filled with those there are.
    """
    vacant, offered = rooms
    category, fifth, support, cohorts, settled = stocks
    for one in range(vacant.size):
        count = 0.0 if one == _CORPORATION else max(offered[one], 0.0)
        category[one, _REGULAR] += count
        for k in range(fifth.shape[1]):
            fifth[one, k] += count * outside[0][one, k]
        support[one] += count * outside[1][one]
        cohorts[one, 0] += count
        vacant[one] -= count
        offered[one] -= count
        inflow[one] += count
        occupied[one] = 0.0
        for k in range(category.shape[1]):
            occupied[one] += category[one, k]
        settled[one] += cohorts[one, -1]
        for k in range(cohorts.shape[1] - 1, 0, -1):
            cohorts[one, k] = cohorts[one, k - 1]
        cohorts[one, 0] = 0.0
