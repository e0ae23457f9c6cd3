"""A look from nearby: it sees what is there, and what is looked at stays as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import wijksim
from wijksim.kernel.measure import MEASURES
from wijksim.mechanisms.contacts.export import to_networkx
from wijksim.model.assemble import assemble
from wijksim.model.engine import Engine
from wijksim.runs.batch import FutureResult, run_future, run_futures
from wijksim.runs.closeup import HOURS, MAPPED, MOST_ADULTS, Closeup, Look, Standing, moments
from wijksim.scenario.resolve import LeverUse, Scenario, Target
from wijksim.state.codes import Tenure, Works
from wijksim.state.roles import FRONTLINE, CaseStage

MONTHS, SEED = 24, 7
SMALL = {"world.size": 400, "world.warmup": 2, "months": MONTHS}
ONLY = ("crisis_share", *MAPPED)


@pytest.fixture(scope="module")
def specs() -> list[Scenario]:
    base = wijksim.load_scenario("baseline", overrides=SMALL)
    cut = LeverUse("staffing", "staffing", 12, None, Target(), {"change": -0.5})
    return [base, replace(base, levers=(cut,)), replace(base, levers=(replace(cut, start=0),))]


@pytest.fixture(scope="module")
def future(specs: list[Scenario]) -> FutureResult:
    return run_future(specs, SEED, MONTHS, only=ONLY, closely=True)


@pytest.fixture(scope="module")
def worlds(specs: list[Scenario]) -> dict[int, tuple[Engine, Closeup]]:
    """Engines of separate null runs at the three moments, and what a look of their own kept."""
    found = {}
    for months in moments(MONTHS):
        engine = assemble(specs[0], SEED)
        look = Look(engine.ctx, MONTHS)
        engine.observers.append(look)
        for _ in range(months):
            engine.advance()
        found[months] = (engine, look.closeup())
    return found


def test_moments() -> None:
    assert moments(240) == (0, 120, 240)
    assert moments(120) == (0, 60, 120)
    assert moments(30) == (0, 12, 30)
    assert moments(14) == (0, 14)
    assert moments(1) == (0, 1)


def test_nothing_changes_by_being_looked_at(specs: list[Scenario], future: FutureResult) -> None:
    plain = run_future(specs, SEED, MONTHS, only=ONLY)
    assert plain.closeups == ()
    assert future.numerator.tobytes() == plain.numerator.tobytes()
    assert future.denominator.tobytes() == plain.denominator.tobytes()
    assert repr(future.facts) == repr(plain.facts)


def test_only_the_future_asked_is_looked_at(specs: list[Scenario]) -> None:
    found = run_futures(specs[:2], [3, 4], 2, only=ONLY, closely=4)
    assert [len(one.closeups) for one in found] == [0, 2]
    assert [len(one.closeups) for one in run_futures(specs[:1], [3], 1, only=ONLY)] == [0]


def test_scenarios_that_share_months_are_looked_at_apart(future: FutureResult) -> None:
    null, late, early = future.closeups
    assert null.moments == late.moments == early.moments == (0, 12, 24)
    assert np.array_equal(null.hours[:12], late.hours[:12])
    assert not np.array_equal(null.hours[12:], late.hours[12:])
    assert not np.array_equal(null.hours[:12], early.hours[:12])
    for first, second in zip(null.doors[:2], late.doors[:2], strict=True):
        assert np.array_equal(first.share("nuisance_often"), second.share("nuisance_often"), equal_nan=True)


def test_the_look_of_a_batch_is_that_of_a_separate_run(
    future: FutureResult, worlds: dict[int, tuple[Engine, Closeup]]
) -> None:
    seen, alone = future.closeups[0], worlds[MONTHS][1]
    assert np.array_equal(seen.hours, alone.hours)
    for mine, other in zip(seen.doors, alone.doors, strict=True):
        assert np.array_equal(mine.uid, other.uid)
        assert np.array_equal(mine.households, other.households)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_doors_are_those_of_the_world(
    worlds: dict[int, tuple[Engine, Closeup]], future: FutureResult, place: int
) -> None:
    months, seen = moments(MONTHS)[place], future.closeups[0].doors[place]
    world = worlds[months][0].ctx.world
    assert seen.uid.size == len(world.entrance)
    for position, uid in enumerate(seen.uid.tolist()):
        row = world.entrance.row_of(uid)
        assert seen.district[position] == world.entrance.district[row]
        assert seen.complex[position] == world.complex.uid[world.entrance.complex[row]]
        homes = [one for one in world.dwelling.rows.tolist() if world.dwelling.entrance[one] == row]
        assert seen.dwellings[position] == len(homes)
        assert seen.sites[position] == sum(world.dwelling.works[one] == Works.SITE for one in homes)
        assert seen.replaced[position] == sum(bool(world.dwelling.replaced[one]) for one in homes)
        behind = [one for one in world.household.rows.tolist() if world.household.entrance[one] == row]
        assert seen.households[position] == len(behind)
        often = [float(world.household.nuisance_often[one]) for one in behind]
        needy = [
            bool(world.household.complex_members[one] > 0 or world.household.problem_debt[one])
            for one in behind
        ]
        for name, values in zip(MAPPED, (often, needy), strict=True):
            assert seen.share(name)[position] == pytest.approx(
                100 * np.mean(values) if values else np.nan, nan_ok=True
            )


def test_doors_add_up_to_what_is_recorded(future: FutureResult) -> None:
    for name in MAPPED:
        for scenario, closeup in enumerate(future.closeups):
            for month, seen in zip(closeup.moments[1:], closeup.doors[1:], strict=True):
                top = np.bincount(seen.district, weights=seen.top[name])
                recorded = future.numerator[scenario, month - 1, recorded_place(name)]
                assert top == pytest.approx(recorded, rel=1e-5)


def recorded_place(name: str) -> int:
    """Measures are recorded in the order of the registry."""
    return [one for one in MEASURES.names() if one in ONLY].index(name)


@pytest.mark.parametrize("place", [0, 2])
def test_a_circle_is_the_graph_of_its_complex(
    worlds: dict[int, tuple[Engine, Closeup]], future: FutureResult, place: int
) -> None:
    world = worlds[moments(MONTHS)[place]][0].ctx.world
    for circle in future.closeups[0].circles[place]:
        assert circle is not None
        graph = to_networkx(world, world.complex.row_of(circle.complex))
        adults = {node for node, age in graph.nodes(data="age") if age >= 18}
        assert set(circle.uid.tolist()) == adults
        assert (np.diff(circle.uid.astype(np.int64)) > 0).all()
        known = {
            (min(a, b), max(a, b)): strength
            for a, b, strength in graph.edges(data="strength")
            if {a, b} <= adults
        }
        pairs = zip(circle.first.tolist(), circle.second.tolist(), circle.strength.tolist(), strict=True)
        assert {(a, b): strength for a, b, strength in pairs} == known
        for uid, entrance, standing in zip(
            circle.uid.tolist(), circle.entrance.tolist(), circle.standing.tolist(), strict=True
        ):
            row = world.resident.row_of(uid)
            assert entrance == world.entrance.uid[world.resident.entrance[row]]
            assert standing == expected_standing(world.resident, row)


def expected_standing(resident: object, row: int) -> Standing:
    if resident.nuisance_source[row]:
        return Standing.SOURCE
    if resident.case[row] == CaseStage.OPEN:
        return Standing.HELPED
    return Standing.CONTRIBUTOR if resident.contributor[row] else Standing.OTHER


def test_the_complex_is_chosen_at_the_start(
    worlds: dict[int, tuple[Engine, Closeup]], future: FutureResult
) -> None:
    world = worlds[0][0].ctx.world
    resident, household, dwelling = world.resident, world.household, world.dwelling
    grown = [row for row in resident.rows.tolist() if resident.age[row] >= 18]
    for district, circle in enumerate(future.closeups[0].circles[0]):
        assert circle is not None
        sizes: dict[int, int] = {}
        for row in grown:
            home = int(household.complex[resident.household[row]])
            if world.complex.district[home] == district:
                sizes[home] = sizes.get(home, 0) + 1
        chosen = world.complex.row_of(circle.complex)
        assert sizes[chosen] == circle.uid.size
        small = [home for home, size in sizes.items() if size <= MOST_ADULTS]
        let = {
            home: sum(
                dwelling.complex[row] == home and dwelling.owner[row] == Tenure.CORPORATION
                for row in dwelling.rows.tolist()
            )
            for home in small
        }
        if small:
            assert let[chosen] == max(let.values())
        else:
            assert sizes[chosen] == min(sizes.values())
    for closeup in future.closeups:
        for later in closeup.circles:
            assert [one and one.complex for one in later] == [
                one and one.complex for one in future.closeups[0].circles[0]
            ]


def test_hours_give_the_share_that_is_recorded(
    worlds: dict[int, tuple[Engine, Closeup]], future: FutureResult
) -> None:
    k = recorded_place("crisis_share")
    for scenario, closeup in enumerate(future.closeups):
        total, crises = closeup.hours.sum(axis=1), closeup.hours[:, HOURS.index("crises")]
        share = np.divide(crises, total, out=np.zeros_like(total), where=total > 0)
        top, bottom = future.numerator[scenario, :, k], future.denominator[scenario, :, k]
        assert share == pytest.approx(top / bottom, abs=1e-6)
    world = worlds[MONTHS][0].ctx.world
    last = future.closeups[0].hours[-1]
    assert last[HOURS.index("prevention")] == pytest.approx(world.district.outreach_hours, rel=1e-5)
    use = world.stores["professionals.hours"]
    assert last.sum(axis=0) == pytest.approx(use.total[list(FRONTLINE)].sum(axis=0))
