"""Crime: stationary profile, recurrence and branching, displacement, victims, records apart from crime."""

import numpy as np
import pytest

from tests.mechanisms.crime_world import city, neutral
from tests.worlds import run_months
from wijksim.kernel.loops import Loops
from wijksim.mechanisms.crime import Crime, loops, peers, streets
from wijksim.mechanisms.crime.cohort import (
    ACTIVE,
    FRINGE,
    NONE,
    branching_ratio,
    chance,
    profile,
    retention,
)
from wijksim.parameters.store import ParameterStore

VALUES = ParameterStore().at(0, "2025-01")
# residents by age, as the Netherlands: level up to 75, then falling to none at 100
AGES = np.concatenate([np.ones(75), np.linspace(1, 0, 26)])


def national(**changes):
    return profile({**VALUES, **{f"crime.{name}": value for name, value in changes.items()}})


def rate(known, low, high):
    weight = AGES[low:high]
    return float((weight * known.suspects[low:high]).sum() / weight.sum())


# ---------------------------------------------------------------- levels and closed forms


def test_fitted_levels_of_suspects():
    known = national()
    assert rate(known, 0, 101) == pytest.approx(0.008, abs=0.0005)  # CRI-03
    assert rate(known, 12, 18) == pytest.approx(0.0139, abs=0.001)  # CRI-02
    young = AGES[:23] @ known.suspects[:23] / (AGES @ known.suspects)
    assert young == pytest.approx(0.25, abs=0.02)  # a quarter of suspects is below 23


def test_levels_that_come_out():
    known = national()
    first = AGES @ known.first / (AGES @ known.suspects)
    assert first == pytest.approx(0.33, abs=0.04)  # CRI-09
    assert 0.016 <= rate(known, 18, 23) <= 0.020  # CRI-01


def test_offending_does_not_explode():
    for name in ("again_minor", "again_adult"):
        low, high = 0, 0.8
        assert low < branching_ratio(VALUES, f"crime.{name}") < high
    kept = retention(18)
    assert branching_ratio(VALUES, "crime.again_minor") == pytest.approx(0.2 / 12 * kept / (1 - kept))


def test_without_recruitment_cases_follow_from_base_and_branching():
    """In the long run cases = base / (1 - n), whatever the half-life."""
    known = national(
        fringe_rate=0, again_minor=0.19, age_older=200, offence_minor=0.0045, offence_young=0.0045
    )
    assert known.share[:, NONE] == pytest.approx(1)
    n = branching_ratio({**VALUES, "crime.again_adult": 0.19}, "crime.again_adult")
    assert known.suspects[60] == pytest.approx(12 * chance(0.0045) / (1 - n), rel=1e-6)


def test_habitual_offenders_fall_away_at_their_exit_after_recruitment_ends():
    known = national()
    years = 20
    left = (1 - chance(VALUES["crime.exit_adult"])) ** (12 * years)
    # hardly anybody is still at the fringe by 40, so that nobody is added
    assert known.share[60, ACTIVE] / known.share[40, ACTIVE] == pytest.approx(left, rel=1e-3)


def test_reconviction_of_juveniles_within_two_years():
    """PAT-26: 38 % (33-40): what one case adds over 24 months, and the base of those who make the cases, by stage."""
    kept = retention(VALUES["crime.memory_half_life"])
    known = national()
    pushed = VALUES["crime.again_minor"] / 12 * sum(kept**k for k in range(1, 25))
    minors = slice(12, 18)
    rates = np.array([VALUES[f"crime.offence_{name}"] for name in ("minor", "fringe", "active")])
    stages = (known.share[minors] * rates).sum(axis=0)
    stays = np.array([0.0, VALUES["crime.fringe_exit"], VALUES["crime.exit_minor"]])
    years = np.array([2.0, *((1 - np.exp(-2 * stays[1:])) / stays[1:])])
    again = 1 - np.exp(-pushed - rates * years)
    assert 0.33 <= (stages * again).sum() / stages.sum() <= 0.42
    base = 2 * VALUES["crime.offence_minor"]
    adult = VALUES["crime.again_adult"] / 12 * sum(kept**k for k in range(1, 25)) + base
    assert 0.2 <= 1 - np.exp(-adult) <= 0.28


def test_a_world_stays_at_the_level_at_which_it_starts():
    """Without drivers and without ageing the number of offenders of one age is that of the profile."""
    values = {**neutral(), "crime.fringe_rate": 0.3, "crime.detention_share": 0.0}
    ctx = city(values=values, dwellings=2400)
    resident = ctx.world.resident
    adult = resident.alive & (resident.age >= 23)
    known = profile(ctx.values)
    expected = known.share[np.minimum(resident.age[adult], 100), ACTIVE].sum()
    found = np.count_nonzero(resident.crime_stage[adult] == ACTIVE)
    assert found == pytest.approx(expected, abs=4 * np.sqrt(expected))
    memory = known.memory[np.minimum(resident.age[adult], 100)].sum()
    assert resident.case_memory[adult].sum() == pytest.approx(memory, rel=0.25)


