"""Numbers as readers of a language write them: decimal sign, groups of thousands, a true minus sign."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

import numpy as np
from babel.numbers import NumberPattern, get_decimal_symbol, parse_pattern

from wijksim.core.units import PERCENT
from wijksim.report.language import Language, formats

MINUS = "\N{MINUS SIGN}"
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


def exact_decimals(*amounts: float) -> int:
    """Decimals that amounts take to be read as they were written."""
    fine = (places for places in range(MOST_DECIMALS) if all(round(one, places) == one for one in amounts))
    return next(fine, MOST_DECIMALS)


def resolving(low: float, high: float, decimals: int) -> int:
    """Decimals with which an interval that excludes zero is seen to exclude it; never fewer than ``decimals``."""
    if not (low > 0 or high < 0) or math.isinf(low) or math.isinf(high):
        return decimals
    nearest = min(abs(low), abs(high))
    return max(decimals, min(-math.floor(math.log10(nearest)), _FINEST))


def holding(low: float, high: float, decimals: int) -> int:
    """Decimals with which an interval around zero is seen to reach beyond it on both sides; at least ``decimals``."""
    if not low < 0 < high or math.isinf(low) or math.isinf(high):
        return decimals
    return max(decimals, min(-math.floor(math.log10(min(-low, high))), _FINEST))


def written(value: float, decimals: int = 0, *, sign: bool = False, language: Language = "nl") -> str:
    """Write a number.

    Parameters
    ----------
    value
        Finite.
    decimals
        Digits after the decimal sign.
    sign
        Put a plus sign before what is above zero (for differences).
    language
        Dutch if omitted.

    Examples
    --------
    >>> written(-12345.678, 1), written(0.5, 2, sign=True), written(4000.0, language="en")
    ('−12.345,7', '+0,50', '4,000')
    """
    # rounded before Babel, which rounds the shortest decimal fraction of a number and not the number itself
    rounded = Decimal(f"{abs(value):.{decimals}f}")
    text: str = _pattern(decimals).apply(rounded, formats(language))
    if not rounded:
        return text  # minus zero says nothing
    if value < 0:
        return MINUS + text
    return f"+{text}" if sign else text


@cache
def _pattern(decimals: int) -> NumberPattern:
    return parse_pattern("#,##0." + "0" * decimals if decimals else "#,##0")


def point(language: Language) -> str:
    """The decimal sign of a language."""
    return get_decimal_symbol(formats(language))
