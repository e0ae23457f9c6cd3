"""``notebook`` as it is typed: files of one's own, nothing lost, Jupyter if it is there."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wijksim.cli import notebook
from wijksim.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {
    path.name: path.read_bytes() for kind in ("*.ipynb", "*.md") for path in ROOT.glob(f"notebooks/{kind}")
}
JUPYTER = """\
import os, pathlib, signal, sys, time
pathlib.Path("opened.txt").write_text(str(pathlib.Path.cwd()))
def stop(number, frame):
    os.write(1, b"stopped by the user\\n")  # print may be at work when the signal arrives
    os._exit(0)
signal.signal(signal.SIGINT, stop)
if {wait}:
    print("waiting", flush=True)
    time.sleep(60)
sys.exit({code})
"""


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    runner = CliRunner()
    return lambda *words: runner.invoke(app, ["notebook", *map(str, words)], prog_name="wijksim")


def held(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_the_help_page_fits_and_teaches(call):
    done = call("--help")
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "$ wijksim notebook" in done.stdout
    assert "Next" in done.stdout


def test_every_file_is_copied_as_it_ships_and_named(call):
    done = call("--no-open")
    assert done.exit_code == 0, done.stderr
    assert held("wijksim-notebooks") == SHIPPED
    assert len(SHIPPED) == 8
    assert done.stdout.split() == [f"wijksim-notebooks/{name}" for name in sorted(SHIPPED)]
    assert done.stderr == ""


def test_a_folder_is_made_where_it_was_asked_for(call):
    assert call("lessons/of mine", "--no-open").exit_code == 0
    assert held("lessons/of mine") == SHIPPED


def test_what_was_changed_is_left_and_that_is_said(call):
    call("mine", "--no-open")
    Path("mine/02-agents.ipynb").write_text("my work")
    Path("mine/notes.txt").write_text("my notes")
    Path("mine/03-network.ipynb").unlink()
    done = call("mine", "--no-open")
    assert done.exit_code == 0
    assert done.stdout.split() == ["mine/03-network.ipynb"]
    assert "'mine/02-agents.ipynb' is not as shipped and is left as it is" in done.stderr
    assert held("mine") == SHIPPED | {"02-agents.ipynb": b"my work", "notes.txt": b"my notes"}


def test_overwriting_is_asked_for_and_said(call):
    call("mine", "--no-open")
    Path("mine/02-agents.ipynb").write_text("my work")
    done = call("mine", "--no-open", "--overwrite")
    assert done.exit_code == 0
    assert done.stdout.split() == ["mine/02-agents.ipynb"]
    assert "'mine/02-agents.ipynb' was not as shipped and is replaced" in done.stderr
    assert held("mine") == SHIPPED
    again = call("mine", "--no-open")
    assert again.stdout == ""
    assert "holds all 8 files as they ship" in again.stderr


def test_a_folder_in_the_way_of_a_file_is_left(call):
    Path("mine/README.md").mkdir(parents=True)
    done = call("mine", "--no-open", "--overwrite")
    assert done.exit_code == 0
    assert "'mine/README.md' is a folder and stays one" in done.stderr
    assert Path("mine/README.md").is_dir()
    assert len(list(Path("mine").iterdir())) == len(SHIPPED)


def test_a_file_is_no_folder(call):
    Path("mine").write_text("a file")
    for target in ("mine", "mine/below"):
        done = call(target, "--no-open")
        assert done.exit_code == 2
        assert "is a file" in " ".join(done.stderr.replace("│", " ").split())
    assert Path("mine").read_text() == "a file"


def test_the_shipped_folder_itself_is_not_copied_onto_itself(call):
    done = call(ROOT / "notebooks", "--no-open")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "nothing is copied" in done.stderr


def test_without_jupyter_it_says_how_to_install_it(call, monkeypatch):
    monkeypatch.setattr(notebook, "JUPYTERS", ("no_such_jupyter",))
    done = call("mine")
    assert done.exit_code == 0
    assert held("mine") == SHIPPED
    assert "-m pip install 'wijksim[notebook]'" in done.stderr
    assert "wijksim notebook mine" in done.stderr


def started(folder, code, *, wait):
    """The command in a process of its own, with a Jupyter that only notes where it was opened."""
    fake = folder / "fake" / "jupyterlab"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text("")
    (fake / "__main__.py").write_text(JUPYTER.format(wait=wait, code=code))
    return subprocess.Popen(
        [sys.executable, "-m", "wijksim", "notebook", "mine"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(fake.parent), str(ROOT / "src")))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize(("code", "exit_code"), [(0, 0), (3, 1)])
def test_jupyter_is_opened_in_the_folder_and_its_failure_is_told(tmp_path, code, exit_code):
    out, err = (process := started(tmp_path, code, wait=False)).communicate(timeout=120)
    assert process.returncode == exit_code, out + err
    assert Path((tmp_path / "mine" / "opened.txt").read_text()) == (tmp_path / "mine").resolve()
    assert "opening Jupyter in 'mine'" in err
    assert ("ended with code 3" in err) is (code == 3)


def test_ctrl_c_is_left_to_jupyter(tmp_path):
    process = started(tmp_path, 0, wait=True)
    lines = []
    deadline = time.monotonic() + 120
    while "waiting\n" not in lines and time.monotonic() < deadline:
        lines.append(process.stdout.readline())
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err
    assert "stopped by the user" in out
    assert "Traceback" not in err
