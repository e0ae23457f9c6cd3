"""The channels by which need comes to be known."""

from __future__ import annotations

from math import log
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.event import Event
from wijksim.kernel.kept import Kept
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Handed = tuple[tuple[NDArray[np.uint64], ...], tuple[NDArray[np.int64], ...]]
"""Keys under which people are drawn by road, and what counts chances by channel."""


class Signal(Event):
    """A way in which need comes to be known."""

    def __init__(self, channel: str, doc: str) -> None:
        self.rate = f"professionals.signal_{channel}_rate"
        super().__init__(f"professionals.signal_{channel}", table="resident", base=self.rate, doc=doc)


SELF = Signal(
    "self",
    "A resident in need asks for help; proportional to trust and to how findable help is",
)
NEIGHBOUR = Signal(
    "neighbour",
    "A neighbour who knows the resident raises the alarm",
)
CARETAKER_CHANNEL = Signal(
    "caretaker",
    "The caretaker of a corporation complex does; proportional to the caretakers at work",
)
OUTREACH = Signal(
    "outreach",
    "Outreach finds a resident in need whom it reaches",
)
CHANNELS: tuple[Signal, ...] = (SELF, NEIGHBOUR, CARETAKER_CHANNEL, OUTREACH)

ROADS: tuple[Stream, ...] = (
    Stream("professionals.signal_police"), Stream("professionals.signal_letter"),
    *(Stream(channel.name) for channel in CHANNELS),
)  # fmt: skip
"""Luck of every road: after a report of the police, after a letter, and by the channels."""

FLOOR = 1e-6  # of ratios of which the log is taken
ROOM = 1 + float(np.finfo(np.float32).eps)

_RATES = itemgetter(*(channel.rate for channel in CHANNELS))


class Usual(NamedTuple):
    """Numbers of the roads that follow from parameters alone.

    Attributes
    ----------
    likely
        Chance of contact and acceptance at the national level of trust by road, where no lever has a hand in it.
    hazards, rates
        Minus the hazards of a month for who would come soonest, and yearly rates, by channel.
    numbers
        Level of trust, how findable help is, chances that help is accepted and that somebody is met in some visits, the
        log of what an earlier case adds within so many months, and these; highest chance, age from which people are
        frail, and hours of an intake.
    least
        Need from which help is in place, shape ``(1,)``.
    """

    likely: NDArray[np.float64]
    hazards: tuple[float, ...]
    rates: NDArray[np.float64]
    numbers: tuple[float, ...]
    least: NDArray[np.float32]

    @property
    def met(self) -> float:
        """Chance that somebody is met in some visits."""
        return self.numbers[3]


@Kept
def usual_of(values: dict[str, float]) -> Usual:
    """Numbers of the roads in a month."""
    accepts, former = values["professionals.acceptance"], values["professionals.signal_hr_former"]
    hazards = tuple([-rate * max(former, 1.0) / MONTHS_PER_YEAR for rate in _RATES(values)])
    met = _met_in(values["professionals.contact_visit"], values["professionals.visits"])
    # the police pass on half of those whom an event brought to their notice
    passed_on, letter = values["professionals.signal_police_share"], values["professionals.contact_letter"]
    return Usual(
        np.array([passed_on * met, letter, *[met] * len(CHANNELS)]) * accepts, hazards, np.array(_RATES(values)),
        (
            values["wellbeing.trust_level"], values["professionals.findable"], accepts, met,
            log(former), values["professionals.relapse_window"],
            values["kernel.probability_cap"], values["health.frail_age"], values["professionals.intake_hours"],
        ),
        np.array([values["professionals.need_threshold"]], np.float32),
    )  # fmt: skip


class _AtHand:
    """Keys of the roads and counts of the channels, kept for the months with the mark of the first."""

    def __init__(self) -> None:
        self._calm: object = self
        self._handed: Handed = (), ()

    def __call__(self, ctx: Context, uid: NDArray[np.uint64], those: tuple[Rows, ...]) -> Handed:
        """Keys and counts of this month, in which ``those`` are drawn by road."""
        if self._calm is ctx.calm:
            return self._handed
        month, draws, counters = ctx.month, ctx.draws, ctx.counters
        keys = tuple(draws.key(road, uid, rows, month, 0) for road, rows in zip(ROADS, those, strict=True))
        handed = keys, tuple(counters.drawn(channel.name) for channel in CHANNELS)
        if ctx.calm is not None and all(key is road.key for key, road in zip(keys, ROADS, strict=True)):
            self._calm, self._handed = ctx.calm, handed
        return handed


AT_HAND = _AtHand()


def _met_in(visit: float, visits: float) -> float:
    """Chance that somebody is met: ``1 - (1 - p) ** n`` (TIM-11)."""
    return float(1 - (1 - visit) ** visits)
