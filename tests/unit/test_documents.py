from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from wijksim.core import documents
from wijksim.core.documents import MAX_DEPTH, MAX_NODES, Document, from_data, load, load_text
from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.core.resources import _locate, shipped


def problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_text(text, "f.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture(params=["libyaml", "python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "python":
        monkeypatch.setattr(documents, "_LOADER", yaml.SafeLoader)
    return str(request.param)


# ---------------------------------------------------------------- problems


def test_problem_reads_as_a_line_of_a_compiler() -> None:
    assert str(Problem("a.yaml", 3, 7, "unknown key 'titel'", "title")) == (
        "a.yaml:3:7: unknown key 'titel', did you mean 'title'?"
    )
    assert str(Problem("a.yaml", 3, 7, "nothing here")) == "a.yaml:3:7: nothing here"


def test_input_error_sorts_by_number_and_keeps_each_problem_once() -> None:
    late, early, hinted = (
        Problem("a", 10, 1, "x"),
        Problem("a", 9, 1, "x"),
        Problem("a", 9, 1, "x", "y"),
    )
    error = InputError([late, hinted, early, late])
    assert error.problems == (early, hinted, late)
    assert str(error).splitlines() == [str(early), str(hinted), str(late)]
    assert early < hinted < late
    assert late >= early


def test_input_error_needs_a_problem_and_survives_a_worker_process() -> None:
    with pytest.raises(ValueError, match="at least one"):
        InputError([])
    error = InputError([Problem("a", 1, 2, "x", "y")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("titel", "title"),
        ("Basic_Job", "basic-job"),
        ("basicjob", "basic-job"),
        ("onset_rate", "debt.onset_rate"),
        ("debt.onsetrate", "debt.onset_rate"),
        ("zzz", None),
        ("", None),
        ("title", None),
        ("x" * 100_000, None),
    ],
)
def test_did_you_mean(word: str, expected: str | None) -> None:
    assert did_you_mean(word, ["title", "basic-job", "debt.onset_rate", "levers"]) == expected


@pytest.mark.parametrize(
    ("word", "options", "expected"),
    [
        ("nope", ["income", "debt", "crises"], None),
        ("nonsuch", ["c", "months"], None),
        ("crime.x", ["crime.exit_work", "crime.entry"], None),
        ("ab", ["ac"], None),
        ("stafing", ["staffing", "sale"], "staffing"),
        ("satffing", ["staffing", "sale"], "staffing"),
        ("memoo", ["memo", "measures"], "memo"),
        ("M280", ["M027", "M028"], "M028"),
        ("rum", ["run", "memo"], "run"),
        ("baselin", ["baseline", "basic-jobs"], "baseline"),
        ("problem_dept", ["problem_debt", "problem_debt_share"], "problem_debt"),
        ("staff", ["staffing", "sale"], "staffing"),
        ("school", ["school-hours", "school-tests"], None),
    ],
)
def test_a_guess_is_near_for_its_length(word: str, options: list[str], expected: str | None) -> None:
    assert did_you_mean(word, options) == expected


# ---------------------------------------------------------------- what scalars mean


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("off", "off"),
        ("y", "y"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("Null", None),
        ("12", 12),
        ("+12", 12),
        ("-0", 0),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("-1.5E-3", -0.0015),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2025-01-01", "2025-01-01"),
        ("2025-01", "2025-01"),
        ("0b11", "0b11"),
        ("1e", "1e"),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!float 12", 12.0),
        ("! 12", "12"),
        ("=", "="),
    ],
)
def test_core_schema_of_yaml_1_2(parser: str, text: str, value: object) -> None:
    data = load_text(f"a: {text}", "f").data["a"]
    assert data == value
    assert type(data) is type(value)


def test_not_a_number_is_read() -> None:
    assert math.isnan(load_text("a: .nan", "f").data["a"])


def test_block_text_and_unicode(parser: str) -> None:
    text = 'a: >-\n  één\n  twee\nb: |\n  x\n  y\nc: "\\u00e9 \U0001f600"\n'
    assert load_text(text, "f").data == {"a": "één twee", "b": "x\ny\n", "c": "é \U0001f600"}


# ---------------------------------------------------------------- places


