"""What only shows when scenarios meet the registered levers: rival choices are found before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

import wijksim
from wijksim.core.errors import InputError

HEAD = "schema: 1\ntitle: Two\nextends: baseline\nlevers:\n"
FIRST = "  - {lever: allocation-mixing, id: one, start: 0, end: 24, target: {districts: [vulnerable]}}\n"
SECOND = "  - {lever: allocation-mixing, id: two, start: START, target: {districts: [average]}}\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "two.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_two_levers_that_choose_for_one_decision_at_once_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + FIRST + SECOND.replace("START", "12"))
    with pytest.raises(
        InputError, match=r"two.yaml:6:\d+: .*'two' and 'one' both choose the strategy for allocation"
    ):
        wijksim.load_scenario(path)


def test_one_after_the_other_is_fine(tmp_path: Path) -> None:
    scenario = wijksim.load_scenario(write(tmp_path, HEAD + FIRST + SECOND.replace("START", "24")))
    assert [use.id for use in scenario.levers] == ["one", "two"]


def test_a_lever_against_a_strategy_of_the_scenario_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + FIRST + "strategies: {allocation: chronological}\n")
    with pytest.raises(InputError, match="strategies: allocation"):
        wijksim.load_scenario(path)


def test_figures_that_no_population_fits_are_a_mistake_of_the_input() -> None:
    low = wijksim.load_scenario(
        "baseline", overrides={"world.size": 400, "world.warmup": 0, "set.build.band_share_a18": 0.5}
    )
    with pytest.raises(InputError, match="no population fits"):
        wijksim.run(low, months=1)
