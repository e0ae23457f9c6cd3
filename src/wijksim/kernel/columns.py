"""Columns as passes take them, kept from month to month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Any, ClassVar

from wijksim.core.keeper import Keeper
from wijksim.state.table import Table

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
        # what was made, behind what it was made of and what says at one look that this is still so
        self._found: tuple[int, dict[str, Table], tuple[Any, ...], T] | None = None

    def __getstate__(self) -> tuple[Callable[[World], T], tuple[str, ...]]:
        """What it makes, and of which tables: a copied view would be memory of its own."""
        return self._make, self._tables

    def __setstate__(self, state: tuple[Callable[[World], T], tuple[str, ...]]) -> None:
        """Begin anew."""
        make, tables = state
        KeptColumns.__init__(self, make, *tables)
        super().__setstate__({})

    def __call__(self, world: World) -> T:
        """What goes with the columns that the tables of a world show."""
        found = self._found
        if found is not None and found[0] == Table.shown and found[1] is world.tables:
            return found[3]
        alive = self._look(world)
        made = found[3] if found is not None and all(map(is_, found[2], alive)) else self._make(world)
        self._found = Table.shown, world.tables, alive, made
        return made
