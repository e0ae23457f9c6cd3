"""The initial network: numbers, clustering, likeness and the network's own bookkeeping."""

import time

import numpy as np
import pytest
from tests.mechanisms.test_contacts import check_ties, strengths, world

from wijksim.build.tie_loops import acquaint
from wijksim.build.ties import initial_ties
from wijksim.core.rng import Draws
from wijksim.mechanisms.contacts import export, people
from wijksim.mechanisms.contacts.people import Focus
from wijksim.state.network import Network


@pytest.fixture(scope="module")
def town():
    return world(3000)


def test_ties_are_sound(town):
    check_ties(town)
    grown = people.adults(town)
    assert grown[town.world.ties.a].all()
    assert grown[town.world.ties.b].all()


def test_degree_and_strong_ties_are_on_target(town):
    degree = town.world.resident.ties[people.adults(town)]
    wanted = town.values["contacts.weak_mean"] + town.values["contacts.strong_mean"]
    assert degree.mean() == pytest.approx(wanted, rel=0.03)  # H817 and H818
    strong = 2 * np.mean(town.world.ties.strength >= town.values["contacts.strong"]) * len(town.world.ties)
    assert 0.7 < strong / degree.size < 2  # 1.5 in a built city; entrances are small here
    # more spread than chance (Poisson) would give: few connectors, many with little
    assert degree.var() > 1.8 * degree.mean()


def ties_by_duration(ctx, first, last):
    """Mean number of ties of adults who have lived where they do from ``first`` to, not including, ``last`` months."""
    resident, household = ctx.world.resident, ctx.world.household
    months = ctx.month - household.moved_in[resident.household]
    return resident.ties[people.adults(ctx) & (months >= first) & (months < last)].mean()


def test_who_came_lately_knows_few_and_fewer_the_longer_it_takes(town):
    durations = ((0, 24), (24, 60), (60, 120), (120, 1000))
    new, some, many, old = (ties_by_duration(town, *one) for one in durations)
    assert new < some < many < old
    assert new < old / 4
    soon = world(3000, start_half_life=24)
    parts = [ties_by_duration(one, 0, 24) / ties_by_duration(one, 120, 1000) for one in (town, soon)]
    assert parts[0] < parts[1] < 1
    assert len(soon.world.ties) == pytest.approx(len(town.world.ties), rel=0.04)


def test_clustering_is_on_target_and_comes_from_closing_wedges(town):
    assert export.clustering(town.world) == pytest.approx(0.35, abs=0.05)  # H819
    open_ = world(3000, triadic_share=0.0)
    assert export.clustering(open_.world) < export.clustering(town.world) - 0.05
    assert len(open_.world.ties) == pytest.approx(len(town.world.ties), rel=0.03)


def test_foci_have_their_shares(town):
    share = np.bincount(town.world.ties.layer, minlength=len(Focus)) / len(town.world.ties)
    assert share[Focus.ENTRANCE] == pytest.approx(0.47, abs=0.04)
    assert share[Focus.COMPLEX] == pytest.approx(0.16, abs=0.03)
    assert share.min() > 0.005
    resident, household, net = town.world.resident, town.world.household, town.world.ties
    home_a, home_b = resident.household[net.a], resident.household[net.b]
    near = net.layer == Focus.ENTRANCE
    assert np.array_equal(household.entrance[home_a[near]], household.entrance[home_b[near]])
    school = net.layer == Focus.SCHOOL
    assert np.all(household.children[home_a[school]] > 0)
    assert np.all(household.children[home_b[school]] > 0)
    assert np.array_equal(household.district[home_a], household.district[home_b])


def test_alike_with_alike_and_blind_at_weight_zero(town):
    alike = export.assortativity(town.world, town.world.resident.milieu)
    assert alike > 0.1
    blind = world(3000, homophily_milieu=0.0)
    noise = 3 / np.sqrt(3 * len(blind.world.ties))
    assert abs(export.assortativity(blind.world, blind.world.resident.milieu)) < noise


def test_same_seed_same_network(town):
    again = world(3000)
    assert strengths(again) == strengths(town)


def test_a_childless_world_has_a_network_and_one_without_adults_has_none():
    ctx = world(60)
    ctx.month += 1
    ctx.world.ties = Network("resident")
    ctx.world.household.children[:] = 0
    initial_ties(ctx)
    assert len(ctx.world.ties) > 0
    assert not np.any(ctx.world.ties.layer == Focus.SCHOOL)
    ctx.world.ties = Network("resident")
    ctx.month += 1  # luck is drawn once a month
    ctx.world.resident.birth_month[:] = 0
    ctx.world.resident.age[:] = 1
    initial_ties(ctx)
    assert len(ctx.world.ties) == 0


