"""A dose divided over districts: its sum is constant, also where everybody is reached already."""

from __future__ import annotations

import numpy as np
import pytest

from tests.levers.test_governance import equipped, make
from wijksim.kernel.govern import Governed, levelled
from wijksim.kernel.lever import LEVERS, Lever, Target, Window
from wijksim.model.engine import Engine


def test_what_is_too_much_goes_to_the_others_in_proportion() -> None:
    people = np.array([100.0, 100.0, 200.0])
    given = levelled(np.array([1.6, 0.8, 0.8]), 1.0, people)
    # 60 are left over by the first and go to 80 and 160 in proportion
    assert given == pytest.approx([1.0, 1.0, 1.0])
    given = levelled(np.array([1.3, 0.4, 0.95]), 1.2, people)
    assert given == pytest.approx([1.2, 0.4 * 240 / 230, 0.95 * 240 / 230])
    assert (people * given).sum() == pytest.approx((people * np.array([1.3, 0.4, 0.95])).sum())


def test_who_was_to_get_nothing_gets_nothing() -> None:
    given = levelled(np.array([3.0, 0.0, 0.0]), 1.5, np.array([100.0, 100.0, 100.0]))
    assert given.tolist() == [1.5, 0, 0]


def test_an_equal_dose_stays_as_it_is() -> None:
    assert levelled(np.array([0.7, 0.7]), 1.0, np.array([3.0, 4.0])).tolist() == [0.7, 0.7]


def dose_in_all(machine: Engine, lever: Lever) -> float:
    """Dose per person times persons, over the city."""
    governed = lever.governed(machine.ctx)
    given = lever.division(machine.ctx, governed, lever.dose(machine.ctx.month, governed))
    assert given is not None
    return float((machine.ctx.world.by_district("resident") * given).sum())


class Divided(Lever):
    """Gives the first district more than the others."""

    name, family, phase, verbs = "divided", "test", "govern", ("scale",)
    first = 1.5

    def act(self, ctx, dose):
        people = ctx.world.by_district("resident").astype(float)
        weights = np.full(people.size, (people.sum() - self.first * people[0]) / people[1:].sum())
        weights[0] = self.first
        self.govern(ctx, frozenset({"work-threshold", "basic-job"}), Governed(weights=weights))


def begun(*levers: Lever) -> Engine:
    """Levers have acted, and nobody has come or gone yet."""
    machine = equipped(*levers)
    machine._values()
    for one in machine.levers:
        one.step(machine.ctx)
    return machine


@pytest.mark.parametrize("coverage", [1.0, 0.8, 0.4])
def test_the_sum_of_the_dose_is_that_of_a_blueprint(coverage: float) -> None:
    lever = make("work-threshold", ramp=0.0, coverage=coverage, uptake=1.0)
    machine = begun(lever, Divided())
    people = machine.ctx.world.by_district("resident").sum()
    assert dose_in_all(machine, lever) == pytest.approx(coverage * people)


def test_where_all_are_reached_each_gets_more_within_the_range_of_the_ratio() -> None:
    """A ratio of 1.1 to the power 1.5 where the dose is half as large again, and 1.1 elsewhere for fewer."""
    lever = make("work-threshold", ramp=0.0, coverage=1.0, uptake=1.0)
    machine = equipped(lever, Divided())
    machine.advance()
    offsets = machine.ctx.effects.offsets("work.job_finding", "resident")
    table = machine.ctx.world.resident
    assert offsets is not None
    here = offsets[table.district[: offsets.size] == 0]
    elsewhere = offsets[table.district[: offsets.size] > 0]
    assert np.unique(here[here > 0].round(9)) == pytest.approx([1.5 * np.log(1.1)])
    assert np.unique(elsewhere[elsewhere > 0].round(9)) == pytest.approx([np.log(1.1)])


def test_the_range_of_the_ratio_is_the_bound() -> None:
    lever = make("work-threshold", ramp=0.0, coverage=1.0, start_ratio=1.25)
    machine = begun(lever, Divided())
    most = lever.most_each(machine.ctx)
    assert most == pytest.approx(np.log(1.3) / np.log(1.25))
    governed = lever.governed(machine.ctx)
    given = lever.division(machine.ctx, governed, 1.0)
    assert given is not None
    assert given[0] == pytest.approx(most)
    assert dose_in_all(machine, lever) == pytest.approx(machine.ctx.world.by_district("resident").sum())


def test_what_has_no_room_is_counted() -> None:
    names = equipped().ctx.settings["district_names"]
    here = Target((names[0],))
    lever = LEVERS.get("work-threshold")({"ramp": 0.0, "start_ratio": 1.3}, window=Window(0), target=here)
    machine = equipped(lever, Divided())
    machine.advance()
    assert machine.ctx.counters.sums["governing.dose_without_room"] > 0


def test_who_is_not_aimed_at_is_not_divided() -> None:
    lever = make("arrears-contact", ramp=0.0)
    machine = equipped(lever, Divided())
    machine.advance()
    assert lever.division(machine.ctx, lever.governed(machine.ctx), 1.0) is None
