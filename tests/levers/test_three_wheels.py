"""Three wheels: the null of wheels that add up, complements, doses at the person, and what comes of them."""

import numpy as np
import pytest

from tests.levers.schoolwork import act, everybody_willing, ratios, untouched
from tests.worlds import run_months, small_world
from wijksim.kernel.lever import Lever, Target
from wijksim.levers.work.three_wheels import ThreeWheels, ces, together
from wijksim.mechanisms.promises import Promises
from wijksim.state.column import Column

EXTRA = (Column("resident.gave_up", np.bool_, "-", "x"), Column("resident.trust", np.float32, "-", "x"))
FULL = np.ones((3, 1))


class Visit(Lever):
    """A programme that reaches those it is told to and does nothing else."""

    name = title = title_nl = explain = explain_nl = "visit"

    def __init__(self, family, rows):
        super().__init__({"ramp": 0.0}, identity=f"help with {family}")
        self.family, self.rows = family, np.asarray(rows, dtype=np.int32)

    def act(self, ctx, dose):
        """Knock on doors."""
        ctx.effects.reach(self.identity, self.rows, ctx.world.resident.uid[self.rows])


@pytest.fixture
def ctx():
    made = small_world((Promises,), extra=EXTRA, dwellings=90)
    everybody_willing(made)
    return made


def people(ctx):
    """One adult of each of seven households, and a second one in the household of the last."""
    table = ctx.world.resident
    heads = table.rows[table.role[table.rows] == 0]
    alone = heads[np.bincount(table.household[table.rows])[table.household[heads]] == 1]
    pairs = heads[np.bincount(table.household[table.rows])[table.household[heads]] > 1]
    other = table.rows[(table.household[table.rows] == table.household[pairs[0]]) & (table.rows != pairs[0])][
        0
    ]
    return alone[:7], pairs[0], other


def after(ctx, wheels, *levers):
    """Programmes reach people for a month; the month after, the wheels are joined."""
    visits = [Visit(family, rows) for family, rows in wheels.items()]
    act(ctx, *visits)
    run_months(ctx, [Promises()], 1)
    act(ctx, *visits, *levers)


# ---------------------------------------------------------------- the form
@pytest.mark.parametrize("rho", [1.0, 0.5, 0.0, -1.0, -4.0])
def test_three_full_wheels_make_a_whole_and_a_small_one_limits_all(rho):
    assert ces(FULL, rho) == pytest.approx(1)
    assert ces(FULL / 2, rho) == pytest.approx(0.5)
    weak = ces(np.array([[1.0], [1.0], [0.1]]), rho)
    assert 0.1 <= weak[0] <= 0.7 + 1e-9


def test_the_lower_rho_the_more_the_weakest_limits():
    weak = np.array([[1.0], [1.0], [0.2]])
    found = [float(ces(weak, rho)[0]) for rho in (1.0, 0.5, 0.0, -1.0, -4.0)]
    assert found == sorted(found, reverse=True)
    assert found[0] == pytest.approx(2.2 / 3)
    assert found[3] == pytest.approx(3 / (1 + 1 + 5))


def test_one_wheel_is_never_together_and_adding_up_leaves_nothing():
    rng = np.random.default_rng(1)
    doses = rng.random((3, 50))
    assert not together(doses, 1.0).any()
    alone = np.zeros((3, 50))
    alone[1] = doses[1]
    for rho in (0.5, 0.0, -1.0, -4.0):
        assert together(alone, rho) == pytest.approx(0)
        assert np.all(together(doses, rho) >= 0)
    assert together(FULL, -1.0) == pytest.approx(1)
    assert together(np.array([[1.0], [1.0], [0.0]]), -1.0) == pytest.approx(0)
    assert together(np.array([[1.0], [1.0], [0.0]]), 0.5) == pytest.approx(4 / 9 - 2 / 9)


# ---------------------------------------------------------------- the lever
def test_who_gets_all_three_gains_and_nobody_with_less(ctx):
    (first, second, third, *_), _, _ = people(ctx)
    wheels = {"tenancy": [first, second], "school": [first, second, third], "work": [first, third]}
    after(ctx, wheels, ThreeWheels({"rho": -1.0}))
    table = ctx.world.resident
    for rate, ratio in (("school.dropout_entry", 0.8), ("work.job_finding", 1.2)):
        found = ratios(ctx, rate)
        assert found[first] == pytest.approx(ratio)
        assert np.all(np.delete(found, first) == 1)
    homes = ratios(ctx, "debt.order", "household")
    assert homes[table.household[first]] == pytest.approx(0.8)
    assert np.count_nonzero(homes != 1) == 1


