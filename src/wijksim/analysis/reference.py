"""Measure the national reference: moments and normalisers on the archetypes in equilibrium.

A process counts drivers against the Dutch mixture of neighbourhoods (0.06 vulnerable, 0.465 average, 0.475
affluent suburban) and divides out what the spread of its ratios would add to the national rate. Both are measured
here, on a world of the three archetypes that has run long enough to forget how it was built, and stored with their
provenance. Runs only read them, so that no scenario can shift its own yardstick.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wijksim.build.world_builder import BuildPlan, DistrictPlan, build_world
from wijksim.core.clock import Clock
from wijksim.kernel.reference import Reference
from wijksim.model.assemble import default_strategies
from wijksim.model.engine import Engine, make_mechanisms
from wijksim.model.known import all_parameters, scenario_of
from wijksim.places.load import load_place, place_names
from wijksim.runs.manifest import package_version

BURN_IN = 120
TRACKED = 60
SIZE = 90_000


def measure_reference(
    *,
    size: int = SIZE,
    burn_in: int = BURN_IN,
    tracked: int = TRACKED,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run the archetypes with every yardstick measured anew each month; average the last months.

    Parameters
    ----------
    size
        Residents, shared equally by the archetypes (the mixture comes from weights, not from numbers).
    burn_in, tracked
        Months before averaging, and months averaged.

    Returns
    -------
    tuple
        The reference in the form of :class:`wijksim.kernel.reference.Reference`, and its provenance.
    """
    start = scenario_of("baseline").start
    archetypes = [place for place in map(load_place, place_names()) if place.reference_weight is not None]
    mechanisms = make_mechanisms()
    reference = Reference(tracking=True)
    plan = BuildPlan(
        districts=[DistrictPlan(place, place.name, size / len(archetypes)) for place in archetypes],
        seed=seed,
        clock=Clock(start),
        warmup=burn_in + tracked,
        parameters=all_parameters(),
        rest=scenario_of("baseline").world.rest,
        reference=reference,
    )
    engine = Engine(build_world(plan, mechanisms), mechanisms, strategies=default_strategies())
    for done in range(burn_in + tracked):
        if done == burn_in:
            reference.start_tracking()
        engine.advance()
        if progress is not None:
            progress(done + 1, burn_in + tracked)
    provenance = {
        "wijksim": package_version(),
        "archetypes": {
            place.name: place.reference_weight.value
            for place in archetypes
            if place.reference_weight is not None
        },
        "size": size,
        "burn_in": burn_in,
        "tracked": tracked,
        "seed": seed,
        "what": "means and standard deviations of drivers, log normalisers of events; null run, no levers",
    }
    return reference.averages(), provenance
