from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from tests.unit.scenario_known import KNOWN, Desk

from wijksim.core.documents import load, load_text
from wijksim.core.resources import shipped
from wijksim.model.known import known
from wijksim.scenario.generate import SCHEMA, index_text, json_schema, schema_line, schema_text
from wijksim.scenario.load import check, load_scenario, load_scenarios, shipped_files, shipped_scenarios
from wijksim.scenario.text import quoted, to_yaml


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


FULL = """\
question: "why: #1 'quoted' \\u2028 \\\\ é"
source: ["no", "2025-01", "1e3", "", "- x", "a\\nb"]
assumed: ["x # y", "null", "~", " padded "]
start: 2026-01
months: 60
world:
  size: 900
  rest: 2.5
  districts: [{place: overvecht, share: 3}, {place: ./place.yaml, name: "on"}]
set: {debt.onset_rate: {value: 0.02, from: year 2}, work.job_loss_rate: 1.5e-2}
levers:
  - {lever: staffing, id: up, role: social_worker, change: 0.1, shift: [day, night], review: year 3}
  - {lever: staffing, id: down, role: youth_worker, permanent: false, target: {districts: ["on"]}}
strategies: {triage: crisis_first, allocation: {name: capped, cap: 1}}
series: {priority_inflow: {2026: 1, 2027-04: 2.25}}
loops: {trust: false, R3: true}
record: {measures: [crises, assistance], groups: all, readouts: [year 5, 11]}
"""


@pytest.fixture
def full(desk: Desk) -> Desk:
    desk.write("name: p\n", "place.yaml", head=False)
    return desk


def test_round_trip(full: Desk) -> None:
    first = full.load(FULL.replace('"", ', ""))
    again = check(load_text(first.to_yaml(), str(full.folder / "again.yaml")), KNOWN)
    assert again.resolved() == first.resolved()
    assert again.digest == first.digest
    assert again == replace(first, id="again")
    assert again.to_yaml().splitlines()[0].startswith("schema: 1  # ")


def test_resolved_is_plain_and_complete(full: Desk) -> None:
    resolved = full.load(FULL.replace('"", ', "")).resolved()
    assert json.loads(json.dumps(resolved)) == resolved
    assert (
        list(resolved)[6:10] == ["start", "months", "world", "set"] or "would_change_our_mind" not in resolved
    )
    assert resolved["levers"][0] == {
        "lever": "staffing", "id": "down", "start": 0, "target": {"districts": ["on"]},
        "permanent": False, "role": "youth_worker",
    }  # fmt: skip
    assert resolved["levers"][1]["review"] == 24
    assert resolved["set"] == {"debt.onset_rate": {"value": 0.02, "from": 12}, "work.job_loss_rate": 0.015}
    assert resolved["series"] == {"priority_inflow": {"2026-01": 1.0, "2027-04": 2.25}}
    assert resolved["loops"] == {"trust": False}
    assert resolved["record"] == {"measures": ["assistance", "crises"], "groups": "all", "readouts": [11, 59]}


def test_every_value_of_the_yaml_names_its_origin(full: Desk) -> None:
    scenario = full.load(FULL.replace('"", ', ""), months=48, **{"record.readouts": [1]})
    lines = scenario.to_yaml().splitlines()
    assert f"months: 48  # {'command line'}:1:1" in lines
    assert f"  warmup: 24  # default:{scenario.origin(('world', 'warmup')).line}:11" in lines
    assert f"  size: 900  # {full.folder}/try.yaml:9:9" in lines


def test_digest_ignores_what_does_not_matter(full: Desk) -> None:
    first = full.load(FULL.replace('"", ', ""))
    shuffled = FULL.replace('"", ', "").replace("R3: true, ", "").replace("share: 3", "share: 3.0")
    block = shuffled[shuffled.index("  - {lever") : shuffled.index("strategies")]
    one, two = block.splitlines()
    shuffled = shuffled.replace(block, f"{two}\n{one}\n").replace("why:", "whether:")
    shuffled = shuffled.replace("readouts: [year 5, 11]", "readouts: [11, 59]").replace(
        "review: year 3", "review: 24"
    )
    assert full.load(shuffled).digest == first.digest
    other = full.folder / "elsewhere"
    other.mkdir()
    (other / "place.yaml").write_text("name: p\n")
    moved = Desk(other)
    assert moved.load(shuffled).digest == first.digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("months: 60", "months: 61"),
        ("size: 900", "size: 901"),
        ("share: 3", "share: 3.0001"),
        ("from: year 2", "from: year 3"),
        ("change: 0.1", "change: 0.2"),
        ("lever: staffing, id: up", "lever: staffing, id: up, strength: 0.5"),
        ("cap: 1", "cap: 0"),
        ("2.25", "2.5"),
        ("trust: false", "trust: true"),
        ("readouts: [year 5", "readouts: [year 4"),
        ("start: 2026-01", "start: 2026-02"),
    ],
)
def test_digest_sees_what_matters(full: Desk, old: str, new: str) -> None:
    assert old in FULL
    text = FULL.replace('"", ', "")
    assert full.load(text.replace(old, new)).digest != full.load(text).digest


