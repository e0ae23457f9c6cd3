"""Primitive 4: a conserved stock with in- and outflow, whose sum is tested every month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class ConservationError(AssertionError):
    """A stock changed by something else than its booked flows."""


class Account:
    """A stock per district (hours, places, people, dwellings, euros).

    Parameters
    ----------
    name
        Name in messages.
    opening
        Stock at the start of the month, shape ``(n,)``.
    """

    def __init__(self, name: str, opening: NDArray[np.float64]) -> None:
        self.name = name
        self.opening = np.array(opening, dtype=np.float64)
        self.inflow = np.zeros_like(self.opening)
        self.outflow = np.zeros_like(self.opening)

    def receive(self, amount: NDArray[np.float64]) -> None:
        """Book an inflow."""
        self.inflow += amount

    def spend(self, amount: NDArray[np.float64]) -> None:
        """Book an outflow."""
        self.outflow += amount

    @property
    def balance(self) -> NDArray[np.float64]:
        """Stock as it should be now."""
        return self.opening + self.inflow - self.outflow

    def error(self, closing: NDArray[np.float64]) -> float:
        """Largest difference with the stock as counted, relative to the flows (absolute below one unit)."""
        scale = np.maximum(np.abs(self.opening) + self.inflow + self.outflow, 1)
        return float(np.max(np.abs(closing - self.balance) / scale, initial=0.0))

    def close(self, closing: NDArray[np.float64], tolerance: float) -> float:
        """Compare with the stock as counted, start the next month and return the error.

        Raises
        ------
        ConservationError
            If the difference exceeds ``tolerance``.
        """
        error = self.error(closing)
        if error > tolerance:
            raise ConservationError(f"account {self.name}: off by {error:.3g} of its flows")
        self.opening = np.array(closing, dtype=np.float64)
        self.inflow[:] = 0
        self.outflow[:] = 0
        return error
