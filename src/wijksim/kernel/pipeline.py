"""Primitive 5: a queue with a lag (hiring, works, courts, training)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Pipeline:
    """Things that come out some months after they went in, as parallel arrays.

    Parameters
    ----------
    fields
        Name and dtype of what travels along with each entry.
    """

    def __init__(self, **fields: Any) -> None:
        self.due: NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self.fields: dict[str, NDArray[Any]] = {
            name: np.empty(0, dtype=dtype) for name, dtype in fields.items()
        }

    def __len__(self) -> int:
        """Count what is on its way."""
        return int(self.due.size)

    def push(self, due: NDArray[Any], **values: NDArray[Any]) -> None:
        """Send entries on their way; ``due`` is the month in which each comes out."""
        if set(values) != set(self.fields):
            raise ValueError(f"pipeline takes {sorted(self.fields)}, got {sorted(values)}")
        self.due = np.concatenate([self.due, np.asarray(due, dtype=np.int32)])
        for name, array in self.fields.items():
            self.fields[name] = np.concatenate([array, np.asarray(values[name], dtype=array.dtype)])

    def pop(self, month: int) -> dict[str, NDArray[Any]]:
        """Take out what is due in ``month`` or earlier, in the order in which it went in."""
        ready = self.due <= month
        if not ready.any():
            return {name: array[:0] for name, array in self.fields.items()}
        result = {name: array[ready] for name, array in self.fields.items()}
        self.drop(ready)
        return result

    def drop(self, mask: NDArray[np.bool_]) -> None:
        """Take entries off the queue without delivering them (their subject is gone)."""
        self.due = self.due[~mask]
        self.fields = {name: array[~mask] for name, array in self.fields.items()}
