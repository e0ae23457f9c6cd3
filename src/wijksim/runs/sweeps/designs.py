"""Rows of an experiment: a full factorial, a Latin hypercube, Saltelli's or Morris's sample, or a table."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.runs.sweeps.experiment import Design, Factor

FEWEST_LEVELS = 2


def problem_of(factors: Sequence[Factor], *, groups: bool) -> dict[str, Any]:
    """The factors in the form that SALib reads."""
    found: dict[str, Any] = {
        "num_vars": len(factors),
        "names": [one.name for one in factors],
        "bounds": [[one.low, one.high] for one in factors],
    }
    if groups:
        found["groups"] = [one.subject for one in factors]
    return found


def size_of(design: Design, factors: Sequence[Factor]) -> int:
    """Number of rows that :func:`table_of` makes."""
    k = len({one.subject for one in factors}) if design.groups else len(factors)
    if design.kind == "full-factorial":
        return int(np.prod([len(_levels(one, design)) for one in factors], dtype=np.int64)) if factors else 1
    if not factors:
        return 1
    if design.kind == "morris":
        return design.rows * (k + 1)
    if design.kind == "saltelli":
        return design.rows * (k + 2)
    return design.rows


def table_of(design: Design, factors: Sequence[Factor]) -> NDArray[np.float64]:
    """Make the rows.

    Parameters
    ----------
    design
        Any kind but ``csv``.
    factors
        What is varied; without any there is one row, of the shipped values.

    Returns
    -------
    ndarray
        Shape ``(rows, factors)``.

    Notes
    -----
    Samples are SALib's: ``latin``, ``sobol`` (Saltelli's scheme, without second order) and ``morris``. A Morris or
    Saltelli sample in which something has no width would divide by nothing: such factors stay out (see load).
    """
    if not factors:
        return np.empty((1, 0))
    if design.kind == "full-factorial":
        rows = list(itertools.product(*(_levels(one, design) for one in factors)))
        return np.array(rows, dtype=np.float64)
    problem = problem_of(factors, groups=design.groups and design.kind != "lhs")
    if design.kind == "lhs":
        from SALib.sample import latin

        found = latin.sample(problem, design.rows, seed=design.seed)
    elif design.kind == "saltelli":
        from SALib.sample import sobol

        found = sobol.sample(problem, design.rows, calc_second_order=False, seed=design.seed)
    else:
        from SALib.sample import morris

        found = morris.sample(problem, design.rows, num_levels=design.levels, seed=design.seed)
    return np.asarray(found, dtype=np.float64)


def _levels(factor: Factor, design: Design) -> tuple[float, ...]:
    """Values of a full factorial; a range is cut in equal steps."""
    if factor.levels:
        return factor.levels
    return tuple(np.linspace(factor.low, factor.high, max(design.levels, FEWEST_LEVELS)).tolist())
