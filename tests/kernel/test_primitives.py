"""Known answers for the five primitives: event, relaxing state, matching, account, pipeline."""

from __future__ import annotations

import copy
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds import small_world
from wijksim.kernel.account import Account, ConservationError
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.event_loops import powers
from wijksim.kernel.influence import Index, Influence
from wijksim.kernel.matching import fill, rank_order, serve
from wijksim.kernel.pipeline import Pipeline
from wijksim.kernel.reference import Reference
from wijksim.kernel.relax import Relax, logistic, logit, step_fraction
from wijksim.state.column import Column
from wijksim.state.table import Rows

STATE = Column("resident.x", np.float32, "share", "state under test", default=0.5, low=0, high=1)
DRIVER = Column("resident.z", np.float32, "sd", "driver under test")
ZONE = Column("household.zone", np.int8, "code", "code under test")


class Listener:
    def event(self, ctx: Context, event: Event, rows: Rows, p: object, hit: object) -> None:
        pass

    def state(self, ctx: Context, relax: Relax) -> None:
        pass


@pytest.fixture
def ctx() -> Context:
    made = small_world(extra=(STATE, DRIVER, ZONE), dwellings=900, audit=False)
    made.values |= {"rate": 0.6, "high": 2.4, "hr": 3.0, "w": 0.9, "h": 6.0, "level": 0.2, "edge": 40.0}
    made.world.resident.z[:] = np.random.default_rng(5).standard_normal(made.world.resident.size)
    return made


def test_chance_of_an_event_without_influences_is_the_closed_form(ctx: Context) -> None:
    event = Event("t.plain", table="resident", base="rate")
    rows = ctx.world.resident.rows
    assert event.probability(ctx, rows) == pytest.approx(1 - np.exp(-0.6 / 12))


def test_frequency_of_an_event_matches_its_chance(ctx: Context) -> None:
    event = Event("t.freq", table="resident", base="rate", influences=(Influence("resident.z", "hr"),))
    rows = ctx.world.resident.rows
    p = event.probability(ctx, rows)
    hits = np.zeros(ctx.world.resident.size)
    months = 300
    for ctx.month in range(months):
        hits[event.draw(ctx, rows)] += 1
    expected, spread = p.sum() * months, np.sqrt((p * (1 - p)).sum() * months)
    assert abs(hits[rows].sum() - expected) < 4 * spread
    upper = ctx.world.resident.z[rows] > 1
    expected, spread = p[upper].sum() * months, np.sqrt((p * (1 - p))[upper].sum() * months)
    assert abs(hits[rows][upper].sum() - expected) < 4 * spread


def test_thinning_is_exact(ctx: Context) -> None:
    event = Event("t.thin", table="resident", base="rate", influences=(Influence("resident.z", "hr"),))
    rows = ctx.world.resident.rows
    for ctx.month in range(20):
        u = ctx.draws.uniform("t.thin", ctx.world.resident.uid[rows], ctx.month)
        assert event.draw(ctx, rows).tolist() == rows[u < event.probability(ctx, rows)].tolist()


def test_thinning_by_the_domain_of_the_drivers_is_exact_too(ctx: Context) -> None:
    """Drivers that cannot go far lower the highest chance anybody can have, and nobody is missed for it."""
    ctx.values |= {"low": 0.5}
    influences = (Influence("household.zone", "hr", equals=(0, 2)), Influence("resident.x", "low"))
    event = Event("t.domain", table="resident", base="rate", influences=influences)
    ctx.world.household.zone[:] = np.arange(ctx.world.household.size) % 3
    ctx.world.resident.x[:] = np.random.default_rng(3).random(ctx.world.resident.size)
    rows = ctx.world.resident.rows
    factors = event.index.factors(ctx)
    assert float(np.max(event.index.at(ctx, rows))) <= event.index.ceiling(ctx, factors) < 2
    for ctx.month in range(20):
        u = ctx.draws.uniform("t.domain", ctx.world.resident.uid[rows], ctx.month)
        assert event.draw(ctx, rows).tolist() == rows[u < event.probability(ctx, rows)].tolist()


def _long_way(index: Index, ctx: Context, rows: Rows, clip: float, c: float) -> list[float]:
    """Power of every row, with a pass per driver."""
    total, constant = index.weighed(ctx, rows, index.factors(ctx))
    assert total is not None
    power = np.empty(rows.size)
    powers(total, total.dtype.type(constant), clip, c, power)
    return power.tolist()


