"""What became of the doses of levers, year by year."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from wijksim.cli.app import app
from wijksim.model.known import load_scenario
from wijksim.runs.doses import Doses
from wijksim.runs.run import RunResult, run
from wijksim.scenario.resolve import Scenario

SMALL = {"world.size": 500, "world.warmup": 1, "months": 36, "record.measures": ["crises"]}


def governed(*governors: dict[str, object]) -> Scenario:
    uses = [{"lever": "basic-job", "ramp": 0, "decay": 0}, *governors]
    return load_scenario("baseline", overrides={**SMALL, "levers": uses})


def doses_of(result: RunResult) -> list[float]:
    return result.doses.yearly()["basic-job"].tolist()


def test_stop_go_shows_and_the_run_says_the_same_in_its_manifest() -> None:
    result = run(governed({"lever": "stop-go", "on_months": 18, "off_months": 24}))
    assert doses_of(result) == pytest.approx([1, 0.5, 0])
    told = [one for one in result.manifest["doses"] if one["lever"] == "basic-job"]
    assert [(one["year"], one["dose"]) for one in told] == [(1, 1.0), (2, 0.5), (3, 0.0)]
    assert "districts" not in told[0]


def test_what_is_divided_shows_by_district() -> None:
    result = run(governed({"lever": "area-selection", "start": "year 3"}))
    told = [one["districts"] for one in result.manifest["doses"] if one["lever"] == "basic-job"]
    assert all(dose == 1 for one in told[:2] for dose in one.values())
    assert max(told[2].values()) > 1 > min(told[2].values()) == 0


def test_a_lever_that_never_acts_has_no_dose() -> None:
    doses = Doses(["here"], 12, ("never",))
    assert doses.rows() == [{"lever": "never", "year": 1, "dose": 0.0}]
    assert np.array_equal(doses.yearly()["never"], [0])


def test_the_command_shows_them(tmp_path) -> None:
    file = tmp_path / "short.yaml"
    file.write_text(
        "schema: 1\ntitle: Short\nextends: basic-jobs\nmonths: 12\nrecord: {measures: [crises]}\n"
    )
    words = ["run", str(file), "--size", "400"]
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert [one["lever"] for one in told["doses"]] == ["basic-job"]
    assert 0 < told["doses"][0]["dose"] <= 1
    assert "Doses of levers" in CliRunner().invoke(app, words).stdout
