"""Levers that put professionals in post whose hours go to a task of the lever, and not to outreach."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.lever import Lever
from wijksim.state.roles import Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_STANDING = "professionals.base_fte"
_TINY = 1e-6


class PostLever(Lever):
    """Fund posts of one role and spend their hours.

    Posts are recruited, trained in, sick and vacant as all others are, and the accounts book them while they are
    filled, so that such a lever books no staff of its own. Their hours are taken off those of the role, or they would
    count twice: for the task and for outreach.

    Attributes
    ----------
    role
        Whose posts.
    """

    role: ClassVar[Profession] = Profession.COMMUNITY_BUILDER
    verbs: ClassVar[tuple[str, ...]] = ("fund", "request")

    def full_time(self, ctx: Context) -> float:
        """Hours for residents in a month of one fte that is present and trained in."""
        return ctx.values["professionals.net_hours"] * (1 - ctx.values["professionals.admin_share"])

    def employ(self, ctx: Context, fte: NDArray[np.float64]) -> NDArray[np.float64]:
        """Fund ``fte`` by district and return the hours that they have for the task this month."""
        self.fund(ctx, f"fte.{self.role.key}", fte)
        hours = np.asarray(fte * self._at_work(ctx) * self.full_time(ctx))
        if hours.any():
            self.fund(ctx, f"hours.{self.role.key}", -hours)
        return hours

    def _at_work(self, ctx: Context) -> NDArray[np.float64]:
        """Part of the posts beyond the standing formation that is filled and at work, by district.

        Those of all levers are one pool. What is absent of the standing formation in ordinary times is no fault of
        theirs. Under a cut there is no such pool, and the part is that of the whole role.
        """
        table, values, n = ctx.world.professional, ctx.values, ctx.world.n_districts
        standing: NDArray[np.float64] | None = ctx.world.stores.get(_STANDING)
        rows = table.rows
        rows = rows[table.role[rows] == int(self.role)]
        if standing is None or rows.size == 0:
            return np.zeros(n)
        here, fte = table.district[rows], table.fte[rows].astype(np.float64)
        formation = np.bincount(here, weights=fte, minlength=n)
        fte[table.vacant[rows] | table.sick[rows]] = 0
        fresh = table.since[rows] > ctx.month - values["professionals.lead_in_months"]
        fte[fresh] *= values["professionals.lead_in_productivity"]
        working = np.bincount(here, weights=fte, minlength=n)
        base = standing[self.role].sum(axis=0)
        absent = values["professionals.sick_share"] + values["professionals.vacant_share"]
        beyond, usual = formation - base, base * (1 - min(absent, 1))
        pool = np.divide(working - usual, beyond, out=np.zeros(n), where=beyond > _TINY)
        whole = np.divide(working, formation, out=np.zeros(n), where=formation > _TINY)
        return np.asarray(np.clip(np.where(beyond < -_TINY, whole, pool), 0, 1))
