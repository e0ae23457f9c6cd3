"""District nurses: posts added, old people found, welfare and care nearer."""

import numpy as np
import pytest

from tests.levers.staff_town import AT_ONCE, NORTH, act, no_trace, ratio, staff_town
from wijksim.kernel.lever import Target
from wijksim.levers.professionals.district_nurses import DistrictNurses
from wijksim.mechanisms.professionals.posts import BASE
from wijksim.state.roles import Profession


def test_strength_zero_leaves_no_trace():
    no_trace(DistrictNurses)


def test_old_people_of_the_district_are_found_by_more_nurses():
    ctx = staff_town()
    touched = act(ctx, DistrictNurses(AT_ONCE, target=Target(**NORTH)))
    ways = {f"professionals.signal_{way}" for way in ("self", "neighbour", "outreach")}
    assert touched == ways | {"fte.district_nurse", "cooperation.welfare_care"}
    standing = ctx.world.stores[BASE][Profession.DISTRICT_NURSE].sum(axis=0)
    assert ctx.effects.funded("fte.district_nurse", 3) == pytest.approx(0.22 * standing * [1, 0, 0])
    assert ratio(ctx, "cooperation.welfare_care", "district") == pytest.approx([1.5, 1, 1])
    table = ctx.world.resident
    old = table.alive & (table.age >= ctx.values["health.frail_age"]) & (table.district == 0)
    assert old.any()
    for way in ways:
        found = ratio(ctx, way, "resident")
        np.testing.assert_allclose(found[old], 1.2)
        np.testing.assert_allclose(found[~old], 1)
