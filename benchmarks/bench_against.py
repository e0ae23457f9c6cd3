"""Is this checkout quicker than another? Processor time of the parts of a run, old and new in turn, and their ratio.

Run ``python benchmarks/bench_against.py OLD [--size 2000] [--months 240] [--rounds 5]``, where ``OLD`` is the folder of
another checkout. Each round starts a process for each of them, so that what else the machine does falls on both; runs
once beforehand, which compiles what is not on disk yet.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
RUN = """
import json, sys, time
clock, spent = time.process_time, {}
def lap(name, since):
    spent[name] = clock() - since
    return clock()
begun = last = clock()
import pandas
from wijksim.model.known import load_scenario
from wijksim.runs.digest import digest_table
from wijksim.runs.run import Course
last = lap("imports", last)
months = int(sys.argv[2])
scenario = load_scenario("baseline", overrides={"world.size": int(sys.argv[1]), "months": months})
course = Course.begin(scenario, 0, months)
last = lap("build and warm-up, first in a process", last)
course = Course.begin(scenario, 1, months)
last = lap("build and warm-up", last)
while course.engine.ctx.month < months:
    course.engine.advance()
last = lap("months", last)
table = course.recording.end(course.engine).table()
last = lap("table", last)
digest = digest_table(table)
last = lap("digest", last)
spent["all"] = clock() - begun
print(json.dumps([spent, digest]))
"""


def once(folder: Path, size: int, months: int) -> tuple[dict[str, float], str]:
    """Seconds of the parts of a run in a checkout, and the digest of its results."""
    words = [sys.executable, "-c", RUN, str(size), str(months)]
    done = subprocess.run(
        words,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    spent, digest = json.loads(done.stdout)
    return spent, digest


def main() -> None:
    """Measure in turn and print."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("old", type=Path)
    for name, value in (("size", 2000), ("months", 240), ("rounds", 5)):
        reader.add_argument(f"--{name}", type=int, default=value)
    asked = reader.parse_args()
    folders = (asked.old.resolve(), HERE)
    digests = {once(folder, asked.size, asked.months)[1] for folder in folders}
    print("results are the same" if len(digests) == 1 else "RESULTS DIFFER")
    found: tuple[list[dict[str, float]], list[dict[str, float]]] = ([], [])
    for _ in range(asked.rounds):
        for folder, spent in zip(folders, found, strict=True):
            spent.append(once(folder, asked.size, asked.months)[0])
    print(
        f"{asked.size:,} residents, {asked.months} months, median of {asked.rounds}, seconds of processor time"
    )
    print(f"{'':38} {'old':>7} {'new':>7} {'ratio':>6}")
    for name in found[0][0]:
        old, new = (statistics.median(one[name] for one in spent) for spent in found)
        print(f"{name:38} {old:7.3f} {new:7.3f} {new / old:6.2f}")


if __name__ == "__main__":
    main()
