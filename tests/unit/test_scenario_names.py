# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for
from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.scenario_known import KNOWN, Desk

from wijksim.core.documents import load
from wijksim.core.errors import InputError, Problem
from wijksim.kernel.arguments import Argument, Param
from wijksim.scenario.known import Known, LeverSpec, absent_room, argument_specs
from wijksim.scenario.load import load_scenario
from wijksim.scenario.resolve import Target

LATER = "building on new sites and what energy costs are not in this version"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("set: {debt.onset: 1}", "3:7", "there is no parameter 'debt.onset', did you mean 'debt.onset_rate'?"),
        ("set: {onset_rate: 0.02}", "3:7", "there is no parameter 'onset_rate', did you mean 'debt.onset_rate'?"),
        (
            "set: {debt.onset_rate: 0.2}",
            "3:24",
            "'debt.onset_rate' must lie in 0.01 to 0.1 1/year, not 0.2 "
            "(estimated, grade B, source DEB-05, DEB-07)",
        ),
        (
            "set: {debt.onset_rate: {value: 0.02, from: year 21}}",
            "3:44",
            "'from' is month 240, outside the run: months 0 to 239 from 2025-01",
        ),
        ("world: {districts: [{place: overvegt}]}", "3:29", "there is no place 'overvegt', did you mean 'overvecht'?"),
        (
            "world: {districts: [{place: zzz}]}",
            "3:29",
            "there is no place 'zzz', choose from affluent-suburban, average-urban, overvecht, vulnerable-urban",
        ),
        (
            "world: {districts: [{place: overvecht, name: a}, {place: overvecht, name: a}]}",
            "3:75",
            "two districts are called 'a'",
        ),
        ("strategies: {alocation: standard}", "3:14", "there is no kind of strategy 'alocation', did you mean 'allocation'?"),
        ("strategies: {allocation: crisis_first}", "3:26", "there is no allocation strategy 'crisis_first', choose from capped, standard"),
        ("strategies: {allocation: {name: capped, kap: 1}}", "3:41", "allocation strategy 'capped' has no argument 'kap', did you mean 'cap'?"),
        ("strategies: {allocation: {name: capped, cap: 2}}", "3:46", "'cap' of allocation strategy 'capped' must lie in 0 to 1 share, not 2"),
        (
            "levers: [{lever: basic-job, from: 2025-01}]",
            "3:29",
            "lever 'basic-job' has no argument 'from', it takes coverage, decay, places_per_1000, ramp, strength, uptake; "
            "beside them end, start, target",
        ),
        ("strategies: {allocation: {name: standard, x: 2}}", "3:43", "allocation strategy 'standard' has no argument 'x', it takes none"),
        ("loops: {firefigting: false}", "3:9", "there is no loop 'firefigting', did you mean 'firefighting'?"),
        ("loops: {R2: false, firefighting: true}", "3:20", "loop 'firefighting' is named twice, by code and by word"),
        ("record: {measures: [crisis]}", "3:21", "there is no measure 'crisis', did you mean 'crises'?"),
        ("record: {groups: [tenure]}", "3:19", "there is no group 'tenure', choose from age_band, income_fifth"),
        ("record: {readouts: [240]}", "3:21", "this read-out is month 240, outside the run: months 0 to 239 from 2025-01"),
        ("series: {prioritiy_inflow: {2025: 1}}", "3:10", "there is no series 'prioritiy_inflow', did you mean 'priority_inflow'?"),
        ("series: {priority_inflow: {2025: 1, 2026: 4}}", "3:43", "series 'priority_inflow' must lie in 0.1 to 3 ratio, not 4"),
        ("series: {priority_inflow: {2025: 1, 2025-01: 2}}", "3:37", "series 'priority_inflow' has two values for 2025-01"),
        ("series: {priority_inflow: flow.yaml}", "3:27", "there is no file 'flow.yaml'"),
        ("budget: {municipality: 3}", "3:10", "budgets are not enforced in this version"),
        ("plugins: [no_such_module_of_ours]", "3:11", "plug-in 'no_such_module_of_ours' cannot be imported: No module named 'no_such_module_of_ours'"),
    ],
)  # fmt: skip
def test_names_and_ranges(desk: Desk, text: str, place: str, words: str) -> None:
    assert desk.refused(text) == [f"try.yaml:{place}: {words}"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("set: {newbuild.rate: 1}", f"parameter 'newbuild.rate' belongs to building on new sites; {LATER}"),
        ("levers: [{lever: home-insulation}]", f"lever 'home-insulation' belongs to energy; {LATER}"),
        ("record: {measures: [newbuild]}", f"measure 'newbuild' belongs to building on new sites; {LATER}"),
    ],
)
def test_rooms_that_are_still_to_come_are_refused_by_name(desk: Desk, text: str, message: str) -> None:
    (found,) = desk.refused(text)
    assert found.split(": ", 1)[1] == message