def test_digest_does_not_depend_on_the_process() -> None:
    code = (
        "from tests.unit.scenario_known import KNOWN\nfrom wijksim.scenario.load import load_scenario\n"
        "print(load_scenario('basic-jobs', known=KNOWN).digest)"
    )
    root = shipped("scenarios").parent
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": os.pathsep.join((str(root / "src"), str(root))),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == load_scenario("basic-jobs", known=KNOWN).digest


TRICKY = "no|12|1e3|0x1|null|~|| a|a |a: b|# x|-|é|'|\"|\\|year 5|true|a #b|x:|[a|*a|😀|- a|=|a  b|...|%a"


@pytest.mark.parametrize("text", [*TRICKY.split("|"), "a\nb", "\u2028", "\ufeff", "\U0001f600"])
def test_text_is_written_so_that_it_reads_back(text: str) -> None:
    written = to_yaml({"a": text, "b": [text], "c": {text or "k": 1}}, lambda _: "here # or\nthere")
    assert load_text(written, "f").data == {"a": text, "b": [text], "c": {text or "k": 1}}
    assert quoted("social_worker") == "social_worker"


# ---------------------------------------------------------------- shipped files


def test_every_shipped_scenario_is_sound() -> None:
    names = shipped_scenarios()
    assert set(names) >= {"baseline", "allocation-mixing", "basic-jobs", "staffing-cut"}
    for scenario in load_scenarios(names, known=known()):
        path = shipped_files()[scenario.id]
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == schema_line(path)
        assert (path.parent / first.split("=", 1)[1]).resolve() == SCHEMA
        assert scenario.question.endswith("?")
        assert scenario.source
        assert scenario.assumed
        assert scenario.would_change_our_mind


def test_variants_differ_from_the_baseline_by_their_lever_alone() -> None:
    baseline = load_scenario("baseline", known=KNOWN)
    assert (baseline.world.size, baseline.months, baseline.levers) == (12000, 240, ())
    assert [district.name for district in baseline.world.districts] == ["vulnerable", "average", "affluent"]
    assert len(set(baseline.world.shares)) == 1
    for name in ("allocation-mixing", "basic-jobs", "staffing-cut"):
        variant = load_scenario(name, known=KNOWN)
        assert len(variant.levers) == 1
        assert replace(variant, levers=()).digest == baseline.digest


def test_generated_files_are_fresh() -> None:
    hint = "run: python -m wijksim.scenario.generate"
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), hint
    folder = shipped("scenarios")
    assert (folder / "README.md").read_text(encoding="utf-8") == index_text(folder), hint


def test_json_schema_agrees_with_the_loader(full: Desk) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in shipped_files().values():
        jsonschema.validate(load(path).data, schema)
    path = full.write(FULL)
    text_keys = json.loads(json.dumps(load(path).data))  # JSON has text keys only; so do editors
    jsonschema.validate(text_keys | {"source": ["x"]}, schema)
    for wrong in (
        {"titel": "x"},
        {"months": 0},
        {"levers": [{"start": 1}]},
        {"loops": {"R9": False}},
        {"start": 2025},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(text_keys | wrong, schema)


def test_json_schema_with_names_offers_them(desk: Desk) -> None:
    schema = json_schema(KNOWN)
    base = {"schema": 1, "title": "x"}
    jsonschema.validate(base | {"levers": [{"lever": "basic-job", "places_per_1000": 3}]}, schema)
    for wrong in (
        {"levers": [{"lever": "basic-jobs"}]},
        {"set": {"debt.onset": 1}},
        {"strategies": {"alloc": "standard"}},
        {"levers": [{"lever": "staffing", "role": "mayor"}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(base | wrong, schema)
