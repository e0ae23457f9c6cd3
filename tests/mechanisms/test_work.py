"""Jobs and assistance against closed forms."""

import numpy as np
import pytest

from tests.mechanisms.labour_world import (
    all_adults,
    neutral,
    only_rates,
    partners_of,
    put,
    set_value,
    work_world,
)
from tests.worlds import check_structure, run_months
from wijksim.mechanisms.work import clocks, flows, wages
from wijksim.mechanisms.work.process import Work
from wijksim.state.codes import Activity, Education, HouseholdType, Role, Tenure

LAB = (0.047, 0.036, 0.0086)  # LAB-17..19, per month
EDGES = (6.0, 36.0)


def stationary_stock(rates: tuple[float, float, float], edges: tuple[float, float]) -> dict[str, float]:
    """Closed form of a stock whose members leave at rates that depend on the months they have been in it.

    Parameters
    ----------
    rates
        Exits per month before the first edge, between the edges and after the second.
    edges
        Months.

    Returns
    -------
    dict
        ``months`` (mean spell), ``turnover`` (exits in a year per member), ``three_years`` and ``five_years``
        (share of the stock that is in for at least so long).
    """

    def survivors(t: float) -> float:
        parts = (min(t, edges[0]), min(max(t - edges[0], 0), edges[1] - edges[0]), max(t - edges[1], 0))
        return float(np.exp(-sum(rate * part for rate, part in zip(rates, parts, strict=True))))

    def beyond(t: float) -> float:
        """Integral of the survivors from ``t`` on."""
        total, at = 0.0, t
        for rate, edge in zip(rates, edges, strict=False):
            if at < edge:
                total += (survivors(at) - survivors(edge)) / rate
                at = edge
        return total + survivors(at) / rates[-1]

    whole = beyond(0)
    return {
        "months": whole,
        "turnover": 12 / whole,
        "three_years": beyond(36) / whole,
        "five_years": beyond(60) / whole,
    }


def test_closed_form_of_the_published_exit_hazards():
    stock = stationary_stock(LAB, EDGES)
    assert stock["turnover"] == pytest.approx(0.246, abs=0.002)
    assert stock["three_years"] == pytest.approx(0.61, abs=0.005)
    assert stock["five_years"] == pytest.approx(0.50, abs=0.01)


def test_closed_form_of_one_rate_is_exponential():
    stock = stationary_stock((0.02, 0.02, 0.02), EDGES)
    assert stock["months"] == pytest.approx(50)
    assert stock["five_years"] == pytest.approx(np.exp(-1.2))


def test_shipped_rates_with_death_and_pension_give_the_published_stock():
    value = work_world(30).values
    other = 0.003  # a month: death, and pension among recipients of whom one in three is over 55
    rates = tuple(value[name] / 12 + other * (name == flows.EXIT_RATES[2]) for name in flows.EXIT_RATES)
    stock = stationary_stock(rates, EDGES)
    assert 0.235 < stock["turnover"] < 0.255
    assert stock["three_years"] == pytest.approx(0.61, abs=0.02)
    assert stock["five_years"] == pytest.approx(0.50, abs=0.02)


def stationary_clocks(rates, n):
    months = np.arange(2000)
    hazard = np.select([months < EDGES[0], months < EDGES[1]], rates[:2], rates[2])
    weight = np.exp(-np.concatenate(([0], np.cumsum(hazard)[:-1])))
    cumulative = np.cumsum(weight) / weight.sum()
    return np.searchsorted(cumulative, (np.arange(n) + 0.5) / n)


def test_simulated_stock_is_stationary_with_turnover_and_long_spells_of_the_closed_form():
    ctx = work_world(600)
    neutral(ctx, "work")
    table = ctx.world.resident
    rows = all_adults(ctx, Activity.ASSISTANCE)
    for name, rate in zip(flows.EXIT_RATES, LAB, strict=True):
        set_value(ctx, name, rate * 12)
    start = stationary_clocks(LAB, rows.size)
    table.assistance_clock[rows] = start[np.random.default_rng(0).permutation(rows.size)]
    exits, months = 0, 36
    for _ in range(months):
        run_months(ctx, (Work(),), 1)
        gone = rows[table.activity[rows] != Activity.ASSISTANCE]
        exits += gone.size
        table.activity[gone] = Activity.ASSISTANCE  # as many enter as leave
        table.assistance_clock[gone] = 0
        table.assistance_out[gone] = 0
    stock = stationary_stock(LAB, EDGES)
    assert exits / rows.size * 12 / months == pytest.approx(stock["turnover"], rel=0.06)
    assert np.mean(table.assistance_clock[rows] >= 36) == pytest.approx(stock["three_years"], abs=0.03)
    assert np.mean(table.assistance_clock[rows] >= 60) == pytest.approx(stock["five_years"], abs=0.03)


