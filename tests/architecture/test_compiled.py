"""Compiled loops keep the rules of ``wijksim.core.compiled``: what is on disk is never out of date."""

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest

import wijksim
from wijksim.core import kept_code, mixing

ROOT = Path(wijksim.__file__).parent
DECORATORS = {"compiled", "inlined"}
SHARED_BY_ALL = "wijksim.core.mixing"  # whatever is on disk depends on it


def machine_code(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id in DECORATORS for mark in node.decorator_list)
    ]


FILES = {path: found for path in sorted(ROOT.rglob("*.py")) if (found := machine_code(path))}
EVERYWHERE = {function.name for found in FILES.values() for function in found}


def test_there_are_compiled_loops() -> None:
    assert ROOT / "core" / "mixing.py" in FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_compiled_function_calls_one_of_another_file(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module != SHARED_BY_ALL
        for alias in node.names
    }
    for function in FILES[path]:
        called = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        foreign = {name for name in called if imported.get(name) in EVERYWHERE}
        assert not foreign, f"{function.name} uses {sorted(foreign)} of another file"


def test_the_mix_behind_every_draw_stands_once() -> None:
    core = [ROOT / "core" / name for name in ("mixing.py", "rng.py", "keys.py")]
    users = [path for path in ROOT.rglob("*.py") if "MULTIPLIERS" in path.read_text(encoding="utf-8")]
    assert sorted(users) == sorted(core), "draw with functions of wijksim.core.mixing"
    assert core[0] == kept_code.SHARED


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_compiled_function_that_calls_itself_is_never_handed_a_number_as_it_stands(path: Path) -> None:
    """A number as it stands is a type of its own, and a function that calls itself by another cannot be kept."""

    def calls(inside: ast.FunctionDef) -> list[tuple[str, ast.Call]]:
        found = [node for node in ast.walk(inside) if isinstance(node, ast.Call)]
        return [(call.func.id, call) for call in found if isinstance(call.func, ast.Name)]

    themselves = {f.name for f in FILES[path] if f.name in {name for name, _ in calls(f)}}
    for function in FILES[path]:
        for name, call in calls(function):
            handed = [argument for argument in call.args if isinstance(argument, ast.Constant)]
            assert name not in themselves or not handed, f"{function.name} calls {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_fast_math_and_nothing_but_the_two_decorators(path: Path) -> None:
    if path.name != "compiled.py":
        assert "import numba" not in path.read_text(encoding="utf-8")


def test_machine_code_computes_what_its_python_does() -> None:
    words = np.array([0, 1, 2**61 + 7, 2**64 - 1], dtype=np.uint64)
    k1, k2 = np.uint64(0x0123456789ABCDEF), np.uint64(0xFEDCBA9876543210)
    out, plain = np.empty(4), np.empty(4)
    key = np.array([k1, k2])
    mixing.uniforms(words, key, out)
    for place, word in enumerate(words.tolist()):
        x = word ^ int(k1)
        x ^= x >> mixing.SHIFTS[0]
        x = x * mixing.MULTIPLIERS[0] & mixing.MASK
        x ^= x >> mixing.SHIFTS[1]
        x = (x ^ int(k2)) * mixing.MULTIPLIERS[1] & mixing.MASK
        x ^= x >> mixing.SHIFTS[2]
        plain[place] = (x >> mixing.DROP) * mixing.UNIT
    assert out.tolist() == plain.tolist()
    near, u = np.empty(4, np.int32), np.empty(4)
    rows = np.array([3, 0, 2], dtype=np.int32)
    for high in (0.0, 0.3, 0.9, 1.0, np.inf):
        count = mixing.below(words, rows, key, high, near, u)
        kept = [row for row in rows.tolist() if plain[row] < high]
        assert near[:count].tolist() == kept
        assert u[:count].tolist() == [plain[row] for row in kept]
    assert inspect.getdoc(mixing.below)
