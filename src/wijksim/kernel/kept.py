"""What follows from parameters alone, kept from month to month."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class Kept[T]:
    """Numbers made of the parameters of a month, and kept as long as a month has the same.

    A month in which any parameter is another one has them in another mapping, so that one look tells.

    Parameters
    ----------
    make
        Makes the numbers of the values of all parameters.
    """

    def __init__(self, make: Callable[[dict[str, float]], T]) -> None:
        self._make = make
        self._values: dict[str, float] | None = None
        self._made: T

    def __call__(self, values: dict[str, float]) -> T:
        """Numbers that go with these values."""
        if self._values is not values:
            self._made, self._values = self._make(values), values
        return self._made


class KeptTerms[T]:
    """Do as :class:`Kept` for what is made of a context: of its parameters, and of what stands for a whole run."""

    def __init__(self, make: Callable[[Context], T]) -> None:
        self._make = make
        self._values: dict[str, float] | None = None
        self._made: T

    def __call__(self, ctx: Context) -> T:
        """Terms by the parameters in force, which are the very same in most months."""
        if self._values is not ctx.values:
            self._made, self._values = self._make(ctx), ctx.values
        return self._made
