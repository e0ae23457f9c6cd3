"""Who does the chunks of a sweep: this process, several on this machine, or a Dask cluster.

All give the same shards. An engine yields a report per chunk in whatever order they are done; a chunk whose worker
dies is given out again, and after some deaths its runs are called failed.
"""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from wijksim.runs.batch import QUIET_THREADS
from wijksim.runs.sweeps.experiment import Experiment
from wijksim.runs.sweeps.plan import FAILED, Chunk, Plan
from wijksim.runs.sweeps.store import Report, write_chunk
from wijksim.runs.sweeps.work import FailureInfo, Outcome, do_chunk

DEATHS = 3  # of a worker, after which a chunk is given up


@dataclass(frozen=True)
class Job:
    """What a worker must know to do any chunk."""

    experiment: Experiment
    plan: Plan
    folder: Path

    def __call__(self, number: int) -> Report:
        """Do a chunk and store it."""
        chunk = self.plan.chunk(number)
        return write_chunk(self.folder, self.experiment, chunk, do_chunk(self.experiment, chunk))

    def give_up(self, number: int, why: str) -> Report:
        """Store a chunk of which no run could be done."""
        chunk = self.plan.chunk(number)
        return write_chunk(self.folder, self.experiment, chunk, _lost(self.experiment, chunk, why))


Engine = Callable[[Job, Iterable[int]], Iterator[Report]]


def in_this_process(job: Job, chunks: Iterable[int]) -> Iterator[Report]:
    """Do chunks one after another here."""
    for number in chunks:
        yield job(number)


def in_processes(
    job: Job, chunks: Iterable[int], workers: int, *, stopped: Callable[[], bool] = lambda: False
) -> Iterator[Report]:
    """Do chunks in processes of this machine.

    No more chunks are given out than there are workers, so that a death leaves few to do again. Nobody can tell which
    of them killed its worker: they are done again one by one, each in a pool of its own. If ``stopped`` says that the
    user ended them, that ends the sweep (KeyboardInterrupt).
    """
    waiting = Line(chunks)
    suspects = Line(())
    deaths: dict[int, int] = {}
    while waiting or suspects:
        alone = bool(suspects)
        line = suspects if alone else waiting
        try:
            yield from _until_broken(job, line, 1 if alone else workers, just_one=alone)
        except _BrokenError as broken:
            if stopped():
                raise KeyboardInterrupt from None
            for number in broken.chunks:
                deaths[number] = deaths.get(number, 0) + 1
                if deaths[number] >= DEATHS:
                    yield job.give_up(number, f"the worker process died {DEATHS} times over these runs")
                else:
                    suspects.give_back(number)


class Line:
    """Chunks that wait. They are asked for one by one: whether there are more may depend on the clock."""

    def __init__(self, chunks: Iterable[int]) -> None:
        self._more = iter(chunks)
        self._here: deque[int] = deque()

    def __bool__(self) -> bool:
        """Whether there is a next one."""
        if not self._here:
            self._here.extend(itertools.islice(self._more, 1))
        return bool(self._here)

    def take(self) -> int:
        """The next one; IndexError if there is none."""
        bool(self)
        return self._here.popleft()

    def give_back(self, number: int) -> None:
        """Put one at the end of those that are here."""
        self._here.append(number)


class _BrokenError(Exception):
    def __init__(self, chunks: list[int]) -> None:
        super().__init__("a worker process died")
        self.chunks = chunks


def _until_broken(job: Job, line: Line, workers: int, *, just_one: bool) -> Iterator[Report]:
    """Take chunks from a line and do them, until it is empty, one is done, or a worker dies."""
    for variable in QUIET_THREADS:
        os.environ.setdefault(variable, "1")
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(job,))
    running: dict[Future[Report], int] = {}
    try:
        while True:
            while len(running) < workers and line:
                number = line.take()
                try:
                    running[pool.submit(_do, number)] = number
                except BrokenProcessPool:
                    raise _BrokenError([number, *running.values()]) from None
            if not running:
                return
            ready, _ = wait(running, return_when=FIRST_COMPLETED)
            reports, broken = [], []
            for future in ready:
                number = running.pop(future)
                try:
                    reports.append(future.result())
                except BrokenProcessPool:
                    broken.append(number)
            yield from reports
            if broken:
                raise _BrokenError([*broken, *running.values()])
            if just_one:
                return
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_job: Job | None = None


def _start(job: Job) -> None:
    """Prepare a worker: keep the job, and end when the sweep is gone."""
    global _job
    _job = job
    gc.freeze()  # what it begins with stays, and need not be looked through for garbage
    threading.Thread(target=_end_with_sweep, daemon=True).start()


def _end_with_sweep() -> None:
    """End this process when the sweep has: one that is killed must not leave workers behind.

    The process above this one is a server that forks workers; it is the sweep that this waits for.
    """
    sweep = multiprocessing.parent_process()
    if sweep is not None:
        sweep.join()
        os._exit(1)


def _do(number: int) -> Report:
    assert _job is not None
    return _job(number)


def _lost(experiment: Experiment, chunk: Chunk, why: str) -> list[Outcome]:
    failure = FailureInfo("WorkerDied", why, "")
    return [
        Outcome(
            place,
            task.row,
            task.replication,
            experiment.seed_of(task.row, task.replication),
            FAILED,
            0.0,
            None,
            failure,
        )
        for task in chunk.tasks
        for place in range(len(experiment.scenarios))
    ]
