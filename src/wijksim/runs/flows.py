"""Every flow of money of a run, by item and month: what effects cost whom is added up from these.

Reads the ledger of the month and changes nothing. Amounts are euros of the year of the accounts, all districts
together, so that a reader may discount them month by month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.kernel.ledger import CostItem


@dataclass(frozen=True)
class MoneyFlows:
    """Flows of one run.

    Attributes
    ----------
    items
        What was booked, by name.
    euros
        By the same names, shape ``(months,)``.
    """

    items: dict[str, CostItem]
    euros: dict[str, NDArray[np.float64]]


class FlowBook:
    """Observer of an engine that writes down what is booked.

    Parameters
    ----------
    months
        Length of the run.
    """

    def __init__(self, months: int) -> None:
        self.months = months
        self._items: dict[str, CostItem] = {}
        self._booked: list[tuple[int, tuple[str, ...], NDArray[np.float64]]] = []
        self._names: tuple[str, ...] = ()

    @property
    def flows(self) -> MoneyFlows:
        """What was written down so far."""
        euros = {name: np.zeros(self.months) for name in self._items}
        for month, names, amounts in self._booked:
            for name, amount in zip(names, amounts.tolist(), strict=True):
                euros[name][month] = amount
        return MoneyFlows(dict(self._items), euros)

    def __call__(self, ctx: Context) -> None:
        """Write down one month; the warm-up is left out."""
        if not 0 <= ctx.month < self.months:
            return
        booked = ctx.ledger.month
        if not booked:
            return
        names = tuple(booked)
        if names != self._names:
            self._names = names
            for name in names:
                self._items.setdefault(name, ctx.ledger.items[name])
        # as it stands: to look up a hundred items takes as long as a mechanism
        amounts = np.concatenate(list(booked.values())).reshape(len(names), -1)
        self._booked.append((ctx.month, self._names, amounts.sum(axis=1)))
