"""Seeking residents out: the chance of contact by channel and attempts, and what the attempts cost."""

import numpy as np
import pytest

from tests.levers.access_town import acts, adults, asked, from_start, nothing, town
from wijksim.kernel.prices import indexed
from wijksim.levers.access.seek_out import SeekOut


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(SeekOut, strength=0.0)))


@pytest.mark.parametrize(
    ("channel", "attempts", "contact"),
    [("visit", 1.0, 0.35), ("visit", 4.0, 1 - 0.65**4), ("phone", 2.0, 1 - 0.85**2), ("letter", 1.0, 0.08)],
)
def test_contact_by_channel_and_attempts(channel, attempts, contact):
    ctx = acts(town(), from_start(SeekOut, channel=channel, attempts=attempts, signals="arrears"))
    details = asked(ctx, "seek_out")
    assert details["contact"] == pytest.approx(contact)
    assert details["all_signals"] is False
    assert details["residents"].size
    assert np.isin(details["residents"], adults(ctx, 0)).all()


def test_attempts_after_arrears_signals_are_booked_until_contact():
    ctx = town()
    household = ctx.world.household
    household.early_signal[:] = False
    lever = from_start(SeekOut, attempts=3.0, signals="arrears")
    reached = asked(acts(ctx, lever), "seek_out")["residents"]
    assert not ctx.ledger.month["seek_out"].any()
    heads = reached[household.head[ctx.world.resident.household[reached]] == reached][:5]
    household.early_signal[ctx.world.resident.household[heads]] = True
    acts(ctx, lever)
    # the first always, the second after a failure, the third after two: 1 + 0.65 + 0.65^2
    expected = heads.size * (1 + 0.65 + 0.65**2) * indexed(ctx, 95, 2022)
    assert ctx.ledger.month["seek_out"] == pytest.approx([expected, 0, 0])


def test_visits_beyond_those_of_the_team_after_other_signals_are_booked_too():
    """Four visits take 1 + 0.65 + 0.65^2 + 0.65^3 attempts on average, the two of the team 1.65."""
    ctx = town()
    ctx.world.household.early_signal[:] = False
    for signals in ("arrears", "all"):
        lever = from_start(SeekOut, signals=signals)
        reached = asked(acts(ctx, lever), "seek_out")["residents"]
        table, values = ctx.world.resident, ctx.values
        waiting = reached[
            (table.need[reached] >= values["professionals.need_threshold"]) & (table.case[reached] == 0)
        ]
        rate = sum(
            values[f"professionals.signal_{way}_rate"] for way in ("neighbour", "caretaker", "outreach")
        )
        more = (0.65**2 + 0.65**3) * waiting.size * rate / 12 if signals == "all" else 0
        assert ctx.ledger.month["seek_out"][0] == pytest.approx(more * indexed(ctx, 95, 2022))
    assert more > 0
    acts(ctx, from_start(SeekOut, attempts=2.0))
    assert ctx.ledger.month["seek_out"][0] == pytest.approx(0, abs=1e-9)
