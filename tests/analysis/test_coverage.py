"""Coverage: every row of the source texts has a carrier, and the stored effects are what the model does."""

from __future__ import annotations

import operator
from dataclasses import replace

import numpy as np
import pytest

from wijksim.analysis.coverage.cases import Case, cases, measures_of, rows, scenarios_of
from wijksim.analysis.coverage.mechanisms import takes_hold_of
from wijksim.analysis.coverage.refresh import _effect, refresh
from wijksim.analysis.coverage.report import coverage
from wijksim.analysis.coverage.table import (
    AS_EXPECTED,
    EFFECTS,
    EQUIVALENT,
    MEASURED,
    NONE,
    OPPOSITE,
    STALE,
    UNDECIDED,
    Effect,
    Table,
    read_table,
)
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.measure import MEASURES

SMALL = {"world.size": 400, "world.warmup": 1, "months": 13}
RERUN = 5
"""Rows that are run again, chosen by the hash of their setting."""


def effect(low: float, high: float, expected: int = 1, measure: str = "problem_debt") -> Effect:
    return Effect("L001", "x", measure, "city", expected, "abc", 10.0, (low + high) / 2, low, high, low)


# ---------------------------------------------------------------- rows and carriers


def test_there_are_as_many_rows_as_the_texts_have() -> None:
    letters = [key[0] for key in rows()]
    assert {letter: letters.count(letter) for letter in "LGMO"} == {"L": 93, "G": 32, "M": 32, "O": 29}


def test_every_row_is_carried() -> None:
    assert [line.row.key for line in coverage().missing] == []


def test_every_case_is_of_a_row_and_reads_a_measure() -> None:
    known = rows()
    for case in cases():
        assert case.row in known, case.carrier
        assert case.moves in MEASURES, case.row
        assert case.differs, case.row


def test_every_case_is_a_sound_scenario_and_differs_from_the_other_side() -> None:
    made = cases()
    scenarios, places = scenarios_of(made)
    assert len({scenario.id for scenario in scenarios}) == len(scenarios)
    for case, sides in zip(made, places, strict=True):
        assert len(set(sides)) == 2 + len(case.apart), case.row


def test_outcomes_are_measured() -> None:
    for row in rows().values():
        if row.outcome:
            assert measures_of(row.key), row.key


def test_what_is_beyond_the_sum_is_zero_where_parts_only_add_up() -> None:
    case = Case("G020", "x", "problem_debt", -1, "so", {"levers": []}, {}, "city", ({}, {}))
    whole, base, one, other = 4.0, 10.0, 8.0, 9.0  # six less together; two and one less alone
    sides = np.array([whole, base, one, other])[None, :, None, None] + np.zeros((3, 1, 1, 1))
    assert _effect(case, sides, ["problem_debt"], ["city"]).effect == pytest.approx(-6 + 2 + 1)
    sides[:, 0] = 7.0
    assert _effect(case, sides, ["problem_debt"], ["city"]).effect == pytest.approx(0)
    assert replace(case, apart=()).digest != case.digest


def test_tracks_and_wheels_are_told_against_their_sum() -> None:
    first = {row: next(case for case in cases() if case.row == row) for row in ("G020", "G021")}
    assert {row: len(case.apart) for row, case in first.items()} == {"G020": 3, "G021": 2}
    for case in first.values():
        parts = [use for part in case.apart for use in part["levers"]]
        key = operator.itemgetter("lever")
        assert sorted(parts, key=key) == sorted(case.policy["levers"], key=key), case.row


# ---------------------------------------------------------------- verdicts


@pytest.mark.parametrize(
    ("low", "high", "expected", "verdict"),
    [
        (1.5, 3.0, 1, AS_EXPECTED),
        (0.2, 3.0, 1, AS_EXPECTED),
        (1.5, 3.0, -1, OPPOSITE),
        (-3.0, -0.1, 1, OPPOSITE),
        (-3.0, -0.1, 0, OPPOSITE),
        (-0.5, 0.9, 1, EQUIVALENT),
        (0.2, 0.9, 1, EQUIVALENT),  # proven, and too small to matter
        (-0.5, 1.5, 1, UNDECIDED),
        (float("-inf"), float("inf"), 1, UNDECIDED),
    ],
)
def test_a_verdict_follows_from_the_interval(low: float, high: float, expected: int, verdict: str) -> None:
    assert effect(low, high, expected).verdict == verdict


def test_a_level_has_no_verdict() -> None:
    assert replace(effect(1, 2), digest="").verdict == MEASURED


def test_the_smallest_effect_is_the_stated_one_or_a_share_of_the_level() -> None:
    assert effect(0, 1).smallest == 1  # one percentage point
    assert effect(0, 1, measure="liveability_index").smallest == 0.01
    assert effect(0, 1, measure="crises").smallest == pytest.approx(0.02 * 10)


def test_what_clears_lies_wholly_beyond() -> None:
    assert effect(1.1, 2).clears
    assert effect(-2, -1.1).clears
    assert not effect(0.9, 2).clears
    assert effect(1.1, 2).precise
    assert not effect(0, 4).precise


# ---------------------------------------------------------------- the table


def test_the_table_survives_writing_and_reading(tmp_path) -> None:
    table = Table((effect(0.25, 0.75), replace(effect(1, 2), row="M001", holds="a b")), 10, 120, 3000, 0)
    path = tmp_path / "effects.csv"
    path.write_text(table.text(), encoding="utf-8")
    assert read_table(path) == table


