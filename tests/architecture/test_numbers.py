"""No model number in code: a number that says something about people or policy is a parameter.

Allowed are the numbers below and numbers that only shape an array or a computation:

* an index or slice, a lane or option of a draw, an axis, a size, a number of digits;
* a power of two and the sides of a bit operation (widths of integers), and hexadecimal masks;
* a guard against dividing by zero or log of zero: a magnitude of at most one millionth;
* the arguments of ``Param(...)``: that *is* the declaration of a parameter, with range and source;
* the arguments of ``CostItem(...)``: who bears a cost is part of its declaration, with grade and source;
* the arguments of ``Carries(...)`` and ``use(...)``: settings in which a row of the sources is tried, as in a scenario;
* whole numbers in ``Column(...)`` (codes and bounds) and in the body of an enumeration.

Everything else goes to ``parameters/values/*.yaml``; a unit that lacks goes to ``core/units.py``.
"""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "wijksim"
ROOMS = ("kernel", "mechanisms", "strategies", "levers")

# nothing, one and the pair; months in a year; percent; per thousand, and metres or grams in a kilo
PLAIN = {0, 1, 2, 12, 100, 1000}
GUARD = 1e-6
SHAPING_KEYWORDS = {
    "axis", "bins", "decimals", "indent", "lane", "maxsize", "maxsplit", "minlength", "ndigits", "ndmin", "option",
    "shape", "size", "stacklevel",
}  # fmt: skip
SHAPING_CALLS = {"reshape", "round"}
ENUMS = {"Enum", "IntEnum", "IntFlag", "Flag"}
BIT_OPERATIONS = (ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr, ast.BitXor)


class _Finder(ast.NodeVisitor):
    """Collects the literals that no rule allows."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[str] = []

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float) or value in PLAIN:
            return
        if isinstance(value, float) and value <= GUARD:
            return
        text = ast.get_source_segment(self.source, node) or ""
        if not text.lower().startswith(("0x", "0b")):
            self.found.append(f"{node.lineno}:{node.col_offset + 1}: {text}")

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        if not _only_whole_numbers(node.slice):
            self.visit(node.slice)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        power_of_two = (
            isinstance(node.op, ast.Pow) and isinstance(node.left, ast.Constant) and node.left.value == 2
        )
        for side in (node.left, node.right):
            shapes = power_of_two or isinstance(node.op, BIT_OPERATIONS)
            if not (shapes and _only_whole_numbers(side)):
                self.visit(side)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name in ("Param", "CostItem", "Carries", "use"):
            return
        self.visit(node.func)
        whole_is_fine = name == "Column" or name in SHAPING_CALLS
        for argument in node.args:
            if not (whole_is_fine and _only_whole_numbers(argument)):
                self.visit(argument)
        for keyword in node.keywords:
            fine = whole_is_fine or keyword.arg in SHAPING_KEYWORDS
            if not (fine and _only_whole_numbers(keyword.value)):
                self.visit(keyword.value)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        enumeration = any(_name(base) in ENUMS for base in node.bases)
        for part in node.body:
            if not (enumeration and isinstance(part, ast.Assign) and _only_whole_numbers(part.value)):
                self.visit(part)


def _name(node: ast.expr) -> str:
    """Return the last word of a dotted name, or of one with a type argument."""
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _only_whole_numbers(node: ast.expr) -> bool:
    """Say whether an expression holds no number with a fraction."""
    numbers = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return not any(isinstance(number, float) for number in numbers)


def numbers_in(source: str) -> list[str]:
    """List the numbers in ``source`` that should be parameters, as ``line:column: text``."""
    finder = _Finder(source)
    finder.visit(ast.parse(source))
    return finder.found


@pytest.mark.parametrize("room", ROOMS)
def test_no_model_number_in(room):
    files = sorted((PACKAGE / room).rglob("*.py"))
    found = [f"{path.relative_to(PACKAGE)}:{hit}" for path in files for hit in numbers_in(path.read_text())]
    assert not found, "declare these in parameters/values (or core/units.py for a unit):\n" + "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "rate = 0.35",
        "rate = -3",
        "LIMIT = 67",
        "def f(x, cap=0.5): ...",
        "x = y ** 0.5",
        "x = np.where(age > 18, 1, 0)",
        "x = np.clip(stress, 0, 10)",
        "Column('resident.stress', default=0.2)",
        "x = table[age > 0.5]",
        "class A(Lever):\n    rate = 5",
        "draw(lane=0.5)",
        "f(hours=36)",
    ],
)
def test_a_model_number_is_found(source):
    assert len(numbers_in(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "x = -1 + 0.0 * 2 / 12 * 100",
        "x = y[3:5, ..., 7]",
        "x = draws.uniform('debt.onset', uid, month, lane=7)",
        "x = y.reshape(-1, 3).sum(axis=3)",
        "x = np.maximum(y, 1e-9)",
        "x = (y >> 11) * 2.0**-53",
        "x = y & 0xFFFF",
        "strength = Param(0.35, unit='share', range=(0.1, 0.6))",
        "Column('resident.stage', np.int8, default=3)",
        "class Stage(IntEnum):\n    HELPED = 3",
        "'''Onset is 0.35 a year.'''",
        "x = f'{y:.3f}'",
    ],
)
def test_a_shape_or_unit_is_not(source):
    assert not numbers_in(source)
