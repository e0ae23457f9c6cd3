"""Births, deaths, homes and couples against known answers."""

import numpy as np
import pytest

from tests.mechanisms.labour_world import (
    all_adults,
    demography_world,
    neutral,
    only_rates,
    partner_pool,
    put,
    set_value,
)
from tests.worlds import check_structure, run_months
from wijksim.kernel import derive
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.kernel.requests import Founding
from wijksim.mechanisms.demography import families, mortality
from wijksim.mechanisms.demography.process import Demography
from wijksim.state.codes import Fate, HouseholdType, Role, Sex


def table_of(ctx, sex):
    value = ctx.values
    ages = tuple(value[f"demography.mortality_age_{a}"] for a in mortality.ANCHORS)
    return mortality.population_table(
        ages, tuple(value[f"demography.mortality_{sex}_{a}"] for a in mortality.ANCHORS)
    )


def entry_of(ctx):
    value = ctx.values
    return mortality.care_entry(
        tuple(value[f"demography.care_home_age_{p}"] for p in mortality.CARE_PIECES),
        tuple(value[f"demography.care_home_rate_{p}"] for p in mortality.CARE_PIECES),
    )


def life_expectancy(table):
    """Years of a life under yearly hazards by age, constant within a year; the last lasts for ever."""
    alive = np.exp(-np.concatenate(([0.0], np.cumsum(table[:-1]))))
    died = np.append(-np.expm1(-table[:-1]), 1.0)
    return float((alive * died / table).sum())


def test_life_expectancy_is_that_of_the_dutch_table():
    ctx = demography_world(30)
    assert life_expectancy(table_of(ctx, "male")) == pytest.approx(80.31, abs=0.15)
    assert life_expectancy(table_of(ctx, "female")) == pytest.approx(83.33, abs=0.15)


def test_life_expectancy_of_a_constant_hazard_is_its_inverse():
    assert life_expectancy(np.full(128, 0.05)) == pytest.approx(20)


@pytest.mark.parametrize("sex", ["male", "female"])
def test_deaths_at_home_and_in_care_add_up_to_the_table(sex):
    ctx = demography_world(30)
    table, entry, stay = table_of(ctx, sex), entry_of(ctx), ctx.values["demography.care_home_stay"]
    home_hazard, share = mortality.home_table(table, entry, stay, 0.2)
    home, care = 1.0, 0.0
    for age in range(96):
        alive = home + care
        expected = np.exp(-table[:age].sum())
        assert alive == pytest.approx(expected, rel=0.02)
        assert care / alive == pytest.approx(share[age], abs=0.02)
        for _ in range(12):
            home, care = (
                home * (1 - (home_hazard[age] + entry[age]) / 12),
                care * (1 - 12 / stay / 12) + home * entry[age] / 12,
            )


def test_no_care_homes_means_the_plain_table():
    table = np.full(128, 0.02)
    home, share = mortality.home_table(table, np.zeros(128), 36, 0.2)
    assert np.array_equal(home, table)
    assert not share.any()


def test_people_die_at_the_rate_of_the_table():
    ctx = demography_world(500)
    only_rates(ctx, "demography", keep=("mortality",))
    neutral(ctx, "demography")
    all_adults(ctx, 3, age=80)
    rows = ctx.world.resident.rows
    yearly = mortality.schedule(ctx)[ctx.world.resident.sex[rows], 80]
    expected = float((-np.expm1(-yearly / 12)).sum()) * 6
    hits = 0
    for month in range(6):
        ctx.month = month
        hits += mortality.DEATH.draw(ctx, rows).size
    assert hits == pytest.approx(expected, abs=4 * np.sqrt(expected))


@pytest.mark.parametrize(("level", "fate"), [(0.0, "all live"), (1e6, "half die")])
def test_zero_and_extreme_mortality(level, fate):
    ctx = demography_world()
    only_rates(ctx, "demography", keep=("mortality",))
    ctx.parameters.set("demography.mortality_level", level)
    set_value(ctx, "demography.mortality_level", level)
    before = len(ctx.world.resident)
    run_months(ctx, (Demography(),), 1)
    left = len(ctx.world.resident)
    assert left == before if fate == "all live" else left < 0.65 * before
    check_structure(ctx.world)


