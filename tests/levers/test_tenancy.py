"""Levers on tenancies: coaching, double strike, stable homes, crisis shelter, light support."""

import numpy as np
import pytest

from tests.care_world import NO_CRISES, NO_SIGNALS, NO_TURNOVER, care_world
from tests.levers.money_world import AT_ONCE, acted, asked, booked, scaled, tenants, town, willing
from tests.mechanisms.test_accounts import step as step_accounts
from tests.mechanisms.test_accounts import world as accounts_world
from tests.mechanisms.test_energy import world as energy_world
from tests.mechanisms.test_skills import world as skills_world
from tests.worlds import run_months
from wijksim.kernel.lever import Target, Window
from wijksim.levers.tenancy.crisis_shelter import CrisisShelter
from wijksim.levers.tenancy.double_strike import DoubleStrike
from wijksim.levers.tenancy.light_support import LightSupport
from wijksim.levers.tenancy.living_skills import LivingSkills
from wijksim.levers.tenancy.stable_home import StableHome
from wijksim.mechanisms.energy import Energy
from wijksim.mechanisms.professionals import Professionals
from wijksim.mechanisms.skills import Skills
from wijksim.state.codes import Activity, Works
from wijksim.state.roles import CaseStage

NORTH = Target(districts=("north",))
READS = {
    LivingSkills: ["resident.complex_problems"],
    DoubleStrike: ["dwelling.works"],
    StableHome: ["resident.attendance"],
    CrisisShelter: ["resident.crisis_last", "district.homeless"],
    LightSupport: [
        "resident.psychiatric",
        "resident.addiction_past",
        "resident.case",
        "resident.case_closed",
    ],
}


def world(kind, **settings):
    return town(READS[kind], **settings)


@pytest.mark.parametrize("kind", READS)
def test_strength_zero_leaves_no_trace(kind):
    ctx = world(kind)
    acted(ctx, kind({"strength": 0.0}))
    assert not ctx.effects.touched()
    assert not ctx.effects.acts
    assert not ctx.ledger.month


# ---------------------------------------------------------------- living skills
def test_tenants_with_complex_problems_are_coached():
    ctx = world(LivingSkills)
    resident = ctx.world.resident
    resident.complex_problems[:] = np.arange(resident.size) % 3 == 0
    lever = LivingSkills({**AT_ONCE, "hours": 4.0, "hour_price": 70.0}, target=NORTH)
    acted(ctx, lever)
    renting = np.isin(resident.household, tenants(ctx, 0))
    meant = np.flatnonzero(resident.complex_problems & (resident.age >= 18) & renting & resident.alive)
    homes = np.unique(resident.household[meant])
    assert scaled(ctx, "nuisance.onset", "resident") == pytest.approx(dict.fromkeys(meant.tolist(), 0.5))
    assert scaled(ctx, "debt.execution", "household") == pytest.approx(dict.fromkeys(homes.tolist(), 0.7))
    assert asked(ctx, "skills", "coach_homes")["households"].tolist() == homes.tolist()
    assert booked(ctx, lever) == pytest.approx(meant.size * 4 * 70)


def test_after_the_end_what_coaching_did_fades_and_nothing_is_paid():
    ctx = world(LivingSkills)
    ctx.world.resident.complex_problems[:] = True
    lever = LivingSkills({**AT_ONCE, "decay": 6.0}, window=Window(0, 2))
    first = len(scaled(acted(ctx, lever), "nuisance.onset", "resident"))
    ctx.month = 7
    left = len(scaled(acted(ctx, lever), "nuisance.onset", "resident"))
    assert left == pytest.approx(first / 2, rel=0.2)
    assert booked(ctx, lever) == 0
    assert not ctx.effects.acts


def test_coaching_closes_half_of_the_distance_in_its_half_life_and_of_others_nothing():
    ctx = skills_world(housing_half_life=1e9)
    table = ctx.world.household
    table.housing_skill[:] = 0.6
    homes = tenants(ctx, 0)
    for _ in range(12):
        ctx.effects.acts.clear()
        ctx.effects.request("a", "skills", "coach_homes", {"households": homes, "half_life": 12.0})
        run_months(ctx, [Skills()], 1)
    assert table.housing_skill[homes] == pytest.approx(0.8, abs=1e-3)
    others = np.setdiff1d(np.flatnonzero(table.alive), homes)
    assert table.housing_skill[others] == pytest.approx(0.6, abs=1e-3)


# ---------------------------------------------------------------- double strike
def renovating():
    ctx = world(DoubleStrike, dwellings=1200)
    dwelling = ctx.world.dwelling
    dwelling.works[:] = np.select(
        [np.arange(dwelling.size) % 4 == 0, np.arange(dwelling.size) % 4 == 1],
        [Works.RENOVATION, Works.REHOUSING],
        0,
    )
    homes = dwelling.household[dwelling.works == Works.RENOVATION]
    return ctx, homes[homes >= 0]


