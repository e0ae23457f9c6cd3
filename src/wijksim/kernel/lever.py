"""What a lever is: a dated dose, five verbs and the people it reaches.

A lever may only ``scale`` a named rate, ``set`` a policy value, ``fund`` a capacity, ``request`` an act that its
owner executes, or ``choose`` a strategy. It acts on reached persons, never on a district mean, and never on an
outcome: effects come about through mechanisms or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.registry import Registry
from wijksim.kernel import reach_loops
from wijksim.kernel.arguments import Argument, Param, arguments_of, fill_arguments
from wijksim.kernel.carry import Carries
from wijksim.kernel.govern import EVERYTHING, FREE, Governed, levelled
from wijksim.kernel.groups import in_groups
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.prices import indexed
from wijksim.parameters.schema import Parameter
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

GOVERN = "govern"
_LEAST = float(np.finfo(np.float16).eps)  # a smaller dose is none
FORBIDDEN_WORDS: tuple[str, ...] = (
    "afw", "liveability", "felt_safety", "satisfaction", "trust", "cohesion", "nuisance", "disorder", "loneliness",
    "stress",
)  # fmt: skip


@dataclass(frozen=True)
class Window:
    """When a lever works: from ``start`` up to but not including ``end`` (None: to the end of the run)."""

    start: int = 0
    end: int | None = None


@dataclass(frozen=True)
class Target:
    """Where and for whom: district names (empty: all), complexes (empty: all) and groups (empty: all)."""

    districts: tuple[str, ...] = ()
    complexes: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()


class Lever:
    """Base class of all levers.

    Attributes
    ----------
    name, title, title_nl, explain, explain_nl
        Word for scenarios, names and one sentence in English and Dutch.
    family
        Folder and heading.
    phase
        ``govern`` (may only change doses of others) or ``act``.
    verbs
        Which of the five verbs it uses.
    evidence
        Rows of the evidence tables on which it rests.
    grade
        Grade of the evidence for an *effect*, A to D.
    costs
        Items it books.
    chooses
        Decisions for which it chooses the strategy. No two levers may choose for one decision in the same months,
        unless its strategies hold by place and the two are aimed at places that cannot meet.
    targets
        What a scenario may aim it at: ``districts``, ``complexes`` if it looks at them, and ``groups`` if it works
        through :meth:`reached`.
    own_money
        True for works on dwellings and buildings, which are paid from elsewhere: no budget scales or counts them.
    alone
        True if two uses may not govern one lever in the same place and months.
    carries
        Rows of the source texts that it carries, each with its setting and what the text expects.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    title_nl: ClassVar[str]
    explain: ClassVar[str]
    explain_nl: ClassVar[str]
    family: ClassVar[str] = ""
    phase: ClassVar[str] = "act"
    verbs: ClassVar[tuple[str, ...]] = ()
    evidence: ClassVar[tuple[str, ...]] = ()
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = ()
    chooses: ClassVar[tuple[str, ...]] = ()
    targets: ClassVar[tuple[str, ...]] = ("districts",)
    own_money: ClassVar[bool] = False
    alone: ClassVar[bool] = False
    carries: ClassVar[tuple[Carries, ...]] = ()

    strength = Param(1.0, "share", (0.0, 1.0), "policy", "D", ("design",), "Part of the full dose")
    ramp = Param(12.0, "months", (0.0, 120.0), "assumed", "D", ("DYN-06",), "Months from start to full dose")
    decay = Param(
        36.0, "months", (0.0, 300.0), "assumed", "D", ("DYN-03",), "Half-life of the dose after the end"
    )
    coverage = Param(
        1.0, "share", (0.0, 1.0), "policy", "D", ("design",), "Part of the target group that is approached"
    )
    uptake = Param(
        1.0, "share", (0.0, 1.0), "assumed", "D", ("design",), "Part of those approached that takes part"
    )

    def __init__(
        self,
        arguments: Mapping[str, Any] | None = None,
        *,
        window: Window | None = None,
        target: Target | None = None,
        identity: str | None = None,
    ) -> None:
        self.arguments: dict[str, Any] = fill_arguments(type(self), arguments or {})
        self.window = window or Window()
        self.target = target or Target()
        self.identity = identity or self.name
        self._districts: tuple[list[str], NDArray[np.bool_]] | None = None

    @classmethod
    def declared(cls) -> Mapping[str, Argument | Param]:
        """Arguments a scenario may give."""
        return arguments_of(cls)

    @classmethod
    def parameters(cls) -> list[Parameter]:
        """Numeric arguments as parameters ``lever.<name>.<argument>`` of the store."""
        return [
            item.parameter(f"lever.{cls.name}.{argument}")
            for argument, item in cls.declared().items()
            if isinstance(item, Param)
        ]

    def fault(self) -> str:
        """Say what is wrong with arguments that each fit their declaration; empty if nothing is.

        Asked when a scenario is checked, before anything runs.
        """
        return ""

    def number(self, argument: str) -> float:
        """Value of a numeric argument."""
        return float(self.arguments[argument])

    def dose(self, month: int, governed: Governed = FREE) -> float:
        """Part of the full dose in force, 0 before the start; decays with its half-life after the end."""
        strength = self.number("strength") * governed.dose
        if month < self.window.start or strength == 0:
            return 0.0
        running, stopped = self._course(month)
        dose = self._level(running, stopped, governed)
        if governed.course is not None:
            # what counts is how long both held: the programme's own window and the time in which it was let run
            broken = self._broken(month, stopped, governed, *governed.course)
            part, since = governed.kept
            if part > governed.steady:
                part -= governed.steady
                kept = broken
                if since < sum(governed.course):
                    # it was let run before or while it was kept: in one go from its own start
                    late = min(since, governed.course[1])
                    kept = self._broken(month, stopped, governed, month - late - self.window.start + 1, late)
                broken = (part * kept + (1 - governed.steady - part) * broken) / (1 - governed.steady)
            dose = governed.steady * dose + (1 - governed.steady) * broken
        dose *= strength
        return dose if dose >= _LEAST else 0.0

    def _broken(self, month: int, ended: int, governed: Governed, ran: int, stopped: int) -> float:
        """Part of the dose of who was let run for ``ran`` months until ``stopped`` months ago, in the own window."""
        end = month - max(ended, stopped)
        begin = max(month - stopped - ran + 1, self.window.start)
        return self._level(end - begin + 1, month - end, governed) if end >= begin else 0.0

    def _course(self, month: int) -> tuple[int, int]:
        """Months in force, and months since the end of the window (0: in force)."""
        last = month if self.window.end is None else min(month, self.window.end - 1)
        return last - self.window.start + 1, month - last

    def _level(self, running: int, stopped: int, governed: Governed) -> float:
        """Part of the dose after months in force and months since the end."""
        ramp = self.number("ramp") * governed.ramp
        level = 1.0 if ramp <= 0 else min((running + governed.sooner) / ramp, 1.0)
        if stopped == 0:
            return level
        half_life = self.number("decay") * governed.decay
        left = level * 2 ** (-stopped / half_life) if half_life > 0 else 0.0
        return max(left, level * governed.floor)

    def in_force(self, month: int, governed: Governed = FREE) -> bool:
        """Whether it has been stopped neither by its window nor by who governs it."""
        whole = governed.course is None or governed.course[1] == 0 or governed.steady == 1
        return whole and month >= self.window.start and self._course(month)[1] == 0

    def governed(self, ctx: Context) -> Governed:
        """What governing levers say of this one this month; they themselves are governed by nobody."""
        if self.phase == GOVERN or ctx.effects.governing.silent:
            return FREE
        governed = ctx.effects.governing.of(self.words)
        if governed.means is None:
            return governed
        return replace(governed, means=None) if self.own_money else governed.within(self.districts(ctx))

    @property
    def words(self) -> tuple[str, ...]:
        """Words by which it is governed."""
        return (self.identity, self.name, self.family)

    def step(self, ctx: Context) -> None:
        """Act with this month's dose; nothing at all happens at dose zero."""
        governed = self.governed(ctx)
        dose = self.dose(ctx.month, governed)
        if dose > 0:
            if self.in_force(ctx.month, governed):
                ctx.effects.promise(self.identity, self.family)
            whole = 0.0 if self.own_money else self.number("strength") * governed.dose
            placed = governed.places
            if placed is not None:
                placed = np.where(self.districts(ctx), dose * placed, 0.0)
            ctx.effects.used(self.identity, dose, whole=whole, words=self.words, placed=placed)
            self.act(ctx, dose)

    def act(self, ctx: Context, dose: float) -> None:
        """Use the verbs; overridden by every lever."""
        raise TypeError(f"lever {self.name} does nothing")

    # ---------------------------------------------------------------- the people it reaches
    def in_target(self, ctx: Context, table: str, rows: Rows) -> Rows:
        """Those of ``rows`` that lie in the target districts and complexes."""
        target, holder = self.target, ctx.world.tables[table]
        if target.districts:
            rows, found = rows.astype(np.int32, copy=False), np.empty(rows.size, np.int32)
            rows = found[: reach_loops.in_places(rows, holder["district"], self.districts(ctx), found)]
        if target.complexes and "complex" in holder.columns:
            rows = rows[np.isin(holder["complex"][rows], target.complexes)]
        if target.groups and table in ("resident", "household"):
            rows = rows[in_groups(ctx, table, target.groups)[rows]]
        return rows

    def districts(self, ctx: Context) -> NDArray[np.bool_]:
        """Mask of the target districts, shape ``(n_districts,)``."""
        names, wanted = ctx.settings["district_names"], self.target.districts
        if self._districts is None or self._districts[0] != names:
            self._districts = (list(names), np.array([not wanted or name in wanted for name in names], bool))
        return self._districts[1]

    def adults(self, ctx: Context) -> Rows:
        """Adults in the target, found once a month for all levers that share it."""
        table = ctx.world.resident
        if (known := ctx.effects.adults.get(self.target)) is not None and known[0] == table.version:
            return known[1]
        rows = (table.alive & (table.age >= ADULT_AGE)).nonzero()[0].astype(np.int32)
        found = self.in_target(ctx, "resident", rows)
        ctx.effects.adults[self.target] = (table.version, found)
        return found

    def reached(self, ctx: Context, residents: Rows, dose: float) -> Rows:
        """Residents whom the lever reaches this month: approached, willing, and trusting enough.

        Both propensities are drawn once for life, so that the reached of a small dose are among the reached of a
        larger one, and nobody drops in and out by luck. Willingness is the resident's own ``uptake`` trait, which
        is lower where need is higher: those reached first are the easiest. While the lever is in force, to be reached
        is to be promised something: that is remembered, and breaks when the programme stops.
        """
        table = ctx.world.resident
        known = ctx.effects.adults.get(self.target)
        if known is None or residents is not known[1]:
            residents = self.in_target(ctx, "resident", residents)
        governed = self.governed(ctx)
        covered, given = self.number("coverage") * dose, self.division(ctx, governed, dose)
        part, highest = np.array([covered]), covered
        if given is not None:
            part, highest = given, float(given.max())
            self._count_unplaced(ctx, governed, dose, given)
        elif governed.means is not None:
            part, highest = part * governed.means, covered * float(governed.means.max())
        stream, rows = f"lever.{self.name}.coverage", residents.astype(np.int32, copy=False)
        near, luck = ctx.draws.life_near(stream, table.uid, rows, highest)
        found = np.empty(near.size, np.int32)
        count = reach_loops.reached(
            near, luck, part, table.district, table.trust, ctx.values["wellbeing.trust_level"],
            table.uptake, self.number("uptake") * governed.uptake, found,
        )  # fmt: skip
        found = found[:count]
        ctx.effects.reach(self.identity, found, table.uid.take(found))
        return found

    def division(self, ctx: Context, governed: Governed, dose: float) -> NDArray[np.float64] | None:
        """Dose per person by district where it is divided over them, shape ``(n_districts,)``; None where it is not.

        A district that is covered altogether gets more per person, as far as the lever can give it (:meth:`most_each`);
        what is beyond that goes to the others, so that the sum over residents of the target stays what it was.
        """
        if governed.weights is None:
            return None
        people = ctx.world.by_district("resident") * self.districts(ctx)
        return levelled(self._wanted(governed, dose), self.most_each(ctx), people.astype(np.float64))

    def _wanted(self, governed: Governed, dose: float) -> NDArray[np.float64]:
        covered = self.number("coverage") * dose
        means = 1.0 if governed.means is None else governed.means
        wanted: NDArray[np.float64] = np.minimum(covered * means, 1.0) * np.asarray(governed.weights)
        return wanted

    def most_each(self, ctx: Context) -> float:
        """Dose that one person can get: 1 is what everybody gets who is reached."""
        del ctx
        return 1.0

    def _count_unplaced(
        self, ctx: Context, governed: Governed, dose: float, given: NDArray[np.float64]
    ) -> None:
        """Count the dose for which there is no room where it was meant to go, in residents."""
        people = ctx.world.by_district("resident") * self.districts(ctx)
        left = float((people * (self._wanted(governed, dose) - given)).sum())
        if left > np.finfo(np.float32).eps * float(people.sum()):
            ctx.counters.add("governing.dose_without_room", left)

    def with_place(self, ctx: Context, residents: Rows, places: NDArray[np.float64]) -> Rows:
        """Some of ``residents``: as many as fill the places of their district, as not all take part; by luck for life.

        ``places`` has the dose in it, so that those chosen are reached at dose 1.
        """
        table = ctx.world.resident
        residents = residents[table.district[residents] >= 0]
        count = np.bincount(table.district[residents], minlength=places.size)
        willing = max(self.number("uptake"), float(np.finfo(np.float32).eps))
        share = places / np.maximum(count, 1) / willing
        luck = ctx.draws.life(f"lever.{self.name}.place", table.uid[residents])
        chosen: Rows = residents[luck < share[table.district[residents]]]
        return chosen

    # ---------------------------------------------------------------- the five verbs
    def scale(
        self, ctx: Context, rate: str, table: str, rows: Rows | None, ratio: NDArray[Any] | float
    ) -> None:
        """Multiply a named rate by ``ratio`` for ``rows`` (None: everybody)."""
        log_ratio = np.log(ratio) if isinstance(ratio, np.ndarray) else log(ratio)
        ctx.effects.scale(self.identity, rate, table, rows=rows, log_ratio=log_ratio)

    def set_value(self, ctx: Context, parameter: str, value: float) -> None:
        """Give a policy parameter another value this month."""
        ctx.effects.set_value(self.identity, parameter, value)

    def fund(self, ctx: Context, capacity: str, amount: NDArray[np.float64]) -> None:
        """Add capacity per district (hours, places); a cut is a negative amount."""
        weights = self.governed(ctx).places
        ctx.effects.fund(self.identity, capacity, amount if weights is None else amount * weights)

    def choose(self, ctx: Context, kind: str, name: str, arguments: Mapping[str, Any]) -> None:
        """Choose a strategy for a decision."""
        ctx.effects.choose(self.identity, kind, name, arguments)

    def govern(self, ctx: Context, aim: frozenset[str], what: Governed) -> None:
        """Change the doses of other levers: those whose identity, name or family is in ``aim``."""
        ctx.effects.governing.say(self.identity, aim, what)

    def aimed(self) -> frozenset[str]:
        """Levers and families named by the argument ``aim``."""
        return frozenset(
            word.strip() for word in str(self.arguments.get("aim", EVERYTHING)).split(",") if word.strip()
        )

    def request(self, ctx: Context, owner: str, act: str, **details: Any) -> None:
        """Ask an owner to do something; the owner accepts, delays or refuses."""
        ctx.effects.request(self.identity, owner, act, details)

    # ---------------------------------------------------------------- what it costs
    def book(
        self, ctx: Context, item: CostItem, argument: str, number: NDArray[np.float64], *, per: float = 1
    ) -> None:
        """Book ``number`` per district (shape ``(n_districts,)``) at the price that an argument holds.

        ``per`` divides it: 12 for a price a year.
        """
        declared = self.declared()[argument]
        year = declared.price_year if isinstance(declared, Param) else None
        price = indexed(ctx, self.number(argument), year)
        self.pay(ctx, item, np.asarray(number, dtype=np.float64) * (price / per))

    def pay(self, ctx: Context, item: CostItem, amount: NDArray[np.float64]) -> None:
        """Book euros per district, shape ``(n_districts,)``, and answer for them."""
        ctx.effects.booked(self.identity, amount)
        ctx.ledger.book(item.name, amount)


LEVERS: Registry[Lever] = Registry("lever")
