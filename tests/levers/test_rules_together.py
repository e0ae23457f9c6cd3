"""Rules of triage, placement and school choice side by side: each in its own districts, never two in one."""

from __future__ import annotations

import numpy as np
import pytest

from tests.contracts.engines import OVERRIDES, engine
from wijksim.core.errors import InputError
from wijksim.kernel.effects import Effects
from wijksim.kernel.lever import LEVERS, Lever, Target, Window
from wijksim.kernel.strategy import STRATEGIES, Choice, rule_of
from wijksim.model.assemble import add_levers
from wijksim.model.known import load_scenario

KINDS = {
    "triage": ({"lever": "prevention-floor"}, {"lever": "oldest-first"}),
    "placement": ({"lever": "matching-help"}, {"lever": "best-people"}),
    "school_choice": ({"lever": "postcode-schools"}, {"lever": "postcode-schools", "efficacy": 0.3}),
}


def lever(use: dict[str, object], *districts: str) -> Lever:
    arguments = {"ramp": 0.0, **{key: value for key, value in use.items() if key != "lever"}}
    return LEVERS.get(str(use["lever"]))(
        arguments, window=Window(0), target=Target(districts), identity=f"{use['lever']} {districts}"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_two_rules_in_different_districts_run_together(kind: str) -> None:
    one, other = KINDS[kind]
    machine = engine()
    add_levers(machine, [lever(one, "vulnerable"), lever(other, "average")])
    for _ in range(2):
        machine.advance()
    assert len(machine.ctx.strategies[kind].parts) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [("vulnerable",), None])
def test_two_rules_that_meet_are_refused_with_both_lines(
    tmp_path, kind: str, place: tuple[str, ...] | None
) -> None:
    one, other = KINDS[kind]
    target = "" if place is None else ", target: {districts: [vulnerable]}"
    file = tmp_path / "two.yaml"
    more = ", efficacy: 0.3" if "efficacy" in other else ""
    file.write_text(
        "schema: 1\ntitle: Two\nextends: baseline\nlevers:\n"
        f"  - {{lever: {one['lever']}, id: one, target: {{districts: [vulnerable]}}}}\n"
        f"  - {{lever: {other['lever']}, id: other{more}{target}}}\n"
    )
    with pytest.raises(InputError) as raised:
        load_scenario(file, overrides=OVERRIDES)
    (problem,) = raised.value.problems
    assert (problem.line, "two.yaml:5)" in problem.message) == (6, True)
    assert "where both can meet" in problem.message


@pytest.mark.parametrize("kind", KINDS)
def test_rules_that_meet_are_refused_in_the_month_too(kind: str) -> None:
    effects, names = (
        Effects(),
        [name for name, one in STRATEGIES.items() if one.kind == kind and one.side_by_side],
    )
    effects.choose("a", kind, names[0], {"districts": "north"})
    effects.choose(
        "b", kind, names[-1], {"districts": "north,south", **({"share": 0.1} if len(names) == 1 else {})}
    )
    with pytest.raises(ValueError, match="different strategies"):
        effects.choices()


def test_triage_ranks_by_the_rule_of_the_district_and_keeps_hours_there_only() -> None:
    ctx = engine().ctx
    first, second = ctx.settings["district_names"][:2]
    rule = rule_of(
        [Choice("prevention_floor", {"districts": first}), Choice("oldest_first", {"districts": second})]
    )
    hours = np.full((2, ctx.world.n_districts), 10.0)
    kept = rule.reserve(ctx, hours)  # type: ignore[attr-defined]
    assert kept[:, 0].tolist() == [2.0, 2.0]
    assert not kept[:, 1:].any()
    cases = {
        "need": np.array([0.9, 0.1, 0.9, 0.1]),
        "waiting": np.array([0, 8, 0, 8]),
        "crises": np.zeros(4),
        "district": np.array([0, 0, 1, 1]),
    }
    assert rule.score(ctx, cases).tolist() == [0.9, 0.1, 0.0, 1.0]  # type: ignore[attr-defined]


def test_placement_prefers_by_the_rule_of_the_district() -> None:
    ctx = engine().ctx
    first, second = ctx.settings["district_names"][:2]
    rule = rule_of(
        [
            Choice("best_match", {"districts": first, "weight": 1.0}),
            Choice("best_to_hardest", {"districts": second, "weight": 1.0}),
        ]
    )
    cases = {"need": np.array([0.5, 0.5]), "crises": np.zeros(2), "district": np.array([0, 1])}
    colleagues = {"fit": np.array([[1.0, 0.5], [1.0, 0.5]]), "craft": np.array([2.0, 1.0])}
    preferred = rule.prefers(ctx, cases, colleagues)  # type: ignore[attr-defined]
    assert preferred.tolist() == [[1.0, 0.5], [1.0, 0.25]]
    assert rule.order(ctx, cases).tolist() == [0.0, 0.5]  # type: ignore[attr-defined]
    assert rule.recruits(ctx) is None  # type: ignore[attr-defined]


def test_homes_are_held_by_the_rule_of_their_district() -> None:
    ctx = engine().ctx
    first, second = ctx.settings["district_names"][:2]
    rule = rule_of(
        [
            Choice("postcode", {"districts": first, "share": 1.0, "weight": 5.0}),
            Choice("postcode", {"districts": second, "share": 1.0, "weight": 9.0}),
        ]
    )
    pupils = {
        "district": np.array([0, 1, 2, -1]),
        "uid": np.arange(4, dtype=np.uint64),
        "primary": np.ones(4, dtype=bool),
    }
    assert rule.held(ctx, pupils).tolist() == [5.0, 9.0, 0.0, 0.0]  # type: ignore[attr-defined]