def test_without_works_it_says_so_and_does_nothing():
    ctx = world(DoubleStrike)
    lever = DoubleStrike(AT_ONCE)
    acted(ctx, lever)
    assert ctx.counters.sums["double-strike.homes_in_works"] == 0
    assert not ctx.effects.touched()
    for _, _, _, details in ctx.effects.acts:
        assert not any(np.size(rows) for name, rows in details.items() if name in ("residents", "households"))
    assert booked(ctx, lever) == 0


@pytest.mark.parametrize(("sync", "met", "price"), [("on", 0.9, 0.5), ("off", 0.35, 1.0)])
def test_nearly_everybody_in_works_is_visited_once(sync, met, price):
    ctx, homes = renovating()
    lever = DoubleStrike({**AT_ONCE, "sync": sync, "visit_price": 100.0, "detection": 0.4})
    acted(ctx, lever)
    assert ctx.counters.sums["double-strike.homes_in_works"] == homes.size > 250
    visited = asked(ctx, "energy", "advise")["households"]
    assert np.isin(visited, homes).all()
    assert visited.size / homes.size == pytest.approx(met, abs=0.06)
    need = asked(ctx, "professionals", "find_need")
    assert sorted(need["residents"]) == sorted(ctx.world.household.head[visited])
    # over the nine months of the works 0.4 of what there is comes to light, and one visit is paid
    assert 1 - (1 - need["chance"]) ** 9 == pytest.approx(0.4)
    assert asked(ctx, "income", "help_claim")["households"] is visited
    assert booked(ctx, lever) == pytest.approx(visited.size / met * 100 * 1.073 * price / 9)


def test_it_can_be_aimed_at_complexes():
    ctx, _ = renovating()
    acted(ctx, DoubleStrike(AT_ONCE, target=Target(complexes=(2, 3))))
    visited = asked(ctx, "energy", "advise")["households"]
    assert visited.size
    assert set(ctx.world.household.complex[visited]) == {2, 3}


def test_energy_advice_takes_its_saving_off_the_bill_and_stays():
    ctx = energy_world()
    Energy().setup(ctx)
    table = ctx.world.household
    run_months(ctx, [Energy()], 1)
    before = table.energy_cost.copy()
    north = np.flatnonzero(table.alive & (table.district == 0))
    for saving in (60.0, 120.0):
        ctx.effects.request("a", "energy", "advise", {"households": north, "saving": saving})
    run_months(ctx, [Energy()], 1)
    ctx.effects.acts.clear()
    run_months(ctx, [Energy()], 2)
    # the better of two advices, not their sum
    assert before[north] - table.energy_cost[north] == pytest.approx(10, abs=1e-3)
    others = np.setdiff1d(np.flatnonzero(table.alive), north)
    np.testing.assert_array_equal(table.energy_cost[others], before[others])


def test_a_saving_never_makes_a_bill_negative():
    ctx = energy_world()
    Energy().setup(ctx)
    table = ctx.world.household
    ctx.effects.request("a", "energy", "advise", {"households": table.rows, "saving": 1e6})
    run_months(ctx, [Energy()], 1)
    assert not table.energy_cost.any()


def clients(ctx):
    return np.flatnonzero(ctx.world.resident.case != CaseStage.NONE)


def quiet(**sets):
    ctx = care_world(dwellings=2400, **{**NO_SIGNALS, **NO_CRISES, **NO_TURNOVER, **sets})
    willing(ctx)
    ctx.world.resident.trust[:] = ctx.values["wellbeing.trust_level"]
    return ctx


def test_a_visit_brings_to_light_need_that_is_there_and_help_is_accepted_by_some():
    """Need is seen with chance 0.5 or 0.2 by two programmes, and part of those met accepts."""
    ctx = quiet()
    resident = ctx.world.resident
    resident.need[:] = np.where(np.arange(resident.size) % 2, 0.9, 0.0)
    adults = np.flatnonzero(resident.alive & (resident.age >= 18))
    visited = adults[resident.district[adults] == 0]
    for name, chance in (("a", 0.5), ("b", 0.2)):
        ctx.effects.request(name, "professionals", "find_need", {"residents": visited, "chance": chance})
    run_months(ctx, [Professionals()], 1)
    found = clients(ctx)
    in_need, accepts = visited[visited % 2 == 1], ctx.values["professionals.acceptance"]
    assert in_need.size > 200
    assert np.isin(found, in_need).all()
    assert found.size / in_need.size == pytest.approx(accepts * (1 - 0.5 * 0.8), abs=0.05)
    assert ctx.counters.sums["professionals.found_by_visits"] == found.size


def test_calling_in_person_after_a_signal_meets_twice_as_many():
    shares = []
    for ratio in (1.0, 2.0):
        ctx = quiet()
        table = ctx.world.household
        table.early_signal[:] = table.alive
        heads = table.head[table.rows]
        ctx.effects.scale(
            "a", "professionals.signal_letter", "resident", rows=heads, log_ratio=float(np.log(ratio))
        )
        ctx.effects.prepare(ctx.world, 0.3, 3.0)
        run_months(ctx, [Professionals()], 1)
        assert np.isin(clients(ctx), heads).all()
        shares.append(clients(ctx).size / heads.size)
    accepts = ctx.values["professionals.acceptance"]
    assert shares == pytest.approx([0.17 * accepts, 0.34 * accepts], abs=0.02)