def test_half_of_exits_go_to_work():
    ctx = work_world(600)
    neutral(ctx, "work")
    put(ctx, work__exit_work_share=0.5)
    all_adults(ctx, Activity.ASSISTANCE)
    run_months(ctx, (Work(),), 6)
    after = ctx.world.resident.activity[ctx.world.resident.rows]
    work, other = np.count_nonzero(after == Activity.EMPLOYED), np.count_nonzero(after == Activity.OTHER)
    assert work / (work + other) == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("piece", [0, 1, 2])
def test_each_piece_keeps_its_published_rate_whatever_the_sorting(piece):
    ctx = work_world(400)
    table = ctx.world.resident
    rows = all_adults(ctx, Activity.ASSISTANCE)
    table.education[rows] = np.random.default_rng(1).integers(0, 4, rows.size)
    # the long-term are the least able, as sorting makes them
    order = np.argsort(table.education[rows] + table.ability[rows])
    table.assistance_clock[rows[order]] = np.sort(stationary_clocks(LAB, rows.size))[::-1]
    alone = np.zeros(rows.size, bool)
    chance = flows.TO_WORK.probability(ctx, rows, offset=flows.to_work_offset(ctx, rows, alone))
    here = clocks.piece_of(table.assistance_clock[rows], EDGES) == piece
    weight = ctx.reference.weights(ctx, "resident")[rows[here]]
    rate = ctx.values[flows.EXIT_RATES[piece]] * ctx.values["work.exit_work_share"]
    assert np.average(chance[here], weights=weight) == pytest.approx(1 - np.exp(-rate / 12), rel=0.03)
    assert chance[here].max() > 2 * chance[here].min()


def test_exit_rate_of_a_couple_on_one_benefit_is_that_of_a_single():
    ctx = work_world(900)
    neutral(ctx, "work")
    table, household = ctx.world.resident, ctx.world.household
    all_adults(ctx, Activity.ASSISTANCE, alone=False)
    rows = table.rows[table.role[table.rows] <= Role.PARTNER]
    table.activity[table.rows[table.role[table.rows] == Role.CHILD]] = Activity.PUPIL
    partner, *_ = flows.exits(ctx, rows)
    joint = partner >= 0
    assert np.array_equal(partner[joint], partners_of(ctx, rows)[joint])
    assert np.array_equal(joint, np.isin(household.type[table.household[rows]], (1, 2)))
    run_months(ctx, (Work(),), 6)
    on = table.activity[rows] == Activity.ASSISTANCE
    assert on[joint].mean() == pytest.approx(on[~joint].mean(), abs=0.06)
    still = table.activity[partner[joint]] == Activity.ASSISTANCE
    assert np.mean(still == on[joint]) > 0.98  # both leave together


def test_two_states_settle_at_their_closed_form():
    ctx = work_world(400)
    neutral(ctx, "work")
    only_rates(ctx, "work", keep=("job_loss_rate", "finding_rate"))
    rows = all_adults(ctx, Activity.EMPLOYED)
    for piece in ("new", "settled", "long"):
        set_value(ctx, f"work.job_loss_rate_{piece}", 0.6)
    for piece in ("early", "mid", "long"):
        set_value(ctx, f"work.finding_rate_{piece}", 2.4)
    lose, find = 1 - np.exp(-0.05), 1 - np.exp(-0.2)
    run_months(ctx, (Work(),), 24)
    shares = []
    for _ in range(12):
        run_months(ctx, (Work(),), 1)
        shares.append(np.mean(ctx.world.resident.activity[rows] == Activity.UNEMPLOYED))
    assert np.mean(shares) == pytest.approx(lose / (lose + find), abs=0.02)


def test_national_rates_hold_on_the_reference():
    ctx = work_world(600)
    table = ctx.world.resident
    rows = all_adults(ctx, Activity.EMPLOYED)
    table.job_months[rows] = 200
    chance = flows.JOB_LOSS.probability(ctx, rows)
    weight = ctx.reference.weights(ctx, "resident")[rows]
    assert np.average(chance, weights=weight) == pytest.approx(
        ctx.values["work.job_loss_rate_long"] / 12, rel=0.01
    )
    assert chance.max() > 2 * chance.min()


