"""One budget for a package: what it counts, where, and that there is one."""

from __future__ import annotations

import numpy as np
import pytest

from tests.levers.test_governance import equipped, make
from wijksim.core.errors import InputError
from wijksim.kernel.lever import LEVERS, Lever, Target, Window
from wijksim.kernel.prices import indexed, price_of
from wijksim.model.engine import Engine
from wijksim.model.known import load_scenario

GIVEN = {"months": 24, "world.size": 600}


def aimed(name: str, *districts: str, **arguments: object) -> Lever:
    return LEVERS.get(name)(arguments, window=Window(0), target=Target(districts))


def used(machine: Engine) -> np.ndarray:
    """Euros that levers used this month, by district."""
    spent, ctx = machine.ctx.effects._spending, machine.ctx
    job = sum(price_of(ctx, f"work.basic_job_{part}_cost") for part in ("wage", "charges", "support"))
    prices = {"places.basic_job": job, "fte.social_worker": price_of(ctx, "prices.fte_social_worker")}
    total = np.zeros(ctx.world.n_districts)
    for _, capacity, amount in spent.funded:
        total += amount * prices.get(capacity, 0) / 12
    for _, euros in (*spent.booked, *spent.once):
        total += euros
    return total


def test_a_package_scales_to_its_budget() -> None:
    budget = 40.0
    machine = equipped(
        make("basic-job", ramp=0.0, places_per_1000=10.0),
        make("staffing", ramp=0.0, change=0.5),
        make("yearly-budget", per_resident=budget),
    )
    for _ in range(4):
        machine.advance()
    people = machine.ctx.world.by_district("resident").sum()
    assert 12 * used(machine).sum() / people == pytest.approx(indexed(machine.ctx, budget, 2021), rel=0.02)
    assert machine.ctx.effects._spending.doses["basic-job"] < 1


def test_hours_that_schools_book_count() -> None:
    """Pupils are whole, so that a small world comes out at its budget by the mean of some months."""
    budget = 60.0
    machine = equipped(make("school-hours", ramp=0.0), make("yearly-budget", per_resident=budget))
    spent = []
    for _ in range(9):
        machine.advance()
        booked = machine.ctx.ledger.month["extra_school_hours"].sum()
        assert booked == pytest.approx(used(machine).sum())
        spent.append(12 * booked / machine.ctx.world.by_district("resident").sum())
    assert spent[0] > 2 * budget
    assert np.mean(spent[1:]) == pytest.approx(indexed(machine.ctx, budget, 2021), rel=0.1)


def test_premises_and_classes_are_answered_for() -> None:
    machine = equipped(
        make("cheap-workspaces", ramp=0.0, workspaces_per_10k=40.0),
        make("language-lessons", ramp=0.0, take_up=0.4),
    )
    machine.advance()
    spent, month = machine.ctx.effects._spending, machine.ctx.ledger.month
    once = sum(float(euros.sum()) for lever, euros in spent.once if lever == "cheap-workspaces")
    assert once == pytest.approx(float(month["workspaces_made"].sum()))
    assert once > 0
    for lever, item in (("cheap-workspaces", "workspaces_rent"), ("language-lessons", "language_class")):
        told = sum(float(euros.sum()) for name, euros in spent.booked if name == lever)
        assert told == pytest.approx(float(month.get(item, np.zeros(1)).sum())), item


def test_two_who_fund_one_thing_answer_for_their_parts() -> None:
    effects = equipped().ctx.effects
    effects.fund("a", "premises.workspace", np.array([3.0, 0.0]))
    effects.fund("b", "premises.workspace", np.array([1.0, 0.0]))
    effects.booked_for("premises.workspace", np.array([100.0, 50.0]))
    assert {lever: euros.tolist() for lever, euros in effects._spending.booked} == {
        "a": [75, 0],
        "b": [25, 0],
    }


def test_a_budget_for_one_district_counts_and_scales_there_only() -> None:
    names = equipped().ctx.settings["district_names"]
    here = np.array([name == names[0] for name in names])
    programme = {"ramp": 0.0, "places_per_1000": 10.0}
    machine = equipped(aimed("basic-job", **programme), aimed("yearly-budget", names[0], per_resident=20.0))
    plain = equipped(aimed("basic-job", **programme))
    for _ in range(4):
        machine.advance()
        plain.advance()
    people = machine.ctx.world.by_district("resident")
    sum_here = 12 * used(machine)[here].sum() / people[here].sum()
    assert sum_here == pytest.approx(indexed(machine.ctx, 20.0, 2021), rel=0.02)
    assert used(machine)[~here] == pytest.approx(used(plain)[~here], rel=0.02)


