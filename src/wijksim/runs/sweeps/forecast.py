"""What a sweep will take, measured on its first row before it starts."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass

from wijksim.runs.sweeps.experiment import Experiment
from wijksim.runs.sweeps.plan import Task
from wijksim.runs.sweeps.store import readings_table
from wijksim.runs.sweeps.work import Outcome, do_task

SHARD_SECONDS = 10.0  # of work in a chunk: what a kill loses, against the number of files
MOST_PER_CHUNK = 200
_SHORTEST = 1e-3  # seconds that a task takes at least


@dataclass(frozen=True)
class Forecast:
    """Size of a sweep.

    Attributes
    ----------
    runs, chunks
        Runs and stored chunks in all.
    seconds
        Wall time with the given number of workers.
    bytes
        Of the readings, compressed.
    per_chunk
        Tasks in a chunk.
    failed
        What went wrong in the first row, if anything did.
    """

    runs: int
    chunks: int
    seconds: float
    bytes: int
    per_chunk: int
    failed: str


def forecast(experiment: Experiment, workers: int) -> Forecast:
    """Do the first row twice, the second time by the clock, and say what all of them will take."""
    _, outcomes = timed_task(experiment)
    seconds, outcomes = timed_task(experiment)
    per_chunk = tasks_per_chunk(seconds)
    tasks = experiment.rows * experiment.replications
    failed = next((f"{one.failure.error}: {one.failure.message}" for one in outcomes if one.failure), "")
    return Forecast(
        runs=experiment.runs,
        chunks=-(-experiment.rows // per_chunk) * experiment.replications,
        seconds=seconds * tasks / max(min(workers, tasks), 1),
        bytes=round(_bytes(experiment, outcomes, per_chunk) / per_chunk * tasks),
        per_chunk=per_chunk,
        failed=failed,
    )


def timed_task(experiment: Experiment) -> tuple[float, list[Outcome]]:
    """All scenarios of the first row in the first future, and how long they took."""
    begun = time.perf_counter()
    outcomes = do_task(experiment, Task(0, 0))
    return time.perf_counter() - begun, outcomes


def tasks_per_chunk(seconds: float) -> int:
    """Tasks of so many seconds that make a chunk worth a file."""
    return int(min(max(SHARD_SECONDS / max(seconds, _SHORTEST), 1), MOST_PER_CHUNK))


def measured_chunk(experiment: Experiment) -> int:
    """Tasks per chunk, measured on the first row; the first time loads and compiles what the next need not."""
    timed_task(experiment)
    return tasks_per_chunk(timed_task(experiment)[0])


def _bytes(experiment: Experiment, outcomes: list[Outcome], times: int) -> int:
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(readings_table(experiment, outcomes * times), buffer, compression="zstd")
    return buffer.tell()
