"""The need of residents: compiled passes, in single precision like its columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.structure import ADULT_AGE

type Rows = NDArray[np.int32]
type Floats = NDArray[np.float32]
type Counts = NDArray[np.int16]
type Bools = NDArray[np.bool_]

_ZERO, _ONE = np.float32(0), np.float32(1)


@compiled
def _managed(
    stress: Floats,
    frailty: Floats,
    age: Counts,
    household: Rows,
    problem_debt: Bools,
    psychiatric: Bools,
    unstable: Bools,
    addiction: Bools,
    cognitive: Bools,
    self_reliance: Floats,
    frail_age: int,
    weak: Floats,
    weights: Floats,
    out: Floats,
) -> None:
    """Fill ``out`` with the part of life that is managed in spite of problems, before any support.

    Parameters
    ----------
    weak
        Stress and frailty from which they count, and the weights of stress, of frailty and of frailty in old age.
    weights
        Weights of debt, psychiatric problems, a relapse of them, addiction and a cognitive limitation.
    """
    # a loop over few columns is vectorised
    bearable, frail_from, strained, young, old = weak[0], weak[1], weak[2], weak[3], weak[4]
    for i in range(out.size):
        left = _ONE - max(stress[i] - bearable, _ZERO) * strained
        frail = min(max(frailty[i] - frail_from, _ZERO), _ONE)
        out[i] = left * (_ONE - frail * (old if age[i] >= frail_age else young))
    found, number = np.empty(out.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(out.size)):
        # overwritten by the next unless there is a problem: no branch that could be guessed wrong
        found[number] = i
        indebted = problem_debt[np.uint32(household[i])] if household[i] >= 0 else False
        number += np.uint32(indebted | psychiatric[i] | unstable[i] | addiction[i] | cognitive[i])
    for k in range(number):
        i = found[k]
        left = out[i]
        if household[i] >= 0 and problem_debt[household[i]]:
            left *= _ONE - weights[0]
        left *= _ONE - weights[1] if psychiatric[i] else _ONE
        left *= _ONE - weights[2] if unstable[i] else _ONE
        left *= _ONE - weights[3] if addiction[i] else _ONE
        left *= _ONE - weights[4] * (_ONE - self_reliance[i]) if cognitive[i] else _ONE
        out[i] = left


@compiled
def _absorbed(left: Floats, support: Floats, effect: Floats, age: Counts, shares: Floats) -> None:
    """Turn what is managed into the need that ties and help leave of the rest; minors have none of their own.

    ``shares`` are what ties absorb at most, the hours at which they absorb half of that, and what help takes at most.
    """
    ties, half, help_most = shares[0], shares[1], shares[2]
    for i in range(left.size):
        need = _ONE - left[i]
        need *= _ONE - ties * support[i] / (support[i] + half)
        need *= _ONE - help_most * effect[i]
        left[i] = need if age[i] >= ADULT_AGE else _ZERO


# fmt: off
@compiled
def follow(
    fraction: float, frail_age: int, weak: Floats, weights: Floats, shares: Floats, stress: Floats, support: Floats,
    effect: Floats, frailty: Floats, age: Counts, household: Rows, problem_debt: Bools, psychiatric: Bools,
    unstable: Bools, addiction: Bools, cognitive: Bools, self_reliance: Floats, help_effect: Floats, need: Floats,
    unmet: Floats,
) -> None:
    # fmt: on
    """Move ``need`` a fraction of the way to what its drivers would have it; what no professional meets is ``unmet``.

    ``stress``, ``support`` and ``effect`` are drivers as they count.
    """
    target = np.empty(stress.size, np.float32)
    _managed(
        stress, frailty, age, household, problem_debt, psychiatric, unstable, addiction, cognitive, self_reliance,
        frail_age, weak, weights, target,
    )  # fmt: skip
    _absorbed(target, support, effect, age, shares)
    part = np.float32(fraction)
    for i in range(need.size):
        need[i] += (target[i] - need[i]) * part
        unmet[i] = need[i] * (_ONE - help_effect[i])


# fmt: off
@compiled
def newcomers(
    rows: Rows, stress: Floats, support: Floats, effect: Floats, frailty: Floats, age: Counts, household: Rows,
    problem_debt: Bools, psychiatric: Bools, unstable: Bools, addiction: Bools, cognitive: Bools,
    self_reliance: Floats, frail_age: int, weak: Floats, weights: Floats, shares: Floats, help_effect: Floats,
    need: Floats, unmet: Floats,
) -> None:
    # fmt: on
    """Write the need of ``rows`` at once; all columns are those of everybody."""
    left, aged = np.empty(rows.size, np.float32), age[rows]
    _managed(
        stress[rows], frailty[rows], aged, household[rows], problem_debt, psychiatric[rows], unstable[rows],
        addiction[rows], cognitive[rows], self_reliance[rows], frail_age, weak, weights, left,
    )  # fmt: skip
    _absorbed(left, support[rows], effect[rows], aged, shares)
    for i in range(rows.size):
        need[rows[i]] = left[i]
        unmet[rows[i]] = left[i] * (_ONE - help_effect[rows[i]])
