"""Integral approach, safe streets to meet in, and shopkeepers on watch."""

import numpy as np
import pytest

from tests.levers.safety_town import WILLING, act, months, people, ratio, town, untouched
from wijksim.kernel import cooperation
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.safety.integral_safety import IntegralSafety
from wijksim.levers.safety.safe_to_meet import SafeToMeet
from wijksim.levers.safety.shopkeepers_watch import ShopkeepersWatch
from wijksim.mechanisms.contacts.people import fear
from wijksim.mechanisms.crime import answers
from wijksim.mechanisms.facilities.columns import Kind
from wijksim.state.column import Column

NORTH = Target(districts=("north",))


@pytest.mark.parametrize("kind", [IntegralSafety, SafeToMeet, ShopkeepersWatch])
def test_strength_zero_leaves_no_trace(kind):
    assert untouched(town(dwellings=200), kind({"strength": 0.0}))


# ---------------------------------------------------------------- integral approach


def test_a_little_of_several_domains_for_those_the_team_knows():
    ctx = town()
    act(
        ctx,
        IntegralSafety(
            {**WILLING, "onset_ratio": 0.9, "end_ratio": 1.1, "recruit_ratio": 0.85}, target=NORTH
        ),
    )
    table = ctx.world.resident
    known = table.alive & (table.age >= 12) & (table.district == 0)
    for rate, level in (
        ("nuisance.onset", 0.9), ("nuisance.onset_other", 0.9), ("nuisance.end", 1.1), ("crime.fringe", 0.85),
    ):  # fmt: skip
        found = ratio(ctx, rate)
        assert found[known] == pytest.approx(level)
        assert found[~known] == pytest.approx(1)
    bill = np.array([known.sum(), 0, 0]) * indexed(ctx, 20, 2023) / 12
    assert ctx.ledger.month["safety_team"] == pytest.approx(bill)


def test_referral_is_better_in_the_district():
    ctx = town()
    usual = cooperation.levels(ctx)[:, 0, 1].copy()
    act(ctx, IntegralSafety({**WILLING, "cooperation_ratio": 2.0}, target=NORTH))
    level = cooperation.levels(ctx)[:, 0, 1]
    assert level[0] / (1 - level[0]) == pytest.approx(2 * usual[0] / (1 - usual[0]))
    assert level[1:] == pytest.approx(usual[1:])


# ---------------------------------------------------------------- safe to meet


def test_odds_of_going_out_rise_for_those_reached():
    """The gate on fear, on the scale of odds: much for who stays in, next to nothing for who is out anyway."""
    ctx = town()
    ctx.world.declare(Column("resident.felt_safety", np.float32, "share", "x"))
    ctx.month = 1  # a world that has been built
    table = ctx.world.resident
    table.felt_safety[:] = np.linspace(0, 1, table.size)
    gates = []
    for lever in (None, SafeToMeet({**WILLING, "odds_ratio": 2.0}, target=NORTH)):
        act(ctx, lever)
        gates.append(1 / (1 + fear(ctx).astype(float)))
    reached = table.alive & (table.age >= 18) & (table.district == 0)
    odds = [gate / (1 - gate) for gate in gates]
    assert (odds[1] / odds[0])[reached] == pytest.approx(2, rel=1e-3)
    assert np.array_equal(gates[0][~reached], gates[1][~reached])
    gain = (gates[1] - gates[0])[reached]
    felt = table.felt_safety[reached]
    assert gain[felt < 0.4].mean() > 2 * gain[felt > 0.8].mean() if (felt > 0.8).any() else gain.min() > 0
    bill = np.array([reached.sum(), 0, 0]) * indexed(ctx, 15, 2023) / 12
    assert ctx.ledger.month["street_hosts"] == pytest.approx(bill)


# ---------------------------------------------------------------- shopkeepers


def shops(ctx, per_district=40):
    """Open shops everywhere, and as many workspaces, which do not count."""
    table = ctx.world.facility
    number = per_district * 2 * 3
    rows = table.add(np.arange(10**6, 10**6 + number).astype(np.uint64))
    table.district[rows] = np.arange(number) % 3
    table.kind[rows] = np.where(np.arange(number) < number // 2, Kind.SHOP, Kind.WORKSPACE)
    table.units[rows], table.open[rows] = 1, True
    return ctx


def test_enough_shopkeepers_take_part_of_activity_away():
    """0.2 of it in the district; half of that comes back next door or in the rest of the city."""
    logs = []
    lever = ShopkeepersWatch(
        {**WILLING, "joining": 0.9, "trouble_pull": 0.0, "effect": 0.2, "displacement": 0.5}, target=NORTH
    )
    for one in (None, lever):
        ctx = shops(town())
        months(ctx, one)
        logs.append(ctx.world.district.enforcement_log.astype(float))
    change = np.exp(logs[1] - logs[0])
    assert change[0] == pytest.approx(0.8, rel=1e-3)
    assert (change[1:] > 1).all()
    activity = people(ctx) * np.exp(ctx.world.district.offending_log + logs[0])
    gone = activity[0] * 0.2
    come = (activity[1:] * (change[1:] - 1)).sum()
    assert come == pytest.approx(0.5 * gone * (1 - ctx.values["crime.rest_share"]), rel=1e-3)


def test_too_few_do_nothing_at_all_and_cost_something():
    ctx = shops(town())
    lever = ShopkeepersWatch({**WILLING, "joining": 0.15, "trouble_pull": 0.0, "threshold": 0.4})
    act(ctx, lever)
    (asked,) = answers.asked(ctx, answers.GUARD)
    assert 0 < asked["joined"].max() < 0.4
    assert not answers.guarded(ctx, people(ctx), [asked]).any()
    joined = asked["joined"] * 40
    assert ctx.ledger.month["shop_watch"] == pytest.approx(joined * indexed(ctx, 600, 2023) / 12)


def test_more_join_where_there_is_more_trouble():
    ctx = shops(town())
    ctx.world.district.offending_log[:] = [1.0, 0.0, -1.0]
    act(ctx, ShopkeepersWatch({**WILLING, "joining": 0.4, "trouble_pull": 0.5}))
    joined = answers.asked(ctx, answers.GUARD)[0]["joined"]
    assert joined[0] > joined[1] > joined[2]


def test_a_place_without_shops_has_no_watch():
    ctx = town(dwellings=200)
    act(ctx, ShopkeepersWatch({**WILLING}))
    assert not answers.asked(ctx, answers.GUARD)[0]["joined"].any()
