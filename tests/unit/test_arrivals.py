"""Pools of newcomers have the composition of their channel and come from one and the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from wijksim.build.arrivals import CORPORATION_CHANNELS, newcomer_pools, rake
from wijksim.core.rng import Draws
from wijksim.parameters.store import ParameterStore
from wijksim.state.codes import HouseholdType, Role

VALUES = ParameterStore().at(0, "2025-01")
POOLS = newcomer_pools(Draws(5), VALUES)
# share of the lettings of the city: inflow per 1,000 dwellings against 64 lettings
LETTINGS = {"regular": 38.9, "status": 4.8, "urgent": 5.0, "shelter": 3.3, "direct": 12.0}


def mean_over_channels(column):
    total = sum(LETTINGS.values())
    return sum(LETTINGS[name] * column(POOLS[name]) for name in CORPORATION_CHANNELS) / total


def test_all_channels_are_there():
    assert set(POOLS) == {*CORPORATION_CHANNELS, "buyer", "private", "starter", "partner"}
    for pool in POOLS.values():
        assert len(pool) == VALUES["housing.pool_records"]
        assert pool.start[-1] == pool.resident["sex"].size
        assert np.all(pool.sizes > 0)


@pytest.mark.parametrize("channel", CORPORATION_CHANNELS)
def test_heads_have_the_conditions_of_their_channel(channel):
    pool = POOLS[channel]
    head = pool.start[:-1]
    for name in ("psychiatric", "addiction", "cognitive"):
        wanted = VALUES[f"housing.intake_{channel}_{name}"]
        assert pool.resident[name][head].mean() == pytest.approx(wanted, abs=0.015), name
    assert pool.household["problem_debt"].mean() == pytest.approx(
        VALUES[f"housing.intake_{channel}_problem_debt"], abs=0.015
    )
    assert pool.extra["support"].mean() == pytest.approx(
        VALUES[f"housing.intake_{channel}_support"], abs=0.015
    )


def test_three_in_four_new_tenants_live_alone_and_a_third_needs_support():
    assert mean_over_channels(
        lambda pool: np.mean(pool.extra["type"] == HouseholdType.SINGLE)
    ) == pytest.approx(0.74, abs=0.02)
    assert mean_over_channels(lambda pool: np.mean(pool.extra["support"])) == pytest.approx(0.33, abs=0.02)
    heads = mean_over_channels(lambda pool: np.mean(pool.resident["psychiatric"][pool.start[:-1]]))
    assert heads == pytest.approx(0.07, abs=0.01)


def test_low_proficiency_is_common_in_one_channel_only():
    low = {
        name: np.mean(POOLS[name].resident["language"][POOLS[name].start[:-1]] < 0.5)
        for name in CORPORATION_CHANNELS
    }
    assert low["status"] == pytest.approx(0.8, abs=0.02)
    assert low["regular"] < 0.4


def test_the_head_stands_first_and_households_are_whole():
    for name, pool in POOLS.items():
        role = pool.resident["role"]
        assert np.all(role[pool.start[:-1]] == Role.HEAD), name
        assert np.count_nonzero(role == Role.HEAD) == len(pool), name
        adult = pool.resident["age_months"][pool.start[:-1]] >= 18 * 12
        assert np.all(adult), name
    assert np.all(POOLS["partner"].sizes == 1)


def test_buyers_are_richer_and_starters_younger():
    income = {name: np.median(pool.household["income"]) for name, pool in POOLS.items()}
    assert income["buyer"] > 1.5 * income["regular"]
    assert POOLS["starter"].extra["age_months"].max() < 30 * 12
    assert np.median(POOLS["buyer"].extra["age_months"]) > np.median(POOLS["starter"].extra["age_months"])


def test_the_same_seed_draws_the_same_people():
    again, other = newcomer_pools(Draws(5), VALUES), newcomer_pools(Draws(6), VALUES)
    for name, pool in POOLS.items():
        for key, values in pool.resident.items():
            assert np.array_equal(values, again[name].resident[key]), (name, key)
        assert not np.array_equal(pool.household["income"], other[name].household["income"])


def test_no_record_says_by_which_channel_it_came():
    for pool in POOLS.values():
        assert not {"category", "channel"} & (set(pool.household) | set(pool.resident))


def test_raking_reaches_its_margins_and_leaves_the_impossible_alone():
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 3, 4000)
    first, second, nobody = rng.random(4000) < 0.1, rng.random(4000) < 0.3, np.zeros(4000, bool)
    shares = np.array([0.6, 0.3, 0.1])
    weight = rake(np.ones(4000), codes, shares, [(first, 0.4), (second, 0.2), (nobody, 0.5)], rounds=100)
    assert weight.sum() == pytest.approx(1)
    assert np.bincount(codes, weights=weight) == pytest.approx(shares, abs=0.01)
    assert weight[first].sum() == pytest.approx(0.4, abs=0.01)
    assert weight[second].sum() == pytest.approx(0.2, abs=0.01)


def test_raking_adds_up_as_numpy_does():
    rng = np.random.default_rng(5)
    size = 1700
    start, codes = rng.lognormal(0, 1, size) * (rng.random(size) < 0.6), rng.integers(0, 3, size)
    shares, wanted = np.array([0.5, 0.2, 0.3]), (0.4, 0.15)
    flags = [rng.random(size) < 0.3, rng.random(size) < 0.1]
    weight = start / start.sum()
    for _ in range(2):
        weight = weight * (shares / np.bincount(codes, weights=weight))[codes]
        for flag, share in zip(flags, wanted, strict=True):
            total, yes = float(weight.sum()), float(weight[flag].sum())
            weight = weight * np.where(flag, share * total / yes, (1 - share) * total / (total - yes))
        weight = weight / weight.sum()
    raked = rake(start, codes, shares, list(zip(flags, wanted, strict=True)), rounds=2)
    assert raked.tolist() == weight.tolist()