def test_a_table_changed_by_hand_is_refused(tmp_path) -> None:
    path = tmp_path / "effects.csv"
    path.write_text(Table((effect(1, 2),), 10, 120, 3000, 0).text().replace(",1,", ",2,"), encoding="utf-8")
    with pytest.raises(ValueError, match="changed by hand"):
        read_table(path)


def test_what_was_stored_for_another_setting_is_stale() -> None:
    case = cases()[0]
    old = replace(effect(1, 2), row=case.row, carrier=case.carrier, digest="of another setting")
    found = coverage(Table((old,), 10, 120, 3000, 0))
    line = next(line for line in found.lines if line.row.key == case.row)
    assert line.verdict == STALE
    fresh = replace(old, digest=case.digest)
    found = coverage(Table((fresh,), 10, 120, 3000, 0))
    line = next(line for line in found.lines if line.row.key == case.row)
    assert line.effect == fresh


def test_a_row_without_carrier_comes_first(monkeypatch) -> None:
    left_out = "L097"
    others = tuple(case for case in cases() if case.row != left_out)
    monkeypatch.setattr("wijksim.analysis.coverage.report.cases", lambda: others)
    found = coverage()
    assert found.lines[0].row.key == left_out
    assert found.lines[0].verdict == NONE


def test_rows_that_take_hold_of_the_same_things_are_listed_together() -> None:
    made = cases()
    alike = [
        replace(effect(1, 2), row=case.row, carrier=case.carrier, digest=case.digest, holds="one thing")
        for case in made[:2]
    ]
    ((moves, group),) = coverage(Table(tuple(alike), 10, 120, 3000, 0)).alike()
    assert moves == "one thing"
    assert {line.row.key for line in group} == {case.row for case in made[:2]}


# ---------------------------------------------------------------- what the model does


@pytest.mark.slow
def test_a_case_that_does_nothing_has_no_effect_at_all() -> None:
    nothing = Case("L001", "x", "problem_debt", 1, "why", {"levers": []}, {}, None)
    (found,) = refresh([nothing], pairs=2, overrides=SMALL, outcomes=()).effects
    assert (found.effect, found.low, found.high) == (0, 0, 0)


def test_what_is_found_is_the_paired_difference() -> None:
    cut = {"levers": [{"lever": "staffing", "role": "all", "change": -1.0, "ramp": 0}]}
    case = Case("L030", "staffing", "frontline_staff", -1, "why", cut, {}, None)
    table = refresh([case], pairs=2, overrides=SMALL, outcomes=())
    (found,) = table.effects
    assert found.effect == pytest.approx(-found.level, rel=0.2)
    assert "fte.social_worker" in found.holds


@pytest.mark.slow
def test_a_run_that_fails_takes_out_its_pair_and_no_more(monkeypatch) -> None:
    cut = {"levers": [{"lever": "staffing", "role": "all", "change": -1.0, "ramp": 0}]}
    added = {"levers": [{"lever": "staffing", "role": "all", "change": 0.5, "ramp": 0}]}
    made = [
        Case(row, "staffing", "frontline_staff", sign, "why", setting, {}, None)
        for row, sign, setting in (("L030", -1, cut), ("L031", 1, added))
    ]
    whole = refresh(made, pairs=3, seed=1, overrides=SMALL, outcomes=())
    kind, broken = LEVERS.get("staffing"), {2}
    act = kind.act

    def stumble(self, ctx, dose):
        if self.number("change") < 0 and ctx.draws.root_seed in broken:
            raise ArithmeticError("the floor gave way")
        act(self, ctx, dose)

    monkeypatch.setattr(kind, "act", stumble)
    told: list[str] = []
    fewer = refresh(made, pairs=3, seed=1, overrides=SMALL, outcomes=(), failed=told.append)
    assert len(told) == 1
    assert "future 2: ArithmeticError: the floor gave way" in told[0]
    assert fewer.effects[1] == whole.effects[1]
    assert fewer.effects[0] != whole.effects[0]
    assert fewer.effects[0].effect == pytest.approx(whole.effects[0].effect, rel=0.2)
    broken |= {1, 3}
    assert refresh(made, pairs=3, seed=1, overrides=SMALL, outcomes=()).effects == whole.effects[1:]


def test_a_composed_case_takes_hold_of_what_its_levers_do() -> None:
    case = next(case for case in cases() if case.row == "M024")
    assert takes_hold_of([case]) == ["cooperation"]


def test_stored_effects_are_of_the_present_settings() -> None:
    assert [line.row.key for line in coverage().stale] == [], "run: wijksim coverage --refresh"


def test_rows_chosen_by_hash_come_out_as_stored() -> None:
    """The first future of five rows, run again, differs from what is stored by no more than its last digit."""
    stored = read_table(EFFECTS)
    known = {(one.row, one.carrier, one.digest): one for one in stored.effects}
    chosen = sorted((case for case in cases()), key=lambda case: case.digest)[:RERUN]
    again = refresh(chosen, pairs=1, seed=stored.seed, outcomes=())
    for case, one in zip(chosen, again.effects, strict=True):
        old = known[(case.row, case.carrier, case.digest)]
        assert one.first == pytest.approx(old.first, rel=1e-6, abs=1e-9), case.row
