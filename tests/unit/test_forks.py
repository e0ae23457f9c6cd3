"""Scenarios share the months before they differ, and nobody can tell from the results."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wijksim
from wijksim.core.registry import Registry
from wijksim.kernel.context import Context
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.model.assemble import assemble
from wijksim.model.engine import Engine
from wijksim.runs import forks
from wijksim.runs.batch import run_future
from wijksim.runs.forks import Ended, first_month, freeze, run_tree
from wijksim.runs.run import engine_facts, record_run
from wijksim.runs.sweeps.load import load_experiment
from wijksim.runs.sweeps.plan import Task
from wijksim.runs.sweeps.readings import YearReader
from wijksim.runs.sweeps.work import do_task, measures_of
from wijksim.scenario.resolve import LeverUse, Scenario, Target

MONTHS, WARMUP = 14, 1
SMALL = {"world.size": 200, "world.warmup": WARMUP, "months": MONTHS}


@pytest.fixture(scope="module")
def base() -> Scenario:
    return wijksim.load_scenario("baseline", overrides={**SMALL, "record.readouts": [12]})


def use(lever: str, start: int, end: int | None = None, **arguments: Any) -> LeverUse:
    return LeverUse(lever, lever, start, end, Target(), arguments)


def with_levers(base: Scenario, *uses: LeverUse, off: tuple[str, ...] = ()) -> Scenario:
    return replace(base, levers=tuple(sorted(uses, key=lambda one: one.id)), loops_off=off)


@pytest.fixture
def months_done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The months that engines have done, shadows left out."""
    done: list[int] = []
    advance = Engine.advance

    def counted(engine: Engine) -> None:
        done.append(engine.ctx.month)
        advance(engine)

    monkeypatch.setattr(Engine, "advance", counted)
    return done


def alone(spec: Scenario, seed: int, months: int = MONTHS) -> tuple[Any, dict[str, Any]]:
    engine = assemble(spec, seed)
    recorder = record_run(engine, spec, months)
    return recorder, engine_facts(engine)


def assert_equal_to_separate_runs(specs: list[Scenario], seed: int, months: int = MONTHS) -> None:
    found = run_future(specs, seed, months)
    for place, spec in enumerate(specs):
        recorder, facts = alone(spec, seed, months)
        assert found.numerator[place].tobytes() == recorder.numerator.tobytes()
        assert found.denominator[place].tobytes() == recorder.denominator.tobytes()
        assert repr(found.facts[place]) == repr(facts)
        assert pickle.dumps(_plain(found.groups[place])) == pickle.dumps(_plain(recorder.by_group))


def _plain(groups: Any) -> list[Any]:
    return [(*each[:4], each[4].tolist(), each[5].tolist()) for each in groups]


def test_levers_that_start_in_month_0_and_12_and_other_months(base: Scenario) -> None:
    cut, jobs = use("staffing", 12, change=-0.3), use("basic-job", 12)
    mixing = use("allocation-mixing", 5, 13)
    specs = [
        with_levers(base, use("staffing", 0, change=-0.3)),
        base,
        with_levers(base, cut),
        with_levers(base, jobs, mixing),
        with_levers(base, mixing),
    ]
    assert_equal_to_separate_runs(specs, 3)


def test_loops_that_are_off_take_their_null_run_along(base: Scenario) -> None:
    off = ("scarcity", "trust")
    cut = use("staffing", 5, change=-0.5)
    specs = [with_levers(base, off=off), with_levers(base, cut, off=off), with_levers(base, cut)]
    assert_equal_to_separate_runs(specs, 4, 9)


def test_every_stretch_is_run_once(base: Scenario, months_done: list[int]) -> None:
    specs = [
        base,
        with_levers(base, use("staffing", 12)),
        with_levers(base, use("basic-job", 12)),
        with_levers(base, use("basic-job", 12), use("staffing", 13)),
    ]
    run_future(specs, 1, MONTHS)
    assert len(months_done) == WARMUP + 12 + 3 * (MONTHS - 12) + (MONTHS - 13)
    months_done.clear()
    other = replace(base, loops_off=("trust",))
    run_future([base, other, base], 1, MONTHS)
    assert len(months_done) == WARMUP + 2 * MONTHS


def test_a_lever_that_starts_after_the_end_makes_no_run_of_its_own(
    base: Scenario, months_done: list[int]
) -> None:
    found = run_future([base, with_levers(base, use("staffing", MONTHS))], 1, MONTHS)
    assert len(months_done) == WARMUP + MONTHS
    assert found.numerator[0].tobytes() == found.numerator[1].tobytes()
    assert found.facts[0] is not found.facts[1]


