"""Public steering gives other rules room: it multiplies their share, and does nothing by itself."""

from __future__ import annotations

import numpy as np
import pytest

from tests.levers.letting_city import busy_city, let
from wijksim.kernel.lever import Target
from wijksim.kernel.strategy import STRATEGIES
from wijksim.levers.allocation.allocation_mixing import AllocationMixing
from wijksim.levers.allocation.public_steering import PUBLIC_LETTING, PublicSteering

NORTH = Target(districts=("north",))
MIXING = {"steered_share": 0.25, "ramp": 0.0}
MORE = {"control_now": 0.3, "control": 0.6, "ramp": 0.0}


def test_the_share_of_a_rule_is_multiplied_in_the_target_and_never_above_all() -> None:
    ctx = busy_city(600)
    PublicSteering(MORE, target=NORTH).step(ctx)
    ctx.effects.prepare(ctx.world, 1 / 3, 3)
    facts = {"steering": np.tile(np.linspace(0, 0.999, 1000), 2), "district": np.repeat([0, 1], 1000)}
    facts["complex"] = np.zeros(2000, int)
    for share, there in ((0.25, 0.5), (0.8, 1.0)):
        steered = STRATEGIES.get("steered")({"steered_share": share}).steers(ctx, facts)
        assert steered[:1000].mean() == pytest.approx(there, abs=0.002)
        assert steered[1000:].mean() == pytest.approx(share, abs=0.002)


def test_half_the_dose_is_half_the_log_ratio() -> None:
    ctx = busy_city(600)
    PublicSteering({**MORE, "strength": 0.5}).step(ctx)
    ctx.effects.prepare(ctx.world, 1 / 3, 3)
    offsets = ctx.effects.offsets("housing.public_control", "district")
    assert offsets == pytest.approx(np.full(3, np.log(2) / 2))


def test_with_another_lever_more_lettings_are_steered_and_alone_none() -> None:
    mixed = let([AllocationMixing(MIXING)], 12)
    both = let([AllocationMixing(MIXING), PublicSteering(MORE)], 12)
    alone = let([PublicSteering(MORE)], 12)
    null = let([], 12)
    assert both["steered"].mean() > mixed["steered"].mean() + 0.1
    assert not alone["steered"].any()
    assert np.array_equal(alone["dwelling"], null["dwelling"])
    assert np.array_equal(alone["support"], null["support"])


def test_what_comes_under_control_has_a_price() -> None:
    found = let([PublicSteering(MORE, target=NORTH)], 6)
    fewer = let([], 5)
    count = np.count_nonzero(fewer["district"] == 0)
    assert found.booked[PUBLIC_LETTING.name] == pytest.approx(count * 0.3 * 100 * 1.033)
