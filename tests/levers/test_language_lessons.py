"""Language lessons: who is offered a class, how many take it up, what a class does, and what each costs."""

import numpy as np
import pytest

from tests.levers.schoolwork import AT_ONCE, act, everybody_willing, untouched
from tests.mechanisms.test_skills import world
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.school.language_lessons import LanguageLessons
from wijksim.mechanisms.skills import Skills


def classroom(**values):
    """A town without classes of its own, in which every other adult speaks little Dutch."""
    ctx = world(class_start_rate=0.0, **values)
    table = ctx.world.resident
    everybody_willing(ctx)
    table.in_class[:] = False
    table.dutch[:] = table.language[:] = np.where(np.arange(table.size) % 2, 0.3, 0.9)
    return ctx


def month(ctx, lever):
    act(ctx, lever)
    Skills().step(ctx)
    bill = ctx.ledger.month.get("language_class", np.zeros(3)).copy()
    ctx.month += 1
    return bill


def test_adults_with_little_dutch_take_a_class_up_at_the_yearly_rate():
    ctx = classroom(class_end_rate=0.0)
    lever = LanguageLessons({**AT_ONCE, "take_up": 0.2})
    table = ctx.world.resident
    lacking = np.flatnonzero((table.dutch < 0.5) & (table.age >= 18) & (table.age < 75))
    bills = [month(ctx, lever) for _ in range(12)]
    taken = np.flatnonzero(table.in_class)
    assert set(taken) <= set(lacking)
    assert taken.size / lacking.size == pytest.approx(1 - np.exp(-0.2), abs=0.05)
    # paid once, when the class begins
    assert np.sum(bills) == pytest.approx(taken.size * indexed(ctx, 1607, 2017))


def test_only_the_target_is_offered_one_and_only_those_in_class_learn():
    ctx = classroom(class_end_rate=0.0)
    table = ctx.world.resident
    before = table.dutch.copy()
    lever = LanguageLessons({**AT_ONCE, "take_up": 0.4}, target=Target(districts=("middle",)))
    for _ in range(12):
        month(ctx, lever)
    taken = table.in_class
    assert taken.any()
    assert np.all(table.district[taken] == 1)
    # a month of lessons at the least: 2 % of the distance to full Dutch
    assert np.all(table.dutch[taken] > before[taken] + 0.01)
    assert np.array_equal(table.dutch[~taken], before[~taken])


def test_without_an_offer_and_at_take_up_zero_nobody_comes():
    ctx = classroom()
    assert untouched(ctx, LanguageLessons({"strength": 0.0}))
    month(ctx, LanguageLessons({**AT_ONCE, "take_up": 0.0}))
    assert not ctx.world.resident.in_class.any()


def test_what_the_offer_does_not_reach_runs_on_as_it_was():
    """Classes under current policy have their own luck: the offer moves nobody else in or out."""
    ends = []
    for lever in (None, LanguageLessons({**AT_ONCE, "take_up": 0.0})):
        ctx = world()
        for _ in range(6):
            act(ctx, *([lever] if lever else []))
            Skills().step(ctx)
            ctx.month += 1
        ends.append(ctx.world.resident.in_class.copy())
    assert np.array_equal(*ends)
