from __future__ import annotations

import copy
import datetime
import pickle

import numpy as np
import pytest

from wijksim.core.clock import Clock

CLOCK = Clock(datetime.date(2026, 11, 1))


@pytest.mark.parametrize(
    ("month", "day", "label"),
    [
        (0, (2026, 11, 1), "2026-11"),
        (1, (2026, 12, 1), "2026-12"),
        (2, (2027, 1, 1), "2027-01"),
        (240, (2046, 11, 1), "2046-11"),
        (-1, (2026, 10, 1), "2026-10"),
        (-10, (2026, 1, 1), "2026-01"),
        (-11, (2025, 12, 1), "2025-12"),
    ],
)
def test_month_to_calendar(month: int, day: tuple[int, int, int], label: str) -> None:
    assert CLOCK.date(month) == datetime.date(*day)
    assert CLOCK.year(month) == day[0]
    assert CLOCK.month_of_year(month) == day[1]
    assert CLOCK.label(month) == label


def test_there_and_back_for_every_day() -> None:
    for month in range(-150, 300):
        first = CLOCK.date(month)
        last = CLOCK.date(month + 1) - datetime.timedelta(days=1)
        assert CLOCK.month_of(first) == CLOCK.month_of(last) == month


def test_numpy_months_are_months_and_fractions_are_not() -> None:
    assert CLOCK.date(np.int64(2)) == datetime.date(2027, 1, 1)
    with pytest.raises(TypeError):
        CLOCK.year(1.5)  # type: ignore[arg-type]


def test_a_run_starts_on_the_first_of_a_month() -> None:
    with pytest.raises(ValueError, match="first of a month, got 2026-11-02"):
        Clock(datetime.date(2026, 11, 2))


def test_a_clock_is_a_value() -> None:
    assert copy.deepcopy(CLOCK) == CLOCK == pickle.loads(pickle.dumps(CLOCK))
    assert Clock(datetime.date(2026, 12, 1)) != CLOCK
    with pytest.raises(AttributeError):
        CLOCK.start = datetime.date(2030, 1, 1)  # type: ignore[misc]
