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
    keys = [column for column in table.columns if column != "value"]
    ordered = table.sort_values(keys, kind="stable").reset_index(drop=True)
    state = hashlib.sha256()
    for column in keys:
        state.update("\x1f".join(ordered[column].astype(str)).encode())
    state.update(np.ascontiguousarray(ordered["value"].to_numpy(np.float64)).tobytes())
    return state.hexdigest()
