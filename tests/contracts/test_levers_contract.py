"""Every lever, present and future, keeps the same promises."""

from __future__ import annotations

from fnmatch import fnmatch
from functools import cache

import numpy as np
import pytest
from tests.contracts.engines import engine, state

from wijksim.kernel.arguments import Param
from wijksim.kernel.effects import DOSE_OF
from wijksim.kernel.lever import FORBIDDEN_WORDS, LEVERS, Lever, Window
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.mechanism import MECHANISMS
from wijksim.kernel.strategy import STRATEGIES
from wijksim.model.engine import Engine
from wijksim.scenario.schema import LEVER_FIELDS

NAMES = LEVERS.names()
VERBS = {"scale", "set", "fund", "request", "choose"}


def with_lever(lever: Lever | None) -> Engine:
    machine = engine()
    if lever is not None:
        machine.set_levers([lever])
        for item in lever.costs:
            machine.ctx.ledger.declare(item)
    return machine


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is_in_two_languages(name: str) -> None:
    kind = LEVERS.get(name)
    for text in (kind.title, kind.title_nl, kind.explain, kind.explain_nl, kind.family):
        assert text
    assert kind.title != kind.title_nl
    assert kind.explain != kind.explain_nl
    assert set(kind.verbs) <= VERBS
    assert kind.verbs
    assert kind.grade in "ABCD"
    assert kind.evidence, f"{name}: 'evidence' names the rows it rests on, or \"design\" where there is none"
    assert kind.phase in ("govern", "act")


@pytest.mark.parametrize("name", NAMES)
def test_its_numbers_are_parameters_without_faults(name: str) -> None:
    for parameter in LEVERS.get(name).parameters():
        assert parameter.problems() == [], parameter.name
    for argument, item in LEVERS.get(name).declared().items():
        assert argument not in LEVER_FIELDS, f"no scenario could give {argument}"
        if isinstance(item, Param):
            assert item.label, argument


def after_four_months(lever: Lever | None) -> str:
    machine = with_lever(lever)
    for _ in range(4):
        machine.advance()
    return state(machine.ctx)


@cache
def after_four_months_without() -> str:
    return after_four_months(None)


@pytest.mark.parametrize("name", NAMES)
def test_at_strength_zero_it_is_not_there(name: str) -> None:
    """Bit for bit: columns, ties, requests, draws and measures."""
    lever = LEVERS.get(name)({"strength": 0.0}, window=Window(0))
    assert after_four_months(lever) == after_four_months_without()


@cache
def outcomes() -> set[str]:
    return {state.column for _, kind in MECHANISMS.items() for state in kind.states()}


@cache
def heard() -> list[str]:
    """Every name that the model listens to: rates of events, channels of mechanisms, decisions with strategies."""
    found = [kind.kind for _, kind in STRATEGIES.items()]
    for _, mechanism in MECHANISMS.items():
        found += [event.name for event in mechanism.events()]
        found += mechanism.channels
    return found


@pytest.mark.parametrize("name", NAMES)
def test_at_full_strength_it_does_something_heard_and_never_an_outcome(name: str) -> None:
    """A rate misspelt would do nothing at all, and nobody would know."""
    kind = LEVERS.get(name)
    # as many take part as may: in a small world nobody may be willing by luck
    willing = kind.declared()["uptake"]
    assert isinstance(willing, Param)
    machine = with_lever(kind({"ramp": 0.0, "uptake": willing.range[1]}, window=Window(0)))
    own = {item.name for item in kind.costs}
    machine.advance()
    effects, parameters = machine.ctx.effects, machine.ctx.parameters.parameters
    touched = effects.touched() | {act[2] for act in effects.acts}
    assert touched
    for target in touched:
        assert target not in outcomes()
        assert not any(word in target.split(".")[-1] for word in FORBIDDEN_WORDS), target
    moved = effects.touched() | {f"{act[1]}.{act[2]}" for act in effects.acts}
    known = {one for one in moved if one.startswith(DOSE_OF) or one in parameters}
    assert [one for one in moved - known if not any(fnmatch(one, word) for word in heard())] == []
    for month in range(6):
        if month:
            machine.advance()
        for item in own & set(machine.ctx.ledger.month):
            assert np.isfinite(machine.ctx.ledger.month[item]).all(), item


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_it_carries_can_be_tried(name: str) -> None:
    kind = LEVERS.get(name)
    for row in kind.carries:
        assert row.moves in MEASURES.names(), row.row
        kind(row.arguments)
        for other in (*row.with_levers, *row.together):
            assert other["lever"] in LEVERS
        assert row.row in kind.evidence


@pytest.mark.parametrize("name", NAMES)
def test_its_dose_rises_with_strength(name: str) -> None:
    doses = [LEVERS.get(name)({"strength": s}, window=Window(0)).dose(30) for s in (0.0, 0.3, 0.7, 1.0)]
    assert doses == sorted(doses)
    assert doses[0] == 0 < doses[-1]


@pytest.mark.parametrize("name", NAMES)
def test_it_acts_within_its_window_only(name: str) -> None:
    machine = with_lever(LEVERS.get(name)({"ramp": 0.0, "decay": 0.0}, window=Window(2, 4)))
    touched = []
    for _ in range(6):
        machine.advance()
        touched.append(bool(machine.ctx.effects.touched() or machine.ctx.effects.acts))
    assert touched == [False, False, True, True, False, False]
