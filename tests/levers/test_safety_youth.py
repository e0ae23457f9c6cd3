"""Levers on recruitment: youth workers, one sum for prevention and police, resilient doors, the market outside."""

import numpy as np
import pytest

from tests.levers.safety_town import WILLING, act, months, people, ratio, town, untouched, young
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed, price_of
from wijksim.levers.safety.prevention_first import PreventionFirst
from wijksim.levers.safety.resilient_neighbours import ResilientNeighbours
from wijksim.levers.safety.supralocal_drugs import SupralocalDrugs
from wijksim.levers.safety.youth_ties import YouthTies
from wijksim.mechanisms.crime import answers
from wijksim.mechanisms.crime.columns import CrimeStage

NORTH = Target(districts=("north",))
NONE, FRINGE, ACTIVE = (int(stage) for stage in CrimeStage)
MANY = {**WILLING, "workers_per_10k": 5.0, "youths_per_worker": 100.0}


@pytest.mark.parametrize("kind", [YouthTies, PreventionFirst, ResilientNeighbours, SupralocalDrugs])
def test_strength_zero_leaves_no_trace(kind):
    assert untouched(town(dwellings=200), kind({"strength": 0.0}))


# ---------------------------------------------------------------- youth workers


def test_as_many_youths_as_workers_can_hold():
    """5 per 10,000 of a hundred youths each is a place for one in twenty residents; nobody of another age or place."""
    ctx = town(dwellings=3000)
    act(ctx, YouthTies({**MANY, "tie_ratio": 0.7}, target=NORTH))
    table, here = ctx.world.resident, people(ctx)[0]
    assert ctx.effects.funded("fte.youth_worker", 3) == pytest.approx([5 * here / 10_000, 0, 0])
    found = ratio(ctx, "crime.fringe")
    held = found < 1
    assert found[held] == pytest.approx(0.7)
    assert young(ctx)[held].all()
    assert (table.district[held] == 0).all()
    places = 0.05 * here
    assert held.sum() == pytest.approx(places, abs=4 * np.sqrt(places))


def test_who_has_no_trust_is_not_held_and_who_is_stays_held():
    ctx = town(dwellings=1500)
    act(ctx, YouthTies(MANY))
    held = ratio(ctx, "crime.fringe") < 1
    act(ctx, YouthTies({**MANY, "strength": 0.5}))
    fewer = ratio(ctx, "crime.fringe") < 1
    assert 0 < fewer.sum() < held.sum()
    assert held[fewer].all()
    ctx.world.resident.trust[:] = 0
    act(ctx, YouthTies(MANY))
    assert not ctx.effects.touches("crime.fringe")


def test_those_held_are_recruited_less_and_all_others_as_before():
    """The same luck: recruits without the lever, less some of those held."""
    stages = []
    for lever in (None, YouthTies({**MANY, "tie_ratio": 0.6})):
        ctx = town(dwellings=2400, crime__fringe_rate=6.0, crime__active_rate=0.0)
        ctx.world.resident.crime_stage[:] = NONE
        ctx.world.resident.peer_exposure[:] = 0
        months(ctx, lever)
        stages.append(ctx.world.resident.crime_stage.copy())
    held = ratio(ctx, "crime.fringe") < 1
    without, with_it = (stage == FRINGE for stage in stages)
    assert np.array_equal(without[~held], with_it[~held])
    assert with_it[held].sum() < without[held].sum()
    assert not (with_it & ~without).any()


# ---------------------------------------------------------------- one sum for prevention and police


def test_all_for_police():
    ctx = town()
    act(ctx, PreventionFirst({**WILLING, "prevention_share": 0.0, "budget": 100.0}, target=NORTH))
    assert ctx.effects.touched() == {"fte.police_officer"}
    money = people(ctx) * indexed(ctx, 100.0, 2023) * [1, 0, 0]
    assert ctx.effects.funded("fte.police_officer", 3) == pytest.approx(
        money / price_of(ctx, "prices.fte_police_officer")
    )
    assert not ctx.ledger.month


def test_all_for_prevention_fills_the_places_that_it_buys():
    """100 euros a resident buy a place of 5,000 for one in fifty; what is booked is what is taken."""
    ctx = town(dwellings=3000)
    act(ctx, PreventionFirst({**WILLING, "prevention_share": 1.0, "entry_ratio": 0.8}))
    assert ctx.effects.touched() == {"crime.fringe"}
    found = ratio(ctx, "crime.fringe")
    held = found < 1
    assert found[held] == pytest.approx(0.8)
    assert young(ctx)[held].all()
    places = people(ctx).sum() / 50
    assert held.sum() == pytest.approx(places, abs=4 * np.sqrt(places))
    taken = np.bincount(ctx.world.resident.district[held], minlength=3)
    assert ctx.ledger.month["youth_prevention"] == pytest.approx(taken * indexed(ctx, 5000, 2023) / 12)


