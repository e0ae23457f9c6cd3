"""What an experiment will take, from a short run that is timed."""

from __future__ import annotations

import time
from dataclasses import dataclass

from wijksim.model.assemble import warmed_up, with_policy
from wijksim.scenario.resolve import Scenario

TIMED_MONTHS = 6
"""Months of the run that is timed, after one that loads and compiles what the others need not."""

_MINUTE = 60


@dataclass(frozen=True)
class Forecast:
    """Size of an experiment of scenarios that share one warm-up in every future.

    Attributes
    ----------
    runs
        Runs in all futures.
    seconds
        Wall time.
    """

    runs: int
    seconds: float

    @property
    def words(self) -> str:
        """Size in words."""
        long = self.seconds >= _MINUTE
        time_taken = f"{self.seconds / _MINUTE:.0f} min" if long else f"{max(self.seconds, 1):.0f} s"
        return f"{self.runs:,} runs, about {time_taken}"


def forecast(
    scenario: Scenario, *, scenarios: int, pairs: int, months: int, workers: int, seed: int = 0
) -> Forecast:
    """Forecast an experiment.

    Parameters
    ----------
    scenario
        The one that takes longest: the whole package.
    scenarios
        Scenarios that are run in every future, all with the warm-up of ``scenario``.
    pairs, months, workers
        Futures, length of a run, and processes.
    seed
        Future in which time is taken.
    """
    begun = time.perf_counter()
    engine = with_policy(warmed_up(scenario, seed), scenario)
    warming = time.perf_counter() - begun
    engine.advance()
    begun = time.perf_counter()
    for _ in range(TIMED_MONTHS):
        engine.advance()
    month = (time.perf_counter() - begun) / TIMED_MONTHS
    rounds = -(-pairs // max(1, min(workers, pairs)))
    return Forecast(pairs * scenarios, rounds * (warming + scenarios * months * month))
