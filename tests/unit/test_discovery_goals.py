"""The grammar of goals: what is read, and everything that is wrong at once."""

from __future__ import annotations

import numpy as np
import pytest

from wijksim.analysis.goals import Known, parse_goals
from wijksim.core.errors import InputError

KNOWN = Known(
    {
        "problem_debt": {"unit": "%", "direction": -1, "label": "Problem debt"},
        "trust": {"unit": "points", "direction": 1, "label": "Trust"},
        "households": {"unit": "number", "direction": 0, "label": "Households"},
    },
    ("Oost", "Kanaleneiland Noord", "city"),
    (8, 20),
)


def test_a_goal_without_place_and_year_is_for_the_city_in_the_last_year():
    (goal,) = parse_goals("problem_debt < 8", KNOWN)
    assert (goal.measure, goal.district, goal.year, goal.change) == ("problem_debt", "city", 20, False)
    assert (goal.sign, goal.bound, goal.unit, goal.direction) == ("<", 8, "%", -1)


def test_a_goal_says_change_place_and_year():
    text = "Change of trust in kanaleneiland noord at year 8 >= -0.5 and problem_debt in Oost<1e1"
    first, second = parse_goals(text, KNOWN, district="Oost", year=20)
    assert (first.change, first.district, first.year) == (True, "Kanaleneiland Noord", 8)
    assert str(first) == "change of trust in Kanaleneiland Noord at year 8 >= -0.5"
    assert (second.district, second.year, second.bound) == ("Oost", 20, 10)


def test_options_fill_in_what_a_goal_does_not_say():
    (goal,) = parse_goals("trust ≥ 5", KNOWN, district="oost", year=8)
    assert (goal.district, goal.year, goal.sign) == ("Oost", 8, ">=")


@pytest.mark.parametrize(
    ("sign", "met"), [("<", [1, 0, 0]), ("<=", [1, 1, 0]), (">", [0, 0, 1]), (">=", [0, 1, 1])]
)
def test_signs_compare(sign, met):
    (goal,) = parse_goals(f"trust {sign} 2", KNOWN)
    assert goal.met(np.array([1.0, 2.0, 3.0])).tolist() == [bool(one) for one in met]
    assert not goal.met(np.array([np.nan])).any()


def test_a_measure_without_direction_lies_where_the_goal_points():
    up, down = parse_goals("households > 1 and households < 3", KNOWN)
    assert (up.better, down.better) == (1, -1)
    assert parse_goals("trust < 3", KNOWN)[0].better == 1


def test_all_mistakes_are_told_at_once():
    text = "problemdebt < 8 and trust in Ost at year 3 > x and nothing and trust > 1 > 2 and a b < 1"
    with pytest.raises(InputError) as caught:
        parse_goals(text, KNOWN, district="Wset", year=9)
    told = str(caught.value)
    assert len(caught.value.problems) == 9
    for words in (
        "measure 'problemdebt' was not kept, did you mean 'problem_debt'?",
        "there is no district 'Ost', did you mean 'Oost'?",
        "--goal 'trust in Ost at year 3 > x': year 3 was not kept; there are 8, 20",
        "'x' is not a number",
        "--goal 'nothing' is no goal; write [change of] MEASURE",
        "has more than one comparison",
        "'a b' cannot be read",
        "--district: there is no district 'Wset'; there are Oost, Kanaleneiland Noord, city",
        "--year: year 9 was not kept",
    ):
        assert words in told


@pytest.mark.parametrize("text", ["", "trust", "< 3", "trust >", "trust > nan", "trust > inf", "trust > 5 %"])
def test_what_is_no_goal_is_refused(text):
    with pytest.raises(InputError):
        parse_goals(text, KNOWN)
