"""States of residents whose drivers are added up where they live: per household and per entrance first.

States of which none drives another move together: one pass adds up all their drivers, and the next moves them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.keeper import Keeper
from wijksim.kernel.calm import Calm
from wijksim.kernel.influence import Influence
from wijksim.kernel.relax import Relax, logistic, logit, step_fraction
from wijksim.mechanisms.wellbeing.driver_loops import (
    KINDS,
    SLOTS,
    Memory,
    add_matches,
    add_values,
    hand_down,
    move,
    odds,
    onward,
)
from wijksim.state.structure import REACH
from wijksim.state.table import Rows, Table

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_NEVER = Calm()  # the mark of no month
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
    """Where drivers lie, and what :func:`wijksim.mechanisms.wellbeing.driver_loops.onward` takes of it.

    Attributes
    ----------
    driven
        Loops to which any driver belongs.
    sources, where
        Tables of drivers; their memory, numbers and the block of the states.
    """

    driven: frozenset[str | None]
    sources: tuple[Table, Table, Table, Table]
    where: tuple[Memory, Memory, Memory, Memory, NDArray[np.int64], NDArray[np.float64], NDArray[Any]]


class _Known(NamedTuple):
    """What a group knows of its states, and what that follows from: parameters, the reference, and where tables lie.

    Attributes
    ----------
    given, stored, size, laid, tables
        What the rest follows from: the parameters that count here, the reference, and where tables lie.
    places
        Where the drivers lie; None if they are too odd for one pass.
    """

    given: tuple[float, ...]
    stored: dict[str, Any]
    size: int
    laid: int
    tables: dict[str, Table]
    places: _Places | None


class _Ready(NamedTuple):
    """What passes take, with the mark of the months and how often columns were shown by which it holds.

    Attributes
    ----------
    shape
        States, and rows of residents.
    steps
        For :func:`wijksim.mechanisms.wellbeing.driver_loops.onward`, behind who is fresh and the log odds, and the
        lines of these that it fills.
    """

    calm: Calm
    shown: int
    shape: tuple[int, int]
    steps: tuple[tuple[tuple[Any, ...], int, int], ...]


class SharedRelax(Relax):
    """A state of residents whose drivers are added up where they live, and handed down once.

    Half of the drivers are facts about a household, an entrance or a dwelling. Summed up per household and per
    entrance first, they cost a gather in all and not a gather each. The result is the same as of ``Relax``.
    """

    _kept: _Plan | None = None

    @cached_property
    def together(self) -> Together:
        """Group of this state only."""
        return Together((self,))

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


class Together(Keeper):
    """States of residents that move by rounds: those of a round drive later ones, but not each other."""

    passing: ClassVar[Mapping[str, Any]] = {"_values": None, "_calm": _NEVER, "_known": None, "_ready": None}

    def __init__(self, *rounds: tuple[SharedRelax, ...]) -> None:
        self.rounds = rounds
        self.states = tuple([state for one in rounds for state in one])
        ends = np.cumsum([len(one) for one in rounds]).tolist()
        # states that move, and those that are weighed after them; at last the last round moves
        self._spans = tuple(zip([0, 0, *ends], [0, *ends], [*ends, ends[-1]], strict=False))
        names = [name for state in self.states for name in (state.level, state.half_life)]
        names += [influence.weight for state in self.states for influence in state.index.influences]
        self._given = itemgetter("wellbeing.index_bound", *names)
        self._values: dict[str, float] | None = None  # parameters last looked at
        self._calm = _NEVER  # mark of the months for which all that is known holds
        self._known: _Known | None = None
        self._ready: _Ready | None = None

    def step(self, ctx: Context, fresh: Rows) -> None:
        """Move whole columns one month towards their targets; ``fresh`` rows go there at once (newcomers)."""
        ready = self._ready
        if ready is None or ready.calm is not ctx.calm or ready.shown != Table.shown:
            self._closely(ctx, fresh)
            return
        power = np.empty(ready.shape, np.float32)
        for given, begin, end in ready.steps:
            onward(fresh, power, *given)
            if begin < end:
                odds_against = power[begin:end]
                np.exp(odds_against, out=odds_against)

    def _closely(self, ctx: Context, fresh: Rows) -> None:
        """Do :meth:`step`, and keep what passes take."""
        loops, known, self._ready = ctx.loops, self._known, None
        if known is None or self._calm is not ctx.calm or known.laid != Table.laid:
            places = self._places(ctx)
        else:
            places = known.places
        if places is None or ((loops.off or loops.watched) and not places.driven.isdisjoint(loops.special)):
            self._one_by_one(ctx, fresh)
            return
        own, second, third, fourth = places.sources
        handed = *places.where, own.size, second.size, third.size, fourth.size
        power = np.empty((len(self.states), own.size), np.float32)
        for before, begin, end in self._spans:
            onward(fresh, power, before, begin, end, *handed)
            if ctx.tracer is not None:
                for state in self.states[before:begin]:
                    ctx.tracer.state(ctx, state)
            if begin < end:
                odds_against = power[begin:end]
                np.exp(odds_against, out=odds_against)
        if ctx.calm is not None:
            steps = tuple([((*span, *handed), *span[1:]) for span in self._spans])
            self._ready = _Ready(ctx.calm, Table.shown, (len(self.states), own.size), steps)

    def _one_by_one(self, ctx: Context, fresh: Rows) -> None:
        """Do :meth:`step` state by state and driver by driver."""
        table = ctx.world.resident
        for states in self.rounds:
            power = np.empty((len(states), table.size), np.float32)
            for state, out in zip(states, power, strict=True):
                state.against(ctx, state.plan(ctx), out)
            np.exp(power, out=power)
            for state, out in zip(states, power, strict=True):
                move(table[state.attribute], out, _step_fraction(ctx.values[state.half_life]), fresh)
            if ctx.tracer is not None:
                for state in states:
                    ctx.tracer.state(ctx, state)

    def _places(self, ctx: Context) -> _Places | None:
        """Where drivers lie, as long as parameters, reference and tables stay what they are; None if not in one pass.

        A reference that does not know all drivers yet measures them when their round comes.
        """
        values, reference, tables, known = ctx.values, ctx.reference, ctx.world.tables, self._known
        stored = reference.stored
        if (
            known is None
            or (values is not self._values and known.given != self._given(values))
            or known.stored is not stored
            or known.size != len(stored)
            or known.tables is not tables
        ):
            if not all(key in stored for state in self.states for key in state.index.keys):
                return None
            known = _Known(
                self._given(values), stored, len(stored), Table.laid, tables, _lay_out(ctx, self.states)
            )
        elif known.laid != Table.laid:
            places = known.places
            if places is None or any(
                source.memory is not memory
                for source, memory in zip(places.sources, places.where, strict=False)
            ):
                places = _lay_out(ctx, self.states)
            known = known._replace(laid=Table.laid, places=places)
        self._values, self._calm, self._known = values, ctx.calm or _NEVER, known
        return None if reference.tracking else known.places


def _lay_out(ctx: Context, states: tuple[SharedRelax, ...]) -> _Places | None:
    """Find the drivers of states in the memory of their tables."""
    tables, values, plans = ctx.world.tables, ctx.values, [state.plan(ctx) for state in states]
    names = list(dict.fromkeys(name for plan in plans for name in plan.absent))
    drivers = [driver for plan in plans for driver in plan.factors]
    kinds = [KINDS.get(tables[one.place[0]][one.place[1]].dtype.str, -1) for one, _, _ in drivers]
    # what tables hand down is added up in one order for all
    in_order = all([*plan.absent] == [name for name in names if name in plan.absent] for plan in plans)
    if len(names) > SLOTS or -1 in kinds or not in_order:
        return None
    steps: list[int] = []
    codes: list[int] = []
    for (influence, _, _), kind in zip(drivers, kinds, strict=True):
        source, attribute = influence.place
        begin = len(codes)
        codes += influence.codes
        steps += (kind, tables[source].begins(attribute), names.index(source), begin, len(codes))
    resident, household = tables["resident"], tables["household"]
    roads = [0, 0, *(household.begins(REACH["household", name]) for name in names[2:])]
    block, lines = resident.lines(tuple([state.attribute for state in states]))
    ends = np.cumsum([len(plan.factors) for plan in plans]).tolist()
    head = [len(plans), len(names), len(drivers), resident.begins("household")]
    whole = np.array([*head, *roads, *lines.tolist(), *ends, *steps, *codes], np.int64)
    numbers = [values["wellbeing.index_bound"]]
    numbers += [_step_fraction(values[state.half_life]) for state in states]
    numbers += [plan.constant for plan in plans]
    numbers += [_logit(values[state.level]) for state in states]
    numbers += [float(plan.absent.get(name, 0)) for plan in plans for name in names]
    numbers += [factor for _, _, factor in drivers]
    sources = [tables[name] for name in names]
    first, second, third, fourth = (*sources, *sources[:1] * (SLOTS - len(names)))
    driven = frozenset(influence.loop for influence, _, _ in drivers)
    where = first.memory, second.memory, third.memory, fourth.memory, whole, np.array(numbers), block
    return _Places(driven, (first, second, third, fourth), where)
