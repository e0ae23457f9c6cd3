"""What a mechanism, lever or measure sees of the run in one month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from wijksim.core.clock import Clock
from wijksim.core.rng import Draws
from wijksim.kernel.calm import Calm
from wijksim.kernel.effects import Effects
from wijksim.kernel.ledger import Ledger
from wijksim.kernel.loops import Loops
from wijksim.kernel.reference import Reference
from wijksim.kernel.requests import Requests
from wijksim.parameters.store import ParameterStore
from wijksim.state.table import Rows
from wijksim.state.world import World

if TYPE_CHECKING:
    from wijksim.kernel.event import Event
    from wijksim.kernel.relax import Relax
    from wijksim.kernel.strategy import Strategy


class Tracer(Protocol):
    """Listens to chosen residents (``trace``, twin stories); never changes anything."""

    def event(
        self, ctx: Context, event: Event, rows: Rows, p: NDArray[np.float64], hit: NDArray[np.bool_]
    ) -> None:
        """Hear of the candidates of an event, their chance and who was hit."""

    def state(self, ctx: Context, relax: Relax) -> None:
        """Hear that a state has moved."""


class Counters:
    """Things worth printing in every run: how often chances meet their cap, named sums and named maxima.

    A run begins with new ones, so that the warm-up is in none of them.
    """

    def __init__(self) -> None:
        # chances computed and cut off, by event: those of one call after another, and those of draws in one pass
        self._chances: dict[str, list[int]] = {}
        self._drawn: dict[str, NDArray[np.int64]] = {}
        self.sums: defaultdict[str, float] = defaultdict(float)
        self.peaks: dict[str, float] = {}

    def caps(self, event: str, evaluated: int, capped: int) -> None:
        """Count chances computed and chances cut off at the cap."""
        counts = self._chances.setdefault(event, [0, 0])
        counts[0] += evaluated
        counts[1] += capped

    def drawn(self, event: str) -> NDArray[np.int64]:
        """Chances of an event that were computed and cut off, for a compiled pass that adds to them."""
        counts = self._drawn.get(event)
        if counts is None:
            counts = self._drawn[event] = np.zeros(len(("computed", "cut off")), np.int64)
        return counts

    def add(self, name: str, amount: float) -> None:
        """Add to a named sum."""
        self.sums[name] += amount

    def peak(self, name: str, value: float) -> None:
        """Remember the largest value under a name."""
        self.peaks[name] = max(value, self.peaks.get(name, value))

    def capped_share(self) -> dict[str, float]:
        """Share of chances at the cap by event, events without any left out."""
        total = {name: tuple(counts) for name, counts in self._chances.items()}
        for name, counts in self._drawn.items():
            total[name] = tuple(np.add(total.get(name, (0, 0)), counts).tolist())
        return {name: capped / computed for name, (computed, capped) in sorted(total.items()) if capped}


class MonthLog:
    """What transitions did this month: exits, births, arrivals, moves, activities, vacated dwellings.

    Every entry is a dictionary of arrays of equal length, one per call; measures and stories read them.
    """

    def __init__(self) -> None:
        self.entries: defaultdict[str, list[dict[str, NDArray[Any]]]] = defaultdict(list)

    def clear(self) -> None:
        """Forget the month."""
        self.entries.clear()

    def record(self, kind: str, **columns: NDArray[Any]) -> None:
        """Add an entry."""
        self.entries[kind].append(columns)

    def column(self, kind: str, name: str) -> NDArray[Any]:
        """All values of one column of a kind this month, concatenated (empty if nothing happened)."""
        parts = [entry[name] for entry in self.entries.get(kind, ())]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


@dataclass
class Context:
    """The run as seen from inside one month.

    Attributes
    ----------
    world, draws, clock, parameters
        State, keyed randomness, calendar and declarations.
    month
        Month of the run; negative in the warm-up.
    values
        Parameter values in force this month, levers included.
    steady
        The dictionary to which nobody writes any more, if ``values`` is it: who keeps what follows from parameters then
        need not look at them again.
    calm
        Mark of the month (:mod:`wijksim.kernel.calm`) in its mechanisms; None if events have to look for themselves.
    reference, effects, requests, ledger, loops, counters, log
        See their classes.
    strategies
        Chosen strategy by kind (``allocation``, ``triage``).
    resident_references, household_references
        Columns that must forget a resident or household who is gone.
    settings
        Plain settings of the world (size of the rest of the city).
    before_release
        Called with a table and rows just before they are released (Mesa views keep a last snapshot).
    """

    world: World
    draws: Draws
    clock: Clock
    parameters: ParameterStore
    month: int = 0
    values: dict[str, float] = field(default_factory=dict)
    steady: dict[str, float] | None = None
    calm: Calm | None = None
    reference: Reference = field(default_factory=Reference)
    effects: Effects = field(default_factory=Effects)
    requests: Requests = field(default_factory=Requests)
    ledger: Ledger = field(default_factory=Ledger)
    loops: Loops = field(default_factory=Loops)
    counters: Counters = field(default_factory=Counters)
    log: MonthLog = field(default_factory=MonthLog)
    strategies: dict[str, Strategy] = field(default_factory=dict)
    tracer: Tracer | None = None
    resident_references: tuple[str, ...] = ()
    household_references: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    before_release: Callable[[str, Rows], None] | None = None

    def value(self, name: str) -> float:
        """Value of a parameter this month; KeyError names the parameter."""
        return self.values[name]

    @property
    def month_of_year(self) -> int:
        """Calendar month, 1 to 12."""
        return self.clock.date(self.month).month
