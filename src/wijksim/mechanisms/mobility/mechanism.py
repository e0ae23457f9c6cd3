"""Social rise: who is better off than some years ago, and who went further at school than the parents (O19).

Nothing is decided here: income follows from work and household, education from school. This mechanism only remembers
where people came from, so that a rise can be told from a departure: it belongs to the person and moves along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.relax import step_fraction
from wijksim.mechanisms.mobility import loops
from wijksim.state.codes import Education
from wijksim.state.column import Column

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@MECHANISMS.register
class Mobility(Mechanism):
    """Remembers the income position of people and the education of their parents (sociale stijging)."""

    name = "mobility"
    owns = (
        Column("resident.fifth_memory", np.float32, "fifths",
               "National income fifth of the household as it was for some years; -1 not known yet",
               default=loops.UNKNOWN, low=loops.UNKNOWN),
        Column("resident.climbed", np.bool_, "-", "In a higher income fifth than some years ago (stijger)"),
        Column("resident.fell", np.bool_, "-", "In a lower income fifth than some years ago (daler)"),
        Column("resident.parent_education", np.int8, "code",
               "Highest level of the parents with whom the resident lived last; -1 if not seen here",
               default=loops.UNKNOWN, codes=Education),
    )  # fmt: skip
    reads = ("household.income_fifth", "resident.education")

    def setup(self, ctx: Context) -> None:
        """Households have had other positions before, and children know their parents."""
        self._past(ctx)
        self._remember(ctx)

    def step(self, ctx: Context) -> None:
        """Memories follow slowly; children at home see what their parents have."""
        self._remember(ctx)

    def _past(self, ctx: Context) -> None:
        """Let every household have moved up or down a fifth once, as long ago as such a move is.

        With a memory of nothing but the present nobody would have risen or fallen at first, and ever more would.
        """
        home, table, values = ctx.world.household, ctx.world.resident, ctx.values
        rows = home.rows
        luck = ctx.draws.life("mobility.past", home.uid[rows])
        months = -np.log1p(-luck) * MONTHS_PER_YEAR / values["mobility.change_rate"]
        rose = ctx.draws.life("mobility.past", home.uid[rows], lane=1) < 1 / len(("rose", "fell"))
        fifths, now = home.columns["income_fifth"], home.income_fifth[rows]
        before = np.clip(now + np.where(rose, -1, 1), fifths.low, fifths.high)
        memory = np.zeros(home.size, np.float32)
        memory[rows] = now + (before - now) * 2 ** (-months / values["mobility.memory_half_life"])
        table.fifth_memory[table.rows] = memory[table.household[table.rows]]

    def _remember(self, ctx: Context) -> None:
        table, values = ctx.world.resident, ctx.values
        loops.remember(
            table.alive, table.household, table.role, table.education, ctx.world.household.income_fifth,
            step_fraction(values["mobility.memory_half_life"]), values["mobility.least_fifths"],
            table.fifth_memory, table.climbed, table.fell, table.parent_education,
        )  # fmt: skip
