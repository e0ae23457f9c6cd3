"""Pools of newcomers: synthetic households drawn when the world is built, waiting to be called.

Newcomers are drawn at build time so that both worlds of a pair meet the same people: which record an arriving
household takes is keyed on the dwelling (or the seeker), never on what happened before. Record values are
copied; every arrival gets uids of its own, so that no two residents share their luck.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Pool:
    """Records of one channel (such as ``regular``, ``urgent``, ``buyer``).

    Attributes
    ----------
    name
        Channel.
    household
        Column values per record, attribute -> array of shape ``(n_records,)``.
    resident
        Column values per person of all records, attribute -> array of shape ``(n_persons,)``. ``age_months``
        stands in for ``birth_month``, which depends on the month of arrival.
    start
        Persons of record ``k`` are ``start[k]:start[k + 1]``, shape ``(n_records + 1,)``.
    """

    name: str
    household: dict[str, NDArray[Any]]
    resident: dict[str, NDArray[Any]]
    start: NDArray[np.int64]
    extra: dict[str, NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the records."""
        return int(self.start.size - 1)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Persons per record, shape ``(n_records,)``."""
        return np.diff(self.start)

    def persons(self, records: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return positions in ``resident`` of all persons of ``records`` and, per person, which record it was."""
        sizes = self.sizes[records]
        owner = np.repeat(np.arange(records.size), sizes)
        first = np.cumsum(sizes) - sizes
        offset = np.arange(int(sizes.sum())) - np.repeat(first, sizes)
        return self.start[records][owner] + offset, owner
