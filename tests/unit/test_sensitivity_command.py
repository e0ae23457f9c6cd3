"""``wijksim sensitivity``: tables, files, pictures, and the experiment that follows a screening."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from tests.unit.sensitivity_example import SMALL, experiment, factors, swept
from typer.testing import CliRunner

from wijksim.analysis.sensitivity.analyse import sensitivity
from wijksim.analysis.sensitivity.follow_up import write_follow_up
from wijksim.analysis.sensitivity.sample import outcome_of, sample_of
from wijksim.cli.app import app
from wijksim.model.known import all_parameters, load_scenarios
from wijksim.report.sensitivity import MOST_BARS, draw_sensitivity
from wijksim.runs.sweeps.experiment import Factor
from wijksim.runs.sweeps.load import load_experiment

REAL = [
    one
    for one in all_parameters().parameters.values()
    if one.kind in ("estimated", "assumed") and one.low < one.high
][:3]


def _call(*words):
    wide = {"COLUMNS": "80" if "--help" in words else "120"}
    return CliRunner().invoke(app, ["sensitivity", *map(str, words)], prog_name="wijksim", env=wide)


def _sum(weights):
    """Weighted sum of the factors as parts of their range, with a little luck."""

    def function(x, scenario, rng):
        part = (x - x.min(axis=0)) / np.ptp(x, axis=0)
        return part @ np.array(weights) * (1 + scenario) + rng.normal(0, 0.02, len(x))

    return function


@pytest.fixture(scope="module")
def screening(tmp_path_factory):
    """A screening of three real parameters, of which the second does nothing."""
    given = factors(*[(one.low, one.high) for one in REAL], names=[one.name for one in REAL])
    what = experiment(given, "morris", 10, scenarios=("baseline", "staffing-cut"), replications=6)
    return swept(tmp_path_factory.mktemp("screening"), what, _sum([2, 0, 1]))


def test_the_help_page_fits_and_teaches(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    done = _call("--help")
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "$ wijksim sensitivity" in done.stdout
    assert "Next" in done.stdout


def test_tables_go_to_standard_output_and_files_to_the_folder(screening, tmp_path):
    done = _call(screening.folder, "--measure", "crises", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert "crises, staffing-cut minus baseline, city, year 1: morris, 40 rows, 6 replications" in done.stdout
    lines = done.stdout.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("factor"))
    assert [line.split()[0] for line in lines[first + 2 : first + 4]] == [REAL[0].name, REAL[2].name]
    assert f"Survive the screening: 2 of 3: {REAL[0].name}, {REAL[2].name}" in done.stdout
    assert "mu_star is how far" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"sensitivity-crises.{end}" for end in ("csv", "json", "png", "svg")
    ]
    table = pd.read_csv(tmp_path / "sensitivity-crises.csv")
    assert table["statistic"].tolist() == ["mean"] * 3 + ["spread"] * 3
    assert (table["mu_star"] >= 0).all()


def test_json_holds_everything_and_nothing_that_is_no_number(screening, tmp_path):
    done = _call(screening.folder, "--scenario", "baseline", "--json", "--out", tmp_path)
    found = json.loads(done.stdout, parse_constant=pytest.fail)
    assert [one["measure"] for one in found] == ["problem_debt", "crises"]
    assert found[0]["null"] is None
    assert found[0]["survivors"] == [REAL[0].name, REAL[2].name]
    assert found == [
        json.loads((tmp_path / f"sensitivity-{one['measure']}.json").read_text()) for one in found
    ]
    one = found[0]["results"][0]["indices"][0]
    assert {"factor", "mu_star", "mu_star_conf", "mu_star_noise", "floor", "above_floor"} <= set(one)


def test_more_than_25_factors_are_said_to_be_more(tmp_path):
    what = experiment(factors(*[(0, 1)] * 30), "morris", 4)
    results = swept(tmp_path / "sweep", what, _sum(np.arange(30)))
    done = _call(results.folder, "--measure", "crises")
    assert "and 5 more, in the files" in done.stdout
    assert "One replication" in done.stderr
    assert len(re.findall(r"^room", done.stdout, re.MULTILINE)) == 25
    assert (results.folder / "sensitivity" / "sensitivity-crises.svg").is_file()
    svg = (results.folder / "sensitivity" / "sensitivity-crises.svg").read_text()
    assert svg.count(">room") == MOST_BARS


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--measure", "crisis"), "did you mean 'crises'"),
        (("--district", "nowhere"), "no district 'nowhere' in this sweep; there are"),
        (("--year", "9"), "year 9 was not kept"),
        (("--method", "sobol"), "needs a design of kind saltelli"),
        (("--method", "guess"), "guess"),
    ],
)
def test_what_is_unknown_is_refused(screening, tmp_path, words, problem):
    done = _call(screening.folder, *words, "--out", tmp_path)
    assert done.exit_code == 2
    assert problem in done.stderr
    assert not list(tmp_path.iterdir())


def test_all_that_is_unknown_is_told_at_once(screening, tmp_path):
    words = (
        "--measure",
        "crisis",
        "--measure",
        "problem_dept",
        "--measure",
        "crises",
        "--scenario",
        "basline",
    )
    words += ("--district", "cty", "--year", 9, "--method", "sobol", "--survivors", tmp_path / "next.yaml")
    done = _call(screening.folder, *words, "--out", tmp_path)
    assert done.exit_code == 2
    for said in (
        "--measure: there is no measure 'crisis' in this sweep, did you mean 'crises'?",
        "--measure: there is no measure 'problem_dept' in this sweep, did you mean 'problem_debt'?",
        "--scenario: there is no scenario 'basline' in this sweep, did you mean 'baseline'?",
        "--district: there is no district 'cty' in this sweep, did you mean 'city'?",
        "--year: year 9 was not kept",
        "needs a design of kind saltelli",
        "--survivors is for a screening",
    ):
        assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_without_a_sweep_is_refused(tmp_path):
    done = _call(tmp_path / "none")
    assert done.exit_code == 2
    assert "no sweep lies in this folder" in done.stderr
    assert not (tmp_path / "none").exists()


def test_failed_rows_are_refused_and_nothing_is_written(tmp_path):
    what = experiment(factors((0, 1), (0, 1)), "saltelli", 8)
    results = swept(tmp_path / "sweep", what, _sum([1, 2]), fails=(3,))
    done = _call(results.folder)
    assert done.exit_code == 2
    assert "1 of 32 rows have no value" in done.stderr
    assert "--resume" in done.stderr
    assert not (results.folder / "sensitivity").exists()


def test_a_constant_outcome_has_words_and_no_picture(tmp_path):
    what = experiment(factors((0, 1), (0, 1)), "saltelli", 8, replications=2)
    results = swept(tmp_path / "sweep", what, lambda x, *_: np.full(len(x), 5.0))
    done = _call(results.folder, "--measure", "crises")
    assert done.exit_code == 0
    assert "The mean is the same in all 32 rows (5): no factor moves it." in done.stdout
    assert "nan" not in done.stdout.lower()
    assert not (results.folder / "sensitivity" / "sensitivity-crises.png").exists()


def test_survivors_become_an_experiment_that_loads(screening, tmp_path):
    path = tmp_path / "next" / "sobol.yaml"
    done = _call(screening.folder, "--measure", "crises", "--survivors", path, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert f"2 of 3 factors; next: wijksim sweep {path}" in done.stderr
    follows = load_experiment(path)
    assert [one.name for one in follows.factors] == [REAL[0].name, REAL[2].name]
    assert [(one.low, one.high) for one in follows.factors] == [(REAL[i].low, REAL[i].high) for i in (0, 2)]
    assert (follows.design.kind, follows.rows) == ("saltelli", 64 * 4)
    assert (follows.months, follows.replications, follows.own_luck) == (12, 6, False)
    assert follows.measures == ("problem_debt", "crises")
    asked = load_scenarios(["baseline", "staffing-cut"], overrides=SMALL)
    assert [one.digest for one in follows.scenarios] == [one.digest for one in asked]


def test_arguments_of_levers_survive_as_levers(tmp_path):
    use = load_scenarios(["staffing-cut"], overrides=SMALL)[0].levers[0].id
    given = (
        Factor(f"{use}.strength", "lever", 0.1, 0.9),
        Factor(REAL[0].name, "set", REAL[0].low, REAL[0].high),
    )
    what = experiment(given, "morris", 6, scenarios=("baseline", "staffing-cut"), replications=6)
    results = swept(tmp_path / "sweep", what, _sum([2, 0]))
    found = [sensitivity(sample_of(results), outcome_of(results, "crises", difference=False))]
    kept = write_follow_up(results, found, tmp_path / "sobol.yaml")
    assert [one.name for one in kept] == [given[0].name]
    assert load_experiment(tmp_path / "sobol.yaml").factors[0].kind == "lever"


def test_no_survivor_and_no_screening_are_refused(tmp_path):
    what = experiment(factors((0, 1), (0, 1)), "morris", 6, replications=6)
    results = swept(tmp_path / "noise", what, lambda x, _, rng: rng.normal(0, 1, len(x)))
    done = _call(results.folder, "--measure", "crises", "--survivors", tmp_path / "sobol.yaml")
    assert done.exit_code == 0  # an answer, not a mistake
    assert "no factor survives" in done.stderr
    assert not (tmp_path / "sobol.yaml").exists()
    results = swept(tmp_path / "sobol", experiment(factors((0, 1)), "saltelli", 8), _sum([1]))
    done = _call(results.folder, "--measure", "crises", "--survivors", tmp_path / "sobol.yaml")
    assert done.exit_code == 2
    assert "is for a screening" in done.stderr


def test_a_picture_is_the_same_every_time(screening, tmp_path):
    found = sensitivity(sample_of(screening), outcome_of(screening, "crises"))
    texts = [draw_sensitivity(found, tmp_path / name)[0].read_text() for name in ("a", "b")]
    assert texts[0] == texts[1]
    assert all(one.name in texts[0] for one in REAL)
    assert "noise floor" in texts[0]
