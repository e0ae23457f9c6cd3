"""One month after another, without Mesa: what a sweep runs and what :class:`wijksim.model.model.WijkModel` wraps."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

import wijksim.levers
import wijksim.mechanisms
import wijksim.strategies  # noqa: F401  (registers the shipped strategies)
from wijksim.kernel import derive
from wijksim.kernel.calm import Marks
from wijksim.kernel.context import Context
from wijksim.kernel.lever import Lever
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.kernel.loops import Loops
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.strategy import PLACES, Choice, Strategy, decided_by_place, meet, rule_of
from wijksim.model.month import MONTH, TRANSITIONS
from wijksim.state.guard import guarded

Observer = Callable[[Context], None]


class Part(Protocol):
    """A piece of the month."""

    def step(self, ctx: Context) -> None:
        """Do it for this month."""


class _Transitions:
    """The piece of the month in which the lifecycle applies what was requested."""

    def __init__(self, lifecycle: Lifecycle) -> None:
        self._lifecycle = lifecycle

    def step(self, ctx: Context) -> None:
        self._lifecycle.apply(ctx)


class _Guarded:
    """A mechanism that is refused whatever it writes to columns that it does not own."""

    def __init__(self, mechanism: Mechanism) -> None:
        self._mechanism = mechanism

    def step(self, ctx: Context) -> None:
        with guarded(ctx.world, type(self._mechanism).owns, f"mechanism {self._mechanism.name!r}"):
            self._mechanism.step(ctx)


def make_mechanisms(names: Iterable[str] | None = None) -> tuple[Mechanism, ...]:
    """Make one of every mechanism of the month that is registered (or of ``names``), in month order."""
    wanted = [name for name in MONTH if name != TRANSITIONS and name in MECHANISMS]
    if names is not None:
        chosen = set(names)
        wanted = [name for name in wanted if name in chosen]
    return tuple(MECHANISMS.get(name)() for name in wanted)


class Engine:
    """Advances a context month by month.

    Parameters
    ----------
    ctx
        Built world with everything a month needs.
    mechanisms
        In month order.
    levers
        Levers of the scenario; they act from month 0 on, never in the warm-up.
    strategies
        Default strategies by kind: name and arguments.
    guard
        True compares after every mechanism whether it wrote to its own columns only: for tests, not for sweeps.
    """

    def __init__(
        self,
        ctx: Context,
        mechanisms: tuple[Mechanism, ...],
        levers: Iterable[Lever] = (),
        *,
        strategies: Mapping[str, tuple[str, Mapping[str, Any]]] | None = None,
        guard: bool = False,
    ) -> None:
        self.ctx = ctx
        self.mechanisms = mechanisms
        self.set_levers(levers)
        # most mechanisms have nothing of their own to say to newcomers of a table, some to none at all
        heard = [one for one in mechanisms if type(one).enter is not Mechanism.enter]
        self.lifecycle = Lifecycle(tuple([mechanism.enter for mechanism in heard]))
        by_name: dict[str, Part] = {one.name: _Guarded(one) if guard else one for one in mechanisms}
        by_name[TRANSITIONS] = _Transitions(self.lifecycle)
        self._parts = [by_name[name] for name in MONTH if name in by_name]
        self.observers: list[Observer] = []
        self.agent_steps: Observer | None = None
        self.shadow: Engine | None = None
        self._default = dict(strategies or {})
        self._plain: dict[str, float] | None = None
        # values without levers, what levers make of some, and both together
        self._raised: tuple[dict[str, float], dict[str, float], dict[str, float]] | None = None
        self._made: dict[str, tuple[list[Choice], Strategy]] = {}
        self._standing: dict[str, Strategy] | None = None
        self._marks = Marks()

    def switch_off(self, loops: Iterable[str]) -> None:
        """Switch loops off from here on: their drivers are those of a null run that goes along from this moment."""
        off = tuple(loops)
        if not off:
            return
        shadow = copy.deepcopy(self)
        shadow.set_levers(())
        shadow.observers, shadow.agent_steps = [], None
        shadow.ctx.tracer = None
        shadow.ctx.loops = Loops(watched=off)
        self.shadow = shadow
        self.ctx.loops = Loops(off, shadow=shadow.ctx)

    def set_levers(self, levers: Iterable[Lever]) -> None:
        """Give the run its levers, those that govern first."""
        self.levers = tuple(sorted(levers, key=lambda lever: (lever.phase != "govern", lever.identity)))

    def advance(self) -> None:
        """Do one month: levers, mechanisms and transitions in order, agents' own steps, observers.

        A shadow does each stage of the month first, so that its drivers can be read as they are at that moment.
        """
        if self.shadow is not None:
            self._side_by_side(self.shadow)
            return
        self._begin()
        ctx = self.ctx
        for part in self._parts:
            part.step(ctx)
        self._finish()

    def _side_by_side(self, shadow: Engine) -> None:
        """Do the month together with a shadow, which goes ahead."""
        mine, theirs = self._stages(), shadow._stages()
        shadow.ctx.loops.begin_stage()
        for _ in theirs:
            self.ctx.loops.begin_stage()
            next(mine)
            shadow.ctx.loops.begin_stage()
        next(mine, None)

    def _stages(self) -> Iterator[None]:
        """Do the month piece by piece."""
        self._begin()
        yield
        for part in self._parts:
            part.step(self.ctx)
            yield
        self._finish()

    def _begin(self) -> None:
        """Bring up to date what mechanisms start from: values in force, levers, strategies, ages."""
        ctx, levers = self.ctx, self.levers
        ctx.calm = None  # also where the month before ended in an exception
        ctx.log.clear()
        ctx.ledger.clear()
        ctx.effects.clear()
        self._values()
        if levers and ctx.month >= 0:
            for lever in levers:
                lever.step(ctx)
            self._effects()
        ctx.steady = ctx.values
        self._strategies()
        derive.ages(ctx.world, ctx.month)
        ctx.calm = self._marks.mark(ctx)

    def _finish(self) -> None:
        """Let agents do what is their own, and everybody look who looks on."""
        ctx = self.ctx
        ctx.calm = None  # agents' own steps and whoever looks on may change what they like
        if self.agent_steps is not None:
            self.agent_steps(ctx)
            self.lifecycle.apply(ctx)
        for observer in self.observers:
            observer(ctx)
        ctx.world.end_month()
        ctx.month += 1

    def _values(self) -> None:
        ctx = self.ctx
        label = ctx.clock.label(ctx.month)
        if self._plain is None or ctx.parameters.changes_at(ctx.month, label):
            self._plain = ctx.parameters.at(ctx.month, label)
        ctx.values = self._plain

    def _effects(self) -> None:
        ctx = self.ctx
        low, high = ctx.values["kernel.lever_ratio_low"], ctx.values["kernel.lever_ratio_high"]
        bound = ctx.effects.prepare(ctx.world, low, high)
        if bound:
            ctx.counters.add("lever_ratio_bound", bound)
        changed = ctx.effects.values()
        if changed:
            kept = self._raised
            if kept is None or kept[0] is not ctx.values or kept[1] != changed:
                kept = self._raised = (ctx.values, changed, {**ctx.values, **changed})
            ctx.values = kept[2]

    def _strategies(self) -> None:
        chosen = self.ctx.effects.choices() if self.levers else {}
        if not chosen and self._standing is not None:
            self.ctx.strategies.update(self._standing)
            return
        steered = bool(chosen)
        for kind, (name, arguments) in self._default.items():
            standing = Choice(name, dict(arguments))
            here = chosen.setdefault(kind, [])
            # a rule for some places holds on where no lever chooses another; one for everywhere gives way
            placed = decided_by_place(kind) and any(arguments.get(word) for word in PLACES)
            if not here or (placed and not any(meet(arguments, one.arguments) for one in here)):
                here.append(standing)
        for kind, wanted in chosen.items():
            if kind not in self._made or self._made[kind][0] != wanted:
                self._made[kind] = (wanted, rule_of(wanted))
            self.ctx.strategies[kind] = self._made[kind][1]
        # where a lever chose, the rule of the scenario is made anew when it is through
        self._standing = None if steered else {kind: self._made[kind][1] for kind in chosen}
