"""One compiled pass over households for the energy bills of a month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import Activity, DwellingKind

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Rows = NDArray[np.int32]

_FLAT, _STUDENT = int(DwellingKind.FLAT), int(Activity.STUDENT)


@compiled
def bills(
    alive: Flags, dwelling: Rows, persons: NDArray[np.int16], head: Rows, income: Floats, use: Amounts,
    label: Codes, kind: Codes, activity: Codes, heat: Floats, needs: Floats, held: Floats, limit: float,
    saved: Amounts, cost: Amounts, excess: Amounts, poor: Flags, district: Rows, spent: Floats,
) -> None:  # fmt: skip
    """Fill bill, bill above the basic budget, and energy poverty; a dead row or one without a home has none.

    Bills are added up by district in ``spent``, zero at first.

    Parameters
    ----------
    heat
        Gas for heating a house by label, m3 a year.
    needs
        Ratio of flats, gas per person, power per household and per person, prices of gas and power, standing charge.
    held
        Heating, price of gas and price of power in the basic budget.
    limit
        Share of income above which a bill is too high.
    saved
        What advice took off the bill, EUR a month; a bill is never less than nothing.
    """
    flat, water, power, more_power = needs[0], needs[1], needs[2], needs[3]
    gas_price, power_price, standing = needs[4], needs[5], needs[6]
    held_heat, held_gas, held_power = held[0], held[1], held[2]
    # what stands elsewhere comes first, so that the rest is vectorised
    gas, student = np.zeros(dwelling.size), np.zeros(dwelling.size, np.bool_)
    for i in range(dwelling.size):
        home = dwelling[i]
        if home >= 0:
            gas[i] = heat[label[home]] * (flat if kind[home] == _FLAT else 1.0)
            student[i] = activity[head[i]] == _STUDENT
    for i in range(dwelling.size):
        housed = alive[i] & (dwelling[i] >= 0)
        people, warm = float(persons[i]), gas[i]
        kilowatts = power + more_power * people
        yearly = use[i] * ((warm + water * people) * gas_price + kilowatts * power_price)
        bill = yearly / MONTHS_PER_YEAR + standing
        bill = max(bill - saved[i], 0.0) if saved[i] > 0 else bill
        budget = (held_heat + water * people) * held_gas + kilowatts * held_power
        more = bill - (budget / MONTHS_PER_YEAR + standing)
        cost[i] = np.float32(bill if housed else 0.0)
        excess[i] = np.float32(more if housed else 0.0)
        poor[i] = housed & (bill > limit * income[i]) & (not student[i])
    # neighbours stand together in the table: their sum is kept at hand until another district comes
    place, total = -1, 0.0
    for i in range(dwelling.size):
        if district[i] != place:
            if place >= 0:
                spent[place] = total
            place = district[i]
            total = spent[place] if place >= 0 else 0.0
        total += np.float64(cost[i])
    if place >= 0:
        spent[place] = total
