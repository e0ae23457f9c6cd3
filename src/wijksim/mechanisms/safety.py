"""Safety as people feel it: disorder, nuisance and crime around the home, and what has happened to oneself.

What a district's crime rate does to people it does over what they meet: disorder in the street and victims. Disorder
comes before fear and before the loss of social control (NUI-18): it is a driver here and hears nothing back
this month. Who feels unsafe goes out less; that is how the street loop closes (M013).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.kernel.influence import Influence
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.relax import Relax, logistic, logit
from wijksim.state.codes import Sex
from wijksim.state.column import Column
from wijksim.state.table import Rows


class BoundedRelax(Relax):
    """A state whose drivers together move it no further than a bound, so that rare ones leave room for doubt."""

    def target(self, ctx: Context, rows: Rows | slice = slice(None)) -> NDArray[Any]:
        """Value to which the state moves."""
        size = np.arange(ctx.world.tables[self.table].size)[rows].size
        total = np.zeros(size, dtype=np.float32) + self.index.at(ctx, rows)
        bound = ctx.values["safety.index_bound"]
        np.clip(total, -bound, bound, out=total)
        total += total.dtype.type(logit(ctx.values[self.level]))
        return logistic(total)


def _drivers(prefix: str) -> tuple[Influence, ...]:
    return (
        Influence("entrance.disorder", f"safety.{prefix}_disorder", loop="street"),
        Influence("household.nuisance_often", f"safety.{prefix}_nuisance", loop="street"),
        Influence("resident.victim_memory", f"safety.{prefix}_victim", loop="street"),
        Influence("resident.sex", f"safety.{prefix}_female", equals=int(Sex.FEMALE)),
        Influence("entrance.control", f"safety.{prefix}_control", loop="street"),
    )


@MECHANISMS.register
class Safety(Mechanism):
    """Felt safety in the own neighbourhood and fear of harassment or robbery (veiligheidsbeleving)."""

    name = "safety"
    owns = (
        Column("resident.felt_safety", np.float32, "share",
               "Chance of not feeling unsafe in the own neighbourhood (veiligheidsgevoel)", low=0, high=1, default=1),
        Column("resident.fear", np.float32, "share", "Chance of being afraid of harassment or robbery", low=0, high=1),
    )  # fmt: skip
    reads = (
        "entrance.disorder", "entrance.control", "household.nuisance_often", "resident.victim_memory",
    )  # fmt: skip

    felt_safety = BoundedRelax(
        "resident.felt_safety",
        half_life="safety.half_life",
        level="safety.level",
        influences=_drivers("safe"),
        doc="Residents who do not feel unsafe",
    )
    fear = BoundedRelax(
        "resident.fear",
        half_life="safety.fear_half_life",
        level="safety.fear_level",
        influences=_drivers("fear"),
        doc="Residents afraid of harassment or robbery",
    )

    def setup(self, ctx: Context) -> None:
        """Begin where disorder and nuisance of today lead."""
        for state in (self.felt_safety, self.fear):
            state.settle(ctx)

    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Newcomers feel what their new street gives cause for."""
        if table == "resident":
            for state in (self.felt_safety, self.fear):
                state.settle(ctx, rows)

    def step(self, ctx: Context) -> None:
        """Move towards what the street gives cause for."""
        self.felt_safety.step(ctx)
        self.fear.step(ctx)
