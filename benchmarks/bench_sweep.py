"""What a sweep costs beside its runs: overhead of the engine, runs a minute, memory.

    python benchmarks/bench_sweep.py [--rows N] [--size N] [--months N] [--workers N]

Prints the time that 2,000 runs would take, the largest memory of a worker in the first and in the second half of the
runs, and, for runs of about half a second in one process, the part of processor time that was not spent in them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from wijksim.runs.batch import default_workers
from wijksim.runs.sweeps.load import load_experiment
from wijksim.runs.sweeps.results import SweepResults
from wijksim.runs.sweeps.sweep import Manner, sweep

MANY = 2000
SHORT = (300, 24, 40)  # residents, months and rows of runs of about half a second
MINUTE = 60
TEXT = """\
question: What does a sweep cost?
scenarios: [baseline]
world: {{size: {size}}}
months: {months}
uncertainties: [debt.settle_rate]
design: {{kind: lhs, rows: {rows}}}
measures: [problem_debt, liveability_index]
"""


def resident_megabytes(pid: int) -> float:
    """Memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1000
    return 0.0


def workers() -> list[int]:
    """Processes that do the runs."""
    import multiprocessing

    return [one.pid for one in multiprocessing.active_children() if one.pid]


def main() -> None:
    """Run a sweep and look at it."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, value in (("rows", 200), ("size", 2000), ("months", 240), ("workers", default_workers())):
        reader.add_argument(f"--{name}", type=int, default=value)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "experiment.yaml"
        path.write_text(TEXT.format(size=asked.size, months=asked.months, rows=asked.rows))
        memory: list[tuple[int, float]] = []
        began: list[float] = []

        def tick(done: int, total: int) -> None:
            began.append(time.perf_counter())
            memory.append((done, max(map(resident_megabytes, workers()), default=0.0)))

        sweep(load_experiment(path), Path(folder) / "out", Manner(workers=asked.workers), tick=tick)
        wall = time.perf_counter() - began[0]  # the first tick comes before the first chunk is given out
        runs = SweepResults.open(Path(folder) / "out").runs
        print(
            f"{len(runs)} runs of {asked.size:,} residents and {asked.months} months, {asked.workers} workers"
        )
        print(f"processor time of a run      {runs['seconds'].mean():8.2f} s")
        print(f"{MANY:,} runs would take      {MANY * wall / len(runs) / MINUTE:8.1f} min")
        half = [mb for done, mb in memory if 0 < done <= len(runs) / 2]
        whole = [mb for done, mb in memory if done > len(runs) / 2]
        print(f"largest worker, first half   {max(half, default=0.0):8.0f} MB")
        print(f"largest worker, second half  {max(whole, default=0.0):8.0f} MB")
        overhead(Path(folder))


def overhead(folder: Path) -> None:
    """Runs of about half a second in this process: what is not spent in them is the engine's."""
    path = folder / "short.yaml"
    path.write_text(TEXT.format(size=SHORT[0], months=SHORT[1], rows=SHORT[2]))
    began: list[float] = []
    how = Manner(workers=1)
    sweep(load_experiment(path), folder / "short", how, tick=lambda *_: began.append(time.process_time()))
    runs = SweepResults.open(folder / "short").runs
    spent = runs["seconds"].sum()
    print(f"short runs                   {runs['seconds'].mean():8.2f} s each")
    print(f"overhead beside short runs   {1 - spent / (began[-1] - began[0]):8.1%}")


if __name__ == "__main__":
    main()
