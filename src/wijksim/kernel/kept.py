"""What follows from parameters alone, kept from month to month."""

from __future__ import annotations

from collections.abc import Callable


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
        self._found: tuple[dict[str, float], T] | None = None

    def __call__(self, values: dict[str, float]) -> T:
        """Numbers that go with these values."""
        found = self._found
        if found is None or found[0] is not values:
            found = self._found = values, self._make(values)
        return found[1]
