"""Compiled loops over what pupils learn and what schools advise them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Floats = NDArray[np.float64]
type Shares = NDArray[np.float32]


@compiled
def aims(
    rows: Rows,
    ability: Shares,
    of_ability: tuple[float, float],
    parents: Codes,
    of_parents: tuple[float, float],
    luck: Shares,
    weights: tuple[float, float, float],
    z: Floats,
) -> None:
    """Fill ``z`` with what ability, the education of the parents (where it is known) and luck make of achievement.

    The first two are standardised by their moments, mean and deviation; without a deviation they tell nothing.
    """
    own, home, chance = weights
    for i in range(rows.size):
        row = rows[i]
        talent, taught = 0.0, 0.0
        if of_ability[1] > 0:
            talent = (np.float64(ability[row]) - of_ability[0]) / of_ability[1]
        if parents[row] >= 0 and of_parents[1] > 0:
            taught = (np.float64(parents[row]) - of_parents[0]) / of_parents[1]
        z[i] = own * talent + home * taught + chance * np.float64(luck[row])


@compiled
def advise(
    rows: Rows, household: Rows, fifth: Codes, achievement: Shares, bias: float, usual: float, heard: Floats,
    cuts: Floats, track: Codes,
) -> None:  # fmt: skip
    """Fill ``track`` with the advice for each of ``rows``: one more for every one of ``cuts`` below the achievement.

    Pupils of the lowest income fifth, of whom there is a part ``usual``, are seen as lower by the bias, of which a part
    ``heard`` per resident is undone (if it is given at all).
    """
    for i in range(rows.size):
        row = rows[i]
        home = household[row]
        poor = 1.0 if home < 0 or fifth[home] == 0 else 0.0
        seen = bias * (poor - usual)
        if heard.size and seen < 0:
            seen *= 1 - heard[row]
        score = np.float64(achievement[row]) + seen
        track[i] = 1
        for cut in cuts:
            track[i] += cut < score
