"""Size beside certainty: whether an effect is smaller than the smallest that matters of its measure.

A verdict says on which side of zero an effect lies and how sure that is; that it matters is another question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from wijksim.analysis.precision import smallest_effect
from wijksim.kernel.measure import Measure

_JUDGED = ("surely_better", "likely_better", "likely_worse", "surely_worse")
_UNPROVEN = "no_difference"


class Size(Enum):
    """What can be said of the size of an effect."""

    UNKNOWN = "unknown"
    SMALL = "small"
    SMALL_ON_AVERAGE = "small on average"


def smallest_of(kind: type[Measure]) -> float | None:
    """Smallest effect that matters of a measure, in its unit; None where none is stated."""
    return smallest_effect(kind.name, kind.unit)


def size_of(verdict: str, mean: float, low: float, high: float, smallest: float | None) -> Size:
    """Judge the size of a paired difference.

    Parameters
    ----------
    verdict
        Key of the verdict; where there is none for want of pairs or direction, nothing is said of the size.
    smallest
        Smallest effect that matters; None says nothing of the size.

    Notes
    -----
    *Small* asks that the whole interval lies inside the threshold. An effect that is proven to be there, and of which
    only the mean lies inside, may still be as large as matters: that is *small on average*.
    """
    if smallest is None or verdict not in (*_JUDGED, _UNPROVEN):
        return Size.UNKNOWN
    if -smallest < low and high < smallest:
        return Size.SMALL
    if verdict in _JUDGED and abs(mean) < smallest:
        return Size.SMALL_ON_AVERAGE
    return Size.UNKNOWN


@dataclass(frozen=True)
class Threshold:
    """A smallest effect that matters, and the measures of one unit that have it."""

    value: float
    measures: tuple[type[Measure], ...]


def thresholds(kinds: Iterable[type[Measure]]) -> tuple[Threshold, ...]:
    """Smallest effects of some measures, by value and unit, in the order of the measures."""
    found: dict[tuple[float, str], list[type[Measure]]] = {}
    for kind in kinds:
        value = smallest_of(kind)
        if value is not None:
            found.setdefault((value, kind.unit), []).append(kind)
    return tuple(Threshold(value, tuple(mine)) for (value, _), mine in found.items())
