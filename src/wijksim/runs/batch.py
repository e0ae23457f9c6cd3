"""Many futures: every scenario in the same futures, what they have in common shared, in one process or several."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.errors import WorkerDiedError, known_seed
from wijksim.model.engine import Engine
from wijksim.runs.closeup import Closeup, Look
from wijksim.runs.forks import run_tree
from wijksim.runs.ledgers import Bookkeeping, Ledgers
from wijksim.runs.recorder import Recorder
from wijksim.runs.run import Recording, engine_facts
from wijksim.scenario.resolve import Scenario

QUIET_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True)
class FutureResult:
    """All scenarios in one future.

    Attributes
    ----------
    seed
        The future.
    numerator, denominator
        Shape ``(scenarios, months, measures, districts)``.
    groups
        Per scenario the recorder's ``by_group`` entries.
    facts
        Per scenario what its run reported.
    closeups
        Per scenario what was seen from nearby; empty unless that was asked.
    ledgers
        Per scenario the books of its run; empty unless that was asked.
    """

    seed: int
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    groups: tuple[Any, ...]
    facts: tuple[dict[str, Any], ...]
    closeups: tuple[Closeup, ...] = ()
    ledgers: tuple[Ledgers, ...] = ()


@dataclass
class _Watch:
    """What watches a run of a batch."""

    recording: Recording
    look: Look | None
    books: Bookkeeping | None


@dataclass(frozen=True)
class _Kept:
    """What a batch keeps of a run."""

    recorder: Recorder
    facts: dict[str, Any]
    closeup: Closeup | None
    ledgers: Ledgers | None


@dataclass(frozen=True)
class _Recorded:
    """How a batch watches a run.

    ``only`` names the measures that somebody will look at, ``closely`` asks to look from nearby, and ``readouts`` are
    the months after which books are copied out.
    """

    months: int
    only: Sequence[str] | None
    closely: bool
    readouts: Sequence[int]

    def alike(self, scenario: Scenario) -> Hashable:
        """Two records that differ cannot be made as one."""
        return repr(scenario.record)

    def begin(self, engine: Engine, scenario: Scenario) -> _Watch:
        """Watch from the first month."""
        recording = Recording.begin(engine, scenario, self.months, only=self.only)
        look = Look(engine.ctx, self.months) if self.closely else None
        if look is not None:
            engine.observers.append(look)
        books = Bookkeeping.begin(engine, self.months, self.readouts) if self.readouts else None
        return _Watch(recording, look, books)

    def end(self, engine: Engine, watch: _Watch) -> _Kept:
        """What was recorded, the facts of the run, what was seen from nearby, and its books."""
        recorder = watch.recording.end(engine)
        closeup = None if watch.look is None else watch.look.closeup()
        ledgers = None if watch.books is None else watch.books.end(engine)
        return _Kept(recorder, engine_facts(engine), closeup, ledgers)


def run_future(
    scenarios: Sequence[Scenario],
    seed: int,
    months: int,
    *,
    only: Sequence[str] | None = None,
    closely: bool = False,
    readouts: Sequence[int] = (),
) -> FutureResult:
    """Run every scenario in the future ``seed``; scenarios share their warm-up and the months before they differ.

    Recording everything takes a twelfth of a run: ``only`` names the measures that somebody will look at. ``closely``
    adds a :class:`~wijksim.runs.closeup.Closeup` of every scenario, and ``readouts`` its books
    (:mod:`wijksim.runs.ledgers`); neither changes anything else.
    """
    found: dict[int, _Kept] = {}
    for ended in run_tree(scenarios, seed, months, _Recorded(months, only, closely, tuple(readouts))):
        if ended.failure is not None:
            raise ended.failure
        assert ended.result is not None
        found |= dict.fromkeys(ended.places, ended.result)
    results = [found[place] for place in range(len(scenarios))]
    return FutureResult(
        seed,
        np.stack([one.recorder.numerator for one in results]),
        np.stack([one.recorder.denominator for one in results]),
        tuple(one.recorder.by_group for one in results),
        tuple(dict(one.facts) for one in results),
        tuple(one.closeup for one in results if one.closeup is not None),
        tuple(one.ledgers for one in results if one.ledgers is not None),
    )


def run_futures(
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    months: int,
    *,
    workers: int = 1,
    done: Callable[[int, int], None] | None = None,
    only: Sequence[str] | None = None,
    closely: int | None = None,
    readouts: Sequence[int] = (),
) -> list[FutureResult]:
    """Run all scenarios in all futures.

    Parameters
    ----------
    scenarios
        Must record the same measures.
    seeds
        Futures.
    months
        Length of every run.
    workers
        Processes; 1 runs in this one. The results are the same for any number.
    done
        Called after every future with futures done and futures in all.
    only
        Measures to record; all that the scenarios ask for if omitted.
    closely
        The one future that is looked at from nearby; none if omitted.
    readouts
        Months after which the books of every run are copied out; no books are kept if there are none.

    Returns
    -------
    list of FutureResult
        In the order of ``seeds``.
    """
    work = partial(_future, list(scenarios), months, only, closely=closely, readouts=tuple(readouts))
    return in_seeds(work, seeds, workers=workers, done=done)


def _future(
    scenarios: Sequence[Scenario],
    months: int,
    only: Sequence[str] | None,
    seed: int,
    *,
    closely: int | None,
    readouts: Sequence[int],
) -> FutureResult:
    return run_future(scenarios, seed, months, only=only, closely=seed == closely, readouts=readouts)


def in_seeds[T](
    work: Callable[[int], T],
    seeds: Sequence[int],
    *,
    workers: int = 1,
    done: Callable[[int, int], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> list[T]:
    """Do something in every future, in this process or in several.

    Parameters
    ----------
    work
        What to do with a seed; with several processes it and what it returns must be fit to be pickled.
    seeds, workers, done
        As for :func:`run_futures`.
    meanwhile
        What this process has to do anyhow: done once, while other processes are at work.

    Returns
    -------
    list
        In the order of ``seeds``.

    Raises
    ------
    WorkerDiedError
        If one of several processes ends before its work is done.
    SeedError
        If there is no such future; before any work is done.
    """
    for seed in seeds:
        known_seed(seed)
    if workers <= 1 or len(seeds) == 1:
        if meanwhile is not None:
            meanwhile()
        results = []
        for seed in seeds:
            results.append(work(seed))
            if done is not None:
                done(len(results), len(seeds))
        return results
    return _parallel(work, seeds, workers, done, meanwhile)


def share_imports() -> None:
    """Let workers be split off from a process that has imported once what each needs; before that process starts."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        multiprocessing.set_forkserver_preload(["__main__", __name__])


