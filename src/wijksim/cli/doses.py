"""Doses of a run as a table: a line per lever, a column per year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wijksim.cli.console import grid
from wijksim.cli.headlines import headline_years
from wijksim.core.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from rich.table import Table

    from wijksim.runs.doses import Doses


def dose_table(doses: Doses, months: int) -> Table:
    """Mean dose per year; of a lever whose dose is divided over districts a line for each of them as well."""
    years = [max(year, 1) - 1 for year in headline_years(months)]
    titles = [f"year {year + 1}" for year in years] if months >= MONTHS_PER_YEAR else [f"{months} months"]
    rows = []
    for lever, yearly in doses.yearly().items():
        rows.append([lever, "", *(f"{yearly[year]:.2f}" for year in years)])
        if lever in doses.places:
            means = doses.places[lever][years] / doses.counted[years][:, None]
            rows += [
                [lever, name, *(f"{one:.2f}" for one in means[:, place])]
                for place, name in enumerate(doses.districts)
            ]
    return grid(["lever", "district", *titles], rows, numbers=titles, wrap=True)
