"""Columns as passes take them, kept from month to month."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wijksim.state.world import World


class KeptColumns[T]:
    """What is made of the columns of tables, and kept as long as these are the very same arrays.

    A table that shows any column anew, as it has grown or is locked, shows all of them anew, ``alive`` too: so that one
    look at that of each table tells. What is made may also be room to work in, as wide as the tables.

    Parameters
    ----------
    make
        Makes it of a world.
    tables
        All tables of which it takes columns or the size; two at least.
    """

    def __init__(self, make: Callable[[World], T], *tables: str) -> None:
        self._make = make
        self._tables = tables
        self._look = attrgetter(*[f"{table}.alive" for table in tables])
        self._seen: tuple[Any, ...] = (None,) * len(tables)
        self._found: T

    def __getstate__(self) -> tuple[Callable[[World], T], tuple[str, ...]]:
        """State without what was made: a copied view would be memory of its own."""
        return self._make, self._tables

    def __setstate__(self, state: tuple[Callable[[World], T], tuple[str, ...]]) -> None:
        """Begin anew."""
        make, tables = state
        KeptColumns.__init__(self, make, *tables)

    def __call__(self, world: World) -> T:
        """What goes with the columns that the tables of a world show."""
        alive = self._look(world)
        if not all(map(is_, self._seen, alive)):
            self._found = self._make(world)
            self._seen = alive
        return self._found
