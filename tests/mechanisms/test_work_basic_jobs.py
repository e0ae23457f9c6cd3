"""Basic jobs: places are conserved, clocks are kept, deadweight is what would have happened anyway."""

import numpy as np
import pytest

from tests.mechanisms.labour_world import all_adults, neutral, only_rates, put, set_value, work_world
from wijksim.kernel import derive
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.mechanisms.work import basic_jobs, flows, wages
from wijksim.mechanisms.work.process import Work
from wijksim.state.codes import Activity
from wijksim.state.guard import guarded


def basic_world(dwellings=300, *, keep=(), seed=1):
    """Everybody long on assistance and alone; only the rates in ``keep`` are at work."""
    ctx = work_world(dwellings, seed=seed)
    neutral(ctx, "work")
    only_rates(ctx, "work", keep=keep)
    rows = all_adults(ctx, Activity.ASSISTANCE)
    ctx.world.resident.assistance_clock[rows] = 48
    return ctx, rows


def month(ctx, places, *, offer=True):
    """One month in which every district has ``places`` and everybody on assistance gets an offer."""
    ctx.effects.clear()
    ctx.log.clear()
    ctx.ledger.clear()
    table = ctx.world.resident
    if offer:
        rows = np.flatnonzero(table.activity == Activity.ASSISTANCE).astype(np.int32)
        ctx.effects.request("basic-job", "work", basic_jobs.OFFER, {"residents": rows})
    ctx.effects.fund("basic-job", basic_jobs.CAPACITY, np.broadcast_to(np.asarray(places, float), 3).copy())
    derive.ages(ctx.world, ctx.month)
    work = Work()
    with guarded(ctx.world, Work.owns):
        work.step(ctx)
    Lifecycle((work.enter,)).apply(ctx)
    ctx.month += 1


def held(ctx):
    table = ctx.world.resident
    rows = np.flatnonzero(table.activity == Activity.BASIC_JOB)
    return np.bincount(table.basic_district[rows], minlength=3)


def test_places_are_filled_and_never_exceeded():
    ctx, rows = basic_world()
    for places in (5, 5, 9.9, 12):
        month(ctx, places)
        assert held(ctx).tolist() == [int(places)] * 3
    table = ctx.world.resident
    placed = rows[table.activity[rows] == Activity.BASIC_JOB]
    assert np.all(table.wants_work[placed])
    assert np.array_equal(table.basic_district[placed], table.district[placed])
    assert np.all(table.wage[placed] == np.float32(wages.basic_job_wage(ctx)))
    assert ctx.counters.sums["basic_job.placed"] == placed.size


def test_no_more_places_than_people_who_want_them():
    ctx, rows = basic_world()
    month(ctx, 1000)
    wanting = ctx.world.resident.wants_work[rows]
    assert held(ctx).sum() == np.count_nonzero(wanting)


def test_without_funds_or_offers_nothing_happens():
    ctx, _ = basic_world()
    month(ctx, 0)
    month(ctx, 20, offer=False)
    assert held(ctx).sum() == 0
    assert set(ctx.ledger.month) <= {"wages"}
    assert not any(amount.any() for amount in ctx.ledger.month.values())


def test_when_funding_shrinks_the_last_to_come_go_and_keep_their_clock():
    ctx, rows = basic_world()
    table = ctx.world.resident
    month(ctx, 4)
    first = np.flatnonzero(table.activity == Activity.BASIC_JOB)
    for _ in range(3):
        month(ctx, 4)
    month(ctx, 10)
    before = table.assistance_clock.copy()
    month(ctx, 4, offer=False)
    assert np.array_equal(np.flatnonzero(table.activity == Activity.BASIC_JOB), first)
    month(ctx, 0, offer=False)
    assert held(ctx).sum() == 0
    assert np.all(table.activity[rows] == Activity.ASSISTANCE)
    assert np.array_equal(table.assistance_clock[first], before[first])
    assert not table.wage[first].any()
    assert ctx.counters.sums["basic_job.ended_with_funding"] == 30
    assert ctx.counters.sums["basic_job.placed"] == 30


