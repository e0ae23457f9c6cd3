"""Columns as a month of nuisance takes them, and room for what it lists."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.columns import KeptColumns
from wijksim.mechanisms.nuisance.source_loops import LISTS
from wijksim.state.table import Rows
from wijksim.state.world import World

type Given = tuple[NDArray[Any], ...]


class Room(NamedTuple):
    """What compiled passes take last, and what they fill.

    Attributes
    ----------
    look, cover, lines
        For ``source_loops.looked_over``, hours of caretakers and the lists that it fills.
    reach, reached, levels
        For ``source_loops.reach``, whom it lists and how much reaches them.
    bothered, felt
        For ``source_loops.bothered``, and how often they have nuisance who have any.
    street
        For ``street_loops.moved_on``.
    """

    look: Given
    cover: NDArray[np.float64]
    lines: tuple[Rows, ...]
    reach: Given
    reached: Rows
    levels: NDArray[np.float32]
    bothered: Given
    felt: NDArray[np.float64]
    street: Given


def _room(world: World) -> Room:
    resident, household, dwelling = world.resident, world.household, world.dwelling
    entrance, district = world.entrance, world.district
    # twice as wide: behind the sources stand newcomers
    cover, lists = np.empty(district.size), np.empty((len(LISTS), 2 * resident.size + 1), np.int32)
    reached, levels = np.empty(household.size + 1, np.int32), np.empty(household.size, np.float32)
    felt = np.empty(household.size + 1)
    # a world without the mechanism that builds knows no works
    works = dwelling["works"] if "works" in dwelling else np.zeros(dwelling.size, np.int8)
    return Room(
        (
            resident.alive, resident.age, resident.household, resident.psychiatric, resident.addiction,
            resident.cognitive, household.adults, resident.complex_problems, household.complex_members,
            household.plain_adults, resident.origin, resident.arrived, resident.nuisance_source, dwelling.alive,
            dwelling.owner, dwelling.district, cover, lists,
        ),
        cover, tuple(lists),
        (
            resident.nuisance_source, resident.alive, resident.nuisance_intensity, resident.household,
            resident.entrance, entrance.dwellings, entrance.complex, world.complex.dwellings, household.alive,
            household.entrance, household.dwelling, dwelling.kind, entrance.sources, household.exposure,
            household.nuisance_often, reached, levels,
        ),
        reached, levels,
        (household.nuisance_often, household.nuisance_report, household.mediation, reached, felt),
        felt,
        (
            dwelling.alive, works, dwelling.household, dwelling.entrance, household.alive, household.moved_in,
            household.entrance, entrance.dwellings, entrance.vacant, entrance.turnover, entrance.district,
            entrance.disorder, entrance.control, district.disorder, entrance.sources, entrance.petty_disorder,
            district.prevention_fte,
        ),
    )  # fmt: skip


ROOM = KeptColumns(_room, "resident", "household", "dwelling", "entrance", "complex", "district")
