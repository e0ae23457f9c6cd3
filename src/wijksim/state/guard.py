"""Find out that somebody wrote what it does not own.

What columns hold is compared before and after. Making arrays read-only would tell a moment earlier, but compiled loops
are of other types then, and every one of them would be compiled a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from wijksim.state.column import Column
from wijksim.state.table import Table
from wijksim.state.world import World


@contextmanager
def guarded(world: World, owned: Iterable[Column], who: str = "somebody") -> Iterator[None]:
    """Refuse within this block whatever is written to columns other than ``owned``.

    Rows are neither given nor freed meanwhile, as that writes to every column of a table; an owner of all of them may.

    Raises
    ------
    ValueError
        At the end of the block, if a cell of another column holds something else than before: it names ``who`` and
        the columns. Within it, if rows are given or freed.
    """
    mine: dict[str, set[str]] = {name: set() for name in world.tables}
    for column in owned:
        mine[column.table].add(column.attribute)
    others = [table for name, table in world.tables.items() if len(mine[name]) < len(table.columns)]
    before = [(table, table.memory.copy()) for table in others if table.size]
    for table in others:
        table.sealed = True
    try:
        yield
    finally:
        for table in others:
            table.sealed = False
    wrote = [name for table, held in before for name in _changed(table, held, mine[table.name])]
    if wrote:
        raise ValueError(f"{who} wrote what it does not own: {', '.join(sorted(wrote))}")


def _changed(table: Table, held: NDArray[np.uint8], mine: set[str]) -> list[str]:
    """Full names of the columns that are not ``mine`` and hold something else than before."""
    spans = sorted(map(table.span, mine))
    begins, ends = [0, *(end for _, end in spans)], [*(begin for begin, _ in spans), held.size]
    differs = held != table.memory
    if not any(differs[begin:end].any() for begin, end in zip(begins, ends, strict=True)):
        return []
    return [
        column.name
        for attribute, column in table.columns.items()
        if attribute not in mine and differs[slice(*table.span(attribute))].any()
    ]
