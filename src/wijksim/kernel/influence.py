"""What raises or lowers a chance or a target: influences, declared as data, and their sum.

A process never multiplies ratios by hand. It declares influences; the index adds them up, each measured against
the national reference population, so that one national rate holds for everybody and the difference between
districts comes out of who lives there and how, and is never put in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, log
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.keeper import Keeper
from wijksim.kernel.drivers import WIDE, add
from wijksim.kernel.event_loops import powers
from wijksim.kernel.weigh_loops import KINDS, SLOTS, STEP, Memory, weigh
from wijksim.state.column import Column, place_of
from wijksim.state.structure import REACH
from wijksim.state.table import Rows, Table
from wijksim.state.world import World

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@dataclass(frozen=True)
class Influence:
    """One driver of a process.

    Parameters
    ----------
    column
        Full column name; a column of another table is reached over the structure (see ``World.gather``).
    weight
        Parameter name. For an event the hazard ratio per unit of the driver; for a relaxing state the
        weight on the logit (or, for an unbounded state, linear) scale per standard deviation.
    loop
        Feedback loop this influence belongs to; switched off, the driver stays what it was at the start.
    equals
        If given, the driver is 1 where the column equals this code (or one of these codes), else 0.
    per_unit
        True if the weight of a state is per unit of the driver: for what hardly happens in the reference, where a
        standard deviation says nothing.
    """

    column: str
    weight: str
    loop: str | None = None
    equals: int | tuple[int, ...] | None = None
    per_unit: bool = False

    @cached_property
    def key(self) -> str:
        """Name of the driver, used in the reference and in stories."""
        if self.equals is None:
            return self.column
        return f"{self.column}={'|'.join(map(str, self.codes))}"

    @cached_property
    def place(self) -> tuple[str, str]:
        """Table and attribute of the column."""
        return place_of(self.column)

    def values(self, ctx: Context, table: str, rows: Rows | slice) -> NDArray[Any]:
        """Driver as seen from ``rows`` of ``table``; that of the null run if its loop is off."""
        live = self.live(ctx, table, rows)
        if self.loop is not None:
            if self.loop in ctx.loops.off:
                return ctx.loops.frozen(ctx, self, table, rows, live=live)
            if self.loop in ctx.loops.watched:
                ctx.loops.note(ctx, self, table)
        return live

    @cached_property
    def codes(self) -> tuple[int, ...]:
        """Codes for which the driver is 1; none if it is the column itself."""
        if self.equals is None:
            return ()
        codes = self.equals if isinstance(self.equals, tuple) else (self.equals,)
        return tuple(int(code) for code in codes)

    @cached_property
    def wanted(self) -> NDArray[np.int64] | None:
        """The codes as an array, or None if the driver is the column itself."""
        return np.array(self.codes, dtype=np.int64) if self.codes else None

    def nobody(self, world: World) -> float:
        """What the column holds for rows without a reference to its table: its default."""
        source, attribute = self.place
        return float(world.tables[source].columns[attribute].default)

    def live(self, ctx: Context, table: str, rows: Rows | slice) -> NDArray[Any]:
        """Driver as it is now, whatever the loop switches say."""
        return self.match(ctx.world.see(table, rows, *self.place))

    def match(self, raw: NDArray[Any]) -> NDArray[Any]:
        """Driver from the values of its column."""
        codes = self.codes
        if not codes:
            return raw
        # a comparison per code: codes are few and short, and a set operation would sort the rows
        same: NDArray[Any] = raw == codes[0]
        for code in codes[1:]:
            same |= raw == code
        return same

    def bounds(self, column: Column) -> tuple[float, float]:
        """Lowest and highest value of the driver by the declaration of its column; infinite where that says nothing."""
        if self.equals is not None or np.dtype(column.dtype) == np.bool_:
            return 0.0, 1.0
        low = -inf if column.low is None else float(column.low)
        return low, inf if column.high is None else float(column.high)


type Factors = Sequence[tuple[Influence, float, float]]


@dataclass(slots=True, eq=False)
class _Weighted:
    """Factors, and what they follow from: the parameters last looked at, the weights in them and the reference."""

    values: dict[str, float]
    weights: tuple[float, ...]
    stored: dict[str, Any]
    known: int
    found: list[tuple[Influence, float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """How the sum of some factors is made in some tables: worked out once and kept."""

    factors: Factors
    tables: dict[str, Table]
    constant: float
    steps: tuple[tuple[Influence, str, str, float, NDArray[np.int64] | None, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where the drivers of a plan lie in the memory of their tables; holds as long as that memory is the same.

    Attributes
    ----------
    memory
        Memory of the tables, the own one first; the last once more for slots without a table.
    sources
        Those tables.
    where
        Roads, steps, numbers and codes, as :func:`wijksim.kernel.weigh_loops.weigh` takes them.
    loops
        Loops to which drivers belong.
    """

    memory: tuple[Memory, Memory, Memory, Memory]
    sources: tuple[Table, ...]
    where: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]
    loops: frozenset[str | None]


