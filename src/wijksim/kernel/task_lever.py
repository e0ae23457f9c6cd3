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


class TaskLever(Lever):
    """Fund posts of one role and spend their hours.

    Posts are recruited, trained in, sick and vacant as all others are, and the accounts book them while they are
    filled, so that such a lever books no staff of its own. All who have the role are one pool: those at work share the
    tasks by fte, so that vacancies slow down the new task and the old ones alike. Hours of the task are taken off those
    of the role, or they would count twice: for the task and for outreach.

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
        """Fund ``fte`` by district and return the hours that there are for the task this month."""
        self.fund(ctx, f"fte.{self.role.key}", fte)
        weights = self.governed(ctx).places
        shares = np.ones(fte.size) if weights is None else weights
        hours = np.asarray(fte * self._at_work(ctx, fte * shares) * self.full_time(ctx))
        if hours.any():
            self.fund(ctx, f"hours.{self.role.key}", -hours)
        return np.asarray(hours * shares)

    def _at_work(self, ctx: Context, fte: NDArray[np.float64]) -> NDArray[np.float64]:
        """Part of the posts of the role that is filled and at work, those in training for their part; by district.

        Posts that are only funded this month count as not filled yet.
        """
        table, values, n = ctx.world.professional, ctx.values, ctx.world.n_districts
        standing: NDArray[np.float64] | None = ctx.world.stores.get(_STANDING)
        rows = table.rows
        rows = rows[table.role[rows] == int(self.role)]
        if standing is None or rows.size == 0:
            return np.zeros(n)
        here, posts = table.district[rows], table.fte[rows].astype(np.float64)
        formation = np.bincount(here, weights=posts, minlength=n)
        posts[table.vacant[rows] | table.sick[rows]] = 0
        fresh = table.since[rows] > ctx.month - values["professionals.lead_in_months"]
        posts[fresh] *= values["professionals.lead_in_productivity"]
        working = np.bincount(here, weights=posts, minlength=n)
        whole = np.maximum(formation, standing[self.role].sum(axis=0) + fte)
        return np.asarray(np.divide(working, whole, out=np.zeros(n), where=whole > 0))
