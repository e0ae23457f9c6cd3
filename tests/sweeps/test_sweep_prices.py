"""Prices of one's own in a sweep: part of the experiment, for every engine, and nothing moves but costs."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.sweeps.desk import SMALL, small, write
from wijksim.analysis.sensitivity.analyse import sensitivity
from wijksim.analysis.sensitivity.follow_up import write_follow_up
from wijksim.analysis.sensitivity.sample import outcome_of, sample_of
from wijksim.cli.app import app
from wijksim.core.errors import InputError
from wijksim.model.known import all_parameters, load_scenarios
from wijksim.runs.sweeps.load import load_experiment
from wijksim.runs.sweeps.results import SweepResults
from wijksim.runs.sweeps.sweep import Manner, sweep
from wijksim.scenario.prices import prices_among

LIVES = ("problem_debt", "residents")
COSTED = SMALL.replace("[problem_debt, residents]", "[staff_cost, problem_debt, residents]").replace(
    "rows: 4", "rows: 2"
)
PRICED = COSTED + "prices: mine.yaml\n"
FACTOR = "debt.settle_rate"


def _prices(folder, factor=2, *, source="ours"):
    """All that a professional costs, so many times what it is in the model."""
    lines = [
        f"{name}: {{value: {factor * one.value}, year: {one.price_year}, source: {source}}}\n"
        for name, one in all_parameters().parameters.items()
        if name.startswith("prices.fte_")
    ]
    assert lines
    folder.mkdir(exist_ok=True)
    path = folder / "mine.yaml"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _values(folder, name):
    return SweepResults.open(folder).outcomes(name).to_numpy()


def _call(*words):
    return CliRunner().invoke(app, [*map(str, words)], prog_name="wijksim", env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    sweep(small(folder, COSTED), folder / "out", Manner(workers=1, per_chunk=1))
    return folder / "out"


@pytest.fixture(scope="module")
def priced(tmp_path_factory):
    folder = tmp_path_factory.mktemp("priced")
    _prices(folder)
    sweep(small(folder, PRICED), folder / "out", Manner(workers=1, per_chunk=1))
    return folder / "out"


def test_doubled_prices_double_what_rests_on_them_and_leave_lives_alone(plain, priced):
    before, after = _values(plain, "staff_cost"), _values(priced, "staff_cost")
    assert (before > 0).all()
    np.testing.assert_allclose(after, 2 * before, rtol=1e-6)  # single precision
    for name in LIVES:
        np.testing.assert_array_equal(_values(priced, name), _values(plain, name))


@pytest.mark.slow
@pytest.mark.parametrize(
    "manner", [{"workers": 2}, {"workers": 2, "scheduler": "local"}], ids=["processes", "dask"]
)
def test_every_engine_gets_the_prices(priced, tmp_path, manner):
    if "scheduler" in manner:
        pytest.importorskip("distributed")
    _prices(tmp_path)
    sweep(small(tmp_path, PRICED), tmp_path / "out", Manner(per_chunk=1, **manner))
    assert SweepResults.open(tmp_path / "out").digest() == SweepResults.open(priced).digest()


def test_the_option_is_what_the_file_would_say_and_goes_before_it(tmp_path):
    mine = _prices(tmp_path)
    other = tmp_path / "other.yaml"
    other.write_text(mine.read_text().replace("ours", "theirs").replace("value: ", "value: 1"))
    said = small(tmp_path, PRICED)
    given = load_experiment(write(tmp_path / "without", COSTED), prices=mine)
    assert said.parts() == given.parts()
    assert load_experiment(write(tmp_path, PRICED), prices=other).prices[0].source == "theirs"
    assert "prices" not in small(tmp_path, COSTED).parts()
    assert small(tmp_path, COSTED).digest != said.digest


def test_a_sweep_does_not_go_on_with_other_prices(priced, plain, tmp_path):
    _prices(tmp_path, 3)
    for text, folder in ((PRICED, priced), (COSTED, priced), (PRICED, plain)):
        with pytest.raises(InputError) as caught:
            sweep(small(tmp_path, text), folder, Manner(workers=1, resume=True))
        words = [one.message for one in caught.value.problems]
        assert any("; prices: " in one and "at the first run" in one for one in words), words


def test_the_same_amounts_from_elsewhere_are_a_deviation(priced, tmp_path):
    _prices(tmp_path, source="theirs")
    found = sweep(small(tmp_path, PRICED), priced, Manner(workers=1, resume=True))
    assert found.deviations == ("prices: written otherwise than at the first run, for the same amounts",)


def test_the_folder_and_its_summary_say_which_prices(priced, plain):
    noted = SweepResults.open(priced).manifest["prices"]
    assert {one["source"] for one in noted} == {"ours"}
    assert all(one["in_the_model"] == 2 * one["shipped"] for one in noted)
    facts = json.loads(_call("results", priced, "--json").stdout)
    assert facts["prices"] == noted
    shown = _call("results", priced).stdout
    assert f"your own: {noted[0]['name']} {noted[0]['value']:,g} ({noted[0]['year']})" in shown
    assert "prices" not in _call("results", plain).stdout
    # what lies there is enough to ask the same again
    (again,) = load_scenarios([priced / "scenarios" / "baseline.yaml"], prices=priced / "prices.yaml")
    assert again.digest == SweepResults.open(priced).manifest["parts"]["scenarios"]["baseline"]


def test_an_own_price_is_not_varied(tmp_path):
    name = next(
        name
        for name, one in all_parameters().parameters.items()
        if name.startswith("prices.fte_") and one.low < one.high
    )
    _prices(tmp_path)
    text = PRICED.replace(f"[{FACTOR}]", f"[{FACTOR}, {name}]")
    with pytest.raises(InputError) as caught:
        small(tmp_path, text)
    (problem,) = caught.value.problems
    assert f"'{name}' has a price of your own" in problem.message
    assert problem.line == 6


def test_what_is_varied_if_nothing_is_said_leaves_own_prices_out(tmp_path):
    known = prices_among(all_parameters().parameters)
    everything = COSTED.replace(f"uncertainties: [{FACTOR}]\n", "")
    varied = {one.name for one in small(tmp_path, everything).factors}
    name = next(name for name in known if name in varied)
    (tmp_path / "mine.yaml").write_text(f"{name}: {known[name].value * 1.1}\n")
    left = small(tmp_path, everything + "prices: mine.yaml\n").factors
    assert varied - {one.name for one in left} == {name}


def test_mistakes_in_prices_come_with_those_of_the_experiment(tmp_path):
    (tmp_path / "mine.yaml").write_text("prices.homeles_year: 2\n")
    path = write(
        tmp_path, PRICED.replace("staffing-cut", "staffing-cutt").replace("problem_debt", "problem_dept")
    )
    for command in ("check", "sweep"):
        done = _call(command, path)
        assert done.exit_code == 2
        assert "did you mean 'prices.homeless_year'?" in done.stderr
        assert "did you mean 'staffing-cut'?" in done.stderr
        assert "did you mean 'problem_debt'?" in done.stderr
    done = _call("check", write(tmp_path, PRICED.replace("mine.yaml", "mune.yaml")))
    assert "there is no file 'mune.yaml' beside the experiment, did you mean 'mine.yaml'?" in done.stderr
    assert "experiment.yaml:10:9:" in done.stderr


def test_the_command_takes_prices_and_tells_how_to_go_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("wijksim.runs.sweeps.sweep.measured_chunk", lambda experiment: 1)
    _prices(tmp_path)
    write(tmp_path, COSTED)
    words = ("sweep", "experiment.yaml", "--prices", "mine.yaml", "--workers", 1)
    done = _call(*words, "--out", "out", "--limit", 1)
    assert done.exit_code == 0, done.output
    assert "outside the" in done.stderr
    assert "sweep experiment.yaml --prices mine.yaml --out out --resume" in done.stdout
    assert "own prices" in _call(*words, "--dry-run").stdout
    monkeypatch.setattr("wijksim.runs.sweeps.sweep.measured_chunk", lambda experiment: 4)
    done = _call(*words, "--out", "whole", "--limit", 1)
    assert "--limit 1 did" in done.stderr
    assert "is run together" in done.stderr


@pytest.mark.slow
def test_what_survives_a_screening_keeps_its_prices(tmp_path):
    mine = _prices(tmp_path)
    text = PRICED.replace("{kind: lhs, rows: 4}", "{kind: morris, rows: 4}").replace(
        "lhs, rows: 2", "morris, rows: 4"
    )
    experiment = small(tmp_path, text)
    sweep(experiment, tmp_path / "out", Manner(workers=1, per_chunk=8))
    results = SweepResults.open(tmp_path / "out")
    found = [sensitivity(sample_of(results), outcome_of(results, "staff_cost", difference=True))]
    path = tmp_path / "next" / "sobol.yaml"
    path.parent.mkdir()
    assert write_follow_up(results, found, path)
    mine.unlink()
    assert load_experiment(path).prices == experiment.prices


def test_going_on_without_the_prices_says_how_to_give_them_again(priced, tmp_path):
    experiment = write(tmp_path, COSTED)
    found = _call("sweep", experiment, "--out", priced, "--resume")
    assert found.exit_code == 2
    said = " ".join(found.output.split())
    assert f"prices: others than at the first run; --prices {priced / 'prices.yaml'} gives them again" in said
    assert "1 problem" in said


def test_a_question_that_no_row_answers_says_so(plain):
    found = _call("results", plain, "--sql", "SELECT * FROM runs WHERE status = 'NEVER'")
    assert found.exit_code == 0
    assert "no row answers" in found.output