def test_what_exists_is_never_called_absent(desk: Desk) -> None:
    known = replace(KNOWN, measures=("newbuild",))
    scenario = load_scenario(desk.write("record: {measures: [newbuild]}"), known=known)
    assert scenario.record.measures == ("newbuild",)
    assert absent_room("debt.onset_rate") is None
    assert absent_room("Home_Insulation") == "energy"
    assert absent_room("construction.sale_rate") is None
    assert absent_room("Shop_Survival") is None


def test_loops_by_code_and_by_word(desk: Desk) -> None:
    scenario = desk.load("loops: {R2: false, trust: true, b3: false, scarcity: false}")
    assert scenario.loops_off == ("employment", "firefighting", "scarcity")


def test_places_get_distinct_names(desk: Desk) -> None:
    text = "world: {districts: [{place: overvecht}, {place: overvecht}, {place: overvecht, share: 2}]}"
    scenario = desk.load(text)
    assert [district.name for district in scenario.world.districts] == [
        "overvecht",
        "overvecht-2",
        "overvecht-3",
    ]
    assert scenario.world.shares == (0.25, 0.25, 0.5)


def test_series_from_the_scenario_and_from_a_file(desk: Desk) -> None:
    desk.write("2030: 2\n2025-07: 1.5\n", "flow.yaml", head=False)
    here = desk.load("series: {priority_inflow: {2030: 2.0, 2025-07: 1.5}}")
    file = desk.load("series: {priority_inflow: flow.yaml}")
    assert here.series == file.series == {"priority_inflow": (("2025-07", 1.5), ("2030-01", 2.0))}
    assert here.digest == file.digest
    desk.write("2030: 20\n'2031': x\n2030-01: 1\n", "flow.yaml", head=False)
    assert desk.refused("series: {priority_inflow: flow.yaml}") == [
        "flow.yaml:2:1: the key '2031' must be a year as 2025 or a month as '2025-01', not the text '2031'",
        "flow.yaml:2:9: '2031' must be a number, not the text 'x'",
    ]
    desk.write("2030: 20\n2030-01: 1\n", "flow.yaml", head=False)
    assert desk.refused("series: {priority_inflow: flow.yaml}") == [
        "flow.yaml:1:7: series 'priority_inflow' must lie in 0.1 to 3 ratio, not 20",
        "flow.yaml:2:1: series 'priority_inflow' has two values for 2030-01",
    ]
    desk.write("- 1\n", "flow.yaml", head=False)
    assert desk.refused("series: {priority_inflow: flow.yaml}") == [
        "flow.yaml:1:1: the file must hold keys with values ('key: value')"
    ]


def test_points_of_a_series_that_come_to_nothing_are_told_at_once(desk: Desk) -> None:
    text = (
        "start: 2020-01\nmonths: 24\nworld: {warmup: 12}\n"
        "series: {priority_inflow: {2017: 1, 2018: 2, 2019-06: 2, 2022: 1, 2021-12: 2}}"
    )
    assert desk.refused(text) == [
        "try.yaml:6:28: 2017-01 of series 'priority_inflow' is over before anything begins: another value follows before the "
        "warm-up, 12 months before 2020-01",
        "try.yaml:6:58: 2022-01 of series 'priority_inflow' is month 24, outside the run: months 0 to 23 from 2020-01",
    ]


def test_a_shorter_run_leaves_a_series_standing(desk: Desk) -> None:
    desk.write("months: 36\nseries: {priority_inflow: {2027: 1}}\n", "long.yaml")
    assert desk.load("extends: long.yaml", months=12).series


def test_a_file_named_by_a_parent_lies_beside_the_parent(desk: Desk) -> None:
    (desk.folder / "sub").mkdir()
    desk.write("2030: 2\n", "sub/flow.yaml", head=False)
    desk.write("series: {priority_inflow: flow.yaml}\n", "sub/parent.yaml")
    assert desk.load("extends: sub/parent.yaml").series == {"priority_inflow": (("2030-01", 2.0),)}


def test_place_files(desk: Desk) -> None:
    path = desk.write("name: x\nshare: .4\n2: .nan\n'2': 1\n", "place.yaml", head=False)
    first = desk.load("world: {districts: [{place: ./place.yaml}]}")
    (district,) = first.world.districts
    assert (district.place, district.name) == (str(path), "place")
    desk.write("name: y\n", "place.yaml", head=False)
    assert desk.load("world: {districts: [{place: place.yaml}]}").digest != first.digest
    desk.write("name: [\n", "place.yaml", head=False)
    (message,) = desk.refused("world: {districts: [{place: place.yaml}]}")
    assert message.startswith("place.yaml:")
    assert desk.refused("world: {districts: [{place: a/b.yaml}]}") == [
        "try.yaml:3:29: there is no file 'a/b.yaml'"
    ]
    (message,) = desk.refused(f"world: {{districts: [{{place: {'x' * 5000}.yaml}}]}}")
    assert message.startswith("try.yaml:3:29: ")


