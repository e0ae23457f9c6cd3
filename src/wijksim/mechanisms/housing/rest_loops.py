"""How a month of the rest of the city begins and ends, and who is housed there: compiled passes over its ledger."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.state.codes import SeekerCategory, Tenure

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]

type Stocks = tuple[Floats, Floats, Floats, Floats]
type Rooms = tuple[Floats, Floats, Floats]

_CORPORATION, _REGULAR = int(Tenure.CORPORATION), int(SeekerCategory.REGULAR)
_NEWCOMER, _HOUSEHOLD = int(SeekerKind.NEWCOMER), int(SeekerKind.HOUSEHOLD)


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


@inlined
def enter(
    tenure: int, categories: Floats, fifths: Floats, helped: float, stocks: Stocks, rooms: Rooms
) -> None:
    """Enter households, counted by category, by fifth and with need for support: each takes a vacancy.

    Whole numbers are counted first: a sum of fractions would depend on the order.
    """
    by_category, by_fifth, in_need, cohorts = stocks
    count = 0.0
    for one in range(categories.size):
        count += categories[one]
    by_category[tenure] += categories
    by_fifth[tenure] += fifths
    in_need[tenure] += helped
    cohorts[tenure, 0] += count
    rooms[0][tenure] -= count
    rooms[1][tenure] -= count
    rooms[2][tenure] += count


@compiled
def house(tenure: int, category: Codes, fifth: Codes, support: Bools, stocks: Stocks, rooms: Rooms) -> None:
    """Enter households in the ledger of the rest: one vacancy of the tenure is taken by each.

    Parameters
    ----------
    category, fifth, support
        Of each household.
    stocks
        Households by category, by fifth, with need for support and by month of entry, all by tenure first.
    rooms
        Vacancies, those on offer, and households that come this month, by tenure.
    """
    categories, fifths, helped = np.zeros(stocks[0].shape[1]), np.zeros(stocks[1].shape[1]), 0.0
    for i in range(category.size):
        categories[category[i]] += 1.0
        fifths[fifth[i]] += 1.0
        helped += support[i]
    enter(tenure, categories, fifths, helped, stocks, rooms)


@compiled
def take(
    tenure: int, which: Rows, movers: tuple[Rows, Rows, Bools], households: tuple[Codes, Bools], stocks: Stocks,
    rooms: Rooms, from_districts: Floats, lists: tuple[Rows, Rows],
) -> tuple[int, int]:  # fmt: skip
    """Enter movers of the districts at positions ``which``; return how many whole households and others these are.

    Parameters
    ----------
    movers, households
        Row, present household and whether all of it moves, of all movers; fifth of income and need for support.
    stocks, rooms
        As for :func:`house`.
    from_districts
        Those who came out of the districts are added to it.
    lists
        Filled in: households that move, and residents who do.
    """
    categories, fifths, helped = np.zeros(stocks[0].shape[1]), np.zeros(stocks[1].shape[1]), 0.0
    homes, people = 0, 0
    for i in which:
        row, home = movers[0][i], movers[1][i]
        fifths[households[0][home]] += 1.0
        helped += households[1][home]
        if movers[2][i]:
            lists[0][homes] = row
            homes += 1
        else:
            lists[1][people] = row
            people += 1
    categories[_REGULAR] = which.size
    from_districts[tenure] += which.size
    enter(tenure, categories, fifths, helped, stocks, rooms)
    return homes, people


@compiled
def serve(
    served: Rows, here: int, seekers: tuple[Codes, Codes, Codes, Bools, Rows, Rows], stocks: Stocks, rooms: Rooms,
    from_districts: Floats, lettings: Floats, lists: tuple[Rows, Rows],
) -> tuple[int, int, int]:  # fmt: skip
    """Count the corporation lettings of a month in the whole city, and enter those in the rest in its ledger.

    Return how many regular ones went to newcomers, and how many households and residents leave the districts.

    Parameters
    ----------
    served, here
        Seekers who are housed; so many of them, the first, in the districts.
    seekers
        Kind, category, fifth of income, need for support, household and resident.
    stocks, rooms, from_districts
        As for :func:`take`.
    lettings, lists
        Filled in: lettings by category; households and residents of the districts who are housed in the rest.
    """
    kind, category, fifth, support, household, resident = seekers
    categories, fifths, helped = np.zeros(lettings.size), np.zeros(stocks[1].shape[1]), 0.0
    new, homes, people = 0, 0, 0
    lettings[:] = 0.0
    for i in range(served.size):
        row = served[i]
        lettings[category[row]] += 1.0
        new += kind[row] == _NEWCOMER and category[row] == _REGULAR
        if i < here:
            continue
        categories[category[row]] += 1.0
        fifths[fifth[row]] += 1.0
        helped += support[row]
        if kind[row] == _HOUSEHOLD:
            lists[0][homes] = household[row]
            homes += 1
        elif kind[row] != _NEWCOMER:
            lists[1][people] = resident[row]
            people += 1
    from_districts[_CORPORATION] += homes + people
    enter(_CORPORATION, categories, fifths, helped, stocks, rooms)
    return new, homes, people


@compiled
def close_month(
    rooms: tuple[Floats, Floats],
    stocks: tuple[Floats, Floats, Floats, Floats, Floats],
    outside: tuple[Floats, Floats],
    account: tuple[Floats, Floats, Floats],
    occupied: Floats,
    tolerance: float,
) -> bool:
    """Fill what is left of the owner and private offer from outside, and age the cohorts.

    Return whether the account of households is off by more than the tolerance; if not, its next month is begun.

    Parameters
    ----------
    rooms, stocks
        As for :func:`open_month`.
    outside
        Fifths and need for support of who comes from outside, by tenure first.
    account, occupied
        Households at the beginning of the month, those that came and those that left; filled in are those there are.
    """
    opening, inflow, outflow = account
    off = False
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
        scale = max(abs(opening[one]) + inflow[one] + outflow[one], 1.0)
        off = off or abs(occupied[one] - (opening[one] + inflow[one] - outflow[one])) / scale > tolerance
    if not off:
        opening[:], inflow[:], outflow[:] = occupied, 0.0, 0.0
    return off
