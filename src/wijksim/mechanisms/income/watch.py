"""Which households need a new assessment: only those whose circumstances changed since the last one.

Norms are constant within a year and most people's wages and homes are too, so a month touches one household in
fifteen. A change of any income parameter (a new norm, a lever) makes everybody due.
"""

from __future__ import annotations

from math import ceil
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.income import watch_loops
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_AGES = itemgetter(
    "income.child_age_middle",
    "income.child_age_old",
    "income.child_age_oldest",
    "income.child_age_end",
    "income.assistance_sharing_age",
)


class Watch:
    """Circumstances as they were at the last assessment, kept in ``world.stores["income.watch"]``.

    Attributes
    ----------
    new_wages
        Residents whose wage is not what it was when households that are due were last looked for.
    """

    def __init__(self) -> None:
        self.resident: dict[str, NDArray[Any]] = {
            "wage": np.empty(0, np.float32),
            "activity": np.empty(0, np.int8),
            "household": np.empty(0, np.int32),
            "age": np.empty(0, np.int16),
        }
        self.household: dict[str, NDArray[Any]] = {
            "dwelling": np.empty(0, np.int32),
            "rent": np.empty(0, np.float32),
            "mortgage": np.empty(0, np.float32),
            "state": np.empty(0, np.int16),
        }
        self.names: tuple[str, ...] = ()
        self.parameters: tuple[float, ...] = ()
        self.known = 0
        self.new_wages: Rows = np.empty(0, dtype=np.int32)

    def due(self, ctx: Context) -> Rows:
        """Households to assess now, ascending; what is seen is remembered as assessed."""
        table = ctx.world.household
        if len(ctx.values) != self.known:
            self.known = len(ctx.values)
            self.names = tuple(name for name in ctx.values if name.startswith("income."))
        parameters = itemgetter(*self.names)(ctx.values)
        due = np.zeros(table.size + 1, dtype=bool)  # with a spare last place for who is in no household
        if parameters != self.parameters:
            due[:] = True
            self.parameters = parameters
        self._residents(ctx, due)
        return self._households(ctx, due)

    def _residents(self, ctx: Context, due: NDArray[np.bool_]) -> None:
        """Mark the households, old and new, of residents whose work, wage, home or age group changed."""
        table, v = ctx.world.resident, ctx.values
        _grow(self.resident, table.size)
        seen = self.resident
        turning = np.array(_AGES(v)).astype(np.int16)
        paid = np.empty(table.size, np.int32)
        # fmt: off
        count = watch_loops.residents(
            table.wage, table.activity, table.household, table.age, table.activity_since,
            turning, ctx.month - ceil(v["income.ww_months"]),
            seen["wage"], seen["activity"], seen["household"], seen["age"], due, paid,
        )
        # fmt: on
        self.new_wages = paid[:count]

    def _households(self, ctx: Context, due: NDArray[np.bool_]) -> Rows:
        """Households that are due, or have another home, rent, mortgage, take-up or side of a savings test."""
        table, v = ctx.world.household, ctx.values
        _grow(self.household, table.size)
        seen = self.household
        found = np.empty(table.size, np.int32)
        # fmt: off
        count = watch_loops.households(
            table.alive, table.dwelling, ctx.world.dwelling.rent, table.mortgage, table.takeup, table.adults,
            table.savings, float(v["income.assistance_capital"]), float(v["income.rent_capital"]),
            seen["dwelling"], seen["rent"], seen["mortgage"], seen["state"], due, found,
        )
        # fmt: on
        return found[:count]


def _grow(seen: dict[str, NDArray[Any]], size: int) -> None:
    """Make room for new rows of a table."""
    for name, column in seen.items():
        if column.size < size:
            fresh = np.full(size - column.size, watch_loops.UNSEEN, column.dtype)
            seen[name] = np.concatenate([column, fresh])
