"""Compiled functions read from disk are those that were compiled, and can be compiled into others."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numba
import pytest

from wijksim.core.compiled import compiled
from wijksim.core.kept_code import tried

CODE = """\
import numpy as np
from wijksim.core.compiled import compiled, inlined

@inlined
def half(x):
    return x / 2

@compiled
def halves(values, out):
    for place in range(values.size):
        out[place] = half(values[place]) + OFFSET
    return values.size

@compiled
def doubly(values, out):
    return 10 * halves(values, out)

@compiled
def new(values, out):
    halves(values, out)
    return out.astype(np.float32)

@compiled
def all_new(values, out):
    return new(values, out).sum()

OFFSET = 0.25
"""
USE = """\
import sys
import numpy as np
import loops

def asked(function, kind):
    values = np.arange(5, dtype=kind)
    out = np.empty(5)
    number = function(values, out)
    found = sum(function.stats.cache_hits.values()), sum(function.stats.cache_misses.values())
    return [np.sum(number), *out.tolist(), *found]

for name, kind in zip(sys.argv[1::2], sys.argv[2::2]):
    print(name, kind, *asked(getattr(loops, name), kind))
"""


TOGETHER = """\
import numpy as np
import loops

loops.halves(np.arange(5, dtype=np.int32), np.empty(5))
functions = loops.halves, loops.new, loops.all_new
print(*(len(function._cache._placed) for function in functions))
print(*(len(function.overloads) for function in functions))
loops.new._compile_for_args = None  # whom numba asks at a first call
print(loops.new(np.arange(5, dtype=np.float32), np.empty(5)).sum())
"""


def use(folder: Path, *asked: str, script: str = "use.py") -> list[list[str]]:
    """Answers of functions in a process of their own: the number, what was filled in, found on disk, compiled."""
    with begun(folder, *asked, script=script) as process:
        told, complaint = process.communicate()
    assert not process.returncode, complaint
    return [line.split() for line in told.splitlines()]


def begun(folder: Path, *asked: str, script: str = "use.py") -> "subprocess.Popen[str]":
    """Start such a process."""
    (folder / "use.py").write_text(USE, encoding="utf-8")
    path = os.pathsep.join([str(folder), *(one for one in sys.path if one)])
    return subprocess.Popen(
        [sys.executable, script, *asked],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


CLOSED = """\
from wijksim.core.compiled import compiled

def times(factor):
    @compiled
    def said(values, out):
        return factor
    return said

