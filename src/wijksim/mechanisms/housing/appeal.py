"""How appealing a corporation dwelling is to regular seekers: log odds that one accepts it, without the rent."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, log
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.keeper import Keeper
from wijksim.kernel.influence import Index, Influence, Layout
from wijksim.kernel.weigh_loops import weigh
from wijksim.state.codes import Tenure
from wijksim.state.table import Rows, Table

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

APPEAL = Index(
    "housing.offer",
    "dwelling",
    (
        Influence("dwelling.quality", "housing.offer_quality"),
        Influence("district.afw", "housing.offer_afw", loop="concentration"),
        Influence("complex.stigma", "housing.offer_stigma", loop="concentration"),
    ),
    scaled=True,
)


class Appeal(Keeper):
    """Looks up the appeal of dwellings; what that takes is kept for the months with the mark of the first of them."""

    passing: ClassVar[Mapping[str, Any]] = {"_calm": None, "_layout": None}

    def __init__(self) -> None:
        self._calm: object = None
        self._laid = 0
        self._layout: Layout | None = None
        self._numbers = (0.0, 0.0)  # what centring takes off, and log odds for the mean dwelling

    def __call__(self, ctx: Context, rows: Rows) -> Floats:
        """Log odds that a regular seeker accepts each of the dwellings ``rows``, without the rent."""
        layout, (constant, usual) = self._layout, self._numbers
        if layout is None or self._calm is not ctx.calm or self._laid != Table.laid:
            usual = intercept(ctx)
            factors = APPEAL.factors(ctx)
            constant, layout = APPEAL.layout(ctx, factors)
            if layout is None:
                return np.asarray(APPEAL.powers(ctx, rows, factors, clip=inf, c=-usual))
            if ctx.calm is not None:
                self._calm, self._laid = ctx.calm, Table.laid
                self._layout, self._numbers = layout, (constant, usual)
        appeal = np.empty(rows.size)
        # nothing is cut off: the sum of an event, for the pace of one
        weigh(rows, *layout.memory, *layout.where, constant, inf, -usual, appeal)
        return appeal


appeal_of = Appeal()


def intercept(ctx: Context) -> float:
    """Log odds with which the mean corporation dwelling of the national reference is accepted as often as assumed.

    Solved once and kept with the reference, like the normaliser of an event.
    """
    known = ctx.reference.stored.get("housing.offer")
    if known is not None and not ctx.reference.tracking:
        return float(known)
    dwelling = ctx.world.dwelling
    rows = (dwelling.alive & (dwelling.owner == int(Tenure.CORPORATION))).nonzero()[0].astype(np.int32)
    weight = ctx.reference.weights(ctx, "dwelling")[rows]
    wanted = ctx.values["housing.offer_mean"]
    if weight.sum() <= 0:
        return log(wanted / (1 - wanted))
    index = np.zeros(rows.size) + APPEAL.at(ctx, rows)
    low, high = -float(np.abs(index).max()) - 1, float(np.abs(index).max()) + 1
    low, high = low + log(wanted / (1 - wanted)), high + log(wanted / (1 - wanted))
    while high - low > np.sqrt(np.finfo(np.float64).eps):
        middle = (low + high) / 2
        mean = float((weight / (1 + np.exp(-index - middle))).sum() / weight.sum())
        low, high = (middle, high) if mean < wanted else (low, middle)
    return ctx.reference.remember("housing.offer", [(low + high) / 2])[0]
