"""Months as people write them, and the month index that the model counts in.

Month 0 is the first month of the run. ``2027-04`` is a calendar month. ``year 5`` means the fifth year: as a
start its first month, as an end the moment it is over, as a read-out its last month. An end is the first
month in which something no longer holds.
"""

from __future__ import annotations

import datetime
import re
from typing import Literal

from wijksim.core.units import MONTHS_PER_YEAR

type Role = Literal["start", "end", "readout"]

FIRST_YEAR, LAST_YEAR = 1900, 2200
EXPECTED = "a month number (0 is the first), a month as '2027-04', or 'year 5'"

_CALENDAR = re.compile(r"([0-9]{4})-([0-9]{2})(-01)?")
_YEAR = re.compile(r"year +([0-9]{1,4})")


def calendar_month(text: str) -> datetime.date | None:
    """Return the first day of a month written as ``2027-04`` or ``2027-04-01``; None if it is not one."""
    match = _CALENDAR.fullmatch(text)
    if (
        match is None
        or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR
        or not 1 <= int(match[2]) <= MONTHS_PER_YEAR
    ):
        return None
    return datetime.date(int(match[1]), int(match[2]), 1)


def is_month(value: object) -> bool:
    """Tell whether a value is a month in one of the three forms."""
    if isinstance(value, str):
        year = _YEAR.fullmatch(value.strip())
        return calendar_month(value) is not None or (year is not None and int(year[1]) > 0)
    return isinstance(value, int) and not isinstance(value, bool)


def month_index(value: int | str, start: datetime.date, role: Role = "start") -> int:
    """Return the index of a month counted from the start of the run; negative lies before it.

    Parameters
    ----------
    value
        As :func:`is_month` accepts.
    start
        First day of month 0.
    role
        What the month is for; decides what ``year 5`` means.

    Raises
    ------
    ValueError
        If it is not a month.
    """
    if not is_month(value):
        raise ValueError(f"{value!r} is not {EXPECTED}")
    if isinstance(value, int):
        return value
    date = calendar_month(value)
    if date is not None:
        return (date.year - start.year) * MONTHS_PER_YEAR + date.month - start.month
    year = _YEAR.fullmatch(value.strip())
    assert year is not None
    number = int(year[1])
    return {
        "start": (number - 1) * MONTHS_PER_YEAR,
        "end": number * MONTHS_PER_YEAR,
        "readout": number * MONTHS_PER_YEAR - 1,
    }[role]


def month_label(date: datetime.date) -> str:
    """Return a month as ``2027-04``."""
    return f"{date.year:04d}-{date.month:02d}"
