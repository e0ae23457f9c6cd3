"""Which runs a sweep consists of, in which order, and in which chunks they are stored.

Runs of one row and replication go together: all scenarios in the same future, sharing a warm-up. They come in the order
of replications, the rows of each shuffled once, so that a sweep that stops half way has seen every part of the design.
A chunk never holds runs of two replications: more replications leave the chunks that exist what they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wijksim.runs.sweeps.experiment import Experiment

PENDING, SUCCEEDED, FAILED = "PENDING", "SUCCEEDED", "FAILED"


@dataclass(frozen=True)
class Task:
    """One row in one future, for all scenarios."""

    row: int
    replication: int


@dataclass(frozen=True)
class Chunk:
    """Tasks that are stored together."""

    number: int
    tasks: tuple[Task, ...]

    @property
    def name(self) -> str:
        """Stem of its files."""
        return f"chunk-{self.number:07d}"


@dataclass(frozen=True)
class Plan:
    """All chunks of a sweep.

    Attributes
    ----------
    rows, replications, scenarios
        Sizes of the experiment.
    per_chunk
        Tasks in a chunk.
    shuffle
        Seed of the order of rows.
    """

    rows: int
    replications: int
    scenarios: int
    per_chunk: int
    shuffle: int = 0

    @property
    def chunks_per_replication(self) -> int:
        """Chunks of one replication."""
        return -(-self.rows // self.per_chunk)

    @property
    def chunks(self) -> int:
        """Chunks in all."""
        return self.chunks_per_replication * self.replications

    @property
    def runs(self) -> int:
        """Runs in all."""
        return self.rows * self.replications * self.scenarios

    def chunk(self, number: int) -> Chunk:
        """One chunk by number."""
        replication, place = divmod(number, self.chunks_per_replication)
        order = np.random.default_rng([self.shuffle, replication]).permutation(self.rows)
        rows = order[place * self.per_chunk : (place + 1) * self.per_chunk]
        return Chunk(number, tuple(Task(int(row), replication) for row in rows))

    def runs_in(self, number: int) -> int:
        """Runs of a chunk."""
        place = number % self.chunks_per_replication
        return min(self.per_chunk, self.rows - place * self.per_chunk) * self.scenarios

    def __iter__(self) -> Iterator[int]:
        """Numbers of the chunks in the order in which they are run."""
        return iter(range(self.chunks))


def plan_of(experiment: Experiment, per_chunk: int) -> Plan:
    """Plan of an experiment."""
    return Plan(
        experiment.rows,
        experiment.replications,
        len(experiment.scenarios),
        max(1, min(per_chunk, experiment.rows)),
        experiment.design.seed,
    )


def key_of(digest: str, row: int, replication: int) -> str:
    """Key of a run: hash of its scenario, row and replication."""
    return f"{digest[:12]}-{row:07d}-{replication:05d}"


def parse_key(key: str) -> tuple[str, int, int] | None:
    """Hash, row and replication of a key; None if it is none."""
    parts = key.split("-")
    if len(parts) != 3 or not parts[1].isdigit() or not parts[2].isdigit():
        return None
    return parts[0], int(parts[1]), int(parts[2])
