"""An event that makes its own repetition more likely: a discrete additive Hawkes process.

``hazard = base hazard of the person + excitation * memory`` with ``memory <- memory * 2 ** (-1 / half_life) +
events``. Person effects (frailty, stress) act on the base and never on the excitation: a person-specific
excitation lets the branching ratio of a few exceed 1, and the process explodes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from wijksim.kernel.event import Offset
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.health.staged import StagedEvent, Together
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class SelfExciting(StagedEvent):
    """Event whose hazard adds what earlier events of the same row left behind.

    Parameters
    ----------
    memory
        Full name of the column with the decayed sum of earlier events.
    excitation
        Parameter name: hazard per month added by one unit of memory.
    """

    def __init__(
        self,
        name: str,
        *,
        table: str,
        base: str,
        memory: str,
        excitation: str,
        influences: Sequence[Influence] = (),
        doc: str = "",
    ) -> None:
        super().__init__(name, table=table, base=base, influences=influences, doc=doc)
        self.memory = memory
        self.excitation = excitation

    def draw(self, ctx: Context, rows: Rows, *, lane: int = 0, offset: Offset | None = None) -> Rows:
        """Return those of ``rows`` to whom the event happens this month (ascending as given)."""
        if lane or offset is not None:
            raise ValueError(f"event {self.name} takes no lane and no offset")
        return self.alone.draw(ctx, rows)[0]

    @cached_property
    def alone(self) -> Together:
        """Group of this event only."""
        return Together(self)


def retention(half_life: float) -> float:
    """Part of the memory that is left after a month."""
    return float(2 ** (-1 / half_life)) if half_life > 0 else 0.0


def branching_ratio(values: Mapping[str, float], process: str) -> float:
    """Further events that one event brings about, on average; the process explodes at 1.

    An event of this month pushes the hazard of month ``k`` from now by ``excitation * retention ** k``. A
    share ``extra`` of events brings a second report in the same month, which excites as much as the first.

    Parameters
    ----------
    process
        ``health.crisis`` or ``health.violence``: the prefix of ``_excitation``, ``_half_life`` and
        ``_extra_share``.
    """
    kept = retention(values[f"{process}_half_life"])
    per_report = values[f"{process}_excitation"] * kept / (1 - kept)
    return per_report * (1 + values[f"{process}_extra_share"])
