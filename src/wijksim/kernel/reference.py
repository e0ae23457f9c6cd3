"""The national reference: against which mean every driver counts, and what keeps a rate a national rate.

A product of hazard ratios inflates its base rate (Jensen). So each event has a normaliser ``c``, the log of the
mean of ``exp(index)`` over the reference population, a mixture of the archetypes. Moments and normalisers are
computed once, on a reference world in equilibrium, and stored as an overlay with provenance; a run only reads
them. A process that the overlay does not know (a student's own mechanism) is measured once, on the world at its
first use, and then frozen for the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.kernel.influence import Index, Influence


class Reference:
    """Means, standard deviations and normalisers by process.

    Parameters
    ----------
    stored
        ``{"<process>|<driver>": [mean, sd], "<process>": c}`` from an overlay.
    tracking
        True recomputes everything at every use and remembers the sums: only for making an overlay.
    """

    def __init__(self, stored: dict[str, Any] | None = None, *, tracking: bool = False) -> None:
        self.stored: dict[str, Any] = dict(stored or {})
        self.tracking = tracking
        self.measured_here: list[str] = []
        self._sums: dict[str, list[Any]] = {}

    def weights(self, ctx: Context, table: str) -> NDArray[np.float64]:
        """Weight of each row in the reference mixture, shape ``(table size,)``; dead rows weigh nothing."""
        world = ctx.world
        if table == "district":
            return np.asarray(world.district.weight, dtype=np.float64)
        count = world.by_district(table)
        share = np.asarray(world.district.weight, dtype=np.float64)
        if share.sum() <= 0:
            share = count
        per_row = np.divide(share, count, out=np.zeros_like(share), where=count > 0)
        holder = world.tables[table]
        district = holder["district"]
        return np.where(holder.alive & (district >= 0), per_row[district], 0.0)

    def moments(self, ctx: Context, owner: str, table: str, influence: Influence) -> tuple[float, float]:
        """Mean and standard deviation of a driver in the reference population."""
        key = f"{owner}|{influence.key}"
        known = self.stored.get(key)
        if known is not None and not self.tracking:
            return float(known[0]), float(known[1])
        weight = self.weights(ctx, table)
        values = np.asarray(influence.live(ctx, table, slice(None)), dtype=np.float64)
        total = weight.sum()
        mean = float((weight * values).sum() / total) if total > 0 else 0.0
        variance = float((weight * (values - mean) ** 2).sum() / total) if total > 0 else 0.0
        return self.remember(key, [mean, float(np.sqrt(max(variance, 0.0)))])

    def mean_of(self, ctx: Context, table: str, influence: Influence) -> float:
        """Mean of a driver in the reference population, whichever process it was measured for."""
        ending = f"|{influence.key}"
        for key, known in self.stored.items():
            if key.endswith(ending) and not self.tracking:
                return float(known[0])
        return self.moments(ctx, "loops", table, influence)[0]

    def normaliser(self, ctx: Context, owner: str, index: Index, rows: Rows, clip: float) -> float:
        """Log of the reference mean of ``exp(clipped index)`` over the rows at risk."""
        if not index.influences:
            return 0.0
        known: float | None = self.stored.get(owner)
        if known is not None and not self.tracking:
            return known
        if rows.size == 0:
            return float(known or 0.0)
        weight = self.weights(ctx, index.table)[rows]
        total = weight.sum()
        if total <= 0:
            return float(known or 0.0)
        raised = np.exp(np.clip(np.asarray(index.at(ctx, rows), dtype=np.float64), -clip, clip))
        value = float(np.log((weight * raised).sum() / total))
        self.remember(owner, [value])
        return value

    def start_tracking(self) -> None:
        """Forget the sums so far; averages of the overlay run from here."""
        self._sums.clear()

    def averages(self) -> dict[str, Any]:
        """Means over the tracked months, in the form of ``stored``."""
        result: dict[str, Any] = {}
        for key, (count, sums) in sorted(self._sums.items()):
            mean = [total / count for total in sums]
            result[key] = mean if "|" in key else mean[0]
        return result

    def remember(self, key: str, values: list[float]) -> tuple[float, float]:
        """Keep what was measured under ``key``: a mean and a deviation for a driver, one number for a process."""
        if self.tracking:
            count, sums = self._sums.get(key, [0, [0.0] * len(values)])
            self._sums[key] = [count + 1, [total + value for total, value in zip(sums, values, strict=True)]]
        else:
            self.measured_here.append(key)
        self.stored[key] = values if "|" in key else values[0]
        return values[0], values[-1]
