"""Columns as a month at school takes them, and room for what it lists."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.school import loops, placement_loops
from wijksim.mechanisms.school.codes import Level
from wijksim.state.table import Rows
from wijksim.state.world import World

_OF_PUPILS = placement_loops.ADULTS + 1

type Given = tuple[NDArray[Any], ...]


class Room(NamedTuple):
    """What compiled passes take last, and what they fill.

    Attributes
    ----------
    learners, listed
        For ``loops.learners``, and its lines.
    begun
        For ``learning_loops.begun``.
    ways, open
        For ``loops.ways``, and its lines.
    exam
        For ``exam_loops.after_exam``.
    end, asking, offered
        For ``placement_loops.end_of_month``, and pupils and schools by level.
    """

    learners: Given
    listed: tuple[Rows, ...]
    begun: Given
    ways: Given
    open: tuple[Rows, ...]
    exam: Given
    end: Given
    asking: Rows
    offered: Rows


def room(world: World) -> Room:
    """Lay out what goes with the residents, households and schools there are."""
    table, home, school, size = world.resident, world.household, world.school, world.resident.size
    listed, ways = (np.empty((len(names), size + 1), np.int32) for names in (loops.LISTS, loops.WAYS))
    asking, offered = np.empty((_OF_PUPILS, size), np.int32), np.empty((len(Level), school.size), np.int32)
    return Room(
        (
            table.alive, table.activity, table.age, table.role, table.education, table.household, home.moved_in,
            table.extra_hours, table.class_year, table.school, table.dropped_out, listed,
        ),
        tuple(listed),
        (
            table.role, table.household, home.head, table.education, home.income_fifth, home.moved_in,
            table.birth_month, table.ability, table.age, table.activity, table.school_luck, table.parents,
            table.disadvantaged, table.peers, table.home_moves, table.frequent_mover, table.achievement, table.advice,
            table.track, table.class_year,
        ),
        (table.track, table.class_year, table.age, table.education, ways),
        tuple(ways),
        (table.uid, table.age, table.track, table.class_year, table.school),
        (
            table.activity, table.track, table.class_year, table.age, table.school, school.alive, school.level, asking,
            offered,
        ),
        asking, offered,
    )  # fmt: skip
