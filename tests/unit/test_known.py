"""What only shows when scenarios meet the registered levers: rival choices are found before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

import wijksim
from wijksim.core.errors import InputError

HEAD = "schema: 1\ntitle: Two\nextends: baseline\nlevers:\n"
FIRST = "  - {lever: allocation-mixing, id: one, start: 0, end: 24, target: {districts: [vulnerable]}}\n"
SECOND = "  - {lever: income-requirement, id: two, start: START, target: {PLACE}}\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "two.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def second(start: int, place: str) -> str:
    return SECOND.replace("START", str(start)).replace("PLACE", place)


@pytest.mark.parametrize(
    "place", ["districts: [vulnerable]", "districts: [average, vulnerable]", "complexes: [3]"]
)
def test_two_levers_that_can_meet_on_a_vacancy_are_refused_with_both_lines(
    tmp_path: Path, place: str
) -> None:
    path = write(tmp_path, HEAD + FIRST + second(12, place))
    match = (
        r"two.yaml:6:\d+: lever 'two' and lever 'one' \(.*two.yaml:5\) both choose the strategy for allocation "
        "where both can meet, from month 12 to 23; leave one out, let them follow each other or keep them in different"
    )
    with pytest.raises(InputError, match=match):
        wijksim.load_scenario(path)


def test_on_different_districts_they_work_side_by_side(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + FIRST + second(12, "districts: [average, affluent]"))
    assert [use.id for use in wijksim.load_scenario(path).levers] == ["one", "two"]


def test_on_different_complexes_of_one_district_too(tmp_path: Path) -> None:
    first = FIRST.replace("[vulnerable]", "[vulnerable], complexes: [1, 2]")
    path = write(tmp_path, HEAD + first + second(12, "districts: [vulnerable], complexes: [3]"))
    assert len(wijksim.load_scenario(path).levers) == 2


def test_one_after_the_other_is_fine(tmp_path: Path) -> None:
    scenario = wijksim.load_scenario(write(tmp_path, HEAD + FIRST + second(24, "districts: [vulnerable]")))
    assert [use.id for use in scenario.levers] == ["one", "two"]


def test_three_that_meet_are_named_two_by_two(tmp_path: Path) -> None:
    third = second(0, "districts: [vulnerable]").replace("two", "three")
    with pytest.raises(InputError) as error:
        wijksim.load_scenario(write(tmp_path, HEAD + FIRST + second(0, "districts: [vulnerable]") + third))
    assert len(error.value.problems) == 3


def test_a_lever_against_a_strategy_of_the_scenario_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + FIRST + "strategies: {allocation: chronological}\n")
    with pytest.raises(InputError, match=r"two.yaml:5:\d+: .*'strategies: allocation' \(.*two.yaml:6\)"):
        wijksim.load_scenario(path)


def test_a_strategy_of_the_scenario_for_other_districts_is_fine(tmp_path: Path) -> None:
    standing = "strategies: {allocation: {name: lottery, districts: average}}\n"
    assert wijksim.load_scenario(write(tmp_path, HEAD + FIRST + standing)).strategies


def test_figures_that_no_population_fits_are_a_mistake_of_the_input() -> None:
    low = wijksim.load_scenario(
        "baseline", overrides={"world.size": 400, "world.warmup": 0, "set.build.band_share_a18": 0.5}
    )
    with pytest.raises(InputError, match="no population fits"):
        wijksim.run(low, months=1)