once, twice = times(1), times(2)
"""
FILLED = ["0.25", "0.75", "1.25", "1.75", "2.25"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "loops.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def test_the_locked_version_of_numba_is_one_that_was_tried() -> None:
    assert tried(numba.__version__)
    assert not tried("9999.0.1")


def test_a_second_process_compiles_nothing_and_computes_the_same(folder: Path) -> None:
    assert use(folder, "halves", "int32") == [["halves", "int32", "5", *FILLED, "0", "1"]]
    assert use(folder, "halves", "int32") == [["halves", "int32", "5", *FILLED, "1", "0"]]


def test_other_types_are_compiled_beside_what_is_kept(folder: Path) -> None:
    use(folder, "halves", "int32")
    assert use(folder, "halves", "float32", "halves", "int32") == [
        ["halves", "float32", "5", *FILLED, "1", "1"],
        ["halves", "int32", "5", *FILLED, "1", "1"],
    ]


def test_functions_known_when_the_first_is_wanted_are_put_in_place_and_made_ready_together(
    folder: Path,
) -> None:
    use(folder, "halves", "int32", "new", "int32", "new", "float32")
    (folder / "together.py").write_text(TOGETHER, encoding="utf-8")
    placed, ready, told = use(folder, script="together.py")
    assert placed == ready == ["2", "2", "0"], "what was never called has nothing to place"
    assert told == ["6.25"]


@pytest.mark.slow
def test_of_functions_made_ready_none_is_of_other_constants(folder: Path) -> None:
    (folder / "loops.py").write_text("from other import OFFSET\n" + CODE.replace("OFFSET = 0.25\n", ""))
    for age, offset in enumerate(("0.25", "1.25"), start=1):
        (folder / "other.py").write_text(f"OFFSET = {offset}\n", encoding="utf-8")
        os.utime(folder / "other.py", (age, age))
        use(folder, "new", "int32")
    (folder / "together.py").write_text(TOGETHER.replace("float32", "int32"), encoding="utf-8")
    _placed, ready, told = use(folder, script="together.py")
    assert ready == ["1", "1", "0"]
    assert told == ["11.25"]


@pytest.mark.slow
def test_what_is_kept_goes_into_a_function_compiled_later(folder: Path) -> None:
    use(folder, "halves", "int32")
    for again in (1, 0):
        kept, new = use(folder, "halves", "int32", "doubly", "int32")
        assert kept == ["halves", "int32", "5", *FILLED, "1", "0"]
        assert new == ["doubly", "int32", "50", *FILLED, str(1 - again), str(again)]


@pytest.mark.slow
def test_a_function_that_makes_an_array_is_kept_with_what_it_needs_for_that(folder: Path) -> None:
    for again in (0, 1):
        assert use(folder, "new", "int32") == [["new", "int32", "6.25", *FILLED, str(again), str(1 - again)]]
    for again in (0, 1):
        assert use(folder, "all_new", "int32") == [
            ["all_new", "int32", "6.25", *FILLED, str(again), str(1 - again)]
        ]


def test_a_changed_file_is_compiled_again(folder: Path) -> None:
    use(folder, "halves", "int32")
    path = folder / "loops.py"
    path.write_text(CODE.replace("x / 2", "x * 2"), encoding="utf-8")
    # files of one second differ in length or in time
    os.utime(path, (1, 1))
    assert use(folder, "halves", "int32")[0][3:] == ["0.25", "2.25", "4.25", "6.25", "8.25", "0", "1"]


@pytest.mark.slow
def test_a_change_of_what_all_may_call_makes_all_anew(folder: Path) -> None:
    patched = (
        "from pathlib import Path\nfrom wijksim.core import kept_code\nkept_code.SHARED = Path('shared.py')\n"
    )
    (folder / "patched.py").write_text(patched + USE, encoding="utf-8")
    (folder / "shared.py").write_text("1", encoding="utf-8")
    for misses in ("1", "0"):
        assert use(folder, "halves", "int32", script="patched.py")[0][-1] == misses
    (folder / "shared.py").write_text("22", encoding="utf-8")
    for misses in ("1", "0"):
        assert use(folder, "halves", "int32", script="patched.py")[0][-1] == misses


def test_a_lost_file_is_compiled_again(folder: Path) -> None:
    use(folder, "halves", "int32")
    kept = sorted(folder.glob("**/*.nbc"))
    assert len(kept) == 1
    kept[0].unlink()
    assert use(folder, "halves", "int32")[0][-2:] == ["0", "1"]


@pytest.mark.slow
def test_what_a_function_closes_over_is_not_mixed_up(folder: Path) -> None:
    (folder / "loops.py").write_text(CLOSED, encoding="utf-8")
    for _ in range(2):
        assert [line[2] for line in use(folder, "once", "int32", "twice", "int32")] == ["1", "2"]


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("spoiled", [b"", b"\x80\x05", b"anything else"])
def test_a_spoiled_file_is_written_anew(folder: Path, ending: str, spoiled: bytes) -> None:
    use(folder, "halves", "int32")
    for path in folder.glob(f"**/*.{ending}"):
        path.write_bytes(spoiled)
    for again in (0, 1):
        assert use(folder, "halves", "int32")[0][3:] == [*FILLED, str(again), str(1 - again)]


@pytest.mark.parametrize(
    "place", [0.2, pytest.param(0.5, marks=pytest.mark.slow), pytest.param(0.8, marks=pytest.mark.slow)]
)
def test_a_file_with_one_byte_changed_is_written_anew(folder: Path, place: float) -> None:
    use(folder, "halves", "int32")
    for path in folder.glob("**/*.nbc"):
        held = bytearray(path.read_bytes())
        held[int(place * len(held))] ^= 1
        path.write_bytes(held)
    for again in (0, 1):
        assert use(folder, "halves", "int32")[0][3:] == [*FILLED, str(again), str(1 - again)]


@pytest.mark.slow
def test_a_file_of_other_types_is_not_taken_for_that_of_these(folder: Path) -> None:
    use(folder, "halves", "int32", "halves", "float32")
    one, other = sorted(folder.glob("**/*.nbc"))
    one.write_bytes(other.read_bytes())
    found = use(folder, "halves", "int32", "halves", "float32")
    assert [line[3:-2] for line in found] == [FILLED, FILLED]
    assert found[1][-2:] == ["1", "1"], "the other is as it was"


@pytest.mark.slow
def test_a_file_of_the_source_before_is_not_taken_for_that_of_now(folder: Path) -> None:
    use(folder, "halves", "int32")
    kept = sorted(folder.glob("**/*.nbc"))[0]
    before = kept.read_bytes()
    path = folder / "loops.py"
    path.write_text(CODE.replace("x / 2", "x * 2"), encoding="utf-8")
    os.utime(path, (1, 1))
    use(folder, "halves", "int32")
    kept.write_bytes(before)
    assert use(folder, "halves", "int32")[0][3:] == ["0.25", "2.25", "4.25", "6.25", "8.25", "0", "1"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after", "filled"),
    [
        ("OFFSET = 0.25", "OFFSET = 1.25", [str(1.25 + place / 2) for place in range(5)]),
        (
            "OFFSET = np.array([0.25, 1])[0]",
            "OFFSET = np.array([0.75, 1])[0]",
            [str(0.75 + p / 2) for p in range(5)],
        ),
    ],
)
def test_constants_of_other_files_belong_to_what_is_kept(
    folder: Path, before: str, after: str, filled: list[str]
) -> None:
    code = "from other import OFFSET\n" + CODE.replace("OFFSET = 0.25\n", "")
    (folder / "loops.py").write_text(code, encoding="utf-8")
    other = folder / "other.py"
    for age, text in enumerate((before, after), start=1):
        other.write_text(f"import numpy as np\n{text}\n", encoding="utf-8")
        os.utime(other, (age, age))  # another time each, so that Python reads it anew
        for hits in "01":
            found = use(folder, "halves", "int32")[0]
            assert found[3:-2] == (FILLED if text is before else filled)
            assert found[-2] == hits


def test_where_nothing_can_be_kept_functions_are_compiled_and_compute() -> None:
    names: dict[str, Any] = {}
    exec("def twice(x):\n    return 2 * x\n", names)  # a function without a file
    twice = compiled(names["twice"])
    assert twice(4) == 8
    assert twice.stats.cache_path is None


@pytest.mark.slow
def test_a_kill_while_functions_are_written_loses_no_more_than_what_was_being_written(folder: Path) -> None:
    """Killed as soon as there is a first file, a second, and so on: whatever is there is whole or made anew."""
    asked = ("halves", "int32", "doubly", "int32", "new", "int32")
    wanted = [
        ["halves", "int32", "5", *FILLED],
        ["doubly", "int32", "50", *FILLED],
        ["new", "int32", "6.25", *FILLED],
    ]
    files = 0
    while True:
        with begun(folder, *asked) as process:
            while process.poll() is None and len(list(folder.glob("__pycache__/*.nb?*"))) <= files:
                time.sleep(0.001)
            process.kill()
        if process.returncode == 0:  # all was there
            break
        files = len(list(folder.glob("__pycache__/*.nb?*")))
        copy = folder / f"after {files}"
        shutil.copytree(folder / "__pycache__", copy / "__pycache__")
        shutil.copy2(folder / "loops.py", copy)
        assert [line[:-2] for line in use(copy, *asked)] == wanted
        assert [line[-1] for line in use(copy, *asked)] == ["0", "0", "0"], "the one after it finds all"
    assert files > 3
