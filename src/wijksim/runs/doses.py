"""Doses of a run: how much of every lever was in force, year by year, after those that govern had their say.

Reads what levers said of themselves this month and changes nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context


class Doses:
    """Observer of an engine that adds up doses per lever and year of the run.

    Parameters
    ----------
    districts
        Names, by row.
    months
        Length of the run; the last year may be a part of one.
    levers
        Identities of the levers of the scenario; one that never acts has a dose of zero.
    """

    def __init__(self, districts: list[str], months: int, levers: tuple[str, ...]) -> None:
        self.districts = list(districts)
        self.years = -(-months // MONTHS_PER_YEAR)
        self.sums = {lever: np.zeros(self.years) for lever in levers}
        self.places: dict[str, NDArray[np.float64]] = {}
        self.counted = np.zeros(self.years)

    def __call__(self, ctx: Context) -> None:
        """Add one month."""
        year = ctx.month // MONTHS_PER_YEAR
        self.counted[year] += 1
        now = ctx.effects.this_month
        for lever, dose in now.doses.items():
            self.sums.setdefault(lever, np.zeros(self.years))[year] += dose
            if lever in now.placed and lever not in self.places:
                # before it was divided over districts it was the same in all of them
                self.places[lever] = np.repeat(self.sums[lever][:, None], len(self.districts), axis=1)
                self.places[lever][year] -= dose
            if lever in self.places:
                self.places[lever][year] += now.placed.get(lever, dose)

    def yearly(self) -> dict[str, NDArray[np.float64]]:
        """Mean dose by lever, shape ``(years,)``: 1 is the full dose."""
        return {lever: sums / np.maximum(self.counted, 1) for lever, sums in self.sums.items()}

    def rows(self) -> list[dict[str, Any]]:
        """One entry per lever and year; ``districts`` where the dose differed between them."""
        found = []
        for lever, doses in self.yearly().items():
            for year, dose in enumerate(doses.tolist()):
                entry: dict[str, Any] = {"lever": lever, "year": year + 1, "dose": dose}
                if lever in self.places:
                    mean = self.places[lever][year] / max(self.counted[year], 1)
                    entry["districts"] = dict(zip(self.districts, mean.tolist(), strict=True))
                found.append(entry)
        return found
