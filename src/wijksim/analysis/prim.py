"""PRIM, the patient rule induction method (Friedman and Fisher 1999): boxes in which something happens often.

Thin slices are peeled off a box that holds everything, each time the one whose loss raises the density most; of the
boxes on the way one is chosen, and slices that were peeled off too eagerly are pasted back. What remains on the way of
a search through noise looks like a find too, so a box must beat the best boxes of the same rows with their outcomes
shuffled, and each of its limits must pass the binomial test of Bryant and Lempert (2010).

Only the order of values counts: a factor on another scale gives the same box on that scale. Where many factors were
varied, only those with the best intervals of their own are peeled; shuffled outcomes go through the same choice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

PEEL = 0.05  # part of a box in one slice: the patience that Friedman and Fisher, and Bryant and Lempert, use
SMALLEST_MASS = 0.05  # part of the rows below which a box is a handful of cases
SMALLEST_ROWS = 10  # the same, where rows are few
MOST_BOXES = 3  # more are no story that anyone can retell
FEWEST_ROWS = 30  # rows below which slices of a twentieth are single rows
FEWEST_CASES = 5  # cases, and rows that are none, below which no limit can be told from luck
MOST_PEELED = (
    20  # factors: greedy peeling finds none that does nothing on its own, and the time grows with them
)
LEVEL = 0.05  # of the tests: of a whole box, and of its limits together
SHUFFLES = 99  # with which the smallest share of shuffled rows that do as well is one in a hundred
_TINY = 1e-9  # rounding of sums of shares

TOO_FEW_ROWS, NOTHING, EVERYTHING, TOO_FEW_CASES, NO_BOX, ENOUGH = (
    "too_few_rows", "nothing", "everything", "too_few_cases", "no_box", "enough",
)  # fmt: skip
"""Why a search ended."""


@dataclass(frozen=True)
class Box:
    """Limits on factors, both inclusive.

    Attributes
    ----------
    low, high
        Shape ``(factors,)``; infinite where there is no limit.
    """

    low: Floats
    high: Floats

    @classmethod
    def everything(cls, factors: int) -> Box:
        """A box without limits."""
        return cls(np.full(factors, -np.inf), np.full(factors, np.inf))

    @property
    def restricted(self) -> tuple[int, ...]:
        """Factors that have a limit."""
        return tuple(np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high)).tolist())

    def holds(self, x: Floats) -> Mask:
        """Which rows lie inside, shape ``(rows,)``."""
        return np.asarray(((x >= self.low) & (x <= self.high)).all(axis=1))

    def with_limit(self, factor: int, *, low: float | None = None, high: float | None = None) -> Box:
        """The same box with another limit on one factor."""
        lows, highs = self.low.copy(), self.high.copy()
        if low is not None:
            lows[factor] = low
        if high is not None:
            highs[factor] = high
        return Box(lows, highs)

    def without(self, factor: int) -> Box:
        """The same box without limits on one factor."""
        return self.with_limit(factor, low=-np.inf, high=np.inf)


@dataclass(frozen=True)
class Step:
    """A box and what it holds.

    Attributes
    ----------
    box
        Its limits.
    rows, mass
        Rows inside, and their part of all rows.
    coverage
        Part of all cases that lies inside.
    density
        Part of the rows inside that are cases.
    quality
        Correlation of lying inside with being a case, by which boxes are chosen: a box must both hold many of the
        cases and hold little else. A box of everything, and one of next to nothing, have none; the harmonic mean of
        coverage and density would prefer everything as soon as most rows are cases.
    """

    box: Box
    rows: int
    mass: float
    coverage: float
    density: float
    quality: float


@dataclass(frozen=True)
class Find:
    """A box that is better than chance.

    Attributes
    ----------
    step
        The box and what it holds, in terms of the rows that were searched.
    quasi_p
        By restricted factor: chance of as many cases in as many rows, if they came at the density of the box without
        its limits on this factor. They are called quasi because the limits were chosen by the same rows.
    chance
        Share of searches among shuffled outcomes (this one included) that found as good a box.
    searched, base
        Rows that were searched (what earlier boxes left), and the part of them that are cases.
    mass, coverage
        The parts of all rows, and of all cases, that this box adds to those before it.
    path
        Boxes on the way, from everything to the smallest.
    """

    step: Step
    quasi_p: dict[int, float]
    chance: float
    searched: int
    base: float
    mass: float
    coverage: float
    path: tuple[Step, ...]


@dataclass(frozen=True)
class Search:
    """Boxes in the order in which they were found, and why there are no more."""

    finds: tuple[Find, ...]
    ended: str


def cover(x: Floats, y: Floats, *, most: int = MOST_BOXES, seed: int = 0) -> Search:
    """Find boxes one after the other, each among the rows that those before left out.

    Parameters
    ----------
    x
        Factors, shape ``(rows, factors)``, finite.
    y
        Cases: 0 or 1 by row, or the share of its replications that are cases, shape ``(rows,)``.
    most
        Boxes at most.
    seed
        Of the shuffles, so that the same rows always give the same boxes.
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if x.ndim != 2 or x.shape[0] != y.size:
        raise ValueError(f"{y.size} outcomes do not fit factors of shape {x.shape}")
    left = np.ones(y.size, dtype=bool)
    finds: list[Find] = []
    for number in range(most):
        reason = cannot_search(y[left])
        if reason:
            return Search(tuple(finds), reason)
        found = find_box(x[left], y[left], seed=seed + number)
        if found is None:
            return Search(tuple(finds), NO_BOX)
        cases = found.step.density * found.step.rows
        finds.append(replace(found, mass=found.step.rows / y.size, coverage=cases / float(y.sum())))
        left &= ~found.step.box.holds(x)
    return Search(tuple(finds), ENOUGH)


