"""People brought together by somebody: connectors, organised meetings, better-off and vulnerable at one table.

Such pairs need no place in common and are not left to chance; what becomes of their tie is up to them: it grows with
encounters and fades as others do, with a half-life of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.acts import INTRODUCE, asked, present
from wijksim.mechanisms.contacts.encounters import PHASES
from wijksim.mechanisms.contacts.focus import Staged
from wijksim.state.table import Rows

_ROUNDS = 2**5  # next ones tried until one fits: of few milieus a wanted one is soon found


def introduce(ctx: Context, grown: NDArray[np.bool_]) -> None:
    """Make the ties that levers ask for.

    Details of a request: ``residents`` among whom, ``others`` to whom (the same ones if left out), ``pairs`` expected
    this month by district, ``across`` the share of them with another milieu (as it comes if left out) and
    ``strength`` of a new tie. Each resident is introduced to at most one other a month by each lever; who knows the
    other already gains nothing.
    """
    world = ctx.world
    for lever, details in asked(ctx, INTRODUCE):
        first, second = _found(ctx, lever, details, grown)
        strength = np.full(first.size, details["strength"], dtype=np.float32)
        layer = np.full(first.size, int(Staged.INTRODUCED), dtype=np.int8)
        world.ties.add(first, second, strength, layer, phase=ctx.month % PHASES, counts=world.resident.ties)


def _found(ctx: Context, lever: str, details: dict[str, Any], grown: NDArray[np.bool_]) -> tuple[Rows, Rows]:
    """Pairs that are introduced to each other this month by one lever."""
    resident, stream = ctx.world.resident, f"contacts.introduce.{lever}"
    rows = present(ctx, details["residents"], grown)
    others = details.get("others")
    others = rows if others is None else present(ctx, others, grown)
    if rows.size == 0 or others.size == 0:
        return rows[:0], rows[:0]
    number = np.bincount(resident.district[rows], minlength=ctx.world.n_districts)
    chance = np.minimum(np.asarray(details["pairs"]) / np.maximum(number, 1), 1)[resident.district[rows]]
    luck = ctx.draws.uniform(stream, resident.uid[rows], ctx.month)
    hit = luck < chance
    first, luck = rows[hit], luck[hit] / chance[hit]
    far: NDArray[np.bool_] | None = None
    across = details.get("across")
    if across is not None:
        far = luck < across
        part = np.where(far, across, 1 - across)
        luck = (luck - np.where(far, 0, across)) / part
    spot = ctx.draws.uniform(stream, resident.uid[others], ctx.month, lane=1)
    second = _partner(ctx, first, (others, spot), far, luck)
    known = second >= 0
    return first[known], second[known]


def _partner(
    ctx: Context,
    first: Rows,
    others: tuple[Rows, NDArray[np.float64]],
    far: NDArray[np.bool_] | None,
    luck: NDArray[np.float64],
) -> Rows:
    """Whom each of ``first`` is introduced to, -1 where nobody fits.

    Everybody stands somewhere on a line through the own district. ``luck`` is where one steps on it; the next who
    fits is the one. So one more who takes part changes the few pairs beside, and no others.
    """
    resident = ctx.world.resident
    rows, spot = others
    key = resident.district[rows] + spot
    order = np.argsort(key, kind="stable")
    key, rows = key[order], rows[order]
    here = resident.district[first]
    start, stop = np.searchsorted(key, here), np.searchsorted(key, here + 1)
    begin = np.searchsorted(key, here + luck) - start
    found = np.full(first.size, -1, dtype=np.int32)
    still = (stop > start).nonzero()[0]
    for step in range(_ROUNDS):
        if still.size == 0:
            break
        width = (stop - start)[still]
        one, other = first[still], rows[start[still] + (begin[still] + step) % width]
        fits = resident.household[one] != resident.household[other]
        if far is not None:
            fits &= (resident.milieu[one] != resident.milieu[other]) == far[still]
        found[still[fits]] = other[fits]
        still = still[~fits]
    return found