@pytest.mark.parametrize("wide", [False, True])
def test_drivers_summed_in_one_call_give_the_same_bits(ctx: Context, wide: bool) -> None:
    """Narrow and wide columns, truth, codes, own and linked tables, rows without a link, memory that moves."""
    ctx.values |= {"low": 0.7}
    influences = [
        Influence("resident.z", "hr"),
        Influence("household.zone", "low", equals=(0, 2)),
        Influence("resident.arrived", "hr"),
        Influence("dwelling.rooms", "low"),
        Influence("household.persons", "low"),
        Influence("resident.sex", "hr", equals=1),
        Influence("resident.alone", "low"),
    ]
    influences += [Influence("household.worth", "hr"), Influence("resident.z", "low")] if wide else []
    world, rng = ctx.world, np.random.default_rng(8)
    world.declare(Column("resident.alone", np.bool_, "-", "truth under test"))
    world.declare(Column("household.worth", np.float64, "EUR", "wide column under test"))
    world.resident.alone[:] = rng.random(world.resident.size) < 0.4
    world.household.zone[:] = rng.integers(0, 3, world.household.size)
    world.household.worth[:] = rng.random(world.household.size)
    index = Index("t.sum", "resident", influences, scaled=False)
    rows = world.resident.rows
    world.resident.household[rows[:3]] = world.resident.dwelling[rows[5:7]] = -1
    for several in (rows, rows[::7], rows[:1]):
        short = index.powers(ctx, several, index.factors(ctx), clip=1.5, c=0.25)
        assert np.asarray(short).tolist() == _long_way(index, ctx, several, 1.5, 0.25)
    world.resident.add(np.arange(world.resident.size, dtype=np.uint64) + np.uint64(10**9))
    world.resident.z[:] = rng.standard_normal(world.resident.size)
    for changed in (ctx, copy.deepcopy(ctx)):
        changed.world.resident.z[rows] += 1
        short = index.powers(changed, rows, index.factors(changed), clip=1.5, c=0.25)
        assert np.asarray(short).tolist() == _long_way(index, changed, rows, 1.5, 0.25)


def test_one_offset_for_all_is_that_offset_for_each(ctx: Context) -> None:
    influences = (Influence("resident.z", "hr"),)
    for event in (
        Event("t.one", table="resident", base="rate", influences=influences),
        Event("t.bare", table="resident", base="rate"),
    ):
        rows = ctx.world.resident.rows
        each = np.full(rows.size, 0.7)
        assert np.array_equal(
            event.probability(ctx, rows, offset=0.7), event.probability(ctx, rows, offset=each)
        )
        plain = event.draw(ctx, rows).size
        raised = event.draw(ctx, rows, offset=0.7)
        assert raised.tolist() == event.draw(ctx, rows, offset=each).tolist()
        assert raised.size > plain > 0


@pytest.mark.parametrize("offset", ["none", "one", "each"])
@pytest.mark.parametrize("base", ["rate", Piecewise("resident.age", ("edge",), ("rate", "high"))], ids=str)
def test_one_pass_strikes_whom_steps_that_are_listened_to_do(
    ctx: Context, base: str | Piecewise, offset: str
) -> None:
    influences = (Influence("resident.z", "hr"), Influence("household.zone", "hr", equals=(0, 2)))
    event = Event("t.steps", table="resident", base=base, influences=influences)
    ctx.world.household.zone[:] = np.arange(ctx.world.household.size) % 3
    rows = ctx.world.resident.rows[::2].copy()
    ctx.effects.scale("a", "t.steps", "resident", rows=rows[::3], log_ratio=0.5)
    ctx.effects.prepare(ctx.world, 0.1, 10.0)
    logs = {"none": None, "one": 0.4, "each": np.linspace(-0.5, 0.9, rows.size)}
    for ctx.month in range(12):
        ctx.tracer = None
        hit = event.draw(ctx, rows, lane=1, offset=logs[offset])
        ctx.tracer = Listener()
        assert hit.tolist() == event.draw(ctx, rows, lane=1, offset=logs[offset]).tolist()
        u = ctx.draws.uniform("t.steps", ctx.world.resident.uid[rows], ctx.month, 1)
        assert hit.tolist() == rows[u < event.probability(ctx, rows, offset=logs[offset])].tolist()


def test_an_event_follows_parameters_levers_and_reference_from_one_draw_to_the_next(ctx: Context) -> None:
    """What an event has worked out is kept only for as long as what it follows from stays."""
    event = Event("t.kept", table="resident", base="rate", influences=(Influence("resident.z", "hr"),))
    rows = ctx.world.resident.rows

    def drawn() -> list[int]:
        hit: list[int] = event.draw(ctx, rows).tolist()
        u = ctx.draws.uniform("t.kept", ctx.world.resident.uid[rows], ctx.month)
        assert hit == rows[u < event.probability(ctx, rows)].tolist()
        return hit

    first = drawn()
    ctx.values["rate"] = 6.0
    assert set(drawn()) > set(first)
    ctx.values["rate"] = 0.6
    assert drawn() == first
    ctx.effects.scale("a", "t.kept", "resident", rows=None, log_ratio=1.0)
    ctx.effects.prepare(ctx.world, 0.1, 10.0)
    assert set(drawn()) > set(first)
    ctx.effects.clear()
    ctx.reference.stored["t.kept"] -= 1.0
    ctx.reference.stored["another"] = 0.0
    assert set(drawn()) > set(first)
    ctx.reference = Reference({"t.kept|resident.z": [0.0, 1.0], "t.kept": 5.0})
    assert set(drawn()) < set(first)


