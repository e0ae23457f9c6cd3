"""Crime: cohort in closed form, Markov limits, recurrence, peers, and an account of offenders' days."""

import numpy as np
import pytest

from tests.worlds import run_months, small_world
from wijksim.mechanisms.crime import Crime, street
from wijksim.mechanisms.crime.columns import Career
from wijksim.mechanisms.crime.start import cohort
from wijksim.state.column import Column

OTHERS = (
    Column("household.poor", np.bool_, "-", "x"),
    Column("household.problem_debt", np.bool_, "-", "x"),
    Column("district.police_hours", np.float32, "-", "x", default=100),
    Column("entrance.disorder", np.float32, "-", "x"),
    Column("resident.stress", np.float32, "-", "x"),
    Column("resident.ties", np.float32, "-", "x"),
)
_STAGES, _TEMPTATIONS = ("recruit", "advance", "relapse"), ("poor", "debt", "idle", "peers")
PLAIN = {f"{stage}_{what}": 1.0 for stage in _STAGES for what in _TEMPTATIONS}
PLAIN |= {"recruit_male": 1.0, "recruit_sibling": 1.0, "recruit_stress": 1.0, "adult_male": 1.0, "adult_poor": 1.0,
          "adult_debt": 1.0, "adult_idle": 1.0, "desist_idle": 1.0, "desist_persistence": 1.0,
          "relapse_persistence": 1.0}  # fmt: skip


