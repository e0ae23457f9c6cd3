"""Felt safety: fear follows what people see and go through, and lags behind it (veiligheidsbeleving).

Three states of each resident: feeling safe in the own neighbourhood, fear of being robbed or harassed, and the habit
of avoiding places. What is felt follows the front door (disorder, nuisance, control), the own experience, what
neighbours went through, and the streets of the district with what is heard of crime there. It does so with a
half-life of nine months, so that perception lags behind safety. Avoidance follows fear.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.keeper import Keeper
from wijksim.kernel.calm import Calm
from wijksim.kernel.context import Context
from wijksim.kernel.influence import Influence, Layout
from wijksim.kernel.kept import Kept
from wijksim.kernel.mechanism import MECHANISMS, Mechanism, only
from wijksim.kernel.reference import Reference
from wijksim.kernel.relax import Relax, logit, step_fraction
from wijksim.kernel.weigh_loops import KINDS, STEP
from wijksim.state.codes import Sex
from wijksim.state.column import Column
from wijksim.state.row_loops import write_same
from wijksim.state.table import Rows, Table

type Sums = NDArray[np.float32]
type Memory = NDArray[np.uint8]
type Whole = NDArray[np.int64]
type Bools = NDArray[np.bool_]
type Where = tuple[Any, ...]

_FEMALE = int(Sex.FEMALE)
_SHARES = ("felt_safety", "fear", "avoidance", "unsafe")
_STATES = attrgetter("felt_safety", "fear", "avoidance")
_LEVELS = itemgetter("safety.felt_level", "safety.fear_level", "safety.avoid_level")
_KIND, _BEGIN, _SLOT, _CODE, _CODES_END = (
    STEP.index(name) for name in ("kind", "begin", "slot", "code", "codes_end")
)
_WIDE = STEP.index("wide")
_I1, _I2, _F4 = KINDS["|i1"], KINDS["<i2"], KINDS["<f4"]
_READ = frozenset((_I1, _I2, _F4))  # kinds of column that are read in one pass
_NOTHING, _NOWHERE = np.empty(0, np.float32), np.float32(0)


@compiled
def against(
    total: NDArray[Any], constant: NDArray[Any], bound: np.float32, level: np.float32, out: Sums
) -> None:
    """Fill ``out`` with the negative log odds of the target: all drivers within the bound, and the level."""
    for i in range(out.size):
        out[i] = -(min(max(np.float32(total[i] - constant[0]), -bound), bound) + level)


@compiled
def _add(total: Sums, column: NDArray[Any], link: NDArray[np.int32], nobody: float, factor: float) -> None:
    """Add a column, weighed, over a link to its table, or row by row if that is empty."""
    weight = np.float32(factor)
    if link.size:
        for i in range(total.size):
            row = link[i]
            total[i] += (np.float32(nobody) if row < 0 else np.float32(column[np.uint32(row)])) * weight
    else:
        for i in range(total.size):
            total[i] += np.float32(column[i]) * weight


@compiled
def _match(total: Sums, column: NDArray[np.int8], codes: Whole, factor: float) -> None:
    """Add the weight where a column holds one of ``codes``."""
    weight = np.float32(factor)
    for code in codes:
        for i in range(total.size):
            total[i] += weight if column[i] == code else np.float32(0)


# fmt: off
@compiled
def opposed(
    own: Memory, first: Memory, second: Memory, third: Memory, roads: Whole, steps: Whole, numbers: NDArray[np.float64],
    codes: Whole, constant: np.float32, bound: np.float32, level: np.float32, out: Sums,
) -> None:
    # fmt: on
    """Add up drivers as :mod:`wijksim.kernel.drivers` does, and do what :func:`against` does.

    Where they lie is told as :func:`wijksim.kernel.weigh_loops.weigh` is told.
    """
    total, nowhere = np.zeros(out.size, np.float32), np.empty(0, np.int32)
    for j in range(steps.shape[0]):
        kind, slot, begin = steps[j, _KIND], steps[j, _SLOT], steps[j, _BEGIN]
        memory = own if slot == 0 else first if slot == 1 else second if slot == 2 else third
        link = own[roads[slot] :].view(np.int32) if slot else nowhere
        if steps[j, _CODES_END] > steps[j, _CODE]:
            wanted = codes[steps[j, _CODE] : steps[j, _CODES_END]]
            _match(total, memory[begin:].view(np.int8), wanted, numbers[j, 1])
        elif kind == _F4:
            _add(total, memory[begin:].view(np.float32), link, numbers[j, 0], numbers[j, 1])
        elif kind == _I2:
            _add(total, memory[begin:].view(np.int16), link, numbers[j, 0], numbers[j, 1])
        else:
            _add(total, memory[begin:].view(np.int8), link, numbers[j, 0], numbers[j, 1])
    for i in range(out.size):
        out[i] = -(min(max(total[i] - constant, -bound), bound) + level)


def _readable(layout: Layout) -> bool:
    """Whether :func:`opposed` can read the drivers: narrow ones, and codes of the own table."""
    return all(
        step[_KIND] in _READ
        and not step[_WIDE]
        and (step[_CODE] == step[_CODES_END] or (step[_KIND] == _I1 and step[_SLOT] == 0))
        for step in layout.where[1].tolist()
    )


@compiled
def approach(state: Sums, odds: Sums, fraction: np.float32, fresh: Bools) -> None:
    """Close a part of the distance to ``1 / (1 + odds)``, all of it where ``fresh``."""
    one = np.float32(1)
    for i in range(state.size):
        target = one / (odds[i] + one)
        state[i] = target if fresh[i] else state[i] + (target - state[i]) * fraction


# fmt: off
@compiled
def onward(
    fresh: Bools, odds: Sums, before: Sums, fraction: np.float32, own: Memory, first: Memory, second: Memory,
    third: Memory, roads: Whole, steps: Whole, numbers: NDArray[np.float64], codes: Whole, constant: np.float32,
    bound: np.float32, level: np.float32,
) -> None:
    # fmt: on
    """Move the state ``before``, if any, by its ``odds``; these become what :func:`opposed` makes of the next."""
    approach(before, odds, fraction, fresh)
    opposed(own, first, second, third, roads, steps, numbers, codes, constant, bound, level, odds)


# fmt: off
@compiled
def at_last(
    fresh: Bools, odds: Sums, last: Sums, fraction: np.float32, felt: Sums, unsafe: Sums, settled: Bools
) -> None:
    # fmt: on
    """Move the ``last`` state, write how unsafe people feel, and that nobody is ``fresh`` any more."""
    approach(last, odds, fraction, fresh)
    for i in range(felt.size):
        unsafe[i] = np.float32(1) - felt[i]
        settled[i] |= fresh[i]


class BoundedRelax(Keeper, Relax):
    """A state whose drivers, added up, stay within a bound: rare ones have a small deviation."""

    _seen: tuple[Layout, bool] | None = None  # where drivers lay last time, and whether one pass can read them

    passing: ClassVar[Mapping[str, Any]] = {"_seen": None}

    def target(self, ctx: Context, rows: Rows | slice = slice(None)) -> NDArray[Any]:
        """Value to which the state moves."""
        odds = self._odds(ctx, rows)
        odds += 1
        return np.divide(1, odds, out=odds)

    def _odds(self, ctx: Context, rows: Rows | slice) -> Sums:
        """Odds against, at the target."""
        factors = self.index.factors(ctx)
        total, constant = self.index.weighed(ctx, rows, factors)
        if total is None:
            total = np.zeros(ctx.world.tables[self.table][self.attribute][rows].size, dtype=np.float32)
        odds = np.empty(total.size, dtype=np.float32)
        _, bound, level = self.terms(ctx.values)
        against(total, np.array([constant], total.dtype), bound, level, odds)
        return np.exp(odds, out=odds)

    def terms(self, values: dict[str, float]) -> tuple[np.float32, np.float32, np.float32]:
        """Part of the distance closed in a month, bound of all drivers together, and log odds of the national level."""
        return _terms(values[self.half_life], values["safety.index_bound"], values[self.level])

    def told(self, ctx: Context) -> tuple[Where | None, np.float32]:
        """What :func:`onward` is told of drivers and target, and the part of the way to the target that is gone."""
        fraction, bound, level = self.terms(ctx.values)
        constant, layout = self.index.layout(ctx, self.index.factors(ctx))
        if layout is not None and (self._seen is None or self._seen[0] is not layout):
            self._seen = layout, _readable(layout)
        where: Where | None = None
        if layout is not None and self._seen is not None and self._seen[1]:
            where = (*layout.memory, *layout.where, np.float32(constant), bound, level)
        return where, fraction

    def weigh(self, ctx: Context, odds: Sums) -> None:
        """Do what :meth:`_odds` does, for the whole column."""
        odds[:] = self._odds(ctx, slice(None))


@lru_cache(maxsize=2**4)
def _terms(half_life: float, bound: float, level: float) -> tuple[np.float32, np.float32, np.float32]:
    """Numbers of :meth:`BoundedRelax.terms`, kept: they hardly ever change in a run."""
    return np.float32(step_fraction(half_life)), np.float32(bound), np.float32(logit(level))


class _Ready(NamedTuple):
    """What passes take, with the mark of the months and how often columns were shown by which it holds.

    Attributes
    ----------
    alive, settled
        Residents, and those of them who are not fresh.
    steps, last
        For :func:`onward`, once for each state, and for :func:`at_last`, behind who is fresh and the odds.
    """

    calm: Calm
    shown: int
    alive: Bools
    settled: Bools
    steps: tuple[tuple[Any, ...], ...]
    last: tuple[Any, ...]


@Kept
def _national(values: dict[str, float]) -> Sums:
    """Values of ``_SHARES`` at the national level."""
    felt, fear, avoidance = _LEVELS(values)
    unsafe = 1 - np.float32(felt)
    return np.array([felt, fear, avoidance, unsafe], np.float32)


@MECHANISMS.register
class Safety(Mechanism):
    """Felt safety, fear of robbery or harassment, avoidance (NUI-07, NUI-05, EFF-21)."""

    name = "safety"
    owns = (
        Column("resident.felt_safety", np.float32, "share",
               "Chance of feeling safe in the own neighbourhood (veiligheidsgevoel)", low=0, high=1),
        Column("resident.fear", np.float32, "share",
               "Chance of being afraid to be robbed or harassed", low=0, high=1),
        Column("resident.avoidance", np.float32, "share",
               "Chance of often avoiding places for safety (vermijdingsgedrag)", low=0, high=1),
        Column("resident.unsafe", np.float32, "share",
               "Chance of sometimes feeling unsafe in the own neighbourhood", low=0, high=1),
        Column("resident.felt_settled", np.bool_, "-", "Fear follows the own circumstances: not yet, for a newcomer"),
    )  # fmt: skip
    reads = (
        "entrance.disorder", "entrance.control", "entrance.petty_disorder", "entrance.victimised",
        "household.nuisance_often", "resident.victim_memory", "district.disorder", "district.registered_crime",
    )  # fmt: skip

    felt = BoundedRelax(
        "resident.felt_safety",
        half_life="safety.felt_half_life",
        level="safety.felt_level",
        influences=(
            Influence("entrance.disorder", "safety.felt_disorder", loop="street"),
            Influence("entrance.petty_disorder", "safety.felt_petty", loop="street"),
            Influence("district.disorder", "safety.felt_street", loop="street"),
            Influence("district.registered_crime", "safety.felt_rumour"),
            Influence("resident.victim_memory", "safety.felt_victim"),
            Influence("household.nuisance_often", "safety.felt_nuisance", loop="concentration"),
            Influence("entrance.control", "safety.felt_control", loop="street"),
            Influence("entrance.victimised", "safety.felt_crime"),
            Influence("resident.sex", "safety.felt_female", equals=_FEMALE),
            Influence("resident.age", "safety.felt_age"),
        ),
        doc="People feel safe where the street is orderly, neighbours keep an eye on it and nothing happens to them",
    )
    fear = BoundedRelax(
        "resident.fear",
        half_life="safety.fear_half_life",
        level="safety.fear_level",
        influences=(
            Influence("resident.felt_safety", "safety.fear_felt"),
            Influence("resident.victim_memory", "safety.fear_victim"),
            Influence("resident.sex", "safety.fear_female", equals=_FEMALE),
        ),
        doc="Who does not feel safe fears to be robbed or harassed",
    )
    avoidance = BoundedRelax(
        "resident.avoidance",
        half_life="safety.avoid_half_life",
        level="safety.avoid_level",
        influences=(
            Influence("resident.fear", "safety.avoid_fear"),
            Influence("resident.felt_safety", "safety.avoid_felt"),
        ),
        doc="Who is afraid makes detours",
    )

    chain = (felt, fear, avoidance)  # each follows the one before it

    _ready: _Ready | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without what follows from tables."""
        return {**self.__dict__, "_ready": None}

    def setup(self, ctx: Context) -> None:
        """Put every state at its target, the last ones following from the first."""
        known = ctx.reference
        if self.felt.name not in known.stored:
            # the world around is not set up yet: what is measured here must not become the national mean
            ctx.reference = Reference()
        for state in self.chain:
            state.settle(ctx)
        ctx.reference = known
        resident = ctx.world.resident
        np.subtract(1, resident.felt_safety, out=resident.unsafe)
        resident.felt_settled[resident.rows] = True

    @only(("resident", "arrived"), ("resident", "born"))
    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Newcomers come in at the national level; the next step puts them where their door has them."""
        write_same(*ctx.world.resident.lines(_SHARES), rows, _national(ctx.values))

    def step(self, ctx: Context) -> None:
        """Felt safety first, then fear, then avoidance: each follows the one before it; newcomers at once."""
        ready = self._ready
        if ready is None or ready.calm is not ctx.calm or ready.shown != Table.shown:
            self._closely(ctx)
            return
        _, _, alive, settled, steps, last = ready
        fresh, odds = alive > settled, np.empty(alive.size, np.float32)
        for given in steps:
            onward(fresh, odds, *given)
            np.exp(odds, out=odds)
        at_last(fresh, odds, *last)

    def _closely(self, ctx: Context) -> None:
        """Do the states one by one, and keep what passes take."""
        resident = ctx.world.resident
        fresh, odds = resident.alive > resident.felt_settled, np.empty(resident.size, np.float32)
        before, pace, last = _NOTHING, _NOWHERE, None
        steps: list[tuple[Any, ...]] = []
        for state, column in zip(self.chain, _STATES(resident), strict=True):
            # may follow from the states before it, where the reference does not know them yet
            where, fraction = state.told(ctx)
            if where is None:
                approach(before, odds, pace, fresh)
                state.weigh(ctx, odds)
            else:
                steps.append((before, pace, *where))
                onward(fresh, odds, *steps[-1])
                np.exp(odds, out=odds)
            if last is not None and ctx.tracer is not None:
                ctx.tracer.state(ctx, last)
            before, pace, last = column, fraction, state
        rest = before, pace, resident.felt_safety, resident.unsafe, resident.felt_settled
        at_last(fresh, odds, *rest)
        if ctx.tracer is not None:
            ctx.tracer.state(ctx, self.avoidance)
        self._ready = None
        if ctx.calm is not None and len(steps) == len(self.chain):
            self._ready = _Ready(
                ctx.calm, Table.shown, resident.alive, resident.felt_settled, tuple(steps), rest
            )
