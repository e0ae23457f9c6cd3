"""Allocation mixing changes who comes in, at the speed of turnover, and moves the burden elsewhere."""

from __future__ import annotations

import copy
from itertools import pairwise

import numpy as np
import pytest

from tests.mechanisms.housing_city import city
from wijksim.kernel import derive
from wijksim.kernel.lever import FORBIDDEN_WORDS, Target, Window
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.kernel.strategy import rule_of
from wijksim.levers.allocation.allocation_mixing import STEERED_LETTING, AllocationMixing
from wijksim.mechanisms.housing import Housing
from wijksim.mechanisms.housing.support import entrance_share, households_in_need
from wijksim.state.codes import SeekerCategory
from wijksim.strategies.allocation_chronological import Chronological
from wijksim.strategies.allocation_steered import Steered

FULL = {
    "steered_share": 0.5,
    "vulnerable_cap": 0.2,
    "contributor_quota": 0.5,
    "information": 0.9,
    "ramp": 0.0,
}


def loaded(dwellings=900):
    """A city with much turnover and many households that need support, so that caps bind."""
    ctx = city(dwellings=dwellings, values={"move_rate_corporation": 0.3})
    household = ctx.world.household
    household.problem_debt[:] = ctx.draws.life("test.debt", household.uid) < 0.35
    return ctx


def run(lever, months=24, ctx=None):
    """Run housing with a lever (or None); return the context and all lettings with the need behind the entrance."""
    ctx = ctx or loaded()
    ctx.ledger.declare(STEERED_LETTING)
    housing = Housing()
    lifecycle = Lifecycle((housing.enter,))
    made, booked = [], 0.0
    for _ in range(months):
        ctx.log.clear()
        ctx.ledger.clear()
        ctx.effects.clear()
        derive.ages(ctx.world, ctx.month)
        if lever is not None:
            lever.step(ctx)
        ctx.strategies = {kind: rule_of(chosen) for kind, chosen in ctx.effects.choices().items()}
        before = entrance_share(ctx, households_in_need(ctx))
        housing.step(ctx)
        table = ctx.world.letting
        rows = table.rows
        made.append(
            {
                name: table[name][rows].copy()
                for name in ("district", "support", "steered", "dwelling", "kind")
            }
        )
        made[-1]["load"] = before[table.entrance[rows]]
        booked += float(sum(amount.sum() for amount in ctx.ledger.month.values()))
        lifecycle.apply(ctx)
        ctx.world.end_month()
        ctx.month += 1
    return ctx, {name: np.concatenate([part[name] for part in made]) for name in made[0]}, booked


def test_fewer_vulnerable_households_come_where_many_live():
    _, null, _ = run(None, ctx=loaded(1800))
    _, mixed, _ = run(AllocationMixing(FULL), ctx=loaded(1800))
    full = 0.2
    assert not null["steered"].any()
    assert 0.3 < mixed["steered"].mean() < 0.7
    here = mixed["steered"] & (mixed["load"] >= full)
    assert np.count_nonzero(here) > 40
    assert mixed["support"][here].mean() < null["support"][null["load"] >= full].mean() - 0.1


def test_the_burden_goes_elsewhere():
    """Whoever is passed over stays a seeker and is housed in the rest of the city or waits."""
    null, before, _ = run(None, 36, loaded(1800))
    mixed, after, _ = run(AllocationMixing(FULL), 36, loaded(1800))
    assert after["support"].sum() < before["support"].sum()

    def elsewhere(ctx):
        seeker = ctx.world.seeker
        return ctx.world.stores["housing.rest"].support[0] + seeker.support[seeker.rows].sum()

    assert elsewhere(mixed) > elsewhere(null)
    assert mixed.world.seeker.passed_over.max() > 0
    assert mixed.world.stores["housing.rest"].error() < 1e-6


def test_at_strength_zero_nothing_is_different():
    null, first, _ = run(None, 8)
    zero, second, booked = run(AllocationMixing({**FULL, "strength": 0.0}), 8)
    assert booked == 0
    for name in first:
        assert np.array_equal(first[name], second[name])
    for name, table in null.world.tables.items():
        for attribute in table.columns:
            assert np.array_equal(table[attribute], zero.world.tables[name][attribute]), (name, attribute)


