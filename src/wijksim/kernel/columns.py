"""Columns as passes take them, kept from month to month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Any, ClassVar

from wijksim.core.keeper import Keeper

if TYPE_CHECKING:
    from wijksim.state.world import World


class KeptColumns[T](Keeper):
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

    passing: ClassVar[Mapping[str, Any]] = {"_found": None}

    def __init__(self, make: Callable[[World], T], *tables: str) -> None:
        self._make = make
        self._tables = tables
        self._look = attrgetter(*[f"{table}.alive" for table in tables])
        self._found: tuple[tuple[Any, ...], T] | None = None  # what was made, behind what it was made of

    def __call__(self, world: World) -> T:
        """What goes with the columns that the tables of a world show."""
        alive, found = self._look(world), self._found
        if found is None or not all(map(is_, found[0], alive)):
            found = self._found = alive, self._make(world)
        return found[1]
