"""Many districts at once: places drawn from a table or mixed from the shipped ones, run under current policy.

Districts are drawn in proportion to residents, evenly over the corporation share, so that each stands for as many
people as any other. They are shared out over cities of a few districts, which share a walk and a housing market.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

import wijksim.measures  # noqa: F401  (registers the shipped measures)
from wijksim.analysis.validation import probes_care, probes_homes, probes_years  # noqa: F401  (declare their probes)
from wijksim.analysis.validation.panel import Area, Panel
from wijksim.analysis.validation.probes import Probe, available
from wijksim.build.world_builder import BuildPlan, DistrictPlan, build_world
from wijksim.core.clock import Clock
from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.kernel.reference import Reference
from wijksim.mechanisms.liveability import DIMENSIONS
from wijksim.model.assemble import default_strategies, parameters_of
from wijksim.model.engine import Engine, make_mechanisms
from wijksim.model.known import scenario_of
from wijksim.parameters.overlay import stored_reference
from wijksim.places.load import base_places, load_place, place_names
from wijksim.places.schema import Place
from wijksim.places.table import Row, place_of
from wijksim.runs.batch import default_workers, in_seeds

CITY = 8  # districts that share a housing market and a city's part of the walk
# probes that are no share
_PLAIN = frozenset(
    {
        "value", "walk_total", "leavers_income", "entrants_income", "staff_cost", "trouble_estate_size",
        "offender_days", "days_to_rest", "police_presence",
        *(f"conditions_{name}" for name in DIMENSIONS),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Spot:
    """A place of an ensemble and whether it is urban."""

    place: Place
    urban: bool


def drawn(rows: Sequence[Row], count: int, seed: int = 0) -> list[Spot]:
    """Draw places from a table, in proportion to residents and evenly over the corporation share."""
    ordered = sorted(rows, key=lambda row: (row.figures["p_corp"], row.name))
    edges = np.cumsum([row.residents for row in ordered])
    points = (np.arange(count) + np.random.default_rng(seed).random()) / count * edges[-1]
    chosen = np.searchsorted(edges, points, side="right")
    # the order over cities is drawn too: neighbours are not alike by construction
    order = np.random.default_rng(seed + 1).permutation(count)
    return [Spot(place_of(ordered[int(row)]), ordered[int(row)].urban) for row in chosen[order]]


def mixed(count: int, seed: int = 0) -> list[Spot]:
    """Places around the shipped ones that stand by themselves, in the proportions of the country.

    Each lies on the line from one place to another: from a third of the way behind the first, so that stocks occur
    that no shipped place has, to half way. The first is an archetype by its part in the national mixture; the shipped
    neighbourhoods share the part of the vulnerable one.
    """
    luck = np.random.default_rng(seed)
    shipped = base_places()
    main = [place for place in shipped if place.reference_weight is not None]
    weakest = min(main, key=lambda place: place.liveability.afw.value)
    vulnerable = [weakest, *(place for place in shipped if place.reference_weight is None)]
    groups = [vulnerable if place is weakest else [place] for place in main]
    edges = np.cumsum([place.reference_weight.value for place in main if place.reference_weight is not None])
    points = (np.arange(count) + luck.random()) / count * edges[-1]
    found: list[Spot] = []
    for point in points:
        group = groups[int(np.searchsorted(edges, point, side="right"))]
        one = group[len(found) % len(group)]
        others = [place for place in shipped if place is not one]
        found.append(Spot(_along(one, others, f"mix{len(found)}", luck), True))
    return [found[row] for row in luck.permutation(count)]


_BEHIND, _HALF_WAY, _TRIES = -1 / 3, 1 / 2, 20


def _along(one: Place, others: Sequence[Place], name: str, luck: np.random.Generator) -> Place:
    """A place on the line from one to another; nearer to the first if figures contradict each other."""
    for _ in range(_TRIES):
        other = others[int(luck.integers(len(others)))]
        share = _BEHIND + (_HALF_WAY - _BEHIND) * float(luck.random())
        try:
            made = between(one, other, share, name)
        except ValidationError:
            continue
        if not made.inconsistencies():
            return made
    return between(one, one, 0.0, name)


def between(one: Place, other: Place, share: float, name: str) -> Place:
    """A place of which every figure lies a ``share`` of the way from one to the other.

    Raises
    ------
    ValidationError
        If a figure leaves its range, for a share outside 0 to 1.
    """

    def blend(a: Any, b: Any) -> Any:
        if isinstance(a, dict) and isinstance(b, dict):
            if "value" in a and "source" in a:
                return {**a, "value": (1 - share) * a["value"] + share * b["value"], "source": "mix"}
            return {key: blend(a[key], b[key]) for key in a if b.get(key) is not None and a[key] is not None}
        return a

    own = {"residents", "reference_weight", "weak_share", "buurt_spread"}
    first, second = (place.model_dump(exclude=own) for place in (one, other))
    content = blend(
        {key: value for key, value in first.items() if key not in ("sources", "municipality")}, second
    )
    content |= {"name": name, "title": name, "kind": "archetype", "about": "Between two shipped places."}
    content["sources"] = {"mix": {"text": f"{share:.2f} of the way from {one.name} to {other.name}"}}
    return Place.model_validate(content)


def people_of_the_country(place: Place) -> Place:
    """The stock of a place with the people of the whole country: a start that is blind to tenure.

    What then goes with tenure after years has come about in the model.
    """
    nation = _nation()
    own = place.model_dump()
    keep = (
        "name",
        "title",
        "municipality",
        "kind",
        "about",
        "tenure",
        "dwellings",
        "address_density",
        "residents",
    )
    content = {**nation, **{key: own[key] for key in keep}}
    content["sources"] = {**nation["sources"], **own["sources"]}
    content["dwellings"]["value"] = nation["dwellings"]["value"] | {"source": next(iter(own["sources"]))}
    return Place.model_validate(content)


def _nation() -> dict[str, Any]:
    archetypes = [place for place in map(load_place, place_names()) if place.reference_weight is not None]
    whole, weight = archetypes[0], archetypes[0].reference_weight.value  # type: ignore[union-attr]
    for place in archetypes[1:]:
        own = place.reference_weight.value  # type: ignore[union-attr]
        whole = between(whole, place, own / (weight + own), "nation")
        weight += own
    return whole.model_dump()


def run_ensemble(
    spots: Sequence[Spot],
    *,
    years: int,
    size: float,
    seed: int = 0,
    blind: bool = False,
    workers: int | None = None,
    done: Callable[[int, int], None] | None = None,
    values: Mapping[str, float] | None = None,
) -> Panel:
    """Run places under current policy and keep a yearly panel.

    Parameters
    ----------
    spots
        Places, :data:`CITY` of them to a city.
    years
        Length of the run.
    size
        Residents per district.
    blind
        Start every district with the people of the whole country.
    workers, done
        As for :func:`wijksim.runs.batch.in_seeds`.
    values
        Parameters with another value than the shipped one.
    """
    cities = [spots[first : first + CITY] for first in range(0, len(spots), CITY)]
    work = partial(_city, cities, _Setting(years, size, seed, blind, tuple(sorted((values or {}).items()))))
    found = in_seeds(work, range(len(cities)), workers=workers or default_workers(), done=done)
    areas = tuple(area_of(spot, number) for number, city in enumerate(cities) for spot in city)
    return panel_of(areas, found)


def area_of(spot: Spot, city: int, *, treated: bool = False) -> Area:
    """What a panel must know of a place."""
    place = spot.place
    density = place.address_density.value if place.address_density is not None else float("nan")
    return Area(place.name, city, spot.urban, place.liveability.afw.value, density, treated)


def panel_of(areas: Sequence[Area], found: Sequence[Found]) -> Panel:
    """Put what was found in each city side by side."""
    names = list(found[0][0])
    return Panel(
        areas=tuple(areas),
        top={name: np.concatenate([one[0][name] for one in found]) for name in names},
        bottom={name: np.concatenate([one[1][name] for one in found]) for name in names},
        scale=found[0][2],
    )


type Found = tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]], dict[str, float]]


@dataclass(frozen=True)
class _Setting:
    """What all cities of an ensemble have in common."""

    years: int
    size: float
    seed: int
    blind: bool
    values: tuple[tuple[str, float], ...]


def _city(cities: Sequence[Sequence[Spot]], setting: _Setting, number: int) -> Found:
    places = [people_of_the_country(spot.place) if setting.blind else spot.place for spot in cities[number]]
    seed = setting.seed * len(cities) + number
    engine = warmed_city(places, setting.size, seed=seed, values=setting.values)
    return watch(engine, setting.years)


def warmed_city(
    places: Sequence[Place], size: float, *, seed: int, values: Sequence[tuple[str, float]] = ()
) -> Engine:
    """Build a city of places under current policy and run its warm-up; districts are named ``place-row``."""
    baseline = scenario_of("baseline")
    mechanisms = make_mechanisms()
    parameters = parameters_of(baseline)
    for name, value in values:
        parameters.set(name, value)
    plan = BuildPlan(
        districts=[DistrictPlan(place, f"{place.name}-{row}", size) for row, place in enumerate(places)],
        seed=seed,
        clock=Clock(baseline.start),
        warmup=baseline.world.warmup,
        parameters=parameters,
        rest=baseline.world.rest,
        reference=Reference(stored_reference()),
    )
    engine = Engine(build_world(plan, mechanisms), mechanisms, strategies=default_strategies())
    for _ in range(baseline.world.warmup):
        engine.advance()
    return engine


def watch(engine: Engine, years: int) -> Found:
    """Run some years and keep yearly sums of all measures and probes."""
    ctx = engine.ctx
    measures = [MEASURES.get(name)() for name in MEASURES.names()]
    probes = available(ctx)
    everything: list[Measure | Probe] = [*measures, *probes]
    scale = {one.name: float(one.scale) for one in measures}
    scale |= {one.name: 1.0 if one.name in _PLAIN else PERCENT for one in probes}
    shape = (ctx.world.n_districts, years)
    top = {name: np.zeros(shape) for name in scale}
    bottom = {name: np.zeros(shape) for name in scale}
    for month in range(years * MONTHS_PER_YEAR):
        engine.advance()
        year = month // MONTHS_PER_YEAR
        ctx.month -= 1  # measures and probes look at the month that has just been
        for one in everything:
            above, below = one.districts(ctx)
            top[one.name][:, year] += above
            bottom[one.name][:, year] += below
        ctx.month += 1
    for one in probes:
        if one.rate:
            bottom[one.name] /= MONTHS_PER_YEAR
    return top, bottom, scale
