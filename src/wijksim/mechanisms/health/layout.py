"""What is known of events that are decided together, and where the drivers of these lie in the memory of tables."""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.influence import Influence
from wijksim.mechanisms.health.chance_loops import KINDS, Memory
from wijksim.state.structure import REACH
from wijksim.state.table import Table
from wijksim.state.world import World

_EPS = float(np.finfo(np.float64).eps)
_NO_TABLE = np.empty(0, np.uint8)
_SOURCES = 2  # tables of which drivers can be in one pass

type Floats = NDArray[np.float64]


@lru_cache(maxsize=2**6)
def hazard(chance: float) -> float:
    """Hazard that goes with a chance: ``1 - exp(-x) <= x``, so a sum of hazards bounds a chance by itself."""
    return float(-np.log1p(-np.float64(min(chance, 1 - _EPS))))


class Known(NamedTuple):
    """Rates, excitation and weights of a group, and all that they follow from.

    Attributes
    ----------
    given, stored, size
        What the rest follows from: the parameters that count here, and the reference.
    drivers
        Drivers that count, each with its weight per event.
    limits
        What the logs of drivers are clipped at, and what caps chances.
    each
        Numbers of every event, shape ``(len(EACH), events)``.
    bounds
        Highest chances of the events by drivers alone, shape ``(len(BOUNDS), events)``; None until all normalisers are
        stored.
    """

    given: tuple[float, ...]
    stored: dict[str, Any]
    size: int
    drivers: list[tuple[Influence, NDArray[np.float32]]]
    limits: tuple[float, float]
    each: Floats
    bounds: Floats | None


class Layout(NamedTuple):
    """Where the drivers of a group lie in the memory of their tables; holds as long as these are laid out the same.

    Attributes
    ----------
    known, laid, tables
        What all the rest follows from.
    sources
        The own table, and another one of which drivers are.
    driven
        Loops to which drivers belong.
    bounds
        Those of ``known``.
    where
        Memory of the own table and of another, and whole and other numbers, as
        :func:`wijksim.mechanisms.health.chance_loops.happen` takes them; None if the drivers are too odd for it.
    """

    known: Known
    laid: int
    tables: dict[str, Table]
    sources: tuple[Table, ...]
    driven: frozenset[str | None]
    bounds: Floats
    where: tuple[Memory, Memory, NDArray[np.int64], Floats] | None


def bounds_of(highest: list[float], excited: list[bool]) -> Floats:
    """Highest chances of events, and the hazards of these of which earlier events add to the chance."""
    return np.array(
        [highest, [hazard(most) if more else inf for most, more in zip(highest, excited, strict=True)]]
    )


def lay_out(world: World, known: Known, bounds: Floats, columns: tuple[str, int, tuple[str, ...]]) -> Layout:
    """Find the drivers of a group in the memory of their tables.

    ``columns`` are the table, the event that is sieved, and columns of the table: memory, age and two problems, empty
    for none.
    """
    table, sieved, named = columns
    own, road = world.tables[table], 0
    sources = [own]
    steps: list[int] = []
    codes: list[int] = []
    kinds: list[int | None] = []
    for influence, _ in known.drivers:
        source, attribute = influence.place
        holder, begin = world.tables[source], len(codes)
        if holder not in sources:
            sources.append(holder)
            road = own.begins(REACH[table, source])
        kinds.append(KINDS.get(holder[attribute].dtype.str))
        codes += influence.codes
        steps += (kinds[-1] or 0, holder.begins(attribute), int(holder is not own), begin, len(codes))
    driven = frozenset(influence.loop for influence, _ in known.drivers)
    laid = known, Table.laid, world.tables, tuple(sources), driven, bounds
    if None in kinds or len(sources) > _SOURCES:
        return Layout(*laid, None)
    places = [own.begins(name) if name else -1 for name in named]
    whole = np.array([len(known.drivers), road, sieved, *places, *steps, *codes], np.int64)
    numbers = [*known.limits, *known.each.ravel()]
    numbers += [influence.nobody(world) for influence, _ in known.drivers]
    for _, weights in known.drivers:
        numbers += weights.tolist()
    away = _NO_TABLE if sources[-1] is own else sources[-1].memory
    return Layout(*laid, (own.memory, away, whole, np.array(numbers, np.float64)))
