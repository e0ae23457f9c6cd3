"""Indices of one outcome of a sweep, on its mean and on its spread over the replications."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.sensitivity.morris import morris
from wijksim.analysis.sensitivity.noise import resampled, statistic_of
from wijksim.analysis.sensitivity.pawn import FEWEST_ROWS, independent, pawn
from wijksim.analysis.sensitivity.sample import (
    FEWEST_REPLICATIONS,
    MEAN,
    METHODS,
    SPREAD,
    Outcome,
    Sample,
)
from wijksim.analysis.sensitivity.sobol import sobol
from wijksim.core.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    Analysis = Callable[[Sample, NDArray[np.float64], NDArray[np.float64] | None, int], pd.DataFrame]

INDEX = {"morris": "mu_star", "sobol": "ST", "pawn": "median"}
"""By method, the index by which factors are ranked."""

FEW = 5  # replications below which a spread, and any noise, is no more than an example
WIDE = 0.5  # half-width of a Sobol index beyond which its size says next to nothing


@dataclass(frozen=True)
class Indices:
    """Indices of one statistic of an outcome.

    Attributes
    ----------
    statistic
        ``mean`` or ``spread``: of what over the replications of a row.
    middle, deviation
        Mean and standard deviation of it over the rows.
    table
        A line per factor or group, the most influential first; see the functions of the methods. ``above_floor``
        says whether the index is more than noise. Empty if the outcome does not vary.
    remarks
        What a reader must know, in words.
    """

    statistic: str
    middle: float
    deviation: float
    table: pd.DataFrame
    remarks: tuple[str, ...]

    @property
    def above(self) -> list[str]:
        """Names whose index is more than noise."""
        return [] if self.table.empty else self.table.loc[self.table["above_floor"], "factor"].tolist()


@dataclass(frozen=True)
class Sensitivity:
    """What one outcome is sensitive to.

    Attributes
    ----------
    outcome
        Which outcome, with its values.
    sample
        Where the model was run.
    method
        One of :data:`~wijksim.analysis.sensitivity.sample.METHODS`.
    parts
        Of the mean, and with at least two replications of the spread.
    remarks
        What a reader must know, in words.
    """

    outcome: Outcome
    sample: Sample
    method: str
    parts: tuple[Indices, ...]
    remarks: tuple[str, ...]

    @property
    def survivors(self) -> list[str]:
        """Factors (or groups) that a screening leaves in, for mean or spread, in the order of the design."""
        above = {name for part in self.parts for name in part.above}
        return [name for name in self.sample.names if name in above] if self.method == "morris" else []

    def frame(self) -> pd.DataFrame:
        """All indices in one table, with the statistic in the first column."""
        import pandas as pd

        filled = [part.table.assign(statistic=part.statistic) for part in self.parts if not part.table.empty]
        if not filled:
            return pd.DataFrame(columns=["statistic", "factor"])
        found = pd.concat(filled, ignore_index=True)
        return found[["statistic", *(name for name in found if name != "statistic")]]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for files and ``--json``."""
        outcome = self.outcome
        found: dict[str, Any] = {
            "measure": outcome.measure["name"],
            "unit": outcome.measure["unit"],
            "scenario": outcome.scenario,
            "null": outcome.null,
            "district": outcome.district,
            "year": outcome.year,
            "method": self.method,
            "design": self.sample.design.kind,
            "grouped": self.sample.grouped,
            "rows": int(outcome.values.shape[0]),
            "replications": outcome.replications,
            "luck": "common" if self.sample.common else "own",
            "remarks": list(self.remarks),
            "results": [
                {
                    "statistic": part.statistic,
                    "mean_over_rows": part.middle,
                    "deviation_over_rows": part.deviation,
                    "remarks": list(part.remarks),
                    "indices": part.table.astype(object).where(part.table.notna(), None).to_dict("records"),
                }
                for part in self.parts
            ],
        }
        if self.method == "morris":
            found["survivors"] = self.survivors
        return found

    def save(self, folder: Path) -> list[Path]:
        """Write ``sensitivity-MEASURE.csv`` and ``.json``."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = folder / f"sensitivity-{self.outcome.measure['name']}"
        paths = [stem.with_suffix(".csv"), stem.with_suffix(".json")]
        texts = [
            self.frame().to_csv(index=False),
            json.dumps(self.as_dict(), indent=1, allow_nan=False) + "\n",
        ]
        for path, text in zip(paths, texts, strict=True):
            partial = path.with_name(f".{path.name}.tmp")
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
        return paths


def sensitivity(sample: Sample, outcome: Outcome, *, method: str | None = None) -> Sensitivity:
    """Analyse one outcome.

    Parameters
    ----------
    sample
        Where the model was run.
    outcome
        What came out, shape ``(rows, replications)``.
    method
        ``morris``, ``sobol`` or ``pawn``; the one that suits the design if None.

    Raises
    ------
    InputError
        If the method cannot read the design.
    ValueError
        If a value lacks: SALib would give zeros.
    """
    chosen = method or sample.method
    fits(sample, chosen)
    if not np.isfinite(outcome.values).all():
        raise ValueError("an outcome with gaps has no indices")
    remarks = _remarks(sample, outcome, chosen)
    if chosen == "pawn":
        rows = independent(sample)
        sample = replace(sample, table=sample.table[rows])
        outcome = replace(outcome, values=outcome.values[rows])
    statistics = (MEAN, SPREAD) if outcome.replications >= FEWEST_REPLICATIONS else (MEAN,)
    parts = tuple(_part(sample, outcome, chosen, one) for one in statistics)
    return Sensitivity(outcome, sample, chosen, parts, remarks)


def fits(sample: Sample, method: str) -> None:
    """Refuse a method that cannot read the design (InputError)."""
    wanted = {"morris": "morris", "sobol": "saltelli"}.get(method)
    kind = sample.design.kind
    message = ""
    if method not in METHODS:
        message = f"there is no method '{method}'; there are {', '.join(METHODS)}"
    elif wanted is not None and kind != wanted:
        message = (
            f"{method} needs a design of kind {wanted}, and this sweep has {kind}; pawn reads any but morris"
        )
    elif method == "pawn":
        rows = independent(sample)
        if rows is None:
            message = "pawn needs rows that do not hang together, and those of a morris design do"
        elif len(rows) < FEWEST_ROWS:
            message = f"pawn needs at least {FEWEST_ROWS} rows, and here are {len(rows)}"
    if message:
        raise InputError([Problem("command line", 1, 1, message)])


def _remarks(sample: Sample, outcome: Outcome, method: str) -> tuple[str, ...]:
    found = []
    n = outcome.replications
    if n < FEWEST_REPLICATIONS:
        text = "One replication: how much of this is luck cannot be told."
        if method != "pawn":
            text += (
                " There is no noise floor, and whatever moves the outcome at all counts as more than noise."
            )
        found.append(f"{text} Sweep with replications: 10.")
    elif n < FEW:
        found.append(f"{n} replications: the noise, and the spread, are no more than an example.")
    if sample.grouped and method != "pawn":
        found.append("Factors of a subject were varied together: an index is of the whole group.")
    return tuple(found)


def _part(sample: Sample, outcome: Outcome, method: str, statistic: str) -> Indices:
    import pandas as pd

    y = statistic_of(outcome.values, statistic)
    middle, deviation = float(y.mean()), float(y.std(ddof=1))
    if np.ptp(y) <= outcome.rounding:
        same = f"The {statistic} is the same in all {len(y):,} rows ({middle:.4g}): no factor moves it."
        return Indices(statistic, middle, 0.0, pd.DataFrame(), (same,))
    analyses: dict[str, Analysis] = {"morris": morris, "sobol": sobol, "pawn": pawn}
    again = resampled(outcome.values, statistic, common=sample.common)
    table = analyses[method](sample, y, again, outcome.replications)
    index = INDEX[method]
    table = table[table[index].notna()]
    # dummies of PAWN have met the chance in the points already; the other floors know replications only
    low = table[index] if method == "pawn" else table[index] - table[f"{index}_conf"]
    table = table.assign(above_floor=low > table["floor"].fillna(0.0))
    table = table.sort_values([index, "factor"], ascending=[False, True], ignore_index=True)
    return Indices(statistic, middle, deviation, table, _doubts(table, method, len(sample.factors)))


def _doubts(table: pd.DataFrame, method: str, factors: int) -> tuple[str, ...]:
    found = []
    if method == "pawn" and len(table) < factors:
        found.append(f"{factors - len(table)} factors take one value here and have no index.")
    if method == "sobol" and float(table["ST_conf"].max()) > WIDE:
        found.append(
            "Too few points: the widest interval of ST is over half of the variance; raise design.rows."
        )
    if not table["above_floor"].any():
        found.append("No index lies above the noise.")
    return tuple(found)
