"""An income requirement turns away the lowest incomes who are new to the region, and looks at nothing else."""

from __future__ import annotations

import numpy as np

from tests.levers.test_allocation_mixing import loaded
from tests.mechanisms.housing_city import city
from wijksim.kernel import derive
from wijksim.kernel.lever import Target, Window
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.kernel.strategy import rule_of
from wijksim.levers.allocation.income_requirement import HOUSING_PERMIT, IncomeRequirement
from wijksim.mechanisms.housing import Housing
from wijksim.strategies.allocation_income_required import IncomeRequired

STRICT = {"steered_share": 1.0, "long_resident": 0.3, "ramp": 0.0}


def run(lever, months=24):
    """Run housing; return the context, districts of all lettings, whether they were steered, and the euros booked."""
    ctx = loaded(1800)
    ctx.ledger.declare(HOUSING_PERMIT)
    housing = Housing()
    lifecycle = Lifecycle((housing.enter,))
    districts, steered, booked = [], [], 0.0
    for _ in range(months):
        ctx.log.clear()
        ctx.ledger.clear()
        ctx.effects.clear()
        derive.ages(ctx.world, ctx.month)
        if lever is not None:
            lever.step(ctx)
        ctx.strategies = {kind: rule_of(chosen) for kind, chosen in ctx.effects.choices().items()}
        booked += sum(float(amount.sum()) for amount in ctx.ledger.month.values())
        housing.step(ctx)
        rows = ctx.world.letting.rows
        districts.append(ctx.world.letting.district[rows].copy())
        steered.append(ctx.world.letting.steered[rows].copy())
        lifecycle.apply(ctx)
        ctx.world.end_month()
        ctx.month += 1
    return ctx, np.concatenate(districts), np.concatenate(steered), booked


def rank_of(long_resident, share=1.0):
    ctx = city(dwellings=300)
    n = 4000
    vacancies = {
        "steering": np.array([0.5]), "quota": np.zeros(1), "district": np.zeros(1, int), "complex": np.zeros(1, int),
    }  # fmt: skip
    candidates = {
        "seniority": np.linspace(-100, 0, n)[None],
        "fifth": np.tile([0, 0, 1, 4], n // 4)[None],
        "priority": np.tile([False, True, False, False], n // 4)[None],
        "uid": np.arange(n, dtype=np.uint64)[None],
    }
    rule = IncomeRequired({"steered_share": share, "long_resident": long_resident})
    return np.isinf(rule.rank(ctx, vacancies, candidates)[0]), candidates


def test_who_is_turned_away():
    barred, candidates = rank_of(0.6)
    could = (candidates["fifth"][0] == 0) & ~candidates["priority"][0]
    assert not barred[~could].any()
    assert abs(barred[could].mean() - 0.4) < 0.05
    fewer, _ = rank_of(0.9)
    # who is exempt stays exempt when more are
    assert not fewer[~barred].any()
    assert not rank_of(1.0)[0].any()
    assert not rank_of(0.0, share=0.2)[0].any()


def test_fewer_of_the_lowest_incomes_come_and_they_stay_seekers():
    null, _, none, free = run(None)
    strict, _, steered, paid = run(IncomeRequirement(STRICT))
    assert not none.any()
    assert free == 0
    assert steered.mean() > 0.9
    lowest = [(ctx.world.stores["housing.rest"].fifth[0, 0]) for ctx in (null, strict)]
    assert lowest[1] > lowest[0], "those turned away are housed in the rest of the city"
    assert strict.world.seeker.passed_over.max() > 0
    assert strict.world.stores["housing.rest"].error() < 1e-6
    each = 100 * 1.033
    assert paid > 0
    assert abs(paid / each - round(paid / each)) < 1e-6


def test_only_where_and_when_it_is_in_force():
    north = Target(districts=("north",))
    _, where, steered, _ = run(IncomeRequirement(STRICT, target=north, window=Window(6)), 12)
    assert set(where[steered].tolist()) == {0}
    _, _, before, _ = run(IncomeRequirement(STRICT, window=Window(12)), 12)
    assert not before.any()
