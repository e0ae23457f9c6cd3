"""Levers of allocation side by side: any two on different places run together, each as if it were alone there."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import wijksim
from tests.contracts.engines import OVERRIDES, engine
from tests.levers.letting_city import busy_city, let
from wijksim.core.errors import InputError
from wijksim.kernel.effects import Effects
from wijksim.kernel.letting_lever import LettingLever
from wijksim.kernel.lever import LEVERS, Lever, Target, Window
from wijksim.kernel.steering import Together
from wijksim.kernel.strategy import rule_of
from wijksim.model.assemble import add_levers, warmed_up
from wijksim.model.engine import Engine

RULES = sorted(name for name, kind in LEVERS.items() if issubclass(kind, LettingLever))
PAIRS = list(combinations(RULES, 2))


def lever(name: str, *districts: str, complexes: tuple[int, ...] = ()) -> Lever:
    kind = LEVERS.get(name)
    most = kind.steered_share.range[1]
    target = Target(districts=districts, complexes=complexes)
    identity = f"{name} {districts} {complexes}"
    return kind({"ramp": 0.0, "steered_share": most}, window=Window(0), target=target, identity=identity)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_any_two_on_different_districts_run_together(first: str, second: str) -> None:
    machine = engine()
    add_levers(machine, [lever(first, "vulnerable"), lever(second, "average", "affluent")])
    for _ in range(2):
        machine.advance()
    rule = machine.ctx.strategies["allocation"]
    assert isinstance(rule, Together)
    assert [one.name for one in rule.rules] == [LEVERS.get(name).rule for name in (first, second)]


@pytest.mark.parametrize(("first", "second"), PAIRS[::7])
def test_each_does_in_its_own_place_what_it_does_alone(first: str, second: str) -> None:
    """A first month, before what happens in one district is felt in the others."""
    pair = lever(first, "north"), lever(second, "middle")
    both = let(pair, 1, busy_city(1800))
    for one, district in zip(pair, (0, 1), strict=True):
        alone = let([one], 1, busy_city(1800))
        steered = both["dwelling"][both["steered"] & (both["district"] == district)]
        assert steered.tolist() == alone["dwelling"][alone["steered"]].tolist()


def test_the_order_of_each_vacancy_is_that_of_its_rule() -> None:
    ctx = busy_city(600)
    effects = Effects()
    for owner, name, places in (("b", "lottery", "south"), ("a", "contributor_quota", "north")):
        effects.choose(owner, "allocation", name, {"steered_share": 1.0, "districts": places})
    rule = rule_of(effects.choices()["allocation"])
    homes = {"steering": np.zeros(3), "district": np.arange(3), "complex": np.arange(3), "key": np.arange(3)}
    seekers = {
        "seniority": np.tile([-9.0, -5.0, -2.0], (3, 1)),
        "contributor": np.tile([False, False, True], (3, 1)),
        "priority": np.zeros((3, 3), bool),
        "uid": np.tile(np.arange(3, dtype=np.uint64), (3, 1)),
    }
    rank = rule.rank(ctx, homes, seekers)
    assert rule.steers(ctx, homes).tolist() == [True, False, True]
    assert rank[0].argsort().tolist() == [2, 0, 1]
    assert rank[1].tolist() == [-9, -5, -2]
    assert np.all((rank[2] >= 0) & (rank[2] < 1))


def test_two_that_meet_in_a_month_are_an_error_and_the_same_twice_is_not() -> None:
    effects = Effects()
    effects.choose("a", "allocation", "lottery", {"districts": "north", "complexes": ""})
    effects.choose("b", "allocation", "lottery", {"districts": "north", "complexes": ""})
    effects.choose("c", "allocation", "arrival", {"districts": "", "complexes": "4,5"})
    with pytest.raises(ValueError, match=r"levers a, c choose different strategies for allocation"):
        effects.choices()
    effects.clear()
    effects.choose("a", "allocation", "lottery", {"districts": "north", "complexes": "3"})
    effects.choose("c", "allocation", "arrival", {"districts": "", "complexes": "4,5"})
    assert len(effects.choices()["allocation"]) == 2


def test_rules_for_complexes_of_one_district_work_side_by_side() -> None:
    machine = engine()
    numbers = machine.ctx.world.complex.rows
    mine, yours = tuple(numbers[::2].tolist()), tuple(numbers[1::2].tolist())
    add_levers(machine, [lever("priority-cap", complexes=mine), lever("similar-neighbours", complexes=yours)])
    machine.advance()
    assert isinstance(machine.ctx.strategies["allocation"], Together)


def test_a_rule_of_the_scenario_holds_on_beside_a_lever_elsewhere() -> None:
    standing = {"name": "steered", "steered_share": 0.5, "districts": "affluent"}
    scenario = wijksim.load_scenario(
        "baseline", overrides={**OVERRIDES, "strategies": {"allocation": standing}}
    )
    machine = warmed_up(scenario, 3)
    assert isinstance(machine, Engine)
    assert machine.ctx.strategies["allocation"].name == "steered"
    add_levers(machine, [lever("letting-lottery", "vulnerable")])
    machine.advance()
    rule = machine.ctx.strategies["allocation"]
    assert isinstance(rule, Together)
    assert [one.name for one in rule.rules] == ["lottery", "steered"]


def test_a_scenario_with_three_of_them_runs(tmp_path: Path) -> None:
    path = tmp_path / "three.yaml"
    text = (
        "schema: 1\ntitle: Three\nextends: baseline\nmonths: 4\nworld: {size: 600, warmup: 2}\nlevers:\n"
        "  - {lever: tailored-letting, target: {districts: [vulnerable]}}\n"
        "  - {lever: spread-inflow, target: {districts: [average, affluent]}}\n"
        "  - {lever: public-steering}\n"
    )
    path.write_text(text, encoding="utf-8")
    assert not wijksim.run(wijksim.load_scenario(path), seed=1).table.empty
    path.write_text(text.replace("[average, affluent]", "[average, vulnerable]"), encoding="utf-8")
    with pytest.raises(InputError, match="where both can meet") as error:
        wijksim.load_scenario(path)
    assert "three.yaml:7" in str(error.value)
    assert "three.yaml:8" in str(error.value)


def test_a_rule_ends_with_its_programme_though_something_is_kept_up() -> None:
    """What governs may make a dose larger or let part of it stay; a rule is never more than all, nor there for good."""
    machine = engine()
    kept = LEVERS.get("upkeep")({"ramp": 0.0}, window=Window(0))
    once = LEVERS.get("priority-cap")({"ramp": 0.0, "steered_share": 1.0}, window=Window(0, 2))
    means = LEVERS.get("extra-means")({"ramp": 0.0}, window=Window(0))
    add_levers(machine, [kept, means, once])
    held = []
    for _ in range(4):
        machine.advance()
        held.append(machine.ctx.strategies["allocation"].name)
    assert held == ["priority_cap", "priority_cap", "chronological", "chronological"]
