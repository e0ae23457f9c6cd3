"""The channels by which need comes to be known."""

from __future__ import annotations

from math import log
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.event import Event
from wijksim.kernel.kept import Kept


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

_RATES = itemgetter(*(channel.rate for channel in CHANNELS))


class Usual(NamedTuple):
    """Numbers of the roads that follow from parameters alone.

    Attributes
    ----------
    likely
        Chance of contact and acceptance at the national level of trust by road, where no lever has a hand in it.
    rates, hazards
        Yearly rates of the channels, and minus the hazards of a month for who would come soonest.
    met, accepts
        Chances that somebody is met in some visits, and that help is accepted.
    level, findable, former, window
        Level of trust, how findable help is, and the log of what an earlier case adds within so many months.
    cap, frail_age, intake
        Highest chance, the age from which people are frail, and hours of an intake.
    """

    likely: NDArray[np.float64]
    rates: NDArray[np.float64]
    hazards: tuple[float, ...]
    met: float
    accepts: float
    level: float
    findable: float
    former: float
    window: float
    cap: float
    frail_age: float
    intake: float


@Kept
def usual_of(values: dict[str, float]) -> Usual:
    """Numbers of the roads in a month."""
    accepts, former = values["professionals.acceptance"], values["professionals.signal_hr_former"]
    hazards = tuple([-rate * max(former, 1.0) / MONTHS_PER_YEAR for rate in _RATES(values)])
    met = _met_in(values["professionals.contact_visit"], values["professionals.visits"])
    # the police pass on half of those whom an event brought to their notice
    passed_on, letter = values["professionals.signal_police_share"], values["professionals.contact_letter"]
    return Usual(
        np.array([passed_on * met, letter, *[met] * len(CHANNELS)]) * accepts, np.array(_RATES(values)), hazards,
        met, accepts,
        values["wellbeing.trust_level"], values["professionals.findable"],
        log(former), values["professionals.relapse_window"],
        values["kernel.probability_cap"], values["health.frail_age"], values["professionals.intake_hours"],
    )  # fmt: skip


def _met_in(visit: float, visits: float) -> float:
    """Chance that somebody is met: ``1 - (1 - p) ** n`` (TIM-11)."""
    return float(1 - (1 - visit) ** visits)
