"""Transitions as one transaction: precedence, conservation, derived columns, heads and orphans."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds import check_structure, small_world
from wijksim.kernel import derive
from wijksim.kernel.context import Context
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.kernel.mechanism import only
from wijksim.kernel.requests import Arrival, Founding
from wijksim.state.codes import Activity, Fate, HouseholdType, Role
from wijksim.state.intake import Intake
from wijksim.state.pool import Pool
from wijksim.state.table import Rows


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int32)


def household_with(ctx: Context, *, children: bool, partner: bool) -> int:
    kind = {
        (True, True): HouseholdType.FAMILY,
        (True, False): HouseholdType.SINGLE_PARENT,
        (False, True): HouseholdType.COUPLE,
        (False, False): HouseholdType.SINGLE,
    }[(children, partner)]
    table = ctx.world.household
    return int(np.flatnonzero(table.alive & (table.type == kind))[0])


def members(ctx: Context, household: int) -> np.ndarray:
    return derive.members(ctx.world, rows(household))


def test_partner_takes_over_when_the_head_dies() -> None:
    ctx = small_world()
    home = household_with(ctx, children=True, partner=True)
    head, partner = ctx.world.household.head[home], members(ctx, home)[1]
    before = ctx.world.household.persons[home]
    ctx.requests.die(rows(head))
    Lifecycle().apply(ctx)
    check_structure(ctx.world)
    assert ctx.world.household.head[home] == partner
    assert ctx.world.resident.role[partner] == Role.HEAD
    assert ctx.world.household.persons[home] == before - 1
    assert ctx.world.household.type[home] == HouseholdType.SINGLE_PARENT


def test_children_left_without_an_adult_leave_and_the_dwelling_falls_vacant() -> None:
    ctx = small_world()
    home = household_with(ctx, children=True, partner=False)
    dwelling = ctx.world.household.dwelling[home]
    children = members(ctx, home)[1:]
    ctx.requests.die(rows(ctx.world.household.head[home]))
    ctx.month = 7
    Lifecycle().apply(ctx)
    check_structure(ctx.world)
    assert not ctx.world.household.alive[home]
    assert not ctx.world.resident.alive[children].any()
    assert ctx.world.dwelling.household[dwelling] == -1
    assert ctx.world.dwelling.vacant_since[dwelling] == 7
    assert np.count_nonzero(ctx.log.column("exits", "fate") == Fate.REST_OF_CITY) == children.size


def test_the_dead_take_no_further_part() -> None:
    ctx = small_world()
    mother = rows(ctx.world.household.head[household_with(ctx, children=False, partner=False)])
    uid = int(ctx.world.resident.uid[mother[0]])
    ctx.requests.die(mother)
    ctx.requests.leave(mother, Fate.LEFT_CITY)
    ctx.requests.become(mother, Activity.EMPLOYED)
    ctx.requests.bear(mother, np.zeros(1, dtype=np.int8))
    before = len(ctx.world.resident)
    Lifecycle().apply(ctx)
    assert len(ctx.world.resident) == before - 1
    assert ctx.log.column("exits", "uid").tolist() == [uid]
    assert ctx.log.column("exits", "fate").tolist() == [Fate.DIED]


def test_retirement_beats_a_job_found_and_a_job_lost() -> None:
    ctx = small_world()
    one = ctx.world.resident.rows[:1]
    ctx.requests.become(one, Activity.RETIRED)
    ctx.requests.become(one, Activity.EMPLOYED)
    ctx.requests.become(one, Activity.UNEMPLOYED)
    ctx.month = 3
    Lifecycle().apply(ctx)
    assert ctx.world.resident.activity[one[0]] == Activity.RETIRED
    assert ctx.world.resident.activity_since[one[0]] == 3


def test_a_birth_joins_the_household_and_its_uid_depends_on_the_mother_alone() -> None:
    uids = []
    for extra in (0, 40):
        ctx = small_world()
        women = ctx.world.resident.rows[ctx.world.resident.role[ctx.world.resident.rows] == Role.HEAD]
        if extra:
            ctx.requests.bear(women[10 : 10 + extra], np.zeros(extra, dtype=np.int8))
        ctx.requests.bear(women[:1], np.ones(1, dtype=np.int8))
        entered: list[tuple[str, str]] = []

        def note(
            c: Context, table: str, r: np.ndarray, how: str, seen: list[tuple[str, str]] = entered
        ) -> None:
            seen.append((table, how))

        Lifecycle((note,)).apply(ctx)
        check_structure(ctx.world)
        assert ("resident", "born") in entered
        uids.append(int(ctx.log.column("births", "uid")[-1]))
    assert uids[0] == uids[1]


def test_moves_conserve_dwellings_and_reach_everybody_in_the_household() -> None:
    ctx = small_world()
    home = household_with(ctx, children=True, partner=True)
    empty = np.flatnonzero(ctx.world.dwelling.household < 0).astype(np.int32)
    target = empty[ctx.world.dwelling.district[empty] != ctx.world.household.district[home]][:1]
    old = ctx.world.household.dwelling[home]
    ctx.requests.relocate(rows(home), target)
    Lifecycle().apply(ctx)
    check_structure(ctx.world)
    assert ctx.world.dwelling.household[old] == -1
    assert np.all(ctx.world.resident.dwelling[members(ctx, home)] == target[0])
    assert ctx.world.household.moved_in[home] == ctx.month


def test_two_moves_to_one_dwelling_are_refused() -> None:
    ctx = small_world()
    empty = np.flatnonzero(ctx.world.dwelling.household < 0).astype(np.int32)
    ctx.requests.relocate(ctx.world.household.rows[:2], empty[[0, 0]])
    with pytest.raises(ValueError, match="claim one dwelling"):
        Lifecycle().apply(ctx)


def test_founding_takes_followers_along() -> None:
    ctx = small_world()
    home = household_with(ctx, children=True, partner=True)
    people = members(ctx, home)
    partner, child = int(people[1]), int(people[2])
    empty = np.flatnonzero(ctx.world.dwelling.household < 0).astype(np.int32)
    ctx.requests.found(Founding(rows(partner), empty[:1], np.array([10**12], np.uint64), {partner: [child]}))
    Lifecycle().apply(ctx)
    check_structure(ctx.world)
    new = ctx.world.resident.household[partner]
    assert new != home
    assert ctx.world.resident.household[child] == new
    assert ctx.world.household.type[new] == HouseholdType.SINGLE_PARENT


def test_union_leaves_one_household_and_one_vacancy() -> None:
    ctx = small_world()
    singles = np.flatnonzero(ctx.world.household.alive & (ctx.world.household.type == HouseholdType.SINGLE))
    stay, move = rows(singles[0]), rows(singles[1])
    vacant = ctx.world.household.dwelling[move[0]]
    ctx.requests.unite(stay, move)
    Lifecycle().apply(ctx)
    check_structure(ctx.world)
    assert not ctx.world.household.alive[move[0]]
    assert ctx.world.dwelling.household[vacant] == -1
    assert ctx.world.household.type[stay[0]] == HouseholdType.COUPLE


def make_pool() -> Pool:
    return Pool(
        "test",
        {},
        {
            "age_months": np.array([480, 470, 100, 300]),
            "role": np.array([Role.HEAD, Role.PARTNER, Role.CHILD, Role.HEAD], np.int8),
            "sex": np.array([0, 1, 0, 1], np.int8),
            "ability": np.array([1, 2, 3, 4], np.float32),
        },
        np.array([0, 3, 4]),
    )


def test_arrivals_copy_their_record_and_get_uids_of_their_own() -> None:
    ctx = small_world()
    ctx.world.pools["test"] = make_pool()
    empty = np.flatnonzero(ctx.world.dwelling.household < 0).astype(np.int32)[:3]
    uids = np.array([10**12, 10**12 + 1, 10**12 + 2], dtype=np.uint64)
    ctx.requests.arrive(Arrival(empty, "test", np.array([0, 1, 0]), uids))
    before = len(ctx.world.resident)
    Lifecycle().apply(ctx)
    check_structure(ctx.world)
    assert len(ctx.world.resident) == before + 7
    new = ctx.log.column("arrivals", "row")
    assert np.unique(ctx.world.resident.uid[new]).size == 7
    assert ctx.world.resident.age[new].tolist() == [40, 39, 8, 25, 40, 39, 8]
    assert ctx.world.resident.ability[new].tolist() == [1, 2, 3, 4, 1, 2, 3]


def test_newcomers_of_several_channels_come_in_one_pass() -> None:
    ctx = small_world()
    ctx.world.pools["test"] = make_pool()
    young = {"age_months": np.array([240]), "role": np.array([Role.HEAD], np.int8)}
    ctx.world.pools["other"] = Pool("other", {"moved_in": np.array([5])}, young, np.array([0, 1]))
    empty = np.flatnonzero(ctx.world.dwelling.household < 0).astype(np.int32)[:3]
    uids = np.array([10**12, 10**12 + 1, 10**12 + 2], dtype=np.uint64)
    ctx.requests.arrive(Arrival(empty[:1], "other", np.array([0]), uids[:1]))
    ctx.requests.arrive(Arrival(empty[1:], "test", np.array([1, 0]), uids[1:]))
    lifecycle = Lifecycle()
    lifecycle.apply(ctx)
    check_structure(ctx.world)
    new = ctx.log.column("arrivals", "row")
    assert ctx.world.resident.age[new].tolist() == [20, 25, 40, 39, 8]
    assert ctx.world.resident.ability[new].tolist() == [
        0,
        4,
        1,
        2,
        3,
    ]  # a column that a channel lacks: the default
    # pools that are exchanged are laid out anew
    ctx.world.pools["test"] = Pool("test", {}, {"age_months": np.array([720])}, np.array([0, 1]))
    del ctx.world.pools["other"]
    home = ctx.world.resident.household[new[:1]]
    ctx.requests.join(home, "test", np.array([0]), np.array([10**13], dtype=np.uint64))
    lifecycle.apply(ctx)
    assert ctx.world.resident.age[ctx.log.column("arrivals", "row")[-1]] == 60


def test_pools_that_differ_in_what_they_know_of_ages_are_refused() -> None:
    ctx = small_world()
    ctx.world.pools["test"] = make_pool()
    ctx.world.pools["other"] = Pool("other", {}, {"sex": np.array([1])}, np.array([0, 1]))
    with pytest.raises(ValueError, match="age_months"):
        Intake(ctx.world)


def test_ties_to_those_who_go_are_cut() -> None:
    ctx = small_world()
    ctx.world.ties.add(rows(0, 1, 2), rows(5, 6, 7), np.ones(3), np.zeros(3))
    ctx.requests.leave(rows(5), Fate.LEFT_CITY)
    Lifecycle().apply(ctx)
    assert sorted(ctx.world.ties.a.tolist()) == [1, 2]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_any_mixture_of_requests_keeps_the_world_whole(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ctx = small_world(dwellings=200)
    lifecycle = Lifecycle()
    ctx.world.pools["test"] = make_pool()
    for month in range(6):
        people, homes = ctx.world.resident.rows, ctx.world.household.rows
        empty = rng.permutation(np.flatnonzero(ctx.world.dwelling.household < 0)).astype(np.int32)
        ctx.requests.die(rng.choice(people, 3, replace=False))
        ctx.requests.leave(rng.choice(people, 2, replace=False), Fate.INSTITUTION)
        ctx.requests.depart(rng.choice(homes, 2, replace=False), Fate.REST_OF_CITY)
        ctx.requests.bear(rng.choice(people, 4, replace=False), np.zeros(4, np.int8))
        chosen = rng.choice(homes, 6, replace=False)
        ctx.requests.unite(chosen[:1], chosen[1:2])
        if empty.size > 3:
            ctx.requests.relocate(chosen[2:3], empty[:1])
            uid = np.array([10**12 + month], dtype=np.uint64)
            ctx.requests.found(Founding(rng.choice(people, 1).astype(np.int32), empty[1:2], uid))
            ctx.requests.arrive(Arrival(empty[2:3], "test", np.array([0]), uid + np.uint64(10**6)))
        before = len(ctx.world.resident)
        ctx.log.clear()
        lifecycle.apply(ctx)
        flows = ctx.log
        balance = flows.column("births", "uid").size + flows.column("arrivals", "uid").size
        assert len(ctx.world.resident) == before + balance - flows.column("exits", "uid").size
        check_structure(ctx.world)
        ctx.world.end_month()
        ctx.month += 1
        derive.ages(ctx.world, ctx.month)


def test_who_hears_of_some_newcomers_only_does_so_through_a_subclass_too() -> None:
    heard: list[tuple[str, str]] = []

    class Some:
        @only(("resident", "born"))
        def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
            heard.append((table, how))

    class All(Some):
        def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
            super().enter(ctx, table, rows, how)

    world = small_world()
    for table, how in (("resident", "born"), ("household", "founded"), ("resident", "arrived")):
        All().enter(world, table, np.empty(0, np.int32), how)
    assert heard == [("resident", "born")]