def test_who_works_within_the_target_has_one_dose() -> None:
    names = equipped().ctx.settings["district_names"]
    lever = aimed("basic-job", names[0], ramp=0.0)
    machine = equipped(lever, aimed("yearly-budget", names[0], per_resident=1.0))
    for _ in range(3):
        machine.advance()
    governed = lever.governed(machine.ctx)
    assert governed.weights is None
    assert 0 < governed.dose < 1


def test_works_on_dwellings_have_their_own_money() -> None:
    lever = make("renovation", ramp=0.0)
    machine = equipped(lever, make("basic-job", ramp=0.0), make("yearly-budget", per_resident=1.0))
    for _ in range(3):
        machine.advance()
    assert lever.governed(machine.ctx).dose == 1
    assert machine.ctx.effects._spending.doses["basic-job"] < 1


def test_only_what_it_is_aimed_at_counts() -> None:
    jobs, posts = make("basic-job", ramp=0.0), make("staffing", ramp=0.0, change=1.0)
    doses = []
    for levers in ((jobs,), (jobs, posts)):
        machine = equipped(*levers, make("yearly-budget", per_resident=20.0, aim="work"))
        for _ in range(3):
            machine.advance()
        doses.append(machine.ctx.effects._spending.doses["basic-job"])
    assert doses[0] == pytest.approx(doses[1], rel=0.02)


def test_half_the_strength_of_a_programme_still_uses_the_whole_budget() -> None:
    machine = equipped(
        make("basic-job", ramp=0.0, strength=0.5, places_per_1000=10.0),
        make("yearly-budget", per_resident=20.0),
    )
    for _ in range(4):
        machine.advance()
    people = machine.ctx.world.by_district("resident").sum()
    assert 12 * used(machine).sum() / people == pytest.approx(indexed(machine.ctx, 20.0, 2021), rel=0.02)


def test_a_budget_of_nothing_stays_nothing() -> None:
    machine = equipped(make("basic-job", ramp=0.0), make("yearly-budget", per_resident=0.0))
    for _ in range(4):
        machine.advance()
    assert used(machine).sum() == 0


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ({}, {}, True),
        ({"aim": "work"}, {"aim": "basic-job"}, True),
        ({"aim": "work"}, {"aim": "professionals"}, False),
        ({"target": {"districts": ["vulnerable"]}}, {"target": {"districts": ["average"]}}, False),
        ({"target": {"districts": ["vulnerable"]}}, {}, True),
        ({"end": 12}, {"start": 12}, False),
    ],
)
def test_two_budgets_for_one_programme_are_refused(
    tmp_path, one: dict[str, object], other: dict[str, object], meet: bool
) -> None:
    file = tmp_path / "two.yaml"
    uses = [
        {"lever": "basic-job"},
        {"lever": "staffing", "change": 0.1},
        {"lever": "yearly-budget", "id": "one", **one},
        {"lever": "yearly-budget", "id": "other", **other},
    ]
    lines = "\n".join(f"  - {use}".replace("'", '"') for use in uses)
    file.write_text(f"schema: 1\ntitle: Two\nextends: baseline\nlevers:\n{lines}\n")
    if not meet:
        assert load_scenario(file, overrides=GIVEN)
        return
    with pytest.raises(InputError) as raised:
        load_scenario(file, overrides=GIVEN)
    (problem,) = raised.value.problems
    assert problem.line == 8
    assert "lever 'other' and lever 'one'" in problem.message
    assert "two.yaml:7)" in problem.message


def test_what_is_wrong_with_budgets_comes_with_all_else_that_is_wrong(tmp_path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(
        "schema: 1\ntitle: Two\nextends: baseline\nlevers:\n  - {lever: basic-job, chnce: 1}\n"
        "  - {lever: staffng, id: staff}\n  - {lever: yearly-budget, id: one, aim: 'basic-jb, staff'}\n"
        "  - {lever: yearly-budget, id: other, per_resident: -1}\n  - {lever: yearly-budget, id: third}\n"
    )
    with pytest.raises(InputError) as raised:
        load_scenario(file, overrides=GIVEN)
    found = [(one.line, one.message) for one in raised.value.problems]
    expected = [
        (5, "has no argument 'chnce'"),
        (6, "there is no lever 'staffng'"),
        (7, "lever 'one' is aimed at 'basic-jb': there is no lever"),
        (8, "'per_resident' of lever 'yearly-budget' must lie in"),
        (9, "lever 'third' and lever 'other'"),
    ]
    assert len(found) == len(expected), found
    for (line, message), (where, words) in zip(found, expected, strict=True):
        assert (line, words in message) == (where, True), message
