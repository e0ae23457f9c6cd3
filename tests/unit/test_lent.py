"""Arrays are lent to compiled functions of this package that give back numbers, and handed over to all others."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numba
import numpy as np
import pytest
from numba import types
from numba.core.runtime import _nrt_python as counts

from wijksim.core.lent import has_arrays
from wijksim.core.mixing import below, uniforms

WORDS, KEY = np.arange(5, dtype=np.uint64), np.array([3, 7], np.uint64)


@pytest.fixture
def owners() -> Iterator[Callable[[], int]]:
    """How many owners of arrays numba has made so far."""
    counts.memsys_enable_stats()
    yield counts.memsys_get_stats_mi_alloc
    counts.memsys_disable_stats()


def made_by(owners: Callable[[], int], function: Any, *handed: Any) -> int:
    function(*handed)  # compiled, or read from disk
    before = owners()
    function(*handed)
    return owners() - before


def test_no_owner_is_made_of_what_is_lent(owners: Callable[[], int]) -> None:
    out, rows = np.empty(5), np.arange(5, dtype=np.int32)
    assert made_by(owners, uniforms, WORDS, KEY, out) == 0
    # what it needs for itself is one array
    assert made_by(owners, below, WORDS, rows, KEY, 0.5, np.empty(5, np.int32), np.empty(5)) == 1
    theirs = numba.njit(lambda words, out: out.size)
    assert made_by(owners, theirs, WORDS, out) == 2


def test_who_calls_keeps_the_arrays() -> None:
    out = np.empty(5)
    before = [sys.getrefcount(one) for one in (WORDS, KEY, out)]
    for _ in range(10):
        uniforms(WORDS, KEY, out)
    assert [sys.getrefcount(one) for one in (WORDS, KEY, out)] == before
    uniforms(np.arange(5, dtype=np.uint64), KEY.copy(), out)  # nobody else holds these
    again = np.empty(5)
    uniforms(WORDS, KEY, again)
    assert out.tolist() == again.tolist()


def test_parts_of_arrays_and_those_only_to_be_read_are_lent_as_well() -> None:
    whole, plain = np.empty(20), np.empty(5)
    uniforms(WORDS, KEY, plain)
    uniforms(WORDS, KEY, whole[5:10])
    assert whole[5:10].tolist() == plain.tolist()
    fixed = WORDS.copy()
    fixed.flags.writeable = False
    uniforms(fixed, KEY, whole[:5])
    assert whole[:5].tolist() == plain.tolist()


def test_what_gives_back_an_array_is_told_by_its_type() -> None:
    floats = types.Array(types.float64, 1, "C")
    assert has_arrays(floats)
    assert has_arrays(types.Tuple((types.int64, types.UniTuple(floats, 2))))
    assert not has_arrays(types.Tuple((types.int64, types.boolean)))
    assert not has_arrays(types.none)


def test_arrays_given_back_are_whole_and_nothing_is_held_or_let_go_too_often(
    owners: Callable[[], int],
) -> None:
    made = numba.njit(lambda size: (np.arange(size, dtype=np.int32).reshape(2, -1), np.ones(size)))
    first, second = made(6)
    assert (first.dtype, first.tolist()) == (np.dtype(np.int32), [[0, 1, 2], [3, 4, 5]])
    assert (type(second), second.tolist(), second.flags.writeable) == (np.ndarray, [1.0] * 6, True)
    kinds = [np.dtype(np.int32), np.dtype(np.float64), np.ndarray]
    before, there = [sys.getrefcount(one) for one in kinds], counts.memsys_get_stats_mi_free()
    for _ in range(1000):
        made(6)
    assert [sys.getrefcount(one) for one in kinds] == before
    assert counts.memsys_get_stats_mi_free() - there == 2000
    first += 1
    assert first.sum() == 21


def test_arguments_are_given_by_position_and_all_of_them() -> None:
    out = np.empty(5)
    named: Any = uniforms
    with pytest.raises(TypeError):
        named(WORDS, KEY)
    with pytest.raises((TypeError, AssertionError)):
        named(WORDS, KEY, out=out)
    uniforms(WORDS, KEY, out)
