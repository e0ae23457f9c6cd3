"""Problem debt, the debt track, signals and eviction: closed forms, limits, order and ownership."""

import numpy as np
import pytest

from tests.mechanisms.debt_world import EXTRA, make, set_values
from tests.worlds import run_months, small_world
from wijksim.mechanisms.debt.codes import Eviction, Track
from wijksim.mechanisms.debt.durations import piece_means
from wijksim.mechanisms.debt.mechanism import Debt
from wijksim.state.codes import Fate, Tenure
from wijksim.state.guard import guarded

RATES = np.array([0.60, 0.516, 0.126])
EDGES = np.array([12.0, 36.0])


def test_stationary_stock_and_renewal():
    """DEB-01, DEB-08: with everybody alike and no arrangements the closed form holds from the start and stays."""
    ctx = make(3000, alike=True, application_rate=0.0, notice_rate=0.0, shock_rate=0.0)
    odds = 0.0276 / 12 * piece_means(RATES, EDGES).sum()
    stock = odds / (1 + odds)
    table = ctx.world.household
    stocks, new, old = [], [], []
    machine = Debt()
    for month in range(60):
        run_months(ctx, (machine,), 1)
        if month % 6 == 5:
            inside = table.problem_debt & table.alive
            age = ctx.month - table.debt_since[inside]
            stocks.append(inside.sum() / len(table))
            new.append((age <= 12).mean())
            old.append((age > 36).mean())
    assert stocks[0] == pytest.approx(stock, abs=0.02)
    assert np.mean(stocks) == pytest.approx(stock, abs=0.012)
    assert np.mean(new) == pytest.approx(0.25, abs=0.05)
    assert np.mean(old) == pytest.approx(0.52, abs=0.07)


def test_two_state_limit():
    """Equal exits in all stretches: entry over entry plus exit, whatever the start."""
    rates = {"exit_rate_new": 2.4, "exit_rate_middle": 2.4, "exit_rate_long": 2.4}
    ctx = make(2000, still=True, alike=True, entry_rate=1.2, **rates)
    ctx.world.household.problem_debt[:] = False
    run_months(ctx, (Debt(),), 36)
    enter, leave = -np.expm1(-0.1), -np.expm1(-0.2)
    # entry comes before exit in a month, so that a newcomer can leave at once
    expected = enter * (1 - leave) / (enter * (1 - leave) + leave)
    share = ctx.world.household.problem_debt[ctx.world.household.rows].mean()
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 1900))


def test_zero_rates_change_nothing():
    ctx = make(100, still=True)
    table = ctx.world.household
    assert not table.problem_debt.any()
    run_months(ctx, (Debt(),), 12)
    assert not table.problem_debt.any()
    assert not table.early_signal.any()
    assert not table.eviction_stage.any()
    assert table.debt_track.max() == 0


def test_extreme_rates_stay_within_the_cap():
    ctx = make(
        200,
        entry_rate=5000.0,
        exit_rate_new=5000.0,
        shock_rate=5000.0,
        signal_rate_paying=5000.0,
        signal_rate_behind=5000.0,
    )
    run_months(ctx, (Debt(),), 6)
    table = ctx.world.household
    assert np.all(np.isfinite(table.debt))
    assert np.all(table.debt >= 0)
    assert np.all(table.savings >= 0)
    assert table.early_signal[table.rows].mean() == pytest.approx(0.5, abs=0.15)


def test_clock_goes_on_after_a_short_time_out():
    ctx = make(20, still=True, entry_rate=1e6)
    table = ctx.world.household
    short, long = table.rows[:2]
    table.problem_debt[:] = True
    table.problem_debt[[short, long]] = False
    table.debt_since[[short, long]] = -60
    table.debt_left[[short, long]] = [-5, -30]
    for _ in range(40):  # a chance of one half a month
        run_months(ctx, (Debt(),), 1)
        if table.problem_debt[[short, long]].all():
            break
    # 55 months in debt before the time out count on; after more than a year out the clock starts anew
    since = table.debt_since
    entered = since[long]
    assert entered >= 0
    assert -60 + 5 <= since[short] <= -60 + 5 + 12


def test_influences_raise_and_lower_the_chance():
    ctx = make(300)
    table, resident = ctx.world.household, ctx.world.resident
    rows = table.rows
    table.arrears[:] = 0
    base = Debt.entry.probability(ctx, rows)

    def ratio(column, value):
        owner, name = column.split(".")
        holder = ctx.world.tables[owner]
        kept = holder[name].copy()
        holder[name][:] = value
        result = Debt.entry.probability(ctx, rows) / base
        holder[name][:] = kept
        return result

    assert np.all(ratio("household.income_drop", True) >= 1 - 1e-9)
    assert np.median(ratio("household.income_drop", True)) > 2
    assert np.median(ratio("resident.stress", 1.0)) > 2
    assert np.all(ratio("household.early_help", True) <= 1)
    assert np.median(ratio("household.early_help", True)) == pytest.approx(0.5, abs=0.02)  # DEB-26
    assert np.all(resident.stress[table.head[rows]] < 1)