def test_recidivism_of_those_held_moves_only_if_a_scenario_says_so():
    ctx = town(dwellings=1200)
    act(ctx, PreventionFirst({**WILLING, "again_ratio": 1.0}))
    assert not ctx.effects.touches("crime.again")
    act(ctx, PreventionFirst({**WILLING, "again_ratio": 1.1}))
    found = ratio(ctx, "crime.again")
    assert set(np.round(found, 6)) == {1.0, 1.1}
    assert np.array_equal(found > 1, ratio(ctx, "crime.fringe") < 1)


# ---------------------------------------------------------------- resilient doors


def test_a_door_resists_by_the_trust_and_ties_behind_it():
    """Everybody organised, trust one half, two of four ties: exp(-0.8 x 0.5 x 0.5)."""
    ctx = town(trust=1.0)
    table = ctx.world.resident
    lever = ResilientNeighbours({**WILLING, "coverage": 1.0, "effect": 0.8, "ties_ratio": 1.0}, target=NORTH)
    act(ctx, lever)
    table.trust[:] = 0.5
    table.ties[:] = 2
    rows = np.flatnonzero(young(ctx)).astype(np.int32)
    asked = answers.asked(ctx, answers.ORGANISE)
    logs = answers.resisted(ctx, rows, asked)
    north = table.district[rows] == 0
    assert logs[north] == pytest.approx(-0.8 * 0.5 * 0.5, rel=1e-5)
    assert not logs[~north].any()
    # half of the adults of every door of one household each: half of the resilience, on average
    part = [{**asked[0], "residents": asked[0]["residents"][::2]}]
    assert answers.resisted(ctx, rows[north], part).mean() == pytest.approx(-0.1, rel=0.3)
    table.ties[:] = 0
    assert not answers.resisted(ctx, rows, asked).any()


def test_youths_behind_organised_doors_are_recruited_less():
    stages = []
    for lever in (None, ResilientNeighbours({**WILLING, "coverage": 1.0, "effect": 1.0}, target=NORTH)):
        ctx = town(dwellings=2400, crime__fringe_rate=6.0, crime__active_rate=0.0)
        ctx.world.resident.crime_stage[:] = NONE
        months(ctx, lever)
        stages.append(ctx.world.resident.crime_stage == FRINGE)
    north = ctx.world.resident.district == 0
    assert stages[1][north].sum() < 0.6 * stages[0][north].sum()
    assert np.array_equal(stages[0][~north], stages[1][~north])


def test_organised_adults_meet_more_and_are_paid_for():
    ctx = town()
    act(ctx, ResilientNeighbours({**WILLING, "coverage": 1.0, "ties_ratio": 1.2}, target=NORTH))
    table = ctx.world.resident
    adults = table.alive & (table.age >= 18) & (table.district == 0)
    assert ratio(ctx, "contacts.new_ties")[adults] == pytest.approx(1.2)
    assert ratio(ctx, "contacts.new_ties")[~adults] == pytest.approx(1)
    bill = np.array([adults.sum(), 0, 0]) * indexed(ctx, 150, 2023) / 12
    assert ctx.ledger.month["resilience_training"] == pytest.approx(bill)


# ---------------------------------------------------------------- above the neighbourhood


def test_the_market_outside_asks_for_fewer_hands():
    """Half the market: half the chance of going on; nobody who does not would have without."""
    stages = []
    for lever in (None, SupralocalDrugs({**WILLING, "market_ratio": 0.5, "recruiters_ratio": 1.0})):
        ctx = town(dwellings=1500, crime__active_rate=2.0, crime__fringe_exit=0.0, crime__fringe_rate=0.0)
        ctx.world.resident.crime_stage[:] = np.where(young(ctx), FRINGE, NONE)
        months(ctx, lever)
        stages.append(ctx.world.resident.crime_stage == ACTIVE)
    assert not (stages[1] & ~stages[0]).any()
    went_on = stages[0].sum()
    assert stages[1].sum() == pytest.approx(went_on / 2, abs=2 * np.sqrt(went_on))


def test_fewer_recruiters_for_all_the_young_and_the_share_in_the_cost():
    ctx = town()
    act(ctx, SupralocalDrugs({**WILLING, "recruiters_ratio": 0.7, "market_ratio": 1.0}))
    assert ctx.effects.touched() == {"crime.fringe"}
    found = ratio(ctx, "crime.fringe")
    assert found[young(ctx)] == pytest.approx(0.7)
    assert found[~young(ctx)] == pytest.approx(1)
    bill = people(ctx) * indexed(ctx, 15, 2023) / 12
    assert ctx.ledger.month["supralocal_drug_crime"] == pytest.approx(bill)
