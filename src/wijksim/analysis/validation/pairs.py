"""Pairs: the shipped places in the same futures with and without a programme.

Each city holds the shipped places once. A programme works in every other weak place, so that look-alikes stay
untouched and what is displaced has somewhere to go. All runs of a city share one warm-up.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from wijksim.analysis.validation.ensemble import Found, Spot, area_of, panel_of, warmed_city, watch
from wijksim.analysis.validation.panel import WEAK_UPPER_BOUND, Panel
from wijksim.analysis.validation.statistics import NULL
from wijksim.kernel.lever import LEVERS, Lever, Target, Window
from wijksim.parameters.store import ParameterStore, shipped_parameters
from wijksim.places.load import base_places
from wijksim.places.schema import Place
from wijksim.runs.batch import default_workers, in_seeds

PROGRAMMES: tuple[str, ...] = (
    "selective",
    "package",
    "cut",
    "care_cut",
    "police",
    "basic_jobs",
    "restructuring",
    "sale",
)
CITIES, YEARS = 20, 8


def number(name: str) -> float:
    """Figure with which programmes are run."""
    return ParameterStore(shipped_parameters()).at(0, "2025-01")[f"validation.{name}"]


def lever_of(programme: str, districts: Sequence[str]) -> Lever:
    """Make the lever of a programme, at work in some districts from the first month on."""
    made: dict[str, tuple[str, Mapping[str, object], int | None]] = {
        "selective": ("income-requirement", {"ramp": 0.0}, None),
        "package": ("staffing", {"change": number("package_staff")}, int(number("package_months"))),
        "cut": ("staffing", {"change": -number("cut"), "ramp": 0.0}, None),
        "care_cut": (
            "staffing",
            {"change": -number("cut"), "role": "mental_health_worker", "ramp": 0.0},
            None,
        ),
        "police": ("staffing", {"change": number("police"), "role": "police_officer", "ramp": 0.0}, None),
        "basic_jobs": ("basic-job", {"places_per_1000": number("basic_jobs")}, None),
        "restructuring": ("restructuring", {"share": number("restructuring_share"), "ramp": 0.0}, None),
        "sale": ("sale", {"share": number("sale_share"), "most": 1.0, "ramp": 0.0}, None),
    }
    name, arguments, end = made[programme]
    return LEVERS.get(name)(
        dict(arguments), window=Window(0, end), target=Target(tuple(districts), (), ()), identity=programme
    )


def places() -> list[tuple[Place, bool]]:
    """Shipped places that stand by themselves and whether programmes work there: every other weak one."""
    found, turn = [], False
    for place in base_places():
        weak = place.liveability.afw.value <= WEAK_UPPER_BOUND
        turn = not turn if weak else turn
        found.append((place, weak and turn))
    return found


def run_pairs(
    *,
    cities: int = CITIES,
    years: int = YEARS,
    size: float,
    seed: int = 0,
    workers: int | None = None,
    done: Callable[[int, int], None] | None = None,
) -> dict[str, Panel]:
    """Run every programme and the null in some cities.

    Returns
    -------
    dict
        Panel by programme, and that of the null under :data:`~wijksim.analysis.validation.statistics.NULL`.
    """
    work = partial(_city, years, size, seed * cities)
    found = in_seeds(work, range(cities), workers=workers or default_workers(), done=done)
    areas = [
        area_of(Spot(place, True), number, treated=treated)
        for number in range(cities)
        for place, treated in places()
    ]
    return {name: panel_of(areas, [one[name] for one in found]) for name in (NULL, *PROGRAMMES)}


def _city(years: int, size: float, first: int, number: int) -> dict[str, Found]:
    chosen = places()
    warm = warmed_city([place for place, _ in chosen], size, seed=first + number)
    treated = [f"{place.name}-{row}" for row, (place, works) in enumerate(chosen) if works]
    frozen = pickle.dumps(warm, protocol=pickle.HIGHEST_PROTOCOL)
    found = {}
    for name in (NULL, *PROGRAMMES):
        engine = pickle.loads(frozen)
        levers = [] if name == NULL else [lever_of(name, treated)]
        engine.set_levers(levers)
        for lever in levers:
            for item in type(lever).costs:
                engine.ctx.ledger.declare(item)
        found[name] = watch(engine, years)
    return found