class Index(Keeper):
    """Weighted sum of influences, each centred (and for states scaled) on the national reference.

    Parameters
    ----------
    owner
        Name of the process, under which the reference keeps the moments.
    table
        Table whose rows the process acts on.
    influences
        Drivers.
    scaled
        True divides by the standard deviation in the reference (states); False takes the log of the
        parameter as weight per unit (events).
    """

    passing: ClassVar[Mapping[str, Any]] = {"_plan": None, "_layout": None}

    def __init__(self, owner: str, table: str, influences: Sequence[Influence], *, scaled: bool) -> None:
        self.owner = owner
        self.table = table
        self.influences = tuple(influences)
        self.keys = tuple(f"{owner}|{influence.key}" for influence in self.influences)
        self.scaled = scaled
        weights = [influence.weight for influence in self.influences]
        # the first once more: of a single name the getter would give a number and not a tuple
        self._weights = itemgetter(*weights, weights[0]) if weights else None
        self._factors: _Weighted | None = None
        self._plan: _Plan | None = None
        self._layout: tuple[_Plan, Layout | None, int] | None = None

    def terms(self, ctx: Context, rows: Rows | slice) -> list[tuple[Influence, NDArray[Any]]]:
        """Contribution of every influence, for stories and tests."""
        return [
            (influence, (influence.values(ctx, self.table, rows) - mean) * factor)
            for influence, mean, factor in self.factors(ctx)
        ]

    def at(self, ctx: Context, rows: Rows | slice) -> NDArray[Any] | float:
        """Sum over the influences for ``rows``; 0 if there are none. float32 unless a driver is float64."""
        return self.sum(ctx, rows, self.factors(ctx))

    def sum(self, ctx: Context, rows: Rows | slice, factors: Factors) -> NDArray[Any] | float:
        """Do what :meth:`at` does, with the :meth:`factors` at hand."""
        total, constant = self.weighed(ctx, rows, factors)
        if total is None:
            return -constant
        total -= total.dtype.type(constant)
        return total

    def weighed(
        self, ctx: Context, rows: Rows | slice, factors: Factors
    ) -> tuple[NDArray[Any] | None, float]:
        """Weighted sum before it is centred, a new array or None if there are no factors, and what centring takes off.

        Drivers of one other table are seen over one and the same link, which is looked up once.
        """
        world, special = ctx.world, ctx.loops.special
        plan = self._planned(world, factors)
        if not factors:
            return None, plan.constant
        tables = world.tables
        whole = isinstance(rows, slice)
        size = len(range(*rows.indices(tables[self.table].size))) if isinstance(rows, slice) else rows.size
        total: NDArray[Any] = np.zeros(size, dtype=np.float32)
        links: dict[str, Rows] = {}
        for influence, source, attribute, factor, codes, nobody in plan.steps:
            if influence.loop in special:
                total = add(total, influence.values(ctx, self.table, rows), factor)
                continue
            column = getattr(tables[source], attribute)  # hundreds of times a month: without a detour over []
            if source == self.table:
                link: Rows | None = rows if isinstance(rows, np.ndarray) else None
                column = column[rows] if whole else column
            else:
                link = links.get(source)
                if link is None:
                    link = links[source] = world.link(self.table, rows, source)
            total = add(total, column, factor, codes=codes, rows=link, nobody=nobody)
        return total, plan.constant

    def powers(
        self, ctx: Context, rows: Rows, factors: Factors, *, clip: float, c: float
    ) -> NDArray[np.float64] | float:
        """Sum over the influences for ``rows``, kept within the clip and less ``c``; one number if nothing counts."""
        plan = self._planned(ctx.world, factors)
        if not factors:
            return min(max(-plan.constant, -clip), clip) - c
        power, layout = np.empty(rows.size), self._at_hand(ctx, plan)
        if layout is None:
            total, constant = self.weighed(ctx, rows, factors)
            assert total is not None
            powers(total, total.dtype.type(constant), clip, c, power)
        else:
            weigh(rows, *layout.memory, *layout.where, plan.constant, clip, c, power)
        return power

    def layout(self, ctx: Context, factors: Factors) -> tuple[float, Layout | None]:
        """What centring takes off, and where the drivers lie if one pass can read them."""
        plan = self._planned(ctx.world, factors)
        return plan.constant, self._at_hand(ctx, plan)

    def _at_hand(self, ctx: Context, plan: _Plan) -> Layout | None:
        """Where the drivers lie; None if they cannot be read in one pass, or a loop of theirs is off or watched."""
        kept, special = self._layout, ctx.loops.special
        layout = kept[1] if kept and kept[0] is plan and kept[2] == Table.laid else self._laid_out(plan)
        return None if layout is None or (special and not layout.loops.isdisjoint(special)) else layout

    def _laid_out(self, plan: _Plan) -> Layout | None:
        """Where the drivers lie, or None if they are too many or too odd for one pass."""
        kept, found = self._layout, None
        if kept is not None and kept[0] is plan:
            found = kept[1]
            if found is not None and any(
                table.memory is not memory for table, memory in zip(found.sources, found.memory, strict=False)
            ):
                found = None
        if found is None:
            found = _lay_out(self.table, plan)
        self._layout = (plan, found, Table.laid)
        return found

    def _planned(self, world: World, factors: Factors) -> _Plan:
        """Plan of a sum, made anew only for other factors or tables."""
        plan = self._plan
        if plan is None or plan.factors is not factors or plan.tables is not world.tables:
            steps = tuple(
                (one, *one.place, factor, one.wanted, one.nobody(world)) for one, _, factor in factors
            )
            constant = sum([mean * factor for _, mean, factor in factors], 0.0)
            plan = self._plan = _Plan(factors, world.tables, constant, steps)
        return plan

    def ceiling(self, ctx: Context, factors: Factors) -> float:
        """No row's sum can be higher than this, by the declared domains of the drivers; may be infinite."""
        tables = ctx.world.tables
        most = 0.0
        for influence, mean, factor in factors:
            source, attribute = influence.place
            low, high = influence.bounds(tables[source].columns[attribute])
            most += max((low - mean) * factor, (high - mean) * factor)
        return most

    def factors(self, ctx: Context) -> list[tuple[Influence, float, float]]:
        """Influences that count, each with its reference mean and its factor per unit.

        They are kept until a weight or the reference is another (or knows more or less than before): looking at the
        weights is much cheaper than working the list out, and most months change none.
        """
        if self._weights is None:
            return []
        reference, values, kept = ctx.reference, ctx.values, self._factors
        stored = reference.stored
        if (
            kept is not None
            and kept.stored is stored
            and kept.known == len(stored)
            and not reference.tracking
        ):
            if values is kept.values and values is ctx.steady:
                return kept.found
            if self._weights(values) == kept.weights:
                kept.values = values
                return kept.found
        weights = self._weights(values)
        found = []
        for influence, key, weight in zip(self.influences, self.keys, weights[:-1], strict=True):
            known = None if reference.tracking else stored.get(key)
            mean, deviation = known or reference.moments(ctx, self.owner, self.table, influence)
            if not self.scaled:
                factor = log(weight)
            elif influence.per_unit:
                factor = weight
            else:
                factor = weight / deviation if deviation > 0 else 0.0
            if factor:
                found.append((influence, mean, factor))
        self._factors = _Weighted(values, weights, stored, len(stored), found)
        return found


