"""Which households need a new assessment: only those whose circumstances changed since the last one.

Norms are constant within a year and most people's wages and homes are too, so a month touches one household in
fifteen. A change of any income parameter (a new norm, a lever) makes everybody due.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.state.codes import Activity
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

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
    new_wages
        Residents whose wage is not what it was when households that are due were last looked for.
    """

    def __init__(self) -> None:
        self.resident: dict[str, NDArray[Any]] = {}
        self.household: dict[str, NDArray[Any]] = {}
        self.names: tuple[str, ...] = ()
        self.parameters: tuple[float, ...] = ()
        self.known = 0
        self.new_wages: NDArray[np.intp] = np.empty(0, dtype=np.intp)

    def due(self, ctx: Context) -> Rows:
        """Households to assess now, ascending; what is seen is remembered as assessed."""
        table = ctx.world.household
        if len(ctx.values) != self.known:
            self.known = len(ctx.values)
            self.names = tuple(name for name in ctx.values if name.startswith("income."))
        parameters = itemgetter(*self.names)(ctx.values)
        mask = np.zeros(table.size + 1, dtype=bool)  # with a spare last place for who is in no household
        if parameters != self.parameters:
            mask[:] = True
            self.parameters = parameters
        self._residents(ctx, mask)
        mask = mask[:-1]
        mask |= self._households(ctx)
        mask &= table.alive
        due: Rows = mask.nonzero()[0].astype(np.int32)
        return due

    def _residents(self, ctx: Context, mask: NDArray[np.bool_]) -> None:
        """Mark the households, old and new, of residents whose work, wage, home or age group changed."""
        table = ctx.world.resident
        # a copy: what follows remembers the present
        before = self.resident.get("household", table.household[:0]).copy()
        paid = _differ(self.resident, "wage", table.wage)
        self.new_wages = paid.nonzero()[0]
        changed = _differ(self.resident, "activity", table.activity)
        changed |= paid
        changed |= _differ(self.resident, "household", table.household)
        older = _differ(self.resident, "age", table.age).nonzero()[0]
        turned = np.zeros(int(table.age.max(initial=0)) + 1, dtype=bool)
        limits = [int(ctx.values[name]) for name in _AGES if ctx.values[name] < turned.size]
        turned[limits] = True
        unemployed = (table.activity == Activity.UNEMPLOYED).nonzero()[0]
        spell = ctx.month - table.activity_since.take(unemployed)
        ended = unemployed[spell == np.ceil(ctx.values["income.ww_months"])]
        rows = np.concatenate([changed.nonzero()[0], older[turned.take(table.age.take(older))], ended])
        mask[table.household.take(rows)] = True
        mask[before.take(rows[rows < before.size])] = True

    def _households(self, ctx: Context) -> NDArray[np.bool_]:
        """Households with another home, rent, mortgage, take-up or side of a savings test."""
        table, v = ctx.world.household, ctx.values
        unit = np.minimum(table.adults, 2)
        # who has no dwelling sees the rent of the last one: at worst an assessment that changes nothing
        dwelling = ctx.world.dwelling
        rent = dwelling.rent.take(table.dwelling) if dwelling.size else np.zeros(table.size)
        changed = _differ(self.household, "dwelling", table.dwelling)
        changed |= _differ(self.household, "rent", rent)
        changed |= _differ(self.household, "mortgage", table.mortgage)
        changed |= _differ(self.household, "takeup", table.takeup)
        changed |= _differ(self.household, "adults", table.adults)
        changed |= _differ(self.household, "few", table.savings <= v["income.assistance_capital"] * unit)
        changed |= _differ(self.household, "some", table.savings <= v["income.rent_capital"] * unit)
        return changed


def _differ(seen: dict[str, NDArray[Any]], name: str, now: NDArray[Any]) -> NDArray[np.bool_]:
    """Where ``now`` is not what was seen; rows not seen before differ. Remembers ``now``."""
    then = seen.get(name)
    if then is None or then.size != now.size:
        fresh = np.ones(now.size, dtype=bool)
        if then is not None:
            common = min(then.size, now.size)
            fresh[:common] = then[:common] != now[:common]
        seen[name] = now.copy()
        return fresh
    result: NDArray[np.bool_] = np.not_equal(then, now)
    np.copyto(then, now)
    return result
