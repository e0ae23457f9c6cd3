"""Hours that crises ask for: drawn per event, spread over months and roles, carried over once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.kernel.pipeline import Pipeline
from wijksim.mechanisms.professionals import request_loops
from wijksim.mechanisms.professionals.columns import long_ago
from wijksim.state.roles import CRISIS_ROLES, N_PROFESSIONS, CrisisKind
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

WORK = "professionals.crisis_work"
CARRY = "professionals.crisis_carry"

_TINY = 1e-9
_COUNTERS = tuple(f"professionals.crises_{kind.key}" for kind in CrisisKind)
_SHARES = tuple(
    (int(kind), int(role), f"professionals.crisis_{kind.key}_{role.key}")
    for kind, roles in CRISIS_ROLES.items()
    for role in roles
)
_GIVEN = itemgetter(*(name for _, _, name in _SHARES))
# in the order in which crises are gathered: those of residents, then those of households
_KINDS = np.array(
    [CrisisKind.CONFUSED, CrisisKind.YOUTH, CrisisKind.VIOLENCE, CrisisKind.EVICTION, CrisisKind.DEBT],
    dtype=np.int8,
)
_MONTHS = ("professionals.crisis_month_1", "professionals.crisis_month_2", "professionals.crisis_month_3")


@dataclass(frozen=True)
class Demand:
    """Requests for crisis hours this month; all arrays of one length.

    Attributes
    ----------
    row, uid
        Resident, and who it was when the crisis began.
    role
        Profession asked for.
    hours
        Hours.
    carried
        Refused once already.
    """

    row: Rows
    uid: NDArray[np.uint64]
    role: NDArray[np.int64]
    hours: NDArray[np.float64]
    carried: NDArray[np.bool_]


def empty() -> Demand:
    """No demand."""
    return Demand(
        np.empty(0, np.int32),
        np.empty(0, np.uint64),
        np.empty(0, np.int64),
        np.empty(0),
        np.empty(0, np.bool_),
    )


def prepare_stores(ctx: Context) -> None:
    """Make the stores of crisis work."""
    ctx.world.stores.setdefault(WORK, Pipeline(row=np.int32, uid=np.uint64, kind=np.int8, hours=np.float64))
    ctx.world.stores.setdefault(CARRY, empty())


def happened(ctx: Context) -> tuple[Rows, NDArray[np.int8], NDArray[np.float64]]:
    """Crises of this month: resident concerned, kind, and how many; what befalls a household concerns its head."""
    resident, household = ctx.world.resident, ctx.world.household
    return request_loops.happened(
        resident.crises, resident.youth_crisis, household.violence, household.eviction_crisis,
        household.debt_crisis, household.head, _KINDS,
    )  # fmt: skip


def take_in(ctx: Context) -> None:
    """Draw the hours of this month's crises and set them out over the coming months (ASM-10)."""
    values, work = ctx.values, ctx.world.stores[WORK]
    row, kind, count = happened(ctx)
    if row.size == 0:
        return
    uid = ctx.world.resident.uid[row]
    sigma = values["professionals.crisis_hours_sd"]
    z = ctx.draws.normal("professionals.crisis_hours", derive_uid("crisis", uid, kind), ctx.month)
    hours = count * values["professionals.crisis_hours"] * np.exp(sigma * z - sigma**2 / 2)
    spread = np.array([values[name] for name in _MONTHS])
    again = np.arange(spread.size * row.size) % row.size
    work.push(
        np.arange(ctx.month, ctx.month + spread.size).repeat(row.size),
        row=row.take(again),
        uid=uid.take(again),
        kind=kind.take(again),
        hours=(spread[:, None] * hours).ravel(),
    )
    happenings = np.bincount(kind, weights=count, minlength=len(CrisisKind))
    for name, events in zip(_COUNTERS, happenings.tolist(), strict=True):
        ctx.counters.add(name, events)


def role_shares(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Share of the hours of each kind of crisis by role, shape ``(kinds, roles)``; a kind's shares sum to 1."""
    return _role_shares(_GIVEN(values))


@lru_cache(maxsize=8)
def _role_shares(given: tuple[float, ...]) -> NDArray[np.float64]:
    shares = np.zeros((len(CrisisKind), N_PROFESSIONS))
    for (kind, role, _), value in zip(_SHARES, given, strict=True):
        shares[kind, role] = value
    result: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    result.flags.writeable = False
    return result


def due(ctx: Context) -> Demand:
    """Requests of this month: what falls due and what was refused last month; the dead and departed ask nothing."""
    table, stores = ctx.world.resident, ctx.world.stores
    ready, carry = stores[WORK].pop(ctx.month), stores[CARRY]
    return Demand(
        *request_loops.due(
            ready["row"], ready["uid"], ready["kind"], ready["hours"], role_shares(ctx.values),
            carry.row, carry.uid, carry.role, carry.hours, table.alive, table.uid, table.district,
        )
    )  # fmt: skip


def left_over(ctx: Context, demand: Demand, granted: NDArray[np.float64]) -> None:
    """Carry refused hours over once; a second refusal leaves the crisis unserved for some months."""
    table, values = ctx.world.resident, ctx.values
    row, uid, role, short, refused = request_loops.left_over(
        demand.row, demand.uid, demand.role, demand.hours, demand.carried, granted, _TINY,
        values["professionals.unserved_share"], ctx.month, table.unserved_since,
    )  # fmt: skip
    ctx.world.stores[CARRY] = Demand(row, uid, role, short, np.ones(row.size, bool))
    ctx.counters.add("professionals.crisis_hours_refused", float(refused.sum()))
    since = long_ago(ctx.month, values["professionals.unserved_months"])
    np.greater(table.unserved_since, since, out=table.crisis_unserved)
