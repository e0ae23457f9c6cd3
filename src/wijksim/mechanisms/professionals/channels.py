"""The channels by which need comes to be known."""

from __future__ import annotations

from math import exp, expm1, log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.event import Event
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_ROOM = 1 + float(
    np.finfo(np.float32).eps
)  # the same number computed in another order differs in its last bits


class Signal(Event):
    """A way in which need comes to be known.

    The ratio that a channel has for a resident takes a dozen steps to compute and few residents draw low enough
    for it to matter, so residents are drawn first, under the highest ratio that anybody can have.
    """

    def __init__(self, channel: str, doc: str) -> None:
        self.rate = f"professionals.signal_{channel}_rate"
        super().__init__(f"professionals.signal_{channel}", table="resident", base=self.rate, doc=doc)

    def candidates(self, ctx: Context, rows: Rows, highest: float) -> tuple[Rows, NDArray[np.float64]]:
        """Those of ``rows`` whose draw allows a signal at a log ratio of at most ``highest``, and their draws."""
        if ctx.effects.touches(self.name):
            highest += log(ctx.values["kernel.lever_ratio_high"])
        bound = -expm1(-ctx.values[self.rate] * exp(highest) / MONTHS_PER_YEAR) * _ROOM
        return ctx.draws.near(self.name, ctx.world.resident.uid, rows, ctx.month, bound)


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
