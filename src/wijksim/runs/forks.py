"""Scenarios in one future share what they have in common: a warm-up, and the months before they begin to differ.

A run depends on its levers from the month in which the first of them starts, and not before. Scenarios with one world
form a tree: the trunk is the warm-up, a branch parts from the others in the first month in which a lever starts that
the others do not have. Every stretch of the tree is run once, with all that watches the run, and copied where it
parts; the results are those of separate runs, bit for bit.
"""

from __future__ import annotations

import copy
import importlib
import json
import pickle
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from wijksim.kernel.lever import LEVERS, Lever
from wijksim.model.assemble import add_levers, lever_of, warmed_up
from wijksim.model.engine import Engine
from wijksim.scenario.resolve import LeverUse, Scenario

# a frozen world of 12,000 residents is some tens of megabytes: branches that part more often than this share less
MOST_FROZEN = 4


class Watching[W, R](Protocol):
    """What is to be kept of runs."""

    def alike(self, scenario: Scenario) -> Hashable:
        """Scenarios that differ in this are watched in different ways and share the warm-up only."""

    def begin(self, engine: Engine, scenario: Scenario) -> W:
        """Put observers on an engine before its first month; what comes back is copied with it."""

    def end(self, engine: Engine, watch: W) -> R:
        """Result of a run that is over."""


@dataclass(frozen=True)
class Ended[R]:
    """Result of scenarios that turned out to be one run, or why that run failed.

    Attributes
    ----------
    places
        Of these scenarios, in the order in which they were given.
    result
        None if the run failed.
    failure
        None if it did not.
    """

    places: tuple[int, ...]
    result: R | None
    failure: Exception | None


@dataclass(frozen=True)
class _Member:
    """A scenario as the tree sees it: when which levers begin to matter."""

    place: int
    scenario: Scenario
    steps: dict[int, tuple[LeverUse, ...]]

    def key(self, month: int) -> str:
        """What starts in a month, as text."""
        return json.dumps([use.plain() for use in self.steps.get(month, ())], sort_keys=True)

    def future(self) -> str:
        """All that starts in the run."""
        return json.dumps([[month, self.key(month)] for month in sorted(self.steps)])


@dataclass
class _Course[W]:
    """A run on its way: the engine and what watches it, copied together because they refer to each other."""

    engine: Engine
    watch: W


@dataclass
class _Tree[W, R]:
    """What holds for all runs of a call, and how many copies are waiting."""

    seed: int
    months: int
    watching: Watching[W, R]
    frozen: int = field(default=0)


def same_warmup(first: Scenario, second: Scenario) -> bool:
    """Tell whether two scenarios go through the same warm-up: only their policy may differ."""
    return _world_key(first) == _world_key(second)


def _world_key(scenario: Scenario) -> tuple[object, ...]:
    return (
        scenario.start,
        scenario.world,
        tuple(sorted((name, entry) for name, entry in scenario.set.items())),
        tuple((price.name, price.value) for price in scenario.prices),
        tuple(sorted(scenario.series.items())),
        tuple(sorted((kind, repr(choice)) for kind, choice in scenario.strategies.items())),
    )


def first_month(use: LeverUse) -> int:
    """Month from which a lever can make a difference.

    It does nothing before its start. A lever of a plug-in that decides for itself when to act is taken to act from
    the first month on.
    """
    kind = LEVERS.get(use.lever)
    plain = kind.step is Lever.step and kind.dose is Lever.dose
    return max(use.start, 0) if plain else 0


def run_tree[W, R](
    scenarios: Sequence[Scenario], seed: int, months: int, watching: Watching[W, R]
) -> Iterator[Ended[R]]:
    """Run all scenarios in the future ``seed``; every stretch that several have in common is run once.

    Parameters
    ----------
    scenarios
        Any; those that differ in their world share nothing.
    seed
        The future.
    months
        Length of every run.
    watching
        What is kept.

    Yields
    ------
    Ended
        Each scenario in one of them, as soon as its run is over, in no order that means anything. A run that fails
        takes along those that it stands for and no others.
    """
    for name in sorted({name for scenario in scenarios for name in scenario.plugins}):
        importlib.import_module(name)  # a worker process has not imported what the caller has
    tree = _Tree(seed, months, watching)
    left = [_Member(place, each, _steps(each, months)) for place, each in enumerate(scenarios)]
    while left:
        members = [one for one in left if same_warmup(one.scenario, left[0].scenario)]
        left = [one for one in left if one not in members]
        yield from _from_warmup(tree, members)


