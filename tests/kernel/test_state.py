"""Tables, ties and worlds: rows keep their place, uids are never used again, views see the memory."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijksim.state.column import Column
from wijksim.state.guard import guarded
from wijksim.state.network import Network
from wijksim.state.pool import Pool
from wijksim.state.structure import DERIVED, REACH, STRUCTURE, TRAITS
from wijksim.state.table import Table
from wijksim.state.world import World

X = Column("thing.x", np.float32, "share", "a share", default=0.5)
LINK = Column("thing.link", np.int32, "row", "a link", ref="thing")


def test_a_column_needs_a_table_and_a_reference_defaults_to_none() -> None:
    with pytest.raises(ValueError, match="must read"):
        Column("x", np.float32, "-", "no table")
    assert LINK.default == -1
    assert (X.table, X.attribute) == ("thing", "x")


def test_two_owners_of_one_column_are_refused() -> None:
    table = Table("thing", (X,), 2)
    with pytest.raises(ValueError, match="twice"):
        table.declare(X)
    with pytest.raises(ValueError, match="does not belong"):
        table.declare(Column("other.x", np.float32, "-", "elsewhere"))
    with pytest.raises(ValueError, match="twice"):
        table.declare(Column("thing.uid", np.int8, "-", "reserved"))


def test_rows_rest_for_a_month_before_they_are_used_again() -> None:
    table = Table("thing", (X,), 1)
    rows = table.add([1, 2, 3])
    table.x[:] = [0.1, 0.2, 0.3]
    table.release(rows[1:2])
    assert table.x[1] == 0.5
    assert table.add([4]).tolist() == [3]
    table.end_month()
    assert table.add([5]).tolist() == [1]
    assert table.uid[1] == 5
    assert table.row_of(5) == 1
    with pytest.raises(KeyError):
        table.row_of(2)


def test_a_row_cannot_be_released_twice() -> None:
    table = Table("thing", (X,), 4)
    rows = table.add([1, 2])
    table.release(rows[:1])
    with pytest.raises(ValueError, match="released twice"):
        table.release(rows[:1])
    with pytest.raises(ValueError, match="released twice"):
        table.release(rows[[1, 1]])


def test_iterating_over_a_table_is_refused() -> None:
    with pytest.raises(TypeError, match="columns, not rows"):
        list(Table("thing", (X,), 1))


def test_writing_to_other_columns_than_the_owned_is_refused() -> None:
    world = World((X, LINK))
    world.thing.add([1, 2])
    world.resident.add([3])
    with guarded(world, [X]):
        world.thing.x[0] = 1
    with (
        pytest.raises(ValueError, match=r"^debt wrote what it does not own: thing\.link$"),
        guarded(world, [X], "debt"),
    ):
        world.thing.x[1] = world.thing.link[1] = 1
    with (
        pytest.raises(ValueError, match=r"somebody wrote .*: resident\.age, thing\.link, thing\.x$"),
        guarded(world, []),
    ):
        world.thing.x[0] = world.thing.link[0] = world.resident.age[0] = 7
    with guarded(world, []):
        world.thing.x[0] = 7  # what it holds already


def test_a_guard_says_nothing_of_its_own_where_something_else_fails() -> None:
    world = World((X, LINK))
    world.thing.add([1, 2])
    with pytest.raises(KeyError, match="missing"), guarded(world, []):
        world.thing.x[0] = {}["missing"]
    world.thing.add([4])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_births_and_deaths_in_any_order_keep_the_table_whole(moves: list[int]) -> None:
    table = Table("thing", (X,), 1)
    alive: dict[int, int] = {}
    uid = 0
    for move in moves:
        if move < 3 or not alive:
            uids = list(range(uid + 1, uid + 2 + move))
            uid = uids[-1]
            for one, row in zip(uids, table.add(uids).tolist(), strict=True):
                assert row not in alive.values()
                alive[one] = row
        else:
            gone = list(alive)[: move - 2]
            table.release(np.array([alive.pop(one) for one in gone], dtype=np.int32))
        if move == 5:
            table.end_month()
        assert len(table) == len(alive)
        assert {int(table.uid[row]) for row in table.rows} == set(alive)
        assert all(table.row_of(one) == row for one, row in alive.items())


def test_growth_keeps_values() -> None:
    table = Table("thing", (X,), 2)
    table.add(range(1, 3))
    table.x[:] = [1, 2]
    table.add(range(3, 500))
    assert table.x[:2].tolist() == [1, 2]
    assert np.all(table.x[2:] == 0.5)


def test_copies_and_pickles_are_whole_and_apart() -> None:
    world = World((X,))
    world.thing.add([1])
    for twin in (copy.deepcopy(world), pickle.loads(pickle.dumps(world))):
        twin.thing.x[0] = 9
        assert world.thing.x[0] == 0.5
        assert twin.thing.x[0] == 9


def test_gather_follows_structure_and_gives_defaults_without_a_link() -> None:
    world = World((Column("household.debt", np.float64, "EUR", "debt", default=-7),))
    world.household.add([11, 12])
    world.household.debt[:] = [100, 200]
    world.resident.add([1, 2, 3])
    world.resident.household[:] = [1, 0, -1]
    assert world.gather("resident", slice(None), "household.debt").tolist() == [200, 100, -7]
    with pytest.raises(KeyError, match="no road"):
        world.gather("district", slice(None), "household.debt")


def test_sums_by_district_leave_out_the_dead_and_the_homeless() -> None:
    world = World()
    world.district.add([1, 2])
    rows = world.resident.add([1, 2, 3, 4])
    world.resident.district[:] = [0, 1, 1, -1]
    world.resident.release(rows[:1])
    assert world.by_district("resident").tolist() == [0, 2]
    assert world.by_district("resident", np.array([5, 6, 7, 8])).tolist() == [0, 13]
    assert world.by_district("resident", np.array([True, True, False, True])).tolist() == [0, 1]


def test_every_road_is_a_declared_reference() -> None:
    world = World()
    for (table, target), attribute in REACH.items():
        assert world.tables[table].columns[attribute].ref == target


def test_structure_declares_each_column_once() -> None:
    names = [column.name for column in (*STRUCTURE, *TRAITS)]
    assert len(names) == len(set(names))
    assert set(names) >= DERIVED


def test_ties_are_undirected_unique_and_never_to_oneself() -> None:
    ties = Network("resident")
    first = np.array([3, 1, 2, 2, 5], dtype=np.int32)
    second = np.array([1, 3, 2, 4, 0], dtype=np.int32)
    ties.add(first, second, np.ones(5), np.zeros(5))
    ties.add(second, first, np.ones(5), np.zeros(5))
    assert sorted(zip(ties.a.tolist(), ties.b.tolist(), strict=True)) == [(0, 5), (1, 3), (2, 4)]
    assert ties.degree(6).tolist() == [1] * 6
    assert ties.spread(np.arange(6.0), 6).tolist() == [5, 3, 4, 1, 2, 0]
    gone = np.zeros(6, dtype=bool)
    gone[3] = True
    ties.drop_rows(gone)
    assert len(ties) == 2


def test_pool_persons_stand_together() -> None:
    pool = Pool("p", {}, {"age_months": np.arange(6)}, np.array([0, 1, 4, 6]))
    positions, owner = pool.persons(np.array([2, 0, 1]))
    assert positions.tolist() == [4, 5, 0, 1, 2, 3]
    assert owner.tolist() == [0, 0, 1, 2, 2, 2]
    assert len(pool) == 3


def test_a_sheet_fills_columns_of_all_types_and_leaves_the_rest() -> None:
    small, since = (
        Column("thing.small", np.int8, "code", "a code"),
        Column("thing.since", np.int16, "month", "a month"),
    )
    count, sum_of = (
        Column("thing.count", np.int16, "count", "a count"),
        Column("thing.sum", np.float64, "EUR", "a sum"),
    )
    table = Table("thing", (X, LINK, small, since, count, sum_of), 2)
    three = np.arange(1, 4)
    given = {"x": three / 2, "small": three + 6, "count": -three, "sum": three * 1e9}
    sheet = table.sheet(given, {"since": three * 4})
    table.add([1, 2], (10, np.array([2, 0]), *sheet))
    table.add([3])
    assert table.x.tolist() == [1.5, 0.5, 0.5]
    assert table.small.tolist() == [9, 7, 0]
    assert table["count"].tolist() == [-3, -1, 0]
    assert table.sum.tolist() == [3e9, 1e9, 0]
    assert table.since.tolist() == [-2, 6, 0]
    assert table.link.tolist() == [-1, -1, -1]


def test_growth_copies_and_pickles_keep_values_locks_and_defaults() -> None:
    table = Table("thing", (X, LINK), 1)
    table.add([1])
    table.x[:] = 2
    table.add(np.arange(10, 30))
    assert table.x.tolist() == [2] + [0.5] * 20
    other = pickle.loads(pickle.dumps(table))
    other.x[0] = 9
    more = other.add(np.arange(50, 90))
    assert other.x[0] == 9
    assert np.all(other.x[more] == 0.5)
    assert np.all(other.link[more] == -1)
    assert table.x[0] == 2


def test_rows_are_neither_given_nor_freed_by_who_does_not_own_every_column() -> None:
    world = World((X, LINK))
    table = world.thing
    rows = table.add([1, 2])
    with guarded(world, [X]):
        with pytest.raises(ValueError, match="sealed"):
            table.add([3])
        with pytest.raises(ValueError, match="sealed"):
            table.release(rows)
    assert len(table) == 2
    with guarded(world, [X, LINK]):
        table.release(rows)
    assert len(table) == 0


def test_a_row_named_twice_is_not_released() -> None:
    table = Table("thing", (X,), 4)
    rows = table.add([1, 2, 3])
    for wrong in ([0, 0], [2, 1, 2], [3]):
        with pytest.raises((ValueError, IndexError)):
            table.release(np.array(wrong, dtype=np.int32))
    table.release(rows[::-1])
    assert len(table) == 0
