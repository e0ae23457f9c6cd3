"""Transitions that mechanisms ask for; :mod:`wijksim.kernel.lifecycle` applies them.

Nobody creates or deletes rows, edits membership or writes ``activity``, ``dwelling``, ``household`` or ``alive``
directly. A request names rows as they are now; rows that are gone by the time it is applied are passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.state.codes import Activity, Education, Fate
from wijksim.state.table import Rows


@dataclass
class Arrival:
    """Households from outside that move into vacant dwellings.

    ``dwellings`` rows, ``pool`` channel, ``records`` in the pool, ``uids`` of the households.
    """

    dwellings: Rows
    pool: str
    records: NDArray[np.int64]
    uids: NDArray[np.uint64]


@dataclass
class Founding:
    """Residents who leave their household and start one of their own in a vacant dwelling (one each)."""

    residents: Rows
    dwellings: Rows
    uids: NDArray[np.uint64]
    followers: dict[int, list[int]] = field(default_factory=dict)


@dataclass
class Conversion:
    """Dwellings that are not what they were: renovated, sold or rebuilt on the spot.

    ``dwellings`` rows, ``columns`` new values per dwelling by attribute. Who owns a dwelling may change only while
    nobody lives there (``empty``).
    """

    dwellings: Rows
    columns: dict[str, NDArray[Any]]
    empty: bool = True


@dataclass
class Addition:
    """Dwellings added behind existing entrances (verdichting).

    ``beside`` rows of the dwellings beside which they are built, of the same kind and with as many rooms; ``uids``
    identities; ``columns`` values per dwelling by attribute.
    """

    beside: Rows
    uids: NDArray[np.uint64]
    columns: dict[str, NDArray[Any]]


class Requests:
    """What was asked since the last time transitions were applied."""

    exits: list[tuple[Rows, int]]
    departures: list[tuple[Rows, int]]
    activities: list[tuple[Rows, int]]
    educations: list[tuple[Rows, int]]
    births: list[tuple[Rows, NDArray[Any]]]
    joins: list[tuple[Rows, str, NDArray[np.int64], NDArray[np.uint64]]]
    unions: list[tuple[Rows, Rows]]
    relocations: list[tuple[Rows, Rows]]
    foundings: list[Founding]
    arrivals: list[Arrival]
    conversions: list[Conversion]
    additions: list[Addition]
    outside: list[tuple[int, float]]

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all requests."""
        self.__dict__.update(zip(_LISTS, map(list, _NOTHING), strict=True))

    def die(self, residents: Rows) -> None:
        """Residents die."""
        self.leave(residents, Fate.DIED)

    def leave(self, residents: Rows, fate: Fate) -> None:
        """Single residents leave their household and the simulated districts."""
        if residents.size:
            self.exits.append((residents, int(fate)))

    def depart(self, households: Rows, fate: Fate) -> None:
        """Whole households leave; their dwellings fall vacant."""
        if households.size:
            self.departures.append((households, int(fate)))

    def become(self, residents: Rows, activity: Activity) -> None:
        """Residents change their main activity."""
        if residents.size:
            self.activities.append((residents, int(activity)))

    def educate(self, residents: Rows, level: Education) -> None:
        """Residents reach a level of education; a level once reached is never lost."""
        if residents.size:
            self.educations.append((residents, int(level)))

    def bear(self, mothers: Rows, sex: NDArray[Any]) -> None:
        """Each of ``mothers`` bears one child of the given sex."""
        if mothers.size:
            self.births.append((mothers, sex))

    def join(self, households: Rows, pool: str, records: NDArray[np.int64], uids: NDArray[np.uint64]) -> None:
        """A partner from outside (person 0 of a pool record) moves into each household."""
        if households.size:
            self.joins.append((households, pool, records, uids))

    def unite(self, stay: Rows, move: Rows) -> None:
        """Households ``move`` move in with households ``stay``; their own dwellings fall vacant."""
        if stay.size:
            self.unions.append((stay, move))

    def relocate(self, households: Rows, dwellings: Rows) -> None:
        """Whole households move to vacant dwellings."""
        if households.size:
            self.relocations.append((households, dwellings))

    def found(self, founding: Founding) -> None:
        """Residents leave home (with followers, such as children of a parting parent) for a vacant dwelling."""
        if founding.residents.size:
            self.foundings.append(founding)

    def arrive(self, arrival: Arrival) -> None:
        """Households from outside move in."""
        if arrival.dwellings.size:
            self.arrivals.append(arrival)

    def convert(self, conversion: Conversion) -> None:
        """Dwellings are renovated, sold or rebuilt."""
        if conversion.dwellings.size:
            self.conversions.append(conversion)

    def build_outside(self, tenure: int, dwellings: float) -> None:
        """Dwellings are ready in the rest of the city; whoever keeps its books takes them in this month."""
        if dwellings > 0:
            self.outside.append((int(tenure), dwellings))

    def add(self, addition: Addition) -> None:
        """Dwellings are built beside others."""
        if addition.beside.size:
            self.additions.append(addition)


_LISTS = tuple(Requests.__annotations__)
_NOTHING: tuple[tuple[()], ...] = ((),) * len(_LISTS)
