"""Every notebook runs from top to bottom, on the public API alone."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_has_no_output_and_uses_the_public_api_alone(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert not any(cell.get("outputs") for cell in notebook.cells)
    assert re.findall(r"from wijksim\.\S+ import|import wijksim\.\S+", code) == []
    assert notebook.cells[0].cell_type == "markdown"
    assert "question" in notebook.cells[0].source.lower()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("PYTHONPATH", str(FOLDER.parent / "src"))
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    pictures = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]
    assert pictures
    assert 0 <= float(client_value(notebook, "answer_2").rstrip("%")) <= 100


def client_value(notebook: nbformat.NotebookNode, name: str) -> str:
    """Text printed by the cell that makes ``name``."""
    for cell in notebook.cells:
        if (
            cell.cell_type == "code"
            and cell.source.startswith((f"{name} ", "milieu"))
            and name in cell.source
        ):
            return "".join(output.get("text", "") for output in cell.outputs).strip()
    raise AssertionError(f"no cell makes {name}")
