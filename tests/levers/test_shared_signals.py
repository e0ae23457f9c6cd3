"""Signals put together: about whom, with what chance, and that it finds people in the whole model."""

import numpy as np
import pytest

from tests.levers.access_town import acts, adults, asked, from_start, months, nothing, town
from wijksim.kernel.prices import indexed
from wijksim.levers.access.shared_signals import SharedSignals


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(SharedSignals, strength=0.0)))


def test_it_names_residents_a_chance_and_a_memory():
    ctx = acts(town(), from_start(SharedSignals, share=0.5, months=4.0))
    details = asked(ctx, "share_signals")
    assert (details["share"], details["months"]) == (0.5, 4)
    assert np.isin(details["residents"], adults(ctx, 0)).all()
    people = ctx.world.by_district("resident")[0]
    assert ctx.ledger.month["shared_signals"] == pytest.approx([people * indexed(ctx, 1.5, 2024) / 12, 0, 0])


def test_signals_are_remembered_of_residents_in_need_of_the_target():
    machine, _ = months([from_start(SharedSignals, share=0.7)], 6)
    table = machine.ctx.world.resident
    noted = np.flatnonzero(table.sign_month >= 0)
    assert noted.size
    assert (table.district[noted] == 0).mean() > 0.9  # but for who has moved since
