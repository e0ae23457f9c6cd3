"""Acting on signals of crime: what is noticed, what going looking costs, and that trust hears of it by a column."""

import numpy as np
import pytest

from tests.levers.access_town import acts, asked, from_start, months, nothing, ratios, town
from wijksim.kernel.prices import indexed
from wijksim.levers.access.signal_duty import SignalDuty
from wijksim.mechanisms.wellbeing import Wellbeing
from wijksim.state.codes import Tenure


def odds(share):
    share = share.astype(np.float64)
    return share / (1 - share)


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(SignalDuty, strength=0.0)))


@pytest.mark.parametrize(("mode", "a_month"), [("passive", 0.01), ("active", 0.03)])
def test_what_is_noticed_is_added_to_the_chance_to_become_a_suspect(mode, a_month):
    ctx = acts(town(), from_start(SignalDuty, mode=mode, followed=0.2))
    table = ctx.world.resident
    for rate in ("crime.offence_fringe", "crime.offence_active"):
        found = ratios(ctx, rate, "resident")
        reached = np.flatnonzero(found != 1)
        np.testing.assert_allclose(found[reached], 1 + a_month * 0.2 * 12 / ctx.values[rate], rtol=1e-6)
    assert reached.size
    assert (table.district[reached] == 0).all()
    assert (ctx.world.household.tenure[table.household[reached]] == Tenure.CORPORATION).all()


def test_acting_on_what_is_met_with_watches_nobody_and_costs_nothing():
    ctx = acts(town(), from_start(SignalDuty, mode="passive"))
    assert not ctx.effects.acts
    assert not ctx.ledger.month


def test_going_looking_is_known_and_booked():
    ctx = acts(town(), from_start(SignalDuty, mode="active"))
    watched = asked(ctx, "watch")["residents"]
    expected = watched.size * indexed(ctx, 20, 2024) / 12
    assert ctx.ledger.month["signal_duty"] == pytest.approx([expected, 0, 0])
    machine, _ = months([from_start(SignalDuty, mode="active")], 1)
    table = machine.ctx.world.resident
    still_here = watched[table.alive[watched] & (table.household[watched] >= 0)]
    np.testing.assert_array_equal(np.flatnonzero(table.watched == 1), still_here)
    assert not ((table.watched > 0) & (table.watched < 1)).any()


def test_trust_moves_to_a_lower_level_for_who_is_watched_and_for_nobody_else():
    """By 0.08 on the logit: 0.02 where half trusts."""
    ctx = town()
    table = ctx.world.resident
    before = odds(Wellbeing.trust.target(ctx, table.rows))
    rows = table.rows[before > 0.5][:20]  # not those at the bound of everything that trust hears
    table.watched[rows] = 1
    change = np.log(odds(Wellbeing.trust.target(ctx, table.rows)) / before)
    moved = np.isin(table.rows, rows)
    np.testing.assert_allclose(change[moved], -0.08, atol=1e-4)
    np.testing.assert_allclose(change[~moved], 0, atol=1e-6)
