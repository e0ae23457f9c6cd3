"""The commands: what they print, where, and with which exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.e2e.small import SMALL
from typer.testing import CliRunner

from wijksim.cli.app import app
from wijksim.cli.compare import medians
from wijksim.model.month import MONTH

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("check", "run", "memo", "variance", "drift", "trace", "new", "reference", "version")
LISTS = ("levers", "parameters", "measures", "places", "mechanisms", "scenarios", "strategies", "series")
RECORDED = SMALL + (
    "record: {{measures: [problem_debt, share_in_assistance, crises, nuisance_often, liveability_index], "
    "readouts: [13]}}\n"
)


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Run a command in an empty folder that holds one small scenario per parent."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for parent in ("baseline", "staffing-cut"):
        Path(f"small-{parent}.yaml").write_text(RECORDED.format(parent=parent))
    runner = CliRunner()
    return lambda *words: runner.invoke(app, [str(word) for word in words], prog_name="wijksim")


# ---------------------------------------------------------------- help


def test_without_a_command_three_are_shown(call):
    done = call()
    assert done.exit_code == 0
    starts = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("  wijksim")]
    assert starts == ["memo", "run", "trace"]


@pytest.mark.parametrize(
    "words", [(name,) for name in COMMANDS + LISTS] + [("new", "scenario"), ("new", "lever")]
)
def test_every_help_page_fits_and_teaches(call, words):
    done = call(*words, "--help")
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    if words != ("new",):
        assert f"$ wijksim {words[0]}" in done.stdout
        assert "Next" in done.stdout


def test_help_names_every_command(call):
    words = set(call("--help").stdout.split())
    assert {*COMMANDS, *LISTS} <= words


def test_help_imports_nothing_heavy(tmp_path):
    code = (
        "import sys; sys.argv = ['wijksim', '--help']\n"
        "from wijksim.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'pandas', 'scipy', 'mesa', 'matplotlib', 'networkx', 'pydantic', 'yaml', 'jinja2'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "heavy: []"


# ---------------------------------------------------------------- lists


@pytest.mark.parametrize("kind", LISTS)
def test_lists_as_json(call, kind):
    done = call(kind, "--json")
    assert done.exit_code == 0
    items = json.loads(done.stdout)
    names = [item["name"] for item in items]
    assert len(set(names)) == len(names) > 0
    one = json.loads(call(kind, names[0], "--json").stdout)
    assert one["name"] == names[0]
    for name in (names[0], names[-1]):
        shown = call(kind, name)
        assert shown.exit_code == 0
        assert name in shown.stdout


def test_parameters_carry_their_provenance(call):
    for item in json.loads(call("parameters", "--json").stdout):
        assert {"name", "value", "unit", "range", "kind", "grade", "source", "label"} <= set(item)
        low, high = item["range"]
        assert low <= item["value"] <= high
        assert item["source"]


def test_the_beginning_of_a_name_lists_a_room(call):
    names = [item["name"] for item in json.loads(call("parameters", "debt", "--json").stdout)]
    assert names
    assert all(name.startswith("debt.") for name in names)


def test_mechanisms_stand_in_the_order_of_the_month(call):
    names = [item["name"] for item in json.loads(call("mechanisms", "--json").stdout)]
    assert names == [name for name in MONTH if name in names]


def test_a_table_on_standard_output_and_the_rest_elsewhere(call):
    done = call("places")
    assert "overvecht" in done.stdout
    assert "wijksim places NAME" not in done.stdout
    assert "wijksim places NAME" in done.stderr


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [
        ("levers", "stafing", "staffing"),
        ("places", "Overvegt", "overvecht"),
        ("measures", "crisis", "crises"),
    ],
)
def test_an_unknown_name_is_refused_with_a_guess(call, kind, wrong, right):
    done = call(kind, wrong)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert f"did you mean '{right}'?" in done.stderr


def test_what_is_still_to_come_is_refused_by_name(call, tmp_path):
    file = tmp_path / "try.yaml"
    file.write_text(
        "schema: 1\ntitle: A try\nextends: baseline\nlevers: [{lever: newbuild}]\n", encoding="utf-8"
    )
    done = call("check", str(file))
    assert done.exit_code == 2
    assert "not in this version" in done.stderr


# ---------------------------------------------------------------- check, version


def test_check_says_ok_per_good_file(call):
    done = call("check", "small-baseline.yaml", "staffing-cut")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == ["small-baseline.yaml: ok", "staffing-cut: ok"]
    assert done.stderr == ""


def test_version_as_json(call):
    assert {"wijksim", "python", "numpy", "mesa"} <= set(json.loads(call("version", "--json").stdout))


# ---------------------------------------------------------------- run


def test_run_prints_headlines_and_speed_and_keeps_its_insides_for_who_asks(call):
    done = call("run", "small-baseline.yaml")
    assert done.exit_code == 0, done.stderr
    for words in (
        "year 1",
        "vulnerable",
        "city",
        "problem debt",
    ):
        assert words in done.stdout
    inside = ("largest deviation", "memory of the world", "chances at their cap", "error share", "branching")
    for words in inside:
        assert words not in done.stdout
    assert "microseconds per resident-month" in done.stdout
    assert "geen Leefbaarometerscore" in done.stdout
    assert not [path for path in Path().iterdir() if path.suffix != ".yaml"]
    asked = call("run", "small-baseline.yaml", "--diagnostics").stdout
    assert not [words for words in (*inside, "microseconds per resident-month") if words not in asked]
    odd = sum(line.rstrip().endswith("shapes results") for line in asked.splitlines())
    assert odd == 0 or "before this run is believed: add --diagnostics" in done.stderr


def test_run_as_json_and_as_files_agree(call):
    import pandas as pd

    done = call("run", "small-baseline.yaml", "--seed", 4, "--out", "results", "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert sorted(path.name for path in Path("results").iterdir()) == [
        "budget.parquet",
        "manifest.json",
        "measures.json",
        "results.parquet",
        "scenario.yaml",
    ]
    assert [path.name for path in Path().iterdir() if path.name.startswith(".")] == []
    assert json.loads(Path("results/manifest.json").read_text())["digest"] == told["digest"]
    assert told["manifest"]["seed"] == 4
    table = pd.read_parquet("results/results.parquet")
    assert set(table["month"]) == set(range(14))
    debt = [row for row in told["headlines"] if row["measure"] == "problem_debt"]
    assert {row["district"] for row in debt} == {"vulnerable", "average", "affluent", "city"}
    chosen = table[(table.measure == "problem_debt") & (table.group == "all") & (table.month < 12)]
    for row in debt:
        monthly = chosen[chosen.district == row["district"]]["value"]
        assert monthly.min() <= row["value"] <= monthly.max()


def test_run_says_which_loops_are_off_and_who_pays_for_what(call):
    Path("off.yaml").write_text(
        RECORDED.format(parent="staffing-cut") + "loops: {trust: false, scarcity: false}\n"
    )
    done = call("run", "off.yaml", "--months", 2)
    assert done.exit_code == 0, done.stderr
    assert "Loops switched off: scarcity, trust" in done.stdout
    plain = call("run", "small-baseline.yaml", "--months", 2)
    assert "switched off" not in plain.stdout
    assert "Who pays for what" in plain.stdout
    for words in ("municipality", "staff in post", "resources used", "wages (transfer)"):
        assert words in plain.stdout
    told = json.loads(call("run", "small-baseline.yaml", "--months", 2, "--json").stdout)["budget"]
    wages = [row["euros_per_resident"] for row in told if row["kind"] == "wages"]
    assert len(wages) == 2
    assert sum(wages) == pytest.approx(0, abs=1e-6)


def test_knockout_reports_crime_and_safety_beside_the_headlines():
    from wijksim.cli.headlines import HEADLINES
    from wijksim.cli.knockout import STREET
    from wijksim.kernel.measure import MEASURES

    assert {MEASURES.get(name).theme for name in STREET} == {"crime", "safety"}
    assert not set(STREET) & set(HEADLINES)


def test_run_leaves_a_folder_in_use_alone_unless_forced(call):
    kept = Path("results/kept.txt")
    kept.parent.mkdir()
    kept.write_text("mine")
    done = call("run", "small-baseline.yaml", "--months", 1, "--out", "results")
    assert done.exit_code == 2
    assert "not empty" in done.stderr
    assert list(Path("results").iterdir()) == [kept]
    assert call("run", "small-baseline.yaml", "--months", 1, "--out", "results", "--force").exit_code == 0
    assert kept.read_text() == "mine"
    assert Path("results/results.parquet").is_file()


def test_a_file_is_no_folder_to_write_to(call):
    done = call("run", "small-baseline.yaml", "--out", "small-baseline.yaml/results")
    assert done.exit_code == 2
    assert "not a folder" in done.stderr


# ---------------------------------------------------------------- memo, variance, trace


def test_memo_writes_one_page(call):
    pytest.importorskip("wijksim.report.memo")
    null = ("--null", "small-baseline.yaml", "--workers", 1)
    done = call("memo", "small-staffing-cut.yaml", *null, "--pairs", 2, "--out", "page.html")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "page.html\n"
    text = Path("page.html").read_text(encoding="utf-8")
    assert "<svg" in text
    assert "geen selectie-instrument" in text
    assert [path.name for path in Path().iterdir() if path.name.startswith(".")] == []


def test_variance_prints_ratios_and_their_median(call):
    words = (
        "variance",
        "small-staffing-cut.yaml",
        "--null",
        "small-baseline.yaml",
        "--pairs",
        2,
        "--workers",
        1,
    )
    done = call(*words, "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert {row["measure"] for row in told["ratios"]} == {
        "problem_debt",
        "share_in_assistance",
        "crises",
        "nuisance_often",
        "liveability_index",
    }
    assert set(told["median"]) == {"small-staffing-cut"}
    assert "median" in call(*words).stdout


def test_the_median_is_over_everything_of_a_variant():
    rows = [{"scenario": "a", "ratio": ratio} for ratio in (1.0, 3.0, float("inf"))]
    assert medians([*rows, {"scenario": "b", "ratio": 2.0}]) == {"a": 3.0, "b": 2.0}


@pytest.mark.parametrize("words", [("memo", "baseline"), ("memo", "staffing-cut", "staffing-cut")])
def test_what_cannot_be_compared_is_refused(call, words):
    done = call(*words, "--pairs", 2, "--size", 200, "--months", 1)
    assert done.exit_code == 2
    assert not Path("memo.html").exists()


def test_other_districts_cannot_be_compared(call):
    Path("elsewhere.yaml").write_text(
        "schema: 1\ntitle: t\nextends: staffing-cut\nworld: {districts: [{place: overvecht}]}\n"
    )
    done = call("memo", "elsewhere.yaml")
    assert done.exit_code == 2
    assert "other districts" in done.stderr
    assert "--null" in done.stderr


def test_trace_suggests_residents_and_follows_one(call):
    suggested = json.loads(call("trace", "small-baseline.yaml", "--json").stdout)
    assert 1 <= len(suggested) <= 3
    uid = suggested[0]["uid"]
    story = call("trace", "small-baseline.yaml", "--resident", uid)
    assert story.exit_code == 0, story.stderr
    assert story.stdout.startswith(f"Resident {uid} in 'small-baseline', seed 0")
    assert "2025-01  This is a" in story.stdout
    assert "2025-12  At " in story.stdout
    told = json.loads(call("trace", "small-baseline.yaml", "--resident", uid, "--json").stdout)
    assert told["resident"] == uid
    assert [line["month"] for line in told["story"]] == sorted(line["month"] for line in told["story"])


def test_trace_of_nobody_suggests_somebody(call):
    done = call("trace", "small-baseline.yaml", "--resident", 7 * 10**9)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "try" in done.stderr
