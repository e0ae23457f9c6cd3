"""Gates: verdicts from intervals, files that load, and one small try."""

from __future__ import annotations

import numpy as np
import pytest

from wijksim.analysis.validation.gates import (
    EQUIVALENT,
    FAIL,
    GATES,
    HIGHER,
    LOWER,
    NULL,
    OTHERS,
    PASS,
    RETURNED,
    UNDECIDED,
    UNTESTABLE,
    Gate,
    decide,
    interval,
    run_gates,
)
from wijksim.core.resources import shipped
from wijksim.kernel.measure import MEASURES
from wijksim.model.known import load_scenario
from wijksim.parameters.store import shipped_parameters
from wijksim.report.card import gates_page

SMALL = {"world.size": 2400, "months": 12, "world.warmup": 2}


@pytest.mark.parametrize(
    ("expect", "low", "high", "bound", "verdict"),
    [
        (EQUIVALENT, -0.005, 0.009, 0.01, PASS),
        (EQUIVALENT, -0.005, 0.011, 0.01, UNDECIDED),
        (EQUIVALENT, 0.011, 0.02, 0.01, FAIL),
        (EQUIVALENT, -0.3, 0.3, 0.01, UNDECIDED),  # includes zero, and shows nothing
        (LOWER, -3, -1, 0, PASS),
        (LOWER, -3, 1, 0, UNDECIDED),
        (LOWER, 1, 3, 0, FAIL),
        (HIGHER, 1, 3, 0, PASS),
        (HIGHER, -3, -1, 0, FAIL),
        (RETURNED, 0.6, 0.9, 0.5, PASS),
        (RETURNED, 0.1, 0.4, 0.5, FAIL),
        (RETURNED, -np.inf, np.inf, 0.5, UNDECIDED),
    ],
)
def test_verdicts(expect: str, low: float, high: float, bound: float, verdict: str) -> None:
    assert decide(expect, low, high, bound) == verdict


def test_one_pair_shows_nothing() -> None:
    assert interval(np.array([0.3])) == (0.3, -np.inf, np.inf)
    mean, low, high = interval(np.array([1.0, 2.0, 3.0]))
    # t of 5 % in each tail at 2 degrees of freedom is 2.92
    assert (mean, high - mean, mean - low) == pytest.approx(
        (2, 2.92 / np.sqrt(3), 2.92 / np.sqrt(3)), rel=1e-3
    )


def test_gates_are_scenarios_of_one_city_and_name_what_exists() -> None:
    folder = shipped("scenarios") / "gates"
    null = load_scenario(folder / f"{NULL}.yaml")
    assert len(null.world.districts) == 12
    assert null.world.size == 48_000
    tried = {gate.name for gate in GATES if gate.claims}
    assert {path.stem for path in folder.glob("*.yaml")} == tried | {NULL}
    for gate in GATES:
        for claim in gate.claims:
            assert claim.measure in MEASURES
            assert claim.bound is None or claim.bound in shipped_parameters()
            spec = load_scenario(folder / f"{gate.name}.yaml")
            assert spec.world == null.world
            # those without the policy are there to be compared with
            assert all(len(use.target.districts) == 4 for use in spec.levers)


def test_a_small_try_judges_every_claim() -> None:
    later = Gate("later", "known, but without a lever yet", ())
    outcome = run_gates(pairs=2, gates=(*GATES, later), overrides=SMALL, workers=1)
    claims = [one for one in outcome.judged if one.claim]
    assert len(claims) == sum(len(gate.claims) for gate in GATES)
    assert {one.verdict for one in claims} <= {PASS, FAIL, UNDECIDED}
    assert {one.gate for one in outcome.judged if one.verdict == UNTESTABLE} == {later.name}
    assert any(one.claim.where == OTHERS for one in claims)
    assert all(one.why for one in outcome.judged if one.verdict != PASS)
    page = gates_page(outcome)
    assert all(gate.name in page for gate in GATES)


def test_hours_without_an_effect_move_no_result_at_all_and_cost_what_was_taught() -> None:
    """At the middle of the prior the answer is exactly nothing, so the gate is tried at the top of the range."""
    gate = next(gate for gate in GATES if gate.name == "school-hours")
    effect = shipped_parameters()["school.extra_hours_effect"]
    scenario = load_scenario(shipped("scenarios") / "gates" / f"{gate.name}.yaml")
    assert scenario.set[effect.name].value == effect.high
    plain = run_gates(
        pairs=2, gates=(gate,), overrides={**SMALL, f"set.{effect.name}": effect.value}, workers=1
    )
    results, money = plain.judged[:-1], plain.judged[-1]
    assert [one.claim.measure for one in results if one.claim] == ["achievement", "advice_high"]
    assert all((one.verdict, one.effect, one.low, one.high) == (PASS, 0, 0, 0) for one in results)
    assert money.verdict == PASS
    assert money.effect > 0
    most = run_gates(pairs=2, gates=(gate,), overrides=SMALL, workers=1)
    assert 0 < most.judged[0].effect < effect.high
