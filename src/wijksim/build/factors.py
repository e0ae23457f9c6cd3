"""Parameters as vectors, and linear predictors as sums of table look-ups.

A propensity is written as weights per category: ``build.psychiatric_activity_incapacity`` is the weight
of being on incapacity benefit in the propensity of severe psychiatric problems. A category without a
parameter has weight zero (the reference category).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from wijksim.state.codes import Activity, DwellingKind, Education, HouseholdType, Role, Sex, Tenure

type Floats = NDArray[np.float64]
type Codes = NDArray[np.integer]
type Values = Mapping[str, float]

# First years of the age bands of adults; below the first is a child. Names of classes, not model numbers.
BAND_EDGES: tuple[int, ...] = (18, 25, 35, 45, 55, 65, 75)
BANDS: tuple[str, ...] = tuple(f"a{edge}" for edge in BAND_EDGES)
FIFTHS: tuple[str, ...] = ("fifth_1", "fifth_2", "fifth_3", "fifth_4", "fifth_5")


def names(codes: type[IntEnum]) -> tuple[str, ...]:
    """Lower-case names of an enumeration, in order of the codes."""
    return tuple(member.name.lower() for member in codes)


CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "age": ("child", *BANDS),
    "sex": names(Sex),
    "role": names(Role),
    "tenure": names(Tenure),
    "kind": names(DwellingKind),
    "type": names(HouseholdType),
    "fifth": FIFTHS,
    # only adult of the household, by income fifth: nobody else can earn the income
    "alone": ("no", *FIFTHS),
    "education": names(Education),
    "activity": names(Activity),
    "psychiatric": ("no", "yes"),
    "addiction": ("no", "yes"),
    "cognitive": ("no", "yes"),
    "debt": ("no", "yes"),
}


def vector(values: Values, prefix: str, keys: Iterable[str]) -> Floats:
    """Values of ``build.<prefix>_<key>`` in order of the keys; all must exist."""
    return np.array([values[f"build.{prefix}_{key}"] for key in keys])


def matrix(values: Values, prefix: str, rows: Iterable[str], columns: tuple[str, ...]) -> Floats:
    """Values of ``build.<prefix>_<row>_<column>``, shape (rows, columns)."""
    return np.array([vector(values, f"{prefix}_{row}", columns) for row in rows])


def band_of(age_months: Codes | Floats) -> NDArray[np.int8]:
    """Age band: 0 for a child, 1 for the first band of adults, and so on."""
    edges = np.array(BAND_EDGES) * 12
    return np.searchsorted(edges, age_months, side="right").astype(np.int8)


def predictor(values: Values, process: str, factors: Mapping[str, Codes]) -> Floats:
    """Sum of the weights of a process over the factors that are known.

    Parameters
    ----------
    values
        Parameter values by full name.
    process
        Name of the process, the prefix of its weights.
    factors
        Category codes per person or household, each of shape (n,).

    Returns
    -------
    ndarray of float64
        Linear predictor without intercept, shape (n,).
    """
    size = next(iter(factors.values())).size
    eta = np.zeros(size)
    for factor, codes in factors.items():
        weights = np.array(
            [values.get(f"build.{process}_{factor}_{category}", 0.0) for category in CATEGORIES[factor]]
        )
        if weights.any():
            eta += weights[codes]
    return eta
