"""Probes of homes: lettings, moves, wishes to move, and incomes of those who come and go."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.validation.probes import Look, Pair, aged, probe
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.mechanisms.housing.leave import MOVES
from wijksim.state.codes import Fate, SeekerCategory
from wijksim.state.world import World


def _lettings(ctx: Context, chosen: NDArray[np.bool_]) -> NDArray[np.intp]:
    letting = ctx.world.letting
    where = letting.district[chosen & letting.alive] + 1
    return np.asarray(np.bincount(where, minlength=ctx.world.n_districts + 1)[1:])


@probe("lettings_status", "district")
def _status(ctx: Context) -> Pair:
    letting = ctx.world.letting
    return _lettings(ctx, letting.category == SeekerCategory.STATUS), _lettings(ctx, letting.alive)


@probe("lettings_regular", "district")
def _regular(ctx: Context) -> Pair:
    letting = ctx.world.letting
    return _lettings(ctx, letting.category == SeekerCategory.REGULAR), _lettings(ctx, letting.alive)


@probe("lettings_vulnerable", "district")
def _vulnerable(ctx: Context) -> Pair:
    """Lettings to vulnerable groups, with guidance, without it (taken as urgent), status holders."""
    letting = ctx.world.letting
    grounds = (SeekerCategory.STATUS, SeekerCategory.SHELTER, SeekerCategory.URGENT)
    return _lettings(ctx, np.isin(letting.category, grounds)), _lettings(ctx, letting.alive)


def _moves_at(age: int) -> Look:
    """Persons of an age who moved, within the city or out of it, and residents of that age."""

    def look(ctx: Context) -> Pair:
        n, resident = ctx.world.n_districts, ctx.world.resident
        rows = ctx.log.column("moves", "row").astype(np.intp)
        here = rows[np.abs(resident.age[rows] - age) <= 1]
        moved = np.bincount(resident.district[here] + 1, minlength=n + 1)[1:].astype(np.float64)
        fate = ctx.log.column("exits", "fate")
        gone = (np.abs(ctx.log.column("exits", "age") - age) <= 1) & np.isin(
            fate, (Fate.REST_OF_CITY, Fate.LEFT_CITY)
        )
        where = ctx.log.column("exits", "district")[gone].astype(np.intp)
        moved += np.bincount(where[where >= 0], minlength=n)
        return moved, ctx.world.by_district("resident", aged(ctx, age - 1, age + 2))

    return look


for _age in (25, 35, 45, 55, 65):
    probe(f"moves_at_{_age}", "district", rate=True)(_moves_at(_age))


_INTENTION = 2 * MONTHS_PER_YEAR  # months in which somebody means to move


@probe("wish_if_dissatisfied", "household")
def _wish(ctx: Context) -> Pair:
    """Chance that a dissatisfied household decides to move within two years, as things are with it now.

    Asked is what people intend, not whether they find a home. Dissatisfaction is in standard deviations around the
    national mean: one above it is dissatisfied.
    """
    household = ctx.world.household
    unhappy = household.alive & (household.dissatisfied > 1)
    chance = np.zeros(household.size)
    for tenure, event in MOVES.items():
        rows = np.flatnonzero(unhappy & (household.tenure == tenure)).astype(np.int32)
        if rows.size:
            chance[rows] = 1 - (1 - event.probability(ctx, rows)) ** _INTENTION
    return np.where(household.move_wish & unhappy, 1.0, chance), unhappy


def _incomes(ctx: Context) -> tuple[Pair, Pair]:
    """Incomes of households that left each district this month, and of those that came.

    What was here a month ago is kept beside the world, by identity of the household.
    """
    world, household = ctx.world, ctx.world.household
    rows = household.rows
    now = (
        household.uid[rows].copy(),
        household.district[rows].copy(),
        household.income[rows].astype(np.float64),
    )
    before = _BEFORE.get(world, now)
    _BEFORE[world] = now
    left, came = _difference(before, now), _difference(now, before)
    return _sums(*left, world.n_districts), _sums(*came, world.n_districts)


type _Snapshot = tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.float64]]
_BEFORE: WeakKeyDictionary[World, _Snapshot] = WeakKeyDictionary()


def _difference(one: _Snapshot, other: _Snapshot) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """District and income of households of ``one`` that are not in the same district in ``other``."""
    order = np.argsort(other[0])
    at = np.searchsorted(other[0], one[0], sorter=order)
    place = order[np.minimum(at, order.size - 1)]
    same = (other[0][place] == one[0]) & (other[1][place] == one[1])
    return one[1][~same], one[2][~same]


def _sums(district: NDArray[np.int32], income: NDArray[np.float64], n: int) -> Pair:
    return (
        np.bincount(district + 1, weights=income, minlength=n + 1)[1:],
        np.bincount(district + 1, minlength=n + 1)[1:].astype(np.float64),
    )


_LEAVERS: WeakKeyDictionary[World, tuple[int, Pair, Pair]] = WeakKeyDictionary()


def _month_incomes(ctx: Context) -> tuple[int, Pair, Pair]:
    """The same, looked up once a month."""
    known = _LEAVERS.get(ctx.world)
    if known is None or known[0] != ctx.month:
        known = (ctx.month, *_incomes(ctx))
        _LEAVERS[ctx.world] = known
    return known


@probe("leavers_income", "district")
def _leavers(ctx: Context) -> Pair:
    return _month_incomes(ctx)[1]


@probe("entrants_income", "district")
def _entrants(ctx: Context) -> Pair:
    return _month_incomes(ctx)[2]
