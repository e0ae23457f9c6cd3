"""Columns as a month of health takes them, and the lines that it lists rows in."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.health import need
from wijksim.state.table import Rows
from wijksim.state.world import World

# lines of rows that are at risk of something; among residents there is one to work in
_LINES, _HOME_LINES = len(("first", "second", "third", "fourth", "spare")), len(("families", "indebted"))

type Given = tuple[NDArray[Any], ...]


class Room(NamedTuple):
    """What compiled passes take last, and what they fill.

    Attributes
    ----------
    risk, crises, lines
        For ``chance_loops.at_risk`` and ``chance_loops.troubled``, and the lines of both.
    need
        For ``need.follow``.
    home_lines
        Further lines of ``chance_loops.troubled``, of households.
    """

    risk: Given
    crises: Given
    lines: tuple[Rows, ...]
    need: Given
    home_lines: tuple[Rows, ...]


def room(world: World) -> Room:
    """Lay out what goes with the residents and households there are."""
    table, home = world.resident, world.household
    lines = np.empty((_LINES, table.size + 1), np.int32)
    home_lines = np.empty((_HOME_LINES, home.size + 1), np.int32)
    return Room(
        (table.psychiatric, table.unstable, table.addiction, table.addiction_past, table.age, lines),
        (
            table.psychiatric, table.unstable, table.alive, table.age, table.crisis_memory, table.crises,
            table.youth_crisis, table.admitted, lines, home.alive, home.eviction_stage, home.children,
            home.problem_debt, home.violence_memory, home.eviction_seen, home.eviction_crisis, home.violence,
            home.debt_crisis, home_lines,
        ),
        tuple(lines), need.columns(world),
        tuple(home_lines),
    )  # fmt: skip
