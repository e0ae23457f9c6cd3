"""Scenario discovery: which futures make a variant miss its goal, in words.

Rows of a sweep's design are the futures; a row counts by the share of its replications that miss. Boxes come from
:mod:`wijksim.analysis.prim`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.goals import Goal
from wijksim.analysis.prim import (
    EVERYTHING,
    FEWEST_CASES,
    FEWEST_ROWS,
    NO_BOX,
    NOTHING,
    TOO_FEW_CASES,
    TOO_FEW_ROWS,
    Find,
    Search,
    Step,
    cover,
)
from wijksim.analysis.robustness import missed
from wijksim.core.units import PERCENT

if TYPE_CHECKING:
    import pandas as pd

    from wijksim.runs.sweeps.experiment import Factor

# units that say nothing behind a number in a sentence
_SILENT = ("", "-", "share", "ratio", "hazard ratio", "odds", "weight", "code")
_ORDER = ("", "second", "third")


@dataclass(frozen=True)
class Named:
    """What a factor is called: its label and unit where a parameter has them, else its name."""

    name: str
    label: str
    unit: str


@dataclass(frozen=True)
class Limit:
    """Limits of a box on one factor; None where there is none.

    Attributes
    ----------
    factor
        What is limited.
    low, high
        Inclusive.
    least, most
        Smallest and largest value that was tried.
    quasi_p
        Of the test that it is not there by luck.
    part
        Part of the futures within these limits alone: the smaller, the tighter.
    """

    factor: Named
    low: float | None
    high: float | None
    least: float
    most: float
    quasi_p: float
    part: float

    @property
    def interval(self) -> str:
        """Both limits, in words."""
        if self.low is not None and self.high is not None:
            return f"between {self.low:.3g} and {self.high:.3g}"
        return f"above {self.low:.3g}" if self.low is not None else f"below {self.high:.3g}"

    def __str__(self) -> str:
        unit = self.factor.unit
        unit = "" if unit in _SILENT else f" per {unit[2:]}" if unit.startswith("1/") else f" {unit}"
        return f"{self.factor.label} is {self.interval}{unit}"


@dataclass(frozen=True)
class Discovery:
    """What was found for one variant.

    Attributes
    ----------
    scenario
        The variant.
    goals
        What it is to reach.
    rows, runs
        Futures and runs that count.
    share
        Part of the runs that miss, each future weighing the same.
    boxes
        Limits and find of every box, the tightest limit first.
    ended
        Why there are no more; see :mod:`wijksim.analysis.prim`.
    names
        Factors in the order of the design.
    """

    scenario: str
    goals: tuple[Goal, ...]
    rows: int
    runs: int
    share: float
    boxes: tuple[tuple[tuple[Limit, ...], Find], ...]
    ended: str
    names: tuple[str, ...]

    def words(self) -> str:
        """What was found, as prose."""
        what = "its goal" if len(self.goals) == 1 else "its goals"
        if self.runs == self.rows:
            cases, among = "futures", f"the {self.rows} futures"
        else:
            cases, among = "runs", f"the {self.runs} runs ({self.rows} futures)"
        if self.ended == NOTHING and not self.boxes:
            return f"{self.scenario} meets {what} in all of {among}: no future is to be explained."
        if self.ended == EVERYTHING and not self.boxes:
            return f"{self.scenario} misses {what} in all of {among}: no future is better than another."
        if not self.rows:
            return f"{self.scenario} has no run that can be judged."
        begin = f"{self.scenario} misses {what} in {percent(self.share)} of {among}"
        if not self.boxes:
            return f"{begin}; {self._why_none()}."
        parts = [self._box(number, cases) for number in range(len(self.boxes))]
        last = " No further box is better than chance." if self.ended == NO_BOX else ""
        return f"{begin}; " + " ".join(parts) + last

    def _box(self, number: int, cases: str) -> str:
        limits, find = self.boxes[number]
        named = ", and ".join(str(one) for one in limits)
        dense, base, part = (percent(one) for one in (find.step.density, find.base, find.coverage))
        if number == 0:
            part = "all" if find.coverage == 1 else part
            return f"in {part} of those {named} ({dense} of such {cases} miss it, against {base} everywhere)."
        return (
            f"A {_ORDER[number]} box holds a further {part} of those: {named} ({dense} of such {cases} miss it, "
            f"against {base} of what lies outside the earlier)."
        )

    def _why_none(self) -> str:
        if self.ended == TOO_FEW_ROWS:
            return (
                f"{self.rows} futures are too few to look for boxes ({FEWEST_ROWS} are the least, some hundreds "
                "give sharp limits)"
            )
        if self.ended == TOO_FEW_CASES:
            side = "misses" if self.share < 1 / 2 else "successes"
            return f"that are too few {side} to look for boxes ({FEWEST_CASES} futures are the least)"
        return "no box is better than chance: what was varied does not tell which futures miss"

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "scenario": self.scenario,
            "goals": [str(goal) for goal in self.goals],
            "futures": self.rows,
            "runs": self.runs,
            "share_missed": self.share,
            "words": self.words(),
            "ended": self.ended,
            "boxes": [self._box_dict(limits, find) for limits, find in self.boxes],
        }

    def _box_dict(self, limits: Sequence[Limit], find: Find) -> dict[str, Any]:
        return {
            "limits": [_limit_dict(one) for one in limits],
            "futures": find.step.rows,
            "mass": find.mass,
            "coverage": find.coverage,
            "density": find.step.density,
            "base": find.base,
            "quality": find.step.quality,
            "chance": find.chance,
            "searched": find.searched,
            "path": [self._step_dict(step) for step in find.path],
        }

    def _step_dict(self, step: Step) -> dict[str, Any]:
        low, high = step.box.low, step.box.high
        limits = {
            self.names[k]: [_finite(float(low[k])), _finite(float(high[k]))] for k in step.box.restricted
        }
        return {
            "futures": step.rows,
            "mass": step.mass,
            "coverage": step.coverage,
            "density": step.density,
            "quality": step.quality,
            "limits": limits,
        }


def _limit_dict(limit: Limit) -> dict[str, Any]:
    return {
        "factor": limit.factor.name,
        "label": limit.factor.label,
        "unit": limit.factor.unit,
        "low": limit.low,
        "high": limit.high,
        "least": limit.least,
        "most": limit.most,
        "quasi_p": limit.quasi_p,
    }


def names_of(factors: Sequence[Factor]) -> dict[str, Named]:
    """What the factors of a sweep are called in words."""
    from wijksim.model.known import all_parameters

    known = all_parameters().parameters
    found = {}
    for one in factors:
        about = known.get(one.name) or known.get(f"lever.{one.name}")
        if about is None:
            found[one.name] = Named(one.name, one.name, "")
            continue
        # what follows is a remark on the value
        label = about.label.partition(";")[0]
        if label[1:2].islower():
            label = label[:1].lower() + label[1:]
        if one.kind == "lever":
            label = f"{label} ({one.subject.removeprefix('lever ')})"
        found[one.name] = Named(one.name, label, about.unit)
    return found


def discover(
    design: pd.DataFrame,
    goals: Sequence[Goal],
    values: Sequence[pd.DataFrame],
    scenario: str,
    *,
    names: Mapping[str, Named] | None = None,
) -> Discovery:
    """Find the futures in which a variant misses its goals.

    Parameters
    ----------
    design
        Values by row, a column per factor.
    goals, values
        What it is to reach, and per goal what the goal looks at: see :func:`wijksim.analysis.robustness.robustness`.
    scenario
        The variant.
    names
        What factors are called.
    """
    cases = missed(goals, values, scenario)
    x = np.asarray(design.loc[cases.index], np.float64)
    y = np.asarray(cases, np.float64)
    # runs in which every goal can be judged
    present = np.logical_and.reduce([frame[scenario].notna().to_numpy() for frame in _aligned(values)])
    found = cover(x, y) if y.size else Search((), TOO_FEW_ROWS)
    known = dict(names or {})
    called = [known.get(name, Named(name, name, "")) for name in map(str, design.columns)]
    return Discovery(
        scenario=scenario,
        goals=tuple(goals),
        rows=y.size,
        runs=int(present.sum()),
        share=float(y.mean()) if y.size else float("nan"),
        boxes=tuple((_limits(find, x, called), find) for find in found.finds),
        ended=found.ended,
        names=tuple(map(str, design.columns)),
    )


def _aligned(values: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """All tables with the runs of the first; a run that lacks has no values."""
    return [frame.reindex(values[0].index) for frame in values]


def _limits(find: Find, x: NDArray[np.float64], called: Sequence[Named]) -> tuple[Limit, ...]:
    """Limits of a box, the tightest first."""
    found = []
    for k in find.step.box.restricted:
        low, high = float(find.step.box.low[k]), float(find.step.box.high[k])
        inside = float(((x[:, k] >= low) & (x[:, k] <= high)).mean())
        least, most = float(x[:, k].min()), float(x[:, k].max())
        found.append(Limit(called[k], _finite(low), _finite(high), least, most, find.quasi_p[k], inside))
    return tuple(sorted(found, key=lambda one: one.part))


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def percent(share: float) -> str:
    """A share in per cent, never rounded to all or nothing."""
    value = share * PERCENT
    if 0 < value < 1:
        return "less than 1 %"
    return "more than 99 %" if PERCENT - 1 < value < PERCENT else f"{value:.0f} %"
