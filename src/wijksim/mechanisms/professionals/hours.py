"""Who gets this month's hours: crises, the least of open cases, intake, the rest of cases, and last outreach.

Whoever asks for help must be heard within weeks (Wmo 2015), so teams take people on while the hours of those they have
get fewer, down to a floor below which they refuse. That is how caseloads come to exceed the norm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.account import ConservationError
from wijksim.kernel.strategy import STRATEGIES
from wijksim.kernel.triage import Triage
from wijksim.mechanisms.professionals import cases, crises, posts, request_loops, service
from wijksim.state.roles import CASE_ROLES, N_PROFESSIONS
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

DEFAULT = "crisis_first"
USED = "professionals.hours"

_TOLERANCE = 1e-9
_PARTS = ("crisis", "cases", "intake", "outreach")  # of Use, which sum to its total
_CASE_HOURS = itemgetter(*(f"professionals.case_hours_{role.key}" for role in CASE_ROLES))


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
    rule = triage(ctx)
    kept = np.minimum(np.maximum(rule.reserve(ctx, total), 0), total)
    ctx.world.resident.help_hours.fill(0)
    shared = np.empty((len(_PARTS), *total.shape))
    error = _serve(ctx, (total - kept).ravel(), kept.ravel(), rule, shared.reshape(len(_PARTS), -1))
    if error > _TOLERANCE:
        raise ConservationError(f"account {USED}: off by {error:.3g} of its flows")
    use = Use(total, *shared)
    ctx.world.stores[USED] = use
    return use


def case_hours(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Hours a month that an open case of each role asks for, shape ``(roles,)``."""
    return _by_role(_CASE_HOURS(values))


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


def _serve(
    ctx: Context,
    free: NDArray[np.float64],
    kept: NDArray[np.float64],
    rule: Triage,
    shared: NDArray[np.float64],
) -> float:
    """Share the hours of each role and district among crises, open cases and intakes; the rest is for outreach.

    One ranking does for all: within a role and district by kind, then by score and, in a tie, by identity.

    Parameters
    ----------
    free, kept
        Hours that can be served, and those that go to outreach anyway, shape ``(roles x districts,)``.
    shared
        Filled with the hours of each part of :class:`Use`, shape ``(parts, roles x districts)``.

    Returns
    -------
    float
        Largest error of the account of hours.
    """
    table, floor = ctx.world.resident, ctx.values["professionals.case_floor"]
    crises.take_in(ctx)
    demand = crises.due(ctx)
    opened, queue = cases.stages(ctx, housed=True)
    usual = case_hours(ctx.values)
    ends = np.array([demand.row.size, opened.size, queue.size, opened.size]).cumsum()
    size = int(ends[-1])
    rows, uid = np.empty(size, np.int32), np.empty(size, np.uint64)
    (group, place), (wanted, behind) = np.empty((2, size), np.int64), np.empty((2, size))
    request_loops.line_up(
        demand.row, demand.uid, demand.role, demand.hours, demand.carried, opened, _score(ctx, opened, rule),
        queue, _score(ctx, queue, rule), table.case_role, table.district, table.uid, table.intake_left, usual,
        floor, ctx.world.n_districts, rows, uid, group, place, wanted, behind,
    )  # fmt: skip
    order, granted = np.lexsort((uid, behind, place)), np.empty(size)
    # what rounding leaves of a spent capacity is no help
    service.grant(order, group, wanted, free, _TOLERANCE, granted)
    table.case_share.fill(0)
    error = service.hand_out(
        rows, group, granted, ends, usual, table.case_role, free, kept, table.help_hours, table.intake_left,
        table.case_share, shared,
    )  # fmt: skip
    crises.left_over(ctx, demand, granted[: demand.row.size])
    return error


def _score(ctx: Context, rows: Rows, rule: Triage) -> NDArray[np.float64]:
    table = ctx.world.resident
    need = table.need[rows].astype(np.float64)
    if rule.default:
        return need  # the usual rule looks at nothing else
    return rule.score(
        ctx,
        {
            "need": need,
            "waiting": (ctx.month - table.case_since[rows]).astype(np.float64),
            "crises": table.crisis_memory[rows].astype(np.float64),
            "district": table.district[rows],
        },
    )
