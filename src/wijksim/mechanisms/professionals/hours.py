"""Who gets this month's hours: crises, then open cases, then intake, and what is left goes to outreach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.account import Account
from wijksim.kernel.matching import serve
from wijksim.kernel.strategy import STRATEGIES
from wijksim.mechanisms.professionals import crises, posts
from wijksim.state.roles import CASE_ROLES, N_PROFESSIONS, CaseStage
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

DEFAULT = "crisis_first"
USED = "professionals.hours"

_TOLERANCE = 1e-9


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
    kept = np.clip(rule.reserve(total), 0, total)
    left = (total - kept).ravel()
    table.help_hours[:] = 0
    crisis = _serve_crises(ctx, left)
    left = left - crisis
    cases = _serve_cases(ctx, left, rule)
    left = left - cases
    intake = _serve_intake(ctx, left, rule)
    outreach = np.maximum(left - intake, 0) + kept.ravel()
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


def case_hours(values: dict[str, float]) -> NDArray[np.float64]:
    """Hours a month that an open case of each role asks for, shape ``(roles,)``."""
    hours = np.zeros(N_PROFESSIONS)
    for role in CASE_ROLES:
        hours[role] = values[f"professionals.case_hours_{role.key}"]
    return hours


def effective_hours(values: dict[str, float]) -> float:
    """Net hours of one standing fte in a month after absence, vacancy and training-in."""
    absent = values["professionals.sick_share"] + values["professionals.vacant_share"]
    absent -= values["professionals.sick_share"] * values["professionals.vacant_share"]
    return posts.full_time_hours(values) * (1 - absent)


def _serve_crises(ctx: Context, left: NDArray[np.float64]) -> NDArray[np.float64]:
    table, n = ctx.world.resident, ctx.world.n_districts
    crises.take_in(ctx)
    demand = crises.due(ctx)
    group = demand.role * n + table.district[demand.row]
    granted = serve(
        demand.hours, left, group=group, score=demand.carried.astype(np.float64), uid=demand.uid
    )
    np.add.at(table.help_hours, demand.row, granted.astype(np.float32))
    crises.left_over(ctx, demand, granted)
    return np.bincount(group, weights=granted, minlength=left.size)


def _serve_cases(ctx: Context, left: NDArray[np.float64], rule: Triage) -> NDArray[np.float64]:
    table = ctx.world.resident
    rows = _in_stage(ctx, CaseStage.OPEN)
    group = _group(ctx, rows)
    wanted = case_hours(ctx.values)[table.case_role[rows]]
    granted = serve(wanted, left, group=group, score=_score(ctx, rows, rule), uid=table.uid[rows])
    table.help_hours[rows] += granted.astype(np.float32)
    return np.bincount(group, weights=granted, minlength=left.size)


def _serve_intake(ctx: Context, left: NDArray[np.float64], rule: Triage) -> NDArray[np.float64]:
    table = ctx.world.resident
    rows = _in_stage(ctx, CaseStage.QUEUE)
    group = _group(ctx, rows)
    score = _score(ctx, rows, rule)
    granted = serve(table.intake_left[rows], left, group=group, score=score, uid=table.uid[rows])
    table.intake_left[rows] = np.maximum(table.intake_left[rows] - granted, 0)
    table.help_hours[rows] += granted.astype(np.float32)
    return np.bincount(group, weights=granted, minlength=left.size)


def _in_stage(ctx: Context, stage: CaseStage) -> Rows:
    table = ctx.world.resident
    return np.flatnonzero((table.case == stage) & (table.district >= 0)).astype(np.int32)


def _group(ctx: Context, rows: Rows) -> NDArray[np.int64]:
    table = ctx.world.resident
    group: NDArray[np.int64] = table.case_role[rows].astype(np.int64) * ctx.world.n_districts
    group += table.district[rows]
    return group


def _score(ctx: Context, rows: Rows, rule: Triage) -> NDArray[np.float64]:
    table = ctx.world.resident
    return rule.score(
        table.need[rows].astype(np.float64),
        (ctx.month - table.case_since[rows]).astype(np.float64),
        table.crisis_memory[rows].astype(np.float64),
    )