def _steps(scenario: Scenario, months: int) -> dict[int, tuple[LeverUse, ...]]:
    steps: dict[int, tuple[LeverUse, ...]] = {}
    for use in scenario.levers:
        month = first_month(use)
        if month < months:
            steps[month] = (*steps.get(month, ()), use)
    return steps


def _from_warmup[W, R](tree: _Tree[W, R], members: list[_Member]) -> Iterator[Ended[R]]:
    """Warm up once, then begin a run for each way in which these scenarios are watched and have loops off."""
    try:
        engine = warmed_up(members[0].scenario, tree.seed)
    except Exception as error:
        yield _failed(members, error)
        return
    alike = _parted(
        members, lambda one: (tuple(sorted(one.scenario.loops_off)), tree.watching.alike(one.scenario))
    )
    for branch, part in _copies(tree, engine, alike):
        try:
            branch.switch_off(part[0].scenario.loops_off)
            course = _Course(branch, tree.watching.begin(branch, part[0].scenario))
        except Exception as error:
            yield _failed(part, error)
        else:
            yield from _grow(tree, course, part, 0)


def _grow[W, R](
    tree: _Tree[W, R], course: _Course[W], members: list[_Member], month: int
) -> Iterator[Ended[R]]:
    """Go on from the beginning of ``month``, up to which these scenarios were one run; its levers come first."""
    try:
        for stop in sorted({stop for one in members for stop in one.steps if stop >= month}):
            _advance(course.engine, stop)
            parts = _parted(members, partial(_Member.key, month=stop))
            if len(parts) > 1:
                break
            _start_levers(course.engine, members[0], stop)
        else:
            _advance(course.engine, tree.months)
            ended = Ended(_places(members), tree.watching.end(course.engine, course.watch), None)
            parts = []
    except Exception as error:
        yield _failed(members, error)
        return
    if not parts:
        yield ended
        return
    if tree.frozen + 1 >= MOST_FROZEN:
        parts = _parted(members, _Member.future)  # from here on alone, without a further copy
    for branch, part in _copies(tree, course, parts):
        yield from _grow(tree, branch, part, stop)


def _copies[T, W, R](
    tree: _Tree[W, R], state: T, parts: list[list[_Member]]
) -> Iterator[tuple[T, list[_Member]]]:
    """Give each part a state of its own; the last takes the state itself."""
    if len(parts) > 1:
        thaw = freeze(state)
        tree.frozen += 1
        for part in parts[:-1]:
            yield thaw(), part
        del thaw
        tree.frozen -= 1
    yield state, parts[-1]


def freeze[T](state: T) -> Callable[[], T]:
    """Keep a state as it is now; what comes back makes a copy of it each time.

    A pickle is the quickest copy, and this one never leaves the memory of the process. Classes that a notebook or a
    test made inside a function have no name under which a pickle finds them again: then objects are copied.
    """
    try:
        kept = pickle.dumps(state, protocol=pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError):
        twin = copy.deepcopy(state)
        return lambda: copy.deepcopy(twin)

    def thaw() -> T:
        found: T = pickle.loads(kept)
        return found

    return thaw


def _advance(engine: Engine, month: int) -> None:
    while engine.ctx.month < month:
        engine.advance()


def _start_levers(engine: Engine, member: _Member, month: int) -> None:
    add_levers(engine, [lever_of(use) for use in member.steps.get(month, ())])


def _parted(members: list[_Member], key: Callable[[_Member], Hashable]) -> list[list[_Member]]:
    """Those with one key together, in the order in which they come."""
    parts: dict[Hashable, list[_Member]] = {}
    for one in members:
        parts.setdefault(key(one), []).append(one)
    return list(parts.values())


def _places(members: list[_Member]) -> tuple[int, ...]:
    return tuple(one.place for one in members)


def _failed[R](members: list[_Member], error: Exception) -> Ended[R]:
    return Ended(_places(members), None, error)
