"""How precise a paired difference must be, how precise it is, and when there are pairs enough.

An interval is small enough when its half-width is at most the asked share of the mean difference, or at most the
smallest effect that matters of its measure, whichever is wider: who cannot care about less than a percentage point
need not know it to a tenth of a point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.compare import Comparison, difference
from wijksim.analysis.intervals import FIRST_LOOK, LOOK_DF, LOOK_GROWTH, half_width
from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
from wijksim.parameters.store import shipped_parameters

if TYPE_CHECKING:
    from wijksim.runs.sweeps.results import SweepResults


_BY_NAME = {"achievement": "validation.achievement_effect"}
_BY_UNIT = {"points": "validation.liveability_effect", "%": "validation.points_effect"}
"""A rate (``% a year``) is no share: nobody has said what change of it matters."""

_KEYS = ("scenario", "district", "year", "pairs", "difference", "half_width", "aim", "met")


def smallest_effect(name: str, unit: str) -> float | None:
    """Smallest effect that matters of a measure, in its unit; None where none is stated.

    It is the bound by which the reality gates judge that nothing changed (parameters ``validation.*_effect``).
    """
    parameter = _BY_NAME.get(name) or _BY_UNIT.get(unit)
    return None if parameter is None else shipped_parameters()[parameter].value


@dataclass(frozen=True)
class Precision:
    """Half-width that is aimed at: a share of the mean difference, or a number in the unit of the measure.

    Attributes
    ----------
    relative
        Share of the mean difference; None if an absolute number was asked.
    absolute
        Half-width in the unit of the measure; the smallest effect that matters then plays no part.
    """

    relative: float | None = None
    absolute: float | None = None

    @classmethod
    def parse(cls, text: str) -> Precision:
        """Read ``10%`` or ``0.5``; ValueError in words for anything else."""
        share = text.strip().endswith("%")
        try:
            value = float(text.strip().removesuffix("%"))
        except ValueError:
            value = float("nan")
        if not (np.isfinite(value) and value > 0):
            raise ValueError(
                f"'{text}' is neither a share of the difference like 10% nor a half-width like 0.5"
            )
        return cls(relative=value / PERCENT) if share else cls(absolute=value)

    def __str__(self) -> str:
        return f"{self.relative * PERCENT:g}%" if self.relative is not None else f"{self.absolute:g}"

    def aim(self, mean: float, smallest: float | None) -> float:
        """Half-width that is small enough for a difference with this mean."""
        if self.relative is None:
            return float(self.absolute or 0)
        return max(self.relative * abs(mean), smallest or 0.0)


@dataclass(frozen=True)
class Reached:
    """How precise differences came out.

    Attributes
    ----------
    precision
        What was asked.
    pairs
        Pairs, or replications of a sweep, that were run.
    rows
        One entry per measure, scenario, district and year: ``measure, unit, scenario, district, year, pairs,
        difference, half_width, aim, met``.
    """

    precision: Precision
    pairs: int
    rows: tuple[dict[str, Any], ...]

    @property
    def met(self) -> bool:
        """Whether every difference is as precise as was asked."""
        return all(row["met"] for row in self.rows)

    def by_measure(self) -> list[dict[str, Any]]:
        """Per measure how many differences meet the aim, and the one that is furthest from it."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows:
            groups.setdefault(row["measure"], []).append(row)
        found = []
        for rows in groups.values():
            worst = max(rows, key=_short)
            found.append({**worst, "differences": len(rows), "reached": sum(row["met"] for row in rows)})
        return found

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "precision": str(self.precision),
            "pairs": self.pairs,
            "met": self.met,
            "measures": self.by_measure(),
            "differences": list(self.rows),
        }


def _short(row: dict[str, Any]) -> float:
    """How many times too wide a difference is."""
    if row["half_width"] == 0:
        return 0.0
    return float(row["half_width"] / row["aim"]) if row["aim"] else float("inf")


def reached(comparison: Comparison, precision: Precision, measures: Sequence[str] | None = None) -> Reached:
    """How precise the paired differences of a comparison are, in its read-out years and per district.

    Parameters
    ----------
    comparison
        Null alternative and variants.
    precision
        What is asked.
    measures
        Measures that count; all recorded ones if omitted. A difference without any value is left out.
    """
    wanted = None if measures is None else set(measures)
    rows = []
    for kind in comparison.measures:
        if wanted is not None and kind.name not in wanted:
            continue
        smallest = smallest_effect(kind.name, kind.unit)
        for where, change in changes(comparison, kind.name, comparison.years):
            n = change.size
            if not n:
                continue
            mean, sd = float(change.mean()), float(change.std(ddof=1)) if n > 1 else float("inf")
            half = half_width(sd, n, most_df=comparison.most_df)
            aim = precision.aim(mean, smallest)
            rows.append(_row(kind.name, kind.unit, where, pairs=n, mean=mean, half=half, aim=aim))
    return Reached(precision, len(comparison.seeds), tuple(rows))


def changes(
    comparison: Comparison, measure: str, years: Sequence[int]
) -> Iterator[tuple[tuple[str, str, int], NDArray[np.float64]]]:
    """Paired differences of a measure, NaN left out, by scenario, district and year."""
    values = comparison.yearly(measure)
    for s, scenario in enumerate(comparison.scenarios[1:], start=1):
        for year in years:
            for d, district in enumerate(comparison.districts):
                change = difference(values[:, s, year - 1, d], values[:, 0, year - 1, d])
                yield (scenario.id, district, year), change[np.isfinite(change)]


