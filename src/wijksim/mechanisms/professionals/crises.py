"""Hours that crises ask for: drawn per event, spread over months and roles, carried over once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.kernel.pipeline import Pipeline
from wijksim.mechanisms.professionals import request_loops
from wijksim.state.roles import CRISIS_ROLES, N_PROFESSIONS, CrisisKind
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

WORK = "professionals.crisis_work"
CARRY = "professionals.crisis_carry"

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
_SPREAD = itemgetter(
    "professionals.crisis_month_1", "professionals.crisis_month_2", "professionals.crisis_month_3"
)


class Demand(NamedTuple):
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


def _begun(ctx: Context) -> tuple[Rows, NDArray[np.uint64], NDArray[np.int8], NDArray[np.float64]]:
    """Crises of this month: resident concerned, who that is, kind, and the hours that are drawn for it (ASM-10)."""
    values, resident, household = ctx.values, ctx.world.resident, ctx.world.household
    row, uid, kind, count, number = request_loops.happened(
        resident.crises, resident.youth_crisis, household.violence, household.eviction_crisis,
        household.debt_crisis, household.head, _KINDS, resident.uid,
    )  # fmt: skip
    if row.size:
        sigma = values["professionals.crisis_hours_sd"]
        z = ctx.draws.normal("professionals.crisis_hours", derive_uid("crisis", uid, kind), ctx.month)
        count *= values["professionals.crisis_hours"]
        count *= np.exp(sigma * z - sigma**2 / 2)
        for name, events in zip(_COUNTERS, number.tolist(), strict=True):
            ctx.counters.add(name, events)
    return row, uid, kind, count


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
    """Requests of this month: what falls due and what was refused last month; the dead and departed ask nothing.

    The hours of a crisis are spread over months, of which this is the first.
    """
    table, stores, values = ctx.world.resident, ctx.world.stores, ctx.values
    work, carry = stores[WORK], stores[CARRY]
    waiting = work.fields
    asked, later = request_loops.requests(
        *_begun(ctx), np.array(_SPREAD(values)), ctx.month,
        work.due, waiting["row"], waiting["uid"], waiting["kind"], waiting["hours"], role_shares(values),
        carry.row, carry.uid, carry.role, carry.hours, table.alive, table.uid, table.district,
    )  # fmt: skip
    work.due, waiting["row"], waiting["uid"], waiting["kind"], waiting["hours"] = later
    return Demand(*asked)


def left_over(ctx: Context, demand: Demand, refused: NDArray[np.float64]) -> None:
    """Carry what was not served over once; the hours ``refused`` a second time are lost."""
    ctx.world.stores[CARRY] = demand
    ctx.counters.add("professionals.crisis_hours_refused", float(refused.sum()) if refused.size else 0.0)