def test_influences_do_not_inflate_the_national_rate(ctx: Context) -> None:
    """Mean of the rate over the reference is the base, whatever the spread of the driver (no Jensen inflation)."""
    event = Event("t.norm", table="resident", base="rate", influences=(Influence("resident.z", "hr"),))
    rows = ctx.world.resident.rows
    rate = -np.log1p(-event.probability(ctx, rows)) * 12
    weight = ctx.reference.weights(ctx, "resident")[rows]
    assert (rate * weight).sum() / weight.sum() == pytest.approx(0.6, rel=1e-5)
    assert rate.std() > 0.3


def test_index_is_clipped_and_chances_are_capped(ctx: Context) -> None:
    ctx.values |= {"rate": 30.0, "hr": 50.0}
    event = Event("t.cap", table="resident", base="rate", influences=(Influence("resident.z", "hr"),))
    p = event.probability(ctx, ctx.world.resident.rows)
    assert p.max() == ctx.values["kernel.probability_cap"]
    assert ctx.counters.capped_share()["t.cap"] > 0.1


def test_a_frozen_reference_is_used_and_not_measured_again(ctx: Context) -> None:
    ctx.reference = Reference({"t.ref|resident.z": [1.0, 1.0], "t.ref": 0.25})
    event = Event("t.ref", table="resident", base="rate", influences=(Influence("resident.z", "hr"),))
    rows = ctx.world.resident.rows[:5]
    z = ctx.world.resident.z[rows]
    clip = ctx.values["kernel.hazard_clip"]
    rate = 0.6 * np.exp(np.clip(np.log(3.0) * (z - 1), -clip, clip) - 0.25)
    assert event.probability(ctx, rows) == pytest.approx(1 - np.exp(-rate / 12), rel=1e-5)
    assert ctx.reference.measured_here == []


def test_piecewise_base_reads_ages_and_durations(ctx: Context) -> None:
    event = Event("t.piece", table="resident", base=Piecewise("resident.age", ("edge",), ("rate", "high")))
    rows = ctx.world.resident.rows
    p = event.probability(ctx, rows)
    old = ctx.world.resident.age[rows] >= 40
    assert p[old] == pytest.approx(1 - np.exp(-2.4 / 12))
    assert p[~old] == pytest.approx(1 - np.exp(-0.6 / 12))
    since = Piecewise("resident.activity_since", ("edge",), ("rate", "high"), since=True)
    spell = -ctx.world.resident.activity_since[rows]
    assert np.array_equal(since.values(ctx, "resident", rows), np.where(spell >= 40, 2.4, 0.6))


def test_levers_scale_reached_rows_only_within_their_bounds(ctx: Context) -> None:
    event = Event("t.lever", table="resident", base="rate")
    rows = ctx.world.resident.rows
    before = event.probability(ctx, rows)
    ctx.effects.scale("a", "t.lever", "resident", rows=rows[:3], log_ratio=np.log(0.5))
    ctx.effects.scale("b", "t.lever", "resident", rows=rows[:1], log_ratio=np.log(0.01))
    ctx.effects.prepare(ctx.world, 1 / 3, 3)
    after = event.probability(ctx, rows)
    assert np.array_equal(after[3:], before[3:])
    assert after[1:3] == pytest.approx(1 - np.exp(-0.3 / 12))
    assert after[0] == pytest.approx(1 - np.exp(-0.2 / 12))


def test_loop_off_freezes_the_driver_at_the_start(ctx: Context) -> None:
    event = Event(
        "t.loop", table="resident", base="rate", influences=(Influence("resident.z", "hr", loop="scarcity"),)
    )
    rows = ctx.world.resident.rows
    free = event.probability(ctx, rows)
    ctx.loops.off = frozenset({"scarcity"})
    frozen = event.probability(ctx, rows)
    assert frozen == pytest.approx(free, rel=1e-5)
    ctx.world.resident.z[:] += 1
    assert np.array_equal(event.probability(ctx, rows), frozen)
    ctx.loops.off = frozenset()
    assert np.all(event.probability(ctx, rows) >= frozen)


