"""The whole library of scenarios runs: every shipped file, gates and the world of coverage included."""

from __future__ import annotations

import numpy as np
import pytest

from wijksim.core.resources import shipped
from wijksim.model.known import load_scenario
from wijksim.runs.forks import run_tree
from wijksim.runs.recorder import Recorder
from wijksim.runs.run import Recording
from wijksim.scenario.load import shipped_files

SMALL = {"world.size": 600, "world.warmup": 1, "months": 14}
DISTRICTS = {"focus-areas": {"world.size": 4000, "world.warmup": 1, "months": 2}}
FOLDERS = ("gates", "coverage")


class _Watched:
    """Records everything, so that measures are asked for in every scenario."""

    def __init__(self, months: int) -> None:
        self.months = months

    def alike(self, scenario):
        return repr(scenario.record)

    def begin(self, engine, scenario):
        return Recording.begin(engine, scenario, self.months)

    def end(self, engine, watch) -> Recorder:
        return watch.end(engine)


def library() -> dict[str, object]:
    files = {name: path for name, path in shipped_files().items() if name not in DISTRICTS}
    for folder in FOLDERS:
        files |= {
            f"{folder}/{path.stem}": path for path in sorted((shipped("scenarios") / folder).glob("*.yaml"))
        }
    return files


def test_every_scenario_runs_and_counts_what_it_should() -> None:
    files = library()
    names = list(files)
    # gates hold twelve districts in their world; everything that is not policy is overruled
    scenarios = [load_scenario(files[name], overrides=SMALL) for name in names]
    months = SMALL["months"]
    ended = {
        names[place]: one for one in run_tree(scenarios, 1, months, _Watched(months)) for place in one.places
    }
    assert set(ended) == set(names)
    failures = {name: repr(one.failure) for name, one in ended.items() if one.failure is not None}
    assert failures == {}
    for name, one in ended.items():
        assert np.isfinite(one.result.numerator).all(), name


@pytest.mark.parametrize("name", sorted(DISTRICTS))
def test_a_world_of_many_districts_runs(name: str) -> None:
    scenario = load_scenario(name, overrides=DISTRICTS[name])
    months = scenario.months
    (one,) = run_tree([scenario], 1, months, _Watched(months))
    assert one.failure is None
    assert len(scenario.world.districts) == 20
    assert np.isfinite(one.result.numerator).all()