def test_jobs_found_from_assistance_last_as_published():
    ctx = work_world(600)
    neutral(ctx, "work")
    only_rates(ctx, "work", keep=("job_loss",))
    table = ctx.world.resident
    rows = all_adults(ctx, Activity.EMPLOYED)
    table.assistance_clock[rows] = 40
    table.assistance_out[rows] = 0
    set_value(ctx, "work.job_loss_rate_new", 50.0)  # would show at once if the wrong rate were used
    run_months(ctx, (Work(),), 6)
    assert np.mean(table.activity[rows] == Activity.EMPLOYED) == pytest.approx(0.82, abs=0.03)  # LAB-21
    run_months(ctx, (Work(),), 12)
    assert np.mean(table.activity[rows] == Activity.EMPLOYED) == pytest.approx(0.72, abs=0.04)  # LAB-22


def test_without_rates_nobody_moves():
    ctx = work_world()
    only_rates(ctx, "work")
    before = ctx.world.resident.activity.copy()
    run_months(ctx, (Work(),), 6)
    assert np.array_equal(ctx.world.resident.activity, before)


def test_a_harder_labour_market_costs_jobs_and_openings():
    employed = []
    for cycle in (0.6, 1.0, 1.8):
        ctx = work_world(400)
        put(ctx, work__cycle=cycle)
        run_months(ctx, (Work(),), 12)
        employed.append(np.count_nonzero(ctx.world.resident.activity == Activity.EMPLOYED))
    assert employed[0] > employed[1] > employed[2]


def test_extreme_rates_stay_within_the_cap():
    ctx = work_world()
    for piece in ("new", "settled", "long"):
        set_value(ctx, f"work.job_loss_rate_{piece}", 1e6)
    table = ctx.world.resident
    rows = all_adults(ctx, Activity.EMPLOYED)
    run_months(ctx, (Work(),), 1)
    assert 0.4 < np.mean(table.activity[rows] == Activity.EMPLOYED) < 0.6
    assert np.all(np.isfinite(table.wage))


def test_entry_needs_the_end_of_benefit_and_no_partner_in_work():
    ctx = work_world(400)
    neutral(ctx, "work")
    only_rates(ctx, "work", keep=("assistance_after_benefit",))
    set_value(ctx, "work.assistance_after_benefit_rate", 1e3)
    set_value(ctx, "work.owner_entitled_share", 1.0)
    table, household = ctx.world.resident, ctx.world.household
    all_adults(ctx, Activity.UNEMPLOYED, alone=False)
    heads = household.head[np.flatnonzero(household.alive)]
    table.benefit_end[:] = ctx.month
    table.benefit_end[heads[::2]] = ctx.month + 6
    couples = np.flatnonzero(household.type == HouseholdType.COUPLE)
    partners = partners_of(ctx, household.head[couples])
    table.activity[partners] = Activity.EMPLOYED
    run_months(ctx, (Work(),), 3)
    assert np.all(table.activity[household.head[couples]] == Activity.UNEMPLOYED)
    singles = household.head[np.flatnonzero(household.alive & (household.type == HouseholdType.SINGLE))]
    waiting = table.benefit_end[singles] > ctx.month
    assert np.all(table.activity[singles[waiting]] == Activity.UNEMPLOYED)
    assert np.mean(table.activity[singles[~waiting]] == Activity.ASSISTANCE) > 0.8


def test_savings_and_a_home_stand_in_the_way():
    ctx = work_world(400)
    table, household = ctx.world.resident, ctx.world.household
    all_adults(ctx, Activity.OTHER, alone=False)
    heads = household.head[np.flatnonzero(household.alive)]
    home = table.household[heads]
    household.tenure[:] = Tenure.CORPORATION
    assert flows.entitled(ctx, heads)[0].size == heads.size
    household.savings[home[::2]] = ctx.values["work.asset_limit_couple"] + 1
    granted, _ = flows.entitled(ctx, heads)
    assert granted.tolist() == heads[1::2].tolist()
    # a single may keep half of what a couple may
    household.savings[:] = ctx.values["work.asset_limit_single"] + 1
    granted, _ = flows.entitled(ctx, heads)
    assert set(granted.tolist()) == set(heads[partners_of(ctx, heads) >= 0].tolist())
    household.savings[:] = 0
    household.tenure[:] = Tenure.OWNER
    granted, _ = flows.entitled(ctx, heads)
    assert granted.size / heads.size == pytest.approx(ctx.values["work.owner_entitled_share"], abs=0.07)
    # what parents own is not what a grown child has
    table.role[heads] = Role.CHILD
    assert flows.entitled(ctx, heads)[0].size == heads.size


