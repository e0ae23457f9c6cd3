"""Knock-out: which feedback loop carries the effect of a variant.

The variant is run with all loops on, with all off, and with each one off, every time in the same futures and against
the same null alternative. A loop that is off reads its drivers from the null run, so that

* the *total* effect is variant minus null with all loops on;
* the *first-order* effect is the same with all loops off: what the levers do before anything feeds back;
* the part of a loop is the total minus the effect with that loop off;
* the *remainder* is total minus first-order minus all parts: loops that need each other, or stand in for each other.
  Parts are not additive, and the remainder says by how much.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wijksim.analysis.compare import DEFAULT_PAIRS, Comparison, compare, difference
from wijksim.analysis.intervals import mean_interval
from wijksim.kernel.loops import LOOPS
from wijksim.model.known import live_loops, scenario_of
from wijksim.scenario.resolve import Scenario

ALL_OFF = "all_off"
TOTAL, FIRST, REMAINDER = "total", "first_order", "remainder"
_COLUMNS = ("measure", "district", "year", "part", "effect", "low", "high")


@dataclass(frozen=True)
class Knockout:
    """Effects of one variant by loop.

    Attributes
    ----------
    scenario, null
        Ids.
    digests
        Hashes of variant and null, by which a report finds this result again.
    loops
        Loops knocked out one by one.
    pairs, seed, months
        Size of the experiment.
    table
        Columns ``measure, district, year, part, effect, low, high``; ``part`` is ``total``, ``first_order``, a loop
        or ``remainder``. Effects in the unit of the measure, with 95 % intervals over the pairs.
    """

    scenario: str
    null: str
    digests: dict[str, str]
    loops: tuple[str, ...]
    pairs: int
    seed: int
    months: int
    table: pd.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for files and ``--json``."""
        rows = self.table.astype(object).where(self.table.notna(), None)
        return {
            "scenario": self.scenario,
            "null": self.null,
            "digests": self.digests,
            "loops": {name: LOOPS[name] for name in self.loops},
            "pairs": self.pairs,
            "seed": self.seed,
            "months": self.months,
            "effects": rows.to_dict(orient="records"),
        }

    def save(self, folder: Path) -> Path:
        """Write ``knockout-SCENARIO.json``, whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"knockout-{self.scenario}.json"
        partial = path.with_suffix(".tmp")
        partial.write_text(json.dumps(self.as_dict(), indent=1, allow_nan=False) + "\n", encoding="utf-8")
        partial.replace(path)
        return path


def stored_knockout(folder: Path, digests: Mapping[str, str]) -> Knockout | None:
    """Find a stored result again; None if the folder has none of these scenarios.

    Parameters
    ----------
    folder
        Where :meth:`Knockout.save` wrote.
    digests
        Of ``scenario`` and ``null``; a result of another version of either is passed over, and so is a file that
        cannot be read.
    """
    for path in sorted(folder.glob("knockout-*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["digests"] != dict(digests):
                continue
            table = pd.DataFrame(data["effects"], columns=list(_COLUMNS))
            table = table.astype(dict.fromkeys(("effect", "low", "high"), np.float64))
            names = ("scenario", "null", "digests", "pairs", "seed", "months")
            return Knockout(**{name: data[name] for name in names}, loops=tuple(data["loops"]), table=table)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def knockout(
    scenario: Scenario | str | Path,
    *,
    null: Scenario | str | Path = "baseline",
    loops: Sequence[str] | None = None,
    measures: Sequence[str] | None = None,
    pairs: int = DEFAULT_PAIRS,
    seed: int = 0,
    months: int | None = None,
    workers: int | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Knockout:
    """Run a variant with its loops off, one by one and together.

    Parameters
    ----------
    scenario, null
        Variant and null alternative.
    loops
        Loops to knock out one by one; all that influences carry if omitted.
    measures
        Measures to report; all recorded ones if omitted.
    pairs, seed, months, workers, done
        As for :func:`wijksim.analysis.compare.compare`.

    Raises
    ------
    InputError
        If a scenario has errors.
    ValueError
        If the variant switches loops off itself, or a loop does not exist.
    """
    variant, base = scenario_of(scenario), scenario_of(null)
    every = live_loops()
    chosen = tuple(loops) if loops is not None else every
    unknown = sorted(set(chosen) - set(every))
    if unknown:
        raise ValueError(f"no influence carries the loop {unknown[0]!r}; there are {', '.join(every)}")
    if variant.loops_off or base.loops_off:
        raise ValueError(f"{variant.id} and {base.id} must have all loops on: knocking out is done here")
    runs = [base, variant, _off(variant, every, ALL_OFF), *(_off(variant, (name,), name) for name in chosen)]
    comparison = compare(
        runs, pairs=pairs, seed=seed, months=months, workers=workers, done=done, measures=measures
    )
    return Knockout(
        scenario=variant.id,
        null=base.id,
        digests={"scenario": variant.digest, "null": base.digest},
        loops=chosen,
        pairs=pairs,
        seed=seed,
        months=comparison.months,
        table=effects(comparison, chosen),
    )


def _off(scenario: Scenario, loops: Sequence[str], name: str) -> Scenario:
    return replace(scenario, id=f"{scenario.id}/{name}", loops_off=tuple(sorted(loops)))


def effects(comparison: Comparison, loops: Sequence[str]) -> pd.DataFrame:
    """Split of the effects of a comparison whose scenarios are null, variant, all off, and each of ``loops`` off."""
    rows: list[dict[str, Any]] = []
    for kind in comparison.measures:
        values = comparison.yearly(kind.name)
        for year in comparison.years:
            for place, district in enumerate(comparison.districts):
                base = values[:, 0, year - 1, place]
                change = [
                    difference(values[:, run, year - 1, place], base) for run in range(1, values.shape[1])
                ]
                rows += [
                    {"measure": kind.name, "district": district, "year": year, "part": part, **_summary(each)}
                    for part, each in split(change[0], change[1], dict(zip(loops, change[2:], strict=True)))
                ]
    return pd.DataFrame(rows)


def split(
    total: NDArray[np.float64], first: NDArray[np.float64], without: dict[str, NDArray[np.float64]]
) -> list[tuple[str, NDArray[np.float64]]]:
    """Parts of an effect per future: total, first-order, loop by loop, remainder.

    Parameters
    ----------
    total, first
        Variant minus null with all loops on, and with all off, shape ``(pairs,)``.
    without
        The same with one loop off, by loop.
    """
    parts = [(name, total - each) for name, each in without.items()]
    rest = total - first - sum([part for _, part in parts], np.zeros_like(total))
    return [(TOTAL, total), (FIRST, first), *parts, (REMAINDER, rest)]


def _summary(values: NDArray[np.float64]) -> dict[str, float]:
    mean, low, high = mean_interval(values[np.isfinite(values)])
    bounded = np.isfinite(low) and np.isfinite(high)
    return {"effect": mean, "low": low if bounded else np.nan, "high": high if bounded else np.nan}