def _parallel[T](
    work: Callable[[int], T],
    seeds: Sequence[int],
    workers: int,
    done: Callable[[int, int], None] | None,
    meanwhile: Callable[[], None] | None,
) -> list[T]:
    for variable in QUIET_THREADS:
        os.environ.setdefault(variable, "1")
    context = multiprocessing.get_context(
        "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    )
    share_imports()
    found: dict[int, T] = {}
    workers = min(workers, len(seeds))
    try:
        # what a worker begins with stays: none needs to look through it for garbage
        with ProcessPoolExecutor(max_workers=workers, mp_context=context, initializer=gc.freeze) as pool:
            _gather(pool, work, seeds, found, done=done, meanwhile=meanwhile)
    except BrokenProcessPool:
        raise WorkerDiedError(workers, len(found), len(seeds)) from None
    return [found[number] for number in range(len(seeds))]


def _gather[T](
    pool: ProcessPoolExecutor,
    work: Callable[[int], T],
    seeds: Sequence[int],
    found: dict[int, T],
    *,
    done: Callable[[int, int], None] | None,
    meanwhile: Callable[[], None] | None,
) -> None:
    """Fill ``found`` as futures are done; whatever goes wrong, no worker goes on with its future."""
    try:
        place: dict[Future[T], int] = {pool.submit(work, seed): number for number, seed in enumerate(seeds)}
        if meanwhile is not None:
            meanwhile()
        pending = set(place)
        while pending:
            ready, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in ready:
                found[place[future]] = future.result()
                if done is not None:
                    done(len(found), len(seeds))
    except BaseException:
        for child in multiprocessing.active_children():
            child.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def default_workers() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