def _lay_out(table: str, plan: _Plan) -> Layout | None:
    """Find the drivers of a plan in the memory of their tables."""
    own = plan.tables[table]
    sources, roads = [own], np.zeros(SLOTS, np.int64)
    steps: list[tuple[int, ...]] = []
    numbers: list[tuple[float, float]] = []
    codes: list[int] = []
    for _, source, attribute, factor, wanted, nobody in plan.steps:
        holder = plan.tables[source]
        if holder not in sources:
            if len(sources) == SLOTS:
                return None
            roads[len(sources)] = own.begins(REACH[table, source])
            sources.append(holder)
        dtype = holder[attribute].dtype
        if dtype.str not in KINDS or (wanted is not None and dtype.kind == "f"):
            return None
        wide = wanted is None and dtype in WIDE
        begin = len(codes)
        codes += [] if wanted is None else wanted.tolist()
        place = (KINDS[dtype.str], holder.begins(attribute), sources.index(holder))
        steps.append((*place, begin, len(codes), int(wide)))
        exact = not wide or dtype == np.float64
        numbers.append((nobody, factor if exact else float(np.float32(factor))))
    first, second, third = [one.memory for one in (*sources[1:], *[own] * (SLOTS - len(sources)))]
    return Layout(
        (own.memory, first, second, third),
        tuple(sources),
        (
            roads,
            np.array(steps, np.int64).reshape(len(steps), len(STEP)),
            np.array(numbers, np.float64).reshape(len(numbers), 2),
            np.array(codes, np.int64),
        ),
        frozenset(step[0].loop for step in plan.steps),
    )
