"""A closer look at one run, for pictures that measures per district cannot give.

Kept are front doors and the ties inside one complex per district at a few moments, and what the hours of teams go to
in every month. The look reads and never writes, so that a run that is looked at gives the results of one that is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES
from wijksim.mechanisms.contacts import people
from wijksim.mechanisms.professionals.hours import USED, Use
from wijksim.state.codes import Tenure, Works
from wijksim.state.roles import FRONTLINE, CaseStage
from wijksim.state.table import Rows

type Counts = NDArray[np.int64]
type Uids = NDArray[np.uint64]

MAPPED: tuple[str, ...] = ("nuisance_often", "vulnerable_households")
"""Measures of households that are kept per entrance."""

HOURS: tuple[str, ...] = ("crises", "cases", "prevention")
"""What hours of teams go to; intake counts with the cases."""

MOST_ADULTS = 60
"""Adults of the largest complex of which ties are kept: a picture of more is a tangle."""


class Standing(IntEnum):
    """What a resident is to the others in the complex; of several, the first.

    ``SOURCE`` overlastgever, ``HELPED`` krijgt professionele hulp, ``CONTRIBUTOR`` drager, ``OTHER`` andere bewoner.
    """

    SOURCE = 0
    HELPED = 1
    CONTRIBUTOR = 2
    OTHER = 3


@dataclass(frozen=True)
class Doors:
    """Entrances at one moment, in the order of their rows; all arrays of shape ``(entrances,)``.

    Attributes
    ----------
    uid, complex
        Identities of the entrance and of its complex.
    district
        Row of the district.
    dwellings, sites, replaced
        Dwellings; of these pulled down and not built again yet, and built since the beginning of the run.
    households
        Households that live there.
    top, bottom
        Numerator and denominator of each of :data:`MAPPED`.
    """

    uid: Uids
    complex: Uids
    district: NDArray[np.int32]
    dwellings: Counts
    sites: Counts
    replaced: Counts
    households: Counts
    top: Mapping[str, NDArray[np.float64]]
    bottom: Mapping[str, NDArray[np.float64]]

    def share(self, measure: str) -> NDArray[np.float64]:
        """Per cent of the households behind each entrance; NaN where nobody lives."""
        top, bottom = self.top[measure], self.bottom[measure]
        found = np.full(top.shape, np.nan)
        np.divide(PERCENT * top, bottom, out=found, where=bottom > 0)
        return found


@dataclass(frozen=True)
class Circle:
    """Adults of one complex and the ties among them at one moment.

    Attributes
    ----------
    complex
        Identity of the complex.
    uid, entrance, standing
        Adults in the order of their uid, the uid of their entrance and what they are (:class:`Standing`); shape
        ``(adults,)``.
    first, second
        Uids of the two ends of each tie, in this order; shape ``(ties,)``.
    strength
        Of each tie, 0 to 1.
    strong
        Strength from which a tie is a good contact.
    """

    complex: int
    uid: Uids
    entrance: Uids
    standing: NDArray[np.int8]
    first: Uids
    second: Uids
    strength: NDArray[np.float32]
    strong: float


@dataclass(frozen=True)
class Closeup:
    """What was kept of a run.

    Attributes
    ----------
    moments
        Months that had passed at each look; 0 is the start.
    doors
        Per moment.
    circles
        Per moment and district; None for a district without residents at the start.
    hours
        Of neighbourhood teams, shape ``(months, len(HOURS), districts)``.
    """

    moments: tuple[int, ...]
    doors: tuple[Doors, ...]
    circles: tuple[tuple[Circle | None, ...], ...]
    hours: NDArray[np.float64]


def moments(months: int) -> tuple[int, ...]:
    """When to look: at the start, after half of the years and at the end."""
    half = months // (2 * MONTHS_PER_YEAR) * MONTHS_PER_YEAR
    return tuple(sorted({0, half, months}))


class Look:
    """Observer of an engine; looks for the first time when it is made.

    Parameters
    ----------
    ctx
        A warmed-up run before its first month.
    months
        Length of the run.
    """

    def __init__(self, ctx: Context, months: int) -> None:
        self.when = moments(months)
        self.places = tuple(chosen_complex(ctx, district) for district in range(ctx.world.n_districts))
        self.doors: list[Doors] = []
        self.circles: list[tuple[Circle | None, ...]] = []
        self.hours = np.zeros((months, len(HOURS), ctx.world.n_districts))
        self._look(ctx)

    def __call__(self, ctx: Context) -> None:
        """Add the hours of the month; look where it is time."""
        use: Use = ctx.world.stores[USED]
        team = list(FRONTLINE)
        for part, hours in enumerate((use.crisis, use.cases + use.intake, use.outreach)):
            self.hours[ctx.month, part] = hours[team].sum(axis=0)
        if ctx.month + 1 in self.when:
            self._look(ctx)

    def _look(self, ctx: Context) -> None:
        self.doors.append(_doors(ctx))
        self.circles.append(tuple(None if row is None else _circle(ctx, row) for row in self.places))

    def closeup(self) -> Closeup:
        """What was kept."""
        return Closeup(self.when, tuple(self.doors), tuple(self.circles), self.hours)


def chosen_complex(ctx: Context, district: int) -> int | None:
    """Row of the complex with most corporation dwellings among those that are small enough to draw.

    Where all are too large, the smallest; None where nobody lives. What happens later has no part in it.
    """
    world = ctx.world
    size = world.complex.size
    homes = world.household.complex[world.resident.household[_adults(ctx)]]
    adults = np.bincount(homes[homes >= 0], minlength=size)
    here = np.flatnonzero((world.complex.district == district) & (adults > 0))
    if here.size == 0:
        return None
    drawable = here[adults[here] <= MOST_ADULTS]
    if drawable.size == 0:
        return int(here[np.argmin(adults[here])])
    dwelling = world.dwelling
    let = dwelling.rows[dwelling.owner[dwelling.rows] == int(Tenure.CORPORATION)]
    owned = np.bincount(dwelling.complex[let], minlength=size)
    order = np.lexsort((drawable, -adults[drawable], -owned[drawable]))
    return int(drawable[order[0]])


def _adults(ctx: Context) -> Rows:
    return np.flatnonzero(people.adults(ctx)).astype(np.int32)


def _doors(ctx: Context) -> Doors:
    world = ctx.world
    entrance, dwelling, household = world.entrance, world.dwelling, world.household
    rows, size = entrance.rows, entrance.size
    home = household.entrance
    lived = household.rows[home[household.rows] >= 0]

    def per_entrance(chosen: NDArray[np.bool_]) -> Counts:
        found = dwelling.rows[chosen[dwelling.rows]]
        return np.bincount(dwelling.entrance[found], minlength=size)[rows]

    def summed(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(home[lived], weights=values[lived], minlength=size)[rows].astype(np.float64)

    kinds = [MEASURES.get(name)() for name in MAPPED]
    return Doors(
        uid=entrance.uid[rows].copy(),
        complex=world.complex.uid[entrance.complex[rows]],
        district=entrance.district[rows].copy(),
        dwellings=per_entrance(dwelling.alive),
        sites=per_entrance(dwelling.works == int(Works.SITE)),
        replaced=per_entrance(dwelling.replaced),
        households=np.bincount(home[lived], minlength=size)[rows],
        top={kind.name: summed(kind.numerator(ctx).astype(np.float64)) for kind in kinds},
        bottom={kind.name: summed(kind.denominator(ctx).astype(np.float64)) for kind in kinds},
    )


def _circle(ctx: Context, complex_row: int) -> Circle:
    world = ctx.world
    resident, ties = world.resident, world.ties
    rows = _adults(ctx)
    rows = rows[world.household.complex[resident.household[rows]] == complex_row]
    rows = rows[np.argsort(resident.uid[rows])]
    inside = np.zeros(resident.size, dtype=bool)
    inside[rows] = True
    kept = np.flatnonzero(inside[ties.a] & inside[ties.b])
    ends = np.sort(np.stack([resident.uid[ties.a[kept]], resident.uid[ties.b[kept]]]), axis=0)
    order = np.lexsort((ends[1], ends[0]))
    return Circle(
        complex=int(world.complex.uid[complex_row]),
        uid=resident.uid[rows],
        entrance=world.entrance.uid[resident.entrance[rows]],
        standing=_standing(ctx, rows),
        first=ends[0][order],
        second=ends[1][order],
        strength=ties.strength[kept][order],
        strong=float(ctx.values["contacts.strong"]),
    )


def _standing(ctx: Context, rows: Rows) -> NDArray[np.int8]:
    resident = ctx.world.resident
    return np.select(
        [
            resident.nuisance_source[rows],
            resident.case[rows] == int(CaseStage.OPEN),
            resident.contributor[rows],
        ],
        [np.int8(Standing.SOURCE), np.int8(Standing.HELPED), np.int8(Standing.CONTRIBUTOR)],
        np.int8(Standing.OTHER),
    ).astype(np.int8)
