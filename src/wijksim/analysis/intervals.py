"""Intervals and verdicts for paired differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

CONFIDENCE = 0.95
CERTAIN_SHARE = 0.95
LIKELY_SHARE = 0.5


@dataclass(frozen=True)
class Paired:
    """A paired difference over futures.

    Attributes
    ----------
    mean, low, high
        Mean difference and its 95 % interval (Student's t over pairs).
    share_better
        Share of futures in which the variant is better; NaN where no direction is better.
    pairs
        Number of futures.
    verdict
        Key of :data:`VERDICTS`.
    """

    mean: float
    low: float
    high: float
    share_better: float
    pairs: int
    verdict: str


VERDICTS: dict[str, str] = {
    "surely_better": "vrijwel zeker beter",
    "likely_better": "waarschijnlijk beter",
    "no_difference": "niet te onderscheiden",
    "likely_worse": "waarschijnlijk slechter",
    "surely_worse": "vrijwel zeker slechter",
    "too_few": "te weinig paren",
    "neutral": "geen richting",
}
"""Fixed words, by key, in the order from better to worse."""


def mean_interval(differences: NDArray[np.float64]) -> tuple[float, float, float]:
    """Mean and 95 % Student interval; the interval is infinite for fewer than two pairs."""
    n = differences.size
    mean = float(differences.mean()) if n else float("nan")
    if n < 2:
        return mean, -np.inf, np.inf
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1) * differences.std(ddof=1) / np.sqrt(n))
    return mean, mean - half, mean + half


def share_lower_bound(successes: int, n: int) -> float:
    """One-sided 95 % lower bound of a share (Clopper-Pearson): 10 of 10 proves no more than 0.74."""
    if successes == 0 or n == 0:
        return 0.0
    return float(stats.beta.ppf(1 - CONFIDENCE, successes, n - successes + 1))


def share_interval(successes: int, n: int) -> tuple[float, float]:
    """Two-sided 95 % interval of a share (Clopper-Pearson); everything from 0 to 1 without any case."""
    outside = (1 - CONFIDENCE) / 2
    low = float(stats.beta.ppf(outside, successes, n - successes + 1)) if successes else 0.0
    high = float(stats.beta.ppf(1 - outside, successes + 1, n - successes)) if successes < n else 1.0
    return low, high


def pairs_needed(share: float) -> int:
    """Pairs of which all must be better to prove that at least ``share`` of the futures are."""
    return int(np.ceil(np.log(1 - CONFIDENCE) / np.log(share)))


def paired(differences: NDArray[np.float64], direction: int) -> Paired:
    """Judge paired differences.

    Parameters
    ----------
    differences
        Variant minus null, one per future, shape ``(pairs,)``; futures without a value (NaN) are left out.
    direction
        1 if more is better, -1 if less is, 0 if neither.

    Notes
    -----
    *Surely* needs proof that at least 95 % of the futures are better, which takes 59 pairs of 59; *likely* needs
    proof that more than half are, and an interval of the mean that excludes zero. Five pairs are the fewest that
    can prove anything.
    """
    values = differences[np.isfinite(differences)]
    mean, low, high = mean_interval(values)
    n = values.size
    better = int(np.count_nonzero(values * direction > 0))
    worse = int(np.count_nonzero(values * direction < 0))
    share = better / n if n and direction else float("nan")
    return Paired(
        mean, low, high, share, n, _verdict(better, worse, n, direction, excludes_zero=low > 0 or high < 0)
    )


def _verdict(better: int, worse: int, n: int, direction: int, *, excludes_zero: bool) -> str:
    if direction == 0:
        return "neutral"
    if n < pairs_needed(LIKELY_SHARE):
        return "too_few"
    for count, word in ((better, "better"), (worse, "worse")):
        if share_lower_bound(count, n) >= CERTAIN_SHARE:
            return f"surely_{word}"
        if excludes_zero and share_lower_bound(count, n) > LIKELY_SHARE:
            return f"likely_{word}"
    return "no_difference"


def variance_ratio(null: NDArray[np.float64], variant: NDArray[np.float64]) -> float:
    """How much wider the variance of a difference would be with independent futures than with paired ones.

    Parameters
    ----------
    null, variant
        One value per future, the same futures in the same order.

    Returns
    -------
    float
        ``(var(null) + var(variant)) / var(variant - null)``; infinite if every pair differs by the same amount.
    """
    joint = float(np.var(variant - null, ddof=1))
    apart = float(np.var(null, ddof=1) + np.var(variant, ddof=1))
    if joint <= np.finfo(np.float64).eps * apart:
        return float("inf") if apart > 0 else 1.0
    return apart / joint
