"""One declared column of one table.

A column is declared once, by the mechanism that writes it (or by the structure of the world, see
:mod:`wijksim.state.structure`). Everything else that needs to know about a column (its unit in the
reference pages, its initial value for a newborn, the invariants checked after a transition) reads this
one declaration.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import DTypeLike


@cache
def place_of(name: str) -> tuple[str, str]:
    """Table and attribute of a full column name.

    Both are interned, as names in the source are: an attribute is found much quicker by the very same string.
    """
    table, attribute = name.split(".")
    return sys.intern(table), sys.intern(attribute)


@dataclass(frozen=True)
class Column:
    """Declaration of ``<table>.<attribute>``.

    Parameters
    ----------
    name
        Full name, for example ``household.debt``.
    dtype
        NumPy type. Small ints and float32 for states, float64 for money and sums.
    unit
        Unit in words, ``-`` for a truth value or a code.
    doc
        One sentence for the reference pages, with the Dutch policy term where there is one.
    default
        Value of a new row before its owner's ``enter`` runs.
    ref
        Name of the table whose rows the column points to; ``-1`` means none. Invariants follow from it.
    codes
        Enumeration that gives the codes their names.
    low, high
        Domain, checked by the invariants; ``None`` is unbounded.
    """

    name: str
    dtype: DTypeLike
    unit: str
    doc: str
    default: float = 0
    ref: str | None = None
    codes: type[IntEnum] | None = None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Refuse a name without a table and a reference that does not default to none."""
        if self.name.count(".") != 1:
            raise ValueError(f"column name {self.name!r} must read <table>.<attribute>")
        if self.ref is not None and self.default != -1:
            object.__setattr__(self, "default", -1)

    @property
    def table(self) -> str:
        """Name of the table."""
        return place_of(self.name)[0]

    @property
    def attribute(self) -> str:
        """Name within the table."""
        return place_of(self.name)[1]

    def empty(self, capacity: int) -> np.ndarray[Any, Any]:
        """Return an array of ``capacity`` default values."""
        return np.full(capacity, self.default, dtype=self.dtype)
