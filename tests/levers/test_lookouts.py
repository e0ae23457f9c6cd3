"""Levers by which somebody passes on what they see: whom they have in sight, what they ask for, and what it costs."""

import numpy as np
import pytest

from tests.levers.access_town import HERE, acts, adults, asked, from_start, months, nothing, town
from wijksim.kernel.prices import indexed
from wijksim.levers.access.antennae import Antennae
from wijksim.levers.access.early_detection import EarlyDetection
from wijksim.levers.access.front_door_visits import FrontDoorVisits
from wijksim.levers.access.informal_links import InformalLinks
from wijksim.levers.access.school_signals import SchoolSignals

KINDS = (Antennae, EarlyDetection, FrontDoorVisits, InformalLinks, SchoolSignals)


@pytest.mark.parametrize("kind", KINDS)
def test_strength_zero_leaves_no_trace(kind):
    assert nothing(acts(town(), from_start(kind, strength=0.0)))


@pytest.mark.parametrize("kind", KINDS)
def test_they_name_adults_of_the_target_and_touch_nobody_themselves(kind):
    ctx = town()
    before = {name: ctx.world.resident[name].copy() for name in ("case", "trust", "need")}
    acts(ctx, from_start(kind))
    details = asked(ctx, "look_out")
    assert details["channel"] == kind.channel
    assert np.isin(details["residents"], adults(ctx, 0)).all()
    for name, column in before.items():
        np.testing.assert_array_equal(ctx.world.resident[name], column)


@pytest.mark.parametrize("kind", KINDS)
def test_more_of_it_never_means_fewer_in_sight(kind):
    for argument in ("strength", "coverage"):
        numbers = []
        for value in (0.2, 0.6, 1.0):
            ctx = acts(town(), kind({"ramp": 0.0, argument: value}))
            numbers.append(asked(ctx, "look_out")["residents"].size)
        assert numbers == sorted(numbers)


def test_early_detection_sees_whom_professionals_meet_anyway_and_early():
    ctx = acts(town(), from_start(EarlyDetection))
    details, table = asked(ctx, "look_out"), ctx.world.resident
    met = table.reached | (ctx.world.household.children[table.household] > 0)
    assert met[details["residents"]].all()
    assert details["from_need"] < ctx.values["professionals.need_threshold"]
    assert (details["chance"], details["contact"], details["intake"]) == (0.05, 0.35, 0.25)
    people = ctx.world.by_district("resident")[0]
    (bill, *others) = ctx.ledger.month["early_detection"]
    assert bill == pytest.approx(people * indexed(ctx, 2.63, 2023) / 12)
    assert others == [0, 0]


def test_schools_see_parents_as_far_as_they_have_teachers():
    ctx = town()
    ctx.world.school.shortage[:] = 0.25
    acts(ctx, from_start(SchoolSignals, deadweight=0.2, uptake=1.0))
    details, table = asked(ctx, "look_out"), ctx.world.resident
    rows = details["residents"]
    assert rows.size > 10
    child = table.alive & (table.age >= 2) & (table.age < 18)
    assert np.isin(table.household[rows], table.household[child]).all()
    # preschools have no school of the model: the national shortage counts
    national = ctx.values["school.shortage_level"]
    values = {round(0.04 * 0.8 * 0.75, 9), round(0.04 * 0.8 * (1 - national), 9)}
    assert set(np.round(details["chance"], 9)) <= values
    at_school = np.isin(table.household[rows], table.household[child & (table.school >= 0)])
    young = np.isin(table.household[rows], table.household[child & (table.school < 0)])
    np.testing.assert_allclose(details["chance"][at_school & ~young], 0.04 * 0.8 * 0.75)
    (bill, *_) = ctx.ledger.month["school_signals"]
    assert bill == pytest.approx(rows.size * indexed(ctx, 15, 2024) / 12)


