"""Probes that follow persons and estates over a year or longer: who is reported again, who offends again, and where.

What has to be remembered is kept beside the world, by identity, so that a row that somebody else takes over tells
nothing of the one who was there before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.validation.probes import Pair, probe
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.measures.work import LONG_YEARS
from wijksim.state.codes import Activity, DwellingKind
from wijksim.state.structure import ADULT_AGE
from wijksim.state.world import World

type Uids = NDArray[np.uint64]
type Numbers = NDArray[np.int64]
_LAST_MONTH = MONTHS_PER_YEAR - 1
_SEVERAL = 2  # reports that are more than one


def _no_uids() -> Uids:
    return np.empty(0, np.uint64)


def _no_numbers() -> Numbers:
    return np.empty(0, np.int64)


def _by_district(
    ctx: Context, where: NDArray[np.integer], weights: Numbers | None = None
) -> NDArray[np.float64]:
    """Sums per district; what happened nowhere is left out."""
    n = ctx.world.n_districts
    return np.asarray(np.bincount(where + 1, weights=weights, minlength=n + 1)[1:], dtype=np.float64)


# --- spells of assistance --------------------------------------------------------------------------


@probe("assistance_spell_long", "resident")
def _long_spells(ctx: Context) -> Pair:
    """Five years or more on assistance without a break, of those on it.

    The clock on which exits depend goes on through short breaks; published durations are read as unbroken.
    """
    resident = ctx.world.resident
    inside = np.asarray(resident.alive & (resident.activity == Activity.ASSISTANCE))
    return inside & (ctx.month - resident.activity_since >= LONG_YEARS * MONTHS_PER_YEAR), inside


# --- reports of confused behaviour -----------------------------------------------------------------


@dataclass
class _Reports:
    """Reports of this calendar year and the one before: who, in which month, how many, and where."""

    uid: Uids = field(default_factory=_no_uids)
    month: Numbers = field(default_factory=_no_numbers)
    reports: Numbers = field(default_factory=_no_numbers)
    district: Numbers = field(default_factory=_no_numbers)


_REPORTS: WeakKeyDictionary[World, _Reports] = WeakKeyDictionary()


@probe("crises_repeated", "district")
def _repeated(ctx: Context) -> Pair:
    """Reports of this calendar year by those with an earlier one in twelve months, and all; counted in December.

    The published figures go together only if all reports of a repeater count: 38 per cent of persons make 66 per
    cent of reports, so the 62 per cent with a single report make the other 34.
    """
    resident = ctx.world.resident
    kept = _REPORTS.setdefault(ctx.world, _Reports())
    rows = ctx.log.column("crises", "row").astype(np.intp)
    kept.uid = np.concatenate([kept.uid, resident.uid[rows]])
    kept.month = np.concatenate([kept.month, np.full(rows.size, ctx.month)])
    kept.reports = np.concatenate([kept.reports, ctx.log.column("crises", "reports").astype(np.int64)])
    kept.district = np.concatenate([kept.district, resident.district[rows].astype(np.int64)])
    if ctx.month % MONTHS_PER_YEAR != _LAST_MONTH:
        nothing = np.zeros(ctx.world.n_districts)
        return nothing, nothing
    _, person = np.unique(kept.uid, return_inverse=True)
    now = kept.month > ctx.month - MONTHS_PER_YEAR
    order = np.lexsort((kept.month, person))
    gap = np.full(order.size, MONTHS_PER_YEAR + 1)
    same = np.diff(person[order]) == 0
    gap[order[1:]] = np.where(same, np.diff(kept.month[order]), MONTHS_PER_YEAR + 1)
    repeats = now & ((gap <= MONTHS_PER_YEAR) | (kept.reports >= _SEVERAL))
    repeater = np.zeros(person.max(initial=-1) + 1, dtype=bool)
    repeater[person[repeats]] = True
    result = (
        _by_district(ctx, kept.district[now], np.where(repeater[person], kept.reports, 0)[now]),
        _by_district(ctx, kept.district[now], kept.reports[now]),
    )
    for name in ("uid", "month", "reports", "district"):
        setattr(kept, name, getattr(kept, name)[now])
    return result


_ON_ESTATES: WeakKeyDictionary[World, Numbers] = WeakKeyDictionary()


@probe("trouble_estate_size", "district", needs=("resident.crises",))
def _estates(ctx: Context) -> Pair:
    """Residents, and number, of blocks of flats with two or more reports of confused behaviour in this calendar year.

    The fact is about blocks in which tenants of all kinds share entrances, not about rows of houses.
    """
    world, month = ctx.world, ctx.month % MONTHS_PER_YEAR
    size = world.complex.size
    kept = _ON_ESTATES.get(world)
    if kept is None or month == 0:
        kept = np.zeros(size, dtype=np.int64)
    kept = np.pad(kept, (0, max(size - kept.size, 0)))
    where = world.gather("resident", slice(None), "household.complex").astype(np.intp)
    hit = np.flatnonzero((world.resident.crises > 0) & world.resident.alive & (where >= 0))
    reports = np.bincount(where[hit], weights=world.resident.crises[hit], minlength=size)
    kept[:size] += reports.astype(np.int64)
    _ON_ESTATES[world] = kept
    if month != _LAST_MONTH:
        nothing = np.zeros(world.n_districts)
        return nothing, nothing
    living = world.resident.alive & (where >= 0)
    people = np.bincount(where[living], minlength=size)[:size]
    dwelling = world.dwelling
    flats = dwelling.rows[dwelling.kind[dwelling.rows] == DwellingKind.FLAT]
    block = np.bincount(dwelling.complex[flats], minlength=size)[:size] > 0
    again = np.flatnonzero((kept[:size] >= _SEVERAL) & block)
    place = world.complex.district[again].astype(np.int64)
    return _by_district(ctx, place, people[again]), _by_district(ctx, place)


# --- offending -------------------------------------------------------------------------------------

_FOLLOWED = 2 * MONTHS_PER_YEAR  # months in which a new case counts as reconviction


@dataclass
class _Index:
    """Young suspects who are followed: identity, month and district of the case, and whether another one came."""

    uid: Uids = field(default_factory=_no_uids)
    month: Numbers = field(default_factory=_no_numbers)
    district: Numbers = field(default_factory=_no_numbers)
    again: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))


_SUSPECTS: WeakKeyDictionary[World, _Index] = WeakKeyDictionary()


@probe("reconviction_juvenile", "district", needs=("resident.suspect",))
def _recidivism(ctx: Context) -> Pair:
    """Young suspects with another case within two years, and all whose two years are over this month.

    As in the judicial statistics, somebody counts once a calendar year, from the first case in it.
    """
    resident = ctx.world.resident
    kept = _SUSPECTS.setdefault(ctx.world, _Index())
    now = np.flatnonzero(resident.suspect & resident.alive)
    kept.again |= np.isin(kept.uid, resident.uid[now])
    young = now[resident.age[now] < ADULT_AGE]
    this_year = kept.uid[kept.month >= ctx.month - ctx.month % MONTHS_PER_YEAR]
    fresh = young[~np.isin(resident.uid[young], this_year)]
    kept.uid = np.concatenate([kept.uid, resident.uid[fresh]])
    kept.month = np.concatenate([kept.month, np.full(fresh.size, ctx.month)])
    kept.district = np.concatenate([kept.district, resident.district[fresh].astype(np.int64)])
    kept.again = np.concatenate([kept.again, np.zeros(fresh.size, np.bool_)])
    over = ctx.month - kept.month >= _FOLLOWED
    # who died or left is followed no more; a case that came before counts
    known = np.isin(kept.uid, resident.uid[resident.rows]) | kept.again
    done = kept.district[over & known]
    again = kept.again[over & known].astype(np.int64)
    result = _by_district(ctx, done, again), _by_district(ctx, done)
    stay = ~over
    for name in ("uid", "month", "district", "again"):
        setattr(kept, name, getattr(kept, name)[stay])
    return result