def test_the_reader_of_places_has_its_say(desk: Desk) -> None:
    def read_place(path: Path) -> None:
        raise InputError([Problem(path.name, *load(path).position(("share",)), "share is too high")])

    desk.write("name: x\nshare: 4\n", "place.yaml", head=False)
    path = desk.write("months: 0\nworld: {districts: [{place: place.yaml}]}")
    with pytest.raises(InputError) as caught:
        load_scenario(path, known=replace(KNOWN, read_place=read_place))
    assert [problem.message for problem in caught.value.problems] == [
        "'months' must be at least 1, not 0",
        "share is too high",
    ]


def test_budget_of_known_payers(desk: Desk) -> None:
    known = replace(KNOWN, payers=("municipality", "corporation"))
    assert load_scenario(desk.write("budget: {municipality: 5e5}"), known=known).budget == {
        "municipality": 5e5
    }
    with pytest.raises(InputError, match="did you mean 'municipality'"):
        load_scenario(desk.write("budget: {municipalty: 5e5}"), known=known)


def test_plugins_are_imported_before_names_are_checked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(desk.folder))
    (desk.folder / "plugin_of_this_test.py").write_text("LEVERS = ['brass-band']\n")
    (desk.folder / "broken_plugin_of_this_test.py").write_text("1 / 0\n")

    def known() -> Known:
        plugin = sys.modules.get("plugin_of_this_test")
        return replace(KNOWN, levers={name: LeverSpec() for name in plugin.LEVERS} if plugin else {})

    path = desk.write("plugins: [plugin_of_this_test]\nlevers: [{lever: brass-band}]")
    assert load_scenario(path, known=known).plugins == ("plugin_of_this_test",)
    (message,) = desk.refused("plugins: [broken_plugin_of_this_test]")
    assert message.endswith("cannot be imported: division by zero")


# ---------------------------------------------------------------- levers


def test_a_misspelt_lever_and_its_other_mistakes_come_at_once(desk: Desk) -> None:
    found = desk.refused(
        "levers:\n  - {lever: basic-jb, places_per_1000: 61, stat: 3, target: {complexes: [1], districts: [west]}}\n"
    )
    words = [one.split(": ", 1)[1] for one in found]
    meant = "lever 'basic-job', if that is meant,"
    assert words == [
        "there is no lever 'basic-jb', did you mean 'basic-job'?",
        f"'places_per_1000' of {meant} must lie in 0 to 60 per 1,000 residents, not 61",
        f"{meant} has no argument 'stat', did you mean 'start'?",
        f"{meant} cannot be aimed at complexes, only at districts, groups",
        "there is no district 'west', choose from affluent, average, vulnerable",
    ]


def test_a_misspelt_strategy_and_its_other_mistakes_come_at_once(desk: Desk) -> None:
    found = desk.refused("strategies: {allocation: {name: caped, kap: 1, cap: 2}}\n")
    meant = "allocation strategy 'capped', if that is meant,"
    assert [one.split(": ", 1)[1] for one in found] == [
        "there is no allocation strategy 'caped', did you mean 'capped'?",
        f"{meant} has no argument 'kap', did you mean 'cap'?",
        f"'cap' of {meant} must lie in 0 to 1 share, not 2",
    ]


def test_of_a_lever_that_is_only_somewhat_alike_nothing_more_is_said(desk: Desk) -> None:
    """``allocation-rules`` may be ``allocation-mixing``, but then its arguments say nothing."""
    (found,) = desk.refused("levers: [{lever: allocation-rules, places: 3}]\n")
    assert "there is no lever 'allocation-rules', did you mean 'allocation-mixing'?" in found


