"""Who gets this month's hours: crises, the least of open cases, intake, the rest of cases, and last outreach.

Whoever asks for help must be heard within weeks (Wmo 2015), so teams take people on while the hours of those they have
get fewer, down to a floor below which they refuse. That is how caseloads come to exceed the norm.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.account import ConservationError
from wijksim.kernel.kept import Kept
from wijksim.kernel.strategy import STRATEGIES
from wijksim.kernel.triage import Triage
from wijksim.mechanisms.professionals import cases, crises, posts, serving_loops
from wijksim.mechanisms.professionals.columns import long_ago
from wijksim.mechanisms.professionals.crises import Work
from wijksim.state.roles import CASE_ROLES, N_PROFESSIONS
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

DEFAULT = "crisis_first"
USED = "professionals.hours"

_TOLERANCE = 1e-9
_NOBODY, _UNRANKED = np.empty(0, np.int32), np.empty(0)
_PARTS = ("crisis", "cases", "intake", "outreach")  # of Use, which sum to its total
_CASE_HOURS = itemgetter(*(f"professionals.case_hours_{role.key}" for role in CASE_ROLES))


class Use(NamedTuple):
    """Hours of one month by role and district, each of shape ``(roles, districts)``; the parts sum to ``total``."""

    total: NDArray[np.float64]
    crisis: NDArray[np.float64]
    cases: NDArray[np.float64]
    intake: NDArray[np.float64]
    outreach: NDArray[np.float64]


def triage(ctx: Context) -> Triage:
    """The chosen rule, or the default."""
    chosen = ctx.strategies.get("triage")
    return _usual() if chosen is None else cast(Triage, chosen)


@cache
def _usual() -> Triage:
    return cast(Triage, STRATEGIES.get(DEFAULT)())


def share_out(ctx: Context, total: NDArray[np.float64]) -> Use:
    """Serve everybody in order; writes the hours received and what is still to come of each intake.

    Parameters
    ----------
    total
        Net hours by role and district.
    """
    rule = triage(ctx)
    free, kept = total.ravel(), np.zeros(total.size)
    if not rule.default:  # the usual rule keeps nothing
        kept = np.minimum(np.maximum(rule.reserve(ctx, total), 0), total).ravel()
        free = free - kept
    shared = np.empty((len(_PARTS), *total.shape))
    error = _serve(ctx, free, kept, rule, shared.reshape(len(_PARTS), -1))
    if error > _TOLERANCE:
        raise ConservationError(f"account {USED}: off by {error:.3g} of its flows")
    use = ctx.world.stores[USED] = Use(total, shared[0], shared[1], shared[2], shared[3])
    return use


def case_hours(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Hours a month that an open case of each role asks for, shape ``(roles,)``."""
    hours = np.zeros(N_PROFESSIONS)
    hours[list(CASE_ROLES)] = _CASE_HOURS(values)
    return hours


def effective_hours(values: dict[str, float]) -> float:
    """Net hours of one standing fte in a month after absence, vacancy and training-in."""
    absent = values["professionals.sick_share"] + values["professionals.vacant_share"]
    absent -= values["professionals.sick_share"] * values["professionals.vacant_share"]
    return posts.full_time_hours(values) * (1 - absent)


@Kept
def _rules(values: dict[str, float]) -> tuple[Floats, Floats, Floats, float, float, float]:
    """Hours of cases, parts of crises by month and shares by role; floor of cases, and share and months unserved."""
    return (
        case_hours(values), crises.spread(values), crises.role_shares(values), values["professionals.case_floor"],
        values["professionals.unserved_share"], values["professionals.unserved_months"],
    )  # fmt: skip


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
    table, stores = ctx.world.resident, ctx.world.stores
    usual, spread, shares, floor, part, months = _rules(ctx.values)
    way: Work = stores[crises.WORK]
    over: Work = stores[crises.CARRY]
    new, opened, queue, rank, queue_rank = crises.begun(ctx), _NOBODY, _NOBODY, _UNRANKED, _UNRANKED
    # the usual rule looks at nothing but need
    if not rule.default:
        opened, queue = cases.stages(ctx, housed=True)
        rank, queue_rank = _score(ctx, opened, rule), _score(ctx, queue, rule)
    # what rounding leaves of a spent capacity is no help
    error, later, later_hours, left, short, refused = serving_loops.share_out(
        *new, spread, *way, shares, *over, not rule.default, opened, rank, queue,
        queue_rank, table.need, table.case, table.case_role, table.district, table.uid, table.alive, usual, floor,
        free, kept, _TOLERANCE, part, ctx.month, long_ago(ctx.month, months), table.help_hours, table.intake_left,
        table.case_share, table.unserved_since, table.crisis_unserved, shared,
    )  # fmt: skip
    crises.left_over(ctx, Work(later, later_hours), Work(left, short), refused)
    return error


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
