"""What every run prints about itself, and that the warm-up is in none of it."""

import numpy as np
import pytest

from wijksim.cli.facts import facts_table
from wijksim.kernel.account import Account
from wijksim.kernel.context import Counters
from wijksim.model.assemble import warmed_up, with_policy
from wijksim.model.known import load_scenario
from wijksim.runs.run import engine_facts, record_run
from wijksim.state.codes import Activity

MONTHS = 5


@pytest.fixture(scope="module")
def ended():
    """Engine after a short run, residents at the start, and each month's hours of neighbourhood teams."""
    spec = load_scenario("baseline", overrides={"world.size": 500, "world.warmup": 6, "months": MONTHS})
    engine = with_policy(warmed_up(spec, 2), spec)
    start, hours = len(engine.ctx.world.resident), []
    engine.observers.append(
        lambda ctx: (
            hours.append(ctx.counters.sums["professionals.frontline_hours"]) if ctx.month >= 0 else None
        )
    )
    record_run(engine, spec, MONTHS)
    return engine, start, hours


def test_nobody_and_nothing_is_lost(ended):
    facts = engine_facts(ended[0])
    assert facts["demography.residents_unaccounted_for"] == 0
    assert facts["housing.dwellings_unaccounted_for"] == 0
    assert facts["housing.rest_error_dwellings"] < 1e-6
    assert 0 <= facts["debt.largest_money_error_share"] < 1e-7


def test_a_resident_who_vanishes_is_missed(ended):
    engine = ended[0]
    before = engine.ctx.counters.sums["people.at_start"]
    engine.ctx.counters.sums["people.at_start"] = before + 1
    try:
        assert engine_facts(engine)["demography.residents_unaccounted_for"] == 1
    finally:
        engine.ctx.counters.sums["people.at_start"] = before


def test_sums_begin_with_the_run(ended):
    engine, start, hours = ended
    sums = engine.ctx.counters.sums
    assert sums["people.at_start"] == start
    assert sums["professionals.frontline_hours"] == hours[-1]
    # a month of the run, not the six of the warm-up as well
    assert hours[0] == pytest.approx(hours[-1] / MONTHS, rel=0.5)
    assert len(engine.observers) == 1


def test_person_months_are_those_lived(ended):
    engine, start, _ = ended
    sums = engine.ctx.counters.sums
    months = sum(total for name, total in sums.items() if name.startswith("person_months."))
    now = len(engine.ctx.world.resident)
    assert min(start, now) * MONTHS * 0.9 < months < max(start, now) * MONTHS * 1.1
    facts = engine_facts(engine)
    assert facts["work.person_months"]["employed"] == sums["person_months.employed"]
    rate = facts["work.changes_per_100_person_months"]["employed"]
    assert rate == pytest.approx(100 * sums["left.employed"] / sums["person_months.employed"])
    assert set(facts["work.person_months"]) <= {activity.name.lower() for activity in Activity}


def test_offers_are_at_least_lettings(ended):
    engine = ended[0]
    sums, facts = engine.ctx.counters.sums, engine_facts(engine)
    for name in facts["housing.accepted_offers_percent"]:
        assert 0 <= sums[f"housing.lettings_{name}"] <= sums[f"housing.offers_{name}"]
    lettings = sum(total for name, total in sums.items() if name.startswith("housing.lettings_"))
    assert facts["housing.lettings_per_month"] == lettings / MONTHS
    assert facts["housing.seekers_per_vacancy"] > 0


def test_every_mechanism_that_should_speaks(ended):
    facts = engine_facts(ended[0])
    assert facts["health.branching_ratio_crises"] < 0.8
    assert facts["health.branching_ratio_violence"] < 0.8
    assert len(facts["professionals.capacity_over_crisis_work"]) == 3
    assert 0 <= facts["professionals.crisis_share_of_frontline_hours"] <= 1
    assert facts["professionals.mean_tenure_years"] > 0
    assert facts["nuisance.active_sources"] == ended[0].ctx.world.resident.nuisance_source.sum()
    assert facts["reference.processes_measured_here"] == 0


def test_facts_are_shown_in_groups(ended):
    table = facts_table(engine_facts(ended[0]), ["one", "two", "three"])
    about, fact, value = ([str(cell) for cell in column.cells] for column in table.columns)
    groups = [name for name in about if name]
    assert len(groups) == len(set(groups))
    assert {"run", "demography", "work", "debt", "health", "professionals", "nuisance", "housing"} <= set(
        groups
    )
    assert value[fact.index("capacity over crisis work")].startswith("one ")
    assert "people births, whole run" in fact or "people arrivals, whole run" in fact
    assert not any("person months." in name for name in fact)


def test_a_peak_is_the_largest_and_an_account_tells_its_error():
    counters = Counters()
    for value in (-2.0, -3.0, -1.0):
        counters.peak("a", value)
    assert counters.peaks == {"a": -1.0}
    account = Account("hours", np.array([10.0]))
    account.receive(np.array([10.0]))
    assert account.close(np.array([20.0]), 0.1) == 0
    assert account.close(np.array([21.0]), 0.1) == pytest.approx(0.05)
