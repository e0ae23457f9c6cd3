"""Primitive 2: a state that relaxes to a target.

``x += (target - x) * (1 - 2 ** (-1 / half_life))`` with ``target = logistic(logit(level) + sum of weights)``
for a state in [0, 1], or ``level + sum of weights`` for a state in its own unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.influence import Index, Influence
from wijksim.state.column import place_of
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


def logit(share: float) -> float:
    """Log odds of a share strictly between 0 and 1."""
    return log(share / (1 - share))


def logistic(x: NDArray[Any] | float) -> NDArray[Any]:
    """Inverse of :func:`logit`, elementwise."""
    result: NDArray[Any] = np.exp(-np.asarray(x))
    result += 1
    return np.divide(1, result, out=result) if result.ndim else 1 / result


def step_fraction(half_life: float) -> float:
    """Part of the distance covered in one month; 1 for a half-life of zero."""
    return 1.0 if half_life <= 0 else 1 - 2 ** (-1 / half_life)


class Relax:
    """A relaxing column.

    Parameters
    ----------
    column
        Full name of the column, which the declaring mechanism owns.
    half_life
        Parameter name, months.
    level
        Parameter name of the national level (a published prevalence or mean).
    influences
        Weights per standard deviation of the driver in the reference population (``w = 1.81 d`` for an
        effect of Cohen's d on a logit scale).
    bounded
        True for a state in [0, 1].
    doc
        One sentence for the generated pages.
    """

    def __init__(
        self,
        column: str,
        *,
        half_life: str,
        level: str,
        influences: Sequence[Influence] = (),
        bounded: bool = True,
        doc: str = "",
    ) -> None:
        self.column = column
        self.name = column
        self.table, self.attribute = place_of(column)
        self.half_life = half_life
        self.level = level
        self.bounded = bounded
        self.doc = doc
        self.index = Index(column, self.table, influences, scaled=True)

    def target(self, ctx: Context, rows: Rows | slice = slice(None)) -> NDArray[Any]:
        """Value to which the state moves, for ``rows`` (default: the whole column, dead rows included)."""
        level = ctx.values[self.level]
        total = self.index.at(ctx, rows)
        if np.isscalar(total):
            total = np.full(ctx.world.tables[self.table][self.attribute][rows].shape, total, dtype=np.float32)
        total = np.asarray(total)
        total += np.float32(logit(level) if self.bounded else level)
        return logistic(total) if self.bounded else total

    def step(self, ctx: Context, *, fresh: NDArray[Any] | None = None) -> None:
        """Move the whole column one month towards its target; ``fresh`` rows go there at once (newcomers)."""
        state, target = ctx.world.tables[self.table][self.attribute], self.target(ctx)
        placed = None if fresh is None else target.take(fresh)
        self.move(state, target, step_fraction(ctx.values[self.half_life]))
        if fresh is not None:
            state[fresh] = placed
        if ctx.tracer is not None:
            ctx.tracer.state(ctx, self)

    @staticmethod
    def move(state: NDArray[Any], target: NDArray[Any], fraction: float) -> None:
        """Close a part of the distance, in place; ``target`` is used up."""
        target -= state
        target *= fraction
        state += target.astype(state.dtype, copy=False)

    def settle(self, ctx: Context, rows: Rows | slice = slice(None)) -> None:
        """Put the state at its target at once (initial world, newcomers)."""
        state = ctx.world.tables[self.table][self.attribute]
        state[rows] = self.target(ctx, rows).astype(state.dtype, copy=False)