def test_partner_without_income_comes_along():
    ctx = work_world(200)
    table, household = ctx.world.resident, ctx.world.household
    all_adults(ctx, Activity.OTHER, alone=False)
    head = household.head[np.flatnonzero(household.type == HouseholdType.COUPLE)[:3]]
    partner = partners_of(ctx, head)
    table.activity[partner] = [Activity.OTHER, Activity.RETIRED, Activity.ASSISTANCE]
    granted, along = flows.entitled(ctx, head)
    assert granted.tolist() == head[[0, 2]].tolist()
    assert along.tolist() == [partner[0]]


def test_benefit_lasts_longer_with_age_and_not_after_a_short_job():
    ctx = work_world(60)
    table = ctx.world.resident
    rows = table.rows[:3]
    table.age[rows] = [25, 62, 62]
    table.job_months[rows] = [100, 100, 2]
    Work()._grant_benefit(ctx, rows)
    months = table.benefit_end[rows] - ctx.month
    assert ctx.values["work.benefit_least"] <= months[0] < months[1] == ctx.values["work.benefit_most"]
    assert months[2] == 0


def test_wages_rise_with_education_and_respect_the_minimum():
    ctx = work_world(400)
    table = ctx.world.resident
    rows = all_adults(ctx, Activity.EMPLOYED)
    table.education[rows] = np.arange(rows.size) % 4
    wage = wages.offered(ctx, rows)
    mean = [wage[table.education[rows] == level].mean() for level in Education]
    assert np.all(np.diff(mean) > 0)
    # Part-time weeks differ around their mean, so the shortest week lies a spread below it.
    part_time = ctx.values["work.part_time_hours"] * (1 - ctx.values["work.part_time_spread"])
    hours = min(part_time, ctx.values["work.full_time_hours"])
    assert wage.min() >= ctx.values["work.minimum_wage"] * hours * 4.34
    assert 2800 < np.average(wage) < 3800
    put(ctx, work__minimum_wage=15.5)
    ctx.month = 1
    assert np.count_nonzero(wages.offered(ctx, rows) < wage.min()) == 0


def test_net_wage_of_a_synthetic_person_is_made_gross():
    ctx = work_world(60)
    table = ctx.world.resident
    rows = table.rows[:4]
    table.activity[rows] = Activity.EMPLOYED
    table.wage[rows] = [900, 1800, 2600, 3800]
    wages.settle(ctx, rows)
    assert table.wage[rows[:2]].tolist() == [900, 1800]
    assert np.all(np.diff(table.wage[rows]) > 0)
    assert 3000 < table.wage[rows[2]] < 3400


def test_who_works_has_a_wage_and_nobody_else():
    ctx = work_world(300, seed=2)
    run_months(ctx, (Work(),), 24)
    table = ctx.world.resident
    working = np.isin(table.activity, (Activity.EMPLOYED, Activity.BASIC_JOB)) & table.alive
    run_months(ctx, (Work(),), 1)
    assert np.all(table.wage[working & (table.activity == Activity.EMPLOYED)] > 0)
    idle = ~np.isin(table.activity, (Activity.EMPLOYED, Activity.BASIC_JOB)) & ~working
    assert not table.wage[idle].any()


def test_pensioners_are_left_alone_and_luck_is_keyed():
    states = []
    for _ in range(2):
        ctx = work_world(200, seed=3)
        retired = np.flatnonzero(ctx.world.resident.activity == Activity.RETIRED)
        run_months(ctx, (Work(),), 18)
        check_structure(ctx.world)
        assert np.all(ctx.world.resident.activity[retired] == Activity.RETIRED)
        states.append((ctx.world.resident.activity.tobytes(), ctx.world.resident.wage.tobytes()))
    assert states[0] == states[1]


def test_every_driver_from_below_is_declared_as_lagged():
    declared = {influence.column for event in Work.events() for influence in event.index.influences}
    own = {column.name for column in Work.owns}
    given = {f"resident.{trait}" for trait in ("education", "ability", "cognitive", "age", "frailty")}
    assert declared - own - given <= {*Work.lagged, *Work.reads}
