"""Why a chance or a state of one row is what it is, told from the declared influences."""

from __future__ import annotations

from math import expm1, log, log1p

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Index
from wijksim.model.life import POLICY, Cause, Hit


def explain(ctx: Context, event: Event, row: int, chance: float) -> Hit:
    """Say with which chance an event hit a row, what is usual, and which influences made the difference.

    Called in the month of the hit, right after the draw: everything it reads, the draw has read.
    """
    one = np.array([row], dtype=np.int32)
    stepped = not isinstance(event.base, str)
    if isinstance(event.base, str):
        rate = float(ctx.values[event.base])
    else:
        rate = float(event.base.values(ctx, event.table, one)[0])
    causes = causes_of(ctx, event.index, row)
    lever = ctx.effects.offsets(event.name, event.table)
    policy = 0.0 if lever is None else float(lever[row])
    if policy != 0:
        causes = _ordered((*causes, Cause(POLICY, policy, high=policy > 0, label="policy", truth=True)))
    clip = ctx.values["kernel.hazard_clip"]
    named = float(np.clip(sum(cause.weight for cause in causes if cause.key != POLICY), -clip, clip))
    # the mean person lies below the national rate, because a few run a far higher risk
    mean_person = -float(ctx.reference.stored.get(event.name, 0.0))
    rest = 0.0
    if rate > 0 and 0 < chance < 1:
        rest = log(-log1p(-chance) * MONTHS_PER_YEAR / rate) - named - policy - mean_person
    memory = getattr(event, "memory", None)
    if memory is not None and rest > 0:
        label = ctx.world.declaration(memory).doc
        causes, rest = _ordered((*causes, Cause(memory, rest, high=True, label=label, truth=False))), 0.0
    return Hit(
        month=ctx.month,
        event=event.name,
        table=event.table,
        doc=event.doc,
        chance=chance,
        usual=-expm1(-rate / MONTHS_PER_YEAR),
        stepped=stepped,
        causes=causes,
        rest=rest,
    )


def causes_of(ctx: Context, index: Index, row: int) -> tuple[Cause, ...]:
    """Contributions of the influences for one row, the largest first.

    An influence of weight zero is left alone, as the run leaves it alone: asking for its value could freeze a loop
    that is switched off earlier than the run does (``Index.factors`` sees to it).
    """
    one = np.array([row], dtype=np.int32)
    found = []
    for influence, mean, factor in index.factors(ctx):
        value = float(influence.values(ctx, index.table, one)[0])
        column = ctx.world.declaration(influence.column)
        truth = influence.equals is not None or np.dtype(column.dtype) == np.bool_
        found.append(
            Cause(
                key=influence.key,
                weight=(value - mean) * factor,
                high=value > mean,
                label=_label(ctx, influence.column, influence.equals),
                truth=truth,
            )
        )
    return _ordered(tuple(found))


def _label(ctx: Context, name: str, equals: int | tuple[int, ...] | None) -> str:
    column = ctx.world.declaration(name)
    if equals is None or column.codes is None:
        return column.doc
    codes = equals if isinstance(equals, tuple) else (equals,)
    return " or ".join(column.codes(int(code)).name.lower().replace("_", " ") for code in codes)


def _ordered(causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
    return tuple(sorted(causes, key=lambda cause: (-abs(cause.weight), cause.key)))
