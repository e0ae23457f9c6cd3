"""The balance of the month: nothing vanishes, and what each rule does to one household."""

import numpy as np
import pytest

from tests.mechanisms.debt_world import make, set_values
from tests.worlds import run_months
from wijksim.kernel.account import ConservationError
from wijksim.mechanisms.debt.budget import Balance, basic_need, shocks
from wijksim.mechanisms.debt.codes import Track
from wijksim.mechanisms.debt.mechanism import Debt
from wijksim.state.codes import Activity


def lonely(**values):
    """World without events, and one household in it whose money the test sets."""
    ctx = make(20, still=True, run_in_months=0, **values)
    table = ctx.world.household
    row = int(table.rows[0])
    table.savings[:] = 0
    table.debt[:] = 0
    ctx.world.resident.activity[table.head[row]] = Activity.EMPLOYED
    return ctx, table, row, float(basic_need(ctx)[row])


def settle(ctx):
    balance = Balance(ctx, basic_need(ctx))
    balance.settle("debt.shock", ctx.month)
    balance.close()
    ctx.month += 1


def test_money_is_conserved_over_years_of_everything():
    """``close`` raises in a month that does not add up; here the sum is also taken from outside."""
    ctx = make(400, entry_rate=0.5, application_rate=2.0, shock_rate=6.0, notice_rate=0.0)
    table = ctx.world.household
    written = 0.0
    machine = Debt()
    for _ in range(60):
        before = table.savings.sum() - table.debt.sum()
        run_months(ctx, (machine,), 1)
        change = table.savings.sum() - table.debt.sum() - before
        spent = (table.income - table.housing_cost).sum() - change
        written += ctx.ledger.month["debt_write_off"].sum()
        # spending, shocks, charges and claims less write-offs lie between nothing and a few incomes
        assert -ctx.ledger.month["debt_write_off"].sum() <= spent < 20 * table.income.sum()
    assert written > 0
    assert np.all(table.rent_debt <= table.debt + 1e-6)


def test_a_leak_is_found():
    ctx, table, row, _ = lonely()
    balance = Balance(ctx, basic_need(ctx))
    balance.settle("debt.shock", ctx.month)
    table.savings[row] += 100
    with pytest.raises(ConservationError, match=r"debt\.net_worth"):
        balance.close()


def test_who_has_enough_saves_a_part():
    ctx, table, row, need = lonely()
    table.housing_cost[row] = 500
    table.income[row] = 500 + need + 1000
    settle(ctx)
    assert table.savings[row] == pytest.approx(0.12 * 1000)
    assert table.debt[row] == 0


def test_who_has_just_too_little_cuts_spending_and_borrows_nothing():
    ctx, table, row, need = lonely()
    table.housing_cost[row] = 500
    table.income[row] = 500 + 0.8 * need
    settle(ctx)
    assert table.savings[row] == 0
    assert table.debt[row] == 0


def test_shortage_becomes_arrears_and_debt():
    ctx, table, row, need = lonely()
    table.housing_cost[row] = 500
    table.income[row] = 500 + 0.75 * need - 300
    settle(ctx)
    assert table.debt[row] == pytest.approx(300)
    assert table.rent_debt[row] == pytest.approx(0.6 * 300)
    assert table.arrears[row] == 0
    for _ in range(3):
        settle(ctx)
    assert table.arrears[row] == int(4 * 180 / 500)


def test_arrears_never_exceed_the_rent_due():
    ctx, table, row, _need = lonely()
    table.housing_cost[row], table.income[row] = 200, 0
    settle(ctx)
    assert table.rent_debt[row] <= 200


def test_debtor_repays_the_landlord_first():
    ctx, table, row, need = lonely()
    table.housing_cost[row] = 500
    table.income[row] = 500 + 0.75 * need + 400
    table.debt[row], table.rent_debt[row] = 1000, 300
    settle(ctx)
    assert table.debt[row] == pytest.approx(1000 - 0.5 * 400)
    assert table.rent_debt[row] == pytest.approx(300 - 200)


def test_arrangement_takes_most_and_charges_stop():
    ctx, table, row, _need = lonely()
    set_values(ctx, charge_rate=0.12)
    other = int(table.rows[1])
    for each in (row, other):
        table.problem_debt[each] = True
        table.debt[each] = 10000
        table.debt_since[each] = -1
        table.housing_cost[each] = 500
        table.income[each] = 500 + 0.75 * basic_need(ctx)[each] + 400
    table.debt_track[row] = Track.ARRANGED
    table.debt_track_since[row] = ctx.month
    Debt().step(ctx)
    assert table.debt[row] == pytest.approx(10000 - 0.9 * 400)
    assert table.debt[other] == pytest.approx(10000 * 1.01 - 0.25 * 400)


def test_credit_comes_to_an_end():
    ctx, table, row, need = lonely()
    table.housing_cost[row], table.income[row] = 100, 100 + 0.2 * need
    table.debt[row] = 13 * need
    settle(ctx)
    assert table.debt[row] == pytest.approx(13 * need)  # spends what comes in, borrows nothing


def test_students_need_less():
    ctx, table, row, need = lonely()
    ctx.world.resident.activity[table.head[row]] = Activity.STUDENT
    assert basic_need(ctx)[row] == pytest.approx(need / 2)


def test_income_drop_is_noticed_and_fades():
    ctx, table, row, _ = lonely()
    table.income[row] = table.income_usual[row] = 3000
    machine = Debt()
    run_months(ctx, (machine,), 1)
    assert not table.income_drop[row]
    table.income[row] = 1500
    seen = []
    for _ in range(24):
        run_months(ctx, (machine,), 1)
        seen.append(bool(table.income_drop[row]))
    assert seen[0]
    assert not seen[-1]
    assert seen == sorted(seen, reverse=True)


def test_shocks_have_their_rate_and_mean():
    ctx = make(1500, still=True, run_in_months=0, shock_rate=0.5)
    amounts = np.concatenate([shocks(ctx, "debt.shock", month)[1] for month in range(48)])
    expected = -np.expm1(-0.5 / 12)
    assert amounts.size / 48 / len(ctx.world.household) == pytest.approx(expected, rel=0.1)
    assert amounts.mean() == pytest.approx(750, rel=0.08)
