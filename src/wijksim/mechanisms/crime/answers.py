"""What crime answers to levers that ask something of it: shopkeepers on watch, and neighbours who resist recruitment.

Both are acts of people together, not of persons apart, so that neither is a ratio on a rate: a watch works once enough
shopkeepers take part, and a front door resists as far as those behind it have trust and know each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.mechanisms.crime.streets import displaced
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

OWNER = "crime"
GUARD = "guard"
ORGANISE = "organise"

type Floats = NDArray[np.float64]


def asked(ctx: Context, act: str) -> list[dict[str, Any]]:
    """Details of what levers ask, in the order of their names."""
    if not ctx.effects.acts:
        return []
    found = [
        (lever, details) for lever, owner, what, details in ctx.effects.acts if (owner, what) == (OWNER, act)
    ]
    return [details for _, details in sorted(found, key=lambda one: one[0])]


def guarded(ctx: Context, activity: Floats, acts: list[dict[str, Any]]) -> Floats:
    """Log of what watches do to offender activity in each district, part of which goes elsewhere.

    Below the threshold nothing happens: a shopkeeper who stands alone against dealers gives up, or does not begin. What
    is taken away moves by the rule of enforcement, in the part that the lever names; where there are watches counts for
    nothing in where it moves to.

    Parameters
    ----------
    activity
        Offender activity per district, after enforcement; shape ``(n_districts,)``.
    acts
        ``joined`` part of shopkeepers that takes part, by district; ``threshold`` part from which they act together;
        ``effect`` part of activity that they take away then; ``displacement`` part of that which turns up elsewhere.
    """
    even = np.ones(activity.size)
    after = activity.copy()
    for details in acts:
        together = np.asarray(details["joined"]) >= details["threshold"]
        ratio = np.where(together, 1 - details["effect"], 1.0)
        values = {**ctx.values, "crime.displacement_share": details["displacement"]}
        after, to_rest = displaced(values, after, even, ratio)
        ctx.counters.add("crime.displaced_to_rest", to_rest)
    floor = ctx.values["crime.cover_floor"]
    return np.asarray(np.log(np.maximum(after / activity, floor)))


def resisted(ctx: Context, youths: Rows, acts: list[dict[str, Any]]) -> Floats:
    """Log ratio on the recruitment of each of ``youths``: minus resilience behind the own front door.

    Resilience of an organised adult is ``effect x trust x ties``, with ties counted up to as many as make somebody know
    the neighbours, and that of a door the mean over all its adults: those who do not take part add nothing.

    Parameters
    ----------
    acts
        ``residents`` who are organised, and ``effect``: log ratio of a door where everybody is, trusts and knows.
    """
    resident, doors = ctx.world.resident, ctx.world.entrance.size
    grown = resident.alive & (resident.age >= ADULT_AGE) & (resident.entrance >= 0)
    adults = np.bincount(resident.entrance[grown], minlength=doors)
    total = np.zeros(doors)
    for details in acts:
        rows: Rows = details["residents"]
        rows = rows[grown[rows]]
        known = np.minimum(resident.ties[rows] / ctx.values["contacts.knows_from"], 1)
        strength = details["effect"] * np.clip(resident.trust[rows], 0, 1) * known
        total += np.bincount(resident.entrance[rows], weights=strength, minlength=doors)
    by_door = np.append(total / np.maximum(adults, 1), 0.0)  # the last is for who lives behind no door
    return np.asarray(-by_door[resident.entrance[youths]])
