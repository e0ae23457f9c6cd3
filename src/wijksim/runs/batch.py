"""Many futures: every scenario in the same futures, warm-ups shared, in one process or several."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.model.assemble import warmed_up, with_policy
from wijksim.model.engine import Engine
from wijksim.runs.run import engine_facts, record_run
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
    """

    seed: int
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    groups: tuple[Any, ...]
    facts: tuple[dict[str, Any], ...]


def same_warmup(first: Scenario, second: Scenario) -> bool:
    """Tell whether two scenarios go through the same warm-up: only their policy may differ."""
    return _world_key(first) == _world_key(second)


def _world_key(scenario: Scenario) -> tuple[object, ...]:
    return (
        scenario.start,
        scenario.world,
        tuple(sorted((name, entry) for name, entry in scenario.set.items())),
        tuple(sorted(scenario.series.items())),
        tuple(sorted((kind, repr(choice)) for kind, choice in scenario.strategies.items())),
    )


def run_future(
    scenarios: Sequence[Scenario], seed: int, months: int, *, only: Sequence[str] | None = None
) -> FutureResult:
    """Run every scenario in the future ``seed``; scenarios with the same world share one warm-up.

    Recording everything takes a twelfth of a run: ``only`` names the measures that somebody will look at.
    """
    for name in sorted({name for scenario in scenarios for name in scenario.plugins}):
        importlib.import_module(name)  # a worker process has not imported what the caller has
    warm: list[tuple[Scenario, bytes]] = []
    tops, bottoms, groups, facts = [], [], [], []
    for scenario in scenarios:
        frozen = next((state for known, state in warm if same_warmup(known, scenario)), None)
        if frozen is None:
            frozen = pickle.dumps(warmed_up(scenario, seed), protocol=pickle.HIGHEST_PROTOCOL)
            warm.append((scenario, frozen))
        engine: Engine = pickle.loads(frozen)
        recorder = record_run(with_policy(engine, scenario), scenario, months, only=only)
        tops.append(recorder.numerator)
        bottoms.append(recorder.denominator)
        groups.append(recorder.by_group)
        facts.append(engine_facts(engine))
    return FutureResult(seed, np.stack(tops), np.stack(bottoms), tuple(groups), tuple(facts))


def run_futures(
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    months: int,
    *,
    workers: int = 1,
    done: Callable[[int, int], None] | None = None,
    only: Sequence[str] | None = None,
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

    Returns
    -------
    list of FutureResult
        In the order of ``seeds``.
    """
    return in_seeds(partial(_future, list(scenarios), months, only), seeds, workers=workers, done=done)


def _future(
    scenarios: Sequence[Scenario], months: int, only: Sequence[str] | None, seed: int
) -> FutureResult:
    return run_future(scenarios, seed, months, only=only)


def in_seeds[T](
    work: Callable[[int], T],
    seeds: Sequence[int],
    *,
    workers: int = 1,
    done: Callable[[int, int], None] | None = None,
) -> list[T]:
    """Do something in every future, in this process or in several.

    Parameters
    ----------
    work
        What to do with a seed; with several processes it and what it returns must be fit to be pickled.
    seeds, workers, done
        As for :func:`run_futures`.

    Returns
    -------
    list
        In the order of ``seeds``.
    """
    if workers <= 1 or len(seeds) == 1:
        results = []
        for seed in seeds:
            results.append(work(seed))
            if done is not None:
                done(len(results), len(seeds))
        return results
    return _parallel(work, seeds, workers, done)


def _parallel[T](
    work: Callable[[int], T], seeds: Sequence[int], workers: int, done: Callable[[int, int], None] | None
) -> list[T]:
    for variable in QUIET_THREADS:
        os.environ.setdefault(variable, "1")
    context = multiprocessing.get_context(
        "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    )
    found: dict[int, T] = {}
    with ProcessPoolExecutor(max_workers=min(workers, len(seeds)), mp_context=context) as pool:
        place: dict[Future[T], int] = {pool.submit(work, seed): number for number, seed in enumerate(seeds)}
        pending = set(place)
        try:
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
    return [found[number] for number in range(len(seeds))]


def default_workers() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