def cannot_search(y: Floats) -> str:
    """Why rows with these outcomes hold no answer; empty if they may."""
    cases = float(y.sum())
    if cases == 0:
        return NOTHING
    if cases == y.size:
        return EVERYTHING
    if y.size < FEWEST_ROWS:
        return TOO_FEW_ROWS
    return TOO_FEW_CASES if min(cases, y.size - cases) < FEWEST_CASES else ""


def find_box(x: Floats, y: Floats, *, seed: int = 0) -> Find | None:
    """The best box, or None if none is better than chance.

    Limits that do not pass their test are dropped, and the search is done again with the factors that did: peels that
    followed the noise of others would have cost rows.
    """
    factors = np.flatnonzero((x != x[:1]).any(axis=0))
    promising = _Promising(x, factors)
    best, path = _search(x, y, promising(y))
    chance = _chance(x, y, promising, best.quality, seed)
    if chance > LEVEL:
        return None
    level = LEVEL / max(2 * factors.size, 1)  # shared by all limits that were tried
    while True:
        box, quasi = drop(x, y, best.box, level)
        kept = np.array(box.restricted, dtype=np.intp)
        if not kept.size:
            return None
        if kept.size == len(best.box.restricted):
            base, mass, coverage = float(y.mean()), best.mass, best.coverage
            return Find(best, quasi, chance, y.size, base, mass, coverage, path)
        best, path = _search(x, y, kept)


class _Promising:
    """Chooses the factors that are worth peeling: those of which one interval holds most cases beyond its share.

    Parameters
    ----------
    x
        Factors, shape ``(rows, factors)``; sorted once, whatever the outcomes.
    factors
        Those that vary.
    """

    def __init__(self, x: Floats, factors: NDArray[np.intp]) -> None:
        self.factors = factors
        if factors.size > MOST_PEELED:
            self._order = np.argsort(x[:, factors], axis=0, kind="stable")
            ordered = np.take_along_axis(x[:, factors], self._order, axis=0)
            # an interval ends between two values, never inside a level
            self._ends = np.concatenate([ordered[1:] > ordered[:-1], np.ones((1, factors.size), bool)])

    def __call__(self, y: Floats) -> NDArray[np.intp]:
        """Factors for these outcomes, in ascending order."""
        if self.factors.size <= MOST_PEELED:
            return self.factors
        above = np.cumsum((y - y.mean())[self._order], axis=0) * self._ends
        reach = above.max(axis=0).clip(min=0) - above.min(axis=0).clip(max=0)
        return np.sort(self.factors[np.argsort(-reach, kind="stable")[:MOST_PEELED]])


def _search(x: Floats, y: Floats, factors: NDArray[np.intp]) -> tuple[Step, tuple[Step, ...]]:
    """The best box on the way of a peeling over some factors, and the way."""
    smallest = max(SMALLEST_ROWS, int(np.ceil(SMALLEST_MASS * y.size)))
    boxes = peel(x[:, factors], y, smallest=smallest)
    path = tuple(measure(x, y, _widened(box, factors, x.shape[1])) for box in boxes)
    # of equally good boxes the first is the largest
    best = max(range(len(path)), key=lambda place: path[place].quality)
    # the next slice may have held the edge of what is sought: pasting gives back what it took too much
    pasted = [paste(x, y, step.box) for step in path[best : best + 2]]
    return max(pasted, key=lambda step: step.quality), path


def _widened(box: Box, factors: NDArray[np.intp], width: int) -> Box:
    wide = Box.everything(width)
    wide.low[factors], wide.high[factors] = box.low, box.high
    return wide


def measure(x: Floats, y: Floats, box: Box) -> Step:
    """What a box holds."""
    inside = box.holds(x)
    rows, cases, every = int(inside.sum()), float(y[inside].sum()), float(y.sum())
    quality = float(_quality(np.array([rows]), np.array([cases]), y)[0])
    density = cases / rows if rows else float("nan")
    return Step(box, rows, rows / y.size, cases / every if every else float("nan"), density, quality)


def _quality(rows: NDArray[np.int64], cases: Floats, y: Floats) -> Floats:
    """Correlation of outcome and lying inside, from the number of rows and cases inside."""
    mass = rows / y.size
    spread = np.sqrt(y.var() * mass * (1 - mass))
    above = cases / y.size - mass * y.mean()
    return np.divide(above, spread, out=np.zeros(mass.shape), where=spread > _TINY)


