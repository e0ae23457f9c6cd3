"""Threshold for help: who counts as in need, in either direction."""

import numpy as np
import pytest

from tests.levers.access_town import acts, adults, from_start, nothing, ratios, town
from wijksim.levers.access.help_threshold import HelpThreshold
from wijksim.mechanisms.professionals import signals


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(HelpThreshold, strength=0.0)))


@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_the_threshold_moves_for_those_reached_and_nobody_else(ratio):
    ctx = town()
    usual = signals.in_need(ctx)
    acts(ctx, from_start(HelpThreshold, ratio=ratio))
    moved = np.flatnonzero(ratios(ctx, "professionals.threshold", "resident") != 1)
    assert moved.size
    assert np.isin(moved, adults(ctx, 0)).all()
    now = signals.in_need(ctx)
    changed = np.setxor1d(usual, now)
    assert changed.size
    assert np.isin(changed, moved).all()
    assert (now.size > usual.size) == (ratio < 1)
    need = ctx.world.resident.need[changed]
    low, high = sorted((0.15, 0.15 * ratio))
    assert ((need >= low - 1e-6) & (need < high + 1e-6)).all()
