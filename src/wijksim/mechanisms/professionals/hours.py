"""Who gets this month's hours: crises, then open cases, then intake, and what is left goes to outreach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.account import Account
from wijksim.kernel.strategy import STRATEGIES
from wijksim.mechanisms.professionals import crises, posts, service
from wijksim.mechanisms.professionals.columns import OPEN, QUEUE
from wijksim.state.roles import CASE_ROLES, N_PROFESSIONS
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

DEFAULT = "crisis_first"
USED = "professionals.hours"

_TOLERANCE = 1e-9
_KINDS = np.array([0, 1, 2])  # crises, open cases, intakes: in the order in which they are served
_CASE_HOURS = tuple(f"professionals.case_hours_{role.key}" for role in CASE_ROLES)


class Triage(Protocol):
    """What a strategy of kind ``triage`` answers."""

    def reserve(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Hours kept for outreach before anything else, of the shape ``(roles, districts)`` of ``hours``."""

    def score(
        self, need: NDArray[np.float64], waiting: NDArray[np.float64], crises: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Rank of residents among the open cases or in the queue, highest first.

        ``need`` in [0, 1], ``waiting`` months in this stage, ``crises`` decayed sum of reports.
        """


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
    kept = np.minimum(np.maximum(rule.reserve(total), 0), total)
    table.help_hours.fill(0)
    crisis, cases, intake = _serve(ctx, (total - kept).ravel(), rule)
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
    """Share the hours of each role and district among crises, open cases and intakes, in that order.

    One ranking does for all three: within a role and district by kind, then by score and, in a tie, by identity.

    Returns
    -------
    NDArray
        Hours granted, shape ``(3, roles x districts)``.
    """
    table = ctx.world.resident
    crises.take_in(ctx)
    demand = crises.due(ctx)
    open_rows, queue = _in_stage(ctx, OPEN), _in_stage(ctx, QUEUE)
    rows = np.concatenate([demand.row, open_rows, queue])
    sizes = [demand.row.size, open_rows.size, queue.size]
    kind = _KINDS.repeat(sizes)
    led = table.case_role[rows[sizes[0] :]]
    group = np.concatenate([demand.role, led]) * ctx.world.n_districts + table.district[rows]
    asked = table.intake_left[queue]
    wanted = np.concatenate([demand.hours, case_hours(ctx.values)[led[: sizes[1]]], asked])
    score = np.concatenate([demand.carried, _score(ctx, open_rows, rule), _score(ctx, queue, rule)])
    uid = np.concatenate([demand.uid, table.uid[rows[sizes[0] :]]])
    order = np.lexsort((uid, -score, group * _KINDS.size + kind))
    granted = np.empty(rows.size)
    # what rounding leaves of a spent capacity is no help
    service.grant(order, group, wanted, available, _TOLERANCE, granted)
    cells = available.size
    used = np.zeros(_KINDS.size * cells)
    service.hand_out(rows, kind * cells + group, granted, table.help_hours, used)
    table.intake_left[queue] = np.maximum(asked - granted[sizes[0] + sizes[1] :], 0)
    crises.left_over(ctx, demand, granted[: sizes[0]])
    return used.reshape(_KINDS.size, cells)


def _in_stage(ctx: Context, stage: int) -> Rows:
    table = ctx.world.resident
    rows = (table.case == stage).nonzero()[0].astype(np.int32)
    housed: Rows = rows[table.district[rows] >= 0]
    return housed


def _score(ctx: Context, rows: Rows, rule: Triage) -> NDArray[np.float64]:
    table = ctx.world.resident
    return rule.score(
        table.need[rows].astype(np.float64),
        (ctx.month - table.case_since[rows]).astype(np.float64),
        table.crisis_memory[rows].astype(np.float64),
    )
