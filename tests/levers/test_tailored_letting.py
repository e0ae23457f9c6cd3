"""Tailor-made letting: the target of a complex follows its load, as far as the landlord knows it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.levers.letting_city import Lettings, busy_city, let
from wijksim.kernel.context import Context
from wijksim.kernel.lever import Target, Window
from wijksim.kernel.strategy import STRATEGIES
from wijksim.levers.allocation.tailored_letting import TailoredLetting
from wijksim.mechanisms.housing.vacancy_facts import review_targets

FULL = {"steered_share": 1.0, "ramp": 0.0}


def reviewed(arguments: dict[str, Any], *, hours: float = 1e6) -> tuple[Context, np.ndarray]:
    """Targets after a first review, with so many caretaker hours in every district."""
    ctx = busy_city(600)
    ctx.world.district.caretaker_hours[:] = hours
    ctx.strategies = {"allocation": STRATEGIES.get("tailored")(arguments)}
    review_targets(ctx)
    return ctx, ctx.world.complex.room[ctx.world.complex.rows].copy()


def load(ctx: Context) -> np.ndarray:
    """Disorder per complex in standard deviations, written out."""
    world = ctx.world
    entrance = world.entrance
    found = []
    for complex_ in world.complex.rows:
        rows = entrance.rows[entrance.complex[entrance.rows] == complex_]
        found.append(np.average(entrance.disorder[rows], weights=entrance.dwellings[rows]))
    return (np.array(found) - np.mean(found)) / np.std(found)


def test_the_target_falls_with_load_by_what_is_known() -> None:
    for hours, knows in ((1e6, 0.9), (0.0, 0.3)):
        ctx, room = reviewed({"response": 0.4, "vulnerable_cap": 0.3}, hours=hours)
        assert room == pytest.approx(np.minimum(0.3 * np.exp(-0.4 * knows * load(ctx)), 1), rel=1e-5)


def test_without_response_or_information_it_is_a_fixed_quota() -> None:
    _, room = reviewed({"response": 0.0})
    assert room == pytest.approx(np.full(room.size, 0.35))
    _, room = reviewed({"information_least": 0.0}, hours=0.0)
    assert room == pytest.approx(np.full(room.size, 0.35))


def test_half_the_norm_of_caretakers_gives_half_the_gain_in_information() -> None:
    ctx, _ = reviewed({})
    rule = STRATEGIES.get("tailored")()
    homes = np.bincount(ctx.world.dwelling.district[ctx.world.dwelling.owner == 0], minlength=3)
    ctx.world.district.caretaker_hours[:] = homes * ctx.values["nuisance.caretaker_norm"] / 2
    assert rule.information(ctx) == pytest.approx(np.full(3, 0.6))


def test_targets_stand_between_reviews_and_only_where_it_holds() -> None:
    ctx = busy_city(600)
    ctx.world.district.caretaker_hours[:] = 1e6
    rule = STRATEGIES.get("tailored")({"districts": "north", "review_interval": 3})
    ctx.strategies = {"allocation": rule}
    seen = []
    for month in (1, 2, 3):
        ctx.month = month
        review_targets(ctx)
        seen.append(ctx.world.complex.room.copy())
        ctx.world.entrance.disorder[:] = np.random.default_rng(month).random(ctx.world.entrance.size)
    north = ctx.world.complex.rows[ctx.world.complex.district[ctx.world.complex.rows] == 0]
    assert np.all(seen[0][north] > 0)
    assert not seen[0][np.setdiff1d(ctx.world.complex.rows, north)].any()
    assert np.array_equal(seen[0], seen[1])
    assert not np.array_equal(seen[1], seen[2])


def test_fewer_households_in_need_come_where_load_is_high() -> None:
    def loaded() -> Context:
        ctx = busy_city(1800)
        ctx.world.district.caretaker_hours[:] = 1e6
        entrance = ctx.world.entrance
        entrance.disorder[:] = entrance.complex % 2  # every other complex is in a bad way
        return ctx

    def support(found: Lettings, bad: int) -> float:
        return float(np.mean(found["support"][found["complex"] % 2 == bad]))

    null = let([], 18, loaded())
    tuned = let([TailoredLetting({**FULL, "response": 1.0, "vulnerable_cap": 0.3})], 18, loaded())
    assert support(tuned, 1) < support(null, 1) - 0.1
    assert support(tuned, 1) < support(tuned, 0)


def test_without_the_rule_no_complex_is_reviewed() -> None:
    found = let([TailoredLetting({**FULL, "strength": 0.0})], 2, busy_city(600))
    assert not found.ctx.world.complex.room.any()
    found = let(
        [TailoredLetting(FULL, window=Window(5), target=Target(districts=("north",)))], 2, busy_city(600)
    )
    assert not found.ctx.world.complex.room.any()
