"""A run is a pure function of scenario, seed and months; pairs share their luck."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.contracts.engines import engine, state

import wijksim
from wijksim.kernel.context import Context
from wijksim.kernel.lever import Lever, Window
from wijksim.runs.batch import run_futures
from wijksim.runs.forks import same_warmup

SMALL = {"world.size": 500, "world.warmup": 3, "months": 24}


def scenario(name: str = "baseline", **more: object) -> wijksim.Scenario:
    return wijksim.load_scenario(name, overrides={**SMALL, **more})


def test_the_same_run_twice_gives_the_same_digest_and_another_seed_does_not() -> None:
    first, again, other = (wijksim.run(scenario(), seed=seed, months=12) for seed in (1, 1, 2))
    assert first.digest == again.digest != other.digest


def test_a_shorter_run_is_the_beginning_of_a_longer_one() -> None:
    short, long = wijksim.run(scenario(), seed=1, months=7), wijksim.run(scenario(), seed=1, months=12)
    assert np.array_equal(short.recorder.numerator, long.recorder.numerator[:7])


def test_any_number_of_workers_gives_the_same_numbers() -> None:
    specs = [scenario(), scenario("staffing-cut")]
    serial = run_futures(specs, [3, 4], 8, workers=1)
    parallel = run_futures(specs, [3, 4], 8, workers=2)
    for one, two in zip(serial, parallel, strict=True):
        assert one.seed == two.seed
        assert one.numerator.tobytes() == two.numerator.tobytes()
        assert one.denominator.tobytes() == two.denominator.tobytes()


def test_variants_that_share_a_world_share_its_warm_up_and_equal_a_run_alone() -> None:
    specs = [scenario(), scenario("staffing-cut")]
    assert same_warmup(*specs)
    assert not same_warmup(specs[0], scenario(**{"world.size": 600}))
    together = run_futures(specs, [5], 8)[0]
    alone = wijksim.run(specs[1], seed=5, months=8)
    assert np.array_equal(together.numerator[1], alone.recorder.numerator)


def test_the_table_is_tidy_and_the_city_is_the_sum_of_its_districts() -> None:
    result = wijksim.run(scenario(), seed=1, months=12)
    table = result.table
    assert list(table.columns) == ["month", "district", "group", "measure", "value"]
    everybody = table[table.group == "all"]
    assert not everybody.duplicated(["month", "district", "measure"]).any()
    assert set(everybody.district) == {"vulnerable", "average", "affluent", "city"}
    shares = everybody[everybody.measure == "problem_debt"].dropna()
    assert shares.value.between(0, 100).all()
    residents = result.recorder.measures[[m.name for m in result.recorder.measures].index("share_in_work")]
    assert residents.table == "resident"


def test_a_saved_run_is_whole(tmp_path: Path) -> None:
    result = wijksim.run(scenario(), seed=1, months=3)
    result.save(tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"results.parquet", "budget.parquet", "measures.json", "manifest.json", "scenario.yaml"}
    back = pd.read_parquet(tmp_path / "out" / "results.parquet")
    assert len(back) == len(result.table)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["digest"] == result.digest
    assert "geen selectie-instrument" in manifest["notice"]
    again = wijksim.load_scenario(tmp_path / "out" / "scenario.yaml")
    assert wijksim.run(again, seed=1, months=3).digest == result.digest


class OneResident(Lever):
    """Doubles one rate for one resident."""

    name = "one-resident"
    title = title_nl = explain = explain_nl = "one"
    family = "test"
    verbs = ("scale",)

    def act(self, ctx: Context, dose: float) -> None:
        row = ctx.world.resident.rows[:1]
        self.scale(ctx, "work.job_loss", "resident", row, 2.0)


def test_a_lever_on_one_resident_leaves_the_luck_of_all_others_alone() -> None:
    """Same month, same event: whoever else loses a job does so in both worlds."""
    lost = []
    for levers in ([], [OneResident({"ramp": 0.0}, window=Window(0))]):
        machine = engine()
        machine.set_levers(levers)
        machine.advance()
        lost.append((machine.ctx.world.resident.uid[0], state(machine.ctx)))
        resident = machine.ctx.world.resident
        lost[-1] = dict(zip(resident.uid[1:].tolist(), resident.activity[1:].tolist(), strict=True))
    assert lost[0] == lost[1]


def test_a_comparison_pairs_futures_and_says_when_there_are_too_few() -> None:
    comparison = wijksim.compare([scenario(), scenario("staffing-cut")], pairs=2, workers=1)
    table = comparison.table()
    assert set(table.verdict) <= {"too_few", "neutral"}
    assert set(table.scenario) == {"staffing-cut"}
    same = wijksim.compare([scenario(), scenario()], pairs=2, workers=1, months=12)
    assert same.table().difference.dropna().abs().max() == 0
    with pytest.raises(ValueError, match="at least one variant"):
        wijksim.compare([scenario()])


def test_recording_fewer_measures_changes_none_of_them() -> None:
    specs = [scenario(), scenario("staffing-cut")]
    whole = wijksim.compare(specs, pairs=2, months=6, workers=1)
    part = wijksim.compare(specs, pairs=2, months=6, workers=1, measures=["problem_debt", "crises"])
    assert [kind.name for kind in part.measures] == ["crises", "problem_debt"]
    for name in ("crises", "problem_debt"):
        assert np.array_equal(part.monthly(name), whole.monthly(name), equal_nan=True)
