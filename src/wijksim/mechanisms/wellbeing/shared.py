"""States of residents whose drivers are added up where they live: per household and per entrance first.

States of which none drives another move together, in one pass that adds up all their drivers and one that moves all.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.influence import Influence
from wijksim.kernel.relax import Relax, logistic, logit, step_fraction
from wijksim.mechanisms.wellbeing.driver_loops import (
    KINDS,
    SLOTS,
    STEP,
    Memory,
    add_matches,
    add_values,
    hand_down,
    move,
    odds,
    shared_odds,
)
from wijksim.state.structure import REACH
from wijksim.state.table import Rows, Table

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_NOBODY_FRESH = np.empty(0, dtype=np.int32)

type Term = tuple[Influence, float, float]  # a driver, its national mean and its weight


_logit = lru_cache(maxsize=2**5)(logit)
_step_fraction = lru_cache(maxsize=2**5)(step_fraction)


class _Plan(NamedTuple):
    """Drivers, what centring adds to their sum, and what rows without a link get, per table."""

    factors: list[Term]
    constant: float
    absent: dict[str, np.float32]


class _Places(NamedTuple):
    """Tables and where drivers lie in them, as :func:`wijksim.mechanisms.wellbeing.driver_loops.shared_odds` asks."""

    sources: tuple[Table, Table, Table, Table]
    memory: tuple[Memory, Memory, Memory, Memory]
    roads: NDArray[np.int64]
    steps: NDArray[np.int64]
    ends: NDArray[np.int64]
    codes: NDArray[np.int64]
    factors: NDArray[np.float64]
    nobody: NDArray[np.float32]


class _Known(NamedTuple):
    """What a group knows of its states, and what that follows from: parameters, the reference, and where tables lie.

    Attributes
    ----------
    values, given, stored, size, laid, tables
        What all the rest follows from; the first are the parameters themselves, which a month with others has anew.
    plans, loops
        Of each state, and the loops to which any driver belongs.
    places
        Where the drivers lie; None if they are too odd for one pass.
    constants, levels, fractions
        What centring adds, the log odds of the level and the part of the distance covered in a month, by state.
    """

    values: dict[str, float]
    given: tuple[float, ...]
    stored: dict[str, Any]
    size: int
    laid: int
    tables: dict[str, Table]
    plans: tuple[_Plan, ...]
    loops: frozenset[str | None]
    places: _Places | None
    constants: NDArray[np.float64]
    levels: NDArray[np.float64]
    fractions: NDArray[np.float64]


class SharedRelax(Relax):
    """A state of residents whose drivers are added up where they live, and handed down once.

    Half of the drivers are facts about a household, an entrance or a dwelling. Summed up per household and per
    entrance first, they cost a gather in all and not a gather each. The result is the same as of ``Relax``.
    """

    _kept: _Plan | None = None

    @cached_property
    def together(self) -> Together:
        """Group of this state only."""
        return Together(self)

    def target(self, ctx: Context, rows: Rows | slice = slice(None)) -> NDArray[Any]:
        """Value to which the state moves; the quick way for the whole column.

        The sum of the drivers is kept within a bound, as that of an event is: a rare driver has a small
        standard deviation, and several at once would leave no doubt about anybody.
        """
        if isinstance(rows, slice) and rows == slice(None):
            power = np.empty(ctx.world.resident.size, dtype=np.float32)
            self.against(ctx, self.plan(ctx), power)
            np.exp(power, out=power)
            power += 1
            return np.divide(1, power, out=power)
        size = np.arange(ctx.world.tables[self.table].size)[rows].size
        total = np.zeros(size, dtype=np.float32) + self.index.at(ctx, rows)
        bound = ctx.values["wellbeing.index_bound"]
        np.clip(total, -bound, bound, out=total)
        total += np.float32(logit(ctx.values[self.level]))
        return logistic(total)

    def step(self, ctx: Context, *, fresh: NDArray[Any] | None = None) -> None:
        """Move the whole column one month towards its target; ``fresh`` rows go there at once (newcomers)."""
        self.together.step(ctx, _NOBODY_FRESH if fresh is None else fresh)

    def against(self, ctx: Context, plan: _Plan, out: NDArray[np.float32]) -> None:
        """Fill ``out`` with the log odds against the target of everybody, driver by driver."""
        household = self._added(ctx, plan, out)
        bound, level = ctx.values["wellbeing.index_bound"], _logit(ctx.values[self.level])
        odds(out, household, ctx.world.resident.household, plan.constant, bound, level)

    def _added(self, ctx: Context, plan: _Plan, own: NDArray[np.float32]) -> NDArray[np.float32]:
        """Fill ``own`` with sums of the drivers of residents and return those of households, driver by driver."""
        world, special = ctx.world, ctx.loops.special
        tables = world.tables
        sums: dict[str, NDArray[np.float32]] = {}
        for table, nobody in plan.absent.items():
            # the last place is for rows that have no such link
            sums[table] = np.zeros(tables[table].size + 1, dtype=np.float32)
            sums[table][-1] = nobody
        for influence, _, factor in plan.factors:
            source, attribute = influence.place
            total = sums[source][:-1]
            if influence.loop in special:
                add_values(total, influence.values(ctx, source, slice(None)), factor)
            elif influence.wanted is not None:
                add_matches(total, tables[source][attribute], influence.wanted, factor)
            else:
                add_values(total, tables[source][attribute], factor)
        own[:] = sums.pop(self.table)[:-1]
        household = sums.pop("household")
        for source, part in sums.items():
            hand_down(part, world.household[REACH["household", source]], household[:-1])
        return household

    def plan(self, ctx: Context) -> _Plan:
        """Drivers, their constant, and what rows without a link get, per table; kept while it holds."""
        factors = self.index.factors(ctx)
        kept = self._kept
        if kept is not None and kept.factors is factors:
            return kept
        constant = 0.0
        absent = {self.table: np.float32(0), "household": np.float32(0)}
        for influence, mean, factor in factors:
            constant -= mean * factor
            source = influence.place[0]
            default = influence.nobody(ctx.world)
            if source != self.table:
                here = default if influence.equals is None else float(default in influence.codes)
                absent[source] = absent.get(source, np.float32(0)) + np.float32(factor) * np.float32(here)
        self._kept = _Plan(factors, constant, absent)
        return self._kept


class Together:
    """States of residents that move in one pass: none of them drives another."""

    def __init__(self, *states: SharedRelax) -> None:
        self.states = states
        self.table = states[0].table
        self._columns = tuple([state.attribute for state in states])
        names = [name for state in states for name in (state.level, state.half_life)]
        names += [influence.weight for state in states for influence in state.index.influences]
        self._given = itemgetter("wellbeing.index_bound", *names)
        self._known: _Known | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without what follows from tables."""
        return {**self.__dict__, "_known": None}

    def step(self, ctx: Context, fresh: Rows) -> None:
        """Move whole columns one month towards their targets; ``fresh`` rows go there at once (newcomers)."""
        resident, known, special = ctx.world.resident, self._kept(ctx), ctx.loops.special
        power = np.empty((len(self.states), resident.size), dtype=np.float32)
        if known.places is not None and (not special or known.loops.isdisjoint(special)):
            sources, memory, roads, steps, ends, codes, factors, nobody = known.places
            sizes = sources[0].size, sources[1].size, sources[2].size, sources[3].size
            shared_odds(
                memory, sizes, roads, steps, ends, codes, factors, nobody, resident.household,
                known.constants, ctx.values["wellbeing.index_bound"], known.levels, power,
            )  # fmt: skip
        else:
            for state, plan, out in zip(self.states, known.plans, power, strict=True):
                state.against(ctx, plan, out)
        np.exp(power, out=power)
        move(*resident.lines(self._columns), power, known.fractions, fresh)
        if ctx.tracer is not None:
            for state in self.states:
                ctx.tracer.state(ctx, state)

    def _kept(self, ctx: Context) -> _Known:
        """What is known of the states as long as parameters, reference and tables stay what they are."""
        values, reference, tables, known = ctx.values, ctx.reference, ctx.world.tables, self._known
        if (
            known is not None
            and (known.values is values or known.given == self._given(values))
            and known.stored is reference.stored
            and known.size == len(reference.stored)
            and known.laid == Table.laid
            and known.tables is tables
            and not reference.tracking
        ):
            return known
        plans = tuple([state.plan(ctx) for state in self.states])
        self._known = _Known(
            values, self._given(values), reference.stored, len(reference.stored), Table.laid, tables, plans,
            frozenset(influence.loop for plan in plans for influence, _, _ in plan.factors),
            _lay_out(tables, plans),
            np.array([plan.constant for plan in plans], np.float64),
            np.array([_logit(values[state.level]) for state in self.states], np.float64),
            np.array([_step_fraction(values[state.half_life]) for state in self.states], np.float64),
        )  # fmt: skip
        return self._known


