"""Compiled loops of tables and lifecycle against the plain formula."""

import numpy as np
import pytest

from wijksim.kernel import exit_loops, member_loops
from wijksim.state.codes import Role
from wijksim.state.row_loops import bury, receive
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import PLAIN

RNG = np.random.default_rng(3)
SIZE, HOMES = 400, 120


def test_rows_given_hold_defaults_and_no_others_are_touched() -> None:
    kinds = (np.int8, np.int16, np.float32, np.float64)
    memory = np.empty(sum(SIZE * np.dtype(kind).itemsize for kind in kinds), np.uint8)
    rows, begin, places, wanted, columns = np.array([5, 2, 399], np.int32), 0, [], [], []
    for kind in reversed(kinds):
        column = memory[begin : begin + SIZE * np.dtype(kind).itemsize].view(kind)
        column[:] = RNG.integers(0, 9, SIZE)
        default = np.array([-1], kind)
        bits = int(default.view(f"u{default.itemsize}")[0])
        places.append((default.itemsize, begin // default.itemsize, np.uint64(bits).view(np.int64)))
        expected = column.copy()
        expected[rows] = default
        wanted.append(expected)
        columns.append(column)
        begin += column.nbytes
    alive, uid, ids = np.zeros(SIZE, bool), np.zeros(SIZE, np.uint64), np.array([7, 8, 9], np.uint64)
    given, spare = np.empty(3, np.int32), np.array([5, 2, 11, 12, 0], np.int32)
    held = alive, uid, spare, memory, np.array(places)
    receive(*held, 2, 4, 399, given, ids, *PLAIN)
    assert given.tolist() == rows.tolist()
    assert spare[:2].tolist() == [11, 12]
    for column, expected in zip(columns, wanted, strict=True):
        np.testing.assert_array_equal(column, expected)
    assert np.flatnonzero(alive).tolist() == sorted(rows.tolist())
    assert uid[rows].tolist() == ids.tolist()
    for column in columns:
        column[:] = 1
    assert bury(*held, 2, rows)
    assert not alive.any()
    assert spare.tolist() == [11, 12, *rows.tolist()]
    for column in columns:
        assert np.flatnonzero(column == np.array(-1).astype(column.dtype)).tolist() == sorted(rows.tolist())


@pytest.mark.parametrize("rows", [[1, 3, 1], [1, 2]])
def test_a_refused_release_changes_nothing(rows: list[int]) -> None:
    alive = np.array([True, True, False, True])
    memory = np.arange(4, dtype=np.uint8)
    before, held = alive.copy(), memory.copy()
    columns, uid, spare = np.array([[1, 0, 0]]), np.zeros(4, np.uint64), np.empty(0, np.int32)
    assert not bury(alive, uid, spare, memory, columns, 0, np.array(rows, np.int32))
    np.testing.assert_array_equal(alive, before)
    np.testing.assert_array_equal(memory, held)


def test_who_goes_goes_the_own_way_before_that_of_the_household() -> None:
    alive = RNG.random(SIZE) < 0.9
    household = np.where(alive, RNG.integers(0, HOMES, SIZE), -1).astype(np.int32)
    way = np.append(RNG.integers(-1, 3, HOMES), -1).astype(np.int8)
    own = RNG.integers(-1, 3, SIZE).astype(np.int8)
    posts, lines, homes, ways = [], [], [], []
    for fate in (0, 1, 2):
        posts.append(np.flatnonzero(own == fate).astype(np.int32))
        lines.append((posts[-1].size, fate))
        homes.append(np.flatnonzero(way == fate).astype(np.int32))
        ways.append((homes[-1].size, fate))
    # who is named again goes the way named first
    posts.append(posts[0][:5])
    lines.append((5, 2))
    rows, fates = np.empty(SIZE, np.int32), np.empty(SIZE, np.int8)
    count = exit_loops.leavers(
        np.concatenate([*posts, *homes]), np.array([*lines, *ways]).T.copy(), len(posts), HOMES, rows, fates, alive,
        household,
    )  # fmt: skip
    fate = np.where(alive, np.where(own >= 0, own, way[household]), -1)
    np.testing.assert_array_equal(rows[:count], np.flatnonzero(fate >= 0))
    np.testing.assert_array_equal(fates[:count], fate[fate >= 0])


def test_the_activity_of_the_highest_rank_counts_and_the_first_is_what_was() -> None:
    alive = np.array([True, True, False, True])
    activity = np.array([1, 2, 3, 4], dtype=np.int8)
    residents = np.array([3, 0, 2, 0, 1, 1], dtype=np.int32)
    wanted, rank = np.array([[1] * 6, [5, 6, 7, 8, 2, 6]]), np.arange(9, dtype=np.int8)
    rank[2] = 10  # beats what is asked for later
    since, uid = np.zeros(4, np.int16), np.arange(10, 14, dtype=np.uint64)
    changed, names, (before, after) = np.empty(6, np.int32), np.empty(6, np.uint64), np.empty((2, 6), np.int8)
    count = exit_loops.become(
        residents, wanted, rank, 9, changed, names, before, after, alive, activity, since, uid
    )
    assert activity.tolist() == [8, 2, 3, 5]
    assert (changed[:count].tolist(), before[:count].tolist()) == ([0, 3], [1, 4])
    assert (names[:count].tolist(), after[:count].tolist()) == ([10, 13], [8, 5])
    assert since.tolist() == [9, 0, 0, 9]


def test_heads_are_appointed_as_by_sorting() -> None:
    household = RNG.integers(0, HOMES, SIZE).astype(np.int32)
    role = RNG.choice([Role.PARTNER, Role.CHILD, Role.OTHER], SIZE).astype(np.int8)
    role[RNG.random(SIZE) < 0.1] = Role.HEAD
    age = RNG.integers(0, 40, SIZE).astype(np.int16)
    born = RNG.integers(-30, 0, SIZE).astype(np.int16)
    rows = np.arange(SIZE, dtype=np.int32)
    expected = role.copy()
    orphans = []
    for home in range(HOMES):
        here = rows[household == home]
        if here.size == 0 or (role[here] == Role.HEAD).any():
            continue
        first = min(here, key=lambda r: (age[r] < ADULT_AGE, role[r] != Role.PARTNER, born[r], r))
        if age[first] >= ADULT_AGE:
            expected[first] = Role.HEAD
        else:
            orphans += here.tolist()
    out = np.empty(SIZE, np.int32)
    count = member_loops.appoint(rows, household, role, age, born, np.full(HOMES, -1, np.int32), out)
    assert orphans, "the case of minors without an adult does not occur"
    np.testing.assert_array_equal(role, expected)
    assert out[:count].tolist() == sorted(orphans)


def test_references_to_the_gone_are_dropped() -> None:
    gone = np.array([False, True, False, False])  # the last place is spare
    column = np.array([0, 1, 2, -1, 1], dtype=np.int32)
    exit_loops.forget((column,), gone)
    assert column.tolist() == [0, -1, 2, -1, -1]
