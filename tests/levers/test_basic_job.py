"""The basic-job lever: dose, reach and what it touches."""

import numpy as np
import pytest

from tests.mechanisms.labour_world import all_adults, neutral, only_rates, work_world
from wijksim.kernel import derive
from wijksim.kernel.lever import FORBIDDEN_WORDS, LEVERS, Target, Window
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.levers.work.basic_job import BasicJob
from wijksim.mechanisms.work.process import Work
from wijksim.state.codes import Activity


def long_term_world(dwellings=300):
    ctx = work_world(dwellings)
    neutral(ctx, "work")
    only_rates(ctx, "work")
    rows = all_adults(ctx, Activity.ASSISTANCE)
    ctx.world.resident.assistance_clock[rows] = 48
    ctx.world.resident.trust[rows] = ctx.values["wellbeing.trust_level"]
    return ctx


def advance(ctx, lever, months):
    work = Work()
    lifecycle = Lifecycle((work.enter,))
    for _ in range(months):
        ctx.effects.clear()
        ctx.ledger.clear()
        lever.step(ctx)
        derive.ages(ctx.world, ctx.month)
        work.step(ctx)
        lifecycle.apply(ctx)
        ctx.month += 1


def holders(ctx):
    return int(np.count_nonzero(ctx.world.resident.activity == Activity.BASIC_JOB))


def test_is_registered_with_evidence_and_touches_no_outcome():
    assert LEVERS.get("basic-job") is BasicJob
    assert BasicJob.evidence
    assert BasicJob.grade in "ABCD"
    ctx = long_term_world(60)
    BasicJob().step(ctx)
    touched = ctx.effects.touched() | {f"{owner}.{act}" for _, owner, act, _ in ctx.effects.acts}
    assert touched == {"places.basic_job", "work.offer_basic_job"}
    assert not any(word in name for word in FORBIDDEN_WORDS for name in touched)


def test_25_of_40_places_in_the_first_year():
    lever = BasicJob()
    assert 40 * lever.dose(11) == pytest.approx(25, abs=0.5)  # PT20
    assert lever.dose(30) == 1


def test_strength_zero_leaves_no_trace():
    ctx = long_term_world(60)
    BasicJob({"strength": 0.0}).step(ctx)
    assert not ctx.effects.touched()
    assert not ctx.effects.acts


def test_places_grow_with_the_ramp_and_end_with_the_funds():
    ctx = long_term_world()
    residents = ctx.world.by_district("resident")
    lever = BasicJob({"places_per_1000": 10.0}, window=Window(0, 30))
    numbers = []
    for _ in range(4):
        advance(ctx, lever, 6)
        numbers.append(holders(ctx))
    assert numbers == sorted(numbers)
    assert numbers[-1] == int(np.floor(residents * 0.01 + 1e-6).sum())
    advance(ctx, lever, 6)
    assert holders(ctx) > 0
    advance(ctx, lever, 1)
    assert holders(ctx) == 0
    assert np.all(ctx.world.resident.assistance_clock[ctx.world.resident.rows] >= 48)


def test_only_target_districts_and_only_the_long_term():
    ctx = long_term_world()
    table = ctx.world.resident
    table.assistance_clock[table.rows[::2]] = 12
    lever = BasicJob({"places_per_1000": 10.0, "ramp": 0.0}, target=Target(districts=("middle",)))
    advance(ctx, lever, 1)
    rows = np.flatnonzero(table.activity == Activity.BASIC_JOB)
    assert rows.size > 0
    assert np.all(table.district[rows] == 1)
    assert np.all(table.assistance_clock[rows] >= 36)


@pytest.mark.parametrize("argument", ["coverage", "uptake", "strength", "places_per_1000"])
def test_more_of_it_never_means_fewer_offers_or_places(argument):
    sizes = []
    for value in (0.1, 0.4, 0.9):
        ctx = long_term_world()
        BasicJob({argument: value, "ramp": 0.0}).step(ctx)
        offered = ctx.effects.acts[0][3]["residents"].size
        sizes.append((ctx.effects.funded("places.basic_job", 3).sum(), offered))
    assert sizes == sorted(sizes)
    assert sizes[0] != sizes[-1]


def test_the_distrustful_are_reached_less():
    ctx = long_term_world()
    lever = BasicJob({"ramp": 0.0})
    lever.step(ctx)
    before = set(ctx.effects.acts[0][3]["residents"].tolist())
    ctx.effects.clear()
    ctx.world.resident.trust[:] = 0.1
    lever.step(ctx)
    after = set(ctx.effects.acts[0][3]["residents"].tolist())
    assert after < before


def test_arguments_outside_their_range_are_refused():
    with pytest.raises(ValueError, match="places_per_1000"):
        BasicJob({"places_per_1000": 50.0})
