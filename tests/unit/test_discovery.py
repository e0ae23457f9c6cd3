"""Boxes with known answers: the search itself, and what is said of it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from tests.unit.discovery_sweep import FACTORS, HIT, NULL, SPARED, write_sweep

from wijksim.analysis.discovery import discover, names_of, percent
from wijksim.analysis.goals import Goal, Known, parse_goals, values_of
from wijksim.analysis.prim import (
    EVERYTHING,
    NO_BOX,
    NOTHING,
    TOO_FEW_CASES,
    TOO_FEW_ROWS,
    Box,
    cover,
    drop,
    find_box,
    measure,
    peel,
    quasi_p,
)
from wijksim.runs.sweeps.experiment import Factor
from wijksim.runs.sweeps.results import SweepResults

LOW, HIGH = np.array([0.2, 0.6]), np.array([0.5, 0.9])
SPOTS = (1, 3)  # the two dimensions of the box


@pytest.fixture
def few_shuffles(monkeypatch):
    """Nineteen prove five per cent as well, in a fifth of the time."""
    monkeypatch.setattr("wijksim.analysis.prim.SHUFFLES", 19)


def known_box(seed: int, *, rows: int = 1000, noise: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """Uniform points in five dimensions that miss inside a box of two; some tell the opposite."""
    rng = np.random.default_rng(seed)
    x = rng.random((rows, 5))
    inside = ((x[:, SPOTS] >= LOW) & (x[:, SPOTS] <= HIGH)).all(axis=1)
    return x, (inside ^ (rng.random(rows) < noise)).astype(float)


def design_of(x: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame(x, columns=[f"f{k}" for k in range(x.shape[1])])
    table.index.name = "row"
    return table


def debt(y: np.ndarray, replications: int = 1) -> tuple[Goal, pd.DataFrame]:
    """A goal that is missed by rows of 1: with replications, by so many of them as the share says."""
    index = pd.MultiIndex.from_product([range(y.size), range(replications)], names=["row", "replication_id"])
    part = np.arange(replications) < np.round(
        np.repeat(y, replications).reshape(-1, replications) * replications
    )
    goal = Goal("debt", "city", 20, change=False, sign="<", bound=0.5, direction=-1)
    return goal, pd.DataFrame({"variant": part.ravel().astype(float)}, index=index)


@pytest.mark.parametrize("seed", range(2))
def test_a_known_box_is_found(seed):
    x, y = known_box(seed)
    found = cover(x, y)
    assert (len(found.finds), found.ended) == (1, NO_BOX)
    (find,) = found.finds
    assert find.step.box.restricted == SPOTS
    np.testing.assert_allclose(find.step.box.low[list(SPOTS)], LOW, atol=0.05)
    np.testing.assert_allclose(find.step.box.high[list(SPOTS)], HIGH, atol=0.05)
    assert find.step.density > 0.85
    assert find.chance == pytest.approx(0.01)
    assert all(p < 1e-12 for p in find.quasi_p.values())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_noise_has_no_box(share):
    rng = np.random.default_rng(11)
    for _ in range(3):
        found = cover(rng.random((300, 5)), (rng.random(300) < share).astype(float))
        assert found == cover(np.zeros((300, 5)), (rng.random(300) < share).astype(float))
        assert (found.finds, found.ended) == ((), NO_BOX)


@pytest.mark.usefixtures("few_shuffles")
def test_a_monotone_transformation_gives_the_transformed_box():
    x, y = known_box(0)
    bent = x.copy()
    bent[:, 1], bent[:, 3] = np.exp(5 * x[:, 1]), -1 / (x[:, 3] + 0.1)
    plain, other = find_box(x, y), find_box(bent, y)
    for side in ("low", "high"):
        was, now = getattr(plain.step.box, side), getattr(other.step.box, side)
        assert now[1] == pytest.approx(np.exp(5 * was[1]), rel=1e-12)
        assert now[3] == pytest.approx(-1 / (was[3] + 0.1), rel=1e-12)
    assert (plain.quasi_p, plain.chance) == (other.quasi_p, other.chance)


@pytest.mark.usefixtures("few_shuffles")
def test_two_boxes_are_found_one_after_the_other():
    rng = np.random.default_rng(4)
    x = rng.random((1000, 4))
    big, small = (x[:, 0] > 0.6) & (x[:, 1] > 0.5), (x[:, 2] < 0.3) & (x[:, 3] < 0.3)
    found = cover(x, (big | small).astype(float))
    assert [find.step.box.restricted for find in found.finds] == [(0, 1), (2, 3)]
    assert sum(find.coverage for find in found.finds) > 0.95
    assert found.finds[1].searched == 1000 - found.finds[0].step.rows
    assert found.finds[1].base == pytest.approx((small & ~big).sum() / (~big).sum(), abs=0.02)


@pytest.mark.usefixtures("few_shuffles")
def test_a_box_is_found_where_most_futures_miss():
    """The harmonic mean of coverage and density would take everything here."""
    rng = np.random.default_rng(5)
    x = rng.random((600, 4))
    y = ((x[:, 2] > 0.3) | (rng.random(600) < 0.4)).astype(float)
    find = find_box(x, y)
    assert find.step.box.restricted == (2,)
    assert find.step.box.low[2] == pytest.approx(0.3, abs=0.03)
    assert (find.base > 0.75, find.step.density) == (True, 1)


@pytest.mark.usefixtures("few_shuffles")
def test_a_box_among_many_factors_is_found():
    rng = np.random.default_rng(6)
    x = rng.random((300, 60))
    y = ((x[:, 17] > 0.5) & (x[:, 42] < 0.6)).astype(float)
    assert find_box(x, y).step.box.restricted == (17, 42)


def test_a_factor_with_three_levels_loses_whole_levels():
    levels = np.array(np.meshgrid([0, 1, 2], [0, 1, 2], range(10))).reshape(3, -1).T.astype(float)
    y = (levels[:, 0] == 2).astype(float)
    find = find_box(levels, y)
    assert find.step.box.restricted == (0,)
    assert (find.step.box.low[0], find.step.density, find.coverage) == (2, 1, 1)


@pytest.mark.usefixtures("few_shuffles")
def test_shares_of_replications_count_as_parts():
    x, _ = known_box(0, rows=500)
    y = np.where(x[:, 0] > 0.6, 0.75, 0.25)
    find = find_box(x, y)
    assert find.step.box.restricted == (0,)
    assert find.step.density == pytest.approx(0.75)
    assert find.coverage == pytest.approx(y[x[:, 0] > 0.6].sum() / y.sum())


def test_the_path_peels_towards_density():
    x, y = known_box(1)
    boxes = peel(x, y, smallest=50)
    steps = [measure(x, y, box) for box in boxes]
    assert boxes[0].restricted == ()
    assert steps[0].mass == steps[0].coverage == 1
    assert all(later.rows < sooner.rows for sooner, later in pairwise(steps))
    assert all(later.density > sooner.density for sooner, later in pairwise(steps))
    assert steps[-1].rows >= 50


def test_quasi_p_is_the_binomial_tail():
    x = np.arange(20.0).reshape(-1, 1)
    y = (np.arange(20) >= 10).astype(float)
    box = Box.everything(1).with_limit(0, low=16.0)
    assert quasi_p(x, y, box, 0) == pytest.approx(0.5**4)
    assert drop(x, y, box, 0.05)[0].restricted == ()
    assert drop(x, y, box, 0.1)[1] == {0: pytest.approx(0.5**4)}


@pytest.mark.parametrize(
    ("y", "ended"),
    [
        (np.zeros(50), NOTHING),
        (np.ones(50), EVERYTHING),
        (np.arange(20) % 2.0, TOO_FEW_ROWS),
        ((np.arange(50) < 3) * 1.0, TOO_FEW_CASES),
        ((np.arange(50) > 3) * 1.0, TOO_FEW_CASES),
    ],
)
def test_what_holds_no_answer_is_not_searched(y, ended):
    assert cover(np.random.default_rng(0).random((y.size, 2)), y).ended == ended


@pytest.mark.usefixtures("few_shuffles")
def test_words_tell_share_limits_density_and_base():
    x, y = known_box(0)
    goal, values = debt(y)
    found = discover(design_of(x), [goal], [values], "variant")
    words = found.words()
    assert words.startswith("variant misses its goal in 13 % of the 1000 futures; in 64 % of those f")
    assert "f1 is between 0.198 and 0.498" in words
    assert "f3 is between 0.605 and 0.896" in words
    assert words.endswith("against 13 % everywhere). No further box is better than chance.")
    assert found.as_dict()["boxes"][0]["path"][0]["limits"] == {}


@pytest.mark.parametrize(
    ("y", "words"),
    [
        (np.zeros(50), "variant meets its goal in all of the 50 futures: no future is to be explained."),
        (np.ones(50), "misses its goal in all of the 50 futures: no future is better than another."),
        (np.arange(20) % 2.0, "misses its goal in 50 % of the 20 futures; 20 futures are too few to look"),
        ((np.arange(60) < 3) * 1.0, "in 5 % of the 60 futures; that are too few misses to look for boxes"),
        ((np.arange(60) > 3) * 1.0, "in 93 % of the 60 futures; that are too few successes to look"),
        (np.random.default_rng(1).permutation(np.arange(90) % 2.0), "no box is better than chance"),
    ],
)
def test_words_where_there_is_no_box(y, words):
    x = np.random.default_rng(0).random((y.size, 2))
    goal, values = debt(y)
    assert words in discover(design_of(x), [goal], [values], "variant").words()


@pytest.mark.usefixtures("few_shuffles")
def test_replications_are_told_apart_from_futures():
    x, _ = known_box(0, rows=300)
    goal, values = debt(np.where(x[:, 0] > 0.6, 0.75, 0.25), replications=4)
    words = discover(design_of(x), [goal], [values], "variant").words()
    assert "of the 1200 runs (300 futures)" in words
    assert "75 % of such runs miss it" in words


def test_a_share_is_never_rounded_to_all_or_nothing():
    assert [percent(one) for one in (0, 0.001, 0.314, 0.999, 1)] == [
        "0 %", "less than 1 %", "31 %", "more than 99 %", "100 %",
    ]  # fmt: skip


def test_factors_have_the_labels_and_units_of_their_parameters():
    names = names_of([*FACTORS, Factor("mine.own", "lever", 0, 1)])
    assert names["debt.entry_rate"].label == "entry of households into problem debt, national"
    assert names["debt.entry_rate"].unit == "1/year"
    assert names["staffing.strength"].label == "part of the full dose (staffing)"
    assert (names["mine.own"].label, names["mine.own"].unit) == ("mine.own", "")


@pytest.mark.usefixtures("few_shuffles")
def test_a_sweep_is_explained(tmp_path):
    results = SweepResults.open(write_sweep(tmp_path / "sweep", replications=2, failing=3))
    goals = parse_goals("problem_debt < 8 and change of trust in oost > -1", Known.of(results))
    values = [values_of(results, goal) for goal in goals]
    names = names_of(results.factors)
    found = {one: discover(results.design, goals, values, one, names=names) for one in (SPARED, HIT)}
    assert not found[SPARED].boxes
    assert found[HIT].rows == 397
    ((limits, find),) = found[HIT].boxes
    assert {one.factor.name for one in limits} == {"debt.entry_rate", "staffing.strength"}
    assert find.step.density > 0.95
    assert "entry of households into problem debt, national is above 0.03 per year" in found[HIT].words()
    assert (values[1][NULL].dropna() == 0).all()
