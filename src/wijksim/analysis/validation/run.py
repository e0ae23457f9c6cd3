"""From tables and places to a score card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from wijksim.analysis.validation.ensemble import drawn, mixed, run_ensemble
from wijksim.analysis.validation.patterns import Pattern
from wijksim.analysis.validation.score import Card, score
from wijksim.analysis.validation.statistics import Panels
from wijksim.places.table import read_table
from wijksim.runs.manifest import package_version

DISTRICTS, YEARS, RESIDENTS = 120, 20, 2000


def validate(
    patterns: Sequence[Pattern],
    *,
    places: Path | None = None,
    districts: int = DISTRICTS,
    years: int = YEARS,
    residents: float = RESIDENTS,
    seed: int = 0,
    workers: int | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Card:
    """Run an ensemble of districts and judge every fact.

    Parameters
    ----------
    patterns
        Facts.
    places
        Table of places to draw districts from; mixtures of the shipped places if None.
    districts
        Districts drawn; patterns across areas need at least 60.
    years, residents
        Length of the run and size of a district.
    seed
        Future and draw of places.
    workers, done
        As for :func:`wijksim.runs.batch.in_seeds`.

    Raises
    ------
    InputError
        If the table of places cannot be used.
    """
    setting: dict[str, Any] = {
        "districts": districts, "years": years, "residents": residents, "seed": seed,
        "wijksim": package_version(),
    }  # fmt: skip
    if places is None:
        spots = mixed(districts, seed)
        setting["places"] = "mixtures of the shipped places"
    else:
        rows, left_out = read_table(places)
        spots = drawn(rows, districts, seed)
        setting |= {"places": places.name, "rows": len(rows), "rows_left_out": left_out}
    half = (lambda now, whole: done(now, 2 * whole)) if done is not None else None
    rest = (lambda now, whole: done(whole + now, 2 * whole)) if done is not None else None
    real = run_ensemble(spots, years=years, size=residents, seed=seed, workers=workers, done=half)
    blind = run_ensemble(
        spots, years=years, size=residents, seed=seed, blind=True, workers=workers, done=rest
    )
    card = score(patterns, Panels(real, blind))
    return Card(card.verdicts, card.families, setting)
