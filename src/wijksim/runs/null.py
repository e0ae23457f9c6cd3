"""Many futures of one scenario with everything recorded that shows whether a null alternative stands still."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import PERCENT
from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.kernel.stock import standing
from wijksim.mechanisms.housing.desk import city_stock
from wijksim.model.assemble import warmed_up, with_policy
from wijksim.runs.batch import in_seeds
from wijksim.runs.recorder import Recorder
from wijksim.runs.run import engine_facts
from wijksim.scenario.resolve import Scenario
from wijksim.state.codes import Tenure

SEEKERS = "seekers"
BY_CONDITIONS = "liveability.by_conditions"


class _Vacant(Measure):
    """Vacant dwellings of one kind of owner."""

    table: ClassVar[str] = "dwelling"
    theme: ClassVar[str] = "housing"
    unit: ClassVar[str] = "%"
    scale: ClassVar[float] = PERCENT
    owner: ClassVar[Tenure]

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """Without a household."""
        return np.asarray(self.denominator(ctx) & (ctx.world.dwelling.household < 0))

    def denominator(self, ctx: Context) -> NDArray[Any]:
        """Dwellings of this owner that are no building site."""
        dwelling = ctx.world.dwelling
        return np.asarray(standing(ctx.world) & (dwelling.owner == self.owner))


class VacantCorporation(_Vacant):
    """Vacant corporation dwellings."""

    name, owner = "vacancy_corporation", Tenure.CORPORATION
    label, label_nl = "Vacant corporation dwellings", "Leegstand corporatiewoningen"


class VacantOwner(_Vacant):
    """Vacant owner-occupied dwellings."""

    name, owner = "vacancy_owner", Tenure.OWNER
    label, label_nl = "Vacant owner-occupied dwellings", "Leegstand koopwoningen"


class VacantPrivate(_Vacant):
    """Vacant private rental dwellings."""

    name, owner = "vacancy_private", Tenure.PRIVATE
    label, label_nl = "Vacant private rental dwellings", "Leegstand particuliere huur"


class Seekers(Measure):
    """Seekers of corporation dwellings in the whole city, per 100 of its corporation dwellings."""

    name = SEEKERS
    label, label_nl = "Seekers of corporation dwellings", "Woningzoekenden"
    unit = "per 100 dwellings"
    scale = PERCENT
    theme = "housing"
    table = "district"

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """The same part of the queue for every district."""
        n = ctx.world.n_districts
        return np.full(n, len(ctx.world.seeker) / n)

    def denominator(self, ctx: Context) -> NDArray[Any]:
        """The same part of the stock for every district."""
        n = ctx.world.n_districts
        return np.full(n, city_stock(ctx) / n)


EXTRA: tuple[type[Measure], ...] = (VacantCorporation, VacantOwner, VacantPrivate, Seekers)


@dataclass(frozen=True)
class NullRuns:
    """Futures of one scenario.

    Attributes
    ----------
    scenario, seeds
        What was run.
    measures
        All registered measures and :data:`EXTRA`, in the order of axis 2.
    districts
        Names, in the order of axis 3.
    weights
        Part of each district in the national mixture, shape ``(districts,)``; zeros where there is no mixture.
    numerator, denominator
        Shape ``(seeds, months, measures, districts)``.
    by_conditions
        Change of the liveability index that simulated conditions made, shape ``(seeds, districts)``.
    """

    scenario: str
    seeds: tuple[int, ...]
    measures: tuple[type[Measure], ...]
    districts: tuple[str, ...]
    weights: NDArray[np.float64]
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    by_conditions: NDArray[np.float64]


def null_runs(
    scenario: Scenario,
    seeds: Sequence[int],
    months: int,
    *,
    workers: int = 1,
    done: Callable[[int, int], None] | None = None,
) -> NullRuns:
    """Run a scenario in all futures of ``seeds``; the results do not depend on ``workers``."""
    found = in_seeds(partial(_one, scenario, months), seeds, workers=workers, done=done)
    return NullRuns(
        scenario=scenario.id,
        seeds=tuple(seeds),
        measures=_measures(),
        districts=tuple(district.name for district in scenario.world.districts),
        weights=found[0][2],
        numerator=np.stack([one[0] for one in found]),
        denominator=np.stack([one[1] for one in found]),
        by_conditions=np.stack([one[3] for one in found]),
    )


def _measures() -> tuple[type[Measure], ...]:
    return (*(kind for _, kind in MEASURES.items()), *EXTRA)


def _one(scenario: Scenario, months: int, seed: int) -> tuple[NDArray[np.float64], ...]:
    for name in scenario.plugins:
        importlib.import_module(name)
    engine = with_policy(warmed_up(scenario, seed), scenario)
    recorder = Recorder([kind() for kind in _measures()], engine.ctx.settings["district_names"], months)
    engine.observers.append(recorder)
    for _ in range(months):
        engine.advance()
    weights = np.array(engine.ctx.world.district.weight, dtype=np.float64)
    conditions = np.array(engine_facts(engine).get(BY_CONDITIONS, np.full(weights.size, np.nan)))
    return recorder.numerator, recorder.denominator, weights, conditions
