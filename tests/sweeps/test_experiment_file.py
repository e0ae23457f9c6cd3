"""Experiment files: what may stand in them, and what is said of mistakes."""

from __future__ import annotations

import json

import jsonschema
import numpy as np
import pytest

from tests.sweeps.desk import SMALL, small, write
from wijksim.core.documents import load_text
from wijksim.core.errors import InputError
from wijksim.core.resources import shipped
from wijksim.model.assemble import warmed_up, with_policy
from wijksim.model.known import all_parameters
from wijksim.runs.sweeps.experiment import scenario_at
from wijksim.runs.sweeps.generate import SCHEMA, SCHEMA_LINE, schema_text
from wijksim.runs.sweeps.load import UNCERTAIN, load_experiment, shipped_experiments


def problems(folder, text):
    with pytest.raises(InputError) as caught:
        load_experiment(write(folder, text))
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_only_question_and_scenarios_are_needed(tmp_path):
    found = small(tmp_path, "question: What matters?\nscenarios: [baseline]\nworld: {size: 300}\n")
    uncertain = {
        name
        for name, one in all_parameters().parameters.items()
        if one.kind in UNCERTAIN
        and one.low < one.high
        and not name.startswith(("analysis.", "validation.", "build."))
    }
    assert {one.name for one in found.factors} == uncertain
    assert found.design.kind == "lhs"
    assert found.own_luck
    assert found.readout == (4, 8, 20)
    for one, column in zip(found.factors, found.table.T, strict=True):
        assert one.low <= column.min() <= column.max() <= one.high


MISTAKES = [
    ("scenario: [x]", "experiment.yaml:2:1: unknown key 'scenario', did you mean 'scenarios'?"),
    ("scenarios: [baselin]", "2:13: there is no scenario 'baselin', did you mean 'baseline'?"),
    ("uncertainties: [debt.settle_rat]", "no parameter 'debt.settle_rat', did you mean 'debt.settle_rate'?"),
    ("uncertainties: {debt.settle_rate: {low: 3, high: 2}}", "'low' (3) must lie below 'high' (2)"),
    ("uncertainties: {debt.settle_rate: {low: 3, levels: [2]}}", "give levels, or low and high, not both"),
    ("levers: {staffing.change: [-0.5, 0]}", "no scenario uses a lever 'staffing'"),
    ("scenarios: [staffing-cut]\nlevers: {staffing.chance: {}}", "argument 'chance', did you mean 'change'?"),
    ("scenarios: [staffing-cut]\nlevers: {staffing.change: {low: -3, high: 0}}", "must lie in -1 to"),
    ("measures: [problem_dept]", "there is no measure 'problem_dept', did you mean 'problem_debt'?"),
    ("months: 24\nreadout: [3]", "year 3 lies outside the run of 24 months"),
    ("design: {kind: saltelli, rows: 100}", "rows of saltelli must be a power of two, not 100"),
    ("design: {kind: latin}", "must be 'full-factorial', 'lhs', 'saltelli', 'morris' or 'csv'"),
    ("design: rows.csv", "cannot read the table"),
    ("replications: 0", "'replications' must be at least 1, not 0"),
    ("world: {size: 10}", "'world.size' must be at least 200"),
]


@pytest.mark.parametrize(("line", "message"), MISTAKES)
def test_mistakes_are_told_with_their_place(tmp_path, line, message):
    base = "question: q\n" + ("" if "scenario" in line else "scenarios: [baseline]\n")
    found = problems(tmp_path, base + line + "\n")
    assert any(message in problem for problem in found), found


def test_all_mistakes_come_at_once(tmp_path):
    text = "question: q\nscenarios: [baselin, staffing-cut]\nmeasures: [nothing]\nuncertainties: [debt.x]\n"
    assert len(problems(tmp_path, text)) == 3


def test_malformed_and_unknown_come_at_once(tmp_path):
    text = (
        "question: q\nscenarios: [baseline, staffing-cutt]\nbudget: {hour: 2, runs: 0}\nmeasures: [nothing]\n"
        "uncertainties: {debt.x: {lo: 1}}\ndesign: {kind: latin}\nmonths: a year\n"
    )
    found = "\n".join(problems(tmp_path, text))
    for words in (
        "2:23: there is no scenario 'staffing-cutt', did you mean 'staffing-cut'?",
        "3:10: unknown key 'hour', did you mean 'hours'?",
        "3:25: 'budget.runs' must be at least 1, not 0",
        "4:12: there is no measure 'nothing'",
        "5:17: there is no parameter 'debt.x'",
        "5:26: unknown key 'lo'",
        "6:16: 'design.kind' must be",
        "7:9: 'months' must be a whole number",
    ):
        assert words in found, found
    assert found.count("\n") == 7


def test_without_scenarios_nothing_is_guessed(tmp_path):
    found = problems(tmp_path, "question: q\nscenarios: 3\nmeasures: [nothing]\n")
    assert len(found) == 1
    assert "'scenarios' must be a list" in found[0]


