"""Satisficing, maximin and regret of a table made by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from wijksim.analysis.goals import Goal
from wijksim.analysis.intervals import share_interval
from wijksim.analysis.robustness import ALL_GOALS, missed, robustness


def goal(measure: str = "debt", sign: str = "<", bound: float = 8, *, direction: int = -1) -> Goal:
    return Goal(measure, "city", 20, change=False, sign=sign, bound=bound, direction=direction)


def frame(**columns: list[list[float]]) -> pd.DataFrame:
    """A column per scenario, a list per row with a value per replication."""
    first = next(iter(columns.values()))
    index = pd.MultiIndex.from_product(
        [range(len(first)), range(len(first[0]))], names=["row", "replication_id"]
    )
    return pd.DataFrame({name: np.ravel(rows) for name, rows in columns.items()}, index=index)


# means by future: null 7 9 11, a 8 8 8, b 4 7 13
DEBT = frame(null=[[6, 8], [9, 9], [10, 12]], a=[[8, 8], [7, 9], [8, 8]], b=[[4, 4], [6, 8], [13, 13]])


def line(table: pd.DataFrame, scenario: str, goal: str | None = None) -> pd.Series:
    rows = table[table["scenario"] == scenario]
    return (rows if goal is None else rows[rows["goal"] == goal]).iloc[0]


def test_satisficing_counts_futures_by_their_mean():
    table = robustness([goal()], [DEBT]).table
    assert table["met"].tolist() == [1, 0, 2]
    assert table["futures"].tolist() == [3, 3, 3]
    assert table["runs_met"].tolist() == pytest.approx([1 / 6, 1 / 6, 3 / 6])
    # Clopper and Pearson: 1 of 3, 0 of 3
    assert (line(table, "null")["low"], line(table, "null")["high"]) == pytest.approx(
        (0.00840, 0.90570), abs=1e-5
    )
    assert (line(table, "a")["low"], line(table, "a")["high"]) == pytest.approx((0, 1 - 0.025 ** (1 / 3)))


def test_the_worst_future_is_that_of_the_direction():
    table = robustness([goal()], [DEBT]).table
    assert table["worst"].tolist() == [11, 8, 13]
    # between the worst (13) and the next (7): a tenth of the way
    assert line(table, "b")["worst_twentieth"] == pytest.approx(13 - 0.1 * 6)
    up = robustness([goal(sign=">", direction=1)], [DEBT]).table
    assert up["worst"].tolist() == [7, 8, 4]


def test_regret_is_the_distance_to_the_best_of_the_same_future():
    table = robustness([goal()], [DEBT]).table
    # best by future: 4 (b), 7 (b), 8 (a)
    assert table["max_regret"].tolist() == [3, 4, 5]
    assert table["mean_regret"].tolist() == pytest.approx([(3 + 2 + 3) / 3, (4 + 1 + 0) / 3, 5 / 3])
    up = robustness([goal(sign=">", direction=1)], [DEBT]).table
    # best by future: 8 (a), 9 (null), 13 (b)
    assert up["max_regret"].tolist() == [2, 5, 4]


def test_regret_of_changes_is_that_of_levels():
    changes = DEBT.sub(DEBT["null"], axis=0)
    for column in ("max_regret", "mean_regret"):
        both = [robustness([goal()], [one]).table[column].tolist() for one in (DEBT, changes)]
        assert both[0] == pytest.approx(both[1])


def test_a_measure_without_direction_has_no_regret():
    found = robustness([goal("households", ">", 8, direction=0)], [DEBT])
    assert found.table["max_regret"].isna().all()
    assert found.table["worst"].tolist() == [7, 8, 4]
    assert "no regret for households" in found.notes[0]


def test_several_goals_must_be_met_together():
    trust = frame(null=[[5, 5]] * 3, a=[[6, 6]] * 3, b=[[5, 5], [6, 6], [6, 6]])
    goals = [goal(bound=8.5), goal("trust", ">", 5.5, direction=1)]
    table = robustness(goals, [DEBT, trust]).table
    assert [line(table, one, ALL_GOALS)["met"] for one in ("null", "a", "b")] == [0, 3, 1]
    assert line(table, "b", str(goals[1]))["met"] == 2
    assert math.isnan(line(table, "a", ALL_GOALS)["worst"])
    assert missed(goals, [DEBT, trust], "b").tolist() == [1, 0, 1]


def test_shares_of_replications_miss():
    assert missed([goal()], [DEBT], "null").tolist() == [0.5, 1, 1]


def test_runs_that_lack_are_left_out():
    holes = DEBT.astype(float).copy()
    holes.loc[(2, slice(None)), "b"] = np.nan
    holes.loc[(1, 1), "a"] = np.nan
    found = robustness([goal()], [holes])
    assert line(found.table, "b")["futures"] == 2
    assert line(found.table, "b")["worst"] == 7
    assert line(found.table, "b")["max_regret"] == 0
    # future 0 whole, future 1 by its first replication: null 7 9, a 8 7, b 4 6
    assert found.table["max_regret"].tolist() == [3, 4, 0]
    assert found.notes == ("regret leaves out 3 runs that not every scenario has",)
    assert missed([goal()], [holes], "b").index.tolist() == [0, 1]


def test_nothing_at_all_is_no_number():
    table = robustness([goal()], [DEBT * np.nan]).table
    assert table["futures"].tolist() == [0, 0, 0]
    assert table[["share", "worst", "max_regret"]].isna().all(axis=None)


def test_an_interval_of_a_share_holds_its_ends():
    assert share_interval(0, 10) == pytest.approx((0, 1 - 0.025**0.1))
    assert share_interval(10, 10) == pytest.approx((0.025**0.1, 1))
    assert share_interval(5, 10) == pytest.approx((0.18709, 0.81291), abs=1e-5)
    assert share_interval(0, 0) == (0, 1)
