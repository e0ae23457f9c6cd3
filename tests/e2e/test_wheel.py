"""The wheel is complete: installed in an empty environment it works from any folder, offline."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("scenarios", "experiments", "notebooks")

pytestmark = pytest.mark.slow


def _run(
    *command: str | Path, cwd: Path, limit: float = 1800, **env: str
) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=limit,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Build the wheel with the back end of this environment, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    built = _run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = folder.glob("wijksim-*.whl")
    return found


@pytest.fixture(scope="module")
def tool(wheel, tmp_path_factory) -> Path:
    """Install the wheel alone in a new environment that borrows its dependencies from this one."""
    env = tmp_path_factory.mktemp("an environment") / "env"
    made = _run(sys.executable, "-m", "venv", "--without-pip", env, cwd=env.parent)
    assert made.returncode == 0, made.stderr
    python = env / "bin" / "python"
    installed = _run(
        sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel, cwd=env
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    site = _run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=env
    ).stdout.strip()
    # A plain path: .pth files of the lender are not followed, so its own wijksim stays out of sight.
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return env / "bin" / "wijksim"


def _carried() -> set[str]:
    """Name every file of the checkout that the wheel must hold, as it is called in the wheel."""
    package = {path: path.relative_to(ROOT / "src") for path in (ROOT / "src" / "wijksim").rglob("*")}
    shipped = {
        path: Path("wijksim", "_shipped", path.relative_to(ROOT))
        for folder in SHIPPED
        for path in (ROOT / folder).rglob("*")
    }
    return {
        name.as_posix()
        for path, name in (package | shipped).items()
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }


def test_it_carries_every_file(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    expected = _carried()
    assert "wijksim/py.typed" in expected
    assert any(name.startswith("wijksim/_shipped/scenarios/") for name in expected)
    assert not expected - held
    assert not {name for name in held if name.startswith(("tests/", "src/", "docs/"))}


def test_the_package_is_the_installed_one(tool, tmp_path):
    done = _run(tool.parent / "python", "-c", "import wijksim; print(wijksim.__file__)", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(tool.parent.parent)


def test_help_and_lists(tool, tmp_path):
    done = _run(tool, "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {"check", "run", "memo", "levers"} <= set(done.stdout.split())
    for kind in ("levers", "parameters", "measures", "places", "mechanisms"):
        listed = _run(tool, kind, "--json", cwd=tmp_path)
        assert listed.returncode == 0, listed.stderr
        assert listed.stdout.startswith("[")
        assert '"name"' in listed.stdout


def test_check_of_a_shipped_scenario(tool, tmp_path):
    done = _run(tool, "check", "baseline", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _run(tool, "check", "no-such-scenario", cwd=tmp_path).returncode == 2
    assert not list(tmp_path.iterdir())


def test_the_classroom_comes_along(tool, tmp_path):
    done = _run(tool, "notebook", "lessons", "--no-open", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    held = {path.name: path.read_bytes() for path in (tmp_path / "lessons").iterdir()}
    assert held == {path.name: path.read_bytes() for path in (ROOT / "notebooks").iterdir() if path.is_file()}


def test_a_tiny_run_leaves_its_files(tool, tmp_path):
    out = tmp_path / "a run"
    done = _run(tool, "run", "baseline", "--months", "2", "--size", "200", "--out", out, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(out.rglob("*.parquet"))
    assert list(out.rglob("*manifest*"))


def test_a_memo_comes_out_whole(tool, tmp_path):
    """The shipped comparison with two pairs: the page needs templates, plots, places and scenarios."""
    page = tmp_path / "memo.html"
    done = _run(tool, "memo", "--pairs", "2", "--out", page, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    text = page.read_text(encoding="utf-8")
    assert "<svg" in text
    assert "geen Leefbaarometerscore" in text
