"""Effects by group of persons or households, at the read-outs: who gains and who loses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.compare import Comparison, difference
from wijksim.analysis.intervals import Paired, paired
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.groups import GROUPS
from wijksim.kernel.measure import Measure

type Key = tuple[str, str, str]
"""Measure, group and label."""


@dataclass(frozen=True)
class GroupEffect:
    """A paired difference in one group of one district.

    Attributes
    ----------
    group, label
        Name and label of :data:`wijksim.kernel.groups.GROUPS`.
    measure
        What was measured.
    null
        Mean level of the null alternative.
    rows
        Mean number of persons or households in the group under the null alternative.
    result
        The difference, judged as everywhere.
    """

    group: str
    label: str
    measure: type[Measure]
    null: float
    rows: float
    result: Paired


def readout_month(comparison: Comparison) -> int | None:
    """The last month for which groups were recorded in every run; None if there is none."""
    common: set[int] | None = None
    for future in comparison.futures:
        for entries in future.groups:
            months = {int(entry[0]) for entry in entries}
            common = months if common is None else common & months
    return max(common) if common else None


def group_effects(
    comparison: Comparison, variant: int, measures: Iterable[type[Measure]], district: str
) -> tuple[GroupEffect, ...]:
    """Effects of a variant in every group, at the last read-out that all runs have.

    Parameters
    ----------
    variant
        Place in ``comparison.scenarios``, 1 or more.
    measures
        Those that were not recorded by group are left out.
    district
        Name of a district, or ``city``.

    Returns
    -------
    tuple of GroupEffect
        In the order of groups, labels and measures. A value is that of the last month, not a mean over a year.
    """
    month = readout_month(comparison)
    if month is None:
        return ()
    place = comparison.districts.index(district)
    null = [_entries(future.groups[0], month, place) for future in comparison.futures]
    mine = [_entries(future.groups[variant], month, place) for future in comparison.futures]
    found = []
    for group in GROUPS.values():
        for label in group.labels:
            for kind in measures:
                key = (kind.name, group.name, label)
                if all(key in one for one in (*null, *mine)):
                    found.append(_effect(key, kind, null, mine, most_df=comparison.most_df))
    return tuple(found)


def readout_year(month: int) -> int:
    """Year of the run that a read-out month ends."""
    return (month + 1) // MONTHS_PER_YEAR


def _entries(
    entries: Sequence[tuple[int, str, str, str, NDArray[np.float64], NDArray[np.float64]]],
    month: int,
    place: int,
) -> dict[Key, tuple[float, float]]:
    """Numerator and denominator of a district (or of all, if the place lies beyond them) by key."""
    found: dict[Key, tuple[float, float]] = {}
    for when, measure, group, label, top, bottom in entries:
        if when == month:
            inside = place < top.size
            found[measure, group, label] = (
                float(top[place] if inside else top.sum()),
                float(bottom[place] if inside else bottom.sum()),
            )
    return found


def _effect(
    key: Key,
    kind: type[Measure],
    null: Sequence[dict[Key, tuple[float, float]]],
    mine: Sequence[dict[Key, tuple[float, float]]],
    *,
    most_df: int | None,
) -> GroupEffect:
    before = np.array([one[key] for one in null])
    after = np.array([one[key] for one in mine])
    base, there = (_ratio(values) * kind.scale for values in (before, after))
    known = base[np.isfinite(base)]
    return GroupEffect(
        group=key[1],
        label=key[2],
        measure=kind,
        null=float(known.mean()) if known.size else float("nan"),
        rows=float(before[:, 1].mean()),
        result=paired(difference(there, base), kind.direction, most_df=most_df),
    )


def _ratio(values: NDArray[np.float64]) -> NDArray[np.float64]:
    top, bottom = values.T
    found: NDArray[np.float64] = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
    return found
