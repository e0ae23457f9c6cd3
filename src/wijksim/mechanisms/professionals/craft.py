"""What levers make of those who work: craft, skill, fit, paperwork, hand-overs, and how long a post stays vacant.

Every one of these is a factor of 1 as long as no lever scales it, and then nothing is computed. Those of workers hold
per post, and a case has those of the worker who leads it:

* ``professionals.craft``: what an hour is worth, for the need that it meets and for the pace of a case;
* ``professionals.mental_gap``: what lacks of full skill in mental-health problems;
* ``professionals.mismatch``: what lacks of a full fit of worker and resident, language and skill together;
* ``professionals.paperwork``: the part of the hours that goes to administration and meetings.

``professionals.handovers`` holds per resident: the hand-overs that help by several organisations takes, which is the
power by which it is kept. ``professionals.vacancy_months`` holds per district: months until a vacancy is filled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

CRAFT = "professionals.craft"
MENTAL_GAP = "professionals.mental_gap"
MISMATCH = "professionals.mismatch"
PAPERWORK = "professionals.paperwork"
HANDOVERS = "professionals.handovers"
VACANCY = "professionals.vacancy_months"
CHANNELS = (CRAFT, MENTAL_GAP, MISMATCH, PAPERWORK, HANDOVERS, VACANCY)


def of_workers(ctx: Context, channel: str, worker: Rows) -> Floats | None:
    """Factor of the post in each entry of ``worker``, 1 for -1; None where no lever scales it."""
    offsets = ctx.effects.offsets(channel, "professional")
    if offsets is None:
        return None
    # the last place is for cases that nobody leads
    factor: Floats = np.exp(np.append(offsets, 0.0))[worker]
    return factor


def mental_skill(ctx: Context) -> NDArray[np.float32]:
    """Skill in mental-health problems per post: what lacks of it is less where a lever closes the gap."""
    skill: NDArray[np.float32] = ctx.world.professional.mental_skill
    offsets = ctx.effects.offsets(MENTAL_GAP, "professional")
    if offsets is None:
        return skill
    closed: NDArray[np.float32] = np.clip(1 - (1 - skill) * np.exp(offsets), 0, 1).astype(np.float32)
    return closed


def fitted(ctx: Context, fit: Floats, worker: Rows) -> Floats:
    """Fit of worker and resident after levers; ``worker`` holds the post of each fit."""
    factor = of_workers(ctx, MISMATCH, worker)
    return fit if factor is None else np.clip(1 - (1 - fit) * factor, 0, 1)


def kept_more(ctx: Context, rows: Rows, kept: Floats) -> Floats:
    """Factor on help that is kept in part (``kept``, per entry of ``rows``) where levers spare hand-overs."""
    offsets = ctx.effects.offsets(HANDOVERS, "resident")
    more = np.ones(rows.size)
    if offsets is not None:
        np.power(kept, np.exp(offsets[rows]) - 1, out=more, where=kept > 0)
    return more


def worth(ctx: Context, posts: Rows) -> Floats:
    """Factor on the hours of ``posts`` that are left for residents; empty where no lever scales paperwork."""
    factor = of_workers(ctx, PAPERWORK, posts)
    if factor is None:
        return np.empty(0)
    paper = ctx.values["professionals.admin_share"]
    return (1 - np.minimum(paper * factor, 1)) / (1 - paper)


def vacancy_ends(ctx: Context, posts: Rows) -> NDArray[np.int64]:
    """Month in which somebody is found for each of ``posts``, vacant from now."""
    months = ctx.values["professionals.vacancy_months"]
    offsets = ctx.effects.offsets(VACANCY, "district")
    if offsets is None:
        return np.full(posts.size, ctx.month + round(months))
    place = ctx.world.professional.district[posts]
    return np.asarray(ctx.month + np.rint(months * np.exp(offsets[place])), dtype=np.int64)
