"""Do the runs of a chunk: in the process where they are to be done, with no word to anybody until they are stored."""

from __future__ import annotations

import importlib
import pickle
import time
import traceback
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import wijksim.measures  # noqa: F401  (registers the shipped measures)
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.model.assemble import warmed_up, with_policy
from wijksim.model.engine import Engine
from wijksim.runs.batch import same_warmup
from wijksim.runs.sweeps.experiment import Experiment, scenario_at
from wijksim.runs.sweeps.plan import FAILED, SUCCEEDED, Chunk, Task
from wijksim.runs.sweeps.readings import YearReader
from wijksim.scenario.resolve import Scenario

LONGEST_TRACE = 4000  # characters of a traceback that are kept


@dataclass(frozen=True)
class FailureInfo:
    """Why a run failed."""

    error: str
    message: str
    trace: str


@dataclass(frozen=True)
class Outcome:
    """What became of one run.

    Attributes
    ----------
    scenario
        Place of the scenario in the experiment.
    row, replication, seed
        Which run.
    status
        ``SUCCEEDED`` or ``FAILED``.
    seconds
        Processor time of the run, its part of the warm-up included.
    values
        Shape ``(years, measures, districts + 1)``; None if it failed.
    failure
        Why it failed; None if it did not.
    """

    scenario: int
    row: int
    replication: int
    seed: int
    status: str
    seconds: float
    values: NDArray[np.float32] | None
    failure: FailureInfo | None


def measures_of(experiment: Experiment) -> list[Measure]:
    """Measures that are kept."""
    return [MEASURES.get(name)() for name in experiment.measures or MEASURES.names()]


def do_chunk(experiment: Experiment, chunk: Chunk) -> list[Outcome]:
    """Do all runs of a chunk; a failing run does not keep the others from being done."""
    return [outcome for task in chunk.tasks for outcome in do_task(experiment, task)]


def do_task(experiment: Experiment, task: Task) -> list[Outcome]:
    """Do all scenarios of one row in one future."""
    seed = experiment.seed_of(task.row, task.replication)
    values = experiment.values(task.row)
    scenarios = [scenario_at(each, experiment.factors, values) for each in experiment.scenarios]
    warm: list[tuple[Scenario, bytes]] = []
    found = []
    for place, scenario in enumerate(scenarios):
        begun = time.process_time()
        result: NDArray[np.float32] | None = None
        failure = None
        try:
            engine = _engine(scenario, seed, warm, again=_again(scenarios, place))
            result = _run(experiment, engine, scenario)
        except Exception as error:
            failure = failure_of(error)
        seconds = time.process_time() - begun
        status = SUCCEEDED if failure is None else FAILED
        found.append(Outcome(place, task.row, task.replication, seed, status, seconds, result, failure))
    return found


def failure_of(error: Exception) -> FailureInfo:
    """What is kept of an exception."""
    trace = "".join(traceback.format_exception(error))[-LONGEST_TRACE:]
    return FailureInfo(type(error).__name__, str(error) or type(error).__name__, trace)


def _again(scenarios: list[Scenario], place: int) -> bool:
    """Whether a later scenario goes through the same warm-up."""
    return any(same_warmup(scenarios[place], later) for later in scenarios[place + 1 :])


def _engine(scenario: Scenario, seed: int, warm: list[tuple[Scenario, bytes]], *, again: bool) -> Engine:
    """A warmed-up engine: a copy of one that went through the same, or a new one."""
    for name in scenario.plugins:
        importlib.import_module(name)  # a worker process has not imported what the caller has
    frozen = next((state for known, state in warm if same_warmup(known, scenario)), None)
    if frozen is not None:
        thawed: Engine = pickle.loads(frozen)
        return thawed
    engine = warmed_up(scenario, seed)
    if again:
        warm.append((scenario, pickle.dumps(engine, protocol=pickle.HIGHEST_PROTOCOL)))
    return engine


def _run(experiment: Experiment, engine: Engine, scenario: Scenario) -> NDArray[np.float32]:
    engine = with_policy(engine, scenario)
    reader = YearReader(
        measures_of(experiment), engine.ctx.world.n_districts, experiment.readout, experiment.months
    )
    engine.observers.append(reader)
    for _ in range(experiment.months):
        engine.advance()
    return reader.values()
