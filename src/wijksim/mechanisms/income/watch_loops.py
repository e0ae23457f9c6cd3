"""What the watch on incomes sees: compiled passes that compare residents and households with what they were."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.codes import Activity

type Rows = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Wages = NDArray[np.float32]
type Euros = NDArray[np.float64]

_UNEMPLOYED = int(Activity.UNEMPLOYED)
UNSEEN = -2  # no column holds it: what was never seen differs
_UNIT = 2  # head and partner, whose savings are tested together


@compiled
def residents(
    wage: Wages,
    activity: Codes,
    household: Rows,
    age: Months,
    since: Months,
    turning: Months,
    ended: int,
    seen_wage: Wages,
    seen_activity: Codes,
    seen_household: Rows,
    seen_age: Months,
    due: Bools,
    paid: Rows,
) -> int:
    """Mark in ``due`` the households, old and new, of residents whose wage, work, home or age group changed.

    Parameters
    ----------
    turning
        Ages at which something begins or ends.
    ended
        Month since which those are unemployed whose benefit ends now.
    due
        A mark per household, with a spare last place for who is in none.
    seen_wage, seen_activity, seen_household, seen_age
        What was seen, :data:`UNSEEN` in new rows; they come to hold the present.
    paid
        Filled with residents whose wage changed; how many is returned.
    """
    changed = np.empty(wage.size, np.bool_)
    for i in range(wage.size):
        other = (
            (wage[i] != seen_wage[i])
            | (activity[i] != seen_activity[i])
            | (household[i] != seen_household[i])
        )
        changed[i] = other | ((activity[i] == _UNEMPLOYED) & (since[i] == ended))
    rows, number = np.empty(wage.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(wage.size)):
        rows[number] = i  # overwritten by the next unless it counts: no branch that could be guessed wrong
        number += np.uint32(changed[i] | (age[i] != seen_age[i]))
    count = 0
    for i in rows[:number]:
        other, other_wage = changed[i], wage[i] != seen_wage[i]
        if age[i] != seen_age[i]:
            for limit in turning:
                other |= age[i] == limit
        if other_wage:
            paid[count] = i
            count += 1
        if other:
            due[household[i]] = True
            if seen_household[i] != UNSEEN:
                due[seen_household[i]] = True
        seen_wage[i] = wage[i]
        seen_activity[i] = activity[i]
        seen_household[i] = household[i]
        seen_age[i] = age[i]
    return count


@compiled
def households(
    alive: Bools,
    dwelling: Rows,
    rent: Wages,
    mortgage: Wages,
    takeup: Bools,
    adults: Months,
    savings: Euros,
    assistance_limit: float,
    rent_limit: float,
    seen_dwelling: Rows,
    seen_rent: Wages,
    seen_mortgage: Wages,
    seen_state: Months,
    due: Bools,
    out: Rows,
) -> int:
    """Fill ``out`` with living households that are ``due`` or differ from what was seen, and return how many.

    The state that is seen holds take-up, the adults and on which side of both savings tests a household is. Who has
    no dwelling sees the rent of the last one: at worst an assessment that changes nothing.
    """
    count = 0
    for i in range(alive.size):
        pays = np.float32(0)
        if rent.size:
            pays = rent[dwelling[i]]
        unit = min(int(adults[i]), _UNIT)
        state = np.int64(adults[i])
        # one more binary digit per question
        for yes in (takeup[i], savings[i] <= assistance_limit * unit, savings[i] <= rent_limit * unit):
            state = 2 * state + yes
        other = due[i] | (state != seen_state[i]) | (dwelling[i] != seen_dwelling[i])
        other |= (pays != seen_rent[i]) | (mortgage[i] != seen_mortgage[i])
        seen_dwelling[i] = dwelling[i]
        seen_rent[i] = pays
        seen_mortgage[i] = mortgage[i]
        seen_state[i] = state
        if other and alive[i]:
            out[count] = i
            count += 1
    return count
