"""Intervals and verdicts for paired differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

CONFIDENCE = 0.95
CERTAIN_SHARE = 0.95
LIKELY_SHARE = 0.5
FIRST_LOOK = 31  # pairs; with fewer, a spread that is small by luck would end a run too soon
LOOK_GROWTH = 1.5  # from look to look, so that chances to stop at a lucky moment are few
LOOK_DF = 20  # at most, where pairs were chosen by looking: the wider t makes up for the luck that is left
MOST_PAIRS = 10_000_000  # beyond which a number of pairs is as good as none


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


def mean_interval(
    differences: NDArray[np.float64], *, most_df: int | None = None
) -> tuple[float, float, float]:
    """Mean and 95 % Student interval; the interval is infinite for fewer than two pairs.

    Parameters
    ----------
    differences
        One value per pair, none of them NaN.
    most_df
        Degrees of freedom that are used at most: :data:`LOOK_DF` where the number of pairs was chosen by looking.
    """
    n = differences.size
    mean = float(differences.mean()) if n else float("nan")
    if n < 2:
        return mean, -np.inf, np.inf
    half = half_width(float(differences.std(ddof=1)), n, most_df=most_df)
    return mean, mean - half, mean + half


def half_width(sd: float, pairs: int, *, df: int | None = None, most_df: int | None = None) -> float:
    """Half of the 95 % Student interval of a mean, from the standard deviation of one difference.

    Parameters
    ----------
    sd, pairs
        Standard deviation, and over how many pairs the mean goes.
    df
        Degrees of freedom of ``sd``; ``pairs - 1`` if omitted.
    most_df
        As for :func:`mean_interval`.
    """
    freedom = pairs - 1 if df is None else df
    if freedom < 1:
        return float("inf")
    used = freedom if most_df is None else min(freedom, most_df)
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, used) * sd / np.sqrt(pairs))


def looks(most: int) -> tuple[int, ...]:
    """Numbers of pairs after which it may be asked whether they are enough, up to ``most``.

    Notes
    -----
    Who stops as soon as an interval is narrow stops rather when the spread came out small by luck, and then states
    an interval that is too narrow. Few looks, the first late, and Student's t with no more than :data:`LOOK_DF` at
    every look keep the coverage of the 95 % interval between 93 and 97 %: simulated, it lies between 93.6 and 96.3 for
    normal differences and for skewness of plus and minus one, with aims in the unit and in a share of the mean.
    """
    found = []
    pairs = FIRST_LOOK
    while pairs < most:
        found.append(pairs)
        pairs = int(np.ceil(pairs * LOOK_GROWTH))
    return (*found, most)


def pairs_for(sd: NDArray[np.float64], aim: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fewest pairs of which the 95 % interval of the mean is no wider than plus or minus ``aim``.

    Parameters
    ----------
    sd, aim
        Standard deviation of one difference, and half-width that is wanted, of the same shape.

    Returns
    -------
    ndarray
        At least 2; infinite where no number of pairs up to :data:`MOST_PAIRS` is enough; NaN where ``sd`` or
        ``aim`` is.
    """
    narrow = np.divide(aim, sd, out=np.full(sd.shape, np.inf), where=sd != 0)

    def enough(pairs: NDArray[np.float64]) -> NDArray[np.bool_]:
        return np.asarray(stats.t.ppf((1 + CONFIDENCE) / 2, pairs - 1) / np.sqrt(pairs) <= narrow)

    low, high = np.full(sd.shape, 1.0), np.full(sd.shape, float(MOST_PAIRS))
    reachable = enough(high)
    while (
        high - low > 1
    ).any():  # the width falls with every pair, so halving finds the first that is enough
        middle = np.maximum(np.floor((low + high) / 2), 2)
        fine = enough(middle)
        high, low = np.where(fine, middle, high), np.where(fine, low, middle)
    found = np.where(reachable, high, np.inf)
    return np.where(np.isnan(sd) | np.isnan(aim), np.nan, found)


def sd_interval(sd: NDArray[np.float64], pairs: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """95 % interval of a standard deviation that was estimated from ``pairs`` values (chi-square)."""
    if pairs < 2:
        return np.zeros_like(sd), np.full_like(sd, np.inf)
    df = pairs - 1
    low, high = (float(stats.chi2.ppf(tail, df)) for tail in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return sd * np.sqrt(df / high), sd * np.sqrt(df / low)


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


def paired(differences: NDArray[np.float64], direction: int, *, most_df: int | None = None) -> Paired:
    """Judge paired differences.

    Parameters
    ----------
    differences
        Variant minus null, one per future, shape ``(pairs,)``; futures without a value (NaN) are left out.
    direction
        1 if more is better, -1 if less is, 0 if neither.
    most_df
        As for :func:`mean_interval`.

    Notes
    -----
    Both *surely* and *likely* need an interval of the mean that lies on that side of zero. *Surely* also needs proof
    that at least 95 % of the futures are better, which takes 59 pairs of 59; *likely* proof that more than half are.
    Where most futures are slightly better and a few much worse, the mean says the opposite of the count: that is no
    verdict for either side. Five pairs are the fewest that can prove anything.
    """
    values = differences[np.isfinite(differences)]
    mean, low, high = mean_interval(values, most_df=most_df)
    n = values.size
    better = int(np.count_nonzero(values * direction > 0))
    worse = int(np.count_nonzero(values * direction < 0))
    share = better / n if n and direction else float("nan")
    side = int(np.sign(low) if low > 0 or high < 0 else 0) * direction
    return Paired(mean, low, high, share, n, _verdict(better, worse, n, direction, side))


def _verdict(better: int, worse: int, n: int, direction: int, side: int) -> str:
    """Word for the counts; ``side`` is 1 where the interval says better, -1 where worse, 0 where it holds zero."""
    if direction == 0:
        return "neutral"
    if n < pairs_needed(LIKELY_SHARE):
        return "too_few"
    if side:
        proven, word = share_lower_bound(better if side > 0 else worse, n), "better" if side > 0 else "worse"
        if proven >= CERTAIN_SHARE:
            return f"surely_{word}"
        if proven > LIKELY_SHARE:
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
