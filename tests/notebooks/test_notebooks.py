"""The classroom: every notebook runs from top to bottom, its exercises can be done, and wrong answers are refused."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import wijksim

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
OTHERS = {"matplotlib", "mesa", "networkx", "numpy", "os", "pandas", "pathlib", "SALib", "warnings"}
PICTURES = {"01": 2, "02": 5, "03": 4, "04": 3, "05": 3, "06": 5, "07": 2}
EXERCISES = 4

WRONG = {
    "01-first-run": ("'affluent'", "solution_2 * 1.1", "solution_3 + 0.1", "(False, solution_4[1])"),
    "02-agents": ("solution_1 + 1", "solution_2 - 0.1", "'police officer'", "Resident"),
    "03-network": ("solution_1 + 1", "100 - solution_2", "0.0", "min(between, key=between.get)"),
    "04-compare-policies": ("-1.0", "PAIRS", "5", "solution_4[::-1]"),
    "05-sensitivity": (
        "(solution_1[0] // FUTURES, solution_1[1])",
        "(solution_2[0], {'raises': 'lowers', 'lowers': 'raises'}[solution_2[1]])",
        "solution_2[0]",
        "indices['S1'].sum()",
    ),
    "06-firefighting": (
        "18.0",
        "(solution_2[1], solution_2[0])",
        "(solution_3[0] + 5, solution_3[1])",
        "solution_4 + 1",
    ),
    "07-your-own": (
        "PLACE",
        "not solution_2",
        "2 * solution_3 + 1",
        "type('Nothing', (OpenTable,), {'rates': ()})",
    ),
}
"""An answer to each exercise that somebody might give and that is not right."""

TRY = """\
def _check(source, answer):
    globals()["answer_{n}"] = answer
    exec(compile(source, "check", "exec"), globals())

_source = {source!r}
_check(_source, solution_{n})
try:
    _check(_source, {wrong})
except AssertionError as error:
    print("refused:", error)
else:
    raise RuntimeError("a wrong answer is taken for right")
"""


def cells(path: Path, kind: str | None = None) -> list[Any]:
    found: list[Any] = nbformat.read(path, as_version=4).cells
    return [cell for cell in found if kind is None or cell.cell_type == kind]


def test_every_public_name_is_there_and_is_called_so() -> None:
    for name in wijksim.__all__:
        found = getattr(wijksim, name)
        assert name == "LEVERS" or found.__name__ == name
    assert "staffing" in wijksim.LEVERS
    assert dir(wijksim) == sorted(wijksim.__all__)


def test_there_are_seven_notebooks_and_the_readme_names_each_with_its_question() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [path.name[:2] for path in NOTEBOOKS] == [f"0{number}" for number in range(1, 8)]
    assert re.findall(r"^\| `([^`]+)`", readme, flags=re.M) == [path.name for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs_in_one_way_of_writing_and_with_names_of_cells(path: Path) -> None:
    """So that a difference between two versions of a notebook is what somebody wrote, and nothing else."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert path.read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n"
    assert all(not cell.outputs and cell.execution_count is None for cell in cells(path, "code"))
    names = [cell.id for cell in notebook.cells]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name) for name in names)
    assert not any(re.search(r"\d{2}", name) for name in names), (
        "names of cells, not the marks that editors give"
    )
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_begins_with_a_question_and_can_be_made_small(path: Path) -> None:
    first, setup = cells(path)[:2]
    assert first.cell_type == "markdown"
    assert re.match(rf"# {int(path.stem[:2])}\. \S.*\n\n\*Question: [^*]+\?\*\n", first.source)
    assert setup.id == "setup"
    assert 'SMALL = "WIJKSIM_SMALL" in os.environ' in setup.source
    assert " if SMALL else " in setup.source or "if SMALL:" in setup.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_uses_the_public_names_alone(path: Path) -> None:
    tree = ast.parse("\n".join(cell.source for cell in cells(path, "code")))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            assert all(name == "wijksim" or name.split(".")[0] in OTHERS for name in names), names
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            if node.module == "wijksim":
                assert {alias.name for alias in node.names} <= set(wijksim.__all__)
            else:
                assert node.module.split(".")[0] in OTHERS, node.module
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "wijksim"
        ):
            assert node.attr in wijksim.__all__, node.attr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_exercises_are_a_task_an_open_answer_and_a_folded_check(path: Path) -> None:
    found = {cell.id: (place, cell) for place, cell in enumerate(cells(path))}
    assert sum(name.startswith("exercise-") for name in found) == EXERCISES == len(WRONG[path.stem])
    for number in range(1, EXERCISES + 1):
        (task, exercise), (open_at, answer), (check_at, check) = (
            found[f"{part}-{number}"] for part in ("exercise", "answer", "check")
        )
        assert (open_at, check_at) == (task + 1, task + 2)
        assert exercise.source.startswith(f"### Exercise {number}\n")
        assert re.search(rf"^answer_{number} = .*\.\.\.", answer.source, flags=re.M)
        assert f"solution_{number}" not in answer.source
        assert check.metadata["jupyter"] == {"source_hidden": True}
        # the first line of a folded cell is still to be seen
        assert check.source.startswith(f"# Run this cell to check answer_{number}; unfold it")
        assert re.search(rf"^solution_{number} = ", check.source, flags=re.M)


@pytest.mark.parametrize(
    "path",
    [NOTEBOOKS[0], *(pytest.param(path, marks=pytest.mark.slow) for path in NOTEBOOKS[1:])],
    ids=lambda path: path.stem,
)
def test_it_runs_with_exercises_open_done_and_done_wrongly(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("PYTHONPATH", str(FOLDER.parent / "src"))
    monkeypatch.setenv("WIJKSIM_SMALL", "1")
    notebook = nbformat.read(path, as_version=4)
    ran: list[Any] = []
    for cell in notebook.cells:
        ran.append(cell)
        if found := re.fullmatch(r"check-(\d)", cell.id):
            number = int(found[1])
            wrong = WRONG[path.stem][number - 1]
            tried = TRY.format(n=number, source=cell.source, wrong=wrong)
            ran.append(nbformat.v4.new_code_cell(tried, id=f"try-{number}"))
    notebook.cells = ran
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    outputs = {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}
    for number in range(1, EXERCISES + 1):
        assert text(outputs[f"check-{number}"]).startswith(f"Exercise {number} is open")
        lines = text(outputs[f"try-{number}"]).splitlines()
        assert lines[0].startswith(f"Exercise {number}: right")
        assert lines[-1].startswith("refused: ")
        assert len(lines[-1]) > len("refused: ")
    pictures = [one for shown in outputs.values() for one in shown if "image/png" in one.get("data", {})]
    assert len(pictures) == PICTURES[path.stem[:2]]
    assert not [one.text for shown in outputs.values() for one in shown if one.get("name") == "stderr"]


def text(outputs: list[Any]) -> str:
    return "".join(one.get("text", "") for one in outputs)
