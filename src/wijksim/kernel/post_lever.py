"""Levers on those who work: their posts, rather than the residents for whom they work."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.lever import Lever
from wijksim.state.roles import Profession
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_STANDING = "professionals.base_fte"


@cache
def _meant(roles: tuple[Profession, ...]) -> NDArray[np.bool_]:
    """Whether each role is one of ``roles``, by its code."""
    return np.array([role in roles for role in Profession])


class PostLever(Lever):
    """Lever on posts in the target districts; coverage and uptake are those of employers and their staff.

    Attributes
    ----------
    roles
        Roles for which it is meant.
    """

    roles: ClassVar[tuple[Profession, ...]] = tuple(Profession)

    def posts(self, ctx: Context, dose: float) -> Rows:
        """Posts reached this month: a larger dose contains those of a smaller; the posts of one week go together."""
        table = ctx.world.professional
        rows = self.in_target(ctx, "professional", table.rows)
        rows = rows[_meant(self.roles).take(table.role[rows])]
        luck = ctx.draws.life(f"lever.{self.name}.posts", table.uid[table.person[rows]])
        found: Rows = rows[luck < self.number("coverage") * self.number("uptake") * dose]
        return found

    def holders(self, ctx: Context, posts: Rows) -> Rows:
        """First posts of those who hold ``posts``, on which the luck of a person is drawn."""
        found: Rows = np.unique(ctx.world.professional.person[posts])
        return found

    def filled(self, ctx: Context, posts: Rows) -> NDArray[np.float64]:
        """Fte of ``posts`` that somebody holds, shape ``(n_districts,)``."""
        table = ctx.world.professional
        held = posts[~table.vacant[posts]]
        return np.bincount(table.district[held], weights=table.fte[held], minlength=ctx.world.n_districts)

    def standing(self, ctx: Context, role: Profession) -> NDArray[np.float64]:
        """Standing formation of a role in the target districts, fte, shape ``(n_districts,)``."""
        base: NDArray[np.float64] | None = ctx.world.stores.get(_STANDING)
        if base is None:
            return np.zeros(ctx.world.n_districts)
        total: NDArray[np.float64] = base[role].sum(axis=0) * self.districts(ctx)
        return total

    def scale_posts(self, ctx: Context, rate: str, posts: Rows, argument: str) -> None:
        """Multiply a rate or weight by the ratio that an argument holds, for ``posts``."""
        self.scale(ctx, rate, "professional", posts, self.number(argument))

    def scale_districts(self, ctx: Context, weight: str, argument: str, dose: float) -> None:
        """Multiply a weight of the target districts by a ratio, as far as dose, coverage and uptake go."""
        part = dose * self.number("coverage") * self.number("uptake")
        rows = self.districts(ctx).nonzero()[0].astype(np.int32)
        self.scale(ctx, weight, "district", rows, self.number(argument) ** part)