def test_poor_frail_and_addicted_die_sooner():
    ctx = demography_world()
    rows = ctx.world.resident.rows[ctx.world.resident.age[ctx.world.resident.rows] < 65]
    base = mortality.EARLY_DEATH.probability(ctx, rows)
    ctx.world.resident.addiction[rows] = ~ctx.world.resident.addiction[rows]
    flipped = mortality.EARLY_DEATH.probability(ctx, rows)
    now = ctx.world.resident.addiction[rows]
    assert np.all(flipped[now] > base[now])
    assert np.all(flipped[~now] < base[~now])


def test_care_home_is_an_exit_and_leaves_the_partner_at_home():
    ctx = demography_world(100)
    only_rates(ctx, "demography", keep=("care_home",))
    for piece in mortality.CARE_PIECES:
        set_value(ctx, f"demography.care_home_rate_{piece}", 50.0)
    old = ctx.world.resident.rows[ctx.world.resident.age[ctx.world.resident.rows] >= 65]
    run_months(ctx, (Demography(),), 1)
    fates = ctx.log.column("exits", "fate")
    assert fates.size > old.size / 3
    assert set(fates.tolist()) == {int(Fate.CARE_HOME)}
    check_structure(ctx.world)


def cohort(value, people=4000, seed=0):
    """Life course of a cohort under the shipped rates, homes found after eight months; yearly shares and births."""
    rng = np.random.default_rng(seed)

    def rate(event, pieces, age):
        edges = [value[f"demography.{event}_age_{piece}"] for piece in pieces[1:]]
        return value[f"demography.{event}_rate_{pieces[np.searchsorted(edges, age, side='right')]}"] / 12

    parity = np.array([value[f"demography.birth_parity_{k}"] for k in families.PARITIES])
    home, wish, couple = np.ones(people, bool), np.zeros(people, bool), np.zeros(people, bool)
    children, last = np.zeros(people, int), np.full(people, -99)
    shares, births = {}, np.zeros(85)
    for month in range(15 * 12, 85 * 12):
        age = month // 12
        u = rng.random((5, people))
        if age >= 18:
            home &= ~(wish & (u[0] < 1 / 8))
            wish |= home & (u[1] < rate("leaving", ("18", "20", "22", "25", "28"), age))
            new = ~home & ~couple & (u[2] < rate("pairing", ("18", "25", "30", "40", "50", "65"), age))
            parts = couple & (u[3] < rate("parting", ("18", "30", "40", "50", "65"), age))
            couple = (couple | new) & ~parts
        if age < 50:
            chance = (
                rate("birth", ("15", "20", "25", "30", "35", "40", "45"), age)
                * parity[np.minimum(children, 3)]
            )
            chance = chance * np.where(couple, 1, value["demography.birth_single_ratio"])
            born = (u[4] < chance) & (month - last >= value["demography.birth_interval"])
            children += born
            last[born] = month
            births[age] += born.sum() / people
        shares[age] = (home.mean(), couple.mean())
    return shares, births


def test_life_course_of_a_cohort_is_dutch():
    shares, births = cohort(demography_world(30).values)
    assert births.sum() == pytest.approx(1.5, abs=0.12)  # total fertility
    assert (births * (np.arange(85) + 0.5)).sum() / births.sum() == pytest.approx(31.6, abs=0.8)
    assert shares[28][0] < 0.15  # few live at home at 28
    assert 0.2 < shares[25][0] < 0.4
    for age in (35, 40, 50, 60):
        assert 0.62 < shares[age][1] < 0.78


def test_couples_stand_at_the_fixed_point_of_pairing_and_parting():
    shares, _ = cohort(demography_world(30).values)
    value = demography_world(30).values
    pairing, parting = value["demography.pairing_rate_40"], value["demography.parting_rate_40"]
    fixed = pairing / (pairing + parting)
    assert shares[49][1] == pytest.approx(fixed, abs=0.04)