def test_cases_of_the_first_year_are_those_of_the_profile():
    ctx = city(values={**neutral(), "crime.detention_share": 0.0}, dwellings=3000)
    resident = ctx.world.resident
    known = profile(ctx.values)
    expected = known.suspects[np.minimum(resident.age, 100)][resident.alive].sum()
    count = first = 0
    for _ in range(12):
        run_months(ctx, [Crime()], 1)
        count += np.count_nonzero(resident.suspect)
        first += np.count_nonzero(resident.suspect_first)
    assert count == pytest.approx(expected, abs=4 * np.sqrt(2 * expected))
    assert 0 < first < count


# ---------------------------------------------------------------- careers and cases


def test_no_rates_no_crime():
    names = ("fringe_rate", "again_minor", "again_adult", "victim_rate", "burglary_rate")
    names += tuple(f"offence_{name}" for name in ("minor", "young", "adult", "older", "fringe", "active"))
    ctx = city(values={f"crime.{name}": 0.0 for name in names}, dwellings=300)
    run_months(ctx, [Crime()], 6)
    resident = ctx.world.resident
    for column in ("suspect", "record", "detained", "victim", "crime_stage"):
        assert not resident[column].any(), column
    assert not ctx.world.household.burgled.any()


def test_the_young_alone_are_recruited():
    ctx = city(values={"crime.fringe_rate": 50.0, "crime.active_rate": 0.0}, dwellings=400)
    resident = ctx.world.resident
    resident.crime_stage[:] = 0
    Crime()._careers(ctx, peers.expose(ctx))
    at_fringe = resident.crime_stage == FRINGE
    assert at_fringe.any()
    assert resident.age[at_fringe].min() >= 12
    assert resident.age[at_fringe].max() <= 22


def test_nobody_below_the_age_of_criminal_law_is_a_suspect():
    ctx = city(values={"crime.offence_minor": 40.0}, dwellings=400)
    run_months(ctx, [Crime()], 2)
    resident = ctx.world.resident
    assert resident.suspect.any()
    assert resident.age[resident.record].min() >= 12


def test_a_first_case_is_first_once():
    ctx = city(values={"crime.offence_adult": 30.0}, dwellings=300)
    resident = ctx.world.resident
    resident.record[:] = False
    seen = np.zeros(resident.size, dtype=int)
    for _ in range(8):
        run_months(ctx, [Crime()], 1)
        seen += resident.suspect_first
        assert not (resident.suspect_first & ~resident.suspect).any()
    assert seen.max() == 1


def test_the_detained_neither_offend_nor_are_hit_and_come_out_at_their_rate():
    ctx = city(dwellings=900)
    resident = ctx.world.resident
    resident.detained[:] = resident.age >= 18
    held = np.count_nonzero(resident.detained)
    run_months(ctx, [Crime()], 1)
    still = resident.detained
    assert np.count_nonzero(still) / held == pytest.approx(np.exp(-3 / 12), abs=0.04)
    assert not (resident.suspect & still & ~resident.suspect_first & (resident.case_memory < 1)).any()
    assert not (resident.victim & still).any()


def test_elasticity_of_peers():
    """Twice the offending around raises recruitment by 2 ** 0.19 (CRI-28)."""
    ctx = city(dwellings=400)
    mechanism = Crime()
    youths = mechanism._youths(ctx)
    row = youths[:1]
    resident = ctx.world.resident
    resident.peer_exposure[:] = 0
    alone = mechanism.fringe.probability(ctx, row)[0]
    resident.peer_exposure[row] = np.log(2)
    double = mechanism.fringe.probability(ctx, row)[0]
    assert np.log1p(-double) / np.log1p(-alone) == pytest.approx(2**0.19, rel=1e-3)


def test_ties_with_offenders_count_by_strength():
    ctx = city(values={"crime.fringe_rate": 0.0}, dwellings=300)
    resident = ctx.world.resident
    young = np.flatnonzero((resident.age >= 12) & (resident.age <= 22))
    old = np.flatnonzero(resident.age > 40)
    a, bad, good = int(young[0]), int(old[0]), int(old[1])
    resident.crime_stage[:] = NONE
    resident.crime_stage[bad] = ACTIVE
    resident.detained[:] = False
    ctx.world.ties.add(np.array([a, a]), np.array([bad, good]), np.array([0.6, 0.2]), np.array([0, 0]))
    peers.expose(ctx)
    local, level, floor = (ctx.values[f"crime.{name}"] for name in ("local_ties", "peer_level", "peer_floor"))
    seen = 0.6 / (0.8 + local)  # the offender is no youth, so that the district adds none
    assert resident.peer_exposure[a] == pytest.approx(
        np.log((seen + floor * level) / ((1 + floor) * level)), rel=1e-5
    )


