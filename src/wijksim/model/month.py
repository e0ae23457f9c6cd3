"""The order of one month: one tuple, read by the engine, the reference pages and the tests.

A mechanism reads this month's values of those above it and last month's of itself and those below it. At
``TRANSITIONS`` the lifecycle applies everything requested so far.
"""

from __future__ import annotations

TRANSITIONS = "transitions"

MONTH: tuple[str, ...] = (
    "demography",
    "school",
    TRANSITIONS,
    "skills",
    "work",
    TRANSITIONS,
    "income",
    "energy",
    "debt",
    "health",
    "contacts",
    "professionals",
    "nuisance",
    "crime",
    "safety",
    "violence",
    "promises",
    "wellbeing",
    "mobility",
    "facilities",
    "construction",
    "housing",
    TRANSITIONS,
    "liveability",
    "accounts",
)


def order_of(name: str) -> int:
    """Place of a mechanism in the month; KeyError if it has none."""
    if name not in MONTH:
        raise KeyError(f"mechanism {name!r} has no place in the month")
    return MONTH.index(name)
