"""What a month at school takes from parameters alone, kept until they are others."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.school import achievement, careers

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

_BOUNDS = itemgetter("school.start_age", "school.dropout_age", "school.early_age")
_LONGEST = 2**11  # months; nobody in the model gets older


class Terms(NamedTuple):
    """Numbers as the compiled passes take them.

    Attributes
    ----------
    bounds
        Age at which school starts, and those from which and before which leaving school is early.
    begin
        As :func:`learning_loops.begun` takes them: the highest level of education at which parents count as
        low-educated; of so many months before the last move, the mean number of moves and the chance of none, shape
        ``(2, months)``, terms of the sum over numbers, and how many are many; what :func:`achievement.advice` gives;
        classes by track, age at which school starts and classes of the primary school; achievement below which pupils
        go to mbo-1, and the class in which who is new begins at most.
    lengths
        Classes by track.
    ways, exam
        As :func:`loops.ways` takes them, and as :func:`careers.exam` gives them.
    leaving_age
        At which school may be left.
    """

    bounds: tuple[int, int, int]
    begin: tuple[int, Floats, int, float, tuple[float, float], Floats, Floats, int, int, tuple[float, float]]
    lengths: Floats
    ways: tuple[int, int, Floats, int, int]
    exam: tuple[Floats, float, int, int]
    leaving_age: int


def terms(ctx: Context) -> Terms:
    """Make the terms of the parameters in force."""
    v = ctx.values
    start, first, last = map(int, _BOUNDS(v))
    mean, lengths = np.arange(_LONGEST) / MONTHS_PER_YEAR * v["school.child_move_rate"], careers.lengths(ctx)
    return Terms(
        (start, first, last),
        (
            int(v["school.low_parents"]), np.stack([mean, np.exp(-mean)]), int(v["school.past_moves_most"]),
            v["school.frequent_moves"], *achievement.advice(ctx), lengths, start, int(v["school.years_primary"]),
            (v["school.entry_limit"], v["school.start_class_most"]),
        ),
        lengths,
        (first, last, careers.least(ctx), int(v["school.shift_classes"]), int(v["school.study_last_age"])),
        careers.exam(ctx), int(v["school.leaving_age"]),
    )  # fmt: skip
