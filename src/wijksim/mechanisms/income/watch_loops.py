"""What the watch on incomes sees: compiled passes that compare residents and households with what they were.

Who is to be assessed is listed with the members of each household.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.codes import Activity

type Rows = NDArray[np.int32]
type Places = NDArray[np.intp]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Wages = NDArray[np.float32]
type Euros = NDArray[np.float64]
type SeenResidents = tuple[Wages, Codes, Rows, Months]
type SeenHouseholds = tuple[Rows, Wages, Wages, Months]

_UNEMPLOYED = int(Activity.UNEMPLOYED)
UNSEEN = -2  # no column holds it: what was never seen differs
_UNIT = 2  # head and partner, whose savings are tested together


# fmt: off
@compiled
def residents(
    wage: Wages, activity: Codes, household: Rows, age: Months, since: Months, turning: Months, ended: int,
    seen: SeenResidents, last_wage: Wages, marks: Bools,
) -> None:
    # fmt: on
    """Mark the households, old and new, of residents whose wage, work, home or age group changed.

    ``marks`` has a spare last place for who is in none; the others are explained with :func:`due`.
    """
    seen_wage, seen_activity, seen_household, seen_age = seen
    changed, end = np.empty(wage.size, np.bool_), np.int16(ended)
    for i in range(wage.size):
        changed[i] = (
            (wage[i] != seen_wage[i])
            | (activity[i] != seen_activity[i])
            | (household[i] != seen_household[i])
            | ((activity[i] == _UNEMPLOYED) & (since[i] == end))
        )
    for i in range(wage.size):  # by itself, as a loop over more columns is not vectorised
        changed[i] |= age[i] != seen_age[i]
    rows, number = np.empty(wage.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(wage.size)):
        rows[number] = i  # overwritten by the next unless it counts: no branch that could be guessed wrong
        number += np.uint32(changed[i])
    for i in rows[:number]:
        differs = (wage[i] != seen_wage[i]) | (activity[i] != seen_activity[i])
        differs |= (household[i] != seen_household[i]) | ((activity[i] == _UNEMPLOYED) & (since[i] == end))
        if age[i] != seen_age[i]:
            seen_age[i] = age[i]
            for limit in turning:
                differs |= age[i] == limit
        if not differs:
            continue
        if wage[i] != seen_wage[i] and wage[i] > 0:
            last_wage[i] = wage[i]
        marks[household[i]] = True
        if seen_household[i] != UNSEEN:
            marks[seen_household[i]] = True
        seen_wage[i] = wage[i]
        seen_activity[i] = activity[i]
        seen_household[i] = household[i]


# fmt: off
@compiled
def members(
    households: Rows, homes: int, spreads: tuple[float, float], household: Rows, ability: Wages, residents: Places,
    home: Places, skews: Wages,
) -> int:
    # fmt: on
    """List members of ``households``, the place of the household of each, and logs of the effects of each person.

    Return how many they are. There are so many ``homes`` in the table of households. The effects are those on benefits
    without a past wage, one after the other, and then on pensions; ``spreads`` are those of both.
    """
    # with a spare last place for those who are in none
    place = np.full(homes + 1, -1, np.intp)
    for i in range(households.size):
        place[households[i]] = i
    count = np.uint32(0)
    for row in range(np.uint32(household.size)):
        residents[count] = (
            row  # overwritten by the next unless it counts: no branch that could be guessed wrong
        )
        home[count] = place[household[row]]
        count += np.uint32(home[count] >= 0)
    number = int(count)
    for k in range(2):
        spread, half = np.float32(spreads[k]), np.float32(spreads[k] ** 2 / 2)
        for i in range(number):
            skews[k * number + i] = spread * ability[residents[i]] - half
    return number


# fmt: off
@compiled
def due(
    everybody: bool, turning: Months, ended: int, limits: tuple[float, float], spreads: tuple[float, float],
    wage: Wages, activity: Codes, household: Rows, age: Months, since: Months, seen_residents: SeenResidents,
    last_wage: Wages, alive: Bools, dwelling: Rows, rent: Wages, mortgage: Wages, takeup: Bools, adults: Months,
    savings: Euros, seen: SeenHouseholds, ability: Wages, out: Rows, members_out: Places, home: Places, skews: Wages,
) -> tuple[int, int]:
    # fmt: on
    """List living households that differ from what was seen, or ``everybody``, and their :func:`members`; how many.

    The state that is seen holds take-up, the adults and on which side of both savings tests a household is. Who has no
    dwelling sees the rent of the last one: at worst that changes nothing.

    Parameters
    ----------
    turning, ended
        Ages at which something begins or ends, and month since which those are unemployed whose benefit ends now.
    limits
        Savings per person of the two tests.
    wage, activity, household, age, since
        Of residents.
    seen_residents, seen
        What was seen, :data:`UNSEEN` in new rows; it comes to hold the present.
    last_wage
        Comes to hold a wage that changed and is one.
    out
        Filled with the households.
    spreads, ability, members_out, home, skews
        As :func:`members` takes them.
    """
    marks = np.full(alive.size + 1, everybody)
    residents(wage, activity, household, age, since, turning, ended, seen_residents, last_wage, marks)
    seen_dwelling, seen_rent, seen_mortgage, seen_state = seen
    pays = np.zeros(alive.size, np.float32)
    for i in range(alive.size if rent.size else 0):
        pays[i] = rent[dwelling[i]]
    low, high = limits
    for i in range(alive.size):
        unit = np.float64(min(adults[i], np.int16(_UNIT)))
        # one more binary digit per question
        state = np.int64(adults[i])
        state = 2 * state + takeup[i]
        state = 2 * state + (savings[i] <= low * unit)
        state = 2 * state + (savings[i] <= high * unit)
        other = (state != seen_state[i]) | (dwelling[i] != seen_dwelling[i])
        marks[i] |= other | (pays[i] != seen_rent[i]) | (mortgage[i] != seen_mortgage[i])
        seen_state[i] = state
    seen_dwelling[:] = dwelling
    seen_rent[:] = pays
    seen_mortgage[:] = mortgage
    count = np.uint32(0)
    for i in range(np.uint32(alive.size)):
        out[count] = i  # overwritten by the next unless it counts
        count += np.uint32(marks[i] & alive[i])
    number = members(out[:count], alive.size, spreads, household, ability, members_out, home, skews)
    return int(count), number