def _row(
    measure: str, unit: str, where: tuple[str, str, int], *, pairs: int, mean: float, half: float, aim: float
) -> dict[str, Any]:
    values = (*where, pairs, mean, half, aim, bool(half <= aim))
    return {"measure": measure, "unit": unit, **dict(zip(_KEYS, values, strict=True))}


def precise_enough(
    precision: Precision, measures: Sequence[str] | None = None
) -> Callable[[Comparison], bool]:
    """What :func:`wijksim.analysis.compare.compare` asks after a block of futures."""
    return lambda comparison: reached(comparison, precision, measures).met


def enough_for(folder: Path, measures: Sequence[str], precision: Precision) -> Callable[[int], bool]:
    """What :class:`wijksim.runs.sweeps.sweep.Manner` asks after a replication of all rows.

    Parameters
    ----------
    folder
        Of the sweep; it is read anew at every look.
    measures
        Measures whose differences count; all that are kept if empty.
    precision
        What is asked of the difference of a row (see :func:`reached_in`).

    Notes
    -----
    It looks at few moments: the first with 30 degrees of freedom, then after one and a half times as many
    replications; in between the answer is no. A sweep with a null alternative and no variant is never enough.
    """
    nxt = 2

    def enough(done: int) -> bool:
        nonlocal nxt
        if done < nxt or _freedom(folder, done) < FIRST_LOOK - 1:
            return False
        nxt = int(np.ceil(done * LOOK_GROWTH))
        found = reached_in(folder, measures, precision)
        return bool(found.rows) and found.met

    return enough


def reached_in(folder: Path, measures: Sequence[str], precision: Precision) -> Reached:
    """How precise the paired differences of a sweep are: those of a typical row.

    Parameters
    ----------
    folder, measures, precision
        As for :func:`enough_for`.

    Notes
    -----
    Every row has a paired difference over its replications. How much it varies is pooled over the rows, which asks
    no more replications of many rows than of one; the half-width is that of the mean of one row, and a relative aim
    is a share of the mean difference over all rows. Rows that live through the same futures vary together, so that
    they add no degrees of freedom; rows with luck of their own do.
    """
    from wijksim.runs.sweeps.results import SweepResults

    results = SweepResults.open(folder)
    units = {one["name"]: one["unit"] for one in results.measures()}
    rows, replications = [], 0
    for name in measures or list(units):
        results.outcomes(name)  # refuses a measure that was not kept
        smallest = smallest_effect(name, units[name])
        for where, values in _sweep_changes(results, name):
            replications = max(replications, int(np.isfinite(values).any(axis=0).sum()))
            pooled = _pooled(values, own=_own_luck(results))
            if pooled is not None:
                mean, half, n = pooled
                aim = precision.aim(mean, smallest)
                rows.append(_row(name, units[name], where, pairs=n, mean=mean, half=half, aim=aim))
    return Reached(precision, replications, tuple(rows))


def _own_luck(results: SweepResults) -> bool:
    return str(results.manifest["parts"]["luck"]).startswith("own")


def _freedom(folder: Path, replications: int) -> int:
    from wijksim.runs.sweeps.results import SweepResults

    results = SweepResults.open(folder)
    return (replications - 1) * (len(results.design) if _own_luck(results) else 1)


def _sweep_changes(
    results: SweepResults, measure: str
) -> Iterator[tuple[tuple[str, str, int], NDArray[np.float64]]]:
    """Paired differences by scenario, district and year, shape ``(rows, replications)``; NaN where a run lacks."""
    table = results.table(measure=measure).astype({"scenario_id": str, "district": str})
    for year in results.years:
        now = table[table["month"] == min(year * MONTHS_PER_YEAR, results.months)]
        for district in now["district"].unique():
            wide = now[now["district"] == district].pivot_table(
                index="row", columns=["scenario_id", "replication_id"], values="value"
            )
            there = set(wide.columns.get_level_values(0))
            for scenario in results.scenarios[1:]:
                if {scenario, results.null} <= there:
                    change = wide[scenario] - wide[results.null]
                    yield (scenario, str(district), year), change.to_numpy(np.float64)


def _pooled(values: NDArray[np.float64], *, own: bool) -> tuple[float, float, int] | None:
    """Mean over rows, half-width of the mean of a typical row, and replications of the row that has fewest."""
    there = np.isfinite(values)
    counts = there.sum(axis=1)
    values, there, counts = values[counts > 0], there[counts > 0], counts[counts > 0]
    if not counts.size:
        return None
    means = np.nanmean(values, axis=1)
    within = int((counts - 1).sum())
    df = within if own else int(counts.max()) - 1
    if within < 1:
        return float(means.mean()), float("inf"), int(counts.min())
    squares = np.where(there, values - means[:, None], 0.0) ** 2
    sd = float(np.sqrt(squares.sum() / within * np.mean(1 / counts)))
    return float(means.mean()), half_width(sd, 1, df=df, most_df=LOOK_DF), int(counts.min())