def test_what_is_recorded_differently_is_run_apart(base: Scenario, months_done: list[int]) -> None:
    other = replace(base, record=replace(base.record, readouts=(6,)))
    found = run_future([base, other], 1, MONTHS)
    assert len(months_done) == WARMUP + 2 * MONTHS
    assert {entry[0] for entry in found.groups[0]} != {entry[0] for entry in found.groups[1]}


def test_few_copies_wait_at_any_time(
    base: Scenario, months_done: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = use("staffing", 3), use("basic-job", 6), use("school-hours", 9)
    specs = [
        base,
        with_levers(base, first),
        with_levers(base, first, second),
        with_levers(base, first, second, third),
    ]
    run_future(specs, 2, 12)
    assert len(months_done) == WARMUP + 12 + (12 - 3) + (12 - 6) + (12 - 9)
    months_done.clear()
    monkeypatch.setattr(forks, "MOST_FROZEN", 1)
    found = run_future(specs, 2, 12)
    assert len(months_done) == WARMUP + 3 + 4 * (12 - 3)
    assert found.numerator[3].tobytes() == alone(specs[3], 2, 12)[0].numerator.tobytes()


class _Nothing:
    def alike(self, scenario: Scenario) -> None: ...

    def begin(self, engine: Engine, scenario: Scenario) -> list[int]:
        return []

    def end(self, engine: Engine, watch: list[int]) -> int:
        return engine.ctx.month


@pytest.fixture
def broken_lever(monkeypatch: pytest.MonkeyPatch) -> str:
    class Broken(Lever):
        name = "broken"

        def act(self, ctx: Context, dose: float) -> None:
            raise RuntimeError("this lever is broken")

    get = Registry.get
    monkeypatch.setattr(
        Registry, "get", lambda self, name: Broken if self is LEVERS and name == "broken" else get(self, name)
    )
    return "broken"


def test_a_run_that_fails_takes_no_other_along(base: Scenario, broken_lever: str) -> None:
    specs = [base, with_levers(base, use(broken_lever, 3)), with_levers(base, use("staffing", 3))]
    found = {place: one for one in run_tree(specs, 1, 6, _Nothing()) for place in one.places}
    assert found[0].result == found[2].result == 6
    assert str(found[1].failure) == "this lever is broken"
    with pytest.raises(RuntimeError, match="broken"):
        run_future(specs, 1, 6)


def test_a_lever_that_decides_for_itself_when_to_act_shares_no_month(
    base: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    staffing = LEVERS.get("staffing")
    assert first_month(use("staffing", 7)) == 7
    monkeypatch.setattr(staffing, "dose", lambda self, month: 1.0)
    assert first_month(use("staffing", 7)) == 0


def test_what_has_no_name_to_be_found_by_is_copied_all_the_same() -> None:
    class Hidden:
        def __init__(self) -> None:
            self.values = np.arange(3)

    state = Hidden()
    thaw = freeze(state)
    state.values[0] = 9
    one, other = thaw(), thaw()
    one.values[1] = 9
    assert other.values.tolist() == [0, 1, 2]
    assert isinstance(Ended((0,), one, None).result, Hidden)


EXPERIMENT = """\
schema: 1
title: A cut in the second half
question: Does a sweep share the first half?
expectation: It does.
scenarios: [base.yaml, cut.yaml, also-base.yaml]
months: 12
replications: 1
uncertainties: {}
readout: [1]
"""
SCENARIO = """\
schema: 1
title: Small
extends: baseline
world: {size: 200, warmup: 1}
"""
CUT = "levers: [{lever: staffing, start: 2025-07, role: social_worker, change: -0.5}]\n"


def test_a_sweep_shares_the_months_before_scenarios_differ(tmp_path: Path, months_done: list[int]) -> None:
    for name, text in {
        "experiment.yaml": EXPERIMENT,
        "base.yaml": SCENARIO,
        "also-base.yaml": SCENARIO,
        "cut.yaml": SCENARIO + CUT,
    }.items():
        (tmp_path / name).write_text(text)
    experiment = load_experiment(tmp_path)
    outcomes = do_task(experiment, Task(0, 0))
    assert len(months_done) == 1 + 6 + 6 + 6
    assert [one.scenario for one in outcomes] == [0, 1, 2]
    for one, spec in zip(outcomes, experiment.scenarios, strict=True):
        engine = assemble(spec, one.seed)
        reader = YearReader(measures_of(experiment), engine.ctx.world.n_districts, (1,), 12)
        engine.observers.append(reader)
        for _ in range(12):
            engine.advance()
        assert one.values is not None
        assert one.values.tobytes() == reader.values().tobytes()
    assert (outcomes[0].values != outcomes[1].values).any()
