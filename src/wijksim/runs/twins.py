"""The same residents in several scenarios of one future: their lives, to be told side by side."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.kernel.relax import Relax
from wijksim.model.engine import Engine
from wijksim.model.life import Life
from wijksim.model.trace import Follower
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
    done: Callable[[int, int], None] | None = None,
) -> tuple[tuple[Life, ...], ...]:
    """Do the runs of one future again and follow some residents in each.

    Parameters
    ----------
    scenarios, seed, months
        The runs; what they have in common is run once.
    uids
        Residents, in the order in which their lives come back.
    done
        Called after every run with runs done and runs in all.

    Returns
    -------
    tuple of tuple of Life
        Per scenario the lives of all.
    """
    found: dict[int, tuple[Life, ...]] = {}
    for ended in run_tree(scenarios, seed, months, _Following(tuple(uids), seed, months)):
        if ended.failure is not None:
            raise ended.failure
        assert ended.result is not None
        for place in ended.places:
            found[place] = tuple(replace(life, scenario=scenarios[place].id) for life in ended.result)
        if done is not None:
            done(len(found), len(scenarios))
    return tuple(found[place] for place in range(len(scenarios)))
