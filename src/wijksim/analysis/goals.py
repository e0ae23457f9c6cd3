"""Goals in words: what a variant must reach, where and when.

Grammar::

    GOALS = GOAL [and GOAL]...
    GOAL  = [change of] MEASURE [in DISTRICT] [at year N] <|<=|>|>= NUMBER

``change of`` is the difference with the null alternative in the same row and replication.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.errors import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from wijksim.runs.sweeps.results import SweepResults

GRAMMAR = "[change of] MEASURE [in DISTRICT] [at year N] <|<=|>|>= NUMBER, several joined with 'and'"
_SIGNS = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_SIGN = re.compile(r"<=|>=|=<|=>|[<>≤≥]")
_LEFT = re.compile(
    r"(?P<change>change\s+of\s+)?(?P<measure>\S+)(?:\s+in\s+(?P<district>.+?))?(?:\s+at\s+year\s+(?P<year>\S+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Goal:
    """One thing that must be reached.

    Attributes
    ----------
    measure, district, year
        What is looked at, where, and in which year.
    change
        True for the difference with the null alternative.
    sign
        ``<``, ``<=``, ``>`` or ``>=``.
    bound
        In the unit of the measure.
    unit, label
        Of the measure.
    direction
        Of the measure: 1 if more is better, -1 if less is, 0 if neither.
    """

    measure: str
    district: str
    year: int
    change: bool
    sign: str
    bound: float
    unit: str = ""
    label: str = ""
    direction: int = 0

    def __str__(self) -> str:
        return f"{self.subject} {self.sign} {self.bound:g}"

    @property
    def subject(self) -> str:
        """What is compared with the bound."""
        return f"{'change of ' if self.change else ''}{self.measure} in {self.district} at year {self.year}"

    @property
    def better(self) -> int:
        """Direction in which the goal lies: that of the measure, of the comparison where the measure has none."""
        return self.direction or (1 if self.sign.startswith(">") else -1)

    def met(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether values meet the goal; one that is missing does not."""
        compare = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}[self.sign]
        with np.errstate(invalid="ignore"):
            return np.asarray(compare(values, self.bound))


@dataclass(frozen=True)
class Known:
    """What a goal can speak of.

    Attributes
    ----------
    measures
        Description by name: unit, label, direction.
    districts, years
        Those that were kept.
    """

    measures: Mapping[str, Mapping[str, object]]
    districts: Collection[str]
    years: Collection[int]

    @classmethod
    def of(cls, results: SweepResults) -> Known:
        """What a sweep has kept; InputError if no run has succeeded yet."""
        measures = {str(one["name"]): one for one in results.measures()}
        table = results.table(measure=next(iter(measures)))
        if table.empty:
            raise InputError([Problem(str(results.folder), 1, 1, "no run has succeeded here yet")])
        return cls(measures, tuple(dict.fromkeys(table["district"].astype(str))), results.years)


def parse_goals(
    text: str, known: Known, *, district: str | None = None, year: int | None = None
) -> tuple[Goal, ...]:
    """Read goals.

    Parameters
    ----------
    text
        Of the grammar above.
    known
        What there is.
    district, year
        For goals that name none: the whole city and the last year if None.

    Raises
    ------
    InputError
        With everything that is wrong with all of them.
    """
    reader = _Reader(known)
    place = reader.district("--district", district) if district is not None else reader.default_district
    when = reader.year("--year", str(year)) if year is not None else max(known.years)
    goals = [reader.goal(part.strip(), place, when) for part in _AND.split(text.strip())]
    if reader.problems:
        raise InputError(reader.problems)
    return tuple(goal for goal in goals if goal is not None)


class _Reader:
    """Reads goals one by one and remembers what is wrong."""

    def __init__(self, known: Known) -> None:
        from wijksim.runs.recorder import CITY

        self.known = known
        self.problems: list[Problem] = []
        self.default_district = CITY

    def goal(self, part: str, place: str, when: int) -> Goal | None:
        """A goal; None, with a problem, if it is none."""
        at = f"--goal '{part}'"
        halves = _SIGN.split(part)
        if len(halves) != 2 or not halves[0].strip():
            many = "has more than one comparison" if len(halves) > 2 else "is no goal"
            self._wrong(f"{at} {many}; write {GRAMMAR}")
            return None
        sign = _SIGN.findall(part)[0]
        found = _LEFT.fullmatch(halves[0].strip())
        bound = self._number(at, halves[1].strip())
        if found is None:
            self._wrong(f"{at}: '{halves[0].strip()}' cannot be read; write {GRAMMAR}")
            return None
        named = found["district"]
        district = self.district(at, named) if named else place
        year = self.year(at, found["year"]) if found["year"] else when
        measure = self._measure(at, found["measure"])
        about = self.known.measures.get(measure, {})
        return Goal(
            measure=measure,
            district=district,
            year=year,
            change=found["change"] is not None,
            sign=_SIGNS.get(sign, sign),
            bound=bound,
            unit=str(about.get("unit", "")),
            label=str(about.get("label", measure)),
            direction=int(str(about.get("direction", 0))),
        )

    def _measure(self, at: str, name: str) -> str:
        if name not in self.known.measures:
            guess = did_you_mean(name, self.known.measures)
            there = "" if guess else f"; there are {', '.join(self.known.measures)}"
            self._wrong(f"{at}: measure '{name}' was not kept{there}", guess)
        return name

    def district(self, at: str, name: str) -> str:
        """A district, in whatever case it was written."""
        folded = {one.casefold(): one for one in self.known.districts}
        plain = name.strip().strip("'\"")
        if plain.casefold() not in folded:
            guess = did_you_mean(plain, self.known.districts)
            there = "" if guess else f"; there are {', '.join(self.known.districts)}"
            self._wrong(f"{at}: there is no district '{plain}'{there}", guess)
        return folded.get(plain.casefold(), plain)

    def year(self, at: str, text: str) -> int:
        """A year that was kept."""
        if text.isdecimal() and int(text) in self.known.years:
            return int(text)
        self._wrong(
            f"{at}: year {text} was not kept; there are {', '.join(map(str, sorted(self.known.years)))}"
        )
        return max(self.known.years)

    def _number(self, at: str, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self._wrong(f"{at}: '{text}' is not a number (write it without a unit, with a decimal point)")
        return value

    def _wrong(self, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem("command line", 1, 1, message, hint))


def values_of(results: SweepResults, goal: Goal) -> pd.DataFrame:
    """Values that a goal looks at: index ``(row, replication_id)``, a column per scenario, NaN where one lacks."""
    found = results.outcomes(goal.measure, district=goal.district, year=goal.year)
    return found.sub(found[results.null], axis=0) if goal.change else found
