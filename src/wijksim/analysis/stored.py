"""Results of other analyses that lie in a folder, as far as they are of the very scenarios that are compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wijksim.analysis.compare import Comparison
from wijksim.analysis.knockout import Knockout
from wijksim.analysis.leaning import Leaning, leanings
from wijksim.analysis.shapley import Shapley
from wijksim.core.errors import InputError
from wijksim.runs.sweeps.folder import SWEEP
from wijksim.runs.sweeps.results import SweepResults


@dataclass(frozen=True)
class Stored:
    """What is known of one variant beside the comparison.

    Attributes
    ----------
    knockout, shapley
        None if none was stored of these scenarios.
    leanings
        What its effects lean on; empty without a sweep of these scenarios.
    """

    knockout: Knockout | None = None
    shapley: Shapley | None = None
    leanings: tuple[Leaning, ...] = ()


def stored_results(
    folder: Path | None, comparison: Comparison, measures: tuple[str, ...], *, district: str
) -> tuple[Stored, ...]:
    """Look for stored results of every variant.

    Parameters
    ----------
    folder
        Where ``knockout``, ``shapley`` and ``sweep`` wrote; None, or a folder that is not there, holds nothing.
    measures, district
        Effects of which it is asked what they lean on.

    Returns
    -------
    tuple of Stored
        One per variant. What belongs to another version of a scenario is passed over.
    """
    variants = comparison.scenarios[1:]
    if folder is None or not folder.is_dir():
        return tuple(Stored() for _ in variants)
    found = []
    sweeps = _sweeps(folder)
    for variant in variants:
        digests = {"scenario": variant.digest, "null": comparison.null.digest}
        mine: tuple[Leaning, ...] = ()
        for sweep in sweeps:
            kept = sweep.manifest["parts"]["scenarios"]
            same = kept.get(variant.id) == variant.digest
            if same and sweep.null == comparison.null.id and kept[sweep.null] == comparison.null.digest:
                mine = mine or _leanings(sweep, variant.id, measures, district)
        found.append(Stored(Knockout.stored(folder, digests), Shapley.stored(folder, digests), mine))
    return tuple(found)


def _sweeps(folder: Path) -> tuple[SweepResults, ...]:
    """Sweeps in the folder itself and in those right below it, by name."""
    found = []
    for path in (folder, *sorted(one for one in folder.iterdir() if one.is_dir())):
        if (path / SWEEP).is_file():
            try:
                found.append(SweepResults.open(path))
            except InputError:
                continue  # written by another version
    return tuple(found)


def _leanings(
    sweep: SweepResults, scenario: str, measures: tuple[str, ...], district: str
) -> tuple[Leaning, ...]:
    try:
        return leanings(sweep, scenario, measures, district=district)
    except InputError:
        return ()  # varies nothing, or is not done
