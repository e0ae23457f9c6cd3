"""Hours that crises ask for: drawn per event, spread over months and roles, carried over once."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.state.roles import CRISIS_ROLES, N_PROFESSIONS, CrisisKind

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.professionals.look_loops import Happened

WORK = "professionals.crisis_work"
CARRY = "professionals.crisis_carry"
_LINES = len(("row", "uid", "kind", "due"))  # of Work

_COUNTERS = tuple(f"professionals.crises_{kind.key}" for kind in CrisisKind)
_SHARES = tuple(
    (int(kind), int(role), f"professionals.crisis_{kind.key}_{role.key}")
    for kind, roles in CRISIS_ROLES.items()
    for role in roles
)
_GIVEN = itemgetter(*(name for _, _, name in _SHARES))
_SPREAD = itemgetter(
    "professionals.crisis_month_1", "professionals.crisis_month_2", "professionals.crisis_month_3"
)


class Work(NamedTuple):
    """Work on crises that is still to come.

    Attributes
    ----------
    numbers
        Resident, who it was when the crisis began, and kind of crisis and month in which the work falls due; of
        what was refused once, the role instead of these two. Shape ``(4, n)`` or ``(3, n)``.
    hours
        Hours, shape ``(n,)``.
    """

    numbers: NDArray[np.int64]
    hours: NDArray[np.float64]


def prepare_stores(ctx: Context) -> None:
    """Make the stores of crisis work."""
    for name, lines in ((WORK, _LINES), (CARRY, _LINES - 1)):
        ctx.world.stores.setdefault(name, Work(np.empty((lines, 0), np.int64), np.empty(0)))


def begun(ctx: Context, happened: Happened) -> Work:
    """Crises of this month: resident concerned, who that is, kind, and the hours that are drawn for it (ASM-10)."""
    numbers, count, of_kind = happened
    if count.size == 0:
        return Work(numbers, count)
    values, counters = ctx.values, ctx.counters
    sigma = values["professionals.crisis_hours_sd"]
    uid = derive_uid("crisis", numbers[1].view(np.uint64), numbers[2])
    z = ctx.draws.normal("professionals.crisis_hours", uid, ctx.month)
    count *= values["professionals.crisis_hours"]
    z *= sigma
    z -= sigma**2 / 2
    count *= np.exp(z, out=z)
    for name, events in zip(_COUNTERS, of_kind, strict=True):
        if events:
            counters.add(name, events)
    return Work(numbers, count)


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


def room(months: int, new: Work, way: Work, over: Work) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Room for numbers and hours of as much work as can be left of this, of which ``over`` is refused at most once."""
    began, under_way, carried = new.hours.size, way.hours.size, over.hours.size
    later = (months - 1) * began + under_way
    unserved = (began + under_way) * N_PROFESSIONS + carried
    return np.empty(_LINES * (later + unserved), np.int64), np.empty(later + unserved + carried)


def left_over(
    ctx: Context, numbers: NDArray[np.int64], hours: NDArray[np.float64], counts: tuple[int, int, int]
) -> None:
    """Keep work that falls due later, carry over once what was not served; what is refused again is lost.

    So many of each, one after the other, stand in ``hours``, and of the first two in ``numbers``, line by line.
    """
    later, carried, refused = counts
    first, both, stores = _LINES * later, later + carried, ctx.world.stores
    stores[WORK] = Work(numbers[:first].reshape(_LINES, later), hours[:later])
    left = numbers[first : first + (_LINES - 1) * carried].reshape(_LINES - 1, carried)
    stores[CARRY] = Work(left, hours[later:both])
    lost = float(np.add.reduce(hours[both : both + refused])) if refused else 0.0
    ctx.counters.add("professionals.crisis_hours_refused", lost)
