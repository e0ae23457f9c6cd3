"""Spread of inflow: what leaves a loaded district lands in calmer ones, or waits, or goes to the rest of the city."""

from __future__ import annotations

import numpy as np
import pytest

from tests.levers.letting_city import Lettings, busy_city, let
from wijksim.kernel.context import Context
from wijksim.kernel.lever import Target
from wijksim.levers.allocation.spread_inflow import SpreadInflow

FULL = {"share_directed": 0.6, "information": 0.9, "ramp": 0.0}


def uneven() -> Context:
    """Need is in the north alone."""
    ctx = busy_city(1800)
    household = ctx.world.household
    ctx.world.resident.psychiatric[:] = False
    ctx.world.resident.addiction[:] = False
    ctx.world.resident.cognitive[:] = False
    luck = ctx.draws.life("test.north", household.uid)
    household.problem_debt[:] = (household.district == 0) & (luck < 0.6)
    return ctx


def need(found: Lettings, district: int) -> float:
    return float(np.mean(found["support"][found["district"] == district]))


@pytest.fixture(scope="module")
def null() -> Lettings:
    return let([], 18, uneven())


def test_the_loaded_district_takes_in_less_need_and_the_calm_ones_more(null: Lettings) -> None:
    spread = let([SpreadInflow(FULL)], 18, uneven())
    assert need(spread, 0) < need(null, 0) - 0.05
    assert need(spread, 1) > need(null, 1) + 0.1
    assert need(spread, 2) > need(null, 2) + 0.1
    assert spread.ctx.world.stores["housing.rest"].error() < 1e-6


def test_a_larger_part_moves_more(null: Lettings) -> None:
    small = let([SpreadInflow({**FULL, "share_directed": 0.2})], 18, uneven())
    large = let([SpreadInflow(FULL)], 18, uneven())
    assert need(null, 1) < need(small, 1) < need(large, 1)


def test_nobody_directed_changes_nothing(null: Lettings) -> None:
    none = let([SpreadInflow({**FULL, "share_directed": 0.0})], 6, uneven())
    months = none["dwelling"].size
    assert np.array_equal(none["dwelling"], null["dwelling"][:months])
    assert np.array_equal(none["support"], null["support"][:months])


def test_aimed_at_calm_districts_the_loaded_one_is_left_to_other_rules(null: Lettings) -> None:
    calm = let([SpreadInflow(FULL, target=Target(districts=("middle", "south")))], 18, uneven())
    assert not calm["steered"][calm["district"] == 0].any()
    assert need(calm, 2) > need(null, 2) + 0.1
