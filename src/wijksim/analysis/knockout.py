"""Knock-out: which feedback loop carries the effect of a variant.

The variant is run with all loops on, with all off, and with each one off, every time in the same futures and against
the same null alternative. A loop that is off reads its drivers from the null run, so that

* the *total* effect is variant minus null with all loops on;
* the *first-order* effect is the same with all loops off: what the levers do before anything feeds back;
* the part of a loop is the total minus the effect with that loop off;
* the *remainder* is total minus first-order minus all parts: loops that need each other, or stand in for each other.
  Parts are not additive, and the remainder says by how much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.compare import DEFAULT_PAIRS, compare
from wijksim.analysis.parted import Part, Parted
from wijksim.kernel.loops import LOOPS
from wijksim.model.known import live_loops, scenario_of
from wijksim.scenario.resolve import Scenario

ALL_OFF = "all_off"
TOTAL, FIRST, REMAINDER = "total", "first_order", "remainder"


class Knockout(Parted):
    """Effects of one variant by loop: a part is ``total``, ``first_order``, a loop or ``remainder``."""

    command = "knockout"
    heading = "loops"
    naming = ("part",)

    @property
    def loops(self) -> tuple[str, ...]:
        """Loops knocked out one by one."""
        return self.over

    def described(self) -> dict[str, str]:
        """What the loops are."""
        return {name: LOOPS[name] for name in self.loops}


def knockout(
    scenario: Scenario | str | Path,
    *,
    null: Scenario | str | Path = "baseline",
    loops: Sequence[str] | None = None,
    measures: Sequence[str] | None = None,
    pairs: int = DEFAULT_PAIRS,
    seed: int = 0,
    months: int | None = None,
    workers: int | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Knockout:
    """Run a variant with its loops off, one by one and together.

    Parameters
    ----------
    scenario, null
        Variant and null alternative.
    loops
        Loops to knock out one by one; all that influences carry if omitted.
    measures
        Measures to report; all recorded ones if omitted.
    pairs, seed, months, workers, done
        As for :func:`wijksim.analysis.compare.compare`.

    Raises
    ------
    InputError
        If a scenario has errors.
    ValueError
        If the variant switches loops off itself, or a loop does not exist.
    """
    variant, base = scenario_of(scenario), scenario_of(null)
    every = live_loops()
    chosen = tuple(loops) if loops is not None else every
    unknown = sorted(set(chosen) - set(every))
    if unknown:
        raise ValueError(f"no influence carries the loop {unknown[0]!r}; there are {', '.join(every)}")
    if variant.loops_off or base.loops_off:
        raise ValueError(f"{variant.id} and {base.id} must have all loops on: knocking out is done here")
    runs = [base, variant, _off(variant, every, ALL_OFF), *(_off(variant, (name,), name) for name in chosen)]
    comparison = compare(
        runs, pairs=pairs, seed=seed, months=months, workers=workers, done=done, measures=measures
    )
    return Knockout.of(comparison, variant, chosen, partial(_parts, chosen))


def _off(scenario: Scenario, loops: Sequence[str], name: str) -> Scenario:
    return replace(scenario, id=f"{scenario.id}/{name}", loops_off=tuple(sorted(loops)))


def _parts(loops: Sequence[str], change: NDArray[np.float64]) -> list[Part]:
    """Parts in one place, of runs that are null, variant, all off, and each of ``loops`` off."""
    _, total, first, *without = change.T
    return [((part,), each) for part, each in split(total, first, dict(zip(loops, without, strict=True)))]


def split(
    total: NDArray[np.float64], first: NDArray[np.float64], without: dict[str, NDArray[np.float64]]
) -> list[tuple[str, NDArray[np.float64]]]:
    """Parts of an effect per future: total, first-order, loop by loop, remainder.

    Parameters
    ----------
    total, first
        Variant minus null with all loops on, and with all off, shape ``(pairs,)``.
    without
        The same with one loop off, by loop.
    """
    parts = [(name, total - each) for name, each in without.items()]
    rest = total - first - sum([part for _, part in parts], np.zeros_like(total))
    return [(TOTAL, total), (FIRST, first), *parts, (REMAINDER, rest)]
