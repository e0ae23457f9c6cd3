"""What a result leans on: shares that add up, find what is there, and are silent where nothing can be said."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.unit.discovery_sweep import write_sweep
from tests.unit.report_example import example
from tests.unit.report_page import Reader

from wijksim.analysis.compare import Comparison
from wijksim.analysis.leaning import FEWEST_ROWS, Leaning, lean, leaning_of
from wijksim.analysis.sensitivity.sample import Outcome, Sample
from wijksim.analysis.stored import stored_results
from wijksim.parameters.schema import Parameter
from wijksim.report.certainty import lean_lines, without_sweep
from wijksim.report.memo import render_memo
from wijksim.report.sections import Beside
from wijksim.report.words import Words
from wijksim.runs.sweeps.experiment import Design, Factor
from wijksim.runs.sweeps.folder import SWEEP

NUMBERS = 200
NAMES = [f"number.{place}" for place in range(NUMBERS)]


def _rows(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((count, NUMBERS))


def test_a_known_straight_line() -> None:
    table = _rows(400)
    luck = np.random.default_rng(1).normal(0, 1, 400)
    effect = 6 * table[:, 3] - 3 * table[:, 50] + luck  # variances 3, 0.75 and 1
    shares, explained, unseen = lean(table, NAMES, effect)
    assert list(shares)[:2] == ["number.3", "number.50"]
    assert shares["number.3"] == pytest.approx(3 / 4.75, abs=0.08)
    assert shares["number.50"] == pytest.approx(0.75 / 4.75, abs=0.06)
    assert sum(shares.values()) == pytest.approx(explained, rel=1e-12)
    assert explained == pytest.approx(3.75 / 4.75, abs=0.06)
    assert unseen == pytest.approx(3.75 / 4.75, abs=0.1)
    assert unseen < explained


@pytest.mark.parametrize("seed", range(5))
def test_luck_alone_leans_on_nothing(seed: int) -> None:
    effect = np.random.default_rng(100 + seed).normal(size=80)
    shares, explained, unseen = lean(_rows(80, seed), NAMES, effect)
    assert explained < 0.35
    assert unseen < 0.1
    assert len(shares) <= 1


def test_an_effect_that_never_differs_leans_on_nothing() -> None:
    assert lean(_rows(80), NAMES, np.full(80, 0.3)) == ({}, 0.0, 0.0)


def _sample(rows: int) -> tuple[Sample, Outcome]:
    factors = tuple(Factor(name, "set", 0.0, 1.0, (), 0.5) for name in NAMES)
    table = _rows(rows)
    design = Design(kind="lhs", rows=rows, levels=4, groups=False, seed=0)
    outcome = Outcome(
        measure={"name": "problem_debt", "unit": "%"}, district="city", year=4, scenario="mine", null="baseline",
        values=np.stack([table[:, 0] * 2, table[:, 0] * 2 + 0.1], axis=1), rounding=0.0,
    )  # fmt: skip
    return Sample(factors, table, design, common=True), outcome


def test_below_sixty_rows_nothing_is_said() -> None:
    assert leaning_of(*_sample(FEWEST_ROWS - 1)) is None
    found = leaning_of(*_sample(FEWEST_ROWS))
    assert found is not None
    assert found.rows == FEWEST_ROWS
    assert found.shares["number.0"] == pytest.approx(1)


def _parameter(name: str, grade: str) -> Parameter:
    return Parameter(name, 0.5, 0.0, 1.0, "share", "assumed", grade, ("design",), f"Label of {name}")


def test_shares_are_added_up_by_grade_and_withheld_where_little_is_explained() -> None:
    known = {"a": _parameter("a", "B"), "b": _parameter("b", "C"), "c": _parameter("c", "D")}
    told = Leaning("problem_debt", "mine", "city", 4, 80, 3, {"b": 0.4, "a": 0.2, "c": 0.1}, 0.7, 0.6)
    weak = Leaning("problem_debt", "mine", "city", 4, 80, 3, {"b": 0.4}, 0.4, 0.1)
    one, other = lean_lines((told, weak), known, Words("en"))
    assert one.weak == pytest.approx(0.5)
    assert one.said
    first = one.numbers[0]
    assert (first.name, first.grade, first.share) == ("Label of b", "C", 0.4)
    assert not other.said


def test_without_variation_the_page_claims_no_share() -> None:
    text = without_sweep({"A": 1, "B": 1, "C": 3, "D": 5})
    assert "niet te zeggen" in text
    assert "8 van de 10 getallen (80 %)" in text


def _stored_sweep(folder: Path, comparison: Comparison, rows: int) -> Path:
    """A sweep of the scenarios of a comparison, as if it lay there finished."""
    path = write_sweep(folder / "sweep", rows=rows)
    manifest = json.loads((path / SWEEP).read_text(encoding="utf-8"))
    digests = {one.id: one.digest for one in comparison.scenarios}
    manifest["parts"]["scenarios"] = {name: digests.get(name, "0") for name in manifest["parts"]["scenarios"]}
    manifest["parts"]["design"] = {"kind": "lhs", "rows": rows, "levels": 4, "groups": False, "seed": 0}
    manifest["parts"]["luck"] = "common"
    (path / SWEEP).write_text(json.dumps(manifest), encoding="utf-8")
    runs = [
        {
            "key": f"{scenario}-{row}",
            "scenario_id": scenario,
            "row": row,
            "replication_id": 0,
            "status": "done",
            "chunk": 0,
        }
        for scenario in manifest["parts"]["scenarios"]
        for row in range(rows)
    ]
    (path / "runs").mkdir()
    pd.DataFrame(runs).to_parquet(path / "runs" / "chunk-0000000.parquet")
    return folder


@pytest.mark.parametrize(("rows", "said"), [(400, True), (40, False)])
def test_a_stored_sweep_of_the_same_scenarios_is_read(tmp_path: Path, rows: int, said: bool) -> None:
    comparison = example(months=240, names=("problem_debt",), scenarios=("baseline", "staffing-cut"), pairs=5)
    folder = _stored_sweep(tmp_path, comparison, rows)
    found = stored_results(folder, comparison, ("problem_debt", "crises"), district="city")
    page = Reader(render_memo(comparison, command="again", beside=Beside(found)))
    if not said:
        assert found[0].leanings == ()
        assert "hebben de getallen van het model in elke toekomst dezelfde waarde" in page.plain
        return
    (one,) = found[0].leanings
    assert set(list(one.shares)[:2]) == {"debt.entry_rate", "staffing.strength"}
    row = next(
        cells for a, cells in page.table("● Een kwart").rows if a.get("data-measure") == "problem_debt"
    )
    assert row[1].numbers == [
        pytest.approx(one.shares["debt.entry_rate"])
    ]  # the lever is no number with a grade
    assert row[2].numbers == [one.unseen]
    other = dataclasses.replace(comparison.scenarios[1], title="Another", months=120)
    changed = dataclasses.replace(comparison, scenarios=(comparison.null, other))
    assert stored_results(folder, changed, ("problem_debt",), district="city")[0].leanings == ()
