"""Do the runs of a chunk: in the process where they are to be done, with no word to anybody until they are stored."""

from __future__ import annotations

import signal
import threading
import time
import traceback
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from types import FrameType

import numpy as np
from numpy.typing import NDArray

import wijksim.measures  # noqa: F401  (registers the shipped measures)
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.model.engine import Engine
from wijksim.runs.forks import run_tree
from wijksim.runs.sweeps.experiment import Experiment, scenario_at
from wijksim.runs.sweeps.plan import FAILED, SUCCEEDED, Chunk, Task
from wijksim.runs.sweeps.readings import YearReader
from wijksim.scenario.resolve import Scenario

SECONDS = 60  # in a minute
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
        Processor time of the run; what it shares with others is counted with the one that ends first.
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
    """Do all scenarios of one row in one future; what several have in common is done, and counted, once."""
    seed = experiment.seed_of(task.row, task.replication)
    values = experiment.values(task.row)
    scenarios = [scenario_at(each, experiment.factors, values) for each in experiment.scenarios]
    found: dict[int, Outcome] = {}
    begun = time.process_time()
    for ended in _in_time(
        run_tree(scenarios, seed, experiment.months, _Years(experiment)), experiment.budget.run_minutes
    ):
        failure = None if ended.failure is None else failure_of(ended.failure)
        status = SUCCEEDED if failure is None else FAILED
        now = time.process_time()
        seconds = (now - begun) / len(ended.places)
        begun = now
        for place in ended.places:
            found[place] = Outcome(
                place, task.row, task.replication, seed, status, seconds, ended.result, failure
            )
    return [found[place] for place in range(len(scenarios))]


def _in_time[T](runs: Iterator[T], minutes: float) -> Iterator[T]:
    """Hand on what each run comes to; one that takes too long gets a TimeoutError where it is.

    Values that make no sense together may set a search going that never ends, and it would take its worker along.
    Only a main thread can be woken: the workers of a cluster are on their own.
    """
    if threading.current_thread() is not threading.main_thread():
        yield from runs
        return

    def late(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"the run took more than {minutes:g} minutes (budget: run_minutes)")

    before = signal.signal(signal.SIGALRM, late)
    try:
        while True:
            signal.setitimer(signal.ITIMER_REAL, minutes * SECONDS, minutes * SECONDS)
            try:
                one = next(runs)
            except StopIteration:
                return
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            yield one
    finally:
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True)
class _Years:
    """What a sweep keeps of a run: means over the years of the read-outs."""

    experiment: Experiment

    def alike(self, scenario: Scenario) -> Hashable:
        """All scenarios of an experiment are read in one way."""
        del scenario
        return None

    def begin(self, engine: Engine, scenario: Scenario) -> YearReader:
        """Read from the first month."""
        del scenario
        asked = self.experiment
        districts = engine.ctx.world.n_districts
        reader = YearReader(measures_of(asked), districts, asked.readout, asked.months)
        engine.observers.append(reader)
        return reader

    def end(self, engine: Engine, watch: YearReader) -> NDArray[np.float32]:
        """Means."""
        del engine
        return watch.values()


def failure_of(error: Exception) -> FailureInfo:
    """What is kept of an exception."""
    trace = "".join(traceback.format_exception(error))[-LONGEST_TRACE:]
    return FailureInfo(type(error).__name__, str(error) or type(error).__name__, trace)
