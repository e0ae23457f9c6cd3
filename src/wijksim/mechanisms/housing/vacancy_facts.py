"""What only some rules of allocation want to know of a vacancy or a seeker; looked up when a rule asks for it.

Need for support in the complex, the district and all districts, the commonest stage of life behind an entrance, and the
stage of life of seekers. Nothing here is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.errors import did_you_mean
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.steering import Steering
from wijksim.mechanisms.housing.columns import CHANNELS, SeekerKind
from wijksim.mechanisms.housing.facts import Facts
from wijksim.state.codes import HouseholdType
from wijksim.state.pool import Pool

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]
type Codes = NDArray[np.int8]


class Stage(IntEnum):
    """Stage of life as contacts sees it: who has children at home is in it whatever the age."""

    YOUNG = 0
    CHILDREN = 1
    MIDDLE = 2
    OLD = 3


def needs(ctx: Context) -> tuple[str, ...]:
    """Names of what the rule in force needs to know of a vacancy beyond the usual."""
    rule = ctx.strategies.get("allocation")
    return rule.needs if isinstance(rule, Steering) else ()


def add_facts(ctx: Context, facts: Facts, vulnerable: Floats) -> None:
    """Add to the facts of the vacancies what the rule in force needs beyond them.

    Parameters
    ----------
    vulnerable
        Share of the dwellings behind each entrance with a household in need.
    """
    for name in needs(ctx):
        if name not in _FACTS:
            hint = did_you_mean(name, sorted(_FACTS))
            meant = f", did you mean '{hint}'?" if hint else ""
            raise ValueError(f"a rule of allocation needs '{name}' of vacancies, which is not known{meant}")
        facts[name] = _FACTS[name](ctx, facts, vulnerable)


def review_targets(ctx: Context) -> None:
    """Write the targets per complex that the rule in force sets this month."""
    rule = ctx.strategies.get("allocation")
    targets = rule.review(ctx) if isinstance(rule, Steering) else None
    if targets is not None:
        reviewed = ~np.isnan(targets)
        ctx.world.complex.room[reviewed] = targets[reviewed]


def _need_and_homes(ctx: Context, place: str, vulnerable: Floats) -> tuple[Floats, Floats]:
    """Homes with a household in need and all homes, by ``complex`` or ``district``."""
    entrance, size = ctx.world.entrance, ctx.world.tables[place].size
    rows = entrance.rows
    where, homes = entrance[place][rows], entrance.dwellings[rows].astype(np.float64)
    need = np.bincount(where, weights=vulnerable[rows] * homes, minlength=size)
    return need, np.bincount(where, weights=homes, minlength=size)


def _vulnerable_in(place: str) -> Callable[[Context, Facts, Floats], Floats]:
    """Share of homes with a household in need, in the ``complex`` or the ``district`` of each vacancy."""

    def share(ctx: Context, facts: Facts, vulnerable: Floats) -> Floats:
        need, homes = _need_and_homes(ctx, place, vulnerable)
        return np.asarray((need / np.maximum(homes, 1))[facts[place]])

    return share


def _vulnerable_mean(ctx: Context, facts: Facts, vulnerable: Floats) -> Floats:
    """Share of homes with a household in need in all districts together."""
    need, homes = _need_and_homes(ctx, "district", vulnerable)
    return np.full(facts["district"].size, need.sum() / max(float(homes.sum()), 1))


def _stage_in(place: str) -> Callable[[Context, Facts, Floats], Codes]:
    """Commonest stage of life of households in the ``entrance`` or ``complex`` of each vacancy; -1 where none live."""

    def commonest(ctx: Context, facts: Facts, vulnerable: Floats) -> Codes:
        del vulnerable
        household, resident = ctx.world.household, ctx.world.resident
        rows = household.rows
        stage = stages(ctx, resident.age[household.head[rows]], household.children[rows] > 0)
        count = np.zeros((ctx.world.tables[place].size, len(Stage)), dtype=np.int64)
        np.add.at(count, (household[place][rows], stage), 1)
        found = np.where(count.any(axis=1), count.argmax(axis=1), -1).astype(np.int8)
        return np.asarray(found[facts[place]])

    return commonest


def stages(ctx: Context, age: NDArray[Any], children: NDArray[np.bool_]) -> Codes:
    """Stage of life by age in years and whether there are children at home."""
    middle, old = (int(ctx.values[f"contacts.stage_{name}"]) for name in ("middle", "old"))
    by_age = np.where(age >= old, Stage.OLD, np.where(age >= middle, Stage.MIDDLE, Stage.YOUNG))
    return np.where(children, Stage.CHILDREN, by_age).astype(np.int8)


def seeker_stages(ctx: Context, seekers: NDArray[Any]) -> Codes:
    """Stage of life of seekers, shape of ``seekers``: of newcomers as their record says, of others as they are."""
    world, table = ctx.world, ctx.world.seeker
    kind, persons = table.kind, table.persons
    age, children = np.zeros(table.size), np.zeros(table.size, dtype=bool)
    for channel in CHANNELS:
        pool = world.pools.get(channel.name.lower())
        rows = np.flatnonzero(
            table.alive & (kind == int(SeekerKind.NEWCOMER)) & (table.channel == int(channel))
        )
        if pool is not None and rows.size:
            age[rows], children[rows] = (values[table.record[rows]] for values in _of_pool(pool))
    rows = np.flatnonzero(table.alive & (kind == int(SeekerKind.HOUSEHOLD)) & (table.household >= 0))
    home = table.household[rows]
    age[rows], children[rows] = (
        world.resident.age[world.household.head[home]],
        world.household.children[home] > 0,
    )
    rows = np.flatnonzero(table.alive & (kind == int(SeekerKind.RESIDENT)) & (table.resident >= 0))
    # who leaves with more persons than one takes children along
    age[rows], children[rows] = world.resident.age[table.resident[rows]], persons[rows] > 1
    return np.asarray(stages(ctx, age, children).take(seekers, mode="wrap"))


def _of_pool(pool: Pool) -> tuple[Floats, NDArray[np.bool_]]:
    """Age of the head and whether there are children, per record."""
    first = pool.start[:-1]
    families = (HouseholdType.FAMILY, HouseholdType.SINGLE_PARENT)
    return pool.resident["age_months"][first] / MONTHS_PER_YEAR, np.isin(pool.extra["type"], families)


_FACTS: dict[str, Callable[[Context, Facts, Floats], NDArray[Any]]] = {
    "vulnerable_complex": _vulnerable_in("complex"),
    "vulnerable_district": _vulnerable_in("district"),
    "vulnerable_mean": _vulnerable_mean,
    "stage_entrance": _stage_in("entrance"),
    "stage_complex": _stage_in("complex"),
}
