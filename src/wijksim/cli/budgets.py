"""Budgets of a run as a table: payer by kind, a column per year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.cli.console import grid
from wijksim.cli.headlines import headline_years
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.ledger import KINDS

if TYPE_CHECKING:
    from rich.table import Table

    from wijksim.runs.budget import Budget

_TRANSFER = " (transfer)"
_LEAST = 0.5  # euros per resident a year below which a line says nothing


def budget_table(budget: Budget, months: int) -> Table:
    """Resource costs by payer and kind, a total, and then what only changes hands; whole city."""
    summary = budget.summary()
    years = [max(year, 1) - 1 for year in headline_years(months)]
    titles = [f"year {year + 1}" for year in years] if months >= MONTHS_PER_YEAR else [f"{months} months"]
    used = [_line(line, euros[years]) for line, euros in summary.items() if not line[0]]
    moved = [_line(line, euros[years]) for line, euros in summary.items() if line[0]]
    total = sum((euros for line, euros in summary.items() if not line[0]), np.zeros(budget.years))
    rows = [*filter(None, used), _row("all parties", "resources used", total[years]), *filter(None, moved)]
    return grid(["payer", "for", *titles], rows, numbers=titles, wrap=True)


def _line(line: tuple[bool, str, str], euros: NDArray[np.float64]) -> list[str] | None:
    """A row, or None where there is nothing to say."""
    moved, payer, kind = line
    if np.abs(euros).max() < _LEAST:
        return None
    return _row(payer.replace("_", " and "), KINDS[kind][0] + (_TRANSFER if moved else ""), euros)


def _row(name: str, what: str, euros: NDArray[np.float64]) -> list[str]:
    return [name, what, *(f"{one:,.0f}" for one in euros)]


def budget_rows(budget: Budget) -> list[dict[str, Any]]:
    """One entry per payer, kind and year, EUR per resident; of a transfer the receiver has less than nothing."""
    return [
        {"payer": payer, "kind": kind, "transfer": moved, "year": year, "euros_per_resident": float(one)}
        for (moved, payer, kind), euros in budget.summary().items()
        for year, one in enumerate(euros, start=1)
    ]
