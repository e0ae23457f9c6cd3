"""States of residents whose drivers are added up where they live: per household and per entrance first."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
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
from wijksim.state.world import World

_NOBODY_FRESH = np.empty(0, dtype=np.intp)

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
    codes: NDArray[np.int64]
    factors: NDArray[np.float64]
    nobody: NDArray[np.float32]


class _Layout(NamedTuple):
    """Where the drivers of a plan lie; holds as long as tables are laid out the same. No places: too odd for it."""

    plan: _Plan
    laid: int
    tables: dict[str, Table]
    loops: frozenset[str | None]
    places: _Places | None


class SharedRelax(Relax):
    """A state of residents whose drivers are added up where they live, and handed down once.

    Half of the drivers are facts about a household, an entrance or a dwelling. Summed up per household and per
    entrance first, they cost a gather in all and not a gather each. The result is the same as of ``Relax``.
    """

    _kept: _Plan | None = None
    _layout: _Layout | None = None

    def target(self, ctx: Context, rows: Rows | slice = slice(None)) -> NDArray[Any]:
        """Value to which the state moves; the quick way for the whole column.

        The sum of the drivers is kept within a bound, as that of an event is: a rare driver has a small
        standard deviation, and several at once would leave no doubt about anybody.
        """
        if isinstance(rows, slice) and rows == slice(None):
            power = self._power(ctx)
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
        state = ctx.world.tables[self.table][self.attribute]
        at_once = _NOBODY_FRESH if fresh is None else fresh
        move(state, self._power(ctx), _step_fraction(ctx.values[self.half_life]), at_once)
        if ctx.tracer is not None:
            ctx.tracer.state(ctx, self)

    def __getstate__(self) -> dict[str, Any]:
        """State without what follows from tables."""
        return {**self.__dict__, "_layout": None}

    def _power(self, ctx: Context) -> NDArray[np.float32]:
        """Odds against the target of everybody: own facts first, then what the household hands down."""
        world, special = ctx.world, ctx.loops.special
        plan, layout = self._plan(ctx), self._layout
        if (
            layout is None
            or layout.plan is not plan
            or layout.laid != Table.laid
            or layout.tables is not world.tables
        ):
            layout = self._layout = _lay_out(self.table, world, plan)
        power = np.empty(world.resident.size, dtype=np.float32)
        bound, level = ctx.values["wellbeing.index_bound"], _logit(ctx.values[self.level])
        if layout.places is not None and (not special or layout.loops.isdisjoint(special)):
            sources, memory, roads, steps, codes, factors, nobody = layout.places
            sizes = sources[0].size, sources[1].size, sources[2].size, sources[3].size
            shared_odds(
                memory, sizes, roads, steps, codes, factors, nobody, world.resident.household,
                plan.constant, bound, level, power,
            )  # fmt: skip
        else:
            own, household = self._added(ctx, plan)
            odds(own, household, world.resident.household, plan.constant, bound, level, power)
        return np.exp(power, out=power)

    def _added(self, ctx: Context, plan: _Plan) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Sums of the drivers of residents and of households, driver by driver."""
        world, special = ctx.world, ctx.loops.special
        tables = world.tables
        sums: dict[str, NDArray[np.float32]] = {}
        for table, nobody in plan.absent.items():
            # the last place is for rows that have no such link
            sums[table] = np.zeros(tables[table].size + 1, dtype=np.float32)
            sums[table][-1] = nobody
        for influence, _, factor in plan.factors:
            source, attribute = influence.place
            if influence.loop in special:
                add_values(sums[source], influence.values(ctx, source, slice(None)), factor)
            elif influence.wanted is not None:
                add_matches(sums[source], tables[source][attribute], influence.wanted, factor)
            else:
                add_values(sums[source], tables[source][attribute], factor)
        own, household = sums.pop(self.table), sums.pop("household")
        for source, part in sums.items():
            hand_down(part, world.household[REACH["household", source]], household)
        return own, household

    def _plan(self, ctx: Context) -> _Plan:
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


def _lay_out(table: str, world: World, plan: _Plan) -> _Layout:
    """Find the drivers of a plan in the memory of their tables."""
    names = list(plan.absent)
    sources = [world.tables[name] for name in names]
    loops = frozenset(influence.loop for influence, _, _ in plan.factors)
    kinds = [KINDS.get(world.tables[one.place[0]][one.place[1]].dtype.str, -1) for one, _, _ in plan.factors]
    if len(names) > SLOTS or -1 in kinds:
        return _Layout(plan, Table.laid, world.tables, loops, None)
    steps: list[tuple[int, ...]] = []
    codes: list[int] = []
    for (influence, _, _), kind in zip(plan.factors, kinds, strict=True):
        source, attribute = influence.place
        begin = len(codes)
        codes += influence.codes
        steps.append((kind, world.tables[source].begins(attribute), names.index(source), begin, len(codes)))
    roads = [0, 0, *(world.household.begins(REACH["household", name]) for name in names[2:])]
    own = sources[0]
    first, second, third, fourth = (*sources, *[own] * (SLOTS - len(names)))
    places = _Places(
        (first, second, third, fourth),
        (first.memory, second.memory, third.memory, fourth.memory),
        np.array(roads, np.int64),
        np.array(steps, np.int64).reshape(-1, len(STEP)),
        np.array(codes, np.int64),
        np.array([factor for _, _, factor in plan.factors], np.float64),
        np.array([*plan.absent.values()], np.float32),
    )
    return _Layout(plan, Table.laid, world.tables, loops, places)
