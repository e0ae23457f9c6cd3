"""One run: a pure function of a resolved scenario, a seed and a number of months."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import wijksim.measures  # noqa: F401  (registers the shipped measures)
from wijksim.kernel.context import Counters
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.model.assemble import warmed_up, with_policy
from wijksim.model.engine import Engine, Observer
from wijksim.model.groups import GROUPS
from wijksim.model.known import scenario_of
from wijksim.runs.budget import Budget
from wijksim.runs.digest import digest_table
from wijksim.runs.manifest import manifest
from wijksim.runs.recorder import Recorder
from wijksim.runs.tally import Tally
from wijksim.scenario.resolve import Scenario

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]


@dataclass(repr=False)
class RunResult:
    """Results of one run.

    Attributes
    ----------
    scenario
        What was run.
    manifest
        What is needed to make it again, and what every run must print (``facts``).
    recorder
        Numerators and denominators per month, measure and district.
    budget
        What every party paid, for what and for whose sake, per year and district.
    seconds
        Wall time of build, warm-up and run (not part of the manifest: it is not reproducible).
    """

    scenario: Scenario
    manifest: dict[str, Any]
    recorder: Recorder
    budget: Budget
    seconds: dict[str, float] = field(default_factory=dict)

    def __repr__(self) -> str:
        months, facts = self.manifest["months"], self.manifest["facts"]
        return (
            f"<RunResult {self.scenario.id}, seed {self.manifest['seed']}, {months} months, "
            f"{facts['residents']:,} residents at the end; see .table>"
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """Tidy results: columns ``month, district, group, measure, value``; ``group == "all"`` is everybody."""
        return self.recorder.table()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonically sorted results."""
        return digest_table(self.table)

    def save(self, folder: Path) -> list[Path]:
        """Write results, budgets, measures, manifest and resolved scenario; each file appears whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        results = folder / "results.parquet"
        temporary = results.with_suffix(".tmp")
        self.table.to_parquet(temporary, index=False)
        temporary.replace(results)
        texts = {
            "measures.json": json.dumps([describe(measure) for measure in self.recorder.measures], indent=1),
            "manifest.json": json.dumps({**self.manifest, "digest": self.digest}, indent=1),
            "scenario.yaml": self.scenario.to_yaml(),
        }
        budget = folder / "budget.parquet"
        temporary = budget.with_suffix(".tmp")
        self.budget.table().to_parquet(temporary, index=False)
        temporary.replace(budget)
        written = [results, budget]
        for name, text in texts.items():
            path = folder / name
            partial = path.with_suffix(path.suffix + ".tmp")
            partial.write_text(text + ("" if text.endswith("\n") else "\n"), encoding="utf-8")
            partial.replace(path)
            written.append(path)
        return written


def describe(measure: Measure | type[Measure]) -> dict[str, Any]:
    """Name, unit, direction and labels of a measure, for files and lists."""
    return {
        "name": measure.name,
        "label": measure.label,
        "label_nl": measure.label_nl,
        "unit": measure.unit,
        "direction": measure.direction,
        "theme": measure.theme,
        "table": measure.table,
        "flow": measure.flow,
        "outcome": list(measure.outcome),
    }


def recorder_for(
    scenario: Scenario, months: int, districts: list[str], *, only: Sequence[str] | None = None
) -> Recorder:
    """Make the recorder that a scenario's ``record`` asks for, of the measures in ``only`` if that is given."""
    names = recorded(scenario, only)
    return Recorder(
        [MEASURES.get(name)() for name in names],
        districts,
        months,
        groups=scenario.record.groups if scenario.record.groups is not None else tuple(GROUPS),
        readouts=scenario.record.readouts,
    )


def recorded(scenario: Scenario, only: Sequence[str] | None = None) -> tuple[str, ...]:
    """Names of the measures that a scenario records, of those in ``only`` if that is given."""
    names = tuple(scenario.record.measures or MEASURES.names())
    return names if only is None else tuple(name for name in names if name in set(only))


def record_run(
    engine: Engine,
    scenario: Scenario,
    months: int,
    progress: Progress | None = None,
    *,
    only: Sequence[str] | None = None,
) -> Recorder:
    """Run a warmed-up engine for ``months`` and return what was recorded; counters start anew."""
    recorder = recorder_for(scenario, months, engine.ctx.settings["district_names"], only=only)
    engine.ctx.counters = Counters()
    tally = Tally(engine.ctx)
    watching: list[Observer] = [recorder, tally]
    engine.observers += watching
    for done in range(months):
        engine.advance()
        if progress is not None:
            progress(done + 1, months)
    engine.observers = [one for one in engine.observers if one not in watching]
    tally.close(engine.ctx)
    return recorder


def run(
    scenario: Scenario | str | Path,
    *,
    seed: int = 0,
    months: int | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Build, warm up and run a scenario.

    Parameters
    ----------
    scenario
        Scenario, or the name or path of one.
    seed
        Future: the same seed meets the same luck in every scenario.
    months
        Length of the run; that of the scenario if omitted.
    progress
        Called after every month with months done and months in all.

    Raises
    ------
    InputError
        If the scenario has errors, all of them with file, line and column.
    ValueError
        If there are no months, or the seed is negative.
    """
    spec = scenario_of(scenario)
    length = spec.months if months is None else months
    if length < 1:
        raise ValueError(f"a run takes at least one month, got {length}")
    started = time.perf_counter()
    engine = warmed_up(spec, seed)
    warm = time.perf_counter()
    residents = len(engine.ctx.world.resident)
    budget = Budget(engine.ctx.settings["district_names"], length)
    engine = with_policy(engine, spec)
    engine.observers.append(budget)
    recorder = record_run(engine, spec, length, progress)
    ended = time.perf_counter()
    facts = engine_facts(engine)
    facts["residents_at_start"] = residents
    return RunResult(
        scenario=spec,
        manifest={**manifest(spec, seed, length), "facts": facts},
        recorder=recorder,
        budget=budget,
        seconds={"build_and_warmup": warm - started, "run": ended - warm},
    )


def engine_facts(engine: Engine) -> dict[str, Any]:
    """Numbers worth printing in every run: caps, sums and what mechanisms report."""
    ctx = engine.ctx
    facts: dict[str, Any] = {
        "caps": {name: round(share, 6) for name, share in ctx.counters.capped_share().items()},
        "sums": {name: float(total) for name, total in sorted(ctx.counters.sums.items())},
        "deviations": [
            {"district": name, "figure": worst[0], "target": float(worst[1]), "realised": float(worst[2])}
            for name, report in ctx.settings["deviations"]
            for worst in [max(report, key=lambda row: abs(row[3]))]
        ],
        "residents": len(ctx.world.resident),
        "reference.processes_measured_here": len(ctx.reference.measured_here),
        "bytes": ctx.world.nbytes(),
    }
    facts |= sorted(ctx.counters.peaks.items())
    for mechanism in engine.mechanisms:
        facts.update(mechanism.facts(ctx))
    return {key: (value.item() if isinstance(value, np.generic) else value) for key, value in facts.items()}