def test_siblings_are_those_at_home_who_offend_and_not_oneself():
    ctx = city(dwellings=300)
    resident = ctx.world.resident
    resident.crime_stage[:] = NONE
    resident.detained[:] = False
    young = np.flatnonzero((resident.age >= 12) & (resident.age <= 17))
    homes, counts = np.unique(resident.household[young], return_counts=True)
    two = young[resident.household[young] == homes[counts == 2][0]]
    resident.crime_stage[two[0]] = FRINGE
    peers.expose(ctx)
    assert list(np.flatnonzero(resident.sibling_offends)) == [two[1]]


def test_without_the_youth_loop_peers_stand_still():
    ctx = city(dwellings=300)
    ctx.loops = Loops(["youth"])
    row = Crime()._youths(ctx)[:1]
    before = Crime.fringe.probability(ctx, row)
    ctx.world.resident.peer_exposure[:] = 2.0
    assert Crime.fringe.probability(ctx, row) == before


# ---------------------------------------------------------------- places


def test_equal_districts_have_national_activity():
    level, activity = streets.drawn(VALUES, np.full(5, 3, np.float32), 3.0, np.arange(1.0, 6.0))
    assert level == pytest.approx(np.ones(5))
    assert activity == pytest.approx(np.arange(1.0, 6.0))
    level, _ = streets.drawn(VALUES, np.array([6], np.float32), 3.0, np.ones(1))
    assert level == pytest.approx(0.6 * 2 + 0.4)


def test_displacement_conserves_what_it_moves():
    activity = np.array([4000.0, 5000.0, 3000.0])
    cover = np.array([3.0, 0.5, 1.0])
    ratio = streets.deterrence(VALUES, cover)
    after, rest = streets.displaced(VALUES, activity, cover, ratio)
    taken = (activity * (ratio - 1)).sum()
    assert after.sum() + rest == pytest.approx(activity.sum() + 0.6 * taken)


def test_sums_over_districts_are_those_of_numpy():
    rng = np.random.default_rng(1)
    for size in (1, 2, 7, 8, 9, 60, 128, 129, 500):
        values = rng.normal(size=size) * 10 ** rng.uniform(-3, 3, size)
        assert streets.summed(values) == np.add.reduce(values)


def test_displaced_activity_seeks_the_least_covered_neighbour():
    activity, cover = np.full(3, 1000.0), np.array([4.0, 1.0, 0.5])
    after, rest = streets.displaced(VALUES, activity, cover, np.array([0.5, 1.0, 1.0]))
    assert after[0] == pytest.approx(500)
    assert after[2] - 1000 == pytest.approx(4 * (after[1] - 1000))
    assert rest == pytest.approx(0.5 * 0.4 * 500)
    alone, all_of_it = streets.displaced(VALUES, activity[:1], cover[:1], np.array([0.5]))
    assert alone == pytest.approx([500])
    assert all_of_it == pytest.approx(200)


def test_full_displacement_leaves_the_city_as_it_was():
    values = {**VALUES, "crime.displacement_share": 1.0}
    activity, cover = np.array([900.0, 1100.0]), np.array([5.0, 1.0])
    after, rest = streets.displaced(values, activity, cover, np.array([0.77, 1.0]))
    assert after.sum() + rest == pytest.approx(activity.sum())


def test_elasticity_of_police():
    assert streets.deterrence(VALUES, np.array([1.0, 1.21])) == pytest.approx([1.0, 1 / 1.1])
    assert streets.deterrence(VALUES, np.array([0.0, 1e9])) == pytest.approx(
        [VALUES["crime.police_high"], VALUES["crime.police_low"]]
    )


def test_an_officer_more_avoids_as_many_victims_as_measured():
    """EFF-25: about 19 victims a year per officer, where activity of 10,000 residents is all at home."""
    hours = 118 * 0.65
    patrol = VALUES["crime.patrol_hours"]
    ratio = streets.deterrence(VALUES, np.array([1 + hours / 10_000 / patrol]))[0]
    crimes = 10_000 * 0.84 * VALUES["crime.victim_rate"]
    assert 10 <= crimes * VALUES["crime.victim_home_share"] * (1 - ratio) <= 30


def test_more_police_lower_victimisation_and_the_loop_can_be_frozen():
    ctx = city(dwellings=600)
    police, mechanism = ctx.world.district.police_hours, Crime()
    police[:] = 100.0
    run_months(ctx, [mechanism], 1)
    assert ctx.world.district.enforcement_log == pytest.approx(np.zeros(3), abs=0.1)
    before = ctx.world.district.enforcement_log.copy()
    police[0] = 3000.0
    run_months(ctx, [mechanism], 12)
    after = ctx.world.district.enforcement_log
    assert after[0] < before[0] - 0.1
    assert np.all(after[1:] > before[1:])


