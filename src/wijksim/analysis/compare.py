"""Variants against the null alternative, in the same futures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wijksim.analysis.intervals import LOOK_DF, looks, paired, variance_ratio
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.model.known import scenario_of
from wijksim.runs.batch import FutureResult, default_workers, run_futures
from wijksim.runs.closeup import Closeup
from wijksim.runs.recorder import CITY
from wijksim.runs.run import recorded
from wijksim.scenario.resolve import Scenario

READOUT_YEARS = (4, 8, 20)
DEFAULT_PAIRS = 10


@dataclass
class Comparison:
    """Results of several scenarios in the same futures; the first is the null alternative.

    Attributes
    ----------
    scenarios
        Null first.
    measures
        Measures recorded, in the order of axis 3.
    districts
        Names, ``city`` last.
    seeds
        Futures, in the order of axis 0.
    numerator, denominator
        Shape ``(futures, scenarios, months, measures, districts)``, ``city`` included.
    futures
        Raw results, groups and facts included.
    most_df
        Degrees of freedom that intervals use at most, where the number of futures was chosen by looking.
    """

    scenarios: tuple[Scenario, ...]
    measures: tuple[type[Measure], ...]
    districts: tuple[str, ...]
    seeds: tuple[int, ...]
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    futures: list[FutureResult]
    most_df: int | None = None

    @property
    def null(self) -> Scenario:
        """Null alternative."""
        return self.scenarios[0]

    @property
    def months(self) -> int:
        """Months simulated."""
        return int(self.numerator.shape[2])

    @property
    def closeups(self) -> tuple[Closeup, ...]:
        """What was seen from nearby in the first future, per scenario; empty unless that was asked."""
        return self.futures[0].closeups

    @property
    def years(self) -> tuple[int, ...]:
        """Read-out years within the run."""
        return readout_years(self.months)

    def position(self, measure: str) -> int:
        """Place of a measure on axis 3; KeyError if it was not recorded."""
        names = [kind.name for kind in self.measures]
        if measure not in names:
            raise KeyError(f"measure {measure!r} was not recorded")
        return names.index(measure)

    def monthly(self, measure: str) -> NDArray[np.float64]:
        """Values per month, shape ``(futures, scenarios, months, districts)``."""
        k = self.position(measure)
        return _ratio(self.numerator[:, :, :, k], self.denominator[:, :, :, k]) * self.measures[k].scale

    def yearly(self, measure: str) -> NDArray[np.float64]:
        """Means over the months of each year, shape ``(futures, scenarios, years, districts)``."""
        years = max(self.months // MONTHS_PER_YEAR, 1)
        length = min(self.months, MONTHS_PER_YEAR)
        k = self.position(measure)
        top = self.numerator[:, :, : years * length, k]
        bottom = self.denominator[:, :, : years * length, k]
        shape = (*top.shape[:2], years, length, top.shape[3])
        return (
            _ratio(top.reshape(shape).sum(axis=3), bottom.reshape(shape).sum(axis=3)) * self.measures[k].scale
        )

    def table(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """Paired differences.

        Parameters
        ----------
        years
            Years of the run (1 is the first); 4, 8 and 20 if omitted. A value is the mean over the year.

        Returns
        -------
        pandas.DataFrame
            Columns ``measure, district, year, scenario, null, difference, low, high, share_better, pairs,
            verdict``, one row per combination; ``null`` is the mean level of the null alternative.
        """
        wanted = tuple(years) if years is not None else self.years
        rows: list[dict[str, Any]] = []
        for kind in self.measures:
            values = self.yearly(kind.name)
            for year in wanted:
                for d, district in enumerate(self.districts):
                    base = values[:, 0, year - 1, d]
                    for s, scenario in enumerate(self.scenarios[1:], start=1):
                        change = difference(values[:, s, year - 1, d], base)
                        result = paired(change, kind.direction, most_df=self.most_df)
                        rows.append(
                            {
                                "measure": kind.name,
                                "district": district,
                                "year": year,
                                "scenario": scenario.id,
                                "null": float(np.nanmean(base)) if np.isfinite(base).any() else float("nan"),
                                "difference": result.mean,
                                "low": result.low,
                                "high": result.high,
                                "share_better": result.share_better,
                                "pairs": result.pairs,
                                "verdict": result.verdict,
                            }
                        )
        return pd.DataFrame(rows)

    def variance_ratios(self, measures: Sequence[str], years: Sequence[int] = (4, 8)) -> pd.DataFrame:
        """How much pairing gains: variance with independent futures over variance with paired ones.

        Returns
        -------
        pandas.DataFrame
            Columns ``measure, year, scenario, district, ratio``.
        """
        rows = []
        for name in measures:
            values = self.yearly(name)
            for year in years:
                for s, scenario in enumerate(self.scenarios[1:], start=1):
                    for d, district in enumerate(self.districts):
                        base = values[:, 0, year - 1, d]
                        ratio = variance_ratio(base, base + difference(values[:, s, year - 1, d], base))
                        rows.append(
                            {
                                "measure": name,
                                "year": year,
                                "scenario": scenario.id,
                                "district": district,
                                "ratio": ratio,
                            }
                        )
        return pd.DataFrame(rows)


def compare(
    scenarios: Sequence[Scenario | str | Path],
    *,
    pairs: int = DEFAULT_PAIRS,
    seed: int = 0,
    months: int | None = None,
    workers: int | None = None,
    done: Callable[[int, int], None] | None = None,
    measures: Sequence[str] | None = None,
    enough: Callable[[Comparison], bool] | None = None,
    books: bool = False,
    closely: bool = False,
) -> Comparison:
    """Run scenarios in the same futures.

    Parameters
    ----------
    scenarios
        Two or more; the first is the null alternative.
    pairs
        Futures; with ``enough``, the most there may be.
    seed
        First future; the others follow it.
    months
        Length of every run; the shortest of the scenarios if omitted.
    workers
        Processes; all cores if omitted. Results do not depend on it.
    done
        Called after every future with futures done and futures in all.
    measures
        Names of measures to record; all that the scenarios ask for if omitted.
    enough
        Asked after blocks of futures (:func:`wijksim.analysis.intervals.looks`); True ends the runs. Intervals of
        the result then use fewer degrees of freedom (:data:`wijksim.analysis.intervals.LOOK_DF`).
    books
        Keep the books of every run as well (:mod:`wijksim.runs.ledgers`): who came and went, and every flow of money.
    closely
        Look at the first future from nearby as well, for pictures (:mod:`wijksim.runs.closeup`); results stay the same.

    Raises
    ------
    InputError
        If a scenario has errors.
    ValueError
        If there are fewer than two scenarios, no pairs, or they record different measures or districts.
    """
    specs = _comparable(scenarios, pairs)
    length = months if months is not None else min(spec.months for spec in specs)
    names = tuple(MEASURES.get(name) for name in recorded(specs[0], measures))
    run = partial(
        run_futures,
        specs,
        months=length,
        workers=workers or default_workers(),
        only=measures,
        readouts=readout_months(length) if books else (),
        closely=seed if closely else None,
    )
    gathered, seeds = partial(_gathered, specs, names), tuple(range(seed, seed + pairs))
    return _until_enough(run, gathered, seeds, done=done, enough=enough)


def _until_enough(
    run: Callable[..., list[FutureResult]],
    gathered: Callable[..., Comparison],
    seeds: tuple[int, ...],
    *,
    done: Callable[[int, int], None] | None,
    enough: Callable[[Comparison], bool] | None,
) -> Comparison:
    """Run blocks of futures until ``enough`` says so or all ``seeds`` are done; without it they are one block."""
    pairs = len(seeds)
    futures: list[FutureResult] = []
    for until in (pairs,) if enough is None else looks(pairs):
        futures += run(seeds[len(futures) : until], done=_counted(done, len(futures), pairs))
        comparison = gathered(futures, most_df=None if enough is None else LOOK_DF)
        if enough is not None and enough(comparison):
            break
    return comparison


def _comparable(scenarios: Sequence[Scenario | str | Path], pairs: int) -> tuple[Scenario, ...]:
    """Load the scenarios; refuse what cannot be compared."""
    specs = tuple(scenario_of(scenario) for scenario in scenarios)
    if len(specs) < 2:
        raise ValueError("a comparison needs a null alternative and at least one variant")
    if pairs < 1:
        raise ValueError("a comparison needs at least one pair")
    _same_frame(specs)
    return specs


def readout_years(months: int) -> tuple[int, ...]:
    """Read-out years within a run; the last whole year of a run that is too short for all of them."""
    inside = tuple(year for year in READOUT_YEARS if year * MONTHS_PER_YEAR <= months)
    return inside or (max(months // MONTHS_PER_YEAR, 1),)


def readout_months(months: int) -> tuple[int, ...]:
    """Numbers of months at whose end the read-out years are over."""
    return tuple(min(year * MONTHS_PER_YEAR, months) for year in readout_years(months))


def _counted(
    done: Callable[[int, int], None] | None, before: int, pairs: int
) -> Callable[[int, int], None] | None:
    """Count the futures of a block among those of all blocks."""
    return None if done is None else lambda now, _: done(before + now, pairs)


def _gathered(
    specs: tuple[Scenario, ...],
    measures: tuple[type[Measure], ...],
    futures: list[FutureResult],
    *,
    most_df: int | None,
) -> Comparison:
    return Comparison(
        scenarios=specs,
        measures=measures,
        districts=(*(district.name for district in specs[0].world.districts), CITY),
        seeds=tuple(future.seed for future in futures),
        numerator=_with_city(np.stack([future.numerator for future in futures])),
        denominator=_with_city(np.stack([future.denominator for future in futures])),
        futures=list(futures),
        most_df=most_df,
    )


def difference(variant: NDArray[np.float64], null: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variant minus null; what is no more than rounding of the sums counts as no difference at all."""
    result = variant - null
    scale = np.nanmax(np.abs(null), initial=0.0, where=np.isfinite(null))
    return np.where(np.abs(result) <= scale * np.finfo(np.float32).eps / 100, 0.0, result)


def _same_frame(specs: Sequence[Scenario]) -> None:
    first = specs[0]
    for spec in specs[1:]:
        if spec.record.measures != first.record.measures:
            raise ValueError(f"{spec.id} records other measures than {first.id}")
        names = [district.name for district in spec.world.districts]
        if names != [district.name for district in first.world.districts]:
            raise ValueError(f"{spec.id} has other districts than {first.id}")


def _with_city(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([values, values.sum(axis=-1, keepdims=True)], axis=-1)


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio: NDArray[np.float64] = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
    return ratio
