"""Stop-go policy: a programme that stops breaks a promise to those it reached, and the next reaches fewer."""

import numpy as np
import pytest

from tests.contracts.engines import engine
from tests.worlds import run_months, small_world
from wijksim.kernel.lever import Lever, Target, Window
from wijksim.mechanisms.promises import PROGRAMMES, Promises
from wijksim.state.column import Column

EXTRA = (Column("resident.gave_up", np.bool_, "-", "x"), Column("resident.trust", np.float32, "-", "x"))


class Visits(Lever):
    """A programme that does nothing but reach people."""

    name = "visits"
    title = title_nl = explain = explain_nl = "visits"
    family = "test"
    verbs = ()

    def act(self, ctx, dose):
        """Knock on doors."""
        self.reached(ctx, ctx.world.resident.rows, dose)


def visits(*windows, **arguments):
    """One programme per window, all of the same kind."""
    given = {"ramp": 0.0, "decay": 12.0, "uptake": 0.6, **arguments}
    return [Visits(given, window=Window(*window), identity=f"visits-{k}") for k, window in enumerate(windows)]


def world():
    ctx = small_world((Promises,), extra=EXTRA, dwellings=200)
    ctx.world.resident.uptake[:] = ctx.draws.life("test", ctx.world.resident.uid)
    return ctx


def month(ctx, levers):
    """What the engine does around the mechanism, with a month of this programme."""
    ctx.effects.clear()
    for lever in levers:
        lever.step(ctx)
    run_months(ctx, [Promises()], 1)


def test_the_end_of_a_programme_is_a_broken_promise_to_those_it_reached():
    ctx = world()
    levers = visits((0, 3))
    table = ctx.world.resident
    reached = levers[0].reached(ctx, table.rows, 1.0)
    assert 0 < reached.size < len(table)
    for _ in range(3):
        month(ctx, levers)
        assert not table.broken_promise.any()
    assert levers[0].dose(ctx.month) > 0  # it still does something, but it is no longer in force
    month(ctx, levers)
    assert np.array_equal(np.flatnonzero(table.broken_promise), reached)
    assert table.broken_promise[reached] == pytest.approx(np.ones(reached.size))
    # once, and then it fades with its half-life
    for _ in range(36):
        month(ctx, levers)
    assert table.broken_promise[reached] == pytest.approx(np.full(reached.size, 0.5), rel=1e-4)
    assert ctx.world.stores[PROGRAMMES] == {}
    assert Promises().facts(ctx)["promises.broken_by_programmes"] == reached.size


def test_a_constant_programme_and_one_that_never_began_break_nothing():
    ctx = world()
    for _ in range(30):
        month(ctx, [*visits((0, None)), *visits((0, 5), strength=0.0)])
    assert not ctx.world.resident.broken_promise.any()


def test_whom_the_next_programme_reaches_has_been_kept_a_promise():
    ctx = world()
    levers = visits((0, 4), (4, None))
    levers[1].target = Target(districts=("north", "middle"))
    reached = levers[0].reached(ctx, ctx.world.resident.rows, 1.0)
    for _ in range(6):
        month(ctx, levers)
    let_down = np.flatnonzero(ctx.world.resident.broken_promise)
    assert set(let_down.tolist()) == set(reached[ctx.world.resident.district[reached] == 2].tolist())


def test_each_stop_of_a_pendulum_counts():
    ctx = world()
    ctx.parameters.set("promises.memory_half_life", 36)
    levers = visits((0, 2), (6, 8), (12, 14))
    table = ctx.world.resident
    reached = levers[0].reached(ctx, table.rows, 1.0)
    heights = []
    for _ in range(15):
        month(ctx, levers)
        heights.append(float(table.broken_promise[reached].mean()))
    stops = np.flatnonzero(np.diff([0.0, *heights]) > 0.5).tolist()
    assert stops == [2, 8, 14]
    left = 2 ** (-6 / 36)
    assert heights[14] == pytest.approx(1 + left + left**2, rel=1e-3)


def test_a_call_without_answer_is_remembered_up_to_a_limit():
    ctx = world()
    row = int(ctx.world.resident.rows[7])
    for k in range(5):
        ctx.world.resident.gave_up[row] = True
        month(ctx, [])
        assert ctx.world.resident.broken_promise[row] <= 3
        assert np.count_nonzero(ctx.world.resident.broken_promise) == 1, k
    assert ctx.world.resident.broken_promise[row] == 3


def test_a_row_that_somebody_else_holds_now_has_been_promised_nothing():
    ctx = world()
    levers = visits((0, 1))
    table = ctx.world.resident
    reached = levers[0].reached(ctx, table.rows, 1.0)
    month(ctx, levers)
    table.uid[reached[0]] += np.uint64(10**12)
    month(ctx, levers)
    assert table.broken_promise[reached[0]] == 0
    assert np.count_nonzero(table.broken_promise) == reached.size - 1


def _trust(levers, months=18):
    """Trust in the end, by uid, and whom the programme reached at the start and would reach in the end."""
    machine = engine()
    machine.set_levers(levers)
    ctx = machine.ctx
    start = set(ctx.world.resident.uid[_would(ctx)].tolist())
    for _ in range(months):
        machine.advance()
    table = ctx.world.resident
    trust = dict(zip(table.uid[table.rows].tolist(), table.trust[table.rows].tolist(), strict=True))
    return trust, start, set(table.uid[_would(ctx)].tolist())


def _would(ctx):
    return visits((0, None))[0].reached(ctx, ctx.world.resident.rows, 1.0)


def test_stopping_costs_trust_and_uptake_and_stop_go_costs_more():
    none, start, _ = _trust([])
    stopped, _, after = _trust(visits((0, 3)))
    pendulum, _, later = _trust(visits((0, 3), (6, 9), (12, 15)))
    constant, _, kept = _trust(visits((0, None)))
    assert constant == none
    here = sorted(start & set(none) & set(stopped) & set(pendulum))
    mean = [np.mean([trust[uid] for uid in here]) for trust in (none, stopped, pendulum)]
    assert mean[1] < mean[0] - 0.02
    assert mean[2] < mean[1] - 0.02
    # those it did not reach feel it through others only
    others = sorted((set(none) & set(stopped)) - start)
    assert abs(np.mean([stopped[uid] - none[uid] for uid in others])) < 0.005
    assert len(later) < len(after) < len(kept)


def test_the_loop_switch_takes_the_feedback_away():
    machine = engine()
    machine.switch_off(["trust"])
    machine.set_levers(visits((0, 3)))
    plain = engine()
    for _ in range(8):
        machine.advance()
        plain.advance()
    assert machine.ctx.world.resident.broken_promise.sum() > 100
    assert np.array_equal(machine.ctx.world.resident.trust, plain.ctx.world.resident.trust)
