"""The list of what is compiled ahead names functions that exist, and nearly all that a run uses.

``python -m tests.architecture.test_ahead`` writes it anew.
"""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from numba import types

from wijksim.core import ahead, kinds

USED = """\
import wijksim
from wijksim.core.ahead import used
from wijksim.core.kept_code import KeptCode

KeptCode.ahead = False
for name in ("baseline", "drie-sporen"):
    wijksim.run(wijksim.load_scenario(name, overrides={"world.size": 500}), months=14)
print(*used(), sep="\\n")
"""
NEARLY_ALL = 0.9
KINDS = [
    types.float64,
    types.bool_,
    types.uint64,
    types.Array(types.int32, 1, "C"),
    types.Array(types.bool_, 2, "C"),
    types.Array(types.float32, 3, "C", readonly=True),
    types.Tuple((types.float64, types.UniTuple(types.int64, 2), types.Array(types.int8, 1, "C"))),
    types.Tuple((types.float64,)),
]


def used_by_runs() -> list[str]:
    """Functions and types of short runs in a process of their own."""
    done = subprocess.run([sys.executable, "-c", USED], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_type_that_is_written_is_read_again(kind: types.Type) -> None:
    assert kinds.read(kinds.written(kind)) == kind


@pytest.mark.parametrize("kind", [types.unicode_type, types.Array(types.int8, 1, "A")], ids=str)
def test_a_type_without_a_short_form_is_refused(kind: types.Type) -> None:
    with pytest.raises(ValueError, match="no short form"):
        kinds.written(kind)


@pytest.mark.parametrize("text", ["i4[1", "q.i4[1]", "'i4'"])
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises((ValueError, SyntaxError)):
        kinds.read(text)


def test_the_list_names_what_exists_and_nearly_all_that_runs_use() -> None:
    used = set(used_by_runs())
    listed = {" ".join(line) for line in ahead.listed()}
    functions = {tuple(line.split(" ", 2)[:2]) for line in used}
    assert {line[:2] for line in ahead.listed()} <= functions, "python -m tests.architecture.test_ahead"
    assert len(used & listed) >= NEARLY_ALL * len(used), "python -m tests.architecture.test_ahead"


def test_parts_together_are_the_whole_list(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (("numpy", "nothing", "(f8,)"), ("math", "nothing", "(f8,)"), ("json", "nothing", "(i8[1],)")) * 2
    monkeypatch.setattr(ahead, "listed", lambda: lines)
    said: list[list[str]] = [[], [], []]
    for part in range(3):
        ahead.compile_part(part, 3, said[part].append)
    assert [len(one) for one in said] == [2, 2, 2]


def test_nothing_is_compiled_ahead_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = SimpleNamespace(below=SimpleNamespace(stats=SimpleNamespace(cache_path=None)))
    monkeypatch.setattr(ahead, "mixing", nowhere)
    assert not ahead.is_wanted()


def test_after_an_update_it_is_wanted_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = SimpleNamespace(below=SimpleNamespace(stats=SimpleNamespace(cache_path=str(tmp_path))))
    monkeypatch.setattr(ahead, "mixing", kept)
    monkeypatch.setattr(ahead, "listed", lambda: (("wijksim.core.mixing", "none", "(f8,)"),))
    assert ahead.is_wanted()
    steps: list[tuple[int, int]] = []
    ahead.compile_ahead(lambda done, total: steps.append((done, total)), workers=1)
    assert not ahead.is_wanted()
    monkeypatch.setattr(ahead.numba, "__version__", "9999.0.0")
    assert ahead.is_wanted()


if __name__ == "__main__":
    ahead.LIST.write_text("\n".join(used_by_runs()) + "\n", encoding="utf-8")
