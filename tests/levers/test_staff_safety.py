"""Safety of staff: how far they stay away, and what protection takes away of that and costs."""

import numpy as np
import pytest

from tests.levers.access_town import acts, asked, from_start, months, nothing, town
from wijksim.kernel.prices import indexed
from wijksim.levers.access.staff_safety import COSTS, StaffSafety
from wijksim.state.roles import Profession


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(StaffSafety, strength=0.0)))


@pytest.mark.parametrize(("protection", "share"), [(0.0, 0.4), (0.75, 0.1), (1.0, 0.0)])
def test_protection_takes_away_part_of_the_withdrawal_and_is_booked(protection, share):
    ctx = acts(town(), from_start(StaffSafety, withdrawal=0.4, protection=protection))
    details = asked(ctx, "withdraw")
    assert details["share"] == pytest.approx(share)
    assert details["districts"].tolist() == [True, False, False]
    table = ctx.world.professional
    rows = table.rows[~table.vacant[table.rows]]
    fte = table.fte[rows][table.district[rows] == 0].sum()
    expected = protection * fte * indexed(ctx, 1500, 2024) / 12
    bills = {party: ctx.ledger.month[item.name] for party, item in COSTS.items()}
    assert sum(bills.values()) == pytest.approx([expected, 0, 0])
    nurses = rows[np.isin(table.role[rows], (Profession.DISTRICT_NURSE, Profession.MENTAL_HEALTH_WORKER))]
    care = table.fte[nurses][table.district[nurses] == 0].sum()
    assert bills["insurer"][0] == pytest.approx(protection * care * indexed(ctx, 1500, 2024) / 12)
    assert COSTS["insurer"].payers == (("insurer", 1.0),)


def test_in_the_whole_model_staff_withdraw_from_unsafe_stairwells_of_the_target_only():
    machine, _ = months([from_start(StaffSafety, safe_from=0.8, withdrawal=0.8)], 1)
    entrance = machine.ctx.world.entrance
    away = entrance.withdrawn > 0
    assert away.any()
    assert not away.all()
    assert (entrance.district[away] == 0).all()
    full, _ = months([from_start(StaffSafety, safe_from=0.8, withdrawal=0.8, protection=1.0)], 1)
    assert not full.ctx.world.entrance.withdrawn.any()
