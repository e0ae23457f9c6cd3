"""Chunks of a sweep on a Dask cluster; the one place where Dask is imported, and only when it is asked for.

Workers write their shards themselves, so that they must see the folder of the sweep under the same path: a shared file
system, as clusters have. The queue lives in the scheduler: if it dies, ``--resume`` goes on from what is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from wijksim.core.errors import InputError, Problem
from wijksim.runs.sweeps.engines import DEATHS, Job, Line
from wijksim.runs.sweeps.store import Report

LOCAL = "local"
_AHEAD = 2  # chunks given out per worker thread, so that none waits for the next
_PATIENCE = "30s"
_ALONE = Lock()
_GONE = ("lost", "cancelled")  # what a chunk is when its worker died with the only copy of what it needs


def connect(address: str, workers: int | None) -> Any:
    """Reach a cluster, before anything is written.

    Parameters
    ----------
    address
        ``tcp://host:port``, the path of a scheduler file, or ``local`` for a cluster on this machine.
    workers
        Processes of a local cluster; all cores if None.

    Raises
    ------
    InputError
        If Dask is not installed, there is no such file, or no scheduler answers.
    """
    if address != LOCAL and "://" not in address and ":" not in address and not Path(address).is_file():
        message = f"there is no scheduler file '{address}' (nor is it an address like tcp://host:8786)"
        raise InputError([Problem("command line", 1, 1, message)])
    try:
        import distributed
    except ImportError:
        message = "a cluster needs the package distributed: install wijksim[cluster]"
        raise InputError([Problem("command line", 1, 1, message)]) from None
    return _client(distributed, address, workers)


def on_cluster(job: Job, chunks: Iterable[int], client: Any) -> Iterator[Report]:
    """Do chunks on a cluster that was reached with :func:`connect`."""
    import distributed

    yield from _done(distributed, client, job, Line(chunks))


def _client(distributed: Any, address: str, workers: int | None) -> Any:
    import dask

    dask.config.set({"distributed.scheduler.allowed-failures": DEATHS})
    if address == LOCAL:
        cluster = distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
        )
        return distributed.Client(cluster)
    try:
        if Path(address).is_file():
            return distributed.Client(scheduler_file=address, timeout=_PATIENCE)
        return distributed.Client(address, timeout=_PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        message = f"no scheduler answers at '{address}': {error}"
        raise InputError([Problem("command line", 1, 1, message)]) from None


def _done(distributed: Any, client: Any, job: Job, waiting: Line) -> Iterator[Report]:
    """Keep every worker busy, and no more than that: a long queue is lost with the scheduler."""
    shared = client.scatter(job, broadcast=True)
    finished = distributed.as_completed()
    number_of: dict[str, int] = {}
    losses: Counter[int] = Counter()

    def give_out() -> None:
        threads = max(sum(client.nthreads().values()), 1)
        while len(number_of) < threads * _AHEAD and waiting:
            number = waiting.take()
            future = client.submit(partial(_do, number), shared, pure=False)
            number_of[future.key] = number
            finished.add(future)

    give_out()
    while number_of:
        future = next(finished)
        number = number_of.pop(future.key)
        report, why = _outcome(future)
        losses[number] += why in _GONE
        if report is not None:
            yield report
        elif why in _GONE and losses[number] < DEATHS:
            # a worker that joined before the others held the only copy of the job: nothing that hangs on it can be done
            with suppress(TimeoutError):
                shared = client.scatter(job, broadcast=True)
            waiting.give_back(number)
        else:
            yield job.give_up(number, f"the cluster could not do these runs ({why})")
        give_out()


def _outcome(future: Any) -> tuple[Report | None, str]:
    """What a chunk reports, or why it reports nothing."""
    if future.status == "error":
        error = future.exception()
        return None, f"{type(error).__name__}: {error}"
    if future.status != "finished":
        return None, future.status
    try:
        return future.result(), ""
    except CancelledError:
        return None, _GONE[0]


def _do(number: int, job: Job) -> Report:
    """Do a chunk, one at a time in a process: runs share room to work in, and threads would not gain anything."""
    with _ALONE:
        return job(number)
