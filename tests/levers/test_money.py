"""Levers on money: budget talk, help with allowances, contact at arrears. Who is reached, what moves, what it costs."""

import numpy as np
import pytest

from tests.levers.money_world import AT_ONCE, acted, asked, booked, scaled, tenants, town, willing
from tests.mechanisms.debt_world import make
from tests.mechanisms.test_income import make as income_world
from tests.worlds import run_months
from wijksim.kernel.lever import Target, Window
from wijksim.kernel.prices import price_of
from wijksim.levers.money.allowance_help import AllowanceHelp
from wijksim.levers.money.arrears_contact import ArrearsContact
from wijksim.levers.money.budget_talk import BudgetTalk
from wijksim.mechanisms.debt.mechanism import Debt
from wijksim.mechanisms.income.mechanism import Income

NORTH = Target(districts=("north",))


@pytest.mark.parametrize("kind", [BudgetTalk, AllowanceHelp, ArrearsContact])
def test_strength_zero_leaves_no_trace(kind):
    ctx = town(["household.arrears", "household.early_signal", "household.takeup", "household.income_fifth"])
    acted(ctx, kind({"strength": 0.0}))
    assert not ctx.effects.touched()
    assert not ctx.effects.acts
    assert not ctx.ledger.month


# ---------------------------------------------------------------- budget talk
def moved_in(months_ago):
    """A world in which all households of corporations moved in so many months ago, and the others just now."""
    ctx = town(["household.takeup"])
    ctx.month = 24
    ctx.world.household.moved_in[:] = 23
    ctx.world.household.moved_in[tenants(ctx)] = 24 - months_ago
    return ctx


def test_who_moved_in_last_month_has_the_talk_and_it_is_paid_once():
    lever = BudgetTalk({**AT_ONCE, "hours": 2.0, "hour_price": 70.0, "claims": 0.5}, target=NORTH)
    ctx = acted(moved_in(1), lever)
    north = tenants(ctx, 0)
    assert north.size > 20
    assert sorted(asked(ctx, "income", "help_claim")["households"]) == north.tolist()
    assert asked(ctx, "income", "help_claim")["chance"] == 0.5
    assert booked(ctx, lever) == pytest.approx(north.size * 2 * 70)
    assert scaled(ctx, "debt.unpaid_rent", "household") == pytest.approx(dict.fromkeys(north.tolist(), 0.8))
    assert scaled(ctx, "debt.entry", "household") == pytest.approx(dict.fromkeys(north.tolist(), 0.9))


@pytest.mark.parametrize(("ago", "works"), [(2, True), (12, True), (13, False), (30, False)])
def test_the_talk_works_for_a_year(ago, works):
    lever = BudgetTalk(AT_ONCE)
    ctx = acted(moved_in(ago), lever)
    assert bool(scaled(ctx, "debt.entry", "household")) == works
    assert booked(ctx, lever) == 0


def test_who_moved_in_before_the_programme_had_no_talk():
    ctx = acted(moved_in(3), BudgetTalk(AT_ONCE, window=Window(23)))
    assert not scaled(ctx, "debt.entry", "household")


def test_less_of_a_shortage_is_left_unpaid_at_the_landlord():
    """Nobody has savings or income: what is short is rent and food, of which a share is left at the landlord."""
    owed = []
    for ratio in (1.0, 0.8):
        ctx = make(still=True, alike=True)
        table = ctx.world.household
        willing(ctx)
        table.income[:], table.savings[:], table.debt[:], table.rent_debt[:] = 0, 0, 0, 0
        table.moved_in[:] = -2
        table.moved_in[tenants(ctx)] = -1
        acted(ctx, BudgetTalk({**AT_ONCE, "arrears_ratio": ratio}))
        run_months(ctx, (Debt(),), 1)
        owed.append(table.rent_debt.copy())
    new = tenants(ctx)
    full = owed[0][new]
    below_rent = full < ctx.world.household.housing_cost[new] - 1e-6
    assert below_rent.sum() > 5
    assert owed[1][new][below_rent] == pytest.approx(0.8 * full[below_rent])
    others = np.setdiff1d(np.arange(owed[0].size), new)
    np.testing.assert_array_equal(owed[0][others], owed[1][others])


# ---------------------------------------------------------------- help with allowances
def test_those_who_miss_allowances_with_a_low_income_are_helped():
    ctx = town(["household.takeup", "household.income_fifth"])
    table = ctx.world.household
    table.takeup[:] = np.arange(table.size) % 2
    table.income_fifth[:] = np.arange(table.size) % 5
    lever = AllowanceHelp({**AT_ONCE, "round_months": 6.0, "claims": 0.8, "hour_price": 70.0}, target=NORTH)
    acted(ctx, lever)
    wanted = np.flatnonzero(table.alive & ~table.takeup & (table.income_fifth <= 1) & (table.district == 0))
    details = asked(ctx, "income", "help_claim")
    assert sorted(details["households"]) == wanted.tolist()
    helped = 1 - np.exp(-1 / 6)
    assert details["chance"] == pytest.approx(0.8 * helped)
    assert booked(ctx, lever) == pytest.approx(wanted.size * helped * 2 * 70)


