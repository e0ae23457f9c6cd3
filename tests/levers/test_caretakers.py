"""Caretakers: posts for fewer dwellings, trouble that ends sooner, and damage that is mended."""

import numpy as np
import pytest

from tests.levers.access_town import acts, from_start, nothing, ratios, town
from wijksim.levers.access.caretakers import Caretakers
from wijksim.mechanisms.nuisance import street
from wijksim.state.codes import Tenure
from wijksim.state.roles import Profession


def tenants(ctx, district=0):
    table = ctx.world.resident
    rented = ctx.world.gather("resident", slice(None), "household.tenure") == Tenure.CORPORATION
    return np.flatnonzero(table.alive & (table.age >= 18) & rented & (table.district == district))


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(Caretakers, strength=0.0)))


@pytest.mark.parametrize(("dwellings", "strength"), [(150.0, 1.0), (100.0, 0.5), (600.0, 1.0)])
def test_posts_are_what_lacks_to_one_for_so_many_dwellings(dwellings, strength):
    ctx = acts(town(), from_start(Caretakers, dwellings_per_caretaker=dwellings, strength=strength))
    dwelling = ctx.world.dwelling
    homes = np.count_nonzero(
        dwelling.alive & (dwelling.owner == Tenure.CORPORATION) & (dwelling.district == 0)
    )
    base = ctx.world.stores["professionals.base_fte"][Profession.CARETAKER].sum(axis=0)[0]
    expected = strength * (homes / dwellings - base)
    assert ctx.effects.funded("fte.caretaker", 3) == pytest.approx([expected, 0, 0])


def test_trouble_of_tenants_ends_sooner_by_the_curve_of_the_source():
    """1 - 0.3 exp(-300 / 400) is 0.858 and 1 - 0.3 exp(-150 / 400) is 0.794: 8 per cent less with half as many."""
    ctx = acts(town(), from_start(Caretakers))
    found = ratios(ctx, "nuisance.end", "resident")
    moved = np.flatnonzero(found != 1)
    np.testing.assert_allclose(found[moved], 0.85829 / 0.79381, rtol=1e-3)
    assert moved.size
    assert np.isin(moved, tenants(ctx)).all()


def test_nothing_more_than_now_changes_no_trouble():
    ctx = acts(town(), from_start(Caretakers, dwellings_per_caretaker=300.0))
    assert "nuisance.end" not in ctx.effects.touched()


def test_mending_takes_away_part_of_what_is_worse_than_usual():
    """A tenth goes by itself each month; with a ratio of 1.5 another twentieth, and nothing of what is tidy."""
    ends = []
    for with_lever in (False, True):
        ctx = town()
        ctx.effects.clear()
        if with_lever:
            acts(ctx, from_start(Caretakers, mending=1.5))
        ctx.world.entrance.disorder[:] = 1.0
        ctx.world.entrance.disorder[::2] = -0.5
        doors = ratios(ctx, "nuisance.repair", "entrance") != 1
        street.move(ctx)
        ends.append(ctx.world.entrance.disorder.copy())
    without, mended = ends
    assert doors.any()
    expected = np.where(doors, without - 0.05 * np.maximum(without, 0), without)
    np.testing.assert_allclose(mended, expected, rtol=1e-5)
    assert set(np.flatnonzero(doors)) <= set(ctx.world.resident.entrance[tenants(ctx)])
