"""Nuisance: stocks, exposure by hand, convexity, reports apart from occurrence, disorder before control."""

import numpy as np
import pytest

from tests.worlds import run_months, small_world
from wijksim.kernel.loops import Loops
from wijksim.kernel.reference import Reference
from wijksim.mechanisms.nuisance import Nuisance, often, street
from wijksim.state.codes import DwellingKind, Tenure
from wijksim.state.column import Column

OTHERS = (
    Column("resident.psychiatric", np.bool_, "-", "x"),
    Column("resident.addiction", np.bool_, "-", "x"),
    Column("resident.crisis_memory", np.float32, "-", "x"),
    Column("resident.help_effect", np.float32, "-", "x"),
    Column("resident.stress", np.float32, "-", "x"),
    Column("resident.self_reliance", np.float32, "-", "x"),
    Column("district.prevention_fte", np.float32, "-", "x"),
    Column("district.caretaker_hours", np.float32, "-", "x"),
    Column("entrance.petty_disorder", np.float32, "-", "x"),
)
RATIOS = ("psychiatric", "addiction", "stress", "crisis", "support", "control")


def world(dwellings=600, seed=1, setup=True, **values):
    ctx = small_world((Nuisance,), extra=OTHERS, dwellings=dwellings, seed=seed, setup=False)
    for name, value in values.items():
        ctx.parameters.set(f"nuisance.{name}", value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    resident = ctx.world.resident
    rng = np.random.default_rng(seed)
    resident.self_reliance[:] = rng.uniform(0.4, 0.9, resident.size)
    resident.psychiatric[:] = rng.random(resident.size) < 0.02
    ctx.world.dwelling.kind[:] = DwellingKind.FLAT
    if setup:
        Nuisance().setup(ctx)
    return ctx


def neutral():
    return {f"onset_{name}": 1.0 for name in RATIOS}


def active(ctx):
    return int(np.count_nonzero(ctx.world.resident.nuisance_source))


def forget_sources(ctx):
    ctx.world.resident.nuisance_source[:] = False


def test_stock_is_onset_over_exit_plus_onset():
    # many sources, so that chance is small; both groups at their own rate, no other drivers
    ctx = world(1200, onset_rate=0.3, mediation_share=0.0, **neutral())
    mechanism = Nuisance()
    run_months(ctx, [mechanism], 1)
    # the national mean is of the weighted mixture: at equal weights the rate is that of the world itself
    resident = ctx.world.resident
    adult = resident.alive & (resident.age >= 18)
    off = 1 - np.exp(-ctx.values["nuisance.end_rate"] / 12)
    expected = 0.0
    for _, level, group in mechanism._groups(ctx):
        on = 1 - np.exp(-0.3 * np.exp(level) / 12)
        expected += np.count_nonzero(adult & group) * on / (on + off)
    stock = []
    for _ in range(300):  # without ageing: the same people throughout
        mechanism.step(ctx)
        ctx.month += 1
        stock.append(active(ctx))
    assert np.mean(stock) == pytest.approx(expected, rel=0.07)


def test_national_rate_is_per_household():
    """Sources begin at the national rate per household, whatever the share of people with complex problems."""
    ctx = world(1200, **neutral())
    mechanism = Nuisance()
    households = ctx.reference.weights(ctx, "household")
    weight = households[ctx.world.resident.household]
    run_months(ctx, [mechanism], 1)
    forget_sources(ctx)
    rows = np.flatnonzero(mechanism._at_risk(ctx)).astype(np.int32)
    rate = 0.0
    for event, level, group in mechanism._groups(ctx):
        some = rows[group[rows]]
        p = event.probability(ctx, some, offset=np.full(some.size, level))
        rate += float((weight[some] * -np.log1p(-p)).sum()) * 12
    assert rate / households.sum() == pytest.approx(ctx.values["nuisance.onset_rate"], rel=0.02)


def test_the_start_is_stationary():
    starts, ends = [], []
    for seed in range(6):
        ctx = world(900, seed=seed, onset_rate=0.1, mediation_share=0.0)
        starts.append(active(ctx))
        for month in range(36):
            run_months(ctx, [Nuisance()], 1)
            if month >= 12:
                ends.append(active(ctx))
    assert np.mean(starts) == pytest.approx(np.mean(ends), rel=0.12)


def test_without_onset_sources_die_out_at_their_persistence():
    ctx = world(1500, onset_rate=1.5)
    ctx.parameters.set("nuisance.onset_rate", 0.0)
    ctx.parameters.set("nuisance.mediation_share", 0.0)
    ctx.values = ctx.parameters.at(0, "2025-01")
    before = active(ctx)
    run_months(ctx, [Nuisance()], 12)
    assert before > 200
    assert active(ctx) / before == pytest.approx(0.93**12, abs=4 * np.sqrt(0.42 * 0.58 / before))
    run_months(ctx, [Nuisance()], 120)
    assert active(ctx) < before * 0.01


def test_extreme_onset_stays_within_people():
    ctx = world(200, onset_rate=1000.0, report_rate=0.0)
    run_months(ctx, [Nuisance()], 12)
    resident = ctx.world.resident
    adult = np.count_nonzero(resident.alive & (resident.age >= 18))
    assert adult * 0.8 < active(ctx) <= adult
    assert np.all(resident.age[resident.nuisance_source] >= 18)
    assert np.all(ctx.world.household.nuisance_often <= 1)


def test_nobody_with_complex_problems_is_no_error():
    ctx = world(200, setup=False)
    ctx.world.resident.psychiatric[:] = False
    ctx.world.resident.cognitive[:] = False
    Nuisance().setup(ctx)
    run_months(ctx, [Nuisance()], 2)
    assert not ctx.world.resident.complex_problems.any()
    assert not ctx.world.household.complex_members.any()


def test_arrivals_bring_what_they_would_bring_in_the_long_run():
    ctx = world(1500, onset_rate=0.2)
    run_months(ctx, [Nuisance()], 1)
    resident = ctx.world.resident
    forget_sources(ctx)
    resident.origin[:] = 1
    resident.arrived[:] = ctx.month - 1
    run_months(ctx, [Nuisance()], 1)
    arrived = active(ctx)
    forget_sources(ctx)
    run_months(ctx, [Nuisance()], 1)
    assert arrived > 2 * active(ctx)


def test_support_halves_the_onset():
    ctx = world(400)
    run_months(ctx, [Nuisance()], 1)
    resident = ctx.world.resident
    row = np.flatnonzero(resident.complex_problems & ~resident.psychiatric)[:1].astype(np.int32)
    # low enough not to meet the clip on either side
    resident.stress[row] = 0
    without = Nuisance.onset.probability(ctx, row)
    resident.help_effect[row] = 1
    assert Nuisance.onset.probability(ctx, row) / without == pytest.approx(0.5, rel=1e-3)


@pytest.mark.parametrize(
    ("tenure", "hours", "care", "chance"),
    [
        (Tenure.CORPORATION, 10.0, 1.0, 0.15),  # care and a caretaker: persistence 0.85
        (Tenure.CORPORATION, 10.0, 0.5, 0.11),
        (Tenure.CORPORATION, 0.0, 1.0, 0.11),  # care alone has half of the effect
        (Tenure.PRIVATE, 10.0, 1.0, 0.11),
        (Tenure.CORPORATION, 10.0, 0.0, 0.07),  # no care: persistence 0.93
    ],
)
def test_care_with_management_ends_a_source_sooner(tenure, hours, care, chance):
    ctx = world(200)
    resident, household = ctx.world.resident, ctx.world.household
    row = resident.rows[:1]
    household.tenure[resident.household[row]] = tenure
    resident.help_effect[row] = care
    ctx.world.district.caretaker_hours[:] = hours * ctx.world.dwelling.size
    mechanism = Nuisance()
    p = mechanism.end.probability(ctx, row, offset=mechanism._managed(ctx, row, mechanism._look(ctx)[0]))
    assert p[0] == pytest.approx(chance, abs=2e-4)


def test_without_the_support_loop_later_care_changes_nothing():
    ctx = world(200)
    ctx.loops = Loops(["support"])
    row = ctx.world.resident.rows[:1]
    mechanism = Nuisance()
    before = mechanism._managed(ctx, row, mechanism._look(ctx)[0])
    ctx.world.resident.help_effect[:] = 1
    ctx.world.district.caretaker_hours[:] = 1e6
    assert mechanism._managed(ctx, row, mechanism._look(ctx)[0]) == before


def test_exposure_in_an_entrance_by_hand():
    ctx = world(240)
    household, resident, entrance = ctx.world.household, ctx.world.resident, ctx.world.entrance
    forget_sources(ctx)
    source = resident.rows[resident.age[resident.rows] >= 18][0]
    resident.nuisance_source[source] = True
    resident.nuisance_intensity[source] = 1.5
    Nuisance()._expose(ctx)
    own = resident.household[source]
    door, estate = household.entrance[own], household.complex[own]
    at_door = (household.entrance == door) & (np.arange(household.size) != own)
    assert entrance.dwellings[door] == 8
    assert household.exposure[own] == 0
    assert household.exposure[at_door] == pytest.approx(1.5 * 6 / 7)
    in_complex = (household.complex == estate) & (household.entrance != door)
    # 40 dwellings in the complex, 8 behind the door of the source, 32 behind the others
    assert household.exposure[in_complex] == pytest.approx(1.5 * 0.1 * 6 / 32)
    assert not household.exposure[household.complex != estate].any()
    assert entrance.sources[door] == pytest.approx(1 / 8)
    assert household.nuisance_often[at_door] == pytest.approx(1 - np.exp(-3 * (1.5 * 6 / 7) ** 1.5), rel=1e-5)


def test_a_small_entrance_feels_a_source_in_full_and_no_more():
    ctx = world(240)
    resident, household, entrance = ctx.world.resident, ctx.world.household, ctx.world.entrance
    forget_sources(ctx)
    source = resident.rows[0]
    resident.nuisance_source[source] = True
    resident.nuisance_intensity[source] = 1
    door = resident.entrance[source]
    entrance.dwellings[door] = 3
    Nuisance()._expose(ctx)
    near = (household.entrance == door) & (np.arange(household.size) != resident.household[source])
    assert household.exposure[near] == pytest.approx(1)


def test_two_sources_are_worse_than_twice_one():
    e = np.array([0.0, 0.1, 0.2], dtype=np.float32)
    p = often(e, 3.0, 1.5)
    assert p[0] == 0
    assert p[2] > 2 * p[1]
    straight = often(e, 1.5, 1.0)
    assert straight == pytest.approx(1 - np.exp(-1.5 * e), rel=1e-5)
    assert straight[2] < 2 * straight[1]
    assert often(np.ones(1, np.float32), 3.0, 1.5)[0] == pytest.approx(1 - np.exp(-3))


@pytest.mark.parametrize(("households", "low", "high"), [(0.012, 0.04, 0.065), (0.035, 0.12, 0.175)])
def test_level_and_concentration_of_portieken_of_eight(households, low, high):
    ctx = world(3000)
    resident, household = ctx.world.resident, ctx.world.household
    rng = np.random.default_rng(5)
    heads = household.head[household.rows]
    found = []
    for _ in range(12):
        forget_sources(ctx)
        resident.nuisance_source[heads[rng.random(heads.size) < households]] = True
        Nuisance()._expose(ctx)
        found.append(household.nuisance_often[household.rows].mean())
    assert low < np.mean(found) < high


def test_few_entrances_have_most_of_it():
    ctx = world(3000)
    household = ctx.world.household
    by_door = np.bincount(household.entrance, weights=household.nuisance_often)
    ranked = np.sort(by_door)[::-1]
    assert ranked[: ranked.size // 5].sum() > 0.7 * ranked.sum()


def test_reporting_never_changes_occurrence():
    quiet, loud = (world(400, mediation_share=0.0, report_rate=rate) for rate in (0.3, 1.2))
    reports = [0, 0]
    for _ in range(24):
        for position, ctx in enumerate((quiet, loud)):
            run_months(ctx, [Nuisance()], 1)
            reports[position] += int(ctx.world.household.nuisance_report.sum())
    assert np.array_equal(quiet.world.resident.nuisance_source, loud.world.resident.nuisance_source)
    assert np.array_equal(quiet.world.household.exposure, loud.world.household.exposure)
    assert reports[1] > 1.5 * reports[0] > 0


def test_one_in_twenty_of_those_with_often_nuisance_reports():
    ctx = world(1500, onset_rate=0.2)
    expected = reported = 0.0
    for _ in range(12):
        run_months(ctx, [Nuisance()], 1)
        household = ctx.world.household
        expected += 0.05 * float(household.nuisance_often[household.rows].sum())
        reported += household.nuisance_report.sum()
    assert reported == pytest.approx(expected, abs=4 * np.sqrt(expected) + 0.02 * expected)


def test_mediation_ends_the_strongest_source_at_the_door():
    ctx = world(
        240, report_rate=1e9, mediation_share=1.0, mediation_solved=1.0, onset_rate=0.0, end_rate=1e-9
    )
    ctx.parameters.set("kernel.probability_cap", 1.0)
    ctx.values = ctx.parameters.at(0, "2025-01")
    resident, household = ctx.world.resident, ctx.world.household
    forget_sources(ctx)
    heads = household.head[household.rows]
    door = resident.entrance[heads[0]]
    pair = heads[resident.entrance[heads] == door][:2]
    resident.nuisance_source[pair] = True
    resident.nuisance_intensity[pair] = [2.0, 1.0]
    ctx.parameters.set("nuisance.complex_factor", 0.0)
    ctx.values = ctx.parameters.at(0, "2025-01")
    rows, felt = Nuisance()._expose(ctx)
    only = resident.household[heads[(resident.entrance[heads] == door)][2]]
    Nuisance()._reports(ctx, rows[rows == only], felt[rows == only])
    assert household.mediation[only]
    assert not resident.nuisance_source[pair[0]]
    assert resident.nuisance_source[pair[1]]


def test_disorder_and_control_settle_where_the_equations_say():
    ctx = world(80, street_bound=5.0)
    entrance = ctx.world.entrance
    for column, mean in (("entrance.sources", 0.01), ("entrance.vacant", 0.0), ("entrance.turnover", 0.1)):
        ctx.reference.stored[f"nuisance.street|{column}"] = [mean, 1.0]
    ctx.reference.stored["nuisance.street|district.prevention_fte"] = [0.0, 1.0]
    entrance.sources[:] = 0.03
    entrance.vacant[:] = 0
    entrance.turnover[:] = 0.2
    for _ in range(800):
        street.move(ctx)
    # .1 D = .1 I - .03 C and .03 C = -.05 D - .5 t / 12
    stir, turnover = 14 * 0.02, 0.1
    matrix = np.array([[0.1, 0.03], [0.05, 0.03]])
    expected = np.linalg.solve(matrix, [0.1 * stir, -0.5 * turnover / 12])
    assert entrance.disorder[0] == pytest.approx(expected[0], rel=1e-3)
    assert entrance.control[0] == pytest.approx(expected[1], rel=1e-3)


def test_disorder_leads_control():
    ctx = world(80)
    entrance = ctx.world.entrance
    entrance.disorder[:] = 0
    entrance.control[:] = 0
    for column in ("sources", "vacant", "turnover"):
        ctx.reference.stored[f"nuisance.street|entrance.{column}"] = [0.0, 1.0]
        entrance[column][:] = 0
    entrance.sources[0] = 0.125
    paths = []
    for _ in range(24):
        street.move(ctx)
        paths.append((entrance.disorder[0], -entrance.control[0]))
    half = [int(np.argmax(np.array(path) > path[-1] / 2)) for path in zip(*paths, strict=True)]
    assert half[0] < half[1]
    assert not entrance.disorder[1:].any()


def test_turnover_counts_the_households_of_twelve_months():
    ctx = world(80, setup=False)
    household, entrance = ctx.world.household, ctx.world.entrance
    household.moved_in[:] = -100
    household.moved_in[household.rows[0]] = -3
    Nuisance().setup(ctx)
    door = household.entrance[household.rows[0]]
    assert entrance.turnover[door] == pytest.approx(1 / 8)
    assert np.count_nonzero(entrance.turnover) == 1
    household.moved_in[household.rows[0]] = ctx.month - 1
    street.surroundings(ctx, 1 / 12)
    assert entrance.turnover[door] == pytest.approx(1 / 8 * 11 / 12 + 1 / 8)


def test_same_seed_same_bytes_and_other_seed_other_bytes():
    first, second, third = (world(300, seed=seed) for seed in (1, 1, 2))
    for ctx in (first, second, third):
        run_months(ctx, [Nuisance()], 12)
    for column in Nuisance.owns:
        assert first.world.column(column.name).tobytes() == second.world.column(column.name).tobytes()
    assert first.world.resident.nuisance_source.tobytes() != third.world.resident.nuisance_source.tobytes()


def test_the_national_mean_is_not_measured_before_wellbeing_is_there():
    ctx = world(200, setup=False)
    ctx.world.resident.self_reliance[:] = 0
    Nuisance().setup(ctx)
    assert not ctx.reference.measured_here
    marked = ctx.world.resident.complex_problems[ctx.world.resident.cognitive]
    assert 0 < marked.mean() < 1
    ctx.world.resident.self_reliance[:] = 0.7
    run_months(ctx, [Nuisance()], 1)
    assert "nuisance.onset" in ctx.reference.measured_here


def test_newcomers_do_not_bend_the_national_mean_while_it_is_measured():
    ctx = world(600)
    ctx.reference = Reference(tracking=True)
    resident = ctx.world.resident
    few = np.flatnonzero(resident.psychiatric)[:2]
    resident.origin[few] = 1
    resident.arrived[few] = ctx.month - 1
    run_months(ctx, [Nuisance()], 1)
    bent = ctx.reference.averages()["nuisance.onset"]
    other = world(600)
    other.reference = Reference(tracking=True)
    run_months(other, [Nuisance()], 1)
    assert bent == pytest.approx(other.reference.averages()["nuisance.onset"], abs=0.02)
