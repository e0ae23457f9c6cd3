"""How levers that govern change the dose of others: how much, how soon, how long and where.

A governing lever touches nobody itself. It says of the levers it is aimed at that their dose is larger, their ramp
shorter, that they stop and start again, that something stays when they stop, or that one district gets more than
another; what comes of that comes about through the levers it governs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

EVERYTHING = "all"


@dataclass(frozen=True)
class Governed:
    """What governing levers do to one other lever in a month.

    Attributes
    ----------
    dose, ramp, decay, uptake
        Factors on the strength, the months to full dose, the half-life after the end and the uptake.
    sooner
        Months by which a programme is further on its way than it would be.
    floor
        Part of the dose at the end that stays for good.
    steady
        Part of the dose that goes on through the stops of ``course``.
    kept
        Part of the dose that went on in the same way until some time ago, and months since then; what was kept fades
        from then on, and not from the stop before it.
    course
        Months in force since it was last taken up, and months since it was last stopped (0: in force); None where
        nobody stops it.
    weights
        Factor on the dose by district with mean 1 over the residents reached, shape ``(n_districts,)``; None for an
        equal dose. It holds for people and capacities; a request or a strategy knows one dose.
    means
        Factor on the dose by district that a budget allows, shape ``(n_districts,)``; None without budget.
    """

    dose: float = 1
    ramp: float = 1
    decay: float = 1
    uptake: float = 1
    sooner: float = 0
    floor: float = 0
    steady: float = 0
    kept: tuple[float, int] = (0, 0)
    course: tuple[int, int] | None = None
    weights: NDArray[np.float64] | None = None
    means: NDArray[np.float64] | None = None

    def within(self, here: NDArray[np.bool_]) -> Governed:
        """What holds for a lever that works in the districts ``here``: one dose where its means are the same in all."""
        if self.means is None:
            return self
        mine = self.means[here]
        if mine.size and (mine == mine[0]).all():
            return replace(self, dose=self.dose * float(mine[0]), means=None)
        return self

    @property
    def places(self) -> NDArray[np.float64] | None:
        """Factor on what is done in each district, weights and means together; None where it is 1."""
        return _product(self.weights, self.means)

    def joined(self, other: Governed) -> Governed:
        """Both at once: factors multiply, the higher floor holds, and who is stopped by either is stopped."""
        return Governed(
            self.dose * other.dose,
            self.ramp * other.ramp,
            self.decay * other.decay,
            self.uptake * other.uptake,
            self.sooner + other.sooner,
            max(self.floor, other.floor),
            max(self.steady, other.steady),
            max(self.kept, other.kept, key=lambda kept: (kept[0], -kept[1])),
            _shorter(self.course, other.course),
            _product(self.weights, other.weights),
            _product(self.means, other.means),
        )


FREE = Governed()
"""What holds where nobody governs."""


def _product(
    one: NDArray[np.float64] | None, other: NDArray[np.float64] | None
) -> NDArray[np.float64] | None:
    if one is None or other is None:
        return other if one is None else one
    return one * other


def _shorter(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def levelled(
    wanted: NDArray[np.float64], most: NDArray[np.float64] | float, people: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Dose per person by district, nowhere above ``most``: what is too much goes to the others in proportion.

    The sum over ``people`` stays what it is, as far as there is room; who was to get nothing gets nothing.
    """
    given, whole = np.minimum(wanted, most), float((people * wanted).sum())
    for _ in range(wanted.size):
        left = whole - float((people * given).sum())
        taking = people * np.where(given < most, given, 0.0)
        if left <= np.finfo(np.float32).eps * whole or not taking.any():
            break
        given = np.minimum(np.where(taking > 0, given * (1 + left / taking.sum()), given), most)
    return given


class Governing:
    """What governing levers said this month, by whom and about whom."""

    def __init__(self) -> None:
        self._said: list[tuple[str, frozenset[str], Governed]] = []
        self._kept: dict[str, tuple[frozenset[str], float, int]] = {}

    def clear(self) -> None:
        """Forget what was said: a new month begins, and what was kept until now was so a month longer ago."""
        self._said.clear()
        self._kept = {lever: (aim, part, since + 1) for lever, (aim, part, since) in self._kept.items()}

    def keep(self, lever: str, aim: frozenset[str], part: float) -> None:
        """Remember that part of the dose of the levers in ``aim`` goes on through a stop up to now."""
        self._kept[lever] = (aim, part, 0)

    def say(self, lever: str, aim: frozenset[str], what: Governed) -> None:
        """Govern the levers whose identity, name or family is in ``aim`` (``all``: every other)."""
        self._said.append((lever, aim, what))

    def of(self, words: tuple[str, ...]) -> Governed:
        """What holds for a lever with these words (identity, name, family), in whatever order it was said."""
        if not self._said:
            return FREE
        kept = [
            (lever, aim, Governed(kept=(part, since)))
            for lever, (aim, part, since) in self._kept.items()
            if since > 0
        ]
        mine = [
            what
            for _, aim, what in sorted([*self._said, *kept], key=lambda said: said[0])
            if EVERYTHING in aim or not aim.isdisjoint(words)
        ]
        return reduce(Governed.joined, mine, FREE)

    @property
    def silent(self) -> bool:
        """Whether nobody governs anybody this month."""
        return not self._said

    def touched(self) -> set[str]:
        """Whom anybody governs."""
        return {word for _, aim, _ in self._said for word in aim}
