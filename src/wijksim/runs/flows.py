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
        self.flows = MoneyFlows({}, {})

    def __call__(self, ctx: Context) -> None:
        """Write down one month; the warm-up is left out."""
        if not 0 <= ctx.month < self.months:
            return
        booked = ctx.ledger.month
        if not booked:
            return
        euros, month = self.flows.euros, ctx.month
        # all in one sum: a hundred small ones take as long as a mechanism
        for name, amount in zip(booked, np.array(list(booked.values())).sum(axis=1).tolist(), strict=True):
            if name not in euros:
                self.flows.items[name] = ctx.ledger.items[name]
                euros[name] = np.zeros(self.months)
            euros[name][month] = amount
