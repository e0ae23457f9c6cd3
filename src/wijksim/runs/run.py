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
from wijksim.kernel.groups import GROUPS
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.model.assemble import warmed_up, with_policy
from wijksim.model.engine import Engine, Observer
from wijksim.model.known import scenario_of
from wijksim.runs.budget import Budget
from wijksim.runs.checkpoints.keeper import Checkpoints
from wijksim.runs.doses import Doses
from wijksim.runs.manifest import manifest
from wijksim.runs.recorder import Recorder
from wijksim.runs.tally import Tally
from wijksim.scenario.prices import prices_text
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
    doses
        How much of every lever was in force, per year.
    seconds
        Wall time of build, warm-up and run (not part of the manifest: it is not reproducible).
    """

    scenario: Scenario
    manifest: dict[str, Any]
    recorder: Recorder
    budget: Budget
    doses: Doses
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
        return self.recorder.digest()

    def save(self, folder: Path) -> list[Path]:
        """Write results, budgets, measures, manifest, resolved scenario and own prices, if there are.

        Each file appears whole or not at all.
        """
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
        if self.scenario.prices:
            texts["prices.yaml"] = prices_text(self.scenario.prices)
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


@dataclass
class Recording:
    """What watches a run from its first month on.

    Attributes
    ----------
    recorder, tally
        Numerators and denominators; people and what they do.
    """

    recorder: Recorder
    tally: Tally

    @classmethod
    def begin(
        cls, engine: Engine, scenario: Scenario, months: int, *, only: Sequence[str] | None = None
    ) -> Recording:
        """Watch a warmed-up engine from here on; its counters start anew."""
        recorder = recorder_for(scenario, months, engine.ctx.settings["district_names"], only=only)
        engine.ctx.counters = Counters()
        recording = cls(recorder, Tally(engine.ctx))
        engine.observers += recording.observers
        return recording

    @property
    def observers(self) -> list[Observer]:
        """Those that an engine calls every month."""
        return [self.recorder, self.tally]

    def end(self, engine: Engine) -> Recorder:
        """Watch no longer, add what was counted to the counters of the run and return what was recorded."""
        watching = self.observers
        engine.observers = [one for one in engine.observers if one not in watching]
        self.tally.close(engine.ctx)
        return self.recorder


def record_run(
    engine: Engine,
    scenario: Scenario,
    months: int,
    progress: Progress | None = None,
    *,
    only: Sequence[str] | None = None,
) -> Recorder:
    """Run a warmed-up engine for ``months`` and return what was recorded; counters start anew."""
    recording = Recording.begin(engine, scenario, months, only=only)
    for done in range(months):
        engine.advance()
        if progress is not None:
            progress(done + 1, months)
    return recording.end(engine)


@dataclass
class Course:
    """A run on its way: all that its results depend on.

    Attributes
    ----------
    engine, recording, budget, doses
        What advances, and what watches it.
    residents
        At the start.
    """

    engine: Engine
    recording: Recording
    budget: Budget
    doses: Doses
    residents: int

    @classmethod
    def begin(cls, scenario: Scenario, seed: int, months: int) -> Course:
        """Build and warm up a world, give it its policy and begin to watch."""
        engine = warmed_up(scenario, seed)
        residents = len(engine.ctx.world.resident)
        budget = Budget(engine.ctx.settings["district_names"], months)
        engine = with_policy(engine, scenario)
        doses = Doses(budget.districts, months, tuple(use.id for use in scenario.levers))
        engine.observers += [budget, doses]
        return cls(engine, Recording.begin(engine, scenario, months), budget, doses, residents)


def run(
    scenario: Scenario | str | Path,
    *,
    seed: int = 0,
    months: int | None = None,
    progress: Progress | None = None,
    checkpoints: Checkpoints | None = None,
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
    checkpoints
        Where the state of the run is kept on the way, and from which it goes on; results do not depend on it.

    Raises
    ------
    InputError
        If the scenario has errors, all of them with file, line and column; if the checkpoints are of another run.
    ValueError
        If there are no months, or the seed does not lie in 0 to 2**64 - 1.
    """
    spec = scenario_of(scenario)
    length = spec.months if months is None else months
    if length < 1:
        raise ValueError(f"a run takes at least one month, got {length}")
    started = time.perf_counter()
    found = None if checkpoints is None else checkpoints.begin(spec, seed, length)
    course: Course = Course.begin(spec, seed, length) if found is None else found[0]
    ready = time.perf_counter()
    spent = {"build_and_warmup": 0.0, "run": 0.0} if found is None else found[1]
    spent["build_and_warmup"] += ready - started
    before = spent["run"]
    engine = course.engine
    while engine.ctx.month < length:
        engine.advance()
        spent["run"] = before + time.perf_counter() - ready
        if checkpoints is not None:
            checkpoints.after_month(engine.ctx.month, course, spent)
        if progress is not None:
            progress(engine.ctx.month, length)
    recorder = course.recording.end(engine)
    facts = engine_facts(engine)
    facts["residents_at_start"] = course.residents
    return RunResult(
        scenario=spec,
        manifest={**manifest(spec, seed, length), "facts": facts, "doses": course.doses.rows()},
        recorder=recorder,
        budget=course.budget,
        doses=course.doses,
        seconds=spent,
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
