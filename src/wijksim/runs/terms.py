"""Conditions on rows as the numbers that a compiled pass reads."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.district_sums import KINDS
from wijksim.kernel.where import Where, refuse_unknown
from wijksim.state.table import Table


class Terms:
    """What must hold of groups of rows, as numbers."""

    def __init__(self, table: Table, begins: list[int]) -> None:
        self.table = table
        self.begins = begins
        self.terms: list[tuple[int, bool, int, bool]] = []
        self.bounds: list[tuple[float, float]] = []
        self.ahead: list[tuple[bool, bool]] = []

    def add(self, terms: tuple[Where | int, ...]) -> tuple[int, int]:
        """Add those of a group; return the first and the end."""
        first = len(self.terms)
        for term in terms:
            if not isinstance(term, Where):
                self.terms.append((KINDS[np.dtype(np.bool_).str], True, self.begins[term], False))
                self.bounds.append((1, 1))
                self.ahead.append((False, False))
                continue
            attribute = term.column.rpartition(".")[2]
            low, high = term.low, term.high
            if attribute not in self.table:
                refuse_unknown(term.column)
                attribute, low, high = "district", inf, -inf
            kind = self.table[attribute].dtype
            if kind.kind in "iu":
                least, most = np.iinfo(kind).min, np.iinfo(kind).max
                low, high = min(max(low, least), most), min(max(high, least), most)
            self.terms.append((KINDS[kind.str], False, self.table.begins(attribute), term.but))
            self.bounds.append((low, high))
            self.ahead.append((term.now and term.low > -inf, term.now and term.high < inf))
        return first, len(self.terms)


def planned(*parts: Any) -> NDArray[np.int64]:
    """What :func:`wijksim.kernel.district_sums.read` is to read, in one array."""
    flat = [np.array(part, np.int64).reshape(-1) for part in parts]
    begins = np.cumsum([len(flat) + 1, *(part.size for part in flat)])
    return np.concatenate([begins, *flat])
