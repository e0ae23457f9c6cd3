"""A sweep: what is there, what is still to be done, who does it, and when it is enough."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from wijksim.core.errors import InputError, Problem
from wijksim.runs.batch import default_workers
from wijksim.runs.sweeps.cluster import connect, on_cluster
from wijksim.runs.sweeps.compact import finish
from wijksim.runs.sweeps.engines import Engine, Job, in_processes, in_this_process
from wijksim.runs.sweeps.experiment import Experiment
from wijksim.runs.sweeps.folder import DESIGN, PRICES, Begun, alone, begin, go_on, is_sweep
from wijksim.runs.sweeps.forecast import measured_chunk
from wijksim.runs.sweeps.plan import FAILED
from wijksim.runs.sweeps.store import Report, clear_unfinished, read_runs

HOUR = 3600.0

Tick = Callable[[int, int], None]
Enough = Callable[[int], bool]


@dataclass(frozen=True)
class Manner:
    """How a sweep is done; results do not depend on it.

    Attributes
    ----------
    workers
        Processes; all cores if None.
    scheduler
        Address of a Dask scheduler, or ``local``; None is no cluster.
    resume
        Whether a folder that holds runs may be gone on with.
    limit
        Runs that are done at most this time; whole chunks.
    per_chunk
        Tasks in a chunk; measured if None.
    enough
        Asked after every replication of all rows, with the number that is done; True ends the sweep.
    stopped
        Asked when workers end before their time: True if the user ended them.
    """

    workers: int | None = None
    scheduler: str | None = None
    resume: bool = False
    limit: int | None = None
    per_chunk: int | None = None
    enough: Enough | None = None
    stopped: Callable[[], bool] = lambda: False


@dataclass
class Swept:
    """What a sweep has come to.

    Attributes
    ----------
    folder, runs
        Where it is, and how many runs it has in all.
    done, failed
        Runs that are stored, and those among them that failed, with key and reason.
    now
        Runs that were done this time.
    seconds
        Wall time of this time.
    deviations
        What is otherwise than at the first run.
    ended
        Why it ended before all runs were done; empty if it did not.
    """

    folder: Path
    runs: int
    done: int = 0
    now: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    deviations: tuple[str, ...] = ()
    ended: str = ""


def sweep(
    experiment: Experiment, folder: Path, manner: Manner | None = None, *, tick: Tick | None = None
) -> Swept:
    """Do the runs of an experiment that are not there yet.

    Parameters
    ----------
    experiment
        What to run.
    folder
        Where results land.
    manner
        How.
    tick
        Called with runs done and runs in all.

    Raises
    ------
    InputError
        If the folder holds another experiment, or holds runs and ``resume`` is False.
    """
    how = manner or Manner()
    with ExitStack() as stack:
        engine = _engine(how, stack)  # a cluster that does not answer leaves nothing behind
        stack.enter_context(alone(folder))
        begun = _folder(experiment, folder, how)
        finish(folder)
        clear_unfinished(folder)
        return _sweep(begun, Job(experiment, begun.plan, folder), engine, how, tick)


def _folder(experiment: Experiment, folder: Path, how: Manner) -> Begun:
    if is_sweep(folder):
        if not how.resume:
            message = "holds a sweep already; add --resume to go on with it, or choose another --out"
            raise InputError([Problem(str(folder), 1, 1, message)])
        return go_on(experiment, folder)
    others = [path.name for path in folder.iterdir() if path.name != ".lock"]
    unfinished = {"scenarios", DESIGN, PRICES, "measures.json"}
    if set(others) - unfinished:
        raise InputError([Problem(str(folder), 1, 1, "holds files that are no sweep; choose another --out")])
    per_chunk = how.per_chunk or measured_chunk(experiment)
    return begin(experiment, folder, per_chunk)


def _sweep(begun: Begun, job: Job, engine: Engine, how: Manner, tick: Tick | None) -> Swept:
    plan, started = begun.plan, time.perf_counter()
    runs = read_runs(begun.folder)
    runs = runs[runs["chunk"] < plan.chunks]
    stored = set(runs["chunk"].astype(int))
    found = Swept(begun.folder, plan.runs, len(runs), deviations=begun.deviations)
    if len(runs):
        bad = runs[runs["status"] == FAILED]
        found.failed = [
            (k, f"{e}: {m}") for k, e, m in zip(bad["key"], bad["error"], bad["message"], strict=True)
        ]
    if tick is not None:
        tick(found.done, plan.runs)
    for block in _blocks(plan.chunks, plan.chunks_per_replication, whole=how.enough is None):
        left = [number for number in block if number not in stored]
        todo = _within(job, left, how, found=found, started=started)
        for report in engine(job, todo):
            _count(found, report)
            if tick is not None:
                tick(found.done, plan.runs)
        if not found.ended and how.enough is not None:
            replications = block[-1] // plan.chunks_per_replication + 1
            if how.enough(replications):
                found.ended = f"precise enough after {replications} replications"
        if found.ended:
            break
    found.seconds = time.perf_counter() - started
    return found


def _count(found: Swept, report: Report) -> None:
    found.done += report.runs
    found.now += report.runs
    found.failed += report.failed


def _blocks(chunks: int, per_replication: int, *, whole: bool) -> Iterator[range]:
    """All chunks at once, or those of one replication after another."""
    if whole:
        yield range(chunks)
        return
    for first in range(0, chunks, per_replication):
        yield range(first, first + per_replication)


def _within(job: Job, chunks: Iterable[int], how: Manner, *, found: Swept, started: float) -> Iterator[int]:
    """Chunks as long as limit and budget allow; says in ``found`` why it stops."""
    given, budget = found.now, job.experiment.budget
    for number in chunks:
        size = job.plan.runs_in(number)
        if how.limit is not None and given >= how.limit:
            found.ended = f"limit of {how.limit} runs"
        elif budget.runs is not None and found.done - found.now + given + size > budget.runs:
            found.ended = f"budget of {budget.runs:,} runs"
        elif budget.hours is not None and time.perf_counter() - started > budget.hours * HOUR:
            found.ended = f"budget of {budget.hours:g} hours"
        if found.ended:
            return
        given += size
        yield number


def _engine(how: Manner, stack: ExitStack) -> Engine:
    if how.scheduler is not None:
        client = stack.enter_context(connect(how.scheduler, how.workers))
        return partial(on_cluster, client=client)
    workers = how.workers or default_workers()
    return in_this_process if workers == 1 else partial(in_processes, workers=workers, stopped=how.stopped)
