"""Robustness of variants over futures that nobody can put a chance on: three old rules for such choices.

A future is a row of the design, of which the mean over its replications counts.

* *satisficing*: in which part of the futures is the goal met?
* *maximin*: how bad is the worst future? One future decides, so the worst twentieth is given beside it.
* *minimax regret*: how much worse than the best variant of the same future can it be?

Which rule is right is a matter of taste for risk; a variant that leads on all three needs no such taste.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.goals import Goal
from wijksim.analysis.intervals import share_interval

if TYPE_CHECKING:
    import pandas as pd

ALL_GOALS = "all goals"
TAIL = 0.05  # futures that the less fragile worst value leaves out


@dataclass(frozen=True)
class Robustness:
    """Three rules for all variants.

    Attributes
    ----------
    table
        A line per goal and scenario, and one for all goals together where there are several. Columns ``goal,
        scenario, futures, met, share, low, high, runs_met, worst, worst_twentieth, max_regret, mean_regret``:
        ``met`` of ``futures`` reach the goal, ``share`` with its 95 % interval, ``runs_met`` the part of single runs;
        regret in the unit of the measure, NaN where there is none.
    notes
        What could not be said, in words.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"variants": self.table.to_dict(orient="records"), "notes": list(self.notes)}


def robustness(goals: Sequence[Goal], values: Sequence[pd.DataFrame]) -> Robustness:
    """Judge all scenarios by all goals.

    Parameters
    ----------
    goals
        At least one.
    values
        Per goal what it looks at: index ``(row, replication_id)``, a column per scenario, NaN where a run lacks.
    """
    import pandas as pd

    lines: list[dict[str, Any]] = []
    notes: list[str] = []
    for goal, frame in zip(goals, values, strict=True):
        regret, note = _regret(goal, frame)
        notes += note
        for scenario in frame.columns:
            lines.append({**_satisficing([goal], [frame], scenario), **_worst(goal, frame[scenario])})
            lines[-1] |= regret[scenario]
    if len(goals) > 1:
        lines += [_satisficing(goals, values, scenario) for scenario in values[0].columns]
    return Robustness(pd.DataFrame(lines), tuple(dict.fromkeys(notes)))


def by_future(frame: Any) -> Any:
    """Means over the replications of every row that has any."""
    return frame.dropna(how="all").groupby(level="row").mean()


def missed(goals: Sequence[Goal], values: Sequence[pd.DataFrame], scenario: str) -> pd.Series[float]:
    """Share of the replications in which a scenario misses a goal, by row; runs without a value are left out."""
    import pandas as pd

    every = pd.concat([frame[scenario] for frame in values], axis=1).dropna()
    good = np.ones(len(every), dtype=bool)
    for place, goal in enumerate(goals):
        good &= goal.met(every.iloc[:, place].to_numpy(np.float64))
    found: pd.Series[float] = pd.Series(1.0 - good, index=every.index).groupby(level="row").mean()
    return found


def _satisficing(goals: Sequence[Goal], values: Sequence[pd.DataFrame], scenario: str) -> dict[str, Any]:
    import pandas as pd

    every = pd.concat([frame[scenario] for frame in values], axis=1).dropna()
    means = every.groupby(level="row").mean()
    reached = [_met(goals, table) for table in (means, every)]
    futures, met = len(means), int(reached[0].sum())
    low, high = share_interval(met, futures)
    return {
        "goal": str(goals[0]) if len(goals) == 1 else ALL_GOALS,
        "scenario": scenario,
        "futures": futures,
        "met": met,
        "share": met / futures if futures else float("nan"),
        "low": low,
        "high": high,
        "runs_met": float(reached[1].mean()) if len(every) else float("nan"),
    }


def _met(goals: Sequence[Goal], table: pd.DataFrame) -> NDArray[np.bool_]:
    met = [goal.met(table.iloc[:, place].to_numpy(np.float64)) for place, goal in enumerate(goals)]
    return np.asarray(np.logical_and.reduce(met))


def _worst(goal: Goal, column: pd.Series[float]) -> dict[str, float]:
    means = by_future(column).to_numpy(np.float64)
    if not means.size:
        return {"worst": float("nan"), "worst_twentieth": float("nan")}
    good = goal.better * means
    return {
        "worst": goal.better * float(good.min()),
        "worst_twentieth": goal.better * float(np.quantile(good, TAIL)),
    }


def _regret(goal: Goal, frame: pd.DataFrame) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Largest and mean regret per scenario, over the runs that all scenarios have."""
    nothing = {str(one): {"max_regret": float("nan"), "mean_regret": float("nan")} for one in frame.columns}
    if not goal.direction:
        return nothing, [f"no regret for {goal.measure}: neither more nor less of it is better by itself"]
    whole = frame.dropna()
    left_out = len(frame) - len(whole)
    notes = [f"regret leaves out {left_out} runs that not every scenario has"] if left_out else []
    if whole.empty:
        return nothing, notes
    good = goal.direction * whole.groupby(level="row").mean()
    regret = good.rsub(good.max(axis=1), axis=0)
    found = {
        str(one): {"max_regret": float(regret[one].max()), "mean_regret": float(regret[one].mean())}
        for one in frame.columns
    }
    return found, notes