def test_scarcity_loop_switched_off_keeps_stress_as_it_was():
    def ratio(off):
        ctx = make(200)
        ctx.loops.off = frozenset(("scarcity",)) if off else frozenset()
        before = Debt.entry.probability(ctx, ctx.world.household.rows)
        ctx.world.resident.stress[:] = 0.9
        return Debt.entry.probability(ctx, ctx.world.household.rows) / before

    assert np.median(ratio(False)) > 1.5
    assert ratio(True) == pytest.approx(1.0)


def test_accepted_help_protects_for_a_year():
    ctx = make(40, still=True)
    table = ctx.world.household
    table.debt_help[table.rows[0]] = True
    run_months(ctx, (Debt(),), 1)
    table.debt_help[:] = False
    protected = []
    for _ in range(14):
        run_months(ctx, (Debt(),), 1)
        protected.append(bool(table.early_help[table.rows[0]]))
    assert protected == [True] * 11 + [False] * 3
    assert not table.early_help[table.rows[1]]


def test_one_in_four_attempts_ends_free_of_debt():
    """DEB-13 to DEB-16: 41 percent accepted, 64 percent of those reach the end of 36 months."""
    ctx = make(1500, still=True, dropout_rate=0.149)
    table = ctx.world.household
    n = len(table)
    table.problem_debt[table.rows] = True
    table.debt[table.rows] = 40000
    table.debt_since[table.rows] = -50
    table.debt_track[table.rows] = Track.APPLIED
    table.debt_track_since[table.rows] = 0
    booked = 0.0
    answer = int(ctx.values["debt.attempt_months"])
    for _ in range(answer + 1):
        run_months(ctx, (Debt(),), 1)
        booked += ctx.ledger.month["debt_track"].sum()
    started = np.count_nonzero(table.debt_track == Track.ARRANGED)
    assert started / n == pytest.approx(0.41, abs=0.05)
    assert booked == pytest.approx(3127 * np.count_nonzero(table.debt_track_since == answer), rel=0.05)
    run_months(ctx, (Debt(),), 37)
    free = ~table.problem_debt & table.alive
    assert free.sum() / n == pytest.approx(0.26, abs=0.04)
    assert np.all(table.debt[free] < 3000)  # written off; new shortages of a few months at most
    assert np.all(table.relapse_risk[free])
    assert not np.any(table.debt_track == Track.ARRANGED)


def test_counsellor_brings_applications():
    ctx = make(800, still=True, application_rate=0.12)
    table = ctx.world.household
    table.problem_debt[table.rows] = True
    helped = table.rows[::10]
    table.debt_help[helped] = True
    p = Debt.application.probability(ctx, table.rows)
    share = np.isin(table.rows, helped)
    assert p[share].mean() / p[~share].mean() == pytest.approx(8, rel=0.05)


def test_signals_come_from_those_in_arrears():
    ctx = make(1500, still=True, alike=True, signal_rate_paying=0.025, signal_rate_behind=1.1)
    table = ctx.world.household
    few = table.rows[:100]
    counts, sizes = np.zeros(2), np.zeros(2)
    for _ in range(24):
        table.rent_debt[few] = table.debt[few] = 3000
        table.arrears[few] = 4
        table.income[few] = table.housing_cost[few]
        run_months(ctx, (Debt(),), 1)
        behind = table.arrears[table.rows] >= 1
        sizes += [behind.sum(), (~behind).sum()]
        hit = table.early_signal[table.rows]
        counts += [hit[behind].sum(), hit[~behind].sum()]
        assert ctx.ledger.month["early_warning"].sum() == pytest.approx(50 * hit.sum())
        assert np.all(table.signal_since[table.rows[hit]] == ctx.month - 1)
    assert sizes[0] >= 2400
    assert counts / sizes == pytest.approx(-np.expm1(-np.array([1.1, 0.025]) / 12), abs=0.015)
    assert counts[1] / sizes[1] < 0.004


def stage_world(n=1500, **values):
    ctx = make(n, still=True, alike=True, **values)
    table = ctx.world.household
    ctx.world.dwelling.owner[:] = Tenure.CORPORATION
    table.tenure[table.rows] = Tenure.CORPORATION
    table.income[table.rows] = table.housing_cost[table.rows]
    table.savings[:] = 0
    table.debt[table.rows] = table.rent_debt[table.rows] = 6 * table.housing_cost[table.rows]
    table.arrears[table.rows] = 6
    return ctx


