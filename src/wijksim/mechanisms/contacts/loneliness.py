"""Severe loneliness: a slow two-state process that good contacts protect against, up to a point.

The evidence gives a prevalence (LON-01), a saturation (LON-04) and an assumed pair of monthly rates (LON-16). The
onset is the national rate of those who are not lonely; who they are is a matter of good contacts, work and health.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.contacts import greetings
from wijksim.mechanisms.contacts.entry_loops import feel_lonely
from wijksim.mechanisms.contacts.people import WORKING
from wijksim.state.table import Rows

ONSET = Event(
    "contacts.lonely_onset",
    table="resident",
    base="contacts.lonely_onset_rate",
    influences=(
        Influence("resident.protection", "contacts.hr_good_tie", loop="ties"),
        Influence(
            "resident.activity", "contacts.hr_work", loop="employment", equals=tuple(map(int, WORKING))
        ),
        Influence("resident.psychiatric", "contacts.hr_psychiatric"),
    ),
    doc="An adult becomes severely lonely",
)
RECOVERY = Event(
    "contacts.lonely_recovery",
    table="resident",
    base="contacts.lonely_recovery_rate",
    doc="A severely lonely adult recovers",
)

_SETTLING = 2**4  # rounds; each closes most of the distance, and the fixed point is flat


def step(ctx: Context, free: Rows, lonely: Rows, *, greeted: bool = False) -> None:
    """Turn the two events of this month: adults who are not lonely may become so, those who are may recover.

    Greetings are a shield, where anybody may be ``greeted``.
    """
    resident = ctx.world.resident
    on = ONSET.draw(ctx, free, offset=greetings.shield(ctx, free) if greeted else None)
    off = RECOVERY.draw(ctx, lonely)
    if on.size:
        resident.lonely[on] = True
    if off.size:
        resident.lonely[off] = False


def settle(ctx: Context, grown: NDArray[np.bool_]) -> None:
    """Start with the stationary share: each adult is lonely with chance ``on / (on + off)``.

    The onset rate is national: its mean over those who are *not* lonely. Who is not lonely depends in turn on
    the rates, so the two are solved together.
    """
    rows = grown.nonzero()[0].astype(np.int32)
    if rows.size == 0:
        return
    resident = ctx.world.resident
    clip = ctx.values["kernel.hazard_clip"]
    on, off = ctx.values[ONSET.base], ctx.values[RECOVERY.base]  # type: ignore[index]
    ratio = np.exp(np.clip(np.asarray(ONSET.index.at(ctx, rows), dtype=np.float64), -clip, clip))
    weight = ctx.reference.weights(ctx, "resident")[rows]
    if weight.sum() <= 0:
        weight = np.ones(rows.size)
    share = np.full(rows.size, on / (on + off))
    for _ in range(_SETTLING):
        free = weight * (1 - share)
        rate = on * ratio * free.sum() / (free * ratio).sum()
        share = rate / (rate + off)
    luck = ctx.draws.life("contacts.lonely_start", resident.uid[rows])
    resident.lonely[rows] = luck < share
    # the normaliser is measured here, on all who are not lonely, and not on the first few newcomers
    ONSET.probability(ctx, rows[~resident.lonely[rows]])


def enter(ctx: Context, grown: Rows) -> None:
    """Give adult newcomers the state they are most likely to have brought along: the stationary one of their kind."""
    if grown.size == 0:
        return
    resident, onset = ctx.world.resident, ONSET.probability(ctx, grown)
    luck = ctx.draws.life("contacts.lonely_start", resident.uid.take(grown))
    off = ctx.values["contacts.lonely_recovery_rate"]
    feel_lonely(grown, onset, MONTHS_PER_YEAR, off, luck, resident.lonely)
