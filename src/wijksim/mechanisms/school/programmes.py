"""What programmes do to schools beside extra hours: teachers for posts that stand open, and a word for the pupil.

Both are nothing at all without a lever. Teachers whom a programme finds fill part of the open posts in a district for
as long as it pays (L091). Whoever speaks up for a pupil when the primary school advises undoes part of the bias against
pupils of low income (L094, EDU-07); pupils who are advised at their level already have nothing to gain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

OWNER, ADVOCATE = "school", "advocate"

TEACHERS = "school.teachers"
"""Capacity that a lever may fund per district: part of the teaching posts there that it fills."""


def filled(ctx: Context) -> NDArray[np.float64]:
    """Part of the teaching posts of each school that programmes fill, shape ``(n_schools,)``."""
    found: NDArray[np.float64] = ctx.effects.funded(TEACHERS, ctx.world.n_districts)[
        ctx.world.school.district
    ]
    return found


def heard(ctx: Context) -> NDArray[np.float64] | None:
    """Part of the bias in the advice that is undone for each resident, None where no lever asks for it.

    Two who speak up for the same pupil leave ``(1 - a) * (1 - b)`` of it, in whatever order they come.
    """
    asked = [
        (lever, details)
        for lever, owner, act, details in ctx.effects.acts
        if (owner, act) == (OWNER, ADVOCATE)
    ]
    if not asked:
        return None
    left = np.ones(ctx.world.resident.size)
    for _, details in sorted(asked, key=lambda post: post[0]):
        left[details["residents"]] *= 1 - details["heard"]
    return 1 - left
