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

from wijksim.kernel.columns import KeptColumns
from wijksim.mechanisms.income import watch_loops
from wijksim.mechanisms.income.assessment import SPREADS, Members, lines_for, listed
from wijksim.mechanisms.income.norms import Rules, budgets
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.state.world import World

type Seen = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]

# at which something begins or ends
_AGES = (
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
    resident, household
        Columns as they were seen, in the order in which ``watch_loops`` takes them apart.
    rules
        What ``norms.budgets`` makes of the parameters as they were seen.
    """

    def __init__(self) -> None:
        self.resident: Seen = (
            np.empty(0, np.float32), np.empty(0, np.int8), np.empty(0, np.int32), np.empty(0, np.int16),
        )  # fmt: skip
        self.household: Seen = (
            np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32), np.empty(0, np.int16),
        )  # fmt: skip
        self.known = 0
        self.pick = itemgetter(*_AGES)
        self.parameters: Any = ()
        self.turning = np.empty(0, np.int16)
        self.ended = 0
        self.limits = self.spreads = (0.0, 0.0)
        self.rules: tuple[Rules, Rules] | None = None
        self._values: dict[str, float] | None = None
        self._room = KeptColumns(self._laid_out, "resident", "household", "dwelling")

    def __getstate__(self) -> dict[str, Any]:
        """State without the parameters of the run."""
        return {**self.__dict__, "_values": None}

    def due(self, ctx: Context) -> Rows:
        """Households to assess now, ascending; what is seen is remembered as assessed. All parameters are read."""
        self._values = None
        return self.look(ctx)[0]

    def look(self, ctx: Context) -> tuple[Rows, Members]:
        """Households to assess now, ascending, with their members; what is seen is remembered as assessed.

        Those are due who have another home, rent, mortgage, take-up or side of a savings test, or of whose members,
        old and new, the work, wage, home or age group changed. The latest wage of who is in work is noted on the way.
        """
        anew = ctx.values is not self._values and self._changed(ctx.values)
        columns, households, lines = self._room(ctx.world)
        count, number = watch_loops.due(
            anew, self.turning, ctx.month - self.ended, self.limits, self.spreads, *columns
        )
        return households[:count], listed(number, *lines)

    def _laid_out(self, world: World) -> tuple[tuple[Any, ...], Rows, tuple[Any, ...]]:
        """What :func:`watch_loops.due` takes last: columns, what was seen of them, and room for what it lists."""
        table, home = world.resident, world.household
        if self.resident[0].size < table.size:
            self.resident = _grown(self.resident, table.size)
        if self.household[0].size < home.size:
            self.household = _grown(self.household, home.size)
        households, lines = np.empty(home.size + 1, np.int32), lines_for(table.size)
        columns = (
            table.wage, table.activity, table.household, table.age, table.activity_since, self.resident,
            table.last_wage, home.alive, home.dwelling, world.dwelling.rent, home.mortgage, home.takeup, home.adults,
            home.savings, self.household, table.ability, households, *lines,
        )  # fmt: skip
        return columns, households, lines

    def _changed(self, v: dict[str, float]) -> bool:
        """Take in the parameters of the month; tell whether any of income is another."""
        self._values = v
        if len(v) != self.known:
            self.known = len(v)
            self.pick = _picked(v)
        parameters = self.pick(v)
        if parameters == self.parameters:
            return False
        self.parameters = parameters
        self.turning = np.array([v[name] for name in _AGES]).astype(np.int16)
        self.ended, self.rules = ceil(v["income.ww_months"]), budgets(v)
        self.limits, self.spreads = (v["income.assistance_capital"], v["income.rent_capital"]), SPREADS(v)
        return True


_LATEST: list[tuple[frozenset[str], itemgetter[Any]]] = []


def _picked(values: dict[str, float]) -> itemgetter[Any]:
    """What takes the parameters of income out of all; worlds made one after another have the same ones."""
    if not _LATEST or _LATEST[0][0] != values.keys():
        names = [name for name in values if name.startswith("income.")]
        _LATEST[:] = [(frozenset(values), itemgetter(*names))]
    return _LATEST[0][1]


def _grown(seen: Seen, size: int) -> Seen:
    """What was seen, with room for new rows of a table."""
    more = size - seen[0].size
    first, second, third, fourth = (
        np.concatenate([column, np.full(more, watch_loops.UNSEEN, column.dtype)]) for column in seen
    )
    return first, second, third, fourth
