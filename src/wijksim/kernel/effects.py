"""What levers have done to the model this month: the five verbs end here.

``scale`` adds logs per row, ``set`` gives a parameter another value, ``fund`` adds to a capacity, ``choose`` names a
strategy. Levers post in any order; sums are taken in the order of lever names, so the result does not depend on it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.event_loops import keep_within
from wijksim.kernel.govern import Governing
from wijksim.kernel.strategy import Choice, decided_by_place, meet
from wijksim.state.table import Rows
from wijksim.state.world import World


@dataclass
class Spending:
    """What levers used in a month, by lever and district.

    Attributes
    ----------
    doses
        Dose by lever.
    whole
        Dose to which a lever on a budget runs up: that of this month without run-up and fading.
    placed
        Dose by district of a lever whose dose is divided over them.
    words
        Words by which a lever is governed.
    funded, booked, once
        Capacities; euros that were booked by the lever or by who acts for it; euros that come once, and not every
        month as long as the dose lasts.
    """

    doses: dict[str, float] = field(default_factory=dict)
    whole: dict[str, float] = field(default_factory=dict)
    placed: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    funded: list[tuple[str, str, NDArray[np.float64]]] = field(default_factory=list)
    booked: list[tuple[str, NDArray[np.float64]]] = field(default_factory=list)
    once: list[tuple[str, NDArray[np.float64]]] = field(default_factory=list)

    @property
    def said(self) -> bool:
        """Whether anything was said."""
        return any(self.__dict__.values())


DOSE_OF = "dose of "  # before the word by which a lever is governed


class Effects:
    """Effects of all levers in one month.

    Attributes
    ----------
    scales
        Whether levers scale any rate this month.
    capacities
        By name of the capacities to which levers add this month: lever and amount. Only to be read.
    acts
        Requests to owners: lever, owner, act and details.
    programmes
        By lever in force: rows and uids of the residents whom it reached this month.
    families
        Family of every lever that has been in force, by its identity; not forgotten from month to month.
    adults
        Adults in a target and the version of the table for which they were found, for levers that share it.
    governing
        What levers that govern say of the doses of others.
    spending
        What the levers used last month: doses, capacities and euros booked.
    """

    def __init__(self) -> None:
        self._scaled: dict[str, list[tuple[str, str, Rows | None, NDArray[Any] | float]]] = {}
        self._set: dict[str, list[tuple[str, float]]] = {}
        self.capacities: dict[str, list[tuple[str, NDArray[np.float64]]]] = {}
        self._offsets: dict[str, NDArray[np.float64]] = {}
        self._chosen: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
        self._world: World | None = None
        self.scales = False
        self.acts: list[tuple[str, str, str, dict[str, Any]]] = []
        self.programmes: dict[str, list[tuple[Rows, NDArray[np.uint64]]]] = {}
        self.families: dict[str, str] = {}
        self.governing = Governing()
        self.adults: dict[Hashable, tuple[int, Rows]] = {}
        self.spending = Spending()
        self._spending = Spending()
        # all that a month forgets
        self._posts = (
            self._scaled, self._set, self.capacities, self._offsets, self._chosen, self.acts, self.adults,
            self.programmes,
        )  # fmt: skip

    def clear(self) -> None:
        """Forget everything but what was spent: a new month begins."""
        # most months of most runs have no lever
        if self._spending.said:
            self.spending, self._spending = self._spending, Spending()
        elif self.spending.said:
            self.spending = Spending()
        if any(self._posts):
            for posts in self._posts:
                posts.clear()
        self.scales = False
        self.governing.clear()

    def promise(self, lever: str, family: str = "") -> None:
        """Say that a programme is in force this month: what it promised still stands."""
        self.programmes.setdefault(lever, [])
        self.families[lever] = family

    def reach(self, lever: str, rows: Rows, uid: NDArray[np.uint64]) -> None:
        """Say whom a programme in force reaches this month; of one that has stopped nothing is promised any more."""
        if lever in self.programmes:
            self.programmes[lever].append((rows, uid))

    def choose(self, lever: str, kind: str, name: str, arguments: Mapping[str, Any]) -> None:
        """Choose a strategy for a decision this month."""
        self._chosen.setdefault(kind, []).append((lever, name, dict(arguments)))

    def choices(self) -> dict[str, list[Choice]]:
        """Strategies by kind, in the order of lever names; two that differ and can meet in one place are an error.

        Where strategies of a kind cannot hold side by side, any two that differ meet.
        """
        result: dict[str, list[Choice]] = {}
        for kind, posts in self._chosen.items():
            apart = decided_by_place(kind)
            held: list[tuple[str, Choice]] = []
            for lever, name, arguments in sorted(posts, key=lambda post: post[0]):
                choice = Choice(name, arguments)
                if any(choice == other for _, other in held):
                    continue
                rival = next(
                    (owner for owner, other in held if not apart or meet(other.arguments, arguments)), None
                )
                if rival is not None:
                    raise ValueError(
                        f"levers {rival}, {lever} choose different strategies for {kind} in the same month and place"
                    )
                held.append((lever, choice))
            result[kind] = [choice for _, choice in held]
        return result

    def request(self, lever: str, owner: str, act: str, details: dict[str, Any]) -> None:
        """Ask an owner for an act; the owning mechanism reads ``acts`` and answers."""
        self.acts.append((lever, owner, act, details))

    def scale(
        self, lever: str, target: str, table: str, *, rows: Rows | None, log_ratio: NDArray[Any] | float
    ) -> None:
        """Add ``log_ratio`` to the log of the rate ``target`` for ``rows`` of ``table`` (None: all rows)."""
        self._scaled.setdefault(target, []).append((lever, table, rows, log_ratio))

    def set_value(self, lever: str, parameter: str, value: float) -> None:
        """Give a policy parameter another value this month."""
        self._set.setdefault(parameter, []).append((lever, value))

    def fund(self, lever: str, capacity: str, amount: NDArray[np.float64]) -> None:
        """Add ``amount`` per district (shape ``(n_districts,)``) to a named capacity (hours, places)."""
        given = np.asarray(amount, dtype=np.float64)
        self.capacities.setdefault(capacity, []).append((lever, given))
        self._spending.funded.append((lever, capacity, given))

    @property
    def this_month(self) -> Spending:
        """What levers use this month, as far as it has been said."""
        return self._spending

    def used(
        self,
        lever: str,
        dose: float,
        *,
        whole: float = 0,
        words: tuple[str, ...] = (),
        placed: NDArray[np.float64] | None = None,
    ) -> None:
        """Say with what dose a lever acts this month; ``whole`` is 0 for who has money of its own."""
        if placed is not None:
            self._spending.placed[lever] = placed
        self._spending.doses[lever] = dose
        self._spending.words[lever] = words
        if whole > 0:
            self._spending.whole[lever] = whole

    def booked(self, lever: str, euros: NDArray[np.float64], *, once: bool = False) -> None:
        """Say what was booked for a lever this month by district, by itself or by who acts for it."""
        kept = self._spending.once if once else self._spending.booked
        kept.append((lever, np.asarray(euros, dtype=np.float64)))

    def booked_for(self, capacity: str, euros: NDArray[np.float64], *, once: bool = False) -> None:
        """Say what was booked for a capacity by district: each who adds to it answers for its part."""
        posts = [(lever, np.maximum(amount, 0)) for lever, amount in self.capacities.get(capacity, [])]
        whole = np.sum([amount for _, amount in posts], axis=0)
        for lever, amount in posts:
            share = np.divide(amount, whole, out=np.zeros_like(amount), where=whole > 0)
            self.booked(lever, euros * share, once=once)

    def prepare(self, world: World, low: float, high: float) -> int:
        """Add up what was posted, each total kept within ``[low, high]`` as a ratio.

        Returns
        -------
        int
            How many rows met the bound (reported with the run).
        """
        self._world, self.scales = world, bool(self._scaled)
        bound, lowest, highest = 0, log(low), log(high)
        for target, posts in self._scaled.items():
            total = np.zeros(world.tables[posts[0][1]].size)
            self._offsets[target] = total
            if len(posts) == 1:
                _, _, rows, alone = posts[0]
                if rows is not None and isinstance(alone, float) and lowest <= alone <= highest:
                    total[rows] = alone  # nothing is added to it that could go beyond the bounds
                    continue
            for _, _, rows, log_ratio in sorted(posts, key=lambda post: post[0]):
                if rows is None:
                    total += log_ratio
                else:
                    total[rows] += log_ratio
            bound += keep_within(total, lowest, highest)
        return bound

    def touches(self, target: str) -> bool:
        """Tell whether a lever scales the rate ``target`` this month."""
        return target in self._offsets

    def touch_any(self, targets: Iterable[str]) -> bool:
        """Tell whether a lever scales any of the rates this month."""
        return not self._offsets.keys().isdisjoint(targets)

    def offsets(self, target: str, table: str) -> NDArray[np.float64] | None:
        """Log ratios per row of ``table`` for a rate, or None where no lever touches it.

        Who came in after the levers acted this month is reached by none of them yet.
        """
        offsets = self._offsets.get(target)
        if offsets is None or self._world is None:
            return offsets
        newcomers = self._world.tables[table].size - offsets.size
        if newcomers > 0:
            offsets = self._offsets[target] = np.concatenate([offsets, np.zeros(newcomers)])
        return offsets

    def values(self) -> dict[str, float]:
        """Parameter values set by levers; two levers that set one parameter differently are an error."""
        result: dict[str, float] = {}
        for parameter, posts in self._set.items():
            numbers = {value for _, value in posts}
            if len(numbers) > 1:
                names = ", ".join(sorted(lever for lever, _ in posts))
                raise ValueError(f"levers {names} set {parameter} to different values in the same month")
            result[parameter] = numbers.pop()
        return result

    def funded(self, capacity: str, n_districts: int) -> NDArray[np.float64]:
        """Sum of what levers add to a capacity, per district; zero if nothing."""
        total, posts = np.zeros(n_districts), self.capacities.get(capacity)
        if posts:
            for _, amount in sorted(posts, key=lambda post: post[0]):
                total += amount
        return total

    def touched(self) -> set[str]:
        """Names of everything levers touched this month (contract tests, reports)."""
        governed = {f"{DOSE_OF}{word}" for word in self.governing.touched()}
        return set(self._scaled) | set(self._set) | set(self.capacities) | set(self._chosen) | governed
