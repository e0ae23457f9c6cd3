"""Social cohesion of each entrance: it follows ties slowly, within bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.kernel.context import Context
from wijksim.kernel.influence import Layout
from wijksim.kernel.relax import Relax, step_fraction
from wijksim.kernel.weigh_loops import KINDS, STEP

TOP = "contacts.cohesion_top"

_KIND, _BEGIN = STEP.index("kind"), STEP.index("begin")
_F4 = KINDS["<f4"]


# fmt: off
@compiled
def moved(
    memory: NDArray[np.uint8], steps: NDArray[np.int64], numbers: NDArray[np.float64], constant: np.float32,
    level: np.float32, fraction: np.float32, top: np.float32, state: NDArray[np.float32],
) -> None:
    # fmt: on
    """Move a state one month towards its level and the drivers of the own table, and keep it between 0 and ``top``.

    Drivers lie in ``memory`` where ``steps`` say, with weights in ``numbers``.
    """
    total = np.zeros(state.size, np.float32)
    for j in range(steps.shape[0]):
        column, weight = memory[steps[j, _BEGIN] :].view(np.float32), np.float32(numbers[j, 1])
        for i in range(state.size):
            total[i] += column[i] * weight
    for i in range(state.size):
        now = state[i] + (total[i] - constant + level - state[i]) * fraction
        state[i] = min(max(now, np.float32(0)), top)


class Cohesion(Relax):
    """A state with few drivers, all of its own table, that stays between 0 and a top."""

    # what parameters make of where it goes: level, part of the way in a month, and top
    _terms: tuple[dict[str, float], tuple[np.float32, np.float32, np.float32]] | None = None
    _seen: tuple[Layout, bool] | None = None  # where drivers lay last time, and whether one pass can read them

    def __getstate__(self) -> dict[str, Any]:
        """State without what follows from tables and parameters."""
        return {**self.__dict__, "_seen": None, "_terms": None}

    def follow(self, ctx: Context) -> None:
        """Move the whole column one month."""
        constant, layout = self.index.layout(ctx, self.index.factors(ctx))
        if layout is None or not self._readable(layout):
            self.step(ctx)
            self.bound(ctx)
            return
        kept, values, (_, steps, numbers, _) = self._terms, ctx.values, layout.where
        if kept is None or kept[0] is not values:
            fraction = np.float32(step_fraction(values[self.half_life]))
            kept = self._terms = values, (np.float32(values[self.level]), fraction, np.float32(values[TOP]))
        state = ctx.world.tables[self.table][self.attribute]
        moved(layout.memory[0], steps, numbers, np.float32(constant), *kept[1], state)
        if ctx.tracer is not None:
            ctx.tracer.state(ctx, self)

    def bound(self, ctx: Context) -> None:
        """Keep the state between 0 and the top."""
        state = ctx.world.tables[self.table][self.attribute]
        np.maximum(state, 0, out=state)
        np.minimum(state, ctx.values[TOP], out=state)

    def _readable(self, layout: Layout) -> bool:
        """Whether all drivers are float32 and of the own table."""
        if self._seen is None or self._seen[0] is not layout:
            plain = len(layout.sources) == 1 and bool((layout.where[1][:, _KIND] == _F4).all())
            self._seen = layout, plain and layout.where[-1].size == 0
        return self._seen[1]
