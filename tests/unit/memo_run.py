"""A small comparison that was really run, with its books, for the tests of the memo."""

from __future__ import annotations

from functools import lru_cache

from wijksim.analysis.compare import Comparison, compare
from wijksim.analysis.twins import Twin, twins
from wijksim.model.known import load_scenarios
from wijksim.report.headlines import memo_measures, weakest_district

MONTHS, SIZE, PAIRS = 36, 900, 2


@lru_cache(maxsize=1)
def small() -> Comparison:
    """Two futures of three scenarios, three years long."""
    overrides = {"world.size": SIZE, "world.warmup": 1, "months": MONTHS}
    specs = load_scenarios(["baseline", "sale", "basic-jobs"], overrides=overrides)
    return compare(specs, pairs=PAIRS, seed=5, workers=1, measures=memo_measures(), books=True)


@lru_cache(maxsize=1)
def small_twins() -> tuple[tuple[Twin, ...], ...]:
    """Residents of the first future."""
    return twins(small(), weakest_district(small()))
