"""Area teams of the corporation: posts by its dwellings, kept by its own staff alone."""

import numpy as np
import pytest

from tests.levers.staff_town import AT_ONCE, NORTH, act, month, no_trace, of_role, ratio, staff_town
from wijksim.kernel.lever import Target
from wijksim.levers.professionals.corporation_team import CorporationTeam
from wijksim.mechanisms.professionals.posts import actual
from wijksim.state.codes import Tenure
from wijksim.state.roles import Organisation, Profession


def test_strength_zero_leaves_no_trace():
    no_trace(CorporationTeam)


def test_two_posts_per_thousand_dwellings_of_the_corporation():
    ctx = staff_town()
    dwelling = ctx.world.dwelling
    rented = ctx.world.by_district("dwelling", dwelling.owner == int(Tenure.CORPORATION))
    before = actual(ctx)[Profession.CARETAKER, Organisation.CORPORATION]
    touched = month(ctx, CorporationTeam(AT_ONCE, target=Target(**NORTH)))
    assert touched == {"fte.caretaker.corporation", "professionals.depart"}
    after = actual(ctx)[Profession.CARETAKER, Organisation.CORPORATION]
    assert after - before == pytest.approx(2 * rented / 1000 * [1, 0, 0])


def test_staff_of_the_corporation_stay_longer():
    ctx = staff_town()
    act(ctx, CorporationTeam(AT_ONCE, target=Target(**NORTH)))
    leaves = ratio(ctx, "professionals.depart", "professional")
    mine = ctx.world.professional.person[of_role(ctx, Profession.CARETAKER, district=0)]
    np.testing.assert_allclose(leaves[mine], 0.8)
    np.testing.assert_allclose(np.delete(leaves, mine), 1)
