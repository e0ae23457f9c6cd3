"""Numbers as Dutch readers write them: decimal comma, thin groups of thousands, a true minus sign."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from wijksim.core.units import PERCENT

MINUS = "\N{MINUS SIGN}"
NO_VALUE = "geen waarde"
UNBOUNDED = "niet te bepalen"
MOST_DECIMALS = 4
_FINEST = 6
_PARTS = 3


def decimals_for(widths: Iterable[float], levels: Iterable[float] = ()) -> int:
    """Decimals that show one or two digits of a typical uncertainty, so that no digit is only noise.

    Parameters
    ----------
    widths
        Half widths of intervals; what is infinite, NaN or zero is left out. The last digit shown is that of a
        third of the typical width: 0.0025 gives four decimals, 0.0041 three.
    levels
        Fallback when no width is usable: three significant digits of a typical level.
    """
    usable = np.array([abs(width) for width in widths if math.isfinite(width) and width != 0])
    if usable.size:
        return _decimals(float(np.median(usable)) / _PARTS)
    known = np.array([abs(level) for level in levels if math.isfinite(level) and level != 0])
    return _decimals(float(np.median(known)) / PERCENT) if known.size else 1


def _decimals(step: float) -> int:
    """Decimals with which a step of this size is seen."""
    return int(np.clip(-math.floor(math.log10(step)), 0, MOST_DECIMALS))


def resolving(low: float, high: float, decimals: int) -> int:
    """Decimals with which an interval that excludes zero is seen to exclude it; never fewer than ``decimals``."""
    if not (low > 0 or high < 0) or math.isinf(low) or math.isinf(high):
        return decimals
    nearest = min(abs(low), abs(high))
    return max(decimals, min(-math.floor(math.log10(nearest)), _FINEST))


def dutch(value: float, decimals: int = 0, *, sign: bool = False) -> str:
    """Write a number.

    Parameters
    ----------
    value
        NaN is written as "geen waarde", infinity as "niet te bepalen".
    decimals
        Digits after the comma.
    sign
        Put a plus sign before what is above zero (for differences).

    Examples
    --------
    >>> dutch(-12345.678, 1), dutch(0.5, 2, sign=True), dutch(4000.0)
    ('−12.345,7', '+0,50', '4.000')
    """
    if math.isnan(value):
        return NO_VALUE
    if math.isinf(value):
        return UNBOUNDED
    text = f"{abs(value):,.{decimals}f}"
    text = text.translate(str.maketrans(",.", ".,"))
    if not any(digit in text for digit in "123456789"):
        return text  # minus zero says nothing
    if value < 0:
        return MINUS + text
    return f"+{text}" if sign else text


def interval(low: float, high: float, decimals: int) -> str:
    """Write an interval; one side unbounded means that there is none.

    Examples
    --------
    >>> interval(-0.25, 1.5, 1)
    '−0,2 tot 1,5'
    """
    if math.isnan(low) or math.isnan(high):
        return NO_VALUE
    if math.isinf(low) or math.isinf(high):
        return UNBOUNDED
    return f"{dutch(low, decimals)} tot {dutch(high, decimals)}"


def listed(words: Iterable[str]) -> str:
    """Join words as in a sentence.

    Examples
    --------
    >>> listed(["stress", "schulden", "werk"])
    'stress, schulden en werk'
    """
    known = list(words)
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} en {known[-1]}"


def counted(number: int, one: str, more: str) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> counted(1, "paar", "paren"), counted(3, "paar", "paren")
    ('1 paar', '3 paren')
    """
    return f"{dutch(number)} {one if number == 1 else more}"


def bounded(value: float, decimals: int, limit: int) -> str:
    """Write a number, or only that it lies above a limit beyond which its size says nothing.

    Examples
    --------
    >>> bounded(12.34, 1, 1000), bounded(5e6, 1, 1000)
    ('12,3', 'meer dan 1.000')
    """
    return f"meer dan {dutch(limit)}" if value > limit else dutch(value, decimals)
