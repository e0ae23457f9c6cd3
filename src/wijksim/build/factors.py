"""Parameters as vectors, and linear predictors as sums of table look-ups.

A propensity is written as weights per category: ``build.psychiatric_activity_incapacity`` is the weight
of being on incapacity benefit in the propensity of severe psychiatric problems. A category without a
parameter has weight zero (the reference category).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from enum import IntEnum
from functools import cache, lru_cache
from operator import itemgetter
from typing import cast

import numpy as np
from numpy.typing import NDArray

from wijksim.build.choose_loops import weigh
from wijksim.state.codes import Activity, DwellingKind, Education, HouseholdType, Role, Sex, Tenure

type Floats = NDArray[np.float64]
type Codes = NDArray[np.integer]
type Values = Mapping[str, float]

# First years of the age bands of adults; below the first is a child. Names of classes, not model numbers.
BAND_EDGES: tuple[int, ...] = (18, 25, 35, 45, 55, 65, 75)
BANDS: tuple[str, ...] = tuple(f"a{edge}" for edge in BAND_EDGES)
FIFTHS: tuple[str, ...] = ("fifth_1", "fifth_2", "fifth_3", "fifth_4", "fifth_5")


@cache
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
_MOST_CATEGORIES = max(len(categories) for categories in CATEGORIES.values())


class Fixed(dict[str, float]):
    """Values of parameters that nobody changes any more, and what follows from them."""

    def __init__(self, values: Values | Iterable[tuple[str, float]]) -> None:
        super().__init__(values)
        self._found: dict[Hashable, object] = {}

    def kept[T](self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` made when it was asked for first; it must follow from these values and the key."""
        if key not in self._found:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[key] = make()
        return cast(T, self._found[key])


_MOST_KEPT = 2**10
_FEW = 4
_READ = (
    "build.",
    "housing.",
    "demography.ability_correlation",
)  # how names begin that a population is made of


class Latest:
    """What was made last, for whoever wants it again: futures are built anew with other parameters of later months.

    Parameters
    ----------
    most
        How many are kept, the latest.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[tuple[tuple[object, ...], object]] = []

    def __call__[T](self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what was made under an equal key, which holds all that it follows from; only to be read."""
        for known, found in self._kept:
            if known == key:
                return cast(T, found)
        del self._kept[self._most - 1 :]
        made = make()
        self._kept.insert(0, (key, made))
        return made


_VALUES = Latest(_FEW)
_NAMES: list[tuple[frozenset[str], tuple[str, ...], Callable[[Values], tuple[float, ...]]]] = []


def fixed(values: Values) -> Fixed:
    """Values of which a population is made, as they are now, with what was found for the same ones before."""
    if isinstance(values, Fixed):
        return values
    if not _NAMES or _NAMES[0][0] != values.keys():
        names = tuple([name for name in values if name.startswith(_READ)])
        _NAMES[:] = [(frozenset(values), names, itemgetter(*names))]
    _, names, pick = _NAMES[0]
    numbers = pick(values)
    return _VALUES((names, numbers), lambda: Fixed(zip(names, numbers, strict=True)))


def vector(values: Values, prefix: str, keys: Iterable[str]) -> Floats:
    """Values of ``build.<prefix>_<key>`` in order of the keys, only to be read; all must exist."""
    known, wanted = fixed(values), tuple(keys)
    return known.kept((prefix, wanted), lambda: _vector(known, prefix, wanted))


def _vector(values: Values, prefix: str, keys: tuple[str, ...]) -> Floats:
    found = np.array([values[f"build.{prefix}_{key}"] for key in keys])
    found.flags.writeable = False
    return found


def matrix(values: Values, prefix: str, rows: Iterable[str], columns: tuple[str, ...]) -> Floats:
    """Values of ``build.<prefix>_<row>_<column>``, shape (rows, columns)."""
    return np.array([vector(values, f"{prefix}_{row}", columns) for row in rows])


_BAND_EDGES = np.array(BAND_EDGES) * 12


def band_of(age_months: Codes | Floats) -> NDArray[np.int8]:
    """Age band: 0 for a child, 1 for the first band of adults, and so on."""
    return _BAND_EDGES.searchsorted(age_months, side="right").astype(np.int8)


class Factors(Mapping[str, NDArray[np.int8]]):
    """Categories of people or of households by factor, in the order in which their weights are added up.

    Attributes
    ----------
    lines
        Codes of each factor, in this order; lines beyond the last one are still free.
    """

    def __init__(self, codes: Mapping[str, Codes], *, size: int) -> None:
        self.lines = np.empty((len(CATEGORIES), size), np.int8)
        self._line: dict[str, int] = {}
        for name, column in codes.items():
            self[name] = column

    def __getitem__(self, name: str) -> NDArray[np.int8]:
        """Return the codes of a factor."""
        line: NDArray[np.int8] = self.lines[self._line[name]]
        return line

    def __setitem__(self, name: str, codes: Codes) -> None:
        """Add a factor behind those that are known, or change one where it stands."""
        self.lines[self._line.setdefault(name, len(self._line))] = codes

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the factors that are known."""
        return iter(self._line)

    def __len__(self) -> int:
        """Count the factors that are known."""
        return len(self._line)

    def copy(self) -> Factors:
        """Categories to which others may be added."""
        twin = Factors({}, size=0)
        twin.lines, twin._line = self.lines.copy(), dict(self._line)
        return twin

    def at(self, rows: NDArray[np.intp]) -> Factors:
        """Categories of some of the people or households, or of one several times."""
        there = Factors({}, size=rows.size)
        there.lines[: len(self)] = self.lines[: len(self), rows]
        there._line.update(self._line)
        return there

    @property
    def size(self) -> int:
        """Number of people or households."""
        return self.lines.shape[1]


def predictor(
    values: Values, process: str, factors: Factors, rows: NDArray[np.int64] | None = None
) -> Floats:
    """Sum of the weights of a process over the factors that are known.

    Parameters
    ----------
    values
        Parameter values by full name.
    process
        Name of the process, the prefix of its weights.
    factors
        Categories of people or households.
    rows
        Of whom; of everybody if omitted.

    Returns
    -------
    ndarray of float64
        Linear predictor without intercept, in order of ``rows``.
    """
    known, there = fixed(values), tuple(factors)
    lines, weights = known.kept(("weights", process, there), lambda: _weights(known, process, there))
    wanted = np.arange(factors.size) if rows is None else rows
    eta = np.empty(wanted.size)
    weigh(factors.lines.view(np.uint8), lines, weights, wanted, eta)
    return eta


def _weights(values: Values, process: str, factors: tuple[str, ...]) -> tuple[NDArray[np.int64], Floats]:
    """Numbers of the factors that have any weight, and the weights of their categories, a line each."""
    table = np.array([[values.get(name, 0.0) for name in line] for line in _weight_names(process, factors)])
    lines = np.flatnonzero(table.any(axis=1))
    return lines, table[lines]


@lru_cache(maxsize=2**6)
def _weight_names(process: str, factors: tuple[str, ...]) -> list[list[str]]:
    """Names of the weights of a process by factor and category; all lines are as long as the longest."""
    made = []
    for factor in factors:
        names = [f"build.{process}_{factor}_{category}" for category in CATEGORIES[factor]]
        made.append(names + [""] * (_MOST_CATEGORIES - len(names)))
    return made