def peel(x: Floats, y: Floats, *, smallest: int) -> list[Box]:
    """Boxes from everything to one that no slice betters, or that has ``smallest`` rows."""
    box = Box.everything(x.shape[1])
    found, inside = [box], np.arange(y.size)
    while True:
        cut = _best_cut(x[inside], y[inside], smallest)
        if cut is None:
            return found
        box = box.with_limit(cut[0], **cut[1])
        found.append(box)
        inside = inside[box.holds(x[inside])]


def _best_cut(x: Floats, y: Floats, smallest: int) -> tuple[int, dict[str, float]] | None:
    """Factor and limit of the slice that raises the density most per row that it costs; None if none does.

    Per row, since a slice is a whole level of a factor that has few values.
    """
    n, k = x.shape
    if n <= smallest or not k:
        return None
    take = max(1, int(PEEL * n))
    ordered = np.partition(x, (take, n - 1 - take), axis=0)
    above, below = ordered[take], ordered[n - 1 - take]
    lowest, highest = x.min(axis=0), x.max(axis=0)
    keep_high = np.where(above > lowest, x >= above, x > lowest)
    keep_low = np.where(below < highest, x <= below, x < highest)
    keep = np.concatenate([keep_high, keep_low], axis=1)
    rows = np.count_nonzero(keep, axis=0)
    allowed = (rows >= smallest) & (rows < n)
    cases = y @ keep.astype(np.float64)
    gain = np.full(2 * k, -np.inf)
    np.divide(cases / np.maximum(rows, 1) - y.mean(), n - rows, out=gain, where=allowed)
    best = int(np.argmax(gain))
    if gain[best] <= _TINY / n:
        return None
    kept = x[keep[:, best], best % k]
    return best % k, ({"low": float(kept.min())} if best < k else {"high": float(kept.max())})


def paste(x: Floats, y: Floats, box: Box) -> Step:
    """Move limits back outward as long as the box gets better, each time the one by which it gains most."""
    best = measure(x, y, box)
    while True:
        wider = _wider(x, y, best)
        if wider is None:
            return best
        best = measure(x, y, wider)


def _wider(x: Floats, y: Floats, step: Step) -> Box | None:
    """The best box that differs in one limit, which lies further out; None if none is better."""
    box, best, found = step.box, step.quality + _TINY, None
    kept = np.array(box.restricted, dtype=np.intp)
    below, above = x[:, kept] < box.low[kept], x[:, kept] > box.high[kept]
    # only rows that one limit alone keeps out can be let in by moving it
    once = np.count_nonzero(below, axis=1) + np.count_nonzero(above, axis=1) == 1
    cases = step.density * step.rows
    for place, factor in enumerate(kept.tolist()):
        for side, sign, out in (("low", 1.0, below), ("high", -1.0, above)):
            rows = np.flatnonzero(once & out[:, place])
            if not rows.size:
                continue
            rows = rows[np.argsort(-sign * x[rows, factor], kind="stable")]
            quality = _quality(step.rows + np.arange(1, rows.size + 1), cases + np.cumsum(y[rows]), y)
            edge = x[rows, factor]
            quality[:-1][edge[1:] == edge[:-1]] = -np.inf  # rows of the same value come in together
            last = int(np.argmax(quality))
            if quality[last] > best:
                limit = -sign * np.inf if last == rows.size - 1 else float(edge[last])
                best, found = float(quality[last]), box.with_limit(factor, **{side: limit})
    return found


def quasi_p(x: Floats, y: Floats, box: Box, factor: int) -> float:
    """Binomial test of Bryant and Lempert: whether the box were as dense without its limits on one factor.

    A row of which a share of the replications is a case varies less than a coin, and shares are rounded down, so that
    the test errs on the side of dropping.
    """
    from scipy import stats

    inside, wider = box.holds(x), box.without(factor).holds(x)
    cases = np.floor(y[inside].sum() + _TINY)
    return float(stats.binom.sf(cases - 1, int(inside.sum()), float(y[wider].mean())))


def drop(x: Floats, y: Floats, box: Box, level: float) -> tuple[Box, dict[int, float]]:
    """Take limits away, the least significant factor first, until all pass; and their quasi-p-values."""
    while True:
        found = {factor: quasi_p(x, y, box, factor) for factor in box.restricted}
        worst = max(found, key=lambda factor: found[factor], default=None)
        if worst is None or found[worst] <= level:
            return box, found
        box = box.without(worst)


def _chance(x: Floats, y: Floats, promising: _Promising, quality: float, seed: int) -> float:
    """Share of searches among shuffled outcomes that find as good a box; stops as soon as that is too many."""
    rng = np.random.default_rng(seed)
    as_good, needed = 1, LEVEL * (SHUFFLES + 1)  # the rows as they are count as one of the shuffles
    for _ in range(SHUFFLES):
        shuffled = rng.permutation(y)
        as_good += _search(x, shuffled, promising(shuffled))[0].quality >= quality - _TINY
        if as_good > needed:
            break
    return as_good / (SHUFFLES + 1)
