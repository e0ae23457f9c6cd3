"""Hotline: neighbours call late, and ties behind the same front door suffer."""

import numpy as np
import pytest

from tests.levers.access_town import acts, adults, asked, from_start, nothing, town
from wijksim.kernel.prices import indexed
from wijksim.levers.access.late_hotline import LateHotline
from wijksim.mechanisms.contacts import ties


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(LateHotline, strength=0.0)))


def test_it_names_the_callers_and_from_when_they_call():
    ctx = acts(town(), from_start(LateHotline))
    details = asked(ctx, "hear_late")
    assert np.isin(details["residents"], adults(ctx, 0)).all()
    assert (details["from_need"], details["loss"]) == (0.5, 0.3)
    people = ctx.world.by_district("resident")[0]
    assert ctx.ledger.month["late_hotline"] == pytest.approx([people * indexed(ctx, 1, 2024) / 12, 0, 0])


def test_a_report_costs_ties_behind_the_same_front_door_and_no_others():
    ctx = town()
    table, ties_now = ctx.world.resident, ctx.world.ties
    same = table.entrance[ties_now.a] == table.entrance[ties_now.b]
    same &= table.entrance[ties_now.a] >= 0
    hurt = ties_now.a[same][0]
    table.relations_hurt[hurt] = 0.3
    before = ties_now.strength.copy()
    ties.strain(ctx)
    mine = same & ((ties_now.a == hurt) | (ties_now.b == hurt))
    assert mine.any()
    np.testing.assert_allclose(ties_now.strength, np.where(mine, 0.7 * before, before), rtol=1e-6)
