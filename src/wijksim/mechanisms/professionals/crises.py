"""Hours that crises ask for: drawn per event, spread over months and roles, carried over once."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.kept import Kept
from wijksim.state.roles import CRISIS_ROLES, N_PROFESSIONS, CrisisKind

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.professionals.look_loops import Happened

WORK = "professionals.crisis_work"
CARRY = "professionals.crisis_carry"
LINES = len(("row", "uid", "kind", "due"))  # of Work

_COUNTERS = tuple(f"professionals.crises_{kind.key}" for kind in CrisisKind)
_SHARES = tuple(
    (int(kind), int(role), f"professionals.crisis_{kind.key}_{role.key}")
    for kind, roles in CRISIS_ROLES.items()
    for role in roles
)
_GIVEN = itemgetter(*(name for _, _, name in _SHARES))
_MONTHS = ("professionals.crisis_month_1", "professionals.crisis_month_2", "professionals.crisis_month_3")
_SPREAD = itemgetter(*_MONTHS)
_MOST = len(_MONTHS) - 1 + N_PROFESSIONS


type Work = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Work on crises that is still to come: numbers, and hours, shape ``(n,)``.

Numbers are the resident, who it was when the crisis began, and kind of crisis and month in which the work falls due; of
what was refused once, the role instead of these two. Shape ``(4, n)`` or ``(3, n)``.
"""


def prepare_stores(ctx: Context) -> None:
    """Make the stores of crisis work."""
    for name, lines in ((WORK, LINES), (CARRY, LINES - 1)):
        ctx.world.stores.setdefault(name, (np.empty((lines, 0), np.int64), np.empty(0)))


@Kept
def _drawn(values: dict[str, float]) -> tuple[float, float, float]:
    """Hours of a crisis, their spread, and what makes them the mean."""
    sigma = values["professionals.crisis_hours_sd"]
    return values["professionals.crisis_hours"], sigma, sigma**2 / 2


def begun(ctx: Context, happened: Happened) -> Work:
    """Crises of this month: resident concerned, who that is, kind, and the hours that are drawn for it (ASM-10)."""
    numbers, count, who, of_kind = happened
    if count.size == 0:
        return numbers, count
    (mean, sigma, less), counters = _drawn(ctx.values), ctx.counters
    z = ctx.draws.normal("professionals.crisis_hours", who, ctx.month)
    count *= mean
    z *= sigma
    z -= less
    count *= np.exp(z, out=z)
    for name, events in zip(_COUNTERS, of_kind, strict=True):
        if events:
            counters.add(name, events)
    return numbers, count


def spread(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Part of the hours of a crisis that falls in each of its months."""
    return np.array(_SPREAD(values))


def role_shares(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Share of the hours of each kind of crisis by role, shape ``(kinds, roles)``; a kind's shares sum to 1."""
    shares = np.zeros((len(CrisisKind), N_PROFESSIONS))
    for (kind, role, _), value in zip(_SHARES, _GIVEN(values), strict=True):
        shares[kind, role] = value
    result: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    return result


def most_left(new: Work, way: Work, over: Work) -> int:
    """As much work as can be left: each one by month or role, and of what is refused once more (``over``) itself."""
    return _MOST * (new[1].size + way[1].size) + over[1].size


def left_over(
    ctx: Context, numbers: NDArray[np.int64], hours: NDArray[np.float64], counts: tuple[int, int, int]
) -> None:
    """Keep work that falls due later, carry over once what was not served; what is refused again is lost.

    So many of each, one after the other, stand in ``hours``, and of the first two in ``numbers``, line by line.
    """
    later, carried, refused = counts
    first, both, stores = LINES * later, later + carried, ctx.world.stores
    stores[WORK] = numbers[:first].reshape(LINES, later), hours[:later]
    left = numbers[first : first + (LINES - 1) * carried].reshape(LINES - 1, carried)
    stores[CARRY] = left, hours[later:both]
    lost = float(np.add.reduce(hours[both : both + refused])) if refused else 0.0
    ctx.counters.add("professionals.crisis_hours_refused", lost)