def _lay_out(tables: dict[str, Table], plans: tuple[_Plan, ...]) -> _Places | None:
    """Find the drivers of plans in the memory of their tables."""
    names = list(dict.fromkeys(name for plan in plans for name in plan.absent))
    drivers = [driver for plan in plans for driver in plan.factors]
    kinds = [KINDS.get(tables[one.place[0]][one.place[1]].dtype.str, -1) for one, _, _ in drivers]
    # what tables hand down is added up in one order for all
    in_order = all([*plan.absent] == [name for name in names if name in plan.absent] for plan in plans)
    if len(names) > SLOTS or -1 in kinds or not in_order:
        return None
    steps: list[tuple[int, ...]] = []
    codes: list[int] = []
    for (influence, _, _), kind in zip(drivers, kinds, strict=True):
        source, attribute = influence.place
        begin = len(codes)
        codes += influence.codes
        steps.append((kind, tables[source].begins(attribute), names.index(source), begin, len(codes)))
    roads = [0, 0, *(tables["household"].begins(REACH["household", name]) for name in names[2:])]
    sources = [tables[name] for name in names]
    first, second, third, fourth = (*sources, *sources[:1] * (SLOTS - len(names)))
    absent = [[plan.absent.get(name, np.float32(0)) for name in names] for plan in plans]
    return _Places(
        (first, second, third, fourth),
        (first.memory, second.memory, third.memory, fourth.memory),
        np.array(roads, np.int64),
        np.array(steps, np.int64).reshape(-1, len(STEP)),
        np.cumsum([len(plan.factors) for plan in plans], dtype=np.int64),
        np.array(codes, np.int64),
        np.array([factor for _, _, factor in drivers], np.float64),
        np.array(absent, np.float32),
    )
