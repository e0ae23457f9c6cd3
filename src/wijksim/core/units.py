"""Conversions between units, true by definition.

Anything that could have been measured or decided otherwise is a parameter and stands in
``wijksim/parameters/values``.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "CENTS_PER_EURO",
    "DAYS_PER_MONTH",
    "DAYS_PER_WEEK",
    "DAYS_PER_YEAR",
    "HOURS_PER_DAY",
    "MINUTES_PER_HOUR",
    "MONTHS_PER_QUARTER",
    "MONTHS_PER_YEAR",
    "PERCENT",
    "PER_TEN_THOUSAND",
    "PER_THOUSAND",
    "QUARTERS_PER_YEAR",
    "WEEKS_PER_MONTH",
    "WEEKS_PER_YEAR",
]

MONTHS_PER_YEAR: Final = 12
QUARTERS_PER_YEAR: Final = 4
MONTHS_PER_QUARTER: Final = MONTHS_PER_YEAR // QUARTERS_PER_YEAR

DAYS_PER_WEEK: Final = 7
HOURS_PER_DAY: Final = 24
MINUTES_PER_HOUR: Final = 60
# The mean Gregorian year (400 years hold 146,097 days).
DAYS_PER_YEAR: Final = 146_097 / 400
WEEKS_PER_YEAR: Final = DAYS_PER_YEAR / DAYS_PER_WEEK
WEEKS_PER_MONTH: Final = WEEKS_PER_YEAR / MONTHS_PER_YEAR
DAYS_PER_MONTH: Final = DAYS_PER_YEAR / MONTHS_PER_YEAR

# Divide a percentage by PERCENT for a share, multiply a share by it for a percentage; likewise below.
PERCENT: Final = 100
PER_THOUSAND: Final = 1_000
PER_TEN_THOUSAND: Final = 10_000

CENTS_PER_EURO: Final = 100
