"""Measures with known answers, and the sums per district on which all of them rest."""

from typing import ClassVar

import numpy as np
import pytest
from tests.worlds import small_world

import wijksim.mechanisms  # noqa: F401  (registers the mechanisms, whose columns are declared below)
from wijksim.kernel import derive
from wijksim.kernel.measure import MEASURES, Measure
from wijksim.kernel.mechanism import MECHANISMS
from wijksim.measures._base import ADULTS, Among, Counted, Share
from wijksim.measures._cells import cells
from wijksim.runs.recorder import CITY, Recorder
from wijksim.state.codes import Activity, Fate, SeekerCategory, Tenure
from wijksim.state.roles import CaseStage, Profession


def world(dwellings=240):
    columns = [column for _, kind in MECHANISMS.items() for column in kind.owns]
    return small_world(extra=columns, dwellings=dwellings)


def read(ctx, name):
    """Values per district as the recorder would keep them."""
    measure = MEASURES.get(name)()
    top, bottom = measure.districts(ctx)
    with np.errstate(invalid="ignore", divide="ignore"):
        return top / bottom * measure.scale


# ---------------------------------------------------------------- sums per district


class Working(Share):
    name = "test_working"
    column: ClassVar[str] = "resident.activity"
    codes: ClassVar[tuple[int, ...]] = (Activity.EMPLOYED,)


class WorkingAdults(Working):
    ages = ADULTS


class Debts(Counted):
    name = "test_debts"
    table = "household"
    column: ClassVar[str] = "household.debt"


class BigDebts(Among):
    name = "test_big_debts"
    table = "household"
    column: ClassVar[str] = "household.debt"

    def among(self, ctx):
        return ctx.world.household.debt > 100


@pytest.mark.parametrize("kind", [Working, WorkingAdults, Debts, BigDebts])
def test_quick_sums_are_the_plain_sums(kind):
    ctx = world()
    household = ctx.world.household
    household.debt[household.rows] = np.random.default_rng(1).exponential(1000, household.rows.size)
    measure = kind()
    quick, plain = measure.districts(ctx), Measure.districts(measure, ctx)
    assert quick[0] == pytest.approx(plain[0])
    assert quick[1] == pytest.approx(plain[1])
    assert np.all(quick[0] > 0)


def test_rare_and_common_truths_are_counted_alike():
    ctx = world()
    resident = ctx.world.resident
    some = np.zeros(resident.size, dtype=bool)
    for step in (97, 2):
        some[:] = False
        some[::step] = True
        for ages in (None, ADULTS):
            where = cells(ctx, "resident", ages)
            part = some & resident.alive if ages is None else some & resident.alive & (resident.age >= 18)
            assert where.sum(some) == pytest.approx(ctx.world.by_district("resident", part))


def test_codes_of_any_width_and_sign_are_counted():
    ctx = world()
    resident = ctx.world.resident
    where = cells(ctx, "resident")
    for kind in (np.int8, np.int16):
        codes = np.arange(resident.size).astype(kind) % 5 - 1
        part = resident.alive & ((codes == -1) | (codes == 3))
        assert where.count(codes, (-1, 3)) == pytest.approx(ctx.world.by_district("resident", part))


def test_an_empty_district_counts_nothing():
    ctx = world()
    resident = ctx.world.resident
    gone = resident.rows[resident.district[resident.rows] == 1]
    resident.release(gone)
    where = cells(ctx, "resident")
    assert where.counts[1] == 0
    assert where.sum(np.ones(resident.size, np.float32)) == pytest.approx(where.counts)
    assert where.sum(resident.alive) == pytest.approx(where.counts)
    with np.errstate(invalid="ignore"):
        assert np.isnan(read(ctx, "stress")[1])


def test_who_moves_counts_where_they_live_now():
    ctx = world()
    measure = MEASURES.get("residents")()
    before = measure.districts(ctx)[0].copy()
    household, dwelling = ctx.world.household, ctx.world.dwelling
    mover = household.rows[household.district[household.rows] == 0][:1]
    empty = np.flatnonzero((dwelling.household < 0) & (dwelling.district == 2))[:1].astype(np.int32)
    dwelling.household[household.dwelling[mover]] = -1
    household.dwelling[mover], dwelling.household[empty] = empty, mover
    derive.refresh_households(ctx.world, mover)
    people = int(household.persons[mover[0]])
    ctx.log.record("moves", row=mover, source=np.array([0]), target=np.array([2]))
    after = measure.districts(ctx)[0]
    assert after - before == pytest.approx([-people, 0, people])


def test_the_city_is_a_whole_and_no_mean_of_shares():
    ctx = world()
    resident = ctx.world.resident
    resident.psychiatric[resident.district == 0] = True
    recorder = Recorder([MEASURES.get("severe_mental_illness")()], ["a", "b", "c"], 1)
    recorder(ctx)
    table = recorder.table().set_index("district").value
    people = ctx.world.by_district("resident")
    assert table["a"] == 100
    assert table["b"] == 0
    assert table[CITY] == pytest.approx(100 * people[0] / people.sum())