@pytest.mark.slow
def test_twelve_thousand_residents_take_a_fraction_of_a_second():
    ctx = world(6000)
    ctx.draws = Draws(1)  # without the audit of draws
    best = np.inf
    for _ in range(3):
        ctx.world.ties = Network("resident")
        ctx.month += 1
        start = time.process_time()
        initial_ties(ctx)
        best = min(best, time.process_time() - start)
    assert best < 0.5


# ------------------------------------------------------------------------- the network itself
def pairs(net):
    return set(zip(net.a.tolist(), net.b.tolist(), strict=True))


def test_adding_leaves_out_doubles_and_self_and_keeps_blocks():
    net = Network("resident")
    first = np.array([5, 2, 5, 7, 1], dtype=np.int32)
    second = np.array([2, 5, 5, 1, 3], dtype=np.int32)
    phase = np.array([2, 0, 0, 0, 1])
    made = net.add(first, second, np.arange(5) / 10, np.arange(5), phase=phase)
    assert pairs(net) == {(2, 5), (1, 7), (1, 3)}
    assert sorted(made.tolist()) == [0, 3, 4]
    assert net.phase.tolist() == [0, 1, 2]
    again = net.add(second, first, np.ones(5), np.zeros(5), phase=1)
    assert again.size == 0
    net.add(np.array([9]), np.array([8]), np.array([0.5]), np.array([1]), phase=1)
    assert net.phase.tolist() == [0, 1, 1, 2]
    assert net.block(1) == slice(1, 3)
    assert (int(net.a[2]), int(net.b[2])) == (8, 9)
    assert net.strength[net.block(2)].tolist() == [0.0]


def test_has_drop_and_of():
    net = Network("resident")
    net.add(np.array([0, 1, 2, 3]), np.array([4, 4, 4, 5]), np.ones(4), np.zeros(4))
    assert net.has(np.array([4, 4, 5]), np.array([0, 3, 3])).tolist() == [True, False, True]
    mask = np.zeros(6, dtype=bool)
    mask[4] = True
    assert net.of(mask).size == 3
    net.drop(np.array([1]))
    assert pairs(net) == {(0, 4), (2, 4), (3, 5)}
    net.drop_rows(mask)
    assert pairs(net) == {(3, 5)}
    assert net.degree(6).tolist() == [0, 0, 0, 1, 0, 1]
    assert net.spread(np.arange(6), 6).tolist() == [0, 0, 0, 5, 0, 3]


def test_a_network_keeps_what_a_dictionary_keeps_through_making_and_losing():
    rng = np.random.default_rng(0)
    net, known = Network("resident"), {}
    for step in range(60):
        size = int(rng.integers(0, 60))
        ends = np.sort(rng.integers(0, 40, (2, size)), axis=0)
        strength = rng.random(size).astype(np.float32)
        phase = rng.integers(0, 4, size) if step % 2 else int(rng.integers(0, 4))
        made = net.add(ends[1], ends[0], strength, np.ones(size), phase=phase)
        for tie in made.tolist():
            pair = tuple(ends[:, tie].tolist())
            assert pair not in known
            known[pair] = (float(strength[tie]), int(np.broadcast_to(phase, size)[tie]))
        assert all(tuple(pair) in known for pair in ends.T.tolist() if pair[0] != pair[1])
        lost = rng.permutation(len(net))[: int(rng.integers(0, len(net) // 2 + 1))]
        for tie in lost.tolist():
            del known[int(net.a[tie]), int(net.b[tie])]
        net.drop(lost)
        state = zip(net.strength.tolist(), net.phase.tolist(), strict=True)
        assert dict(zip(zip(net.a.tolist(), net.b.tolist(), strict=True), state, strict=True)) == known
        for number in range(5):
            assert np.all(net.phase[net.block(number)] == number)
            assert net.strength[net.block(number)].size == np.count_nonzero(net.phase == number)


def test_who_knows_whom_is_sorted_and_triangles_are_counted():
    rng = np.random.default_rng(0)
    size = 60
    pairs = np.flatnonzero(np.triu(rng.random((size, size)) < 0.1, 1))
    rng.shuffle(pairs)
    first, second = (ends.astype(np.int32) for ends in np.divmod(pairs, size))
    starts, ends = np.empty(size + 1, np.int64), np.empty(2 * pairs.size, np.int32)
    triangles = np.empty(size, np.int64)
    acquaint(first, second, starts, ends, np.empty(max(size, ends.size), np.int32), triangles)
    tied = np.zeros((size, size), np.int64)
    tied[first, second] = tied[second, first] = 1
    assert [ends[starts[row] : starts[row + 1]].tolist() for row in range(size)] == [
        np.flatnonzero(line).tolist() for line in tied
    ]
    assert triangles.tolist() == ((tied @ tied) * tied).sum(axis=1).tolist()