def test_a_full_use_of_a_lever(desk: Desk) -> None:
    (use,) = desk.load(
        "start: 2025-07\nlevers:\n"
        "  - {lever: staffing, id: cut, start: year 2, end: 2030-07, strength: 2, ramp: 6, coverage: 1, decay: 3,\n"
        "     role: social_worker, change: -1, teams: 2, shift: [day], permanent: true, review: 2026-01,\n"
        "     target: {districts: vulnerable}}\n"
    ).levers
    assert (use.id, use.lever, use.start, use.end) == ("cut", "staffing", 12, 60)
    assert use.target == Target(districts=("vulnerable",))
    assert use.arguments == {
        "strength": 2.0, "ramp": 6.0, "coverage": 1.0, "decay": 3.0, "role": "social_worker", "change": -1.0,
        "teams": 2, "shift": ["day"], "permanent": True, "review": 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "column", "words"),
    [
        ("lever: basic-jobs", 18, "there is no lever 'basic-jobs', did you mean 'basic-job'?"),
        ("lever: zzz", 18, "there is no lever 'zzz', choose from allocation-mixing, basic-job, staffing"),
        ("lever: basic-job, stat: 3", 29, "lever 'basic-job' has no argument 'stat', did you mean 'start'?"),
        ("lever: basic-job, places: 3", 29, "lever 'basic-job' has no argument 'places', did you mean 'places_per_1000'?"),
        ("lever: basic-job, places_per_1000: 61", 46, "'places_per_1000' of lever 'basic-job' must lie in 0 to 60 per 1,000 residents, not 61"),
        ("lever: basic-job, places_per_1000: .nan", 46, "'places_per_1000' of lever 'basic-job' must be a number, not nan"),
        ("lever: basic-job, places_per_1000: no", 46, "'places_per_1000' of lever 'basic-job' must be a number, not the text 'no'"),
        ("lever: basic-job, places_per_1000: ", 46, "'places_per_1000' of lever 'basic-job' must be a number, not nothing"),
        ("lever: basic-job, coverage: 1.5", 39, "'coverage' of lever 'basic-job' must lie in 0 to 1 share, not 1.5"),
        ("lever: basic-job, strength: -1", 39, "'strength' of lever 'basic-job' must be at least 0 share, not -1"),
        ("lever: staffing, role: social_worker, strength: 3", 59, "'strength' of lever 'staffing' must lie in 0 to 2 share, not 3"),
        ("lever: staffing", 10, "lever 'staffing' needs 'role' (which)"),
        ("lever: staffing, role: social-worker", 34, "'role' of lever 'staffing' cannot be the text 'social-worker', choose from social_worker, youth_worker, did you mean 'social_worker'?"),
        ("lever: staffing, role: social_worker, teams: 1.5", 56, "'teams' of lever 'staffing' must be a whole number, not 1.5"),
        ("lever: staffing, role: social_worker, teams: 0", 56, "'teams' of lever 'staffing' must be at least 1, not 0"),
        ("lever: staffing, role: social_worker, shift: [day, noon]", 56, "'shift' of lever 'staffing' cannot be the text 'noon', choose from day, night"),
        ("lever: staffing, role: social_worker, permanent: yes", 60, "'permanent' of lever 'staffing' must be true or false, not the text 'yes'"),
        ("lever: basic-job, start: 240", 36, "'start' is month 240, outside the run: months 0 to 239 from 2025-01"),
        ("lever: basic-job, start: 2024-12", 36, "'start' is month -1, outside the run: months 0 to 239 from 2025-01"),
        ("lever: basic-job, end: 2045-02", 34, "'end' is month 241, outside the run: months 0 to 239 from 2025-01"),
        ("lever: basic-job, start: year 5, end: year 4", 49, "'end' (month 48) must come after 'start' (month 48)"),
        ("lever: basic-job, target: {districts: [vulnerable, west]}", 62, "there is no district 'west', choose from affluent, average, vulnerable"),
        ("lever: basic-job, target: {complexes: [1]}", 38, "lever 'basic-job' cannot be aimed at complexes, only at districts, groups"),
        ("lever: basic-job, target: {groups: [age=18-30]}", 47, "there is no group 'age=18-30', did you mean 'age=18-29'?"),
        ("lever: basic-job, target: {districts: []}", 49, "'districts' is empty; leave it out to reach all"),
        ("lever: basic-job, target: {district: [a]}", 38, "unknown key 'district', did you mean 'districts'?"),
    ],
)  # fmt: skip
def test_mistakes_with_levers(desk: Desk, entry: str, column: int, words: str) -> None:
    assert desk.refused(f"levers: [{{{entry}}}]") == [f"try.yaml:3:{column}: {words}"]


def test_end_at_the_horizon_is_inside(desk: Desk) -> None:
    (use,) = desk.load("months: 48\nlevers: [{lever: basic-job, start: 47, end: year 4}]").levers
    assert (use.start, use.end) == (47, 48)


def test_declarations_of_the_kernel_become_specs() -> None:
    specs = argument_specs(
        {
            "change": Param(0.1, "share", (-1.0, 1.0), "policy", "D", ("design",), "Change of posts"),
            "role": Argument("social_worker", ("social_worker", "nurse"), "Role"),
        }
    )
    assert (specs["change"].type, specs["change"].low, specs["change"].high) == ("number", -1, 1)
    assert (specs["role"].type, specs["role"].choices) == ("text", ("social_worker", "nurse"))