TEXT = """\
# a remark
title: x
levers:
  - lever: staffing
    start: 3
  - {lever: basic-job, start: 4}
2025: [1, 2]
"""


def test_positions_of_values_and_keys(parser: str) -> None:
    document = load_text(TEXT, "f")
    assert document.position(("title",)) == (2, 8)
    assert document.key_position(("title",)) == (2, 1)
    assert document.position(("levers", 0, "start")) == (5, 12)
    assert document.key_position(("levers", 1, "start")) == (6, 24)
    assert document.position(("levers", 1)) == document.key_position(("levers", 1)) == (6, 5)
    assert document.position((2025, 1)) == (7, 11)


def test_position_falls_back_to_the_nearest_parent() -> None:
    document = load_text(TEXT, "f")
    assert document.position(("levers", 0, "end", "x")) == document.position(("levers", 0))
    assert document.position(("levers", 9)) == document.position(("levers",))
    assert document.position(("nowhere",)) == document.position(())
    assert document.key_position(("nowhere", "x")) == document.position(())
    assert document.problem(("title",), "m", at_key=True) == Problem("f", 2, 1, "m")


def test_alias_is_a_copy_with_a_place_of_its_own(parser: str) -> None:
    document = load_text("a: &x {n: [1]}\nb: *x\n", "f")
    document.data["a"]["n"].append(2)
    assert document.data["b"] == {"n": [1]}
    assert document.position(("b",)) == (2, 4)
    assert document.position(("b", "n", 0)) == (1, 12)


def test_plain_data_becomes_a_document() -> None:
    document = from_data({"a": {"b": [1, "x", None]}}, "command line")
    assert document.data == {"a": {"b": [1, "x", None]}}
    assert document.problem(("a", "b"), "m") == Problem("command line", 1, 1, "m")
    with pytest.raises(TypeError, match="set"):
        from_data({"a": {1, 2}}, "command line")


# ---------------------------------------------------------------- what is refused


def test_every_duplicate_key_is_reported_at_its_second_place(parser: str) -> None:
    assert problems("a: 1\nb: {c: 1, c: 2}\na: 3\n01: x\n1: y\n") == [
        "f.yaml:2:11: key 'c' is already used on line 2",
        "f.yaml:3:1: key 'a' is already used on line 1",
        "f.yaml:5:1: key '1' is already used on line 4",
    ]


def test_text_and_number_are_different_keys() -> None:
    assert load_text("1: a\n'1': b", "f").data == {1: "a", "1": "b"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", "1:1", "empty"),
        ("# only a remark\n", "1:1", "empty"),
        ("---\n", "1:1", "empty"),
        ("- a\n", "1:1", "keys with values"),
        ("text", "1:1", "keys with values"),
        ("? [a]\n: 1", "1:3", "a key must be a word"),
        ("x: 1\n? {a: 1}\n: 1", "2:3", "a key must be a word"),
        ("1.5: a", "1:1", "not 1.5"),
        ("true: a", "1:1", "not true"),
        ("a: {~: b}", "1:5", "not nothing"),
        ("<<: {a: 1}", "1:1", "merge keys"),
        ("a: 1\nb: !python/object:os.system x", "2:4", "tag"),
        ("a: !!set {b}", "1:4", "tag"),
        ("a: !!int x", "1:4", "does not fit"),
        ("a: *b", "1:4", "no anchor"),
        ("a: &x [*x]", "1:8", "inside its own anchor"),
        ("a: &x {b: {c: *x}}", "1:15", "inside its own anchor"),
        ("a: 1\n---\nb: 2", "2:1", "second document"),
        ("a: 1e999", "1:4", "too large"),
        ("a: " + "9" * 5000, "1:4", "too many digits"),
        ("a: 1\nb: \x07", "2:4", "U+0007"),
        ("a: '\ud800'", "1:5", "U+D800"),
        ('a: "\\0"', "1:4", "control character"),
        ("a:\n\t- b", "2:1", "tab"),
        ("a: 'never closed\nb: 1\n", "1:4", "quote is not closed"),
        ("a: {b: 1", "1:4", "missing"),
        ("a: b: c", "1:5", "not expected here"),
        ("a: 1\n  b: 2\n", "2:4", "not expected here"),
        ("a: @b", "1:4", "needs quotes"),
    ],
)
def test_refusals_name_the_place(text: str, place: str, words: str) -> None:
    (message,) = problems(text)
    assert message.startswith(f"f.yaml:{place}: ")
    assert words in message


