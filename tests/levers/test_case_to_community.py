"""Case work tied to community building: clients alone make ties sooner, at a price per client."""

import numpy as np
import pytest

from tests.care_world import open_case, residents_of
from tests.levers.staff_town import AT_ONCE, act, bill, no_trace, ratio, staff_town
from wijksim.kernel.prices import indexed
from wijksim.levers.professionals.case_to_community import CaseToCommunity


def test_strength_zero_leaves_no_trace():
    no_trace(CaseToCommunity)


def test_those_of_the_clients_who_join_in_make_ties_sooner():
    ctx = staff_town()
    clients = residents_of(ctx)[:100]
    open_case(ctx, clients)
    ctx.world.resident.uptake[clients] = np.linspace(0, 1, 100)
    touched = act(ctx, CaseToCommunity(AT_ONCE))
    assert touched == {"contacts.new_ties"}
    ties = ratio(ctx, "contacts.new_ties", "resident")
    joins = clients[ctx.world.resident.uptake[clients] >= np.float32(0.4)]
    np.testing.assert_allclose(ties[joins], 2.5)
    assert np.flatnonzero(ties > 1).tolist() == sorted(joins)
    assert bill(ctx, "case_to_community") == pytest.approx([joins.size * indexed(ctx, 1000, 2024) / 12, 0, 0])


def test_without_clients_there_is_nothing_to_pay():
    ctx = staff_town()
    assert not act(ctx, CaseToCommunity(AT_ONCE))
    assert not ctx.ledger.month