# ---------------------------------------------------------------- themes


def test_work():
    ctx = world()
    resident = ctx.world.resident
    resident.age[:] = 40
    resident.activity[:] = Activity.OTHER
    here = np.flatnonzero(resident.district == 1)
    for number, activity in enumerate(
        (Activity.EMPLOYED,) * 5
        + (Activity.BASIC_JOB,)
        + (Activity.UNEMPLOYED,) * 2
        + (Activity.ASSISTANCE,) * 2
    ):
        resident.activity[here[number]] = activity
    resident.assistance_clock[here[8]] = 60
    resident.assistance_clock[here[9]] = 59
    n = here.size
    assert read(ctx, "share_in_work")[1] == pytest.approx(600 / n)
    assert read(ctx, "share_in_assistance")[1] == pytest.approx(200 / n)
    assert read(ctx, "share_in_basic_job")[1] == pytest.approx(100 / n)
    assert read(ctx, "unemployment")[1] == pytest.approx(100 * 2 / 8)
    assert read(ctx, "assistance_long")[1] == pytest.approx(50)
    resident.age[here[:5]] = 75  # past the age of participation
    ctx.month += 1
    assert read(ctx, "share_in_work")[1] == pytest.approx(100 / (n - 5))


def test_income_per_equivalent_adult():
    ctx = world()
    household = ctx.world.household
    household.adults[:], household.children[:] = 2, 1
    household.income[:] = 1800
    assert read(ctx, "income") == pytest.approx([1000] * 3)
    household.poor[household.rows[household.district[household.rows] == 0]] = True
    assert read(ctx, "poverty") == pytest.approx([100, 0, 0])


def test_debts_evictions_and_homelessness():
    ctx = world()
    household = ctx.world.household
    rows = np.flatnonzero(household.district == 0)
    household.problem_debt[rows[:4]] = True
    household.debt_track[rows[:1]] = 2
    household.arrears[rows[:6]] = 3
    ctx.log.record("evictions", district=np.array([0, 0, 2]))
    ctx.world.district.homeless[:] = [1, 0, 2]
    people = ctx.world.by_district("resident")
    assert read(ctx, "problem_debt")[0] == pytest.approx(400 / rows.size)
    assert read(ctx, "arrears")[0] == pytest.approx(600 / rows.size)
    assert read(ctx, "debt_track_share")[0] == pytest.approx(25)
    assert read(ctx, "evictions") == pytest.approx(
        12000 * np.array([2, 0, 1]) / ctx.world.by_district("household")
    )
    assert read(ctx, "homeless") == pytest.approx(10000 * np.array([1, 0, 2]) / people)


def test_crises_count_events_and_loneliness_adults():
    ctx = world()
    resident = ctx.world.resident
    here = np.flatnonzero((resident.district == 2) & resident.alive)
    resident.crises[here[:2]] = [1, 3]
    assert read(ctx, "crises")[2] == pytest.approx(12000 * 4 / here.size)
    resident.lonely[here] = True
    assert read(ctx, "severe_loneliness") == pytest.approx([0, 0, 100])


def test_cohesion_is_seen_from_households():
    ctx = world()
    entrance, household = ctx.world.entrance, ctx.world.household
    entrance.cohesion[:] = np.arange(entrance.size) % 3
    expected = [
        entrance.cohesion[household.entrance[household.rows[household.district[household.rows] == d]]].mean()
        for d in range(3)
    ]
    assert read(ctx, "cohesion") == pytest.approx(expected, rel=1e-5)


def test_help():
    ctx = world()
    resident, staff = ctx.world.resident, ctx.world.professional
    staff.add([10**8 + k for k in range(4)])
    social, debt, caretaker = Profession.SOCIAL_WORKER, Profession.DEBT_COUNSELLOR, Profession.CARETAKER
    staff.role[:] = [social, debt, caretaker, social]
    staff.fte[:] = [1.0, 0.5, 1.0, 0.5]
    staff.vacant[:] = [False, False, False, True]
    staff.district[:] = 0
    staff.person[:] = np.arange(4)
    here = np.flatnonzero((resident.district == 0) & resident.alive)
    ctx.month = 30
    resident.case[here[:6]] = CaseStage.OPEN
    resident.worker[here[:4]] = 0
    resident.worker_new[here[:1]] = True
    resident.case[here[6:8]] = CaseStage.QUEUE
    resident.case_since[here[6:8]] = [27, 25]
    resident.case_closed[here[:2]] = 20
    resident.case_closed[here[10:12]] = [20, 2]
    resident.need[here[:2]] = [0.4, 0.6]
    resident.need_met[here[1]] = 0.5
    assert read(ctx, "open_cases")[0] == pytest.approx(6000 / here.size)
    assert read(ctx, "waiting_for_help")[0] == pytest.approx(2000 / here.size)
    assert read(ctx, "waiting_months")[0] == pytest.approx(4)
    assert read(ctx, "caseload")[0] == pytest.approx(6 / 1.5)
    assert read(ctx, "continuity")[0] == pytest.approx(75)
    assert read(ctx, "stability")[0] == pytest.approx(
        100 / 3
    )  # two came back, one did not, one is too long ago
    assert read(ctx, "unmet_need")[0] == pytest.approx(70)
    assert read(ctx, "staff_vacancies")[0] == pytest.approx(100 / 6)
    assert read(ctx, "frontline_staff")[0] == pytest.approx(10000 / here.size)
    assert read(ctx, "staff_turnover")[0] == 0
    ctx.log.record("departures", row=np.array([1]))
    assert read(ctx, "staff_turnover")[0] == pytest.approx(1200 * 0.5 / 2.5)


