"""What may be written through an agent: the domain of every column, and what only the model itself may change.

Compiled loops look values up in tables and do not check where: a value outside its domain would read or write foreign
memory. So every value is checked where it is written, and nothing of it takes time in a month.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache, lru_cache
from math import isfinite
from typing import Any

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import Activity, Role
from wijksim.state.column import Column
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Table

_OLDEST = 115  # years: nobody in the Netherlands has become older, and tables by age reach further
_LIFE = _OLDEST * MONTHS_PER_YEAR  # months: nothing that a resident remembers is further away
_TOLERANCE = 1e-6  # a share that a mechanism left a rounding of float32 beyond its domain may be handed on
_MOST = (
    1e4  # of anything without a domain of its own: beyond it is a slip of the pen, and odds would overflow
)
# by unit, where another number than that is the most that makes sense
_MOST_BY_UNIT = {
    "sd": 10.0,  # nobody in a population of the world is further from the mean
    "log ratio": 10.0,  # a factor of 22,000
    "cases": 100.0,  # a suspect every week, for years
    "crimes": 100.0,
    "reports": 100.0,
    "EUR": 1e9,  # more than any household owns; sums of it stay exact to the cent
    "EUR/month": 1e9,
    "1000 EUR": 1e6,
}
# months that may lie ahead; all others tell when something began or was last
_AHEAD = frozenset({"resident.benefit_end", "dwelling.on_market"})

_BORN = "resident.birth_month"
_ADULTS = (int(Role.HEAD), int(Role.PARTNER))
_DOING = "resident.activity"
_POST = int(Activity.BASIC_JOB)

# columns in which a mechanism keeps its books, and how that which they tell can be brought about
_KEPT = {
    "resident.role": "follows from who lives with whom; ask with model.requests.leave, unite or found",
    "resident.case_role": "goes with the worker and hours of a case; a strategy of triage decides who gets help",
    "resident.circle": "is a number that levers give to the circles they form; a lever of meeting forms some",
    "resident.known_dwelling": "is what contacts remember of the last month; ask with model.requests.relocate",
    "dwelling.owner": "is in the accounts of the stock; ask with model.requests.convert, while nobody lives there",
    "dwelling.works": "is in the books of construction; levers that renovate, sell or rebuild bring it about",
}


def refusal(column: Column) -> str | None:
    """Tell why a column cannot be written at all, or None if it can."""
    if column.doc.startswith("Derived") or column.ref is not None:
        return f"{column.attribute} follows from the structure of the model; use its requests instead"
    if column.name in _KEPT:
        return f"{column.attribute} cannot be written: it {_KEPT[column.name]}"
    return None


def checked(table: Table, column: Column, row: int, value: Any, month: int) -> bool | int | float:
    """Return ``value`` as the plain number to be written into a row of a column.

    Parameters
    ----------
    table, column, row
        Where it is to be written. What stands there now may always be written again.
    value
        What the user wants to write; a number of NumPy or a code will do.
    month
        Month that the next step simulates.

    Raises
    ------
    TypeError
        Not a number, not a whole one, or not a truth value, where the column holds such.
    ValueError
        Outside the domain: the message says what may be written.
    """
    name, kind = column.name, _kind(column)
    plain = value.item() if isinstance(value, np.generic) else value
    if kind == "b":
        if not isinstance(plain, bool):
            raise TypeError(f"{name} takes True or False, got {value!r}")
        return plain
    if isinstance(plain, bool) or not isinstance(plain, int | float):
        raise TypeError(f"{name} takes a number, got {value!r}")
    if plain == table[column.attribute].item(row):
        return plain
    if isinstance(plain, float) and not isfinite(plain):
        raise ValueError(f"{name} takes a finite number, got {value!r}")
    if kind == "i" and plain != int(plain):
        raise TypeError(f"{name} takes a whole number, got {value!r}")
    if column.codes is not None:
        _check_code(column, column.codes, int(plain), value)
        return plain
    low, high = domain(column, month)
    if column.name == _BORN and table["role"].item(row) in _ADULTS:
        high -= ADULT_AGE * MONTHS_PER_YEAR
    if not low - _TOLERANCE <= plain <= high + _TOLERANCE:
        raise ValueError(f"{name} must lie in [{low:.10g}, {high:.10g}], got {value!r}")
    return plain


@cache
def _kind(column: Column) -> str:
    """Kind of number, as NumPy names it: b, i or f."""
    return np.dtype(column.dtype).kind


@lru_cache(maxsize=1024)
def domain(column: Column, month: int) -> tuple[float, float]:
    """Lowest and highest value that may be written into a column of numbers.

    Declared bounds where there are any, else what its unit allows. A month lies between the birth of the oldest and
    this month; one that never was is the default of its column. Who leads a household is of age besides.
    """
    if column.unit == "month":
        low = min(float(column.default), float(month - _LIFE))
        high = float(month + _LIFE if column.name in _AHEAD else month)
    else:
        high = _MOST_BY_UNIT.get(column.unit, _MOST)
        low = -high
    low = low if column.low is None else float(column.low)
    high = high if column.high is None else float(column.high)
    if _kind(column) == "i":
        limits = np.iinfo(np.dtype(column.dtype))
        low, high = max(low, float(limits.min)), min(high, float(limits.max))
    return low, high


def _check_code(column: Column, codes: type[IntEnum], code: int, value: Any) -> None:
    if code not in codes and not (code == -1 == column.default):
        names = [f"{member.name} ({member.value})" for member in codes]
        none = ["none (-1)"] if column.default == -1 else []
        raise ValueError(f"{column.name} takes one of {', '.join(names + none)}; got {value!r}")
    if column.name == _DOING and code == _POST:
        raise ValueError(
            f"{column.name} cannot be made {codes(code).name} ({code}): a basic job is a post that somebody pays for; "
            "the lever basic-job opens some and fills them"
        )
