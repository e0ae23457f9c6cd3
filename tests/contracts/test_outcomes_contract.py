"""Every outcome of the source texts is carried by measures that say what they are, and by the one it is known by."""

import numpy as np
import pytest
from tests.contracts.engines import engine

import wijksim.measures  # noqa: F401  (registers the measures)
from wijksim.kernel.measure import MEASURES

OUTCOMES = tuple(f"O{number:02d}" for number in range(1, 30))

# outcome: the measure by which it is known, and whether the texts want it up or down; 0 where either may be good
KNOWN_BY = {
    "O01": ("nuisance_often", -1),
    "O02": ("liveability_index", 1),
    "O03": ("satisfaction_home", 1),
    "O04": ("share_in_assistance", -1),
    "O05": ("achievement", 1),
    "O06": ("school_dropout", -1),
    "O07": ("problem_debt", -1),
    "O08": ("evictions", -1),
    "O09": ("psychiatric_admissions", -1),
    "O10": ("severe_loneliness", -1),
    "O11": ("placements", -1),
    "O12": ("trust", 1),
    "O13": ("crises", -1),
    "O14": ("suspects", -1),
    "O15": ("avoidance", -1),
    "O16": ("weekly_contact", 1),
    "O17": ("contact_quality", 1),
    "O18": ("purchasing_power", 1),
    "O19": ("social_climbers", 1),
    "O20": ("stability", 1),
    "O21": ("liveability_gap", 0),
    "O22": ("domestic_violence", -1),
    "O23": ("low_literacy", -1),
    "O24": ("severe_mental_illness", -1),
    "O25": ("poverty", -1),
    "O26": ("resource_cost", -1),
    "O27": ("addiction", -1),
    "O28": ("energy_cost", -1),
    "O29": ("firms", 1),
}

# what an outcome is made of in the texts beside the measure it is known by
ALSO = {
    "O01": ("nuisance_reports",),
    "O03": ("satisfaction_neighbourhood",),
    "O04": ("unemployment",),
    "O08": ("homeless",),
    "O09": ("crises",),
    "O12": ("perspective",),
    "O14": ("registered_crime", "youth_in_crime"),
    "O16": ("acquaintances", "bridging"),
    "O18": ("support_base",),
    "O19": ("beyond_parents",),
    "O28": ("dwelling_quality",),
    "O29": ("local_jobs", "local_turnover"),
}


def carriers(outcome):
    return [kind for _, kind in MEASURES.items() if outcome in kind.outcome]


def test_every_outcome_has_its_measure():
    assert set(KNOWN_BY) == set(OUTCOMES)
    carried = {key for _, kind in MEASURES.items() for key in kind.outcome}
    assert carried == set(OUTCOMES)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_it_is_known_by_says_so_with_unit_direction_and_two_labels(outcome):
    name, direction = KNOWN_BY[outcome]
    for one in (name, *ALSO.get(outcome, ())):
        kind = MEASURES.get(one)
        assert outcome in kind.outcome, one
        assert kind.unit
        assert kind.label
        assert kind.label_nl
    assert MEASURES.get(name).direction == direction
    assert carriers(outcome)


def test_no_measure_names_an_outcome_twice_or_one_that_does_not_exist():
    for name, kind in MEASURES.items():
        assert len(set(kind.outcome)) == len(kind.outcome), name
        assert set(kind.outcome) <= set(OUTCOMES), name


def test_each_of_them_has_a_value_in_a_small_town():
    machine = engine()
    # those who have been here for a year are asked about contact
    for _ in range(12):
        machine.advance()
    ctx = machine.ctx
    for outcome, (name, _) in KNOWN_BY.items():
        measure = MEASURES.get(name)()
        top, bottom = (part.sum() for part in measure.districts(ctx))
        assert np.isfinite(top), outcome
        assert bottom > 0 or name == "stability", f"{outcome}: {name} counts nobody"