def test_antennae_are_the_premises_that_are_open():
    ctx = town()
    table = ctx.world.facility
    lever = from_start(Antennae, recognised=0.68)
    kinds = table.columns["kind"].codes
    mine = table.alive & table.open & (table.district == 0)
    mine &= np.isin(table.kind, [kinds.SHOP, kinds.SERVICE, kinds.THIRD_PLACE, kinds.INFORMAL])
    number = 0.5 * float(table.units[mine].sum())
    np.testing.assert_allclose(lever.antennae(ctx), [number, 0, 0], rtol=1e-6)
    acts(ctx, lever)
    (bill, *_) = ctx.ledger.month["antennae"]
    assert bill == pytest.approx(number * indexed(ctx, 200, 2024) / 12)
    table.open[mine] = False
    assert not lever.antennae(ctx).any()
    assert asked(acts(ctx, lever), "look_out")["residents"].size == 0


def test_antennae_that_are_recognised_already_bring_nothing_new():
    ctx = acts(town(), from_start(Antennae, recognised=0.18))
    assert asked(ctx, "look_out")["residents"].size == 0


def test_how_many_an_antenna_knows_decides_how_many_are_in_sight():
    """``1 - exp(-antennae x degree / residents)`` of the adults, less those who trust too little to be reached."""
    ctx = town()
    lever = from_start(Antennae, recognised=1.0, degree=400.0)
    known = 1 - np.exp(-lever.antennae(ctx)[0] * 400 / ctx.world.by_district("resident")[0])
    rows = lever.whom(ctx)
    mine = adults(ctx, 0).size
    assert rows.size == pytest.approx(known * mine, abs=4 * np.sqrt(mine) / 2)


def test_informal_organisations_introduce_whom_they_know_and_take_over_work():
    ctx = town()
    ctx.world.district.informal_reach[:] = [0.6, 0.6, 0.0]
    lever = InformalLinks({"ramp": 0.0, "linked": 1.0, "already": 0.17, "hours": 6000.0, "useful": 0.1})
    acts(ctx, lever)
    details = asked(ctx, "look_out")
    assert details["warm"]
    known = ctx.world.resident.district[details["residents"]]
    assert (known == 0).any()
    assert not (known == 2).any()
    organisations = lever.organisations(ctx)
    hours = ctx.effects.funded("hours.social_worker", ctx.world.n_districts)
    np.testing.assert_allclose(hours, organisations * 6000 * 0.1 / 12)
    np.testing.assert_allclose(
        ctx.ledger.month["informal_links"], organisations * indexed(ctx, 3000, 2024) / 12
    )
    assert organisations.sum() > 0


def test_everybody_is_visited_once_per_interval():
    ctx = town()
    lever = FrontDoorVisits({"ramp": 0.0, "interval": 12.0, "uptake": 0.92}, target=HERE)
    homes = []
    for _ in range(12):
        acts(ctx, lever)
        rows = asked(ctx, "look_out")["residents"]
        homes.append(np.unique(ctx.world.resident.household[rows]))
        ctx.month += 1
    visited = np.concatenate(homes)
    assert np.unique(visited).size == visited.size
    mine = np.unique(ctx.world.resident.household[adults(ctx, 0)])
    # part does not open: by uptake, and by trust where that is low
    assert 0.5 * mine.size < visited.size <= mine.size
    acts(ctx, lever)
    again = np.unique(ctx.world.resident.household[asked(ctx, "look_out")["residents"]])
    np.testing.assert_array_equal(again, homes[0])


def test_advisers_are_booked_by_the_doors_at_which_they_ring():
    ctx = town()
    lever = from_start(FrontDoorVisits, interval=12.0)
    total = 0.0
    for _ in range(12):
        acts(ctx, lever)
        total += float(ctx.ledger.month["front_door_visits"].sum())
        ctx.month += 1
    household = ctx.world.household
    doors = np.count_nonzero(household.alive & (household.district == 0))
    assert total == pytest.approx(doors * 18 / 95 * indexed(ctx, 93600, 2024) / 12, rel=1e-9)


def test_in_the_whole_model_more_cases_begin():
    cases = []
    for levers in ([], [FrontDoorVisits({"ramp": 0.0, "interval": 12.0})]):
        machine, _ = months(levers, 4)
        cases.append(machine.ctx.counters.sums["professionals.cases"])
    assert cases[1] > cases[0]
