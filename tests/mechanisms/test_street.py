"""How nuisance gets through walls, and how the street is settled before a world begins."""

import numpy as np
import pytest

from tests.mechanisms.test_nuisance import active, forget_sources, neutral, world
from wijksim.mechanisms.nuisance import Nuisance
from wijksim.state.codes import DwellingKind


def test_less_gets_through_to_houses():
    ctx = world(240)
    household, resident = ctx.world.household, ctx.world.resident
    forget_sources(ctx)
    resident.nuisance_source[resident.rows[0]] = True
    Nuisance()._expose(ctx)
    flats = household.exposure.copy()
    ctx.world.dwelling.kind[:] = DwellingKind.HOUSE
    Nuisance()._expose(ctx)
    assert flats.any()
    assert household.exposure == pytest.approx(flats * ctx.values["nuisance.house_exposure"])


def test_a_warm_up_begins_with_street_and_sources_in_balance():
    ctx = world(600, **neutral())
    entrance, mechanism = ctx.world.entrance, Nuisance()
    ctx.month = -2
    mechanism.step(ctx)
    for row in range(ctx.world.n_districts):
        here = entrance.district == row
        mean = np.average(entrance.disorder[here], weights=entrance.dwellings[here])
        assert ctx.world.district.disorder[row] == pytest.approx(mean, abs=1e-6)
    assert active(ctx) > 0
    forget_sources(ctx)
    ctx.month = -1
    mechanism.step(ctx)
    # only the first month of a warm-up begins anew
    assert active(ctx) < ctx.world.resident.rows.size * 0.01
