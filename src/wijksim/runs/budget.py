"""Budgets of a run: what every party paid, for what kind of thing and for whose sake, per year and district.

Reads the ledger of the month and changes nothing. Amounts are euros of the year of the accounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.ledger import KINDS, PARTIES, CostItem

if TYPE_CHECKING:
    import pandas as pd

Line = tuple[bool, str, str]
COLUMNS = ("year", "district", "item", "kind", "transfer", "payer", "beneficiary", "euros")


class Budget:
    """Observer of an engine that adds up the ledger per item, year of the run and district.

    Parameters
    ----------
    districts
        Names, by row.
    months
        Length of the run; the last year may be a part of one.

    Attributes
    ----------
    items
        Those that were booked, by name.
    person_years
        Residents, shape ``(years, districts)``.
    """

    def __init__(self, districts: list[str], months: int) -> None:
        self.districts = list(districts)
        self.years = -(-months // MONTHS_PER_YEAR)
        self.items: dict[str, CostItem] = {}
        self.person_years = np.zeros((self.years, len(self.districts)))
        self._euros = np.zeros((self.years, 0, len(self.districts)))
        self._rows: dict[tuple[str, ...], NDArray[np.intp]] = {}

    @property
    def euros(self) -> dict[str, NDArray[np.float64]]:
        """Per item, shape ``(years, districts)``."""
        return {name: self._euros[:, row] for row, name in enumerate(self.items)}

    def __call__(self, ctx: Context) -> None:
        """Add one month."""
        year = ctx.month // MONTHS_PER_YEAR
        self.person_years[year] += ctx.world.by_district("resident") / MONTHS_PER_YEAR
        booked = ctx.ledger.month
        if not booked:
            return
        names = tuple(booked)
        rows = self._rows.get(names)
        if rows is None:
            rows = self._rows[names] = self._found(names, ctx)
        # at once: to look up a hundred items takes as long as a mechanism
        self._euros[year][rows] += np.concatenate(list(booked.values())).reshape(rows.size, -1)

    def _found(self, names: tuple[str, ...], ctx: Context) -> NDArray[np.intp]:
        """Rows of items, made for those that are booked for the first time."""
        for name in names:
            self.items.setdefault(name, ctx.ledger.items[name])
        new = len(self.items) - self._euros.shape[1]
        self._euros = np.pad(self._euros, ((0, 0), (0, new), (0, 0)))
        row = {name: number for number, name in enumerate(self.items)}
        return np.array([row[name] for name in names])

    def table(self) -> pd.DataFrame:
        """One row per year, district, item, payer and beneficiary; columns as in :data:`COLUMNS`, year 1 first."""
        import pandas as pd  # as for the results, only who wants a table waits for it

        euros = self.euros
        rows = [
            (year + 1, district, name, item.kind, item.transfer, payer, gainer, paid * gained * amount)
            for name, item in sorted(self.items.items())
            for year, amounts in enumerate(euros[name])
            for district, amount in zip(self.districts, amounts.tolist(), strict=True)
            for payer, paid in item.payers
            for gainer, gained in item.beneficiaries
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def summary(self) -> dict[Line, NDArray[np.float64]]:
        """EUR per resident and year of the run by (transfer, payer, kind): resource costs first, then transfers.

        Of a transfer the receiver has a line with less than nothing, so that those of a kind add up to zero.
        """
        people = self.person_years.sum(axis=1)
        found: dict[Line, NDArray[np.float64]] = {}
        for item, booked in zip(self.items.values(), self.euros.values(), strict=True):
            euros = booked.sum(axis=1) / people
            sides = [(party, share) for party, share in item.payers]
            sides += [(party, -share) for party, share in item.receivers]
            for party, share in sides:
                line = (item.transfer, party, item.kind)
                found[line] = found.get(line, np.zeros(self.years)) + share * euros
        every = ((moved, party, kind) for moved in (False, True) for party in PARTIES for kind in KINDS)
        return {line: found[line] for line in every if line in found}
