"""What the pages state is so: commands and options exist, scenarios load, code runs."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from wijksim.cli.app import app
from wijksim.kernel.lever import LEVERS
from wijksim.model.known import load_scenario, place_names
from wijksim.runs.sweeps.load import load_experiment
from wijksim.scenario.load import shipped_scenarios

ROOT = Path(__file__).resolve().parents[2]
MADE = {"trace.md", "score-card.md"}  # made from the code, or printed by a command
PAGES = sorted(
    path
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    if path.name not in MADE and path.parent.name not in ("reference", "decisions")
)
TOOL = re.compile(r"^(?:\$ )?(?:\./wijk|wijksim) (?P<words>.+)")
BLOCK = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
OF_THE_LAUNCHER = ("test", "COMMAND")
OWN = re.compile(r"my-|mijn-|.*\.yaml$|[A-Z]")
"""Names that a reader has to fill in."""


def blocks(page: Path, kind: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return [textwrap.dedent(found["text"]) for found in BLOCK.finditer(text) if found["kind"] == kind]


def commands() -> Iterator[tuple[str, str]]:
    """Page and words after the name of the tool, of everything that is stated as a command."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        lines = [line for block in (*blocks(page, "sh"), *blocks(page, "")) for line in _whole(block)]
        lines += SPAN.findall(BLOCK.sub("", text))
        for line in lines:
            found = TOOL.match(line.strip())
            if found:
                yield page.relative_to(ROOT).as_posix(), found["words"]


def _whole(block: str) -> list[str]:
    """Lines, those that go on with a backslash as one."""
    return re.sub(r"\\\n\s*", " ", block).splitlines()


COMMANDS = sorted(set(commands()))


def parsed(words: list[str]) -> tuple[Any, list[str], list[str]]:
    """Command, its positional words, and what it does not know."""
    command: Any = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    options = {name: one for one in command.params for name in (*one.opts, *one.secondary_opts)}
    places, strange, rest = [], [], list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            places.append(word)
        elif word not in options and word not in ("--help", "-h"):
            strange.append(word)
        elif word in options and not getattr(options[word], "is_flag", False):
            if not rest:
                strange.append(f"{word} without a value")
            rest = rest[1:]
    return command, places, strange


def test_there_is_something_to_look_at() -> None:
    assert len(COMMANDS) > 60
    assert {"docs/start/beleidsadviseur.md", "docs/sweeps.md", "README.md"} <= {page for page, _ in COMMANDS}


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_a_stated_command_exists_with_its_options(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    if words[0] in OF_THE_LAUNCHER:
        assert f"./wijk {words[0]} " in (ROOT / "wijk").read_text(encoding="utf-8")
        return
    command, places, strange = parsed(words)
    assert command.name not in ("main", None, "wijksim"), f"{page}: there is no command '{words[0]}'"
    assert strange == [], f"{page}: wijksim {line}"
    known = {
        "levers": LEVERS.names(),
        "places": place_names(),
        **dict.fromkeys(("run", "memo", "scenarios", "knockout", "precision", "trace"), shipped_scenarios()),
    }
    for name in places if command.name in known else ():
        assert OWN.match(name) or name in known[command.name], f"{page}: there is no '{name}'"


def test_words_that_do_not_exist_are_found() -> None:
    assert parsed(["run", "baseline", "--sizes", "3"])[2] == ["--sizes"]
    assert parsed(["run", "baseline", "--size"])[2] == ["--size without a value"]
    assert parsed(["runs"])[0].name != "run"
    assert parsed(["new", "lever", "x"])[1] == ["x"]


def _files(key: str) -> list[tuple[str, str]]:
    """Page and text of every file that is shown whole: those that have the key that such a file must have."""
    return [
        (page.relative_to(ROOT).as_posix(), block)
        for page in PAGES
        for block in blocks(page, "yaml")
        if key in (yaml.safe_load(block) or {})
    ]


@pytest.mark.parametrize(("page", "text"), _files("scenarios"))
def test_a_shown_experiment_loads(page: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "experiment.yaml"
    file.write_text(text, encoding="utf-8")
    assert load_experiment(file).question, page


@pytest.mark.parametrize(("page", "text"), _files("schema"))
def test_a_shown_scenario_loads(page: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "shown.yaml"
    file.write_text(text, encoding="utf-8")
    assert load_scenario(file).title, page


@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.stem
)
def test_shown_python_names_what_is_there(page: Path) -> None:
    for block in blocks(page, "python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("wijksim"):
                module = importlib.import_module(node.module or "")
                for one in node.names:
                    assert hasattr(module, one.name), f"{page.name}: {node.module}.{one.name}"
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "wijksim":
                assert hasattr(importlib.import_module("wijksim"), node.attr), f"{page.name}: {node.attr}"


def test_what_students_type_runs(capsys: pytest.CaptureFixture[str]) -> None:
    shown = blocks(ROOT / "docs" / "start" / "student.md", "python")
    assert len(shown) == 2
    for block in shown:
        names: dict[str, Any] = {}
        exec(compile(block, "student.md", "exec"), names)
        assert names["model"].month > 0
    assert "residents are under heavy stress" in capsys.readouterr().out


def test_the_grammar_on_the_page_is_the_grammar() -> None:
    from wijksim.scenario.schema import KEYS

    page = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    table = page.split("## All keys")[1].split("\n## ")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {name for cell in first for name in SPAN.findall(cell)} == set(KEYS[()])


def test_words_for_a_verdict_are_those_of_the_memo() -> None:
    from wijksim.analysis.intervals import VERDICTS

    page = (ROOT / "docs" / "start" / "beleidsadviseur.md").read_text(encoding="utf-8")
    for word in VERDICTS.values():
        assert word in page or word.replace("slechter", "beter") in page
