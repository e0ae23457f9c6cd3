"""Rooms import only downward, and the contracts that say so really bite."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "wijksim"
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of ``folder/pyproject.toml`` on the package in ``folder/src``."""
    path = f"import sys; sys.path.insert(0, {str(folder / 'src')!r}); "
    return subprocess.run(
        [sys.executable, "-c", path + LINT], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_rooms_of_this_checkout():
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_folder_with_code_is_a_package():
    """A folder without ``__init__.py`` is invisible to the contracts, so it would escape them."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    bare = sorted(
        str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").is_file()
    )
    assert not bare, f"add an __init__.py to {bare}"


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("core/clock.py", "wijksim.kernel.event", "rooms import only downward"),
        ("kernel/event.py", "wijksim.mechanisms.debt", "rooms import only downward"),
        ("mechanisms/debt.py", "wijksim.levers.jobs.basic", "rooms import only downward"),
        ("mechanisms/debt.py", "wijksim.mechanisms.health", "mechanisms do not know each other"),
        ("levers/jobs/basic.py", "wijksim.levers.jobs.other", "levers of one family do not know each other"),
        ("levers/jobs/basic.py", "wijksim.levers.housing.mix", "levers do not know each other"),
        ("measures/debt.py", "wijksim.measures.work", "measures do not know each other"),
        ("strategies/triage.py", "wijksim.strategies.letting", "strategies do not know each other"),
        ("kernel/event.py", "mesa", "mesa stays in the model room"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path, importer, imported, contract):
    _miniature(tmp_path, {importer: f"import {imported}\n"}, imported)
    done = _lint(tmp_path)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout


def test_a_room_that_is_not_in_the_plan_is_found(tmp_path):
    _miniature(tmp_path, {"helpers/things.py": ""}, "wijksim.core")
    assert _lint(tmp_path).returncode != 0


def test_the_model_room_may_import_mesa(tmp_path):
    _miniature(
        tmp_path, {"model/model.py": "import mesa\n", "cli/run.py": "import wijksim.model.model\n"}, "mesa"
    )
    done = _lint(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def _miniature(folder: Path, files: dict[str, str], imported: str) -> None:
    """Write a package that holds ``files`` and the module ``imported``, under this project's contracts."""
    if imported.startswith("wijksim."):
        files = {imported.removeprefix("wijksim.").replace(".", "/") + ".py": "", **files}
    for name, text in files.items():
        file = folder / "src" / "wijksim" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        for parent in [file.parent, *file.parent.parents]:
            if parent == folder / "src":
                break
            (parent / "__init__.py").touch()
    text = (ROOT / "pyproject.toml").read_text()
    start = text.index("[tool.importlinter]")
    assert set(tomllib.loads(text[start:])["tool"]) == {"importlinter"}, (
        "keep the contracts last in pyproject.toml"
    )
    (folder / "pyproject.toml").write_text(text[start:])
