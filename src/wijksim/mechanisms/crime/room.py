"""Columns as a month of crime takes them, and room for what it lists."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.columns import KeptColumns
from wijksim.mechanisms.crime import loops, peer_loops
from wijksim.state.table import Rows
from wijksim.state.world import World

type Given = tuple[NDArray[Any], ...]
type Floats = NDArray[np.float64]


class Room(NamedTuple):
    """What compiled passes take last, and what they fill.

    Attributes
    ----------
    peers, careers, exposure
        For ``peer_loops.exposed``, the lines that it lists residents in, and offending around the first of these.
    law, at_risk, cases
        For ``loops.exposed_to_law``, its lines, and memories of those known.
    booked, hit
        For ``loops.booked``, and whom it lists.
    offending, people, old
        For ``loops.offending``, how many live in each district, and whom it lists.
    aftermath
        For ``loops.aftermath``.
    """

    peers: Given
    careers: tuple[Rows, ...]
    exposure: Floats
    law: Given
    at_risk: tuple[Rows, ...]
    cases: Floats
    booked: Given
    hit: Rows
    offending: Given
    people: Floats
    old: Rows
    aftermath: Given


def _room(world: World) -> Room:
    resident, household, entrance, district = world.resident, world.household, world.entrance, world.district
    size = resident.size
    careers = np.empty((len(peer_loops.LISTS), size + 1), np.int32)
    at_risk = np.empty((len(loops.AT_RISK), size + 1), np.int32)
    exposure, cases, people = np.empty(size), np.empty(size + 1), np.empty(district.size)
    hit, old = np.empty(size, np.int32), np.empty(size + 1, np.int32)
    return Room(
        (
            resident.alive, resident.origin, resident.arrived, resident.case_memory, resident.victim_memory,
            resident.crime_stage, resident.detained, resident.age, resident.household, household.income,
            household.persons, household.income_gap, resident.district, resident.sibling_offends,
            resident.peer_exposure, careers, exposure,
        ),
        tuple(careers), exposure,
        (
            resident.alive, resident.age, resident.crime_stage, resident.detained, resident.case_memory, at_risk, cases,
        ),
        tuple(at_risk), cases,
        (
            resident.detained, resident.suspect, resident.suspect_first, resident.record, resident.case_memory, hit,
        ),
        hit,
        (
            resident.alive, resident.age, resident.crime_stage, resident.case_memory, resident.detained,
            resident.district, people, district.offending, district.police_cover, old,
        ),
        people, old,
        (
            resident.uid, household.uid, people, resident.district, resident.household, household.district,
            resident.crime_stage, resident.detained, resident.age, resident.entrance, entrance.dwellings,
            resident.victim, household.burgled, resident.victim_memory, resident.victim_last,
            district.registered_crime, entrance.petty_disorder, entrance.victimised,
        ),
    )  # fmt: skip


ROOM = KeptColumns(_room, "resident", "household", "entrance", "district")
