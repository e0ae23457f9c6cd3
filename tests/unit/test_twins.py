"""Twins are chosen by a rule, followed as anybody is, and told in five sentences that hold no more than the run."""

from __future__ import annotations

import datetime
import re

import numpy as np
import pytest
from tests.unit.memo_run import MONTHS, small, small_twins

from wijksim.analysis.twins import RULES, Pick, Twin, picks, twins
from wijksim.core.clock import Clock
from wijksim.model.life import Fact, Life, Picture
from wijksim.model.trace import follow
from wijksim.report.headlines import weakest_district
from wijksim.report.lives import tell_twin
from wijksim.runs.people import People
from wijksim.state.codes import Activity, HouseholdType, Sex, Tenure


def _people(uid: list[int], stress: list[float], district: int = 0) -> People:
    return People(np.array(uid, np.uint64), np.full(len(uid), district, np.int32), np.array(stress))


def test_the_rule_is_median_gain_and_loss_and_ties_go_to_the_lowest_number() -> None:
    null = _people([1, 2, 3, 4, 5, 6], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    variant = _people([2, 3, 4, 5, 6, 7], [0.9, 0.5, 0.5, 0.2, 0.2, 0.1])
    found = picks(null, variant, 0)
    assert [(one.rule, one.uid) for one in found] == [("median", 3), ("gain", 5), ("loss", 2)]
    assert [one.gain for one in found] == pytest.approx([0.0, 0.3, -0.4])
    assert picks(null, variant, 1) == ()
    assert picks(null, _people([8], [0.1]), 0) == ()


def test_followed_together_they_live_as_followed_alone() -> None:
    comparison = small()
    for variant, mine in enumerate(small_twins(), start=1):
        assert [twin.pick.rule for twin in mine] == list(RULES)
        for twin in mine[:1]:
            for spec, life in ((comparison.null, twin.null), (comparison.scenarios[variant], twin.variant)):
                alone = follow(spec, twin.pick.uid, seed=comparison.seeds[0], months=MONTHS)
                assert life.scenario == spec.id
                assert life.facts == alone.facts
                assert life.pictures == alone.pictures
                assert [(hit.month, hit.event) for hit in life.hits] == [
                    (hit.month, hit.event) for hit in alone.hits
                ]


def test_the_lives_are_the_same_whatever_the_number_of_processes() -> None:
    parted = twins(small(), weakest_district(small()), workers=2)
    assert parted == small_twins()
    assert any(twin.null.hits for mine in parted for twin in mine)


def test_the_gain_is_what_the_lives_end_with() -> None:
    for mine in small_twins():
        for twin in mine:
            ends = [life.pictures[-1].values["resident.stress"] for life in (twin.null, twin.variant)]
            assert twin.pick.gain == pytest.approx(ends[0] - ends[1], abs=1e-6)


def _life(*facts: Fact, stress: float = 0.3, income: float = 1500.0) -> Life:
    values = {
        "district": 0, "resident.sex": Sex.FEMALE, "resident.age": 40, "resident.activity": Activity.ASSISTANCE,
        "household.type": HouseholdType.SINGLE, "household.tenure": Tenure.CORPORATION, "resident.stress": 0.4,
        "household.income": 1400.0, "household.problem_debt": True, "household.debt": 9000.0,
    }  # fmt: skip
    life = Life(7, "x", 0, 36, Clock(datetime.date(2025, 1, 1)), ("vulnerable",))
    life.facts = list(facts)
    last = {**values, "resident.stress": stress, "household.income": income, "household.problem_debt": False}
    life.pictures = [Picture(0, values), Picture(35, last)]
    return life


WORK = Fact(14, "activities", {"before": Activity.ASSISTANCE, "after": Activity.BASIC_JOB})
DEBT = Fact(20, "household.problem_debt", {"before": True, "after": False})


def test_five_sentences() -> None:
    story = tell_twin(Twin(Pick("gain", 7, 0.1), _life(DEBT), _life(WORK, DEBT, stress=0.2, income=1900.0)))
    assert story.heading == "De grootste winst"
    assert story.sentences == (
        "Dit is een vrouw van 40 in de kwetsbare wijk, in de bijstand, alleenstaand, in een corporatiewoning; "
        "het huishouden heeft problematische schulden.",
        "In het nulalternatief raakt zij in 2026 van de problematische schulden af.",
        "In de variant begint zij in 2026 in een basisbaan en raakt in 2026 van de problematische schulden af.",
        "Aan het eind is haar stress 20 op 100 (in het nulalternatief 30 op 100) en het inkomen van het huishouden "
        "1.900 euro per maand (in het nulalternatief 1.500 euro per maand).",
        "Hier lopen de levens uiteen: in de variant begint zij in 2026 in een basisbaan, in het nulalternatief "
        "niet of op een ander moment.",
    )


def test_equal_lives_are_called_equal() -> None:
    story = tell_twin(Twin(Pick("median", 7, 0.0), _life(), _life()))
    assert story.sentences[1] == "In het nulalternatief verandert er weinig in dit leven."
    assert story.sentences[2] == "In de variant gebeurt precies hetzelfde."
    assert "tot het eind gelijk" in story.sentences[4]


def test_real_lives_are_told_whole() -> None:
    for mine in small_twins():
        for twin in mine:
            story = tell_twin(twin)
            assert len(story.sentences) == 5
            for sentence in story.sentences:
                assert re.fullmatch(r"[A-Z].*\.", sentence)
                assert "None" not in sentence
                assert "  " not in sentence
