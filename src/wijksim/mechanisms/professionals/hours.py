"""Who gets this month's hours: crises, the least of open cases, intake, the rest of cases, and last outreach.

Whoever asks for help must be heard within weeks (Wmo 2015), so teams take people on while the hours of those they have
get fewer, down to a floor below which they refuse. That is how caseloads come to exceed the norm.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.account import ConservationError
from wijksim.kernel.kept import Kept
from wijksim.kernel.strategy import STRATEGIES
from wijksim.kernel.triage import Triage
from wijksim.mechanisms.professionals import cases, crises, serving_loops
from wijksim.mechanisms.professionals.crises import Work
from wijksim.state.roles import CASE_ROLES, N_PROFESSIONS
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.professionals.look_loops import Happened
    from wijksim.mechanisms.professionals.room import Room

type Floats = NDArray[np.float64]
type _Ranked = tuple[bool, Floats, Rows, Floats, Rows, Floats]

DEFAULT = "crisis_first"
USED = "professionals.hours"

_NOBODY, _NONE = np.empty(0, np.int32), np.empty(0)
_UNRANKED: _Ranked = (False, _NONE, _NOBODY, _NONE, _NOBODY, _NONE)
_PARTS = ("crisis", "cases", "intake", "outreach")  # of Use, which sum to its total
_MANY = len(_PARTS)
_CRISIS, _CASES, _INTAKE, _OUTREACH = range(_MANY)
_SPEEDS = itemgetter(*(f"professionals.case_speed_{role.key}" for role in CASE_ROLES))
_CASE_HOURS = itemgetter(*(f"professionals.case_hours_{role.key}" for role in CASE_ROLES))


class Use(NamedTuple):
    """Hours of one month by role and district, shape ``(roles, districts)``; the parts sum to ``total``.

    Attributes
    ----------
    total
        All of them.
    parts
        For what, in the order of ``_PARTS``, shape ``(4, roles, districts)``.
    """

    total: Floats
    parts: Floats

    @property
    def crisis(self) -> Floats:
        """Hours for crises."""
        hours: Floats = self.parts[_CRISIS]
        return hours

    @property
    def cases(self) -> Floats:
        """Hours for open cases."""
        hours: Floats = self.parts[_CASES]
        return hours

    @property
    def intake(self) -> Floats:
        """Hours for intakes."""
        hours: Floats = self.parts[_INTAKE]
        return hours

    @property
    def outreach(self) -> Floats:
        """Hours that are left for outreach."""
        hours: Floats = self.parts[_OUTREACH]
        return hours


def triage(ctx: Context) -> Triage:
    """The chosen rule, or the default."""
    chosen = ctx.strategies.get("triage")
    return _usual() if chosen is None else cast(Triage, chosen)


@cache
def _usual() -> Triage:
    return cast(Triage, STRATEGIES.get(DEFAULT)())


def share_out(ctx: Context, room: Room, total: Floats, happened: Happened) -> tuple[Use, Rows, Floats]:
    """Serve everybody in order; writes the hours received and what is still to come of each intake.

    One ranking does for all: within a role and district by kind, then by score and, in a tie, by identity.

    Parameters
    ----------
    total
        Net hours by role and district.
    happened
        Crises that began this month.

    Returns
    -------
    use, worked, pace
        What the hours went to, open cases that were worked on, and the log of their pace.
    """
    stores, rule, new = ctx.world.stores, triage(ctx), crises.begun(ctx, happened)
    way: Work = stores[crises.WORK]
    over: Work = stores[crises.CARRY]
    # the usual rule keeps nothing, and looks at nothing but need
    ranked: tuple[Any, ...] = _UNRANKED if rule.default else _ranked(ctx, rule, total)
    shared, most = np.empty((_MANY, *total.shape)), crises.most_left(new, way, over)
    numbers_left, hours_left = np.empty(crises.LINES * most, np.int64), np.empty(most)
    error, many, counts = serving_loops.share_out(
        shared, numbers_left, hours_left, total, ctx.month, *_rules(ctx.values), *new, *way, *over, *ranked,
        *room.share_out,
    )  # fmt: skip
    crises.left_over(ctx, numbers_left, hours_left, counts)
    if error > serving_loops.TOLERANCE:
        raise ConservationError(f"account {USED}: off by {error:.3g} of its flows")
    use, (worked, pace) = Use(total, shared), room.worked
    stores[USED] = use
    return use, worked[:many], pace[:many]


def _ranked(ctx: Context, rule: Triage, total: Floats) -> _Ranked:
    """What a rule keeps of all hours, and open cases and the queue with their ranks."""
    reserve = np.minimum(np.maximum(rule.reserve(ctx, total), 0), total)
    opened, queue = cases.stages(ctx, housed=True)
    return True, reserve.ravel(), opened, _score(ctx, opened, rule), queue, _score(ctx, queue, rule)


def case_hours(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Hours a month that an open case of each role asks for, shape ``(roles,)``."""
    hours = np.zeros(N_PROFESSIONS)
    hours[list(CASE_ROLES)] = _CASE_HOURS(values)
    return hours


@Kept
def _rules(values: dict[str, float]) -> tuple[Floats, Floats, Floats, float, float, float]:
    """Parts of crises by month, shares by role, and of cases hours and the log of what closes them sooner, by role.

    Last are the floor of cases, and the share and the months that make a crisis unserved.
    """
    speed = np.ones(N_PROFESSIONS)
    speed[list(CASE_ROLES)] = _SPEEDS(values)
    return (
        crises.spread(values), crises.role_shares(values), np.array([case_hours(values), np.log(speed)]),
        values["professionals.case_floor"], values["professionals.unserved_share"],
        values["professionals.unserved_months"],
    )  # fmt: skip


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
