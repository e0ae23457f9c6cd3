"""Iterative proportional fitting, and whole households from fractional tables.

A place publishes margins (how many flats, how many single parents, how many aged 45-64), hardly ever
their joint. Fitting starts from a seed that carries the association (single parents live in
corporation flats more often) and changes it as little as possible, in the sense of relative entropy,
until every margin holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.build.fit_loops import scale

type Table = NDArray[np.float64]

_CLOSE = float(np.sqrt(np.finfo(np.float64).eps))


class InconsistentMarginsError(ValueError):
    """The margins cannot all hold: totals differ, or a wanted category has no seed."""


@dataclass(frozen=True)
class Margin:
    """Wanted totals over some axes of a table.

    Attributes
    ----------
    axes
        Axes that stay, rising and next to each other; the others are summed over.
    totals
        Wanted totals, shape = the table's shape along ``axes``.
    name
        Name for messages.
    """

    axes: tuple[int, ...]
    totals: Table
    name: str


@dataclass(frozen=True)
class Fitted:
    """A fitted table.

    Attributes
    ----------
    table
        Fitted cells, same shape as the seed.
    error
        Largest absolute difference between a margin and its wanted total.
    rounds
        Rounds over all margins that were needed.
    """

    table: Table
    error: float
    rounds: int


def fit(seed: Table, margins: Sequence[Margin], *, tolerance: float, max_rounds: int) -> Fitted:
    """Scale a seed until all its margins are as wanted.

    Parameters
    ----------
    seed
        Non-negative cells; a zero stays zero (a combination that does not occur).
    margins
        Wanted totals; all must have the same sum.
    tolerance
        Largest difference allowed between a margin and its wanted total, in units of the table.
    max_rounds
        Rounds after which no convergence is an error.

    Raises
    ------
    InconsistentMarginsError
        If sums of margins differ, a wanted category has an empty seed, or the fit does not converge
        (with zero cells, margins of equal sum may still contradict each other).
    """
    _check(seed, margins, tolerance)
    table = np.array(seed, np.float64, order="C")
    totals = np.concatenate([margin.totals.ravel() for margin in margins])
    shapes = _shapes(seed.shape, margins)
    rounds, error = scale(
        table.reshape(-1), shapes, totals, np.empty(int(shapes[:, 1].max())), tolerance, max_rounds
    )
    if rounds:
        return Fitted(table, error, rounds)
    raise InconsistentMarginsError(
        f"the margins {', '.join(margin.name for margin in margins)} were not met within {max_rounds} rounds "
        f"(largest difference {error:.4g}); with the zero cells of the seed they contradict each other"
    )


def _shapes(shape: tuple[int, ...], margins: Sequence[Margin]) -> NDArray[np.int64]:
    """Lengths before, along and behind the axes that stay, and where the totals of a margin begin."""
    rows, first = [], 0
    for margin in margins:
        start, end = margin.axes[0], margin.axes[-1] + 1
        outer, kept, inner = (
            math.prod(shape[part]) for part in (slice(start), slice(start, end), slice(end, None))
        )
        # where all is added up to one total, it lies together
        rows.append((1, 1, outer * inner, first) if kept == 1 else (outer, kept, inner, first))
        first += kept
    return np.array(rows, np.int64)


def _check(seed: Table, margins: Sequence[Margin], tolerance: float) -> None:
    if not margins:
        raise InconsistentMarginsError("there is no margin to fit")
    lowest = _lowest(seed)
    if lowest < 0:
        raise InconsistentMarginsError("the seed must hold finite numbers, none below zero")
    total = float(margins[0].totals.sum())
    for margin in margins:
        if margin.axes != tuple(range(margin.axes[0], margin.axes[-1] + 1)):
            raise InconsistentMarginsError(f"the axes of margin {margin.name} are not next to each other")
        shape = tuple(seed.shape[axis] for axis in margin.axes)
        if margin.totals.shape != shape:
            raise InconsistentMarginsError(
                f"margin {margin.name} has shape {margin.totals.shape}, not {shape}"
            )
        if _lowest(margin.totals) < 0:
            raise InconsistentMarginsError(f"margin {margin.name} must hold finite numbers, none below zero")
        if abs(float(margin.totals.sum()) - total) > max(tolerance, tolerance * total):
            raise InconsistentMarginsError(
                f"margin {margin.name} sums to {margin.totals.sum():.6g}, margin {margins[0].name} to {total:.6g}"
            )
        if lowest > 0:
            continue  # no category of the seed is empty
        over = tuple(axis for axis in range(seed.ndim) if axis not in margin.axes)
        if ((seed.sum(axis=over) == 0) & (margin.totals > 0)).any():
            raise InconsistentMarginsError(
                f"margin {margin.name} wants a category for which the seed is empty"
            )


def _lowest(numbers: Table) -> float:
    """Lowest of the numbers; -1 if any of them is not finite."""
    low, high = float(numbers.min(initial=np.inf)), float(numbers.max(initial=-np.inf))
    return low if low > -np.inf and high < np.inf else -1.0


def integerise(table: Table, start: float) -> NDArray[np.int64]:
    """Round a table to whole numbers by systematic sampling along its cells.

    Every contiguous run of cells (in C order) keeps its total within one, so margins over leading axes
    are met to within one and the whole total exactly if it is a whole number. The expectation over
    ``start`` of each cell is its value.

    Parameters
    ----------
    table
        Non-negative cells.
    start
        Uniform draw in [0, 1).

    Returns
    -------
    ndarray of int64
        Shape of ``table``; each cell is its value rounded down or up.
    """
    ends = table.ravel().cumsum()
    # A whole total must stay whole when the sum of its parts falls a rounding error short of it.
    whole = np.rint(ends[-1])
    if abs(ends[-1] - whole) <= _CLOSE * max(1.0, float(whole)):
        ends *= whole / ends[-1] if ends[-1] > 0 else 1.0
        ends[-1] = whole
        # and it must not be rounded up by a start so close to one that the sum is the next whole number
        start = min(start, math.nextafter(whole + 1, 0) - whole)
    steps = np.floor(ends + start).astype(np.int64)
    steps[1:] -= steps[:-1].copy()
    steps[0] -= math.floor(start)
    return steps.reshape(table.shape)


def apportion(shares: Table, total: int) -> NDArray[np.int64]:
    """Split a whole number by shares, largest remainders first (ties to the first)."""
    exact = shares / shares.sum() * total
    counts = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: total - int(counts.sum())]] += 1
    return counts
