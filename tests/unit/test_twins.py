"""Twins are chosen by a rule, followed as anybody is, and told in five sentences that hold no more than the run."""

from __future__ import annotations

import datetime
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.memo_run import MONTHS, small, small_twins

from wijksim.analysis.twins import RULES, Pick, Twin, picks, twins
from wijksim.core.clock import Clock
from wijksim.model.life import Fact, Life, Picture
from wijksim.model.trace import follow
from wijksim.report.headlines import weakest_district
from wijksim.report.lives import MOST_APART, NEAR, _text, tell_twin
from wijksim.report.words import DUTCH
from wijksim.runs.people import People
from wijksim.state.codes import Activity, HouseholdType, Sex, Tenure


def _people(uid: list[int], stress: list[float], district: int = 0, start: list[int] | None = None) -> People:
    places = np.full(len(uid), district, np.int32)
    began = places if start is None else np.array(start, np.int32)
    return People(np.array(uid, np.uint64), began, places, np.array(stress))


def test_the_rule_is_median_gain_and_loss_and_ties_go_to_the_lowest_number() -> None:
    null = _people([1, 2, 3, 4, 5, 6], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    variant = _people([2, 3, 4, 5, 6, 7], [0.9, 0.5, 0.5, 0.2, 0.2, 0.1])
    found = picks(null, variant, 0)
    assert [(one.rule, one.uid) for one in found] == [("median", 3), ("gain", 5), ("loss", 2)]
    assert [one.gain for one in found] == pytest.approx([0.0, 0.3, -0.4])
    assert picks(null, variant, 1) == ()
    assert picks(null, _people([8], [0.1]), 0) == ()


def test_who_came_to_live_there_later_is_not_chosen() -> None:
    null = _people([1, 2, 3, 4], [0.5, 0.5, 0.5, 0.5], start=[1, 0, 0, 0])
    variant = _people([1, 2, 3, 4], [0.0, 0.5, 0.4, 0.6])
    assert [one.uid for one in picks(null, variant, 0)] == [2, 3, 4]
    assert picks(_people([1, 2, 3], [0.5] * 3, start=[1, 0, 0]), variant, 0) == ()


def test_everybody_told_of_lives_in_the_district_at_both_ends() -> None:
    weakest = weakest_district(small())
    for mine in small_twins():
        for twin in mine:
            ends = {twin.null.pictures[place].values["district"] for place in (0, -1)}
            assert ends == {weakest}


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
        "In beide levens raakt zij in 2026 van de problematische schulden af.",
        "Alleen in de variant begint zij in 2026 in een basisbaan.",
        "Aan het eind is in de variant haar stress 20 op 100 (in het nulalternatief 30 op 100) en het inkomen van het "
        "huishouden 1.900 euro per maand (in het nulalternatief 1.500 euro per maand).",
        "Vanaf 2026 lopen de levens uiteen.",
    )


def test_equal_lives_are_called_equal() -> None:
    story = tell_twin(Twin(Pick("median", 7, 0.0), _life(), _life()))
    assert story.sentences[1] == "In beide levens verandert er weinig."
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


def _change(month: int, kind: str, after: int) -> Fact:
    return Fact(month, kind, {"before": 1 - after if kind != "activities" else 0, "after": after})


def test_what_is_cut_from_one_life_is_not_told_as_a_difference() -> None:
    shared = [_change(12 * year, "resident.lonely", year % 2) for year in range(8)]
    shared += [_change(5, "activities", Activity.UNEMPLOYED), _change(9, "activities", Activity.EMPLOYED)]
    debt = _change(40, "household.problem_debt", 1)
    story = tell_twin(Twin(Pick("loss", 7, -0.1), _life(*shared), _life(debt, *shared)))
    assert story.sentences[2] == "Alleen in de variant krijgt zij in 2028 problematische schulden."
    assert story.sentences[4] == "Vanaf 2028 lopen de levens uiteen."


def test_a_month_earlier_or_later_is_no_difference() -> None:
    null, variant = _life(_change(23, "resident.lonely", 1)), _life(_change(24, "resident.lonely", 1))
    story = tell_twin(Twin(Pick("median", 7, 0.0), null, variant))
    assert (
        story.sentences[1] == "In beide levens verandert er weinig."
    )  # one year would be wrong for one of them
    assert story.sentences[2] == "In de variant gebeurt hetzelfde, soms wat eerder of later."
    assert "uiteen" not in story.sentences[4]


def test_what_happens_years_later_is_told_of_both() -> None:
    lost = [_change(5 + number, "activities", Activity.UNEMPLOYED) for number in range(3)]
    null = _life(_change(1, "resident.lonely", 1))
    variant = _life(_change(80, "resident.lonely", 1), _change(2, "household.problem_debt", 1), *lost)
    told = tell_twin(Twin(Pick("median", 7, 0.0), null, variant)).sentences[2]
    assert told.startswith(
        "Het verschil: in het nulalternatief wordt zij in 2025 ernstig eenzaam; in de variant "
    )
    assert "wordt in 2031 ernstig eenzaam" in told


MONTH = st.integers(0, 60)
FACTS = st.lists(
    st.one_of(
        st.tuples(
            MONTH,
            st.sampled_from(["resident.lonely", "resident.case", "household.problem_debt"]),
            st.integers(0, 1),
        ),
        st.tuples(
            MONTH,
            st.just("activities"),
            st.sampled_from([int(Activity.UNEMPLOYED), int(Activity.EMPLOYED), int(Activity.BASIC_JOB)]),
        ),
    ),
    max_size=8,
)
CLAUSE = re.compile(r"(\w+) (?:zij )?in (\d{4}) ([a-z ]+?)(?=, \w+ in \d| en \w+ in \d|$)")


def _events(text: str) -> set[tuple[int, str]]:
    """Year and words of every event in a part of a story."""
    return {(int(year), f"{verb} {rest}") for verb, year, rest in CLAUSE.findall(text)}


@settings(deadline=None, max_examples=300)
@given(shared=FACTS, null=FACTS, variant=FACTS)
def test_no_event_is_told_of_one_life_that_the_other_has_too(shared, null, variant) -> None:
    lives = [_life(*(_change(*one) for one in [*shared, *own])) for own in (null, variant)]
    sentences = tell_twin(Twin(Pick("median", 7, 0.0), *lives)).sentences
    had = [
        {(fact.month, 2025 + fact.month // 12, _text(fact, DUTCH)) for fact in life.facts} for life in lives
    ]
    both = _events(sentences[1].removeprefix("In beide levens ").removesuffix("."))
    for mine in had:
        assert both <= {(year, text) for _, year, text in mine}
    apart = sentences[2].removesuffix(".")
    if apart.startswith("Het verschil: "):
        parts = apart.removeprefix("Het verschil: in het nulalternatief ").split("; in de variant ")
    else:
        null_alone = apart.startswith("Alleen in het nulalternatief ")
        told = apart.partition("nulalternatief " if null_alone else "variant ")[2]
        parts = [told, ""] if null_alone else ["", told if apart.startswith("Alleen") else ""]
    for side, text in enumerate(parts):
        found = _events(text)
        assert bool(found) == bool(text)
        assert len(found) <= MOST_APART
        for year, words in found:
            months = [month for month, when, what in had[side] if (when, what) == (year, words)]
            assert months
            others = [(month, when) for month, when, what in had[1 - side] if what == words]
            assert all(when != year for _, when in others)
            assert any(all(abs(month - other) > NEAR for other, _ in others) for month in months)
