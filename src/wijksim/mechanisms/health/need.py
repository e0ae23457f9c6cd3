"""Need for support: what a resident cannot manage alone.

Problems add up as shares of what is still managed (``1 - product(1 - weight * problem)``), so that need stays
below 1 however many problems meet in one person. Informal support and professional help then take their part.
"""

from __future__ import annotations

from math import ceil
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.mechanisms.health import need_loops
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.state.world import World

type Weights = NDArray[np.float32]
type Given = tuple[NDArray[Any], ...]

STRESS = Influence("resident.stress", "health.need_stress", loop="scarcity")
SUPPORT = Influence("resident.support", "health.ties_absorb", loop="ties")
HELP = Influence("resident.help_effect", "health.help_effect_max", loop="firefighting")

_WEAK = itemgetter(
    "wellbeing.stress_level",
    "health.frail_from",
    "health.need_stress",
    "health.need_frail",
    "health.need_frail_old",
)
_WEIGHTS = itemgetter(
    "health.need_debt",
    "health.need_psychiatric",
    "health.need_unstable",
    "health.need_addiction",
    "health.need_cognitive",
)
_SHARES = itemgetter("health.ties_absorb", "health.ties_absorb_half", "health.help_effect_max")


@Kept
def _numbers(values: dict[str, float]) -> tuple[int, Weights, Weights, Weights]:
    """Age from which people are frail and the weights of need, in single precision as the columns are."""
    weak, weights, shares = [np.array(given(values), np.float32) for given in (_WEAK, _WEIGHTS, _SHARES)]
    return ceil(values["health.frail_age"]), weak, weights, shares  # whole: ages are


def columns(world: World) -> Given:
    """What :func:`need_loops.follow` takes last: the drivers that may be others by loop, and all other columns."""
    table = world.resident
    return (
        table.stress, table.support, table.help_effect, table.frailty, table.age, table.household,
        world.household.problem_debt, table.psychiatric, table.unstable, table.addiction, table.cognitive,
        table.self_reliance, table.help_effect, table.need, table.unmet_need,
    )  # fmt: skip


def follow(ctx: Context, fraction: float, given: Given = ()) -> None:
    """Move the need of residents a fraction of the way to what their problems ask for; minors have none of their own.

    Ties absorb a share that saturates in the hours of informal support (B2); professional help lowers need by
    at most half (``help_effect`` is q x continuity x match x cooperation). ``given`` are the :func:`columns`, if they
    are at hand.
    """
    given = given or columns(ctx.world)
    if ctx.loops.off or ctx.loops.watched:
        drivers = [
            np.asarray(one.values(ctx, "resident", slice(None)), np.float32)
            for one in (STRESS, SUPPORT, HELP)
        ]
        given = *drivers, *given[len(drivers) :]
    need_loops.follow(fraction, *_numbers(ctx.values), *given)


def settle(ctx: Context, rows: Rows) -> None:
    """Give newcomers the need to which :func:`follow` moves, and the part of it that is not met."""
    table = ctx.world.resident
    stress, support, effect = table.stress, table.support, table.help_effect
    if ctx.loops.special:
        stress, support, effect = [
            np.asarray(one.values(ctx, "resident", slice(None)), np.float32)
            for one in (STRESS, SUPPORT, HELP)
        ]
    # fmt: off
    need_loops.newcomers(
        rows, stress, support, effect, table.frailty, table.age, table.household, ctx.world.household.problem_debt,
        table.psychiatric, table.unstable, table.addiction, table.cognitive, table.self_reliance,
        *_numbers(ctx.values), table.help_effect, table.need, table.unmet_need,
    )
    # fmt: on
