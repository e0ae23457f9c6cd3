"""What a sensitivity analysis reads: the points of a design, and one outcome of every run there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.runs.recorder import CITY
from wijksim.runs.sweeps.designs import problem_of
from wijksim.runs.sweeps.experiment import Design, Factor
from wijksim.runs.sweeps.plan import FAILED
from wijksim.runs.sweeps.results import SweepResults

if TYPE_CHECKING:
    import pandas as pd

METHODS = ("morris", "sobol", "pawn")
MEAN, SPREAD = "mean", "spread"
FEWEST_REPLICATIONS = 2  # of which a spread, and the noise of a mean, can be told


@dataclass(frozen=True)
class Sample:
    """Points at which the model was run.

    Attributes
    ----------
    factors
        What was varied.
    table
        Values, shape ``(rows, factors)``.
    design
        How the points were chosen.
    common
        Whether a replication is the same future in every row.
    """

    factors: tuple[Factor, ...]
    table: NDArray[np.float64]
    design: Design
    common: bool

    @property
    def grouped(self) -> bool:
        """Whether the factors of a subject were varied together."""
        return self.design.groups and self.design.kind in ("morris", "saltelli")

    @property
    def problem(self) -> dict[str, Any]:
        """The factors in the form that SALib reads."""
        return problem_of(self.factors, groups=self.grouped)

    @property
    def names(self) -> list[str]:
        """What gets an index each: factors, or groups in the order in which they first appear."""
        every = [one.subject if self.grouped else one.name for one in self.factors]
        return list(dict.fromkeys(every))

    @property
    def method(self) -> str:
        """Method that suits the design."""
        return {"morris": "morris", "saltelli": "sobol"}.get(self.design.kind, "pawn")


@dataclass(frozen=True)
class Outcome:
    """One outcome of every run.

    Attributes
    ----------
    measure
        Name, label, unit and so on.
    district, year
        Where and when.
    scenario, null
        Whose outcome it is; ``null`` is what was taken off, None for a level.
    values
        Shape ``(rows, replications)``, without gaps.
    rounding
        Differences below this come from the precision in which results are stored.
    """

    measure: dict[str, Any]
    district: str
    year: int
    scenario: str
    null: str | None
    values: NDArray[np.float64]
    rounding: float = 0.0

    @property
    def replications(self) -> int:
        """Futures per row."""
        return int(self.values.shape[1])

    @property
    def words(self) -> str:
        """What the numbers are, for a heading."""
        of = self.scenario if self.null is None else f"{self.scenario} minus {self.null}"
        return f"{self.measure['name']}, {of}, {self.district}, year {self.year}"


def sample_of(results: SweepResults) -> Sample:
    """Points of a sweep."""
    parts = results.manifest["parts"]
    written = {key: value for key, value in parts["design"].items() if key != "table"}
    names = [one.name for one in results.factors]
    table = results.design[names].to_numpy(np.float64)
    if not names:
        _refuse(results, "this sweep varies nothing, so that nothing can be sensitive to it")
    return Sample(results.factors, table, Design(**written), parts["luck"] == "common")


def outcome_of(
    results: SweepResults,
    measure: str,
    *,
    scenario: str | None = None,
    difference: bool | None = None,
    district: str = CITY,
    year: int | None = None,
) -> Outcome:
    """Read one outcome of a sweep.

    Parameters
    ----------
    results
        A finished sweep.
    measure, district, year
        Which; the last year that was kept if None.
    scenario
        Whose; the first variant if None, or the null alternative where there is none.
    difference
        Whether to take the null alternative in the same future off; None does so for a variant.

    Raises
    ------
    InputError
        If something is unknown, or a run has no value.
    """
    chosen = scenario or results.scenarios[min(1, len(results.scenarios) - 1)]
    if chosen not in results.scenarios:
        guess = did_you_mean(chosen, results.scenarios)
        message = f"this sweep has no scenario '{chosen}'; it has {', '.join(results.scenarios)}"
        raise InputError([Problem(str(results.folder), 1, 1, message, guess)])
    paired = chosen != results.null if difference is None else difference
    if paired and chosen == results.null:
        _refuse(results, f"'{chosen}' is the null alternative and differs nowhere from itself")
    used = [chosen, results.null] if paired else [chosen]
    found = _complete(results, results.outcomes(measure, district=district, year=year)[used])
    values = found[chosen] - found[results.null] if paired else found[chosen]
    largest = float(found.abs().to_numpy().max())
    return Outcome(
        measure=next(one for one in results.measures() if one["name"] == measure),
        district=district,
        year=results.years[-1] if year is None else year,
        scenario=chosen,
        null=results.null if paired else None,
        values=values.unstack("replication_id").sort_index().to_numpy(np.float64),
        rounding=_ROUNDING * float(np.finfo(np.float32).eps) * largest,
    )


_ROUNDING = 4  # values of a difference are each off by half a step, and a mean of few by no more


def _complete(results: SweepResults, found: pd.DataFrame) -> pd.DataFrame:
    """Values of all rows in all replications that were begun; InputError if one lacks."""
    import pandas as pd

    # a sweep that was precise enough, or out of budget, has whole replications fewer than was asked
    begun = sorted(set(results.runs["replication_id"]))
    index = pd.MultiIndex.from_product([results.design.index, begun], names=["row", "replication_id"])
    whole = found.reindex(index)
    gaps = set(whole.index[whole.isna().any(axis=1)].get_level_values("row"))
    if gaps:
        _refuse(results, _why(results, whole, gaps))
    return whole


def _why(results: SweepResults, whole: pd.DataFrame, gaps: set[int]) -> str:
    """Say why rows have no value, and what to do."""
    runs = results.runs[results.runs["scenario_id"].isin(whole.columns)]
    failed = set(runs.loc[runs["status"] == FAILED, "row"])
    stored = set(zip(runs["scenario_id"], runs["row"], runs["replication_id"], strict=True))
    undone = {row for name in whole.columns for row, one in whole.index if (name, row, one) not in stored}
    rows = f"{len(gaps)} of {len(results.design)} rows have no value"
    if not gaps & (failed | undone):
        return f"{rows} although their runs succeeded: nobody is there whom this measure counts"
    why = f"{len(gaps & failed)} failed, {len(gaps & undone - failed)} not done"
    again = f"wijksim sweep {results.manifest['experiment']} --resume --out {results.folder}"
    return f"{rows} ({why}), and indices over the others would be wrong; do them first: {again}"


def _refuse(results: SweepResults, message: str) -> NoReturn:
    raise InputError([Problem(str(results.folder), 1, 1, message)])
