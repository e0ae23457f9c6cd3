"""What a parameter must say about itself before it is let in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

KINDS = ("measured", "estimated", "assumed", "policy")
GRADES = ("A", "B", "C", "D")


@dataclass(frozen=True)
class Parameter:
    """One number of the model.

    Attributes
    ----------
    name
        Full name, ``<room>.<parameter>``.
    value
        Value used unless a scenario or lever says otherwise.
    low, high
        Plausible range; the uncertainty space of an experiment.
    unit
        Unit in words: ``1/year``, ``months``, ``ratio``, ``share``, ``EUR/year`` ...
    kind
        ``measured`` (fixed), ``estimated`` or ``assumed`` (uncertainty space), ``policy`` (lever space).
    grade
        A (measured for this population) to D (assumption without a source).
    source
        Keys of :data:`wijksim.parameters.store` sources: rows of the evidence tables or ``design``.
    label
        One line for tables.
    dated
        Policy values by first month of validity (``YYYY-MM``), oldest first; empty if constant.
    price_year
        Year of prices for amounts in euros.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    kind: str
    grade: str
    source: tuple[str, ...]
    label: str
    dated: tuple[tuple[str, float], ...] = ()
    price_year: int | None = None

    def problems(self) -> list[str]:
        """Say in words what is wrong with this parameter; empty if nothing is."""
        found = []
        if self.kind not in KINDS:
            found.append(f"kind {self.kind!r} is none of {', '.join(KINDS)}")
        if self.grade not in GRADES:
            found.append(f"grade {self.grade!r} is none of {', '.join(GRADES)}")
        if not all(math.isfinite(number) for number in (self.value, self.low, self.high)):
            found.append("value and range must be finite numbers")
        elif not self.low <= self.value <= self.high:
            found.append(f"value {self.value:g} lies outside its range [{self.low:g}, {self.high:g}]")
        if not self.unit:
            found.append("unit is missing")
        if not self.source:
            found.append("source is missing (write 'design' for an assumption of the design)")
        if self.unit.startswith("EUR") and self.price_year is None:
            found.append("an amount in euros needs price_year")
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return the fields for JSON, ``range`` as a pair."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "range": [self.low, self.high],
            "kind": self.kind,
            "grade": self.grade,
            "source": list(self.source),
            "label": self.label,
            "price_year": self.price_year,
            "dated": dict(self.dated),
        }