def test_at_rho_one_the_wheels_add_up_and_every_chance_is_what_it_was(ctx):
    (first, *_), _, _ = people(ctx)
    after(ctx, {"tenancy": [first], "school": [first], "work": [first]}, ThreeWheels({"rho": 1.0}))
    for rate, table in (("school.dropout_secondary", "resident"), ("debt.order", "household")):
        assert np.all(ratios(ctx, rate, table) == 1)


def test_who_lives_with_somebody_reached_has_part_of_the_dose(ctx):
    _, head, other = people(ctx)
    wheels = {"money": [head], "school": [other], "work": [head]}
    after(ctx, wheels, ThreeWheels({"rho": -1.0, "shared": 0.5}))
    doses = ThreeWheels({"shared": 0.5}).doses(ctx)
    assert doses[:, head].tolist() == [1.0, 0.5, 1.0]
    assert doses[:, other].tolist() == [0.5, 1.0, 0.5]
    found = ratios(ctx, "work.job_finding")
    assert found[head] == pytest.approx(1.2 ** (3 / (1 + 2 + 1)))
    assert found[other] == pytest.approx(1.2 ** (3 / (2 + 1 + 2)))
    # a home has what its member with the most has
    home = ctx.world.resident.household[head]
    assert ratios(ctx, "debt.order", "household")[home] == pytest.approx(0.8 ** (3 / 4))


def test_other_families_turn_no_wheel_and_other_districts_are_left_alone(ctx):
    (first, *_), _, _ = people(ctx)
    after(ctx, {"safety": [first], "school": [first], "work": [first]}, ThreeWheels({"rho": -1.0}))
    assert np.all(ratios(ctx, "work.job_finding") == 1)
    district = ctx.settings["district_names"][ctx.world.resident.district[first]]
    others = tuple(name for name in ctx.settings["district_names"] if name != district)
    wheels = {"housing": [first], "school": [first], "work": [first]}
    after(ctx, wheels, ThreeWheels({"rho": -1.0}, target=Target(districts=others)))
    assert np.all(ratios(ctx, "work.job_finding") == 1)


def test_a_lever_set_apart_turns_no_wheel(ctx):
    (first, *_), _, _ = people(ctx)
    wheels = {"tenancy": [first], "school": [first], "work": [first]}
    after(ctx, wheels, ThreeWheels({"apart": "something else, help with work"}))
    assert np.all(ratios(ctx, "work.job_finding") == 1)


def test_what_has_stopped_or_is_long_ago_no_longer_counts(ctx):
    (first, *_), _, _ = people(ctx)
    wheels = {"tenancy": [first], "school": [first], "work": [first]}
    lever = ThreeWheels({"rho": -1.0, "memory": 3.0})
    after(ctx, wheels, lever)
    assert ratios(ctx, "work.job_finding")[first] > 1
    # in force, but it has reached nobody for four months
    for months, ratio in ((3, 1.2), (4, 1.0)):
        still = {family: [] for family in wheels}
        while ctx.month < months:
            act(ctx, *(Visit(family, rows) for family, rows in still.items()))
            run_months(ctx, [Promises()], 1)
        act(ctx, *(Visit(family, rows) for family, rows in still.items()), lever)
        assert ratios(ctx, "work.job_finding")[first] == pytest.approx(ratio)


def test_it_does_not_matter_in_which_order_levers_act(ctx):
    (first, *_), _, _ = people(ctx)
    visits = [Visit(family, [first]) for family in ("tenancy", "school", "work")]
    act(ctx, *visits)
    run_months(ctx, [Promises()], 1)
    found = []
    for levers in ((ThreeWheels(), *visits), (*visits, ThreeWheels())):
        act(ctx, *levers)
        found.append(ratios(ctx, "work.job_finding").copy())
    assert np.array_equal(*found)
    assert found[0][first] == pytest.approx(1.2)


def test_alone_it_changes_nothing_and_strength_zero_leaves_no_trace(ctx):
    act(ctx, ThreeWheels())
    assert np.all(ratios(ctx, "work.job_finding") == 1)
    assert not ctx.ledger.month
    assert untouched(ctx, ThreeWheels({"strength": 0.0}))
