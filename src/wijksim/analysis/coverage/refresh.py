"""The effect of every row: paired runs with it and without it, and the level of every outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.compare import difference
from wijksim.analysis.coverage.cases import TREATED, Case, cases, measures_of, rows, scenarios_of
from wijksim.analysis.coverage.mechanisms import takes_hold_of
from wijksim.analysis.coverage.table import Effect, Table
from wijksim.analysis.intervals import mean_interval
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.measure import MEASURES
from wijksim.model.engine import Engine
from wijksim.runs.batch import in_seeds
from wijksim.runs.forks import run_tree
from wijksim.runs.recorder import CITY
from wijksim.runs.run import Recording
from wijksim.scenario.resolve import Scenario

LAST_YEARS = 5
"""Years at the end of a run over which a measure is read."""


def refresh(
    wanted: Sequence[Case],
    *,
    pairs: int,
    seed: int = 0,
    workers: int = 1,
    overrides: Mapping[str, Any] | None = None,
    outcomes: Collection[str] | None = None,
    done: Callable[[int, int], None] | None = None,
    failed: Callable[[str], None] | None = None,
) -> Table:
    """Run every case and the case against which it is told in the same futures.

    A run that fails takes its pair out and leaves the others; a row of which no pair is left keeps nothing.

    Parameters
    ----------
    wanted
        Cases to try.
    pairs, seed
        Number of futures and the first.
    outcomes
        Rows of the outcomes whose levels are read too; all if omitted.
    failed
        Told of every run that failed, in words.
    """
    scenarios, places = scenarios_of(wanted, overrides=overrides)
    read = {case.moves for case in wanted}
    asked = [row.key for row in rows().values() if row.outcome and (outcomes is None or row.key in outcomes)]
    read |= {name for key in asked for name in measures_of(key)}
    measures = sorted(read)
    seeds = range(seed, seed + pairs)
    found = in_seeds(partial(_levels, scenarios, measures), seeds, workers=workers, done=done)
    levels = np.stack([future for future, _ in found])
    for words in (words for _, failures in found for words in failures):
        if failed is not None:
            failed(words)
    names = [*(district.name for district in scenarios[0].world.districts), CITY]
    effects = [
        replace(_effect(case, levels[:, list(sides)], measures, names), holds=holds)
        for case, sides, holds in zip(wanted, places, takes_hold_of(wanted), strict=True)
        if np.isfinite(levels[:, list(sides)]).any(axis=(2, 3)).all(axis=1).any()
    ]
    for key in asked:
        effects += [
            _level(key, name, levels[:, 0, measures.index(name), names.index(TREATED)])
            for name in measures_of(key)
        ]
    return Table(tuple(effects), pairs, scenarios[0].months, scenarios[0].world.size, seed)


def refresh_rows(
    kept: Table,
    keys: Collection[str],
    *,
    workers: int = 1,
    done: Callable[[int, int], None] | None = None,
    failed: Callable[[str], None] | None = None,
) -> Table:
    """Run some rows again in the futures of a table, and put what comes of them into it.

    Parameters
    ----------
    kept
        Table whose futures are used again; months and residents must still be those of the cases.
    keys
        Rows; the levels of other outcomes stay as they are.

    Raises
    ------
    ValueError
        If the cases no longer run as long or with as many residents as the table says.
    """
    wanted = [case for case in cases() if case.row in keys]
    futures: dict[str, Any] = {"pairs": kept.pairs, "seed": kept.seed, "workers": workers}
    fresh = refresh(wanted, **futures, outcomes=keys, done=done, failed=failed)
    if (fresh.months, fresh.residents) != (kept.months, kept.residents):
        raise ValueError("the table was made with other months or residents: refresh all rows")
    found = [*(one for one in kept.effects if one.row not in keys), *fresh.effects]
    order = {case: number for number, case in enumerate((case.row, case.digest) for case in cases())}
    last = {key: len(order) + number for number, key in enumerate(rows())}
    # rows with a case in the order of the cases, then levels of outcomes in that of the rows
    ranked = sorted(found, key=lambda one: order.get((one.row, one.digest), last.get(one.row, len(order))))
    return replace(kept, effects=tuple(ranked))


@dataclass(frozen=True)
class _Means:
    """Watches runs, and keeps the means of measures over the last years."""

    measures: tuple[str, ...]
    months: int

    def alike(self, scenario: Scenario) -> Hashable:
        """All are watched alike."""
        return self.measures

    def begin(self, engine: Engine, scenario: Scenario) -> Recording:
        """Watch from the first month."""
        return Recording.begin(engine, scenario, self.months, only=self.measures)

    def end(self, engine: Engine, watch: Recording) -> NDArray[np.float64]:
        """Means, shape ``(measures, districts and city)``."""
        recorder = watch.end(engine)
        last = slice(max(self.months - LAST_YEARS * MONTHS_PER_YEAR, 0), self.months)
        top, bottom = (part[last].sum(axis=0) for part in (recorder.numerator, recorder.denominator))
        top, bottom = (
            np.concatenate([part, part.sum(axis=1, keepdims=True)], axis=1) for part in (top, bottom)
        )
        scale = np.array([MEASURES.get(name).scale for name in self.measures])[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(bottom > 0, top / bottom, np.nan) * scale)


def _levels(
    scenarios: Sequence[Scenario], measures: Sequence[str], seed: int
) -> tuple[NDArray[np.float64], list[str]]:
    """Means over the last years, shape ``(scenarios, measures, districts and city)``, and what failed, in words."""
    means = _Means(tuple(measures), scenarios[0].months)
    found = np.full((len(scenarios), len(measures), len(scenarios[0].world.districts) + 1), np.nan)
    failures = []
    for ended in run_tree(scenarios, seed, means.months, means):
        if ended.failure is None:
            found[list(ended.places)] = ended.result
            continue
        names = ", ".join(scenarios[place].id for place in ended.places)
        failures.append(f"{names}, future {seed}: {type(ended.failure).__name__}: {ended.failure}")
    return found, failures


def _effect(case: Case, sides: NDArray[np.float64], measures: Sequence[str], names: Sequence[str]) -> Effect:
    """Of ``sides``, shape ``(pairs, sides, measures, places)``: with the row, without it, and each part alone."""
    place = names.index(case.where or CITY)
    k = measures.index(case.moves)
    whole, base, *parts = np.moveaxis(sides[:, :, k, place], 1, 0)
    change = difference(whole, base)
    for part in parts:
        change = change - difference(part, base)
    first = float(change[0])
    change = change[np.isfinite(change)]
    mean, low, high = mean_interval(change)
    return Effect(
        case.row, case.carrier, case.moves, case.where or CITY, case.sign, case.digest, float(np.nanmean(base)),
        mean, low, high, first,
    )  # fmt: skip


def _level(row: str, measure: str, values: NDArray[np.float64]) -> Effect:
    known = values[np.isfinite(values)]
    mean, low, high = mean_interval(known)
    return Effect(row, measure, measure, TREATED, 0, "", mean, mean, low, high, float(values[0]))
