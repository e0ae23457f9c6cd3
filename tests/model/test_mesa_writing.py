"""Writing through agents: what is outside the domain of a column is refused, and what passes harms no run."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest

from wijksim import Dwelling, Household, Professional, Resident, WijkModel, load_scenario
from wijksim.model.agents import VIEWS
from wijksim.model.writing import checked, domain, refusal
from wijksim.state.codes import Activity, Role, Tenure, Works

SMALL = {"world.size": 300, "world.warmup": 3, "months": 240}
LONG = 300  # seconds: far more than a run takes, also where loops are compiled first


@pytest.fixture(scope="module")
def made() -> WijkModel:
    return WijkModel(load_scenario("baseline", overrides=SMALL), rng=5)


@pytest.fixture
def model(made: WijkModel) -> WijkModel:
    return copy.deepcopy(made)


@pytest.fixture
def head(model: WijkModel) -> Resident:
    found: Resident = next(r for r in model.agents_by_type[Resident] if r.role == Role.HEAD)
    return found


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("activity", 99, r"resident.activity takes one of CHILD \(0\), .*OTHER \(9\); got 99"),
        ("activity", -1, "takes one of"),
        ("activity", float("inf"), "finite"),
        ("activity", 10**400, "takes one of"),
        ("parent_education", 4, r"HIGHER \(3\), none \(-1\)"),
        ("stress", float("nan"), "finite"),
        ("stress", float("inf"), "finite"),
        ("stress", 1.01, r"resident.stress must lie in \[0, 1\], got 1.01"),
        ("frailty", 1e300, "must lie in"),
        ("home_moves", 10**400, "must lie in"),
        ("crises", -1, "must lie in"),
        ("activity_since", 1, r"\[-1380, 0\]"),
        ("origin", 3, r"\[0, 2\]"),
        ("wants_home", 3, r"\[0, 2\]"),
        ("milieu", -1, r"\[0, 127\]"),
        ("birth_month", -1381, "must lie in"),
        ("birth_month", 1, "must lie in"),
        ("birth_month", -215, r"\[-1380, -216\]"),
    ],
)
def test_values_outside_the_domain_are_refused_and_told(
    head: Resident, name: str, value: Any, says: str
) -> None:
    before = head.snapshot()
    with pytest.raises(ValueError, match=says):
        setattr(head, name, value)
    assert head.snapshot() == before


def test_what_is_allowed_can_be_written(model: WijkModel, head: Resident) -> None:
    head.activity = Activity.OTHER
    head.activity = np.int64(6)
    assert head.activity is Activity.ASSISTANCE
    head.home_sought = Tenure.OWNER
    head.home_sought = -1
    head.birth_month = -400
    head.benefit_end = 12
    head.stress = np.float32(1)
    child = next(r for r in model.agents_by_type[Resident] if r.role == Role.CHILD)
    child.birth_month = model.month
    for agent in (head, child, head.household):
        for name, value in agent.snapshot().items():
            if refusal(model.world.tables[agent.TABLE].columns[name]) is None:
                setattr(agent, name, value)


def test_columns_that_a_mechanism_keeps_are_refused_with_a_way_out(model: WijkModel, head: Resident) -> None:
    dwelling = next(iter(model.agents_by_type[Dwelling]))
    for agent, name, value, says in (
        (dwelling, "owner", Tenure.OWNER, "model.requests.convert"),
        (dwelling, "works", Works.RENOVATION, "levers"),
        (head, "role", Role.CHILD, "model.requests"),
        (head, "case_role", 1, "strategy"),
        (head, "known_dwelling", 1, "relocate"),
        (head, "circle", 1, "lever"),
        (head, "household", 1, "requests"),
        (head, "worker", 1, "requests"),
    ):
        with pytest.raises(AttributeError, match=says):
            setattr(agent, name, value)
    with pytest.raises(ValueError, match="the lever basic-job"):
        head.activity = Activity.BASIC_JOB


def test_every_column_of_rows_is_refused(model: WijkModel) -> None:
    for table in VIEWS:
        for column in model.world.tables[table].columns.values():
            assert column.unit not in ("row", "number") or refusal(column) is not None, column.name


def test_the_whole_population_cannot_be_made_younger_than_it_can_be(model: WijkModel) -> None:
    residents = model.agents_by_type[Resident]
    with pytest.raises(ValueError, match="birth_month"):
        residents.do(lambda r: setattr(r, "birth_month", r.birth_month + 120))
    with pytest.raises(ValueError, match="income_fifth"):
        model.agents_by_type[Household].set("income_fifth", -128)
    model.run_for(2)


def _extremes(model: WijkModel, table: str, luck: np.random.Generator) -> None:
    """Fill the columns of a table with the ends of their domains, at random, as far as agents let it be done."""
    held = model.world.tables[table]
    for column in held.columns.values():
        if refusal(column) is not None:
            continue
        for row in held.rows.tolist():
            if np.dtype(column.dtype).kind == "b":
                values = [True, False]
            elif column.codes is not None:
                values = [int(code) for code in column.codes]
            else:
                ends = domain(column, model.month)
                values = [int(end) if np.dtype(column.dtype).kind == "i" else end for end in ends]
            try:
                value = checked(held, column, row, values[luck.integers(len(values))], model.month)
            except ValueError:  # of adults, and of posts: bounds of one row
                continue
            held[column.attribute][row] = value


def _fuzz(seed: int, path: str) -> None:
    model = pickle.loads(Path(path).read_bytes())
    luck = np.random.default_rng(seed)
    _ = model.agents
    for _ in range(2):
        for table in VIEWS:
            _extremes(model, table, luck)
        model.run_for(7)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_world_of_extremes_runs_on(made: WijkModel, tmp_path: Path, seed: int) -> None:
    path = tmp_path / "model"
    path.write_bytes(pickle.dumps(made))
    code = f"from tests.model.test_mesa_writing import _fuzz; _fuzz({seed}, {str(path)!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=LONG, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("rng", [None, "a", 1.5, 1.0, True, [1]])
def test_a_seed_that_is_no_whole_number_is_refused(rng: Any) -> None:
    with pytest.raises(TypeError, match="rng takes a whole number"):
        WijkModel("baseline", rng=rng)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="rng takes a whole number from 0 on"):
        WijkModel("baseline", rng=-1)


@pytest.mark.parametrize("spec", [None, 12, {"name": "baseline"}])
def test_what_is_no_scenario_is_refused(spec: Any) -> None:
    with pytest.raises(TypeError, match="a scenario is needed"):
        WijkModel(spec, rng=1)


@pytest.mark.parametrize("row", [0, 10**6, -1])
def test_views_are_made_by_the_model_alone(model: WijkModel, row: int) -> None:
    before = len(model.agents)
    with pytest.raises(ValueError, match="made by the model"):
        Resident(model, row)
    assert len(model.agents) == before
    model.run_for(1)
    with pytest.raises(ValueError, match="made by the model"):
        Professional(model, row)


def test_columns_are_listed_and_identities_stay(head: Resident) -> None:
    assert {"stress", "trust", "age", "friends", "remove", "unique_id"} <= set(dir(head))
    with pytest.raises(AttributeError, match="unique_id"):
        head.unique_id = 3


class Bird(mesa.Agent):
    """An agent that is no view."""


def test_agents_that_are_no_views_have_identities_of_their_own(model: WijkModel) -> None:
    birds = [Bird(model), Bird(model)]
    model.run_for(2)
    birds.append(Bird(model))
    ids = [agent.unique_id for agent in model.agents]
    assert len(set(ids)) == len(ids)
    assert set(birds) <= set(model.agents)
    birds[0].remove()
    assert birds[0] not in model.agents
