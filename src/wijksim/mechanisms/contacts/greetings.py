"""Light contact: a greeting at the front door (licht contact, groet)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.acts import GREET, asked, present
from wijksim.mechanisms.contacts.encounters import focus_rates
from wijksim.mechanisms.contacts.focus import Focus
from wijksim.state.table import Rows


def greet(ctx: Context, root: NDArray[np.float32], grown: NDArray[np.bool_]) -> None:
    """Write the greetings that each adult gets of neighbours behind the same entrance and would not have got.

    Details of a request: ``residents`` who greet whom they meet, ``share`` of the encounters at which they would not
    have done so anyway, and ``most`` greetings a month that somebody gets that way. Encounters are those of the front
    door, ``r * sqrt(a_i) * sum of sqrt(a_j)`` over those who greet, the own household left out.
    """
    resident = ctx.world.resident
    wanted = asked(ctx, GREET)
    if not wanted:
        if np.logical_or.reduce(resident.greetings):
            resident.greetings[:] = 0
        return
    total = np.zeros(resident.size)
    for _, details in wanted:
        met = _met(ctx, present(ctx, details["residents"], grown), root)
        total += np.minimum(met * details["share"], details["most"])
    total[~grown] = 0
    resident.greetings[:] = total


def _met(ctx: Context, greeters: Rows, root: NDArray[np.float32]) -> NDArray[np.float64]:
    """Encounters a month of each resident with ``greeters`` behind the same entrance."""
    world = ctx.world
    resident = world.resident
    weight = root[greeters].astype(np.float64)
    # a spare first place for those who are behind none
    behind = np.bincount(resident.entrance[greeters] + 1, weights=weight, minlength=world.entrance.size + 1)
    behind[0] = 0
    own = np.bincount(resident.household[greeters] + 1, weights=weight, minlength=world.household.size + 1)
    others = np.maximum(behind[resident.entrance + 1] - own[resident.household + 1], 0)
    rate = float(focus_rates(ctx.values)[Focus.ENTRANCE])
    return np.asarray(others * root * rate)


def shield(ctx: Context, rows: Rows) -> NDArray[np.float64] | None:
    """Log ratio of becoming lonely by greetings for ``rows``; None where there are none."""
    greetings = ctx.world.resident.greetings
    if not np.logical_or.reduce(greetings):
        return None
    per = np.log(ctx.values["contacts.hr_greeting"]) / ctx.values["contacts.greeting_room"]
    return np.asarray(greetings[rows] * per, dtype=np.float64)
