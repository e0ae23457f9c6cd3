"""A digest that tells whether two runs are the same, to the last bit."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


def digest_arrays(arrays: dict[str, NDArray[Any]]) -> str:
    """SHA-256 over named arrays in the order of their names (dtype and shape included)."""
    state = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        state.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        state.update(array.tobytes())
    return state.hexdigest()


def digest_table(table: pd.DataFrame) -> str:
    """SHA-256 over a tidy result table, independent of the order of its rows."""
    import pandas as pd  # takes long to import: only who asks for a digest waits

    keys = [column for column in table.columns if column != "value"]
    codes: list[NDArray[np.intp]] = []
    words: list[NDArray[np.object_]] = []
    # a column has few different words: they are ordered and written out, and rows are sorted by whole numbers
    for column in keys:
        code, found = pd.factorize(table[column], sort=True)
        codes.append(code)
        words.append(np.array([str(one) for one in found], dtype=object))
    order = np.lexsort(codes[::-1])
    state = hashlib.sha256()
    for code, word in zip(codes, words, strict=True):
        state.update("\x1f".join(word[code[order]]).encode())
    state.update(table["value"].to_numpy(np.float64)[order].tobytes())
    return state.hexdigest()