@pytest.mark.parametrize(
    "text", ['a: "\\U00110000"', 'a: "\\ud800"', "a: [", "a: |2x\n", "%YAML 3.0\n---\na: 1\n%"]
)
def test_both_parsers_refuse_without_a_traceback(parser: str, text: str) -> None:
    assert problems(text)


def test_alias_bomb_and_deep_nesting_are_stopped(parser: str) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10))
    (message,) = problems(f"l0: &l0 [x, x]\n{levels}\n")
    assert f"{MAX_NODES:,}" in message
    (message,) = problems("a: " + "[" * 200)
    assert f"{MAX_DEPTH} levels" in message
    (message,) = problems("a: " + "[" * 50_000)
    assert "nest" in message


def test_deep_but_allowed(parser: str) -> None:
    depth = MAX_DEPTH - 2
    assert load_text("a: " + "[" * depth + "]" * depth, "f").data["a"] is not None


# ---------------------------------------------------------------- files


def refused(path: Path) -> Problem:
    with pytest.raises(InputError) as caught:
        load(path)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    return problem


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "baseline.yaml").write_text("a: 1", encoding="utf-8")
    assert refused(tmp_path / "basline.yaml").hint == str(tmp_path / "baseline.yaml")
    assert "no such file" in refused(tmp_path / "nowhere" / "x.yaml").message
    assert "folder" in refused(tmp_path).message
    assert "cannot be read" in refused(tmp_path / ("x" * 5000)).message
    assert refused(Path("a\0b")).message
    assert "ordinary" in refused(Path("/dev/zero")).message


def test_encodings(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes("a: 1\nb: é".encode("latin-1"))
    problem = refused(path)
    assert (problem.line, problem.column, problem.message) == (2, 4, "the file is not UTF-8 text")
    path.write_bytes("\ufeffa: é\r\nb: 2\r\n".encode())
    assert load(path).data == {"a": "é", "b": 2}
    path.write_bytes("a: 1".encode("utf-16"))
    assert "UTF-8" in refused(path).message


def test_two_thousand_values_are_read_in_a_blink() -> None:
    text = "\n".join(f"k{n}:\n  value: {n}\n  range: [0, 1]\n  source: [DEB-01]" for n in range(2000))
    assert load_text(text, "f").position(("k1999", "source", 0)) == (8000, 12)


def outcome_of(read: Callable[[], Document]) -> Document | InputError:
    """What comes of reading; any other error is one of ours and ends the test."""
    try:
        return read()
    except InputError as error:
        return error


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:- \n\t[]{}&*!|>'\"#%@,?01.~\u00e9\x00\\u"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    outcome = outcome_of(lambda: load_text(text, "f"))
    if isinstance(outcome, InputError):
        lines = text.count("\n") + 2
        assert all(1 <= problem.line <= lines and problem.column >= 1 for problem in outcome.problems)
    else:
        assert isinstance(outcome.data, dict)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(raw)
    outcome = outcome_of(lambda: load(path))
    assert isinstance(outcome, InputError) or isinstance(outcome.data, dict)


# ---------------------------------------------------------------- shipped files


def test_shipped_folders_of_this_checkout() -> None:
    assert (shipped("scenarios") / "baseline.yaml").is_file()
    with pytest.raises(ValueError, match="choose from"):
        shipped("recipes")


def test_wheel_comes_before_a_foreign_checkout(tmp_path: Path) -> None:
    package = tmp_path / "project" / ".venv" / "site-packages" / "wijksim"
    package.mkdir(parents=True)
    (tmp_path / "project" / "pyproject.toml").write_text("")
    (tmp_path / "project" / "scenarios").mkdir()
    with pytest.raises(FileNotFoundError, match="scenarios"):
        _locate("scenarios", package)
    (package / "_shipped" / "scenarios").mkdir(parents=True)
    assert _locate("scenarios", package) == package / "_shipped" / "scenarios"


def test_checkout_is_found_by_its_source_folder(tmp_path: Path) -> None:
    package = tmp_path / "src" / "wijksim"
    package.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "notebooks").mkdir()
    assert _locate("notebooks", package) == tmp_path / "notebooks"