def test_moves_in_and_out():
    ctx = world()
    people = ctx.world.by_district("resident")
    ctx.log.record("arrivals", district=np.array([0, 0, 1]))
    ctx.log.record("moves", source=np.array([0, 1, 2]), target=np.array([2, 1, 2]))
    fates = np.array([Fate.DIED, Fate.LEFT_CITY, Fate.REST_OF_CITY], np.int8)
    ctx.log.record("exits", district=np.array([0, 0, 2]), fate=fates)
    assert read(ctx, "moves_in") * people / 12000 == pytest.approx([2, 1, 1])
    assert read(ctx, "moves_out") * people / 12000 == pytest.approx([2, 0, 1])


def test_dwellings_and_lettings():
    ctx = world()
    dwelling, letting = ctx.world.dwelling, ctx.world.letting
    dwelling.owner[:] = Tenure.OWNER
    corporation = np.flatnonzero(dwelling.district == 1)[:20]
    dwelling.owner[corporation] = Tenure.CORPORATION
    other = np.flatnonzero(dwelling.owner == Tenure.OWNER)[:1]
    ctx.log.record("vacated", dwelling=np.array([corporation[3], other[0]]))
    assert read(ctx, "corporation_turnover")[1] == pytest.approx(60)
    empty = np.bincount(dwelling.district[dwelling.household < 0], minlength=3)
    assert read(ctx, "vacancy") == pytest.approx(100 * empty / np.bincount(dwelling.district))
    letting.add([1, 2, 3, 4])
    letting.district[:] = 1
    letting.category[:] = [
        SeekerCategory.REGULAR, SeekerCategory.REHOUSED, SeekerCategory.URGENT, SeekerCategory.STATUS,
    ]  # fmt: skip
    letting.waited[:] = [84, 600, 600, 600]
    letting.support[:] = [True, False, False, False]
    ctx.month += 1
    assert read(ctx, "priority_lettings")[1] == pytest.approx(50)
    assert read(ctx, "support_lettings")[1] == pytest.approx(25)
    assert read(ctx, "registration_years")[1] == pytest.approx(7)
    assert np.isnan(read(ctx, "priority_lettings")[0])


def test_vulnerable_households_by_problem_or_debt():
    ctx = world()
    household = ctx.world.household
    rows = np.flatnonzero(household.district == 0)
    household.complex_members[rows[:3]] = [1, 2, 1]
    household.problem_debt[rows[2:5]] = True
    assert read(ctx, "vulnerable_households")[0] == pytest.approx(500 / rows.size)


def test_liveability_and_costs_of_the_city_weigh_districts_by_residents():
    ctx = world()
    district = ctx.world.district
    people = ctx.world.by_district("resident")
    district.afw[:] = [-0.2, 0.0, 0.1]
    district.cost_municipality[:] = [1000, 2000, 0]
    names = ("liveability_index", "liveability_gap", "cost_municipality")
    recorder = Recorder([MEASURES.get(name)() for name in names], ["a", "b", "c"], 1)
    recorder(ctx)
    values = recorder.values()[0]
    mean = (district.afw * people).sum() / people.sum()
    assert values[0] == pytest.approx([-0.2, 0.0, 0.1, mean])
    assert values[1] == pytest.approx([-0.2 - mean, -mean, 0.1 - mean, 0], abs=1e-12)
    assert values[2, :3] == pytest.approx(12 * np.array([1000, 2000, 0]) / people)
    assert values[2, 3] == pytest.approx(12 * 3000 / people.sum())


def test_nuisance_reports_are_no_occurrence():
    ctx = world()
    household = ctx.world.household
    household.nuisance_report[household.rows] = True
    assert read(ctx, "nuisance_often") == pytest.approx([0, 0, 0])
    assert read(ctx, "nuisance_reports") == pytest.approx([12000] * 3)
