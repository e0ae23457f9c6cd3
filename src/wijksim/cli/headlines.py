"""Headline measures of a run, per district and year."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from wijksim.cli.console import grid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.runs.recorder import CITY, Recorder

if TYPE_CHECKING:
    from rich.table import Table

    from wijksim.kernel.measure import Measure

YEARS = (1, 4, 8, 20)
HEADLINES = (
    "problem_debt",
    "share_in_assistance",
    "poverty",
    "crises",
    "nuisance_often",
    "severe_loneliness",
    "trust",
    "liveability_index",
)
_MOST = 8  # measures that fit on a screen when none of the headlines is recorded
_MANY_DISTRICTS = 6
_LABEL = 36  # characters of a label that fit beside a district and four years on 80 columns


def headlines(measures: tuple[Measure, ...]) -> list[int]:
    """Places of the headline measures among those recorded; the first few if none was."""
    names = [measure.name for measure in measures]
    found = [names.index(name) for name in HEADLINES if name in names]
    return found or list(range(min(_MOST, len(names))))


def headline_years(months: int) -> tuple[int, ...]:
    """Years to show, as far as the run goes; the last full year closes a run of another length."""
    full = months // MONTHS_PER_YEAR
    inside = [year for year in YEARS if year <= full]
    return tuple(sorted({*inside, full})) if full else (0,)


def headline_rows(recorder: Recorder) -> list[dict[str, Any]]:
    """One entry per headline measure, district and year; a value is the mean over the year."""
    months = recorder.numerator.shape[0]
    names = [*recorder.districts, CITY]
    rows = []
    for k in headlines(recorder.measures):
        measure = recorder.measures[k]
        for year in headline_years(months):
            values = _mean(recorder, k, year)
            rows += [
                {
                    "measure": measure.name,
                    "district": name,
                    "year": year,
                    "value": float(value),
                    "unit": measure.unit,
                }
                for name, value in zip(names, values, strict=True)
            ]
    return rows


def headline_table(recorder: Recorder) -> Table:
    """Headline measures per district, a column per year."""
    months = recorder.numerator.shape[0]
    years = headline_years(months)
    titles = [f"year {year}" for year in years] if years != (0,) else [f"{months} months"]
    names = [*recorder.districts, CITY]
    shown = range(len(names)) if len(names) <= _MANY_DISTRICTS else [len(names) - 1]
    rows = []
    for k in headlines(recorder.measures):
        measure = recorder.measures[k]
        means = [_mean(recorder, k, year) for year in years]
        digits = _digits(np.array(means)[:, list(shown)])
        labels = _spread(f"{measure.label} ({measure.unit})", len(shown))
        for label, d in zip(labels, shown, strict=True):
            rows.append([label, names[d], *(_rounded(float(mean[d]), digits) for mean in means)])
    return grid(["mean over the year", "district", *titles], rows, numbers=titles, wrap=True)


def left_out(recorder: Recorder) -> str:
    """What to say about districts that the table has no room for; empty if it shows them all."""
    many = len(recorder.districts)
    return (
        f"{many} districts are too many to print: --out writes each of them"
        if many >= _MANY_DISTRICTS
        else ""
    )


def _spread(label: str, rows: int) -> list[str]:
    """A label over the rows it belongs to, so that a long one leaves no gap between them."""
    lines = textwrap.wrap(label, _LABEL) if rows > 1 else [label]
    lines = [*lines[: rows - 1], " ".join(lines[rows - 1 :])]
    return lines + [""] * (rows - len(lines))


def _digits(values: Any) -> int:
    """Decimals that show three figures of the largest value."""
    finite = values[np.isfinite(values)]
    largest = float(np.abs(finite).max()) if finite.size else 0.0
    return 0 if largest >= 1000 else 1 if largest >= 10 else 2 if largest >= 1 else 3


def _rounded(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}" if np.isfinite(value) else "-"


def _mean(recorder: Recorder, k: int, year: int) -> Any:
    """Mean of a measure over a year (0: over the whole run), districts and the city last."""
    months = slice((year - 1) * MONTHS_PER_YEAR, year * MONTHS_PER_YEAR) if year else slice(None)
    top = recorder.numerator[months, k].sum(axis=0)
    bottom = recorder.denominator[months, k].sum(axis=0)
    top, bottom = np.append(top, top.sum()), np.append(bottom, bottom.sum())
    ratio = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
    return ratio * recorder.measures[k].scale