def world(dwellings=800, seed=1, setup=True, **values):
    ctx = small_world((Crime,), extra=OTHERS, dwellings=dwellings, seed=seed, setup=False)
    for name, value in values.items():
        ctx.parameters.set(f"crime.{name}", value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    ctx.settings["rest"] = 10.0
    if setup:
        Crime().setup(ctx)
    return ctx


def share(ctx, stage, rows=None):
    resident = ctx.world.resident
    chosen = resident.rows if rows is None else rows
    return np.mean(resident.career[chosen] == stage)


# ---------------------------------------------------------------- careers


def test_a_cohort_settles_where_two_rates_balance():
    """Without new beginners, those who ever began are active or former in the ratio of relapse to desistance."""
    values = world(setup=False).values
    by_age = cohort(values)
    assert np.allclose(by_age.sum(axis=1), 1)
    assert np.all(by_age[: int(values["crime.youth_from"]), Career.NONE] == 1)
    old = by_age[100]
    stay, back = (-np.expm1(-values[f"crime.{name}"] / 12) for name in ("desist_grown", "relapse_rate"))
    assert old[Career.ACTIVE] / old[Career.FORMER] == pytest.approx(back / stay, rel=1e-3)


def test_the_start_is_that_of_the_cohort_and_stays_there():
    # all rates the same for everybody, so that the chain of the cohort is that of the world
    ctx = world(2000, **PLAIN)
    resident = ctx.world.resident
    adults = np.flatnonzero(resident.alive & (resident.age >= 25) & (resident.age < 60))
    expected = cohort(ctx.values)[resident.age[adults], Career.ACTIVE].mean()
    # the drawn start is a sample of some 3,000 people
    assert share(ctx, Career.ACTIVE, adults) == pytest.approx(
        expected, abs=4 * np.sqrt(expected / adults.size)
    )
    run_months(ctx, [Crime()], 36)
    assert share(ctx, Career.ACTIVE, adults) == pytest.approx(
        expected, abs=5 * np.sqrt(expected / adults.size)
    )


def test_without_beginning_nobody_begins_and_all_stop():
    ctx = world(recruit_rate=0.0, adult_rate=0.0, relapse_rate=0.0, advance_rate=0.0, drift_rate=50.0,
                desist_young=50.0, desist_grown=50.0, setup=False)  # fmt: skip
    Crime().setup(ctx)
    run_months(ctx, [Crime()], 24)
    assert share(ctx, Career.ACTIVE) == 0
    assert share(ctx, Career.FRINGE) == 0


def test_only_the_young_are_recruited_and_only_those_who_may_be_prosecuted():
    ctx = world(recruit_rate=20.0, adult_rate=0.0, advance_rate=0.0, **PLAIN)
    resident = ctx.world.resident
    resident.career[:] = Career.NONE
    run_months(ctx, [Crime()], 3)
    rows = np.flatnonzero(resident.career > Career.NONE)
    assert rows.size
    assert resident.age[rows].min() >= 12
    assert resident.age[rows].max() < 24  # recruited at 22 at the latest


def test_recurrence_has_its_closed_form():
    """Of those registered once, r / (r + d) (1 - exp(-2 (r + d))) are registered again within two years."""
    r, d = 0.44, 0.8
    ctx = world(2500, offence_rate=r, desist_young=d, desist_grown=d, relapse_rate=0.0, recruit_rate=0.0,
                adult_rate=0.0, advance_rate=0.0, drift_rate=0.0, **PLAIN)  # fmt: skip
    resident = ctx.world.resident
    grown = np.flatnonzero(resident.alive & (resident.age >= 12))
    resident.career[grown] = Career.ACTIVE
    resident.offence_last[:] = -16000
    first, again = {}, set()
    machine = Crime()
    for month in range(30):
        run_months(ctx, [machine], 1)
        for row in np.flatnonzero(resident.suspect).tolist():
            if row not in first:
                if month < 6:
                    first[row] = month
            elif month - first[row] <= 24:
                again.add(row)
    expected = r / (r + d) * (1 - np.exp(-2 * (r + d)))
    assert len(again) / len(first) == pytest.approx(expected, abs=4 * np.sqrt(expected / len(first)))


def test_whoever_has_active_friends_is_recruited_more_by_the_elasticity():
    ctx = world(recruit_peers=1.21)
    rows = np.flatnonzero(
        ctx.world.resident.alive & (ctx.world.resident.age < 23) & (ctx.world.resident.age >= 12)
    )
    rows = rows.astype(np.int32)
    low = Crime.recruit.probability(ctx, rows)
    ctx.world.resident.peer_pull[rows] += np.log(2).astype(np.float32)
    high = Crime.recruit.probability(ctx, rows)
    # a doubling of exposure: 2 ** .19
    ratio = np.log1p(-high) / np.log1p(-low)
    assert np.median(ratio) == pytest.approx(2 ** np.log(1.21), rel=0.02)


def test_a_registered_suspect_is_logged_once_with_the_past():
    ctx = world(offence_rate=30.0)
    machine = Crime()
    run_months(ctx, [machine], 1)
    rows = ctx.log.column("suspects", "row").astype(int)
    assert rows.size == np.unique(rows).size > 0
    assert np.all(ctx.world.resident.suspect[rows])
    assert np.all(ctx.world.resident.offence_last[rows] == ctx.month - 1)
    assert np.all(ctx.world.resident.suspect_before[rows])


# ---------------------------------------------------------------- streets


def test_days_at_home_and_about_add_up():
    active, residents = np.array([10.0, 0, 5]), np.array([1000.0, 2000, 3000])
    days = street.visiting(active, residents, home=0.5, rest=60_000, density=0.02)
    everybody = (15 + 60_000 * 0.02) / 66_000
    assert days == pytest.approx(0.5 * active + 0.5 * everybody * residents)
    # whatever the districts get beyond their own comes from the rest of the city
    assert street.visiting(active, residents, home=1.0, rest=0, density=0).sum() == 15


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_what_is_prevented_and_displaced_is_an_account(share):
    days, cover = np.array([10.0, 20, 30]), np.array([2.0, 1, 1])
    spread = street.enforce(days, cover, elasticity=0.5, share=share, rest=100)
    removed = 10 * (1 - 2**-0.5)
    assert spread.local.sum() + spread.rest + spread.prevented == pytest.approx(60)
    assert spread.local[0] == pytest.approx(10 - removed)
    assert spread.prevented == pytest.approx((1 - share) * removed)
    moved = spread.local[1:] - days[1:]
    assert moved == pytest.approx(share * removed * np.array([20, 30]) / 150)


def test_usual_cover_changes_nothing():
    days = np.array([10.0, 20, 30])
    spread = street.enforce(days, np.ones(3), elasticity=0.5, share=0.4, rest=100)
    assert np.array_equal(spread.local, days)
    assert (spread.rest, spread.prevented) == (0, 0)


def test_less_cover_draws_offenders_from_elsewhere():
    spread = street.enforce(np.array([10.0, 10]), np.array([0.5, 1]), elasticity=0.5, share=0.4, rest=0)
    assert spread.local[0] > 10 > spread.local[1]
    assert spread.prevented < 0


def test_police_of_the_neighbourhood_team_is_a_part_of_the_presence():
    ctx = world(team_part=0.2, cover_half_life=0.0)
    machine = Crime()
    run_months(ctx, [machine], 2)
    ctx.world.district.police_hours[0] = 0
    run_months(ctx, [machine], 1)
    assert ctx.world.district.police_cover == pytest.approx([0.8, 1, 1])


def test_victims_follow_crime_in_their_district():
    ctx = world(1500, victim_disorder=1.0)
    rows = np.flatnonzero(ctx.world.resident.alive & (ctx.world.resident.age >= 15)).astype(np.int32)
    before = Crime.victim.probability(ctx, rows)
    ctx.world.district.crime_pressure[:] += np.log(2)
    after = Crime.victim.probability(ctx, rows)
    ratio = np.log1p(-after) / np.log1p(-before)
    assert np.median(ratio) == pytest.approx(2 ** np.log(2.2), rel=0.02)


def test_same_seed_same_bytes():
    one, two = world(), world()
    for ctx in (one, two):
        run_months(ctx, [Crime()], 4)
    for column in Crime.owns:
        assert np.array_equal(one.world.column(column.name), two.world.column(column.name)), column.name