def test_rows_of_a_table(tmp_path):
    (tmp_path / "rows.csv").write_text("staffing.change,debt.settle_rate\n-0.5,2\n0,3\n")
    text = SMALL.replace("{kind: lhs, rows: 4}", "rows.csv")
    found = small(tmp_path, text)
    assert found.table.tolist() == [[2, -0.5], [3, 0]]
    (tmp_path / "rows.csv").write_text("staffing.change,debt.settle_rat\n-0.5,2,1\nx,nan\n")
    told = problems(tmp_path, text)
    assert any("rows.csv:1:2: the experiment varies no 'debt.settle_rat'" in one for one in told)
    (tmp_path / "rows.csv").write_text("staffing.change,debt.settle_rate\n-0.5,2,1\nx,nan\n")
    told = problems(tmp_path, text)
    assert [one.partition("rows.csv:")[2][:3] for one in told] == ["2:1", "3:1", "3:2"]


@pytest.mark.parametrize(
    ("design", "rows"),
    [
        ("{kind: full-factorial, levels: 3}", 9),
        ("{kind: lhs, rows: 7}", 7),
        ("{kind: saltelli, rows: 8}", 8 * (2 + 2)),
        ("{kind: morris, rows: 5}", 5 * (2 + 1)),
    ],
)
def test_designs(tmp_path, design, rows):
    found = small(tmp_path, SMALL.replace("{kind: lhs, rows: 4}", design))
    assert found.table.shape == (rows, 2)
    again = small(tmp_path, SMALL.replace("{kind: lhs, rows: 4}", design))
    assert np.array_equal(found.table, again.table)
    assert found.digest == again.digest
    low, high = (np.array([getattr(one, end) for one in found.factors]) for end in ("low", "high"))
    assert (found.table >= low).all()
    assert (found.table <= high).all()


def test_a_row_goes_where_it_belongs(tmp_path):
    experiment = small(tmp_path)
    values = experiment.values(0)
    baseline, cut = (scenario_at(one, experiment.factors, values) for one in experiment.scenarios)
    assert (
        baseline.set["debt.settle_rate"].value
        == cut.set["debt.settle_rate"].value
        == values["debt.settle_rate"]
    )
    assert not baseline.levers
    assert cut.levers[0].arguments["change"] == values["staffing.change"]
    assert experiment.scenarios[1].levers[0].arguments["change"] == -0.25


def test_luck_is_shared_or_own(tmp_path):
    common = small(tmp_path, SMALL + "luck: common\n")
    own = small(tmp_path, SMALL + "luck: own\n")
    assert {common.seed_of(row, 1) for row in range(4)} == {1}
    seeds = [own.seed_of(row, each) for row in range(4) for each in range(2)]
    assert len(set(seeds)) == 8


def test_the_digest_knows_what_matters(tmp_path):
    first = small(tmp_path).digest
    assert small(tmp_path, SMALL.replace("Does", "Will")).digest == first
    assert small(tmp_path, SMALL.replace("replications: 2", "replications: 3")).digest != first  # own luck
    common = small(tmp_path, SMALL + "luck: common\n")
    more = small(tmp_path, SMALL.replace("replications: 2", "replications: 3") + "luck: common\n")
    assert common.digest == more.digest
    assert small(tmp_path, SMALL.replace("rows: 4", "rows: 5")).digest != first
    json.dumps(common.parts())


@pytest.mark.parametrize("name", shipped_experiments())
def test_shipped_experiments_load_and_their_rows_can_be_built(name):
    found = load_experiment(name, overrides={"world.size": 600, "world.warmup": 0})
    assert found.question
    assert found.expectation
    assert found.runs > 0
    for row in sorted({0, found.rows // 2, found.rows - 1}):
        for scenario in found.scenarios:
            engine = with_policy(
                warmed_up(scenario_at(scenario, found.factors, found.values(row)), row), scenario
            )
            engine.advance()


def test_the_schema_for_editors_is_fresh_and_fits_what_ships():
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run python -m wijksim.runs.sweeps.generate"
    schema = json.loads(schema_text())
    folder = shipped("experiments")
    texts = [
        SMALL,
        *((folder / name / "experiment.yaml").read_text(encoding="utf-8") for name in shipped_experiments()),
    ]
    assert all(text.startswith(SCHEMA_LINE) for text in texts[1:])
    for text in texts:
        jsonschema.validate(load_text(text, "experiment").data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"question": "q", "scenario": ["baseline"]}, schema)


def test_what_a_scenario_refuses_is_refused_here_too(tmp_path):
    text = SMALL.replace("[debt.settle_rate]", "{professionals.acceptance: {low: 0.3, high: 900}}")
    assert any("must lie in 0.2 to 0.4" in one for one in problems(tmp_path, text))
    (tmp_path / "rows.csv").write_text("staffing.change,debt.settle_rate\n-4,2\n")
    told = problems(tmp_path, SMALL.replace("{kind: lhs, rows: 4}", "rows.csv"))
    assert [one.rpartition("rows.csv:")[2] for one in told] == [
        "2:1: 'staffing.change' must lie in -0.5 to 0, not -4"
    ]


def test_every_shipped_experiment_tells_its_question_and_its_result():
    folder = shipped("experiments")
    for name in shipped_experiments():
        page = (folder / name / "README.md").read_text(encoding="utf-8")
        assert "## Expected" in page
        assert "## Found" in page