def test_births_and_deaths_nearly_cancel_on_the_dutch_age_structure():
    ctx = demography_world(30)
    bands = {  # H014..H018; the old as in the register, which holds more young old than a life table
        (0, 15): 0.153, (15, 25): 0.123, (25, 45): 0.254, (45, 65): 0.268, (65, 75): 0.113, (75, 85): 0.066,
        (85, 105): 0.023,
    }  # fmt: skip
    _, births = cohort(ctx.values)
    hazard = mortality.schedule(ctx) + entry_of(ctx)
    people = np.zeros((2, 128))
    for sex in Sex:
        alive = np.exp(-np.concatenate(([0], np.cumsum(hazard[sex])[:-1])))
        for (low, high), share in bands.items():
            people[sex, low:high] = share / 2 * alive[low:high] / alive[low:high].sum()
    born = 1000 * float((people[Sex.FEMALE, :85] * births).sum())
    gone = 1000 * float((people * hazard).sum())
    assert 8.5 < born < 10.5
    assert 9 < gone < 11
    assert abs(born - gone) < 1.5


def test_births_follow_the_closed_form_and_respect_the_interval():
    ctx = demography_world(500)
    only_rates(ctx, "demography", keep=("birth_rate",))
    for piece in ("15", "20", "25", "30", "35", "40", "45"):
        set_value(ctx, f"demography.birth_rate_{piece}", 0.6)
    for count in families.PARITIES:
        set_value(ctx, f"demography.birth_parity_{count}", 1.0)
    put(ctx, demography__birth_single_ratio=1.0)
    table = ctx.world.resident
    table.bore[:] = -1000
    women = np.count_nonzero((table.sex == Sex.FEMALE) & (table.age >= 15) & (table.age < 50))
    before = len(table)
    run_months(ctx, (Demography(),), 12)
    expected = women * (1 - np.exp(-0.6))  # at most one each within the interval of 14 months
    assert len(table) - before == pytest.approx(expected, rel=0.12)
    assert table.births.max() == 1
    check_structure(ctx.world)


def test_no_births_at_rate_zero():
    ctx = demography_world()
    only_rates(ctx, "demography")
    before = len(ctx.world.resident)
    run_months(ctx, (Demography(),), 6)
    assert len(ctx.world.resident) == before


def test_newborns_get_traits_within_their_domain():
    ctx = demography_world(500)
    only_rates(ctx, "demography", keep=("birth_rate",))
    for piece in ("15", "20", "25", "30", "35", "40", "45"):
        set_value(ctx, f"demography.birth_rate_{piece}", 2.0)
    run_months(ctx, (Demography(),), 6)
    table = ctx.world.resident
    born = table.rows[(table.origin[table.rows] == 2) & (table.mother[table.rows] >= 0)]
    assert born.size > 80
    assert np.array_equal(table.milieu[born], table.milieu[table.mother[born]])
    for name in ("uptake", "language", "skills"):
        assert table[name][born].min() >= 0
        assert table[name][born].max() <= 1
    assert np.unique(table.frailty[born]).size == born.size
    assert table.language[born].mean() > table.language[table.mother[born]].mean()
    assert table.nuisance_intensity[born].min() > 0


def test_wish_to_leave_home_follows_the_rate():
    ctx = demography_world(500)
    only_rates(ctx, "demography", keep=("leaving_rate",))
    neutral(ctx, "demography")
    for piece in ("18", "20", "22", "25", "28"):
        set_value(ctx, f"demography.leaving_rate_{piece}", 0.5)
    table = ctx.world.resident
    children = table.rows[table.role[table.rows] == Role.CHILD]
    table.birth_month[children] = -22 * 12
    run_months(ctx, (Demography(),), 12)
    share = np.mean(table.wants_home[children] == families.LEAVING_HOME)
    assert share == pytest.approx(1 - np.exp(-0.5), abs=0.07)


def test_nobody_under_age_leaves_home():
    ctx = demography_world()
    only_rates(ctx, "demography", keep=("leaving_rate",))
    for piece in ("18", "20", "22", "25", "28"):
        set_value(ctx, f"demography.leaving_rate_{piece}", 100.0)
    run_months(ctx, (Demography(),), 3)
    table = ctx.world.resident
    assert not table.wants_home[table.age < 18].any()


def test_a_founded_household_ends_the_search():
    ctx = demography_world()
    table = ctx.world.resident
    child = table.rows[(table.role[table.rows] == Role.CHILD)][:1]
    table.birth_month[child] = -25 * 12
    derive.ages(ctx.world, 0)
    table.wants_home[child] = families.LEAVING_HOME
    free = np.flatnonzero(ctx.world.dwelling.household < 0)[:1].astype(np.int32)
    ctx.requests.found(Founding(child, free, np.array([2**60 + 5], dtype=np.uint64)))
    Lifecycle((Demography().enter,)).apply(ctx)
    assert table.role[child[0]] == Role.HEAD
    assert table.wants_home[child[0]] == 0
    check_structure(ctx.world)


