"""What Python hands over arrives as it is in compiled functions of this package, and what is wrong is refused."""

from __future__ import annotations

import importlib.util
import sys
from collections import namedtuple
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import types

from wijksim.core.way_in import passable

FLOATS = np.arange(12.0).reshape(3, 4)
TEXT = '''
import numpy as np
from wijksim.core.compiled import compiled


@compiled
def told(array):
    """Its sum weighed by place, what it holds and how long it is."""
    found = 0.0
    for i in range(array.shape[0]):
        for j in range(array.shape[1]):
            found += array[i, j] * (10 * i + j)
    return found, array.size, array.itemsize, array.shape[0], array.nbytes


@compiled
def same(value):
    return value


@compiled
def added(numbers, arrays, nested):
    (one, two), three = nested
    arrays[0][0] += one
    return numbers[0] + numbers[1] + arrays[0].sum() + arrays[1].sum() + two.size + three


@compiled
def scalar(array, number):
    return array[()] * number


@compiled
def nothing(array):
    array[:] = 1


@compiled
def six(a, b, c, d, e, f):
    return a[0] + b[0] + c[0] + d[0] + e[0] + f[0]


@compiled
def strict(array, limit):
    if array.size > limit:
        raise ValueError("too long")
    return array.size
'''


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Functions that count as those of this package."""
    path = tmp_path_factory.mktemp("ways") / "ways.py"
    path.write_text(TEXT)
    spec = importlib.util.spec_from_file_location("wijksim.ways_under_test", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


def by_hand(array: np.ndarray[Any, Any]) -> tuple[float, int, int, int, int]:
    i, j = np.indices(array.shape)
    return float((array * (10 * i + j)).sum()), array.size, array.itemsize, array.shape[0], array.nbytes


@pytest.mark.parametrize(
    "array",
    [
        FLOATS, FLOATS.T, FLOATS[:, ::2], FLOATS[::-1], FLOATS[1:, 1:], np.asfortranarray(FLOATS), FLOATS[:0],
        FLOATS.astype(np.float32), FLOATS.astype(np.int8), FLOATS.astype(np.uint64)[:, 1::2],
        np.broadcast_to(FLOATS[0], (5, 4)),
    ],
)  # fmt: skip
def test_an_array_arrives_however_it_lies(module: ModuleType, array: np.ndarray[Any, Any]) -> None:
    assert module.told(array) == by_hand(array)


@given(st.integers(-(2**63), 2**63 - 1))
def test_whole_numbers_arrive(module: ModuleType, number: int) -> None:
    assert module.same(number) == number
    assert module.same(np.int64(number)) == number


@given(st.floats(width=64))
def test_fractions_arrive(module: ModuleType, number: float) -> None:
    for one in (number, np.float64(number)):
        assert np.array(module.same(one)).tobytes() == np.array(number).tobytes() or np.isnan(number)


@pytest.mark.parametrize("value", [True, False, np.float32(0.1), np.int8(-3), np.uint64(2**64 - 1), 2 + 3j])
def test_other_numbers_arrive(module: ModuleType, value: Any) -> None:
    assert module.same(value) == value


def test_tuples_arrive_with_all_that_is_in_them(module: ModuleType) -> None:
    first = np.ones(3)
    found = module.added((1, 2.5), (first, np.arange(4.0)), ((10.0, np.empty(7, np.int16)), 4))
    assert found == 1 + 2.5 + 13 + 6 + 7 + 4
    assert first.tolist() == [11, 1, 1]


def test_nothing_comes_back_of_what_gives_nothing_back(module: ModuleType) -> None:
    array = np.zeros(3)
    for _ in range(3):
        assert module.nothing(array) is None
    assert array.tolist() == [1, 1, 1]


def test_what_a_function_raises_is_raised(module: ModuleType) -> None:
    assert module.strict(np.zeros(3), 3) == 3
    for _ in range(3):
        with pytest.raises(ValueError, match="too long"):
            module.strict(np.zeros(4), 3)
    assert module.strict(np.zeros(2), 3) == 2


@pytest.mark.parametrize("handed", [(), (np.zeros(2),), (np.zeros(2), 3, 3)])
def test_too_few_or_too_many_are_refused(module: ModuleType, handed: tuple[Any, ...]) -> None:
    module.strict(np.zeros(2), 3)
    with pytest.raises(TypeError):
        module.strict(*handed)


def test_names_are_refused(module: ModuleType) -> None:
    module.strict(np.zeros(2), 3)
    for named in ({"limit": 3}, {"other": 3}):
        with pytest.raises((TypeError, AssertionError)):
            module.strict(np.zeros(2), **named)
        with pytest.raises(TypeError):
            module.strict(np.zeros(2), 3, **named)


def test_a_number_as_an_array_arrives_too(module: ModuleType) -> None:
    for _ in range(2):
        assert module.scalar(np.array(2.5), 2) == 5
        assert module.scalar((np.array(1.5),)[0], 2) == 3


@pytest.mark.parametrize("wrong", [None, "text", [1.0], 3])
def test_what_is_no_array_is_refused(module: ModuleType, wrong: Any) -> None:
    module.strict(np.zeros(2), 3)
    with pytest.raises(numba.TypingError):
        module.strict(wrong, 3)


def test_a_number_that_is_too_large_is_refused(module: ModuleType) -> None:
    module.strict(np.zeros(2), 3)
    for _ in range(2):
        with pytest.raises(OverflowError):
            module.strict(np.zeros(2), 2**70)


def test_who_comes_this_way_is_told_by_its_type() -> None:
    floats = types.Array(types.float64, 2, "A")
    pair = types.NamedTuple((types.int64, types.int64), namedtuple("Pair", "one other"))
    assert passable(types.Tuple((types.int64, types.UniTuple(floats, 2))))
    assert all(map(passable, (types.boolean, types.float32, floats)))
    assert not any(map(passable, (types.none, types.unicode_type, pair, types.List(types.int64))))


def test_the_way_in_is_short(module: ModuleType) -> None:
    @numba.njit(error_model="numpy")
    def theirs(a, b, c, d, e, f):  # type: ignore[no-untyped-def]
        return a[0] + b[0] + c[0] + d[0] + e[0] + f[0]

    def size(function: Any) -> int:
        function(*[np.ones(2)] * 6)
        (text,) = function.inspect_asm().values()
        _, found = text.split("\n_ZN7cpython", maxsplit=1)
        return int(found.split(".size\t_ZN7cpython", maxsplit=1)[0].count("\n\t"))

    assert 3 * size(module.six) < size(theirs)
