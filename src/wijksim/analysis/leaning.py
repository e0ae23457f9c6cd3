"""What a result leans on: which part of the variance of an effect is carried by numbers of which evidence grade.

Only a sweep can say so, in which the numbers of the model were varied over futures. A straight-line model of few
numbers is fitted to the effect, chosen forward with a criterion that allows for how many there were to choose from; a
number's share of the variance is its standardised slope times its correlation with the effect, so that the shares add
up to the explained part (R2) without a remainder. How much the statement is worth is told by the R2 for rows that the
model has not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.sensitivity.sample import Outcome, Sample, outcome_of, sample_of
from wijksim.core.errors import InputError

if TYPE_CHECKING:
    from wijksim.runs.sweeps.results import SweepResults

type Floats = NDArray[np.float64]

FEWEST_ROWS = 60
"""Rows below which nothing is said: a handful of numbers would always seem to explain a handful of rows."""

FOLDS = 10
_ROWS_PER_NUMBER = 10
WEAK = ("C", "D")


@dataclass(frozen=True)
class Leaning:
    """Shares of the variance of one effect over the rows of a sweep.

    Attributes
    ----------
    measure, scenario, district, year
        Which effect.
    rows, numbers
        Rows of the sweep, and numbers that were varied.
    shares
        Share of the variance by number, those that were chosen, the largest first; they add up to ``explained``.
    explained
        R2 in the rows that were fitted.
    unseen
        R2 in rows that were left out of the fit, in turn; below zero if the mean does better.
    """

    measure: str
    scenario: str
    district: str
    year: int
    rows: int
    numbers: int
    shares: dict[str, float]
    explained: float
    unseen: float

    def of(self, grades: Mapping[str, str], wanted: Sequence[str] = WEAK) -> float:
        """Share of the variance carried by numbers of some grades; names without a grade count for none."""
        return float(sum(share for name, share in self.shares.items() if grades.get(name) in wanted))


def lean(table: Floats, names: Sequence[str], effect: Floats) -> tuple[dict[str, float], float, float]:
    """Shares by number, R2, and R2 for rows that were left out.

    Parameters
    ----------
    table
        Values of the numbers, shape ``(rows, numbers)``.
    names
        Of the numbers.
    effect
        Shape ``(rows,)``.
    """
    if np.ptp(effect) == 0:
        return {}, 0.0, 0.0
    x, y = _standard(table), effect - effect.mean()
    chosen = _choose(x, y)
    shares, explained = _shares(x[:, chosen], y)
    named = {names[place]: share for place, share in zip(chosen, shares, strict=True)}
    ranked = dict(sorted(named.items(), key=lambda item: (-abs(item[1]), item[0])))
    return ranked, explained, _unseen(table, effect)


def _standard(table: Floats) -> Floats:
    centred = table - table.mean(axis=0)
    spread = centred.std(axis=0)
    found: Floats = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    return found


def _choose(x: Floats, y: Floats) -> list[int]:
    """Places of the numbers that explain the effect, found one by one."""
    rows, numbers = x.shape
    chosen: list[int] = []
    left = y.copy()
    best = rows * np.log(max(left @ left, np.finfo(float).tiny) / rows)
    while len(chosen) < max(rows // _ROWS_PER_NUMBER, 1):
        pull = np.abs(x.T @ left)
        pull[chosen] = -1
        trial = [*chosen, int(np.argmax(pull))]
        slopes, *_ = np.linalg.lstsq(x[:, trial], y, rcond=None)
        residual = y - x[:, trial] @ slopes
        fit = rows * np.log(max(residual @ residual, np.finfo(float).tiny) / rows)
        score = fit + len(trial) * (np.log(rows) + 2 * np.log(max(numbers, 2)))
        if score >= best:
            break
        chosen, left, best = trial, residual, score
    return chosen


def _shares(x: Floats, y: Floats) -> tuple[list[float], float]:
    """Share of every column in the variance of ``y``, and their sum."""
    if not x.shape[1]:
        return [], 0.0
    slopes, *_ = np.linalg.lstsq(x, y, rcond=None)
    shares = slopes * (x.T @ y) / float(y @ y)
    return [float(share) for share in shares], float(shares.sum())


def _unseen(table: Floats, effect: Floats) -> float:
    """R2 of the whole procedure for rows that it has not seen."""
    fold = np.arange(effect.size) % FOLDS
    missed = 0.0
    for one in range(FOLDS):
        out = fold == one
        seen, y = table[~out], effect[~out]
        middle, spread = seen.mean(axis=0), seen.std(axis=0)
        x = _standard(seen)
        chosen = _choose(x, y - y.mean())
        slopes, *_ = np.linalg.lstsq(x[:, chosen], y - y.mean(), rcond=None)
        new = (table[out][:, chosen] - middle[chosen]) / np.where(spread[chosen] > 0, spread[chosen], 1)
        missed += float(((effect[out] - y.mean() - new @ slopes) ** 2).sum())
    return 1 - missed / float(((effect - effect.mean()) ** 2).sum())


def leanings(
    results: SweepResults, scenario: str, measures: Sequence[str], *, district: str
) -> tuple[Leaning, ...]:
    """What the effects of a scenario lean on, in the last year that a sweep kept.

    Returns
    -------
    tuple of Leaning
        One per measure that the sweep kept whole; empty if it has fewer than :data:`FEWEST_ROWS` rows.
    """
    sample = sample_of(results)
    found = []
    for measure in measures:
        try:
            outcome = outcome_of(results, measure, scenario=scenario, district=district)
        except InputError:
            continue  # not kept, or not whole: nothing can be said of it
        one = leaning_of(sample, outcome)
        if one is not None:
            found.append(one)
    return tuple(found)


def leaning_of(sample: Sample, outcome: Outcome) -> Leaning | None:
    """What one outcome leans on; None if there are too few rows."""
    if outcome.values.shape[0] < FEWEST_ROWS:
        return None
    names = [factor.name for factor in sample.factors]
    shares, explained, unseen = lean(sample.table, names, outcome.values.mean(axis=1))
    return Leaning(
        measure=str(outcome.measure["name"]),
        scenario=outcome.scenario,
        district=outcome.district,
        year=outcome.year,
        rows=int(outcome.values.shape[0]),
        numbers=len(names),
        shares=shares,
        explained=explained,
        unseen=unseen,
    )