def test_parting_couples_send_one_of_the_two_on_the_search():
    ctx = demography_world()
    only_rates(ctx, "demography", keep=("parting_rate",))
    for piece in ("18", "30", "40", "50", "65"):
        set_value(ctx, f"demography.parting_rate_{piece}", 2.0)
    table = ctx.world.resident
    couples = np.count_nonzero(
        np.isin(ctx.world.household.type, (HouseholdType.COUPLE, HouseholdType.FAMILY))
    )
    run_months(ctx, (Demography(),), 6)
    leavers = np.flatnonzero(table.wants_home == families.PARTING_COUPLE)
    assert leavers.size == pytest.approx(couples * (1 - np.exp(-1)), rel=0.2)
    assert np.unique(table.household[leavers]).size == leavers.size
    assert not table.partnered[leavers].any()


def test_a_search_ends_when_its_ground_is_gone():
    ctx = demography_world()
    only_rates(ctx, "demography")
    table, household = ctx.world.resident, ctx.world.household
    pair = np.flatnonzero(household.type == HouseholdType.COUPLE)[0]
    head = household.head[pair]
    partner = table.rows[(table.household[table.rows] == pair) & (table.role[table.rows] == Role.PARTNER)]
    table.wants_home[head] = families.PARTING_COUPLE
    ctx.requests.die(partner)
    Lifecycle(()).apply(ctx)
    run_months(ctx, (Demography(),), 1)
    assert table.wants_home[head] == 0


def test_pairs_inside_are_one_man_and_one_woman_and_free_a_dwelling():
    ctx = demography_world()
    only_rates(ctx, "demography", keep=("pairing_rate",))
    put(ctx, demography__partner_inside_share=1.0, demography__partner_gap_most=100.0)
    for piece in ("18", "25", "30", "40", "50", "65"):
        set_value(ctx, f"demography.pairing_rate_{piece}", 3.0)
    people, homes = len(ctx.world.resident), len(ctx.world.household)
    run_months(ctx, (Demography(),), 1)
    united = ctx.log.column("vacated", "dwelling").size
    assert united > 5
    assert len(ctx.world.resident) == people
    assert len(ctx.world.household) == homes - united
    table = ctx.world.resident
    partners = table.rows[table.role[table.rows] == Role.PARTNER]
    assert np.all(table.sex[partners] != table.sex[ctx.world.household.head[table.household[partners]]])
    check_structure(ctx.world)


def test_partners_from_outside_fit_in_age_and_sex():
    ctx = demography_world()
    only_rates(ctx, "demography", keep=("pairing_rate",))
    ctx.world.pools["partner"] = partner_pool()
    put(ctx, demography__partner_inside_share=0.0, demography__same_sex_share=0.0)
    for piece in ("18", "25", "30", "40", "50", "65"):
        set_value(ctx, f"demography.pairing_rate_{piece}", 2.0)
    homes = len(ctx.world.household)
    run_months(ctx, (Demography(),), 1)
    table = ctx.world.resident
    new = ctx.log.column("arrivals", "row")
    assert new.size > 5
    assert len(ctx.world.household) == homes
    head = ctx.world.household.head[table.household[new]]
    assert np.all(table.sex[new] != table.sex[head])
    gap = np.abs(table.birth_month[new].astype(int) - table.birth_month[head])
    assert np.median(gap) < 8 * 12
    check_structure(ctx.world)


def test_same_seed_same_lives_and_structure_holds():
    states = []
    for _ in range(2):
        ctx = demography_world(200, seed=4)
        ctx.world.pools["partner"] = partner_pool()
        run_months(ctx, (Demography(),), 24)
        check_structure(ctx.world)
        table = ctx.world.resident
        states.append(
            (table.uid[table.rows].tobytes(), table.education.tobytes(), table.wants_home.tobytes())
        )
    assert states[0] == states[1]


def test_freed_columns_and_declared_reads():
    declared = {influence.column for event in Demography.events() for influence in event.index.influences}
    structure = {
        "resident.sex",
        "resident.activity",
        "household.type",
        "resident.frailty",
        "resident.partnered",
    }
    assert declared - structure <= set(Demography.lagged)