def test_one_in_four_orders_is_executed():
    """PAT-12: 25 to 27 percent; the others settle and stay."""
    ctx = stage_world(execution_rate=0.78, settle_rate=2.5)
    table = ctx.world.household
    table.eviction_stage[table.rows] = Eviction.ORDER
    n, before = len(table), table.uid[table.rows].copy()
    executed, cost = [], 0.0
    for _ in range(36):
        run_months(ctx, (Debt(),), 1)
        executed.extend(ctx.log.column("evictions", "household").tolist())
        cost += ctx.ledger.month["eviction"].sum()
        exits = ctx.log.column("exits", "fate")
        assert np.all(exits == Fate.SHELTER)
    assert np.count_nonzero(table.eviction_stage == Eviction.ORDER) < 10
    assert len(executed) / n == pytest.approx(0.26, abs=0.04)
    assert len(set(executed)) == len(executed)
    assert cost == pytest.approx(12600 * len(executed))
    assert len(table) == n - len(executed)
    assert not np.isin(executed, table.uid[table.rows]).any()
    assert np.isin(executed, before).all()


def test_evicted_is_seen_before_the_household_is_gone():
    ctx = stage_world(100, execution_rate=1e6)
    table = ctx.world.household
    table.eviction_stage[table.rows[:20]] = Eviction.ORDER
    Debt().step(ctx)
    out = np.flatnonzero(table.evicted)
    assert 1 <= out.size <= 20
    assert np.all(table.alive[out])
    assert len(ctx.requests.departures) == 1


def test_notice_needs_two_months_and_a_landlord():
    ctx = stage_world(100, notice_rate=1e6, order_rate=0.0)
    table = ctx.world.household
    rows = table.rows
    table.tenure[rows[:10]] = Tenure.OWNER
    paid = rows[10:20]
    table.rent_debt[paid] = table.debt[paid] = 0
    table.income[paid] = 6000
    run_months(ctx, (Debt(),), 12)
    assert not table.eviction_stage[rows[:20]].any()
    assert table.eviction_stage[rows[20:]].mean() > 0.9


def test_notice_lapses_when_arrears_are_paid_and_moving_ends_the_procedure():
    ctx = stage_world(60)
    table = ctx.world.household
    payer, mover = table.rows[:2]
    table.eviction_stage[[payer, mover]] = [Eviction.NOTICE, Eviction.ORDER]
    table.income[payer], table.moved_in[mover] = 20000, ctx.month
    debt = table.debt[mover]
    run_months(ctx, (Debt(),), 2)
    assert table.eviction_stage[[payer, mover]].tolist() == [0, 0]
    assert table.debt[mover] >= debt - 1


def test_setup_follows_composition_and_leaves_the_reference_alone():
    ctx = make(1500)
    table = ctx.world.household
    tight = table.tight & table.alive
    assert table.problem_debt[tight].mean() > 1.5 * table.problem_debt[table.alive & ~tight].mean()
    assert 0.05 < table.problem_debt[table.rows].mean() < 0.11
    assert not any(key.startswith("debt.") for key in ctx.reference.stored)
    inside = table.rows[table.problem_debt[table.rows]]
    assert np.all(table.debt[inside] > 0)
    assert np.all(table.debt_since[inside] <= ctx.month)


def test_setup_keeps_what_the_builder_gave():
    ctx = small_world((Debt,), extra=EXTRA, dwellings=100, setup=False)
    table = ctx.world.household
    given = table.rows[::7]
    table.problem_debt[given], table.debt_since[given], table.debt[given] = True, -48, 23456
    set_values(ctx, run_in_months=0)
    Debt().setup(ctx)
    assert np.array_equal(np.flatnonzero(table.problem_debt), given)
    assert np.all(table.debt_since[given] == -48)
    assert np.all(table.debt[given] == 23456)


def test_same_seed_same_debts():
    first, second = make(200), make(200)
    for ctx in (first, second):
        run_months(ctx, (Debt(),), 12)  # run_months refuses whatever debt does not own
    for column in Debt.owns:
        assert np.array_equal(first.world.column(column.name), second.world.column(column.name)), column.name


def test_writing_another_column_is_refused():
    ctx = make(50)
    owned = [column for column in Debt.owns if column.name != "household.savings"]
    with (
        pytest.raises(ValueError, match=r"debt wrote what it does not own: household\.savings$"),
        guarded(ctx.world, owned, "debt"),
    ):
        Debt().step(ctx)
