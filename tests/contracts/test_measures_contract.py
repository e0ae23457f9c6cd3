"""What every registered measure owes, present and future."""

import re

import numpy as np
import pytest
from tests.worlds import small_world

import wijksim.measures
import wijksim.mechanisms
from wijksim.kernel.groups import GROUPS
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.kernel.mechanism import MECHANISMS
from wijksim.runs.reading import Reader
from wijksim.runs.recorder import Recorder

ALL = [name for name, kind in MEASURES.items() if kind.__module__.startswith(wijksim.measures.__name__)]
OUTCOMES = {f"O{number:02d}" for number in range(1, 30)}
# a name that says no more than the column does not help anybody who reads a table
THEMES = {"crime", "safety",
    "work", "income", "debt", "health", "contacts", "professionals", "nuisance", "wellbeing", "housing",
    "liveability", "costs", "families", "school", "facilities",
}  # fmt: skip


@pytest.fixture(scope="module")
def ctx():
    columns = [column for _, kind in MECHANISMS.items() for column in kind.owns]
    made = small_world(extra=columns, dwellings=180)
    rng = np.random.default_rng(3)
    world = made.world
    world.professional.add(np.arange(1, 13) + 10**8)
    world.professional.district[:] = np.arange(12) % 3
    world.professional.fte[:] = 0.7
    world.letting.add(np.arange(1, 7) + 10**8)
    world.letting.district[:] = np.arange(6) % 3
    for table in ("resident", "household", "professional", "district", "entrance", "letting"):
        holder = world.tables[table]
        for name, column in holder.columns.items():
            plain = column.ref is None and column.codes is None and not column.doc.startswith("Derived")
            if (
                plain
                and name not in ("birth_month", "uid")
                and column.dtype in (np.bool_, np.float32, np.float64)
            ):
                luck = rng.random(holder.rows.size)
                holder[name][holder.rows] = luck < 0.3 if column.dtype == np.bool_ else luck
    return made


def test_there_is_a_measure_for_every_outcome():
    carried = {key for name in ALL for key in MEASURES.get(name).outcome}
    assert carried == OUTCOMES
    assert {MEASURES.get(name).theme for name in ALL} == THEMES


def test_measures_read_together_give_what_each_gives_alone(ctx):
    measures = [MEASURES.get(name)() for name in ALL]
    top, bottom = np.full((2, len(measures), ctx.world.n_districts), np.nan)
    Reader(measures).read(ctx, top, bottom)
    for row, measure in enumerate(measures):
        above, below = measure.districts(ctx)
        assert top[row].tobytes() == np.asarray(above, np.float64).tobytes(), measure.name
        assert bottom[row].tobytes() == np.asarray(below, np.float64).tobytes(), measure.name


def test_labels_are_unique():
    for attribute in ("label", "label_nl"):
        texts = [getattr(MEASURES.get(name), attribute) for name in ALL]
        assert sorted(text for text in texts if texts.count(text) > 1) == []


@pytest.mark.parametrize("name", ALL)
def test_it_says_what_it_is(name):
    kind = MEASURES.get(name)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert kind.__doc__
    assert kind.label[0].isupper()
    assert kind.label_nl[0].isupper()
    assert kind.unit
    assert kind.direction in (-1, 0, 1)
    assert kind.scale > 0
    assert kind.table in ("resident", "household", "dwelling", "district", "professional", "letting")
    if kind.table not in ("resident", "household"):
        assert kind.table == "dwelling" or not kind.groups


@pytest.mark.parametrize("name", ALL)
def test_it_counts_rows_of_its_table(name, ctx):
    measure = MEASURES.get(name)()
    size = ctx.world.tables[measure.table].size
    assert np.shape(measure.numerator(ctx)) == (size,)
    assert np.shape(measure.denominator(ctx)) == (size,)
    top, bottom = measure.districts(ctx)
    assert top.shape == bottom.shape == (3,)
    assert top.dtype == bottom.dtype == np.float64
    assert np.all(np.isfinite(top))
    assert np.all(bottom >= 0)


@pytest.mark.parametrize(
    "name", [name for name in ALL if MEASURES.get(name).table in ("resident", "household")]
)
def test_its_quick_sum_is_the_sum_of_its_rows(name, ctx):
    """Groups are read row by row and districts the quick way: they must be the same count."""
    measure = MEASURES.get(name)()
    top, bottom = measure.districts(ctx)
    plain_top, plain_bottom = Measure.districts(measure, ctx)
    assert top == pytest.approx(plain_top, rel=1e-5, abs=1e-6)
    assert bottom == pytest.approx(plain_bottom, rel=1e-5)


@pytest.mark.parametrize("name", ALL)
def test_it_reads_and_never_writes(name, ctx):
    columns = [column for table in ctx.world.tables.values() for column in table.columns.values()]
    before = {column.name: ctx.world.column(column.name).tobytes() for column in columns}
    stores = dict(ctx.world.stores)
    measure = MEASURES.get(name)()
    first = measure.districts(ctx)
    second = MEASURES.get(name)().districts(ctx)
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])
    assert before == {column.name: ctx.world.column(column.name).tobytes() for column in columns}
    assert stores == ctx.world.stores


def test_all_of_them_by_all_groups(ctx):
    ctx.world.resident.case[:] = 0
    measures = [MEASURES.get(name)() for name in ALL]
    recorder = Recorder(measures, ["a", "b", "c"], 1, groups=GROUPS, readouts=[0])
    recorder(ctx)
    table = recorder.table()
    assert set(table.measure) == set(ALL)
    shares = [
        name for name in ALL if MEASURES.get(name).unit == "%" and MEASURES.get(name).table == "resident"
    ]
    whole = table[(table.group == "all") & (table.district == "city")].set_index("measure").value
    assert shares
    assert np.all((whole[shares].dropna() >= 0) & (whole[shares].dropna() <= 100))
