"""Staffing lever: what is funded, who is hired and who goes, and what residents lose."""

import numpy as np
import pytest

from tests.care_world import NO_CRISES, NO_SIGNALS, NO_TURNOVER, care_world, hire, open_case, residents_of
from tests.worlds import run_months
from wijksim.kernel.lever import FORBIDDEN_WORDS, Target, Window
from wijksim.levers.professionals.staffing import Staffing
from wijksim.mechanisms.professionals import Professionals
from wijksim.mechanisms.professionals.posts import BASE, actual
from wijksim.state.roles import EMPLOYERS, Organisation, Profession

QUIET = {**NO_CRISES, **NO_SIGNALS, **NO_TURNOVER}
SOCIAL = int(Profession.SOCIAL_WORKER)


def _months(ctx, lever, months):
    """Run the lever and the professionals together."""
    machine = Professionals()
    for _ in range(months):
        ctx.effects.clear()
        lever.step(ctx)
        run_months(ctx, [machine], 1)


def _fte(ctx, role=SOCIAL):
    return actual(ctx)[role].sum(axis=0)


def test_default_construction_and_declared_arguments():
    lever = Staffing()
    assert lever.verbs == ("fund",)
    assert lever.grade == "D"
    assert {"role", "organisation", "change", "ramp"} <= set(lever.declared())
    with pytest.raises(ValueError, match="outside"):
        Staffing({"change": 2.5})
    with pytest.raises(ValueError, match="must be one of"):
        Staffing({"role": "wizard"})


def test_strength_zero_leaves_no_trace():
    states = []
    for strength in (None, 0.0):
        ctx = care_world(staffed=True)
        lever = Staffing({"strength": strength or 0.0, "change": -0.5})
        for _ in range(4):
            ctx.effects.clear()
            if strength is not None:
                lever.step(ctx)
                assert not ctx.effects.touched()
            run_months(ctx, [Professionals()], 1)
        states.append(ctx.world)
    for column in Professionals.owns:
        np.testing.assert_array_equal(states[0].column(column.name), states[1].column(column.name))


def test_touches_capacity_and_no_outcome():
    ctx = care_world(staffed=True)
    Staffing({"role": "all", "change": 0.5}).step(ctx)
    touched = ctx.effects.touched()
    assert touched
    assert all(name.startswith("fte.") for name in touched)
    assert not any(word in name for name in touched for word in FORBIDDEN_WORDS)


@pytest.mark.parametrize("change", [-1.0, -0.25, 0.25, 2.0])
def test_formation_after_the_ramp(change):
    ctx = care_world(staffed=True, **QUIET)
    before = _fte(ctx)
    _months(ctx, Staffing({"change": change, "ramp": 6}), 8)
    np.testing.assert_allclose(_fte(ctx), before * (1 + change), atol=1e-9)


def test_coverage_and_uptake_make_the_change_smaller():
    ctx = care_world(staffed=True)
    whole = Staffing({"change": -0.4}).changes(ctx, 1.0)
    part = Staffing({"change": -0.4, "coverage": 0.5, "uptake": 0.5}).changes(ctx, 1.0)
    np.testing.assert_allclose(part["fte.social_worker"], whole["fte.social_worker"] / 4)
    assert whole["fte.social_worker"].sum() < 0
    assert not Staffing({"change": -0.4, "coverage": 0.0}).changes(ctx, 1.0)


def test_a_ramp_is_even():
    ctx = care_world(staffed=True, dwellings=3000, **QUIET)
    before = _fte(ctx).sum()
    lever, course = Staffing({"change": -0.5, "ramp": 10}), []
    for _ in range(10):
        _months(ctx, lever, 1)
        course.append(_fte(ctx).sum() / before)
    np.testing.assert_allclose(course, 1 - 0.05 * np.arange(1, 11), atol=1e-9)


def test_only_chosen_districts_roles_and_employers_change():
    ctx = care_world(staffed=True, **QUIET)
    before = actual(ctx)
    lever = Staffing(
        {"change": -0.5, "ramp": 0, "organisation": "welfare"}, target=Target(districts=("middle",))
    )
    _months(ctx, lever, 1)
    expected = before.copy()
    expected[SOCIAL, Organisation.WELFARE, 1] *= 0.5
    np.testing.assert_allclose(actual(ctx), expected, atol=1e-9)


