"""Levers with posts of their own: what is at work, and that hours are spent once."""

import numpy as np
import pytest

from tests.care_world import NO_CRISES, NO_SIGNALS, NO_TURNOVER, care_world, hire
from tests.worlds import run_months
from wijksim.kernel.arguments import Param
from wijksim.kernel.govern import Governed
from wijksim.kernel.task_lever import TaskLever
from wijksim.mechanisms.professionals import Professionals
from wijksim.state.roles import Profession

QUIET = {**NO_CRISES, **NO_SIGNALS, **NO_TURNOVER}
BUILDER = Profession.COMMUNITY_BUILDER


class Task(TaskLever):
    name, family = "task-test", "test"
    size = Param(1.0, "fte", (0.0, 2.0), "policy", "D", ("design",), "Posts in the first district")
    hours = np.zeros(3)

    def act(self, ctx, dose):
        self.hours = self.employ(ctx, np.array([dose * self.number("size"), 0.0, 0.0]))


def months(ctx, lever, number):
    found = []
    for _ in range(number):
        ctx.effects.clear()
        lever.step(ctx)
        run_months(ctx, [Professionals()], 1)
        found.append((lever.hours[0], ctx.world.stores["professionals.hours"].total[BUILDER, 0]))
    return np.array(found)


def test_those_at_work_share_the_tasks_until_the_new_post_is_filled_and_trained_in():
    ctx = care_world(**QUIET)
    hire(ctx, BUILDER, 0.9)
    values = ctx.values
    full = values["professionals.net_hours"] * (1 - values["professionals.admin_share"])
    wait, lead = int(values["professionals.vacancy_months"]), int(values["professionals.lead_in_months"])
    task, rest = months(ctx, Task({"ramp": 0.0, "size": 0.9}), wait + lead + 3).T
    # one of two posts is filled: half of the one at work for each
    assert task[: wait + 1] == pytest.approx(0.45 * full)
    assert rest[:wait] == pytest.approx(0.45 * full)
    assert task[wait + 2] == pytest.approx(0.75 * 0.9 * full)
    assert task[-1] == pytest.approx(0.9 * full)
    assert rest[-1] == pytest.approx(0.9 * full)


def test_without_standing_posts_or_stores_there_are_no_hours():
    ctx = care_world(**QUIET)
    ctx.effects.clear()
    lever = Task({"ramp": 0.0})
    lever.step(ctx)
    assert not lever.hours.any()
    assert ctx.effects.touched() == {f"fte.{BUILDER.key}"}


def test_hours_taken_off_a_role_never_leave_less_than_none():
    ctx = care_world(**QUIET)
    hire(ctx, BUILDER, 1.0)
    ctx.effects.clear()
    ctx.effects.fund("test", f"hours.{BUILDER.key}", np.array([-1e6, 0.0, 0.0]))
    run_months(ctx, [Professionals()], 1)
    assert ctx.world.stores["professionals.hours"].total[BUILDER, 0] == 0


def test_weights_of_a_governing_lever_count_once():
    ctx = care_world(**QUIET)
    hire(ctx, BUILDER, 0.9)
    lever = Task({"ramp": 0.0, "size": 0.9}, identity="task")
    ctx.effects.clear()
    ctx.effects.governing.say("fit", frozenset({"task"}), Governed(weights=np.array([0.5, 1.0, 1.0])))
    lever.step(ctx)
    ctx.effects.prepare(ctx.world, 1 / 3, 3.0)
    assert ctx.effects.funded(f"fte.{BUILDER.key}", 3) == pytest.approx([0.45, 0, 0])
    assert ctx.effects.funded(f"hours.{BUILDER.key}", 3) == pytest.approx(-lever.hours)
    full = ctx.values["professionals.net_hours"] * (1 - ctx.values["professionals.admin_share"])
    assert lever.hours[0] == pytest.approx(0.45 * full * 0.9 / 1.35)