def test_state_halves_its_distance_in_a_half_life(ctx: Context) -> None:
    state = Relax("resident.x", half_life="h", level="level")
    for _ in range(6):
        state.step(ctx)
    assert ctx.world.resident.x == pytest.approx(0.2 + 0.3 / 2, abs=1e-5)
    assert step_fraction(0) == 1
    assert step_fraction(1) == 0.5


def test_state_target_is_logistic_in_standard_deviations(ctx: Context) -> None:
    state = Relax("resident.x", half_life="h", level="level", influences=(Influence("resident.z", "w"),))
    state.settle(ctx)
    weight = ctx.reference.weights(ctx, "resident")
    z = ctx.world.resident.z.astype(float)
    mean = (weight * z).sum() / weight.sum()
    deviation = np.sqrt((weight * (z - mean) ** 2).sum() / weight.sum())
    expected = logistic(logit(0.2) + 0.9 * (z - mean) / deviation)
    assert ctx.world.resident.x == pytest.approx(expected, abs=1e-5)
    assert 0 < ctx.world.resident.x.min() < ctx.world.resident.x.max() < 1


def test_unbounded_state_keeps_its_unit(ctx: Context) -> None:
    state = Relax(
        "resident.x", half_life="h", level="level", influences=(Influence("resident.z", "w"),), bounded=False
    )
    assert state.target(ctx).min() < 0


def test_driver_of_the_household_is_seen_by_its_members(ctx: Context) -> None:
    ctx.world.household.zone[:] = np.arange(ctx.world.household.size) % 3
    seen = Influence("household.zone", "w", equals=(0, 2)).values(ctx, "resident", slice(None))
    assert np.array_equal(seen, ctx.world.household.zone[ctx.world.resident.household] != 1)


amounts = st.lists(st.floats(0, 50), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None)
@given(amounts, st.integers(1, 4), st.integers(0, 10**6))
def test_serving_never_exceeds_capacity_and_never_skips_a_better_claim(
    wanted: list[float], groups: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    n = len(wanted)
    group, score = rng.integers(0, groups, n), rng.integers(0, 4, n)
    capacity, uid = rng.uniform(0, 60, groups), rng.permutation(n).astype(np.uint64)
    ask = np.array(wanted)
    granted = serve(ask, capacity, group=group, score=score, uid=uid)
    assert np.all((granted >= 0) & (granted <= ask + 1e-9))
    used = np.bincount(group, weights=granted, minlength=groups)
    asked = np.bincount(group, weights=ask, minlength=groups)
    assert used == pytest.approx(np.minimum(capacity, asked), abs=1e-6)
    order = rank_order(score, uid, group)
    for first, second in pairwise(order):
        if group[first] == group[second] and granted[second] > 1e-9:
            assert granted[first] == pytest.approx(ask[first], abs=1e-6)


def test_serving_does_not_depend_on_the_order_of_rows() -> None:
    rng = np.random.default_rng(0)
    ask, group, score = rng.uniform(0, 9, 40), rng.integers(0, 3, 40), rng.integers(0, 3, 40)
    uid = np.arange(40, dtype=np.uint64)
    capacity = np.array([20.0, 30.0, 1.0])
    granted = serve(ask, capacity, group=group, score=score, uid=uid)
    mixed = rng.permutation(40)
    again = serve(ask[mixed], capacity, group=group[mixed], score=score[mixed], uid=uid[mixed])
    assert again == pytest.approx(granted[mixed])


def test_whole_places_go_to_the_highest_ranked() -> None:
    uid = np.arange(5, dtype=np.uint64)
    got = fill([2.9, 0], group=np.array([0, 0, 0, 1, 0]), score=np.array([1, 3, 2, 9, 3]), uid=uid)
    assert got.tolist() == [False, True, False, False, True]


def test_account_notices_what_was_not_booked() -> None:
    account = Account("hours", np.array([10.0, 0.0]))
    account.receive(np.array([5.0, 1.0]))
    account.spend(np.array([3.0, 0.0]))
    account.close(np.array([12.0, 1.0]), tolerance=1e-9)
    with pytest.raises(ConservationError, match="hours"):
        account.close(np.array([12.0, 1.1]), tolerance=1e-9)


def test_pipeline_delivers_when_due_and_in_order() -> None:
    line = Pipeline(dwelling=np.int32)
    line.push(np.array([5, 3]), dwelling=np.array([50, 30]))
    line.push(np.array([4]), dwelling=np.array([40]))
    assert line.pop(2)["dwelling"].size == 0
    assert line.pop(4)["dwelling"].tolist() == [30, 40]
    assert len(line) == 1
    line.drop(np.array([True]))
    assert line.pop(99)["dwelling"].size == 0
    with pytest.raises(ValueError, match="takes"):
        line.push(np.array([1]), household=np.array([1]))
