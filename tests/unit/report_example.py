"""A hand-made comparison for the tests of the memo: real scenarios and measures, invented results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from tests.unit.closeup_example import closeups
from tests.unit.scenario_known import KNOWN

import wijksim.measures  # noqa: F401  (registers the measures)
from wijksim.analysis.compare import Comparison
from wijksim.kernel.ledger import PARTIES
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.report.headlines import HEADLINES
from wijksim.runs.batch import FutureResult
from wijksim.runs.recorder import CITY
from wijksim.scenario.load import load_scenarios

SCENARIOS = ("baseline", "allocation-mixing", "basic-jobs", "staffing-cut")
RESIDENTS = 4000.0
LEVELS: dict[str, tuple[float, float, float]] = {
    "liveability_index": (-0.21, 0.01, 0.14), "nuisance_often": (0.24, 0.14, 0.07),
    "satisfaction_neighbourhood": (0.61, 0.72, 0.8), "problem_debt": (0.19, 0.1, 0.04),
    "poverty": (0.15, 0.09, 0.04), "share_in_work": (0.58, 0.68, 0.75), "share_in_assistance": (0.14, 0.07, 0.02),
    "crises": (0.0015, 0.0008, 0.0003), "severe_loneliness": (0.17, 0.12, 0.08), "stress": (0.38, 0.28, 0.2),
    "trust": (0.45, 0.55, 0.65), "unmet_need": (0.55, 0.5, 0.4), "crisis_share": (0.42, 0.3, 0.2),
    "moves_out": (0.007, 0.006, 0.005), "homeless": (0.004, 0.002, 0.001),
}  # fmt: skip


def example(
    *,
    pairs: int = 10,
    months: int = 240,
    scenarios: Sequence[str] = SCENARIOS,
    names: Sequence[str] = HEADLINES,
    costs: bool = True,
    seed: int = 3,
    closely: bool = False,
) -> Comparison:
    """Make a comparison.

    Basic jobs raise work and cost the municipality money; staffing cuts raise crises; allocation mixing does
    nothing that could be told from luck. The vulnerable district is the first. ``closely`` adds invented looks from
    nearby to the first future.
    """
    specs = load_scenarios(list(scenarios), known=KNOWN)
    measures = [MEASURES.get(name) for name in names]
    if costs:
        parties = [f"{kind}_{party}" for party in PARTIES for kind in ("cost", "transfer")]
        measures += [MEASURES.get(name) for name in (*parties, "resource_cost")]
    luck = np.random.default_rng(seed)
    shape = (pairs, len(specs), months, len(measures), 3)
    top, bottom = np.zeros(shape), np.full(shape, RESIDENTS)
    for k, kind in enumerate(measures):
        if kind.theme != "costs":
            top[:, :, :, k] = RESIDENTS * _course(luck, kind, specs, pairs, months)
    if costs:
        _spend(top, measures, specs, luck)
    futures = [
        FutureResult(
            f, top[f], bottom[f], tuple([] for _ in specs), tuple(_facts() for _ in specs),
            closeups(len(specs)) if closely and f == 0 else (),
        )
        for f in range(pairs)
    ]  # fmt: skip
    return Comparison(
        scenarios=specs,
        measures=tuple(measures),
        districts=(*(district.name for district in specs[0].world.districts), CITY),
        seeds=tuple(range(pairs)),
        numerator=_with_city(top),
        denominator=_with_city(bottom),
        futures=futures,
    )


def _course(
    luck: np.random.Generator, kind: type[Measure], specs: Sequence[Any], pairs: int, months: int
) -> np.ndarray[Any, Any]:
    level = np.array(LEVELS.get(kind.name, (0.3, 0.2, 0.1)))
    size = np.abs(level) + 0.02
    drift = np.cumsum(luck.normal(0, 0.004, (pairs, 1, months, 3)), axis=2)
    values = level + size * (drift + luck.normal(0, 0.006, (pairs, len(specs), months, 3)))
    ramp = np.minimum(np.arange(months) / 60, 1)[None, :, None]
    helped = np.array([1, 0.1, 0])
    for s, spec in enumerate(specs):
        effect = {"basic-jobs": 0.06, "staffing-cut": -0.04}.get(spec.id, 0.0)
        touched = kind.name not in ("moves_out", "liveability_index", "severe_loneliness")
        if effect and touched:
            chance = luck.normal(1, 0.5, (pairs, 1, 1))
            values[:, s] += (kind.direction or 1) * effect * size * helped * ramp * chance
        elif s and touched:
            values[:, s] += 0.01 * size * np.cumsum(luck.normal(0, 0.1, (pairs, months, 3)), axis=1)
    return values


def _spend(
    top: np.ndarray[Any, Any],
    measures: Sequence[type[Measure]],
    specs: Sequence[Any],
    luck: np.random.Generator,
) -> None:
    """Euros a month: costs by party with transfers that sum to zero, and their sum over the parties."""
    position = {kind.name: k for k, kind in enumerate(measures)}
    pairs, n_scenarios, months = top.shape[:3]
    base = np.linspace(90, 30, len(PARTIES))
    shift = {
        "basic-jobs": (4, 0, -2, -0.5, -0.2, -0.5, 0, -1, 0),
        "staffing-cut": (-3, 0.2, 0, 0.9, 0.6, 0, 0, 0, 0),
    }
    moved_by = np.array([20, -5, 60, 0, 0, 10, 0, -85, 0])
    for p, party in enumerate(PARTIES):
        used = (
            base[p]
            + luck.normal(0, 2, (pairs, 1, months, 3))
            + luck.normal(0, 0.3, (pairs, n_scenarios, months, 3))
        )
        moved = np.full(used.shape, float(moved_by[p]))
        for s, spec in enumerate(specs):
            used[:, s] += shift.get(spec.id, (0,) * len(PARTIES))[p]
        top[:, :, :, position[f"cost_{party}"]] = RESIDENTS * (used + moved)
        top[:, :, :, position[f"transfer_{party}"]] = RESIDENTS * moved
        top[:, :, :, position["resource_cost"]] += RESIDENTS * used


def _with_city(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.concatenate([values, values.sum(axis=-1, keepdims=True)], axis=-1)


def _facts() -> dict[str, Any]:
    return {
        "caps": {"health.crisis": 0.0012, "work.job_loss": 0.0},
        "deviations": [
            {"district": "vulnerable", "figure": "income.low", "target": 0.31, "realised": 0.302},
            {"district": "average", "figure": "ages.age_0_14", "target": 0.15, "realised": 0.149},
        ],
    }
