"""Where the month goes: milliseconds per mechanism in the default world, and microseconds per resident-month.

Run ``python benchmarks/bench_month.py [--size 12000] [--months 60] [--rounds 3]``; prints the median over the rounds,
each of which runs the same months of the same warmed-up world, with the share of each part.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import time
from collections import defaultdict

from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES
from wijksim.model.assemble import warmed_up
from wijksim.model.engine import Engine
from wijksim.model.known import load_scenario
from wijksim.runs.recorder import Recorder


def timed(engine: Engine, months: int) -> dict[str, float]:
    """Run months and return seconds spent per part."""
    spent: dict[str, float] = defaultdict(float)
    measures = [MEASURES.get(name)() for name in MEASURES.names()]
    recorder = Recorder(measures, [str(n) for n in range(engine.ctx.world.n_districts)], months)

    def watch(owner: object, attribute: str, name: str) -> None:
        call = getattr(owner, attribute)

        def measured(*arguments: object) -> object:
            start = time.perf_counter()
            result = call(*arguments)
            spent[name] += time.perf_counter() - start
            return result

        setattr(owner, attribute, measured)

    for mechanism in engine.mechanisms:
        watch(mechanism, "step", mechanism.name)
    watch(engine.lifecycle, "apply", "transitions")

    def record(ctx: Context) -> None:
        begun = time.perf_counter()
        recorder(ctx)
        spent["recording"] += time.perf_counter() - begun

    engine.observers.append(record)
    start = time.perf_counter()
    for _ in range(months):
        engine.advance()
    whole = time.perf_counter() - start
    spent["the rest"] = whole - sum(spent.values())
    spent["whole month"] = whole
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=12_000)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    scenario = load_scenario("baseline", overrides={"world.size": options.size})
    start = time.perf_counter()
    engine = warmed_up(scenario, 0)
    print(f"build and warm-up {time.perf_counter() - start:.2f} s")
    rounds = [timed(copy.deepcopy(engine), options.months) for _ in range(options.rounds)]
    median = {name: statistics.median(part[name] for part in rounds) for name in rounds[0]}
    whole = median["whole month"]
    for name, seconds in sorted(median.items(), key=lambda item: -item[1]):
        print(f"{name:16} {1e3 * seconds / options.months:7.2f} ms  {seconds / whole:6.1%}")
    print(f"{1e6 * whole / options.months / options.size:.2f} microseconds per resident-month")


if __name__ == "__main__":
    main()
