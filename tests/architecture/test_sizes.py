"""Files and functions stay small enough to be read in one go."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EVERYWHERE = ("src", "tests", "benchmarks", "experiments", "notebooks")
FILE_LINES = 400
FUNCTION_LINES = 60
POSITIONAL = 5
COMPILED = ("compiled", "inlined")


def _files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def _functions(source: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines from ``def`` to the last one: signature and docstring are read too."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def _too_long(source: str) -> list[str]:
    return [
        f"{f.lineno} {f.name}: {_length(f)} lines" for f in _functions(source) if _length(f) > FUNCTION_LINES
    ]


def _compiled(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it is machine code, which takes columns one by one and knows no keyword arguments."""
    return any(isinstance(mark, ast.Name) and mark.id in COMPILED for mark in function.decorator_list)


def _too_many_arguments(source: str) -> list[str]:
    found = [f for f in _functions(source) if _positional(f) > POSITIONAL and not _compiled(f)]
    return [f"{f.lineno} {f.name}: {_positional(f)} positional arguments" for f in found]


def test_files_are_short():
    lengths = {path: len(path.read_text().splitlines()) for path in _files(*EVERYWHERE)}
    assert lengths
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines" for path, lines in lengths.items() if lines > FILE_LINES
    ]
    assert not long, f"at most {FILE_LINES} lines; split by subject: {long}"


@pytest.mark.parametrize(("check", "folders"), [(_too_long, EVERYWHERE), (_too_many_arguments, ("src",))])
def test_functions_are_short(check, folders):
    found = [
        f"{name}:{line}"
        for path in _files(*folders)
        for name in [str(path.relative_to(ROOT))]
        for line in check(path.read_text())
    ]
    assert not found, "\n".join(found)


def test_modules_are_named_for_what_they_hold():
    vague = [
        str(path.relative_to(ROOT))
        for path in _files("src")
        if path.stem in {"utils", "util", "helpers", "misc"}
    ]
    assert not vague


def test_the_counts_themselves():
    body = "    x = 1\n"
    assert not _too_long("def f():\n" + body * (FUNCTION_LINES - 1))
    assert _too_long("def f():\n" + body * FUNCTION_LINES) == [f"1 f: {FUNCTION_LINES + 1} lines"]
    assert _too_long('def f():\n    """Say."""\n' + body * (FUNCTION_LINES - 1))
    assert not _too_many_arguments("class A:\n    def f(self, a, b, c, d, e, *, g): ...")
    assert _too_many_arguments("def f(a, b, c, d, e, g): ...") == ["1 f: 6 positional arguments"]
