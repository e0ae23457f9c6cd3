"""What a draw costs, in nanoseconds, and whether a big population pays more for it.

Run: ``python benchmarks/bench_rng.py``. Each figure is the least of many repetitions.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from wijksim.core.rng import Draws, derive_uid

SIZES = (1_000, 10_000, 12_000, 100_000, 200_000)
SECONDS_PER_FIGURE = 0.15


def least_seconds(call: Callable[[], object]) -> float:
    call()
    best, end = float("inf"), time.perf_counter() + SECONDS_PER_FIGURE
    while time.perf_counter() < end:
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    draws = Draws(1)
    print(f"{'ns per draw':<16}" + "".join(f"{size:>10,}" for size in SIZES))
    rows: dict[str, Callable[[np.ndarray], object]] = {
        "uniform": lambda uid: draws.uniform("s", uid, 3),
        "first_below 1 %": lambda uid: draws.first_below("s", uid, 3, 0.01),
        "exponential": lambda uid: draws.exponential("s", uid, 3),
        "gumbel": lambda uid: draws.gumbel("s", uid, 3),
        "normal": lambda uid: draws.normal("s", uid, 3),
        "pair": lambda uid: draws.pair("s", uid, uid[::-1], 3),
        "poisson 0.5": lambda uid: draws.poisson("s", uid, 3, 0.5),
        "derive_uid": lambda uid: derive_uid("child", uid, 1),
    }
    for name, call in rows.items():
        cells = []
        for size in SIZES:
            uid = np.arange(size, dtype=np.uint64)
            cells.append(least_seconds(lambda call=call, uid=uid: call(uid)) / size * 1e9)
        print(f"{name:<16}" + "".join(f"{cell:>10.2f}" for cell in cells))
    one = least_seconds(lambda: draws.uniform("s", 7, 3))
    print(f"one uid: {one * 1e6:.1f} microseconds")


if __name__ == "__main__":
    main()
