"""How a month of the rest of the city begins and ends, and who is housed there: compiled passes over its accounts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.housing.columns import IncomeFifth, SeekerKind
from wijksim.state.codes import SeekerCategory, Tenure

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]

# where in the line of a tenure each number of the accounts stands; the categories are the first of what is many
_NUMBERS = (
    "vacant", "offered", "support", "settled", "opening", "inflow", "outflow", "from the districts", "outside support",
    "categories",
)  # fmt: skip
VACANT, OFFERED, SUPPORT, SETTLED, OPENING, INFLOW, OUTFLOW, FROM_DISTRICTS, OUTSIDE_SUPPORT, CATEGORY = (
    range(len(_NUMBERS))
)
FIFTH = CATEGORY + len(SeekerCategory)
OUTSIDE_FIFTH = FIFTH + len(IncomeFifth)
COHORTS = OUTSIDE_FIFTH + len(IncomeFifth)

TOLERANCE = 1e-9  # of sums of fractions that should be whole

_CORPORATION, _OWNER, _PRIVATE = int(Tenure.CORPORATION), int(Tenure.OWNER), int(Tenure.PRIVATE)
_REGULAR = int(SeekerCategory.REGULAR)
_NEWCOMER, _HOUSEHOLD = int(SeekerKind.NEWCOMER), int(SeekerKind.HOUSEHOLD)


@inlined
def living(line: Floats) -> float:
    """Households of a tenure: those of all categories."""
    count = 0.0
    for k in range(CATEGORY, FIFTH):
        count += line[k]
    return count


@compiled
def open_month(accounts: Floats, rates: Floats) -> None:
    """Let households leave and put vacancies on offer.

    Parameters
    ----------
    accounts
        The ledger, a line per tenure.
    rates
        Who leaves, vacancies that are put on offer, who stays, and need for support that stays, each by tenure.
    """
    for one in range(accounts.shape[0]):
        line, keep = accounts[one], rates[2, one]
        left_over = line[OFFERED] - np.floor(line[OFFERED])
        line[OFFERED] = min(left_over + rates[1, one] * line[VACANT], line[VACANT])
        leaving = rates[0, one] * living(line)
        line[OUTFLOW] += leaving
        line[CATEGORY:OUTSIDE_FIFTH] *= keep
        line[COHORTS:] *= keep
        line[SUPPORT] *= rates[3, one]
        line[SETTLED] *= keep
        line[VACANT] += leaving


@inlined
def enter(line: Floats, categories: Floats, fifths: Floats, helped: float) -> None:
    """Enter households, counted by category, by fifth and with need for support: each takes a vacancy.

    Whole numbers are counted first: a sum of fractions would depend on the order.
    """
    count = 0.0
    for one in range(categories.size):
        count += categories[one]
        line[CATEGORY + one] += categories[one]
    for one in range(fifths.size):
        line[FIFTH + one] += fifths[one]
    line[SUPPORT] += helped
    line[COHORTS] += count
    line[VACANT] -= count
    line[OFFERED] -= count
    line[INFLOW] += count


@compiled
def house(tenure: int, category: Codes, fifth: Codes, support: Bools, accounts: Floats) -> None:
    """Enter households of a category, a fifth and perhaps a need for support: each takes one vacancy of the tenure."""
    categories, fifths, helped = np.zeros(FIFTH - CATEGORY), np.zeros(OUTSIDE_FIFTH - FIFTH), 0.0
    for i in range(category.size):
        categories[category[i]] += 1.0
        fifths[fifth[i]] += 1.0
        helped += support[i]
    enter(accounts[tenure], categories, fifths, helped)


@compiled
def take(
    which: Rows, many: tuple[int, int], movers: tuple[Rows, Codes], households: tuple[Codes, Bools], accounts: Floats,
    lists: Rows,
) -> tuple[int, int, int]:  # fmt: skip
    """Enter movers of the districts who buy, and then those who rent privately.

    Return how many whole households these are, how many others buy, and how many others there are.

    Parameters
    ----------
    which, many
        Positions of both, so many at the begin of each line.
    movers, households
        Lines of rows and present households, and in the second line of codes whether all of it moves, of all movers;
        fifth of income and need for support.
    lists
        Filled in: households that move, and residents who do.
    """
    homes, buyers, people = 0, 0, 0
    for market in range(len(many)):
        if many[market] == 0:
            continue
        categories, fifths, helped = np.zeros(FIFTH - CATEGORY), np.zeros(OUTSIDE_FIFTH - FIFTH), 0.0
        for i in which[market, : many[market]]:
            row, home = movers[0][0, i], movers[0][1, i]
            fifths[households[0][home]] += 1.0
            helped += households[1][home]
            if movers[1][1, i]:
                lists[0, homes] = row
                homes += 1
            else:
                lists[1, people] = row
                people += 1
        buyers = people if market == 0 else buyers
        line = accounts[_OWNER if market == 0 else _PRIVATE]
        categories[_REGULAR] = many[market]
        line[FROM_DISTRICTS] += many[market]
        enter(line, categories, fifths, helped)
    return homes, buyers, people


@compiled
def serve(
    served: Rows, here: int, seekers: tuple[Codes, Codes, Codes, Bools, Rows, Rows], accounts: Floats,
    lettings: Floats, lists: Rows,
) -> tuple[int, int, int]:  # fmt: skip
    """Count the corporation lettings of a month in the whole city, and enter those in the rest in its ledger.

    Return how many regular ones went to newcomers, and how many households and residents leave the districts.

    Parameters
    ----------
    served, here
        Seekers who are housed; so many of them, the first, in the districts.
    seekers
        Kind, category, fifth of income, need for support, household and resident.
    lettings, lists
        Filled in: lettings by category; households and residents of the districts who are housed in the rest.
    """
    kind, category, fifth, support, household, resident = seekers
    categories, fifths, helped = np.zeros(lettings.size), np.zeros(OUTSIDE_FIFTH - FIFTH), 0.0
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
            lists[0, homes] = household[row]
            homes += 1
        elif kind[row] != _NEWCOMER:
            lists[1, people] = resident[row]
            people += 1
    accounts[_CORPORATION, FROM_DISTRICTS] += homes + people
    enter(accounts[_CORPORATION], categories, fifths, helped)
    return new, homes, people


@compiled
def close_month(accounts: Floats, tolerance: float) -> bool:
    """Fill what is left of the owner and private offer from outside, and age the cohorts.

    Return whether the account of households is off by more than the tolerance; if not, its next month is begun.
    """
    off = False
    for one in range(accounts.shape[0]):
        line = accounts[one]
        count = 0.0 if one == _CORPORATION else max(line[OFFERED], 0.0)
        line[CATEGORY + _REGULAR] += count
        for k in range(OUTSIDE_FIFTH - FIFTH):
            line[FIFTH + k] += count * line[OUTSIDE_FIFTH + k]
        line[SUPPORT] += count * line[OUTSIDE_SUPPORT]
        line[COHORTS] += count
        line[VACANT] -= count
        line[OFFERED] -= count
        line[INFLOW] += count
        line[SETTLED] += line[-1]
        for k in range(line.size - 1, COHORTS, -1):
            line[k] = line[k - 1]
        line[COHORTS] = 0.0
        scale = max(abs(line[OPENING]) + line[INFLOW] + line[OUTFLOW], 1.0)
        error = abs(living(line) - (line[OPENING] + line[INFLOW] - line[OUTFLOW])) / scale
        off = off or error > tolerance
    if not off:
        for one in range(accounts.shape[0]):
            line = accounts[one]
            line[OPENING], line[INFLOW], line[OUTFLOW] = living(line), 0.0, 0.0
    return off
