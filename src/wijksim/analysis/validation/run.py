"""From tables and places to a score card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wijksim.analysis.validation.ensemble import CITY, Spot, drawn, mixed, run_ensemble
from wijksim.analysis.validation.pairs import CITIES as PAIR_CITIES
from wijksim.analysis.validation.pairs import YEARS as PAIR_YEARS
from wijksim.analysis.validation.pairs import run_pairs
from wijksim.analysis.validation.panel import Panel, joined
from wijksim.analysis.validation.patterns import Pattern
from wijksim.analysis.validation.score import Card, score
from wijksim.analysis.validation.shelf import stored
from wijksim.analysis.validation.statistics import Panels
from wijksim.places.table import read_table
from wijksim.runs.manifest import package_version

DISTRICTS, YEARS, RESIDENTS = 120, 20, 1500


def validate(
    patterns: Sequence[Pattern],
    *,
    places: Path | None = None,
    districts: int = DISTRICTS,
    years: int = YEARS,
    residents: float = RESIDENTS,
    seed: int = 0,
    seeds: int = 1,
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
    seed, seeds
        First future, which also decides the draw of places, and number of futures.
    workers, done
        As for :func:`wijksim.runs.batch.in_seeds`.

    Raises
    ------
    InputError
        If the table of places cannot be used.
    """
    setting: dict[str, Any] = {
        "districts": districts, "years": years, "residents": residents, "seed": seed, "seeds": seeds,
        "wijksim": package_version(),
    }  # fmt: skip
    if places is None:
        spots = mixed(districts, seed)
        setting["places"] = "drawn on lines between the shipped places, in national proportions"
    else:
        rows, left_out = read_table(places)
        spots = drawn(rows, districts, seed)
        setting |= {"places": places.name, "rows": len(rows), "rows_left_out": left_out}
    panels = _panels(spots, setting, workers, done)
    card = score(patterns, panels)
    return Card(card.verdicts, card.families, setting)


def _panels(
    spots: Sequence[Spot],
    setting: Mapping[str, Any],
    workers: int | None,
    done: Callable[[int, int], None] | None,
) -> Panels:
    """Run, or take from the store, everything that statistics look at."""
    years, size = int(setting["years"]), float(setting["residents"])
    # people sort by tenure at the pace of moving: from a blind start it takes longer before there is something to see
    blind_years = years + years // 2
    seeds = [int(setting["seed"]) + number for number in range(int(setting["seeds"]))]
    cities = -(-len(spots) // CITY)
    pair_cities = max(round(len(spots) / DISTRICTS * PAIR_CITIES), 1)
    progress = _Progress(done, len(seeds) * (2 * cities + pair_cities))

    def ensemble(seed: int, *, blind: bool) -> Panel:
        length = blind_years if blind else years
        key = ("ensemble", [spot.place.model_dump_json() for spot in spots], length, size, seed, blind)
        found = stored(
            key,
            lambda: {
                "all": run_ensemble(
                    spots, years=length, size=size, seed=seed, blind=blind, workers=workers, done=progress.one
                )
            },
        )
        return found["all"]

    def pairs(seed: int) -> dict[str, Panel]:
        length = min(years, PAIR_YEARS)
        return stored(
            ("pairs", pair_cities, length, size, seed),
            lambda: run_pairs(
                cities=pair_cities, years=length, size=size, seed=seed, workers=workers, done=progress.one
            ),
        )

    real = joined([ensemble(seed, blind=False) for seed in seeds])
    blind = joined([ensemble(seed, blind=True) for seed in seeds])
    found = [pairs(seed) for seed in seeds]
    return Panels(real, blind, {name: joined([one[name] for one in found]) for name in found[0]})


class _Progress:
    """Counts cities over several ensembles."""

    def __init__(self, done: Callable[[int, int], None] | None, whole: int) -> None:
        self.done, self.whole, self.now = done, whole, 0

    def one(self, now: int, whole: int) -> None:
        """Hear that one more city is done."""
        del now, whole
        self.now += 1
        if self.done is not None:
            self.done(min(self.now, self.whole), self.whole)
