"""Hours that crises ask for: drawn per event, spread over months and roles, carried over once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.kernel.pipeline import Pipeline
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
_MONTHS = ("crisis_month_1", "crisis_month_2", "crisis_month_3")


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
        np.empty(0, np.int32), np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_)
    )


def prepare_stores(ctx: Context) -> None:
    """Make the stores of crisis work."""
    ctx.world.stores.setdefault(WORK, Pipeline(row=np.int32, uid=np.uint64, kind=np.int8, hours=np.float64))
    ctx.world.stores.setdefault(CARRY, empty())


def happened(ctx: Context) -> tuple[Rows, NDArray[np.int8], NDArray[np.float64]]:
    """Crises of this month: resident concerned, kind, and how many; what befalls a household concerns its head."""
    resident, household = ctx.world.resident, ctx.world.household
    rows, kinds, counts = [], [], []
    for kind, of_household, column in (
        (CrisisKind.CONFUSED, False, resident.crises),
        (CrisisKind.YOUTH, False, resident.youth_crisis),
        (CrisisKind.VIOLENCE, True, household.violence),
        (CrisisKind.EVICTION, True, household.eviction_crisis),
        (CrisisKind.DEBT, True, household.debt_crisis),
    ):
        found = np.flatnonzero(column != 0)
        counts.append(column[found].astype(np.float64))
        rows.append(household.head[found] if of_household else found)
        kinds.append(np.full(found.size, int(kind), dtype=np.int8))
    row, kind_of, count = np.concatenate(rows), np.concatenate(kinds), np.concatenate(counts)
    here = row >= 0
    return row[here].astype(np.int32), kind_of[here], count[here]


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
    spread = np.array([values[f"professionals.{name}"] for name in _MONTHS])
    months = spread.size
    work.push(
        np.repeat(ctx.month + np.arange(months), row.size),
        row=np.tile(row, months),
        uid=np.tile(uid, months),
        kind=np.tile(kind, months),
        hours=(spread[:, None] * hours).ravel(),
    )
    happenings = np.bincount(kind, weights=count, minlength=len(CrisisKind))
    for name, events in zip(_COUNTERS, happenings.tolist(), strict=True):
        ctx.counters.add(name, events)


def role_shares(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Share of the hours of each kind of crisis by role, shape ``(kinds, roles)``; a kind's shares sum to 1."""
    shares = np.zeros((len(CrisisKind), N_PROFESSIONS))
    for kind, role, name in _SHARES:
        shares[kind, role] = values[name]
    return shares / shares.sum(axis=1, keepdims=True)


def due(ctx: Context) -> Demand:
    """Requests of this month: what falls due and what was refused last month; the dead and departed ask nothing."""
    table, stores = ctx.world.resident, ctx.world.stores
    ready = stores[WORK].pop(ctx.month)
    shares = role_shares(ctx.values)[ready["kind"]] * ready["hours"][:, None]
    entry, role = np.nonzero(shares)
    carry: Demand = stores[CARRY]
    row = np.concatenate([ready["row"][entry], carry.row])
    uid = np.concatenate([ready["uid"][entry], carry.uid])
    here = table.alive[row] & (table.uid[row] == uid) & (table.district[row] >= 0)
    return Demand(
        row[here],
        uid[here],
        np.concatenate([role, carry.role])[here],
        np.concatenate([shares[entry, role], carry.hours])[here],
        np.concatenate([np.zeros(entry.size, bool), np.ones(carry.row.size, bool)])[here],
    )


def left_over(ctx: Context, demand: Demand, granted: NDArray[np.float64]) -> None:
    """Carry refused hours over once; a second refusal leaves the crisis unserved for some months."""
    table = ctx.world.resident
    short = demand.hours - granted
    again = (short > _TINY) & ~demand.carried
    ctx.world.stores[CARRY] = Demand(
        demand.row[again], demand.uid[again], demand.role[again], short[again], np.ones(int(again.sum()), bool)
    )
    rows, position = np.unique(demand.row, return_inverse=True)
    refused = np.bincount(position, weights=short * demand.carried, minlength=rows.size)
    asked = np.bincount(position, weights=demand.hours, minlength=rows.size)
    table.unserved_since[rows[refused > ctx.values["professionals.unserved_share"] * asked]] = ctx.month
    ctx.counters.add("professionals.crisis_hours_refused", float(short[demand.carried].sum()))
    table.crisis_unserved[:] = ctx.month - table.unserved_since < ctx.values["professionals.unserved_months"]