def places(ctx, hit):
    district, share = ctx.world.district, ctx.values["crime.victim_home_share"]
    here = np.exp(district.offending_log + district.enforcement_log).astype(np.float64)
    luck = ctx.draws.uniform("crime.where", ctx.world.resident.uid[hit], ctx.month)
    found, rest = np.empty(hit.size, np.int64), streets.rest_share(ctx.values, here.size)
    activity = here * ctx.world.by_district("resident")
    loops.places(ctx.world.resident.district, hit, luck, here, activity, share, rest, found)
    return found


def test_where_victims_are_hit():
    ctx = city(dwellings=1500)
    hit = np.flatnonzero(ctx.world.resident.age >= 15).astype(np.int32)
    ctx.world.district.offending_log[:] = 0
    ctx.world.district.enforcement_log[:] = 0
    where, home = (
        places(ctx, hit),
        ctx.world.resident.district[hit],
    )
    spread = 4 * np.sqrt(0.25 / hit.size)
    assert np.mean(where == home) == pytest.approx(0.6, abs=spread)
    assert np.mean(where == -1) == pytest.approx(0.2, abs=spread)
    assert np.mean((where >= 0) & (where != home)) == pytest.approx(0.2, abs=spread)
    assert set(where.tolist()) == {-1, 0, 1, 2}


def test_who_is_hit_elsewhere_is_hit_where_offenders_are():
    ctx = city(dwellings=1500)
    resident, district = ctx.world.resident, ctx.world.district
    hit = np.flatnonzero((resident.age >= 15) & (resident.district == 0)).astype(np.int32)
    district.offending_log[:] = np.log((1.0, 3.0, 1.0))
    district.enforcement_log[:] = np.log((1.0, 1.0, 0.5))
    where = places(ctx, hit)
    there = [np.count_nonzero(where == one) for one in (1, 2)]
    people = ctx.world.by_district("resident").astype(float)
    share = 3 * people[1] / (3 * people[1] + 0.5 * people[2])
    assert there[0] / sum(there) == pytest.approx(share, abs=4 * np.sqrt(0.25 / sum(there)))
    # with nobody about in the other districts, it happens in the rest of the city
    ctx.month += 1
    district.offending_log[1:] = -np.inf
    assert set(places(ctx, hit).tolist()) == {-1, 0}


def test_burglaries_follow_offenders_in_full():
    ctx = city(dwellings=1500)
    expected = {}
    for level in (0.0, 1.0):
        ctx.world.district.offending_log[:] = level
        expected[level] = Crime.burglary.probability(ctx, ctx.world.household.rows).mean()
    assert expected[1.0] / expected[0.0] == pytest.approx(np.e, rel=0.05)


def test_recording_moves_records_and_never_crime():
    ends = []
    for share in (0.08, 0.25):
        ctx = city(values={"crime.register_share": share}, dwellings=900)
        hit = 0
        for _ in range(24):
            run_months(ctx, [Crime()], 1)
            hit += np.count_nonzero(ctx.world.resident.victim)
        ends.append((hit, float(ctx.world.district.registered_crime.mean())))
    assert ends[0][0] == ends[1][0]
    assert ends[0][1] < 0.8 * ends[1][1]


def test_registered_crime_is_near_the_national_level():
    ctx = city(dwellings=1500)
    run_months(ctx, [Crime()], 24)
    assert ctx.world.district.registered_crime.mean() == pytest.approx(0.029, abs=0.005)


def test_victims_per_year_and_what_is_remembered_is_stationary():
    ctx = city(dwellings=1500)
    resident = ctx.world.resident
    asked = resident.age >= 15
    began = resident.victim_memory[asked].mean()
    run_months(ctx, [Crime()], 24)
    assert resident.victim_memory[asked].mean() == pytest.approx(began, rel=0.2)
    assert np.mean(resident.victim_last[asked] > ctx.month - 12) == pytest.approx(0.2, abs=0.025)


def test_disorder_raises_and_control_lowers_victimisation():
    ctx = city(dwellings=300)
    row = np.flatnonzero(ctx.world.resident.age >= 15)[:1].astype(np.int32)
    usual = Crime.victim.probability(ctx, row)
    door = ctx.world.resident.entrance[row]
    ctx.world.entrance.disorder[door] = 1.0
    worse = Crime.victim.probability(ctx, row)
    ctx.world.entrance.control[door] = 2.0
    assert worse > usual
    assert Crime.victim.probability(ctx, row) < worse
