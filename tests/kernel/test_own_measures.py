"""Measures of users: whatever a subclass says of itself counts, in every way in which it is read."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import wijksim
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.where import Where, above, refuse_unknown
from wijksim.measures._base import Share, ShareAmong
from wijksim.model.assemble import assemble
from wijksim.model.known import load_scenario
from wijksim.runs.reading import Reader
from wijksim.state.codes import Activity

GUIDE = Path(__file__).parents[2] / "docs" / "lever.md"


class _Own(Share):
    label = label_nl = unit = "x"
    direction, theme = 0, "work"
    column = "resident.activity"
    codes = (Activity.ASSISTANCE,)


class OwnPart(_Own):
    name = "own_part"

    def part(self, ctx):
        return ctx.world.resident.alive & (ctx.world.resident.age >= 18)


class OwnDenominator(_Own):
    name = "own_denominator"

    def denominator(self, ctx):
        return ctx.world.resident.alive & (ctx.world.resident.age >= 18)


class OwnNumerator(_Own):
    name = "own_numerator"

    def numerator(self, ctx):
        return ctx.world.resident.alive & (ctx.world.resident.age >= 18)


class Said(ShareAmong):
    name, label, label_nl, unit = "said", "x", "x", "x"
    direction, theme = 0, "work"
    column, codes = _Own.column, _Own.codes
    among_if = (Where("resident.age", 18),)


@pytest.fixture(scope="module")
def ctx():
    engine = assemble(load_scenario("baseline", overrides={"world.size": 600, "world.warmup": 1}), 1)
    engine.advance()
    return engine.ctx


@pytest.mark.parametrize("kind", [OwnPart, OwnDenominator, OwnNumerator, Said])
def test_what_a_subclass_says_is_what_districts_are_read_from(ctx, kind):
    measure, n = kind(), ctx.world.n_districts
    district = ctx.world.resident.district
    rows = np.flatnonzero(district >= 0)
    top, bottom = (
        np.bincount(district[rows], weights=np.asarray(values, float)[rows], minlength=n)
        for values in (measure.numerator(ctx), measure.denominator(ctx))
    )
    alone = measure.districts(ctx)
    assert alone[0].tolist() == top.tolist()
    assert alone[1].tolist() == bottom.tolist()
    read = np.zeros((2, 1, n))
    Reader([measure]).read(ctx, read[0], read[1])
    assert read[:, 0].tolist() == [top.tolist(), bottom.tolist()]
    assert top.sum() > 0


def test_a_column_that_does_not_exist_is_refused_with_a_hint(ctx):
    with pytest.raises(ValueError, match=r"no column 'resident.agee', did you mean 'resident.age'"):
        Where("resident.agee", 65).mask(ctx)
    refuse_unknown("resident.lonely")

    class Misspelt(Share):
        name, label, label_nl, unit = "misspelt", "x", "x", "x"
        direction, theme = 0, "work"
        counts_if = (Where("resident.agee", 65),)

    with pytest.raises(ValueError, match=r"resident\.agee"):
        Reader([Misspelt()]).read(ctx, *np.zeros((2, 1, ctx.world.n_districts)))


def test_a_condition_on_another_table_is_refused_where_it_is_written():
    with pytest.raises(TypeError, match=r"names household.debt, but its rows are those of resident"):

        class Elsewhere(Share):
            name = "elsewhere"
            counts_if = (above("household.debt", 0),)


def test_the_example_of_the_guide_runs(monkeypatch):
    guide = GUIDE.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(from wijksim.kernel.measure.*?)```", guide, re.DOTALL)
    before = dict(MEASURES._classes)
    monkeypatch.setattr(MEASURES, "_classes", dict(before))
    exec(compile(code, str(GUIDE), "exec"), {})
    assert set(MEASURES.names()) - set(before) == {"older_residents", "young_lonely"}
    world = {"world.size": 400, "world.warmup": 1, "months": 2}
    table = wijksim.run(load_scenario("baseline", overrides=world), seed=1).table
    last = table[(table.month == 1) & (table.district == "city") & (table.group == "all")]
    found = last.set_index("measure").value
    assert 5 < found["older_residents"] < 40
    assert 0 < found["young_lonely"] < 60