def test_costs_are_places_filled_times_price():
    ctx, _ = basic_world()
    month(ctx, [5, 0, 3])
    total = sum(ctx.values[f"work.basic_job_{part}_cost"] for part in ("wage", "charges", "support"))
    assert total == pytest.approx(32_000)  # WRK-03
    booked = sum(ctx.ledger.month.get(item.name, 0.0) for item in Work.costs)
    in_2024 = ctx.values["prices.cpi_2023"]  # priced in euros of 2023, booked in those of the accounts
    assert booked == pytest.approx(np.array([5, 0, 3]) * total * in_2024 / 12)
    by_party = ctx.ledger.by_party(3)
    assert sum(by_party.values()) == pytest.approx(ctx.ledger.resource_cost(3))


def test_moves_to_regular_work_follow_the_published_rate():
    ctx, rows = basic_world(600, keep=("basic_job_to_work",))
    set_value(ctx, "work.basic_job_to_work_rate", 0.045)
    month(ctx, 1000)
    start = held(ctx).sum()
    for _ in range(24):
        month(ctx, 1000, offer=False)
    left = start - held(ctx).sum()
    assert left / start == pytest.approx(1 - np.exp(-0.09), abs=0.035)
    assert ctx.counters.sums["basic_job.moved_on"] == left
    table = ctx.world.resident
    assert np.count_nonzero(table.activity[rows] == Activity.EMPLOYED) == left


def test_drop_outs_return_to_assistance_and_places_are_filled_again():
    ctx, rows = basic_world(600, keep=("basic_job_drop_out",))
    set_value(ctx, "work.basic_job_drop_out_rate", 0.6)
    for _ in range(12):
        month(ctx, 10)
        assert held(ctx).tolist() == [10, 10, 10]
    assert ctx.counters.sums["basic_job.dropped_out"] > 5
    assert np.count_nonzero(ctx.world.resident.activity[rows] == Activity.ASSISTANCE) == rows.size - 30


def test_deadweight_is_exactly_who_leaves_for_work_in_the_world_without_places():
    """With common luck, the flagged are those who find work in the paired run without basic jobs."""
    months = 36
    runs = []
    for places in (0, 15):
        ctx, rows = basic_world(300, keep=("exit_rate",), seed=7)
        put(ctx, work__exit_work_share=1.0)
        set_value(ctx, "work.exit_rate_long", 0.3)
        ctx.month = 1
        for _ in range(months):
            month(ctx, places if ctx.month > 1 else 0)
        runs.append((ctx, rows))
    null, with_jobs = runs[0][0].world.resident, runs[1][0].world.resident
    rows = runs[0][1]
    first_placed = np.flatnonzero(with_jobs.activity[rows] == Activity.BASIC_JOB)
    placed = rows[first_placed]
    assert placed.size == 45
    found_anyway = null.activity[placed] == Activity.EMPLOYED
    assert np.array_equal(with_jobs.would_have_left[placed], found_anyway)
    assert 0.3 < found_anyway.mean() < 0.9
    assert runs[1][0].counters.sums["basic_job.would_have_found_work"] == found_anyway.sum()


def test_those_who_want_to_work_are_a_sixth_of_the_long_term():
    """LAB-35: they leave sooner, so that their share falls with the months on assistance."""
    ctx = work_world(600)
    share = ctx.values["work.wants_share"]
    ratio = ctx.values["work.exit_wants_ratio"]
    work_part = ctx.values["work.exit_work_share"]
    mean = share * ratio + (1 - share)
    stay = {}
    for wants in (0, 1):
        to_work = work_part * (ratio if wants else 1) / mean
        rates = [
            ctx.values[f"work.exit_rate_{piece}"] * (to_work + 1 - work_part)
            for piece in ("early", "mid", "long")
        ]
        stay[wants] = np.exp(-rates[0] / 2 - rates[1] * 2.5) / (rates[2] + 0.036)
    long_term = share * stay[1] / (share * stay[1] + (1 - share) * stay[0])
    assert long_term == pytest.approx(0.16, abs=0.05)


def test_a_new_world_begins_sorted():
    ctx = work_world(30)
    shares = flows.wanting_after(ctx, np.array([0, 12, 60, 240]))
    assert shares[0] == pytest.approx(ctx.values["work.wants_share"])
    assert np.all(np.diff(shares) < 0)
    assert 0.1 < shares[2] < 0.2
