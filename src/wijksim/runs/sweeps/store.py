"""Where the runs of a sweep land: parquet shards that any program can read at any moment.

A chunk has two files: ``results/chunk-N.parquet`` with the readings and ``runs/chunk-N.parquet`` with what became of
its runs. The second is written last and makes the chunk count; both appear whole or not at all. A chunk that is done
twice is written over itself, with the same content.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.runs.recorder import ALL, CITY
from wijksim.runs.sweeps.experiment import Experiment
from wijksim.runs.sweeps.plan import FAILED, Chunk, key_of
from wijksim.runs.sweeps.work import Outcome, measures_of

if TYPE_CHECKING:
    import pyarrow as pa

RESULTS, RUNS = "results", "runs"
MERGED = "merged"  # stem of files that hold many chunks


@dataclass(frozen=True)
class Report:
    """What a worker says of a chunk that it has stored."""

    chunk: int
    runs: int
    failed: tuple[tuple[str, str], ...]
    seconds: float


def write_chunk(folder: Path, experiment: Experiment, chunk: Chunk, outcomes: Sequence[Outcome]) -> Report:
    """Store a chunk; the readings first, then what became of its runs.

    Parameters
    ----------
    folder
        Of the sweep.
    experiment, chunk
        What was done.
    outcomes
        One per run.
    """
    write_table(readings_table(experiment, outcomes), folder / RESULTS / f"{chunk.name}.parquet")
    write_table(runs_table(experiment, chunk, outcomes), folder / RUNS / f"{chunk.name}.parquet")
    digests = [scenario.digest for scenario in experiment.scenarios]
    failed = tuple(
        (
            key_of(digests[one.scenario], one.row, one.replication),
            f"{one.failure.error}: {one.failure.message}",
        )
        for one in outcomes
        if one.status == FAILED and one.failure is not None
    )
    return Report(chunk.number, len(outcomes), failed, sum(one.seconds for one in outcomes))


def readings_table(experiment: Experiment, outcomes: Sequence[Outcome]) -> pa.Table:
    """Tidy long table of the readings of the runs that succeeded.

    Columns ``scenario_id, row, replication_id, seed, month, district, group, measure, value``; ``month`` is the
    last one of the year whose mean is given.
    """
    import pyarrow as pa

    districts = [*(district.name for district in experiment.scenarios[0].world.districts), CITY]
    names = [measure.name for measure in measures_of(experiment)]
    months = np.array(
        [min(year * MONTHS_PER_YEAR, experiment.months) for year in experiment.readout], np.int32
    )
    good = [one for one in outcomes if one.values is not None]
    shape = (len(months), len(names), len(districts))
    cells = int(np.prod(shape))
    year, measure, district = (index.ravel() for index in np.indices(shape))
    value = np.concatenate(
        [one.values.ravel() for one in good if one.values is not None] or [np.empty(0, np.float32)]
    )

    def words(codes: Any, labels: Sequence[str]) -> Any:
        return pa.DictionaryArray.from_arrays(
            pa.array(codes, pa.int32()), pa.array(list(labels), pa.string())
        )

    def each(figures: Iterable[int]) -> Any:
        return np.repeat(np.fromiter(figures, np.int64, len(good)), cells)

    n = len(good)
    return pa.table(
        {
            "scenario_id": words(each(one.scenario for one in good), [s.id for s in experiment.scenarios]),
            "row": pa.array(each(one.row for one in good), pa.int32()),
            "replication_id": pa.array(each(one.replication for one in good), pa.int32()),
            "seed": pa.array(each(one.seed for one in good), pa.int64()),
            "month": pa.array(np.tile(months[year], n), pa.int32()),
            "district": words(np.tile(district, n), districts),
            "group": words(np.zeros(n * cells, np.int64), [ALL]),
            "measure": words(np.tile(measure, n), names),
            "value": pa.array(value, pa.float32()),
        }
    )


def runs_table(experiment: Experiment, chunk: Chunk, outcomes: Sequence[Outcome]) -> pa.Table:
    """What became of the runs of a chunk: a line each."""
    import pyarrow as pa

    digests = [scenario.digest for scenario in experiment.scenarios]

    def why(name: str) -> list[str | None]:
        return [None if one.failure is None else str(getattr(one.failure, name)) for one in outcomes]

    keys = [key_of(digests[one.scenario], one.row, one.replication) for one in outcomes]
    return pa.table(
        {
            "key": pa.array(keys, pa.string()),
            "chunk": pa.array([chunk.number] * len(outcomes), pa.int32()),
            "scenario_id": pa.array([experiment.scenarios[one.scenario].id for one in outcomes], pa.string()),
            "row": pa.array([one.row for one in outcomes], pa.int32()),
            "replication_id": pa.array([one.replication for one in outcomes], pa.int32()),
            "seed": pa.array([one.seed for one in outcomes], pa.int64()),
            "status": pa.array([one.status for one in outcomes], pa.string()),
            "seconds": pa.array([one.seconds for one in outcomes], pa.float32()),
            "error": pa.array(why("error"), pa.string()),
            "message": pa.array(why("message"), pa.string()),
            "trace": pa.array(why("trace"), pa.string()),
        }
    )


def write_table(table: pa.Table, path: Path) -> None:
    """Write a parquet file that is there whole or not at all, also after a power cut."""
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    # two writers of one chunk must not share an unfinished file
    partial = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with partial.open("wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(text: str, path: Path) -> None:
    """Write a text file that is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def shards(folder: Path, kind: str) -> list[Path]:
    """Whole files of one kind, in the order of their names."""
    return sorted(path for path in (folder / kind).glob("*.parquet") if not path.name.startswith("."))


def read_runs(folder: Path) -> Any:
    """What became of all runs so far, as a data frame in the order of chunks."""
    import pandas as pd
    import pyarrow.parquet as pq

    frames = [pq.read_table(path).to_pandas() for path in shards(folder, RUNS)]
    if not frames:
        return pd.DataFrame(
            columns=["key", "chunk", "scenario_id", "row", "replication_id", "seed", "status"]
        )
    # a chunk may lie in a merged file and on its own for a moment
    found = pd.concat(frames, ignore_index=True)
    return found.drop_duplicates("key", keep="last").sort_values("chunk", kind="stable", ignore_index=True)


def clear_unfinished(folder: Path) -> None:
    """Delete what a killed writer left; call it only while nobody writes."""
    for kind in (RESULTS, RUNS):
        for path in (folder / kind).glob(".*.tmp"):
            path.unlink(missing_ok=True)
