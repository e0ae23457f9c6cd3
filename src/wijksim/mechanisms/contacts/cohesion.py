"""Social cohesion of each entrance: it follows ties slowly, within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.keeper import Keeper
from wijksim.kernel.calm import Calm
from wijksim.kernel.context import Context
from wijksim.kernel.influence import Layout
from wijksim.kernel.relax import Relax, step_fraction
from wijksim.kernel.weigh_loops import KINDS, STEP
from wijksim.state.table import Table

TOP = "contacts.cohesion_top"
_NEVER = Calm()  # the mark of no month

type _Given = tuple[
    NDArray[np.uint8], NDArray[np.int64], NDArray[np.float64], np.float32, np.float32, np.float32, np.float32
]  # fmt: skip

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


class Cohesion(Keeper, Relax):
    """A state with few drivers, all of its own table, that stays between 0 and a top."""

    # what a pass is handed over in the months with a mark, as long as tables lie where they do
    _handed: tuple[Calm, int, _Given] | None = None

    passing: ClassVar[Mapping[str, Any]] = {"_handed": None}

    def follow(self, ctx: Context) -> None:
        """Move the whole column one month."""
        handed = self._handed
        if handed is None or handed[0] is not ctx.calm or handed[1] != Table.laid:
            constant, layout = self.index.layout(ctx, self.index.factors(ctx))
            if layout is None or not _readable(layout):
                self.step(ctx)
                self.bound(ctx)
                return
            values, (_, steps, numbers, _) = ctx.values, layout.where
            given = (
                layout.memory[0], steps, numbers, np.float32(constant), np.float32(values[self.level]),
                np.float32(step_fraction(values[self.half_life])), np.float32(values[TOP]),
            )  # fmt: skip
            handed = self._handed = ctx.calm or _NEVER, Table.laid, given
        moved(*handed[2], ctx.world.tables[self.table][self.attribute])
        if ctx.tracer is not None:
            ctx.tracer.state(ctx, self)

    def bound(self, ctx: Context) -> None:
        """Keep the state between 0 and the top."""
        state = ctx.world.tables[self.table][self.attribute]
        np.maximum(state, 0, out=state)
        np.minimum(state, ctx.values[TOP], out=state)


def _readable(layout: Layout) -> bool:
    """Whether all drivers are float32 and of the own table."""
    plain = len(layout.sources) == 1 and bool((layout.where[1][:, _KIND] == _F4).all())
    return plain and layout.where[-1].size == 0
