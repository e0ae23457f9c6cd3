"""Sweeps: nothing lost, nothing twice, the same whoever does the work."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from tests.sweeps.desk import SMALL, broken, small
from wijksim.core.errors import InputError
from wijksim.runs.run import run
from wijksim.runs.sweeps import engines
from wijksim.runs.sweeps.compact import compact
from wijksim.runs.sweeps.experiment import scenario_at
from wijksim.runs.sweeps.load import load_experiment
from wijksim.runs.sweeps.plan import FAILED, SUCCEEDED, Plan, key_of, parse_key
from wijksim.runs.sweeps.results import SweepResults
from wijksim.runs.sweeps.store import RESULTS, RUNS, shards
from wijksim.runs.sweeps.sweep import Manner, sweep


@pytest.fixture(scope="module")
def experiment(tmp_path_factory):
    return small(tmp_path_factory.mktemp("experiment"))


@pytest.fixture(scope="module")
def whole(experiment, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep") / "whole"
    found = sweep(experiment, folder, Manner(workers=1, per_chunk=3))
    assert (found.done, found.failed, found.ended) == (16, [], "")
    return folder


def test_every_run_is_there_once(whole, experiment):
    runs = SweepResults.open(whole).runs
    assert len(runs) == experiment.runs == runs["key"].nunique()
    assert set(runs["status"]) == {SUCCEEDED}


def test_a_reading_is_that_of_the_run_itself(whole, experiment):
    found = SweepResults.open(whole)
    row, replication = 2, 1
    scenario = scenario_at(experiment.scenarios[1], experiment.factors, experiment.values(row))
    alone = run(scenario, seed=experiment.seed_of(row, replication), months=experiment.months).recorder
    names = [measure.name for measure in alone.measures]
    k = names.index("problem_debt")
    share = alone.numerator[:, k].sum() / alone.denominator[:, k].sum() * alone.measures[k].scale
    value = found.outcomes("problem_debt").loc[(row, replication), "staffing-cut"]
    assert value == np.float32(share)


def test_an_interrupted_sweep_goes_on_to_the_same(whole, experiment, tmp_path):
    folder = tmp_path / "parts"
    first = sweep(experiment, folder, Manner(workers=1, per_chunk=3, limit=1))
    assert 0 < first.done < experiment.runs
    assert "limit" in first.ended
    with pytest.raises(InputError, match="--resume"):
        sweep(experiment, folder, Manner(workers=1))
    (folder / RESULTS / ".chunk-0000003.parquet.1.tmp").write_bytes(b"half")
    for path in shards(folder, RUNS)[:1]:
        path.unlink()  # readings without statuses: killed between the two
    last = sweep(experiment, folder, Manner(workers=1, resume=True))
    assert last.done == experiment.runs
    assert SweepResults.open(folder).digest() == SweepResults.open(whole).digest()
    assert not list((folder / RESULTS).glob(".*.tmp"))


def test_processes_give_the_same(whole, experiment, tmp_path):
    sweep(experiment, tmp_path / "two", Manner(workers=2, per_chunk=1))
    assert SweepResults.open(tmp_path / "two").digest() == SweepResults.open(whole).digest()


def test_merging_changes_nothing(whole, experiment, tmp_path):
    folder = tmp_path / "merged"
    sweep(experiment, folder, Manner(workers=1, per_chunk=1, limit=10))
    before, after = compact(folder)
    assert before > after == 2
    sweep(experiment, folder, Manner(workers=1, resume=True))
    compact(folder)
    assert SweepResults.open(folder).digest() == SweepResults.open(whole).digest()
    pd.testing.assert_frame_equal(
        SweepResults.open(folder).outcomes("residents"), SweepResults.open(whole).outcomes("residents")
    )


def test_a_killed_merge_is_finished(whole, experiment, tmp_path, monkeypatch):
    folder = tmp_path / "killed"
    sweep(experiment, folder, Manner(workers=1, per_chunk=1))

    calls = itertools.count()

    def finish_or_die(folder):
        if next(calls):  # the first call is that of the start
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("wijksim.runs.sweeps.compact.finish", finish_or_die)
        with pytest.raises(KeyboardInterrupt):
            compact(folder)
    assert SweepResults.open(folder).digest() == SweepResults.open(whole).digest()
    compact(folder)
    assert len(shards(folder, RESULTS)) == 1
    assert SweepResults.open(folder).digest() == SweepResults.open(whole).digest()


def test_another_experiment_is_refused(whole, tmp_path):
    for text, word in (
        (SMALL.replace("months: 2", "months: 3"), "months: 2 at the first run, 3 now"),
        (SMALL.replace("-0.5", "-0.4"), "factors"),
        (SMALL.replace("[problem_debt, residents]", "[residents]"), "measures"),
    ):
        with pytest.raises(InputError, match=word):
            sweep(small(tmp_path, text), whole, Manner(workers=1, resume=True))


def test_more_replications_come_after_those_that_are_there(tmp_path):
    text = SMALL.replace("rows: 4", "rows: 2") + "luck: common\n"
    sweep(small(tmp_path, text), tmp_path / "out", Manner(workers=1, per_chunk=2))
    before = SweepResults.open(tmp_path / "out").outcomes("residents")
    more = small(tmp_path, text.replace("replications: 2", "replications: 3"))
    found = sweep(more, tmp_path / "out", Manner(workers=1, resume=True))
    assert found.now == 4
    assert any("replications: 2" in words for words in found.deviations)
    after = SweepResults.open(tmp_path / "out")
    assert after.manifest["deviations"] == list(found.deviations)
    pd.testing.assert_frame_equal(after.outcomes("residents").loc[before.index], before)


def test_one_broken_row_leaves_the_others_whole(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    experiment = load_experiment(broken(tmp_path))
    found = sweep(experiment, tmp_path / "out", Manner(workers=1, per_chunk=2))
    assert found.done == experiment.runs == 6
    assert [reason for _, reason in found.failed] == ["ZeroDivisionError: the load was too much"]
    results = SweepResults.open(tmp_path / "out")
    bad = results.failed.iloc[0]
    assert (bad["scenario_id"], bad["row"], bad["status"]) == ("fragile", 1, FAILED)
    assert "the load was too much" in bad["trace"]
    values = results.outcomes("residents")
    assert int(values.isna().sum().sum()) == 1
    again = sweep(experiment, tmp_path / "out", Manner(workers=1, resume=True))
    assert again.now == 0
    assert len(again.failed) == 1


@pytest.mark.slow
def test_a_run_that_never_ends_is_ended(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    path = broken(tmp_path)
    path.write_text(path.read_text().replace("0.9,", "1.0,") + "budget: {run_minutes: 0.1}\n")
    found = sweep(load_experiment(path), tmp_path / "out", Manner(workers=1, per_chunk=3))
    assert found.done == 6
    assert [reason for _, reason in found.failed] == [
        "TimeoutError: the run took more than 0.1 minutes (budget: run_minutes)"
    ]


def test_a_worker_that_dies_takes_only_its_runs_along(experiment, tmp_path, monkeypatch):
    """The pool is replaced by one that breaks over one chunk, as after a kill."""
    broken_over = 1
    job = engines.Job(experiment, Plan(4, 1, 2, 1), tmp_path)
    given: list[int] = []

    def until_broken(job, line, workers, *, just_one):
        while line:
            number = line.take()
            given.append(number)
            if number == broken_over:
                raise engines._BrokenError([number])
            yield job(number)
            if just_one:
                return

    monkeypatch.setattr(engines, "_until_broken", until_broken)
    reports = {report.chunk: report for report in engines.in_processes(job, range(4), 2)}
    assert sorted(reports) == [0, 1, 2, 3]
    assert given.count(broken_over) == engines.DEATHS
    assert [reports[number].failed == () for number in range(4)] == [True, False, True, True]
    assert all("died" in reason for _, reason in reports[broken_over].failed)


@pytest.mark.parametrize(
    ("rows", "replications", "per_chunk"), [(1, 1, 1), (7, 3, 2), (10, 2, 10), (5, 4, 3)]
)
def test_chunks_hold_every_task_once(rows, replications, per_chunk):
    plan = Plan(rows, replications, 2, per_chunk)
    chunks = [plan.chunk(number) for number in plan]
    tasks = [(task.replication, task.row) for chunk in chunks for task in chunk.tasks]
    assert sorted(tasks) == list(itertools.product(range(replications), range(rows)))
    assert [task[0] for task in tasks] == sorted(task[0] for task in tasks)
    assert [plan.runs_in(number) for number in plan] == [2 * len(chunk.tasks) for chunk in chunks]
    longer = Plan(rows, replications + 1, 2, per_chunk)
    assert [longer.chunk(number) for number in plan] == chunks


def test_rows_are_shuffled_so_that_half_a_sweep_is_balanced():
    plan = Plan(1000, 1, 1, 10)
    first_half = [task.row for number in range(50) for task in plan.chunk(number).tasks]
    assert abs(np.mean(first_half) - 499.5) < 40


def test_keys_read_back():
    assert parse_key(key_of("a" * 64, 12, 3)) == ("a" * 12, 12, 3)
    assert parse_key("nonsense") is None
    assert parse_key("a-b-c") is None


def test_precision_ends_a_sweep_early(experiment, tmp_path):
    asked: list[int] = []
    found = sweep(
        experiment, tmp_path / "early", Manner(workers=1, per_chunk=4, enough=lambda n: not asked.append(n))
    )
    assert asked == [1]
    assert found.done == experiment.runs // 2
    assert "precise enough" in found.ended


def test_sql_over_results_runs_and_design(whole):
    found = SweepResults.open(whole)
    table = found.query("SELECT count(*) AS n, count(DISTINCT key) AS k FROM runs")
    assert table.iloc[0].tolist() == [16, 16]
    mean = found.query(
        "SELECT avg(value) AS m FROM results WHERE measure = 'residents' AND district = 'city'"
    )
    assert mean["m"].iloc[0] == pytest.approx(found.outcomes("residents").to_numpy().mean())
    with pytest.raises(InputError, match="Catalog Error"):
        found.query("SELECT * FROM nothing")
    kept = whole / "kept.csv"
    for text in ("", "-- x", f"COPY (SELECT 1) TO '{kept}'", "SELECT 1; SELECT 2", "DROP VIEW runs"):
        with pytest.raises(InputError, match="--sql"):
            found.query(text)
    with pytest.raises(InputError, match="--sql"):
        found.query("SELECT * FROM read_csv('/etc/hostname')")
    assert not kept.exists()


def test_a_cluster_that_does_not_answer_leaves_nothing_behind(experiment, tmp_path):
    with pytest.raises(InputError, match="no scheduler file"):
        sweep(experiment, tmp_path / "out", Manner(scheduler="nofile.json"))
    assert not (tmp_path / "out").exists()


def test_unknown_names_are_told(whole):
    found = SweepResults.open(whole)
    with pytest.raises(InputError, match="did you mean 'residents'"):
        found.outcomes("resident")
    with pytest.raises(InputError, match="year 3"):
        found.outcomes("residents", year=3)
    with pytest.raises(InputError, match="no district"):
        found.outcomes("residents", district="moon")
    with pytest.raises(InputError, match="no sweep"):
        SweepResults.open(whole / "nowhere")
