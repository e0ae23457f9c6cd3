"""More neighbourhood police, and a firm hand: hours on the street, their bill, and who is checked without reason."""

import numpy as np
import pytest

from tests.care_world import NO_CRISES, NO_SIGNALS, NO_TURNOVER, care_world
from tests.levers.safety_town import WILLING, act, months, people, ratio, town, untouched
from tests.worlds import run_months, small_world
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.safety.firm_hand import FirmHand
from wijksim.levers.safety.neighbourhood_police import NeighbourhoodPolice
from wijksim.mechanisms.professionals import Professionals
from wijksim.mechanisms.professionals.posts import actual
from wijksim.mechanisms.promises import Promises
from wijksim.state.column import Column
from wijksim.state.roles import Profession

NORTH = Target(districts=("north",))
POLICE = int(Profession.POLICE_OFFICER)


@pytest.mark.parametrize("kind", [NeighbourhoodPolice, FirmHand])
def test_strength_zero_leaves_no_trace(kind):
    assert untouched(town(dwellings=200), kind({"strength": 0.0}))


# ---------------------------------------------------------------- neighbourhood police


def test_officers_are_hired_in_the_target_district_only():
    """Two more per 10,000 residents, by the accounts of the posts themselves."""
    ctx = care_world(staffed=True, **NO_CRISES, **NO_SIGNALS, **NO_TURNOVER)
    before = actual(ctx)[POLICE].sum(axis=0)
    act(ctx, NeighbourhoodPolice({**WILLING, "freed_share": 0.0}, target=NORTH))
    run_months(ctx, [Professionals()], 1)
    extra = actual(ctx)[POLICE].sum(axis=0) - before
    assert extra == pytest.approx(2 * people(ctx) / 10_000 * [1, 0, 0])


def test_freed_time_gives_hours_of_officers_in_post():
    """At 0.15 of 118 x 0.75 net hours an fte, from the first month on and without posts."""
    ctx = care_world(staffed=True, **NO_CRISES, **NO_SIGNALS, **NO_TURNOVER)
    standing = actual(ctx)[POLICE].sum(axis=0)
    act(ctx, NeighbourhoodPolice({**WILLING, "extra_per_10k": 0.0, "freed_share": 0.15}))
    assert ctx.effects.touched() == {"hours.police_officer"}
    assert ctx.effects.funded("hours.police_officer", 3) == pytest.approx(standing * 118 * 0.75 * 0.15)
    with_it = ctx.world.district.police_hours
    run_months(ctx, [Professionals()], 1)
    assert with_it == pytest.approx(standing * 118 * 0.75 * (0.65 + 0.15), rel=0.2)


def test_more_hours_mean_less_activity_there():
    """What the hours do is a number of crime: an elasticity of all police on the street."""
    logs = []
    for hours in (20.0, 60.0):
        ctx = town(dwellings=300)
        ctx.world.district.police_hours[0] = hours
        ctx.world.district.police_cover[:] = 0
        months(ctx, None)
        logs.append(ctx.world.district.enforcement_log.copy())
    assert logs[1][0] < logs[0][0]
    assert (logs[1][1:] > logs[0][1:]).all()


# ---------------------------------------------------------------- firm hand


def test_hours_on_the_street_and_their_bill():
    ctx = town()
    act(ctx, FirmHand(WILLING, target=NORTH))
    hours = 0.011 * people(ctx) * [1, 0, 0]
    assert ctx.effects.funded("hours.police_officer", 3) == pytest.approx(hours)
    assert ctx.ledger.month["targeted_enforcement"] == pytest.approx(hours * indexed(ctx, 100, 2010))


def test_adults_under_it_give_trouble_less_often():
    ctx = town()
    act(ctx, FirmHand({**WILLING, "trouble_ratio": 0.9}, target=NORTH))
    table = ctx.world.resident
    under = table.alive & (table.district == 0) & (table.age >= 18)
    for rate in ("nuisance.onset", "nuisance.onset_other"):
        found = ratio(ctx, rate)
        assert found[under] == pytest.approx(0.9)
        assert found[~under] == pytest.approx(1)


def test_unfair_checks_strike_the_young_alone_and_break_a_promise():
    """One unfair check a year for everybody of the ages: they remember it, and nobody else has anything to."""
    ctx = small_world(
        (Promises,),
        extra=(
            Column("resident.gave_up", np.bool_, "-", "x"),
            Column("resident.trust", np.float32, "-", "x"),
        ),
        dwellings=300,
    )
    lever = FirmHand(
        {**WILLING, "unfair_checks": 1.0, "message": 0.0, "checked_from": 14, "checked_to": 25}, target=NORTH
    )
    table = ctx.world.resident
    of_age = table.alive & (table.district == 0) & (table.age >= 14) & (table.age <= 25)
    total = 0
    for _ in range(24):
        act(ctx, lever)
        struck = [details["residents"] for _, _, what, details in ctx.effects.acts if what == "let_down"]
        total += sum(rows.size for rows in struck)
        assert all(of_age[rows].all() for rows in struck)
        before = table.broken_promise.copy()
        Promises().step(ctx)
        known = np.zeros(table.size, dtype=bool)
        known[np.concatenate([*struck, np.empty(0, np.int32)])] = True
        assert (table.broken_promise[known] > 0.9).all()
        assert (table.broken_promise[~known] <= before[~known]).all()
        ctx.month += 1
    expected = 24 * of_age.sum() / 12
    assert total == pytest.approx(expected, abs=4 * np.sqrt(expected))


def test_a_message_that_works_in_full_leaves_nobody_let_down():
    ctx = town()
    for _ in range(6):
        act(ctx, FirmHand({**WILLING, "unfair_checks": 1.0, "message": 1.0}))
        assert not ctx.effects.acts
        ctx.month += 1
