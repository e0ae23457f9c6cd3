"""A chunk that is lost with the worker that held what it needed is done again, a few times and no more."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import CancelledError, ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest

from wijksim.runs.sweeps import cluster
from wijksim.runs.sweeps.engines import DEATHS, Line


class Cluster:
    """Stands for client and futures: ``fate`` tells what becomes of each chunk at each try."""

    def __init__(self, fate: dict[int, list[str]], workers_left: bool = True) -> None:
        self.fate, self.workers_left = fate, workers_left
        self.tries: list[int] = []
        self.scattered = 0

    def scatter(self, job: object, *, broadcast: bool) -> str:
        assert broadcast
        self.scattered += 1
        if self.scattered > 1 and not self.workers_left:
            raise TimeoutError("no worker")
        return f"copy {self.scattered}"

    def nthreads(self) -> dict[str, int]:
        return {"one": 1}

    def submit(self, work: Any, shared: str, *, pure: bool) -> SimpleNamespace:
        assert not pure
        number = work.args[0]
        self.tries.append(number)
        fates = self.fate[number]
        status = fates.pop(0) if len(fates) > 1 else fates[0]

        def result() -> str:
            if status == "gone":
                raise CancelledError
            return f"report of {number} with {shared}"

        return SimpleNamespace(
            key=f"{number}-{len(self.tries)}",
            status="finished" if status == "gone" else status,
            result=result,
            exception=lambda: ValueError("no"),
        )


class Completed:
    def __init__(self) -> None:
        self.waiting: deque[Any] = deque()

    def add(self, future: Any) -> None:
        self.waiting.append(future)

    def __next__(self) -> Any:
        return self.waiting.popleft()


def reports(client: Cluster, chunks: list[int]) -> list[str]:
    job: Any = SimpleNamespace(give_up=lambda number, why: f"{number}: {why}")
    made: Any = cluster._done(SimpleNamespace(as_completed=Completed), client, job, Line(chunks))
    return list(made)


@pytest.mark.parametrize("fate", ["lost", "cancelled", "gone"])
def test_what_is_lost_is_done_again_with_a_new_copy(fate):
    client = Cluster({1: [fate, "finished"], 2: ["finished"]})
    assert sorted(reports(client, [1, 2])) == ["report of 1 with copy 2", "report of 2 with copy 1"]
    assert sorted(client.tries) == [1, 1, 2]


def test_what_is_lost_time_and_again_is_given_up_and_the_rest_done():
    client = Cluster({1: ["lost"], 2: ["finished"]})
    found = reports(client, [1, 2])
    assert [one for one in found if one.startswith("1: ")] == [
        "1: the cluster could not do these runs (lost)"
    ]
    assert len(found) == 2
    assert client.tries.count(1) == DEATHS


def test_a_run_that_fails_is_not_tried_again():
    client = Cluster({1: ["error"]})
    assert reports(client, [1]) == ["1: the cluster could not do these runs (ValueError: no)"]
    assert client.tries == [1]


def test_without_a_worker_left_the_chunk_waits_for_one():
    client = Cluster({1: ["lost", "finished"]}, workers_left=False)
    assert reports(client, [1]) == ["report of 1 with copy 1"]


def test_threads_of_one_worker_do_one_chunk_at_a_time() -> None:
    """Runs share room to work in."""
    together: list[int] = []
    inside: list[int] = []

    def job(number: int) -> int:
        inside.append(number)
        time.sleep(0.01)  # long enough for another thread to come in
        together.append(len(inside))
        inside.remove(number)
        return number

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda number: cluster._do(number, cast(Any, job)), range(12)))
    assert done == list(range(12))
    assert set(together) == {1}
