"""A digest that tells whether two runs are the same, to the last bit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def digest_arrays(arrays: dict[str, NDArray[Any]]) -> str:
    """SHA-256 over named arrays in the order of their names (dtype and shape included)."""
    state = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        state.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        state.update(array.tobytes())
    return state.hexdigest()


def digest_rows(keys: Sequence[tuple[NDArray[Any], Sequence[object]]], values: NDArray[np.float64]) -> str:
    """SHA-256 over rows, independent of their order.

    Parameters
    ----------
    keys
        Columns that tell rows apart, the first above all: numbers of words, and the words.
    values
        One per row.
    """
    codes: list[NDArray[np.intp]] = []
    words: list[NDArray[np.object_]] = []
    # a column has few different words: they are ordered and written out, and rows are sorted by whole numbers
    for code, written in keys:
        found, rank = np.unique(np.asarray(written), return_inverse=True)
        codes.append(rank[code])
        words.append(np.array([str(one) for one in found], dtype=object))
    order = np.lexsort(codes[::-1])
    state = hashlib.sha256()
    for code, word in zip(codes, words, strict=True):
        state.update("\x1f".join(word[code[order]]).encode())
    state.update(values[order].tobytes())
    return state.hexdigest()
