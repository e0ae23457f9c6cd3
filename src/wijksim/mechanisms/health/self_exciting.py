"""An event that makes its own repetition more likely: a discrete additive Hawkes process.

``hazard = base hazard of the person + excitation * memory`` with ``memory <- memory * 2 ** (-1 / half_life) +
events``. Person effects (frailty, stress) act on the base and never on the excitation: a person-specific
excitation lets the branching ratio of a few exceed 1, and the process explodes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class SelfExciting(Event):
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

    def draw(self, ctx: Context, rows: Rows, *, lane: int = 0, offset: NDArray[Any] | None = None) -> Rows:
        """Return those of ``rows`` to whom the event happens this month (ascending as given)."""
        if rows.size == 0:
            return rows
        clip = ctx.values["kernel.hazard_clip"]
        c = ctx.reference.normaliser(ctx, self.name, self.index, rows, clip)
        push = ctx.values[self.excitation] * ctx.world.column(self.memory)[rows]
        u = ctx.draws.uniform(self.name, ctx.world.tables[self.table].uid[rows], ctx.month, lane)
        # 1 - exp(-x) <= x: the sum of hazards bounds the chance without an exponential per row
        bound = -np.log1p(-min(self._highest(ctx, c, clip, offset), 1 - np.finfo(np.float64).eps))
        candidate = np.flatnonzero(u < bound + push)
        if candidate.size == 0:
            return rows[:0]
        chosen = rows[candidate]
        base = self._probability(ctx, chosen, c, None if offset is None else offset[candidate])
        p = np.minimum(-np.expm1(np.log1p(-base) - push[candidate]), ctx.values["kernel.probability_cap"])
        hit = u[candidate] < p
        if ctx.tracer is not None:
            ctx.tracer.event(ctx, self, chosen, p, hit)
        return chosen[hit]


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
