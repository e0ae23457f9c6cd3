"""Few large files in the place of many small ones: file systems of clusters count them.

A merged file is written beside the shards under a name that no reader takes for one, a journal says which shards it
holds, the shards go, and then it gets its name. Whoever reads in between misses runs for a moment, and never sees one
twice. A compaction that was killed is finished by the next.
"""

from __future__ import annotations

import json
from pathlib import Path

from wijksim.runs.sweeps.folder import alone, read_manifest
from wijksim.runs.sweeps.store import MERGED, RESULTS, RUNS, clear_unfinished, shards, write_text

JOURNAL = "compact.json"
MOST_BYTES = 256_000_000  # of a merged file


def compact(folder: Path, *, most: int = MOST_BYTES) -> tuple[int, int]:
    """Merge the shards of a sweep.

    Parameters
    ----------
    folder
        Of the sweep; nobody may be working in it.
    most
        Bytes of shards that go into one file.

    Returns
    -------
    tuple
        Number of files before and after.

    Raises
    ------
    InputError
        If there is no sweep, or one is working there.
    """
    read_manifest(folder)
    with alone(folder):
        finish(folder)
        clear_unfinished(folder)
        before = _count(folder)
        for kind in (RESULTS, RUNS):
            for number, batch in enumerate(_batches(shards(folder, kind), most)):
                if len(batch) > 1:
                    _merge(folder, kind, number, batch)
        return before, _count(folder)


def _count(folder: Path) -> int:
    return sum(len(shards(folder, kind)) for kind in (RESULTS, RUNS))


def _batches(paths: list[Path], most: int) -> list[list[Path]]:
    found: list[list[Path]] = []
    size = 0
    for path in paths:
        length = path.stat().st_size
        if not found or size + length > most:
            found.append([])
            size = 0
        found[-1].append(path)
        size += length
    return found


def _merge(folder: Path, kind: str, number: int, batch: list[Path]) -> None:
    import pyarrow.parquet as pq

    name = next(
        f"{MERGED}-{each:05d}.parquet"
        for each in range(number, number + len(batch) + _count(folder) + 1)
        if not (folder / kind / f"{MERGED}-{each:05d}.parquet").exists()
    )
    waiting = folder / kind / f".{name}.merging"
    with pq.ParquetWriter(waiting, pq.read_schema(batch[0]), compression="zstd") as writer:
        for path in batch:
            writer.write_table(pq.read_table(path))
    entry = {"kind": kind, "file": name, "shards": [path.name for path in batch]}
    write_text(json.dumps(entry) + "\n", folder / JOURNAL)
    finish(folder)


def finish(folder: Path) -> None:
    """Do what the journal says is left of a merge; drop what has no journal."""
    journal = folder / JOURNAL
    if journal.is_file():
        entry = json.loads(journal.read_text(encoding="utf-8"))
        here = folder / entry["kind"]
        waiting = here / f".{entry['file']}.merging"
        if waiting.is_file():
            for name in entry["shards"]:
                (here / name).unlink(missing_ok=True)
            waiting.replace(here / entry["file"])
        journal.unlink()
    for kind in (RESULTS, RUNS):
        for path in (folder / kind).glob(".*.merging"):
            path.unlink()