def test_help_makes_households_claim_with_the_chance_it_says_and_nobody_else():
    ctx = income_world(dwellings=600)
    for name in ("claim_rate", "lapse_rate"):
        ctx.parameters.set(f"income.{name}", 0.0)
    ctx.values = ctx.parameters.at(0, "2025-01")
    table = ctx.world.household
    table.takeup[:] = False
    north = np.flatnonzero(table.alive & (table.district == 0))
    for name in ("one", "two"):
        ctx.effects.request(name, "income", "help_claim", {"households": north, "chance": 0.4})
    run_months(ctx, [Income()], 1)
    assert table.takeup[north].mean() == pytest.approx(1 - 0.6**2, abs=0.1)
    assert not table.takeup[np.setdiff1d(np.arange(table.size), north)].any()
    assert ctx.counters.sums["income.claims_with_help"] == table.takeup.sum()


def test_what_is_claimed_comes_in_as_income():
    ends = []
    for chance in (0.0, 1.0):
        ctx = income_world()
        table = ctx.world.household
        table.takeup[:] = False
        run_months(ctx, [Income()], 1)
        ctx.effects.request("a", "income", "help_claim", {"households": table.rows, "chance": chance})
        run_months(ctx, [Income()], 1)
        ends.append(float(table.allowances.sum()))
    assert ends[1] > 2 * ends[0]


# ---------------------------------------------------------------- contact at arrears
def behind(months=2):
    ctx = town(["household.arrears", "household.early_signal"], dwellings=1800)
    ctx.world.household.arrears[:] = months
    return ctx


def test_tenants_two_months_behind_are_signalled_visited_and_part_gets_a_plan():
    lever = ArrearsContact({**AT_ONCE, "visits": 2.0, "visit_price": 100.0}, target=NORTH)
    ctx = acted(behind(), lever)
    north = tenants(ctx, 0)
    assert scaled(ctx, "debt.signal", "household") == pytest.approx(dict.fromkeys(north.tolist(), 1.5))
    heads = ctx.world.household.head[north].tolist()
    assert scaled(ctx, "professionals.signal_letter", "resident") == pytest.approx(dict.fromkeys(heads, 2.06))
    plans = scaled(ctx, "debt.notice", "household")
    assert set(plans) <= set(north.tolist())
    assert set(np.round(list(plans.values()), 6)) == {0.35}
    # met at one of two visits, and a third of those met accepts
    assert len(plans) / north.size == pytest.approx(0.33 * (1 - 0.65**2), abs=0.07)
    # prices of 2022 rise by 7 %
    assert booked(ctx, lever) == pytest.approx(north.size * 2 * 100 * 1.073 / 12)


def test_what_early_warning_pays_is_not_paid_again():
    lever = ArrearsContact({**AT_ONCE, "visits": 6.0, "visit_price": 100.0}, target=NORTH)
    ctx = behind()
    north = tenants(ctx, 0)
    ctx.world.household.early_signal[north[:3]] = True
    acted(ctx, lever)
    signals = 3 * price_of(ctx, "debt.signal_price")
    assert booked(ctx, lever) == pytest.approx(north.size * 6 / 12 * 100 * 1.073 - signals)
    ctx.world.household.early_signal[:] = True
    assert booked(acted(ctx, ArrearsContact({**AT_ONCE, "visits": 1.0})), lever) == 0


def test_nobody_calls_before_the_second_month():
    lever = ArrearsContact(AT_ONCE)
    ctx = acted(behind(1), lever)
    assert not scaled(ctx, "debt.signal", "household")
    assert booked(ctx, lever) == 0


def test_who_gets_a_plan_gets_it_again():
    """Luck is drawn for life: the same households accept next month."""
    ctx, lever = behind(), ArrearsContact(AT_ONCE)
    first = scaled(acted(ctx, lever), "debt.notice", "household")
    ctx.month += 1
    assert scaled(acted(ctx, lever), "debt.notice", "household") == first


def test_a_plan_spares_the_notice():
    ctx = make(1200, still=True, alike=True, notice_rate=6.0)
    willing(ctx)
    table = ctx.world.household
    # rent is owed for more months than can be paid off in one
    table.rent_debt[:], table.debt[:] = 5000, 5000
    table.housing_cost[:], table.arrears[:] = 500, 10
    table.moved_in[:] = -100
    everybody = {**AT_ONCE, "contact": 0.4, "visits": 8.0, "accepts": 0.4, "notice_ratio": 0.35}
    acted(ctx, ArrearsContact(everybody))
    plan = np.array(list(scaled(ctx, "debt.notice", "household")))
    run_months(ctx, (Debt(),), 1)
    without = np.setdiff1d(tenants(ctx), plan)
    assert plan.size > 80
    noticed = table.eviction_stage > 0
    assert noticed[without].mean() == pytest.approx(1 - np.exp(-0.5), abs=0.1)
    assert noticed[plan].mean() == pytest.approx(1 - np.exp(-0.5 * 0.35), abs=0.1)
