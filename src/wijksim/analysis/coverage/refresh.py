"""The effect of every row: paired runs with it and without it, and the level of every outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
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
from wijksim.runs.batch import in_seeds, run_future
from wijksim.runs.recorder import CITY
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
    outcomes: bool = True,
    done: Callable[[int, int], None] | None = None,
) -> Table:
    """Run every case and the case against which it is told in the same futures.

    Parameters
    ----------
    wanted
        Cases to try.
    pairs, seed
        Number of futures and the first.
    outcomes
        Whether the levels of all outcomes are read too.
    """
    scenarios, places = scenarios_of(wanted, overrides=overrides)
    read = {case.moves for case in wanted}
    asked = [row.key for row in rows().values() if row.outcome] if outcomes else []
    read |= {name for key in asked for name in measures_of(key)}
    measures = sorted(read)
    levels = np.stack(
        in_seeds(partial(_levels, scenarios, measures), range(seed, seed + pairs), workers=workers, done=done)
    )
    names = [*(district.name for district in scenarios[0].world.districts), CITY]
    effects = [
        replace(_effect(case, levels[:, list(sides)], measures, names), holds=holds)
        for case, sides, holds in zip(wanted, places, takes_hold_of(wanted), strict=True)
    ]
    for key in asked:
        effects += [
            _level(key, name, levels[:, 0, measures.index(name), names.index(TREATED)])
            for name in measures_of(key)
        ]
    return Table(tuple(effects), pairs, scenarios[0].months, scenarios[0].world.size, seed)


def refresh_rows(
    kept: Table, keys: Collection[str], *, workers: int = 1, done: Callable[[int, int], None] | None = None
) -> Table:
    """Run some rows again in the futures of a table, and put what comes of them into it.

    Parameters
    ----------
    kept
        Table whose futures are used again; months and residents must still be those of the cases.
    keys
        Rows; levels of outcomes stay as they are.

    Raises
    ------
    ValueError
        If the cases no longer run as long or with as many residents as the table says.
    """
    wanted = [case for case in cases() if case.row in keys]
    fresh = refresh(wanted, pairs=kept.pairs, seed=kept.seed, workers=workers, outcomes=False, done=done)
    if (fresh.months, fresh.residents) != (kept.months, kept.residents):
        raise ValueError("the table was made with other months or residents: refresh all rows")
    stay = [one for one in kept.effects if one.row not in keys or not one.digest]
    found = [*stay, *fresh.effects]
    order = {case: number for number, case in enumerate((case.row, case.digest) for case in cases())}
    # rows with a case in the order of the cases, then levels of outcomes as they were
    ranked = sorted(
        (one for one in found if one.digest), key=lambda one: order.get((one.row, one.digest), len(order))
    )
    return replace(kept, effects=(*ranked, *(one for one in found if not one.digest)))


def _levels(scenarios: Sequence[Scenario], measures: Sequence[str], seed: int) -> NDArray[np.float64]:
    """Means over the last years, shape ``(scenarios, measures, districts and city)``."""
    months = scenarios[0].months
    future = run_future(scenarios, seed, months, only=measures)
    last = slice(max(months - LAST_YEARS * MONTHS_PER_YEAR, 0), months)
    kinds = [MEASURES.get(name) for name in measures]
    top, bottom = (part[:, last].sum(axis=1) for part in (future.numerator, future.denominator))
    top, bottom = (np.concatenate([part, part.sum(axis=2, keepdims=True)], axis=2) for part in (top, bottom))
    scale = np.array([kind.scale for kind in kinds])[None, :, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(bottom > 0, top / bottom, np.nan) * scale)


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
