"""Series from outside that a scenario may date: each drives one parameter.

What comes from outside the city (the economy, the inflow of home seekers) is never explained by the model. A
scenario gives values by year or month; the default is flat.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """A driver from outside: the parameter it sets, its bounds, unit and a sentence."""

    parameter: str
    low: float
    high: float
    unit: str
    label: str


SERIES: dict[str, Series] = {}
"""By the name that a scenario uses."""
