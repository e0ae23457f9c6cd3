"""Clocks of work and assistance, which do not reset (spells of assistance mix duration and sorting)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def piece_of(months: NDArray[np.integer], edges: tuple[float, ...]) -> NDArray[np.intp]:
    """Piece of a step function to which each duration belongs."""
    piece = np.zeros(months.shape, dtype=np.intp)
    for edge in edges:  # two or three comparisons cost less than one search
        piece += months >= edge
    return piece
