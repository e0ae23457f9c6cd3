"""Columns as a month of debts takes them, and room for what it lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from wijksim.state.table import Rows
    from wijksim.state.world import World

_TRACKS = len(("under way", "done", "answered", "waiting", "spare"))
_RENT = len(("behind", "paying", "ordered", "noticed", "free"))

type Given = tuple[NDArray[Any], ...]


class Room(NamedTuple):
    """What compiled passes take last, and the lines that they list households in.

    Attributes
    ----------
    risk, entering, tracks, carrying, signals
        For ``circumstances``, ``entered``, ``tracks``, ``carried_on`` and ``signalled``.
    on_tracks, with_rent
        Lines of who is on which track, and of who is behind with the rent or under threat. Who may come into problem
        debt and who is in no arrangement are listed in the first of the latter, which is filled last.
    """

    risk: Given
    entering: Given
    tracks: Given
    carrying: Given
    signals: Given
    on_tracks: tuple[Rows, ...]
    with_rent: tuple[Rows, ...]


def room(world: World) -> Room:
    """Lay out what goes with the households there are."""
    table, resident = world.household, world.resident
    need, written = np.empty(table.size), np.empty((2, table.size))
    lists = np.empty((_TRACKS + _RENT, table.size + 1), np.int32)
    on_tracks, with_rent = lists[:_TRACKS], lists[_TRACKS:]
    return Room(
        (
            table.adults, table.children, table.head, table.energy_excess, resident.activity, table.alive,
            table.problem_debt, table.debt_help, table.moved_in, table.debt_left, table.income, table.housing_cost,
            table.helped_since, table.early_help, table.new_tenant, table.relapse_risk, table.income_usual,
            table.income_drop, table.tight, need, with_rent[0],
        ),
        (
            table.debt_left, table.debt_track, table.problem_debt, table.debt_since, table.debt, table.savings,
            with_rent[0],
        ),
        (
            table.income, table.district, table.debt_track_since, table.problem_debt, table.debt_track,
            table.debt_left, table.debt, table.rent_debt, written, on_tracks,
        ),
        (
            written, need, table.district, table.debt_track, table.debt_track_since, table.income, table.housing_cost,
            table.problem_debt, table.savings, table.debt, table.rent_debt, table.arrears, table.alive, table.tenure,
            table.moved_in, table.eviction_stage, table.evicted, table.early_signal, with_rent,
        ),
        (table.district, table.early_signal, table.signal_since),
        tuple(on_tracks), tuple(with_rent),
    )  # fmt: skip
