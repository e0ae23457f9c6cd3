"""Known violence and placement: two-state limit, guardian kept, one writer for who is away."""

import numpy as np
import pytest

from tests.mechanisms.crime_world import city
from tests.worlds import run_months
from wijksim.mechanisms.crime import Crime
from wijksim.mechanisms.violence import Away, Violence
from wijksim.state.codes import Role

RATIOS = ("place_stress", "place_debt", "place_known", "place_waiting", "place_addiction", "place_psychiatric",
          "return_stress")  # fmt: skip


def world(dwellings=900, neutral=True, **values):
    numbers = {f"violence.{name}": 1.0 for name in RATIOS} if neutral else {}
    numbers |= {f"violence.{name}": value for name, value in values.items()}
    return city(Crime, Violence, dwellings=dwellings, values=numbers)


def children(ctx):
    resident = ctx.world.resident
    return np.flatnonzero(resident.alive & (resident.age < 18) & (resident.role == Role.CHILD))


def placed(ctx):
    return np.flatnonzero(ctx.world.resident.away == Away.PLACED)


def test_the_start_is_the_two_state_process_since_birth():
    ctx = world(2400, place_rate=0.1)
    age = -ctx.world.resident.birth_month[children(ctx)] / 12
    chance = 0.1 / 0.35 * (1 - np.exp(-0.35 * age))
    assert placed(ctx).size == pytest.approx(chance.sum(), abs=4 * np.sqrt(chance.sum()))


def test_without_ageing_the_stock_goes_to_its_limit():
    ctx = world(1500, place_rate=0.2, return_rate=0.6)
    mechanism = Violence()
    here = children(ctx)
    stock = []
    for month in range(84):
        mechanism.step(ctx)  # ages stand still
        ctx.month += 1
        if month >= 36:
            stock.append(placed(ctx).size)
    out, back = (1 - np.exp(-rate / 12) for rate in (0.2, 0.6))
    assert np.mean(stock) / here.size == pytest.approx(out / (out + back), rel=0.08)


def test_a_quarter_returns_in_a_year():
    ctx = world(2400, place_rate=0.6)
    ctx.parameters.set("violence.place_rate", 0.0)
    ctx.values = ctx.parameters.at(0, "2025-01")
    away = placed(ctx)
    mechanism = Violence()
    for _ in range(12):
        mechanism.step(ctx)
        ctx.month += 1
    still = np.count_nonzero(ctx.world.resident.away[away] == Away.PLACED)
    assert still / away.size == pytest.approx(np.exp(-0.25), abs=4 * np.sqrt(0.18 / away.size))


def test_no_rate_no_placement_and_extreme_rates_stay_among_children():
    ctx = world(300, place_rate=0.0)
    run_months(ctx, [Violence()], 6)
    assert placed(ctx).size == 0
    ctx = world(300, place_rate=100.0, return_rate=0.0)
    run_months(ctx, [Violence()], 12)
    away = placed(ctx)
    assert set(away.tolist()) <= set(children(ctx).tolist())
    assert away.size > 0.9 * children(ctx).size


def test_the_guardian_is_a_parent_of_the_own_household_and_is_forgotten_at_return():
    ctx = world(600, place_rate=2.0)
    run_months(ctx, [Violence()], 2)
    resident = ctx.world.resident
    away = placed(ctx)
    guardian = resident.guardian[away]
    assert away.size > 50
    assert np.all(guardian >= 0)
    assert np.array_equal(resident.household[guardian], resident.household[away])
    assert resident.age[guardian].min() >= 18
    others = np.setdiff1d(resident.rows, away)
    assert np.all(resident.guardian[others] == -1)


def test_the_child_stays_a_member_of_the_household():
    ctx = world(600, place_rate=0.0)
    before = ctx.world.household.persons.copy()
    ctx.parameters.set("violence.place_rate", 5.0)
    ctx.values = ctx.parameters.at(0, "2025-01")
    run_months(ctx, [Violence()], 3)
    assert placed(ctx).size > 0
    assert np.array_equal(ctx.world.household.persons, before)


def test_who_comes_of_age_is_no_longer_placed():
    ctx = world(600, place_rate=2.0)
    run_months(ctx, [Violence()], 1)
    ctx.world.resident.birth_month[placed(ctx)] -= 18 * 12
    run_months(ctx, [Violence()], 1)
    assert ctx.world.resident.age[placed(ctx)].max(initial=0) < 18


@pytest.mark.parametrize(
    ("served", "reports", "chance"), [(False, 1, 0.3), (True, 1, 0.45), (False, 2, 1 - 0.7**2)]
)
def test_what_becomes_known(served, reports, chance):
    ctx = world(1500)
    household = ctx.world.household
    household.violence[household.rows] = reports
    household.served[:] = served
    Violence()._known(ctx, household.rows)
    n = household.rows.size
    share = np.count_nonzero(household.violence_known) / n
    assert share == pytest.approx(chance, abs=4 * np.sqrt(0.25 / n))
    assert np.array_equal(household.known_memory > 0, household.violence_known)


def test_what_nobody_knows_leads_to_no_placement():
    ctx = world(neutral=False)
    mechanism = Violence()
    row = children(ctx)[:1].astype(np.int32)
    mechanism.step(ctx)
    before = mechanism.placement.probability(ctx, row)
    home = ctx.world.resident.household[row]
    ctx.world.household.violence_memory[home] = 3.0
    assert mechanism.placement.probability(ctx, row) == before
    ctx.world.household.known_memory[home] = 1.0
    assert mechanism.placement.probability(ctx, row) / before == pytest.approx(3.0, rel=0.01)


def test_no_violence_nothing_known():
    ctx = world(300)
    run_months(ctx, [Violence()], 6)
    assert not ctx.world.household.violence_known.any()
    assert not ctx.world.household.known_memory.any()


def test_the_detained_are_away_until_they_are_released_and_placement_comes_first():
    ctx = world(600, place_rate=0.3)
    resident = ctx.world.resident
    resident.detained[:] = False
    adult = np.flatnonzero(resident.age >= 18)[:20]
    child = placed(ctx)[:5]
    resident.detained[adult] = True
    resident.detained[child] = True
    Violence()._detained(ctx)
    assert np.all(resident.away[adult] == Away.DETAINED)
    assert np.all(resident.away[child] == Away.PLACED)
    resident.detained[:] = False
    Violence()._detained(ctx)
    assert np.all(resident.away[adult] == Away.HOME)
    assert np.all(resident.away[child] == Away.PLACED)
