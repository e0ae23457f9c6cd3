"""Benefit as wage: what the state pays along with each basic job, and that the law can refuse it."""

import numpy as np
import pytest

from tests.levers.schoolwork import AT_ONCE, act, untouched
from tests.levers.test_basic_job import long_term_world
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.work.basic_job import BasicJob
from wijksim.levers.work.benefit_as_wage import BenefitAsWage
from wijksim.mechanisms.work.process import Work

JOBS = {"places_per_1000": 10.0, "ramp": 0.0}


def month(ctx, lever):
    act(ctx, BasicJob(JOBS), lever)
    Work().step(ctx)
    return ctx.ledger.month.get("benefit_as_wage", np.zeros(3))


def held(ctx):
    table = ctx.world.resident
    return np.bincount(table.basic_district[table.basic_district >= 0], minlength=3)


def test_the_state_pays_the_benefit_of_each_job_to_the_municipality():
    ctx = long_term_world(200)
    bill = month(ctx, BenefitAsWage(AT_ONCE, target=Target(districts=("north", "south"))))
    jobs = held(ctx)
    assert jobs.min() > 0
    euros = indexed(ctx, 2_883, 2018) / 12
    assert bill == pytest.approx(jobs * euros * [1, 0, 1])
    by_party = ctx.ledger.by_party(3)
    assert ctx.ledger.items["benefit_as_wage"].payers == (("state", 1.0),)
    assert ctx.ledger.items["benefit_as_wage"].receivers == (("municipality", 1.0),)
    # a transfer: what one pays the other receives, and nothing is used up by it
    assert sum(by_party.values()) == pytest.approx(ctx.ledger.resource_cost(3))


def test_the_law_can_forbid_it():
    ctx = long_term_world(200)
    assert not month(ctx, BenefitAsWage({**AT_ONCE, "allowed": "no"})).any()
    assert ctx.counters.sums["basic_job.co_finance_refused"] == held(ctx).sum() > 0


def test_nobody_works_more_for_it():
    ends = []
    for strength in (0.0, 1.0):
        ctx = long_term_world(200)
        month(ctx, BenefitAsWage({**AT_ONCE, "strength": strength}))
        ends.append(ctx.world.resident.basic_district.copy())
    assert np.array_equal(*ends)


def test_strength_zero_leaves_no_trace():
    assert untouched(long_term_world(60), BenefitAsWage({"strength": 0.0}))
