"""What a run shows on one screen: headline measures per district and year, and facts about the run itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wijksim.cli.console import grid, number
from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
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
_GROUPED = 10_000  # whole numbers from here on get commas; years stay as they are


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
        for place, d in enumerate(shown):
            label = f"{measure.label} ({measure.unit})" if place == 0 else ""
            rows.append([label, names[d], *(_rounded(float(mean[d]), digits) for mean in means)])
    return grid(["mean over the year", "district", *titles], rows, numbers=titles, wrap=True)


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


def facts_table(facts: dict[str, Any]) -> Table:
    """Everything a run reports about itself, a line each."""
    rows = [_deviation(worst) for worst in facts.get("deviations", ())]
    rows.append(("chances at their cap", _caps(facts.get("caps", {}))))
    hidden = ("deviations", "caps", "sums", "bytes", "residents", "residents_at_start")
    for name, value in facts.items():
        if name not in hidden:
            rows += _lines(_words(name), value)
    rows += [(_words(name), number(float(total))) for name, total in facts.get("sums", {}).items()]
    rows.append(("memory of the world", f"{facts['bytes'] / 1e6:.0f} MB"))
    return grid(("fact", "value"), rows, wrap=True)


def _deviation(worst: dict[str, Any]) -> tuple[str, str]:
    target, realised = worst["target"], worst["realised"]
    return (
        f"largest deviation from the marginals, {worst['district']}",
        f"{_words(str(worst['figure']))}: {number(realised)}, published {number(target)}",
    )


def _caps(caps: dict[str, float]) -> str:
    if not caps:
        return "none"
    name, share = max(caps.items(), key=lambda item: item[1])
    return f"{PERCENT * share:.2g}% of {name}" + (
        f", and of {len(caps) - 1} others less" if len(caps) > 1 else ""
    )


def _lines(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [line for key, below in value.items() for line in _lines(f"{name}, {_words(str(key))}", below)]
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        items = value.tolist() if hasattr(value, "tolist") else value
        items = items if isinstance(items, list | tuple) else [items]
        return [(name, ", ".join(number(float(i)) if isinstance(i, int | float) else str(i) for i in items))]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return [(name, str(value))]
    return [(name, str(value) if isinstance(value, int) and abs(value) < _GROUPED else number(float(value)))]


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", ": ")
