"""Who gets this month's hours: crises, the least of open cases, intake, the rest of cases, and last outreach.

Whoever asks for help must be heard within weeks (Wmo 2015), so teams take people on while the hours of those they have
get fewer, down to a floor below which they refuse. That is how caseloads come to exceed the norm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.account import Account
from wijksim.kernel.strategy import STRATEGIES
from wijksim.kernel.triage import Triage
from wijksim.mechanisms.professionals import crises, posts, service
from wijksim.mechanisms.professionals.columns import OPEN, QUEUE
from wijksim.state.roles import CASE_ROLES, N_PROFESSIONS
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

DEFAULT = "crisis_first"
USED = "professionals.hours"

_TOLERANCE = 1e-9
_SERVED = ("crises", "least of cases", "intakes", "rest of cases")  # in this order
_KINDS = np.arange(len(_SERVED))
_CASE_HOURS = tuple(f"professionals.case_hours_{role.key}" for role in CASE_ROLES)


@dataclass(frozen=True)
class Use:
    """Hours of one month by role and district, each of shape ``(roles, districts)``; the parts sum to ``total``."""

    total: NDArray[np.float64]
    crisis: NDArray[np.float64]
    cases: NDArray[np.float64]
    intake: NDArray[np.float64]
    outreach: NDArray[np.float64]


def triage(ctx: Context) -> Triage:
    """The chosen rule, or the default."""
    chosen = ctx.strategies.get("triage")
    return cast(Triage, STRATEGIES.get(DEFAULT)() if chosen is None else chosen)


def share_out(ctx: Context, total: NDArray[np.float64]) -> Use:
    """Serve everybody in order; writes the hours received and what is still to come of each intake.

    Parameters
    ----------
    total
        Net hours by role and district.
    """
    table, n = ctx.world.resident, ctx.world.n_districts
    rule = triage(ctx)
    kept = np.minimum(np.maximum(rule.reserve(ctx, total), 0), total)
    table.help_hours.fill(0)
    crisis, least, intake, rest = _serve(ctx, (total - kept).ravel(), rule)
    cases = least + rest
    outreach = np.maximum((total - kept).ravel() - crisis - cases - intake, 0) + kept.ravel()
    shape = (N_PROFESSIONS, n)
    use = Use(
        total, crisis.reshape(shape), cases.reshape(shape), intake.reshape(shape), outreach.reshape(shape)
    )
    account = Account(USED, np.zeros(shape))
    account.receive(total)
    for part in (use.crisis, use.cases, use.intake, use.outreach):
        account.spend(part)
    account.close(np.zeros(shape), _TOLERANCE)
    ctx.world.stores[USED] = use
    return use


def case_hours(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Hours a month that an open case of each role asks for, shape ``(roles,)``."""
    return _by_role(tuple([values[name] for name in _CASE_HOURS]))


@lru_cache(maxsize=8)
def _by_role(given: tuple[float, ...]) -> NDArray[np.float64]:
    hours = np.zeros(N_PROFESSIONS)
    hours[list(CASE_ROLES)] = given
    hours.flags.writeable = False
    return hours


def effective_hours(values: dict[str, float]) -> float:
    """Net hours of one standing fte in a month after absence, vacancy and training-in."""
    absent = values["professionals.sick_share"] + values["professionals.vacant_share"]
    absent -= values["professionals.sick_share"] * values["professionals.vacant_share"]
    return posts.full_time_hours(values) * (1 - absent)


def _serve(ctx: Context, available: NDArray[np.float64], rule: Triage) -> NDArray[np.float64]:
    """Share the hours of each role and district among crises, open cases and intakes.

    One ranking does for all: within a role and district by kind, then by score and, in a tie, by identity.

    Returns
    -------
    NDArray
        Hours granted, shape ``(4, roles x districts)``: crises, the least of open cases, intakes, the rest of cases.
    """
    table = ctx.world.resident
    crises.take_in(ctx)
    demand = crises.due(ctx)
    open_rows, queue = _in_stage(ctx, OPEN), _in_stage(ctx, QUEUE)
    rows = np.concatenate([demand.row, open_rows, queue, open_rows])
    sizes = [demand.row.size, open_rows.size, queue.size, open_rows.size]
    least, intakes, rest = np.cumsum(sizes[:-1])
    kind = _KINDS.repeat(sizes)
    led = table.case_role[rows[least:]]
    group = np.concatenate([demand.role, led]) * ctx.world.n_districts + table.district[rows]
    asked = table.intake_left[queue]
    usual = case_hours(ctx.values)[led[: open_rows.size]]
    floor = ctx.values["professionals.case_floor"]
    wanted = np.concatenate([demand.hours, floor * usual, asked, (1 - floor) * usual])
    rank = _score(ctx, open_rows, rule)
    score = np.concatenate([demand.carried, rank, _score(ctx, queue, rule), rank])
    uid = np.concatenate([demand.uid, table.uid[rows[least:]]])
    order = np.lexsort((uid, -score, group * _KINDS.size + kind))
    granted = np.empty(rows.size)
    # what rounding leaves of a spent capacity is no help
    service.grant(order, group, wanted, available, _TOLERANCE, granted)
    cells = available.size
    used = np.zeros(_KINDS.size * cells)
    service.hand_out(rows, kind * cells + group, granted, table.help_hours, used)
    table.intake_left[queue] = np.maximum(asked - granted[intakes:rest], 0)
    table.case_share.fill(0)
    table.case_share[open_rows] = (granted[least:intakes] + granted[rest:]) / usual
    crises.left_over(ctx, demand, granted[:least])
    return used.reshape(_KINDS.size, cells)


def _in_stage(ctx: Context, stage: int) -> Rows:
    table = ctx.world.resident
    rows = (table.case == stage).nonzero()[0].astype(np.int32)
    housed: Rows = rows[table.district[rows] >= 0]
    return housed


def _score(ctx: Context, rows: Rows, rule: Triage) -> NDArray[np.float64]:
    table = ctx.world.resident
    return rule.score(
        ctx,
        {
            "need": table.need[rows].astype(np.float64),
            "waiting": (ctx.month - table.case_since[rows]).astype(np.float64),
            "crises": table.crisis_memory[rows].astype(np.float64),
            "district": table.district[rows],
        },
    )