def test_a_strategy_by_registration_date_is_the_default():
    null, first, _ = run(None, 6)
    ctx = loaded()
    ctx.strategies = {"allocation": Chronological()}
    housing, lifecycle = Housing(), Lifecycle(())
    lifecycle = Lifecycle((housing.enter,))
    for _ in range(6):
        derive.ages(ctx.world, ctx.month)
        housing.step(ctx)
        lifecycle.apply(ctx)
        ctx.world.end_month()
        ctx.month += 1
    assert np.array_equal(ctx.world.household.uid, null.world.household.uid)
    assert first["district"].size > 0


def test_only_the_target_districts_are_steered():
    lever = AllocationMixing(FULL, target=Target(districts=("north",)))
    _, made, _ = run(lever, 12)
    assert set(made["district"][made["steered"]].tolist()) == {0}
    assert np.any(made["district"] != 0)


def test_nothing_happens_before_the_start():
    _, made, booked = run(AllocationMixing(FULL, window=Window(12)), 12)
    assert not made["steered"].any()
    assert booked == 0


def test_the_dose_makes_the_share_larger_and_contains_the_smaller():
    ctx = city(dwellings=300)
    shares = []
    for strength in (0.0, 0.3, 0.6, 1.0):
        ctx.effects.clear()
        AllocationMixing({**FULL, "strength": strength}).step(ctx)
        chosen = ctx.effects.choices()
        shares.append(chosen["allocation"][0].arguments["steered_share"] if chosen else 0.0)
    assert shares == pytest.approx([0, 0.15, 0.3, 0.5])
    facts = {"steering": np.linspace(0, 1, 50), "district": np.zeros(50, int), "complex": np.zeros(50, int)}
    sets = [Steered({"steered_share": share}).steers(ctx, facts) for share in shares]
    for small, large in pairwise(sets):
        assert np.all(large[small])
        assert large.sum() > small.sum()


def test_steered_lettings_are_paid_for():
    _, made, booked = run(AllocationMixing(FULL), 12)
    each = 400 * 1.033  # euros of 2023 in those of 2024
    assert booked > 0
    assert booked / each == pytest.approx(round(booked / each))
    assert booked / each <= np.count_nonzero(made["steered"]) + 1e-9


def test_it_touches_a_decision_and_no_outcome():
    ctx = city(dwellings=300)
    before = copy.deepcopy(ctx.world)
    AllocationMixing(FULL).step(ctx)
    assert ctx.effects.touched() == {"allocation"}
    assert not any(word in name for name in ctx.effects.touched() for word in FORBIDDEN_WORDS)
    for name, table in ctx.world.tables.items():
        for attribute in table.columns:
            assert np.array_equal(table[attribute], before.tables[name][attribute])


def test_who_is_offered_first():
    ctx = city(dwellings=300)
    vacancies = {
        "steering": np.array([0.1, 0.9]), "quota": np.array([0.1, 0.1]), "district": np.array([0, 0]),
        "complex": np.array([0, 0]), "vulnerable": np.array([0.5, 0.5]),
    }  # fmt: skip
    candidates = {
        "seniority": np.tile([-30.0, -20.0, -10.0, -5.0], (2, 1)),
        "support": np.tile([True, False, False, True], (2, 1)),
        "contributor": np.tile([False, False, True, False], (2, 1)),
        "priority": np.ones((2, 4), bool),
        "uid": np.arange(8, dtype=np.uint64).reshape(2, 4),
    }
    rule = Steered({"steered_share": 0.5, "vulnerable_cap": 0.35, "contributor_quota": 0.5})
    rank = rule.rank(ctx, vacancies, candidates)
    assert np.argsort(rank[0])[:2].tolist() == [2, 1]
    assert np.isinf(rank[0][[0, 3]]).all()
    assert np.argsort(rank[1]).tolist() == [0, 1, 2, 3]
    assert np.array_equal(Chronological().rank(ctx, vacancies, candidates), candidates["seniority"])
    assert SeekerCategory.REGULAR == 0
