"""The mark of a month lasts as long as nothing on which events stand has changed, and changes no draw."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
import pytest

from tests.worlds import small_world
from wijksim.kernel.calm import Calm, Marks
from wijksim.kernel.context import Context, Counters
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.loops import Loops
from wijksim.state.column import Column

DRIVER = Column("resident.z", np.float32, "sd", "driver under test")


@pytest.fixture
def ctx() -> Context:
    made = small_world(extra=(DRIVER,), audit=False)
    made.values |= {"rate": 0.6, "hr": 3.0}
    made.steady = made.values
    made.world.resident.z[:] = np.random.default_rng(5).standard_normal(made.world.resident.size)
    return made


def event() -> Event:
    return Event("t.calm", table="resident", base="rate", influences=(Influence("resident.z", "hr"),))


def drawn(ctx: Context, one: Event, between: Callable[[Context], object] | None = None) -> list[list[int]]:
    """Who is struck in six months; something happens in the middle of each."""
    found, marks = [], Marks()
    for ctx.month in range(6):
        ctx.calm = marks.mark(ctx) if between is not None else None
        found.append(one.draw(ctx, ctx.world.resident.rows).tolist())
        if between is not None:
            between(ctx)
            found[-1] = one.draw(ctx, ctx.world.resident.rows).tolist()
    return found


@pytest.mark.parametrize("months", [1, 2, -1])
def test_a_draw_for_another_month_leaves_the_luck_of_this_one(ctx: Context, months: int) -> None:
    def elsewhere(ctx: Context) -> None:
        for lane in range(2):
            ctx.draws.uniform("t.calm", ctx.world.resident.uid, ctx.month + months, lane)

    expected = drawn(copy.deepcopy(ctx), event())
    assert drawn(ctx, event(), elsewhere) == expected


def test_an_event_under_the_mark_is_the_event_without(ctx: Context) -> None:
    assert drawn(copy.deepcopy(ctx), event(), lambda ctx: None) == drawn(ctx, event())


def test_the_mark_lasts_as_long_as_what_it_stands_for(ctx: Context) -> None:
    marks = Marks()
    before = marks.mark(ctx)
    assert before is not None
    ctx.month += 1
    assert marks.mark(ctx) is before

    def other(name: str, value: object) -> None:
        kept, last = getattr(ctx, name), marks.mark(ctx)
        for there in (value, kept):
            setattr(ctx, name, there)
            if name == "values":
                ctx.steady = ctx.values
            found = marks.mark(ctx)
            assert found is not None, name
            assert found is not last, name
            assert marks.mark(ctx) is found, name
            last = found

    other("values", dict(ctx.values))
    other("counters", Counters())
    other("loops", Loops(("scarcity",)))
    last = marks.mark(ctx)
    ctx.reference.stored["t.other"] = 0.0
    assert marks.mark(ctx) is not last


def test_there_is_no_mark_where_events_have_to_look(ctx: Context) -> None:
    marks = Marks()
    ctx.month = 3
    assert marks.mark(ctx) is not None
    ctx.month = 2
    assert marks.mark(ctx) is None, "a month that is past"
    ctx.month = 4
    ctx.reference.tracking = True
    assert marks.mark(ctx) is None
    ctx.reference.tracking = False
    ctx.steady = None
    assert marks.mark(ctx) is None
    audited = small_world(audit=True)
    audited.steady = audited.values
    assert marks.mark(audited) is None


def test_a_copy_marks_nothing(ctx: Context) -> None:
    marks = Marks()
    before = marks.mark(ctx)
    assert isinstance(before, Calm)
    assert copy.deepcopy(before) is not before
    assert copy.deepcopy(marks).mark(ctx) is not before
    assert marks.mark(ctx) is before
