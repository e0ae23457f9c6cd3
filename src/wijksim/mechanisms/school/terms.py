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
    low_parents
        Highest level of education at which parents count as low-educated.
    moves, most_moves, frequent
        Of so many months before the last move, the mean number of moves and the chance of none, shape
        ``(2, months)``; terms of the sum over numbers; how many are many.
    bias, cuts
        As :func:`achievement.advice` gives them.
    lengths
        Classes by track.
    ways, exam
        As :func:`loops.ways` takes them, and as :func:`careers.exam` gives them.
    years_primary, limits
        Classes of the primary school; achievement below which pupils go to mbo-1, and the class in which who is new
        begins at most.
    leaving_age
        At which school may be left.
    """

    bounds: tuple[int, int, int]
    low_parents: int
    moves: Floats
    most_moves: int
    frequent: float
    bias: tuple[float, float]
    cuts: Floats
    lengths: Floats
    ways: tuple[int, int, Floats, int, int]
    exam: tuple[Floats, float, int, int]
    years_primary: int
    limits: tuple[float, float]
    leaving_age: int


def terms(ctx: Context) -> Terms:
    """Make the terms of the parameters in force."""
    v = ctx.values
    start, first, last = map(int, _BOUNDS(v))
    mean = np.arange(_LONGEST) / MONTHS_PER_YEAR * v["school.child_move_rate"]
    return Terms(
        (start, first, last), int(v["school.low_parents"]), np.stack([mean, np.exp(-mean)]),
        int(v["school.past_moves_most"]), v["school.frequent_moves"], *achievement.advice(ctx), careers.lengths(ctx),
        (first, last, careers.least(ctx), int(v["school.shift_classes"]), int(v["school.study_last_age"])),
        careers.exam(ctx), int(v["school.years_primary"]), (v["school.entry_limit"], v["school.start_class_most"]),
        int(v["school.leaving_age"]),
    )  # fmt: skip