def test_new_posts_wait_for_recruitment_and_training():
    ctx = care_world(**QUIET)
    for _ in range(2):
        hire(ctx, Profession.SOCIAL_WORKER, 0.9)
    machine = Professionals()
    lever, course = Staffing({"change": 1.0, "ramp": 0}), []
    for _ in range(13):
        ctx.effects.clear()
        lever.step(ctx)
        run_months(ctx, [machine], 1)
        course.append(ctx.world.stores["professionals.hours"].total[SOCIAL, 0])
    first = course[0]
    assert first == pytest.approx(1.8 * 118 * 0.75)
    np.testing.assert_allclose(course[:4], first)
    np.testing.assert_allclose(course[4:10], 1.5 * first)
    np.testing.assert_allclose(course[10:], 2 * first)


def test_a_cut_takes_vacant_posts_first_and_then_the_last_that_came():
    ctx = care_world(**QUIET)
    rows = np.concatenate([hire(ctx, Profession.SOCIAL_WORKER, 1.0) for _ in range(4)])
    table = ctx.world.professional
    table.since[rows] = [-10, -300, -200, -100]
    table.vacant[rows[2]] = True
    _months(ctx, Staffing({"change": -0.5, "ramp": 0}), 1)
    assert ctx.world.professional.alive[rows].tolist() == [False, True, False, True]


def test_residents_of_a_closed_post_are_handed_over():
    ctx = care_world(**QUIET)
    rows = np.concatenate([hire(ctx, Profession.SOCIAL_WORKER, 5.0) for _ in range(2)])
    ctx.world.professional.since[rows] = [-100, -200]
    clients = residents_of(ctx)[:20]
    open_case(ctx, clients)
    machine = Professionals()
    run_months(ctx, [machine], 1)
    lost = clients[ctx.world.resident.worker[clients] == rows[0]]
    kept = np.setdiff1d(clients, lost)
    effect = ctx.world.resident.help_effect.copy()
    _months(ctx, Staffing({"change": -0.5, "ramp": 0}), 1)
    table = ctx.world.resident
    assert lost.size
    assert (table.worker[clients] == rows[1]).all()
    np.testing.assert_allclose(table.help_effect[lost], 0.6 * effect[lost], rtol=1e-5)
    np.testing.assert_allclose(table.help_effect[kept], effect[kept], rtol=1e-5)


def test_the_formation_returns_when_the_window_closes():
    ctx = care_world(staffed=True, **QUIET)
    before = _fte(ctx)
    _months(ctx, Staffing({"change": -0.5, "ramp": 0}, window=Window(1, 4)), 3)
    assert (_fte(ctx) < before).all()
    _months(ctx, Staffing({"change": -0.5, "ramp": 0}, window=Window(1, 4)), 3)
    np.testing.assert_allclose(_fte(ctx), before, atol=1e-9)
    assert ctx.world.professional.vacant.any()  # what was cut has to be recruited again


def test_yearly_cost_by_payer():
    ctx = care_world(staffed=True)
    base = ctx.world.stores[BASE]
    payers = {
        Profession.SOCIAL_WORKER: "municipality",
        Profession.MENTAL_HEALTH_WORKER: "insurer",
        Profession.POLICE_OFFICER: "police_justice",
        Profession.CARETAKER: "corporation",
    }
    for role, payer in payers.items():
        cost = Staffing({"role": role.key, "change": -0.25}).yearly_cost(ctx, 1.0)
        price = ctx.values[f"prices.fte_{role.key}"]
        assert cost == {payer: pytest.approx(-0.25 * base[role].sum() * price)}
    assert all(EMPLOYERS[role] for role in Profession)


def test_hours_without_posts_count_as_capacity():
    ctx = care_world(**QUIET)
    ctx.effects.fund("test", "hours.social_worker", np.array([40.0, 0.0, 10.0]))
    run_months(ctx, [Professionals()], 1)
    np.testing.assert_allclose(ctx.world.stores["professionals.hours"].total[SOCIAL], [40, 0, 10])
