"""Whatever is written, the answer is a scenario or an InputError."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.scenario_known import HEAD, KNOWN

from wijksim.core.documents import load_text
from wijksim.core.errors import InputError
from wijksim.core.resources import shipped
from wijksim.scenario.load import check, load_scenario, load_scenarios, shipped_files
from wijksim.scenario.resolve import Scenario
from wijksim.scenario.schema import KEYS, LEVER_FIELDS

RICH = """\
question: why
assumed: [x]
extends: baseline
start: 2026-01
months: 60
world: {size: 900, rest: 2.5, districts: [{place: overvecht, share: 3}, {place: average-urban, name: east}]}
set: {debt.onset_rate: {value: 0.02, from: year 2}, work.job_loss_rate: 0.015}
levers:
  - {lever: staffing, id: up, role: social_worker, change: 0.1, shift: [day], review: year 3}
  - {lever: staffing, role: youth_worker, target: {districts: [east]}, start: 3, end: year 2}
  - {lever: basic-job, places_per_1000: 3, coverage: 0.5}
strategies: {triage: crisis_first, allocation: {name: capped, cap: 1}}
series: {priority_inflow: {2026: 1, 2027-04: 2.25}}
loops: {trust: false, R3: true}
record: {measures: [crises], groups: all, readouts: [year 5, 11]}
"""
NAMES = ("baseline", "allocation-mixing", "basic-jobs", "staffing-cut")  # those whose levers KNOWN describes
SHIPPED = [shipped_files()[name].read_text(encoding="utf-8") for name in NAMES]
SEEDS = [HEAD + RICH, *SHIPPED]

QUIET = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(text: str) -> Scenario | InputError:
    """Check a text; any error that is not an InputError ends the test."""
    try:
        return check(load_text(text, "fuzz.yaml"), KNOWN, folder=shipped("scenarios"))
    except InputError as error:
        return error


def sound(text: str) -> None:
    result = outcome(text)
    if isinstance(result, InputError):
        assert str(result)
        assert all(problem.line >= 1 and problem.column >= 1 for problem in result.problems)
    else:
        again = check(load_text(result.to_yaml(), "again.yaml"), KNOWN)
        assert again.digest == result.digest


def test_the_seeds_are_scenarios() -> None:
    assert all(isinstance(outcome(text), Scenario) for text in SEEDS)


KEYWORDS = sorted({key for keys in KEYS.values() for key in keys if key not in ("extends", "plugins")})
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 300),
    st.integers(),
    st.floats(),
    st.sampled_from(["no", "all", "2026-01", "9999-99", "baseline", "basic-job", "overvecht", "a/b.yaml"]),
    st.just("year 5"),
    st.text(max_size=6),
)
NAMES = st.sampled_from([*KEYWORDS, *LEVER_FIELDS, "name", "x"]) | st.integers(2020, 2030)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@QUIET
@given(st.dictionaries(st.sampled_from(KEYWORDS), VALUES, max_size=6))
def test_any_value_under_any_key(data: dict[str, Any]) -> None:
    sound(yaml.safe_dump({"schema": 1, "title": "x"} | data, allow_unicode=True))


@QUIET
@given(st.sampled_from(SEEDS), st.data())
def test_a_scenario_with_one_value_exchanged(text: str, data: st.DataObject) -> None:
    tree = load_text(text, "seed").data
    place: Any = tree
    while True:
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        if isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
            place = place[key]
            continue
        break
    if key not in ("plugins", "extends"):
        place[key] = data.draw(VALUES)
    sound(yaml.safe_dump(tree, allow_unicode=True))


@QUIET
@given(st.sampled_from(SEEDS), st.data())
def test_a_scenario_with_some_letters_exchanged(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 6))
        text = (
            text[:start]
            + data.draw(st.text(alphabet=" \n:-[]{}&*'\"#01ax\t,?|>", max_size=4))
            + text[start + length :]
        )
    if "plugins" not in text:
        sound(text)


@QUIET
@given(st.text(max_size=30))
def test_any_name_of_a_parent(name: str) -> None:
    sound(yaml.safe_dump({"schema": 1, "title": "x", "extends": name}, allow_unicode=True))


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=20))
def test_any_name_of_a_scenario(name: str) -> None:
    try:
        assert load_scenario(name, known=KNOWN).id
    except InputError as error:
        message = str(error)
        assert message


@QUIET
@given(
    st.dictionaries(
        st.sampled_from(["months", "world", "world.size", "set.debt.onset_rate", "levers", "x"]), VALUES
    )
)
def test_any_command_line(overrides: dict[str, Any]) -> None:
    try:
        scenario = load_scenario("basic-jobs", known=KNOWN, overrides=overrides)
    except InputError as error:
        message = str(error)
        assert message
    else:
        assert [use.id for use in scenario.levers] == ["basic-job"]


def test_many_files_at_once_report_the_problems_of_each(tmp_path: Path) -> None:
    paths = []
    for number, text in enumerate(SEEDS):
        path = tmp_path / f"s{number}.yaml"
        path.write_text(text.replace("schema: 1", "schema: 1\nwrong: 1"), encoding="utf-8")
        paths.append(path)
    with pytest.raises(InputError) as caught:
        load_scenarios(paths, known=KNOWN)
    assert {problem.file for problem in caught.value.problems} == {str(path) for path in paths}