# ---------------------------------------------------------------- stable homes
def test_families_with_pupils_keep_their_home_and_are_warned_of():
    ctx = world(StableHome)
    resident, table = ctx.world.resident, ctx.world.household
    pupils = np.flatnonzero(resident.alive & (resident.activity == Activity.PUPIL))
    resident.attendance[pupils[::2]] = 0.5
    lever = StableHome({**AT_ONCE, "hours": 2.0, "hour_price": 70.0}, target=NORTH)
    acted(ctx, lever)
    families = np.intersect1d(np.unique(resident.household[pupils]), tenants(ctx, 0))
    assert families.size > 5
    for rate, ratio in (("debt.execution", 0.8), ("housing.move_corporation", 0.9), ("debt.signal", 1.5)):
        assert scaled(ctx, rate, "household") == pytest.approx(dict.fromkeys(families.tolist(), ratio))
    told = np.intersect1d(np.unique(resident.household[pupils[::2]]), families)
    assert sorted(asked(ctx, "professionals", "find_need")["residents"]) == sorted(table.head[told])
    assert booked(ctx, lever) == pytest.approx(families.size * 2 * 70 / 12)


def test_without_the_signal_nobody_is_told():
    ctx = world(StableHome)
    ctx.world.resident.attendance[:] = 0.5
    acted(ctx, StableHome({**AT_ONCE, "signal": "off"}))
    assert scaled(ctx, "debt.execution", "household")
    assert not scaled(ctx, "debt.signal", "household")
    assert not ctx.effects.acts


# ---------------------------------------------------------------- crisis shelter
def test_places_are_funded_paid_and_given_to_the_latest_crises():
    ctx = world(CrisisShelter, dwellings=1800)
    resident = ctx.world.resident
    north = np.flatnonzero((resident.district == 0) & (resident.age >= 18))
    resident.crisis_last[north[:30]] = -(np.arange(30) % 3) - 1
    resident.crisis_last[north[30:60]] = -40
    ctx.world.district.homeless[:] = [2.5, 0, 0]
    people = int(np.count_nonzero(resident.alive & (resident.district == 0)))
    lever = CrisisShelter({**AT_ONCE, "places_per_1000": 10.0, "place_price": 20_000.0}, target=NORTH)
    acted(ctx, lever)
    places = people / 100
    assert ctx.effects.funded("places.shelter", 3) == pytest.approx([places, 0, 0])
    assert booked(ctx, lever) == pytest.approx(places * 20_000 * 1.357 / 12)
    staying = scaled(ctx, "health.crisis_psychiatric", "resident")
    assert staying == scaled(ctx, "health.crisis_other", "resident")
    assert set(np.round(list(staying.values()), 6)) == {0.7}
    # the homeless come first; a crisis of forty months ago gives no place
    assert len(staying) == int(places - 2.5) < 30
    latest = np.sort(resident.crisis_last[north[:30]])[::-1][: len(staying)]
    assert sorted(resident.crisis_last[list(staying)], reverse=True) == latest.tolist()


def test_a_place_halves_the_time_without_a_home_and_is_paid_once():
    ends, bills = [], []
    for places in (0.0, 4.0, 100.0):
        ctx = accounts_world()
        ctx.world.district.homeless[:] = [8.0, 0.0, 0.0]
        ctx.effects.fund("a", "places.shelter", np.full(3, places))
        step_accounts(ctx)
        ends.append(float(ctx.world.district.homeless[0]))
        bills.append(float(ctx.ledger.month["homeless_municipality"][0]))
    slow, quick = 1 - np.exp(-1 / 12), 1 - np.exp(-1 / 6)
    assert ends == pytest.approx([8 * (1 - slow), 8 - 4 * slow - 4 * quick, 8 * (1 - quick)])
    assert bills[2] == 0
    assert bills[1] / bills[0] == pytest.approx((ends[1] - 4) / ends[0])


# ---------------------------------------------------------------- light support
def test_those_who_are_stable_and_without_a_case_keep_a_worker():
    ctx = world(LightSupport)
    ctx.month = 12
    table = ctx.world.resident
    kind = np.arange(table.size) % 6
    table.psychiatric[:] = kind == 0
    table.addiction_past[:] = kind == 1
    table.case_closed[kind == 2] = 0
    table.case_closed[kind == 3] = -30
    table.psychiatric[kind == 4] = True
    table.case[kind == 4] = CaseStage.OPEN
    lever = LightSupport({**AT_ONCE, "year_price": 1200.0}, target=NORTH)
    acted(ctx, lever)
    meant = np.flatnonzero(table.alive & (kind < 3) & (table.age >= 18) & (table.district == 0))
    expected = dict.fromkeys(meant.tolist(), 0.5)
    assert scaled(ctx, "health.psychiatric_relapse", "resident") == pytest.approx(expected)
    assert scaled(ctx, "health.addiction_relapse", "resident") == pytest.approx(expected)
    assert booked(ctx, lever) == pytest.approx(meant.size * 100)
