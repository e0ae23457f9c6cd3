"""Every line worth printing is there, and says so when something is wrong."""

from __future__ import annotations

import copy
import json

import pytest
from typer.testing import CliRunner

from wijksim.cli.app import app
from wijksim.model.known import load_scenario
from wijksim.runs.diagnostics import diagnostics
from wijksim.runs.run import run

WANTED = (
    "capacity over crisis work", "share of frontline hours on crises", "time of professionals in post",
    "time of households in their home", "vacancies per month", "seekers per vacancy", "offers accepted",
    "branching ratio of crises", "branching ratio of violence", "offending of minors", "offending of adults",
    "at their cap",
    "drift of problem debt", "drift of nuisance", "drift of cohesion", "drift of waiting", "change by conditions",
    "change by the walk", "sd of reading noise", "not accounted for: people", "not accounted for: dwellings",
    "not accounted for: euros", "not accounted for: hours", "waterbed", "person-months by activity",
    "changes per 100 person-months",
)  # fmt: skip


@pytest.fixture(scope="module")
def result():
    return run(load_scenario("baseline", overrides={"world.size": 600, "world.warmup": 6}), months=24)


def test_every_line_worth_printing_is_printed(result) -> None:
    lines = diagnostics(result.manifest["facts"], result.recorder)
    text = "\n".join(one.name for one in lines)
    assert [word for word in WANTED if word not in text] == []
    assert all(one.value for one in lines)
    accounts = [one for one in lines if one.name.startswith("not accounted for")]
    assert [one.name for one in accounts if one.warning] == []


def test_what_is_wrong_is_pointed_at(result) -> None:
    facts = copy.deepcopy(result.manifest["facts"])
    facts["health.branching_ratio_crises"] = 0.9
    facts["caps"] = {"work.job_finding": 0.3}
    facts["housing.dwellings_unaccounted_for"] = 1
    warned = {one.name for one in diagnostics(facts, result.recorder) if one.warning}
    assert warned == {
        "branching ratio of crises",
        "chances at their cap, most",
        "not accounted for: dwellings",
    }


def test_vacated_dwellings_are_counted_by_owner(result) -> None:
    sums = result.manifest["facts"]["sums"]
    vacated = [sums[f"vacated.{owner}"] for owner in ("corporation", "owner", "private")]
    assert sum(vacated) > 0
    assert sums["tenancy.mean_years"] > 1


def test_on_the_command_line() -> None:
    small = ["run", "baseline", "--size", "300", "--months", "12", "--diagnostics"]
    done = CliRunner().invoke(app, [*small, "--json"])
    assert done.exit_code == 0, done.output
    assert {"name", "value", "warning"} == set(json.loads(done.stdout)[0])
    shown = CliRunner().invoke(app, small, env={"COLUMNS": "120"})
    assert "branching ratio of offending" in shown.output
