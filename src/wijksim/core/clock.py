"""From the index of a month to the calendar and back."""

from __future__ import annotations

import datetime
import operator
from dataclasses import dataclass

from wijksim.core.units import MONTHS_PER_YEAR

__all__ = ["Clock"]


@dataclass(frozen=True, slots=True)
class Clock:
    """The calendar of a run.

    Month 0 is the first month of the run; negative months are the warm-up before it.

    Parameters
    ----------
    start : datetime.date
        First day of month 0.

    Raises
    ------
    ValueError
        When ``start`` is not the first of a month.
    """

    start: datetime.date

    def __post_init__(self) -> None:
        if self.start.day != 1:
            raise ValueError(f"a run starts on the first of a month, got {self.start.isoformat()}")

    def date(self, month: int) -> datetime.date:
        """Return the first day of a month."""
        year, index = self._split(month)
        return datetime.date(year, index + 1, 1)

    def year(self, month: int) -> int:
        """Return the calendar year a month lies in."""
        return self._split(month)[0]

    def month_of_year(self, month: int) -> int:
        """Return the calendar month, 1 to 12, for what happens once a year or follows seasons."""
        return self._split(month)[1] + 1

    def label(self, month: int) -> str:
        """Write year and month as a reader writes them, for instance ``2026-03``."""
        year, index = self._split(month)
        return f"{year:04d}-{index + 1:02d}"

    def month_of(self, day: datetime.date) -> int:
        """Return the index of the month a day lies in, negative before the start."""
        return (day.year - self.start.year) * MONTHS_PER_YEAR + day.month - self.start.month

    def _split(self, month: int) -> tuple[int, int]:
        months = self.start.year * MONTHS_PER_YEAR + self.start.month - 1 + operator.index(month)
        return divmod(months, MONTHS_PER_YEAR)
