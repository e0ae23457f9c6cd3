"""The same residents in several scenarios of one future: their lives, to be told side by side."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.kernel.relax import Relax
from wijksim.model.engine import Engine
from wijksim.model.life import Life
from wijksim.model.trace import Follower
from wijksim.runs.batch import in_seeds
from wijksim.runs.forks import run_tree
from wijksim.scenario.resolve import Scenario
from wijksim.state.table import Rows


class Followers:
    """Follows several residents at once: a tracer of the kernel and an observer of the engine."""

    def __init__(self, followers: Sequence[Follower]) -> None:
        self.followers = tuple(followers)

    def event(
        self, ctx: Context, event: Event, rows: Rows, p: NDArray[np.float64], hit: NDArray[np.bool_]
    ) -> None:
        """Pass on who was hit."""
        if not hit.any():
            return
        for one in self.followers:
            one.event(ctx, event, rows, p, hit)

    def state(self, ctx: Context, relax: Relax) -> None:
        """Pass on that a state has moved."""
        for one in self.followers:
            one.state(ctx, relax)

    def __call__(self, ctx: Context) -> None:
        """Read what the month has brought."""
        for one in self.followers:
            one(ctx)


@dataclass(frozen=True)
class _Following:
    """Watches the same residents in every run."""

    uids: tuple[int, ...]
    seed: int
    months: int

    def alike(self, scenario: Scenario) -> Hashable:
        """All are followed in the same way."""
        return None

    def begin(self, engine: Engine, scenario: Scenario) -> Followers:
        """Take the first picture of everybody."""
        ctx = engine.ctx
        found = []
        for uid in self.uids:
            life = Life(
                uid=uid,
                scenario=scenario.id,
                seed=self.seed,
                months=self.months,
                clock=ctx.clock,
                districts=tuple(ctx.settings["district_names"]),
            )
            found.append(Follower(life))
            found[-1].open(ctx)
        followers = Followers(found)
        ctx.tracer = followers
        engine.observers.append(followers)
        return followers

    def end(self, engine: Engine, watch: Followers) -> tuple[Life, ...]:
        """Close the books of everybody."""
        for one in watch.followers:
            one.close(engine.ctx)
        return tuple(one.life for one in watch.followers)


def follow_all(
    scenarios: Sequence[Scenario],
    uids: Sequence[int],
    *,
    seed: int,
    months: int,
    workers: int = 1,
    done: Callable[[int, int], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> tuple[tuple[Life, ...], ...]:
    """Do the runs of one future again and follow some residents in each.

    Parameters
    ----------
    scenarios, seed, months
        The runs; within a process, what they have in common is run once.
    uids
        Residents, in the order in which their lives come back.
    workers
        Processes over which the scenarios are divided; the lives are the same for any number.
    done
        Called after every part with parts done and parts in all; a part is what one process has to run.
    meanwhile
        What this process does once while others are at work.

    Returns
    -------
    tuple of tuple of Life
        Per scenario the lives of all.
    """
    parts = max(min(workers, len(scenarios)), 1)
    watching = _Following(tuple(uids), seed, months)
    found = in_seeds(
        partial(_followed, tuple(scenarios), watching, parts),
        range(parts),
        workers=workers,
        done=done,
        meanwhile=meanwhile,
    )
    lives = {place: mine for part in found for place, mine in part.items()}
    return tuple(lives[place] for place in range(len(scenarios)))


def _followed(
    scenarios: tuple[Scenario, ...], watching: _Following, parts: int, part: int
) -> dict[int, tuple[Life, ...]]:
    """Lives by place of the scenario, for every ``parts``-th scenario from ``part`` on."""
    places = range(part, len(scenarios), parts)
    found: dict[int, tuple[Life, ...]] = {}
    for ended in run_tree([scenarios[place] for place in places], watching.seed, watching.months, watching):
        if ended.failure is not None:
            raise ended.failure
        assert ended.result is not None
        for number in ended.places:
            place = places[number]
            found[place] = tuple(replace(life, scenario=scenarios[place].id) for life in ended.result)
    return found
