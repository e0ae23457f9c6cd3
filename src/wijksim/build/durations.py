"""How long people have been where they are when the world begins.

In a stationary world the time since a spell began has density proportional to the survivor function,
``f(a) = S(a) / integral of S``: neither zero nor uniform. A world that starts with all clocks at zero
spends its first years, and its first policy effects, on winding them up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from wijksim.build.factors import fixed

type Floats = NDArray[np.float64]
type Kinds = NDArray[np.int64]

_BELOW_ONE = 1 - np.finfo(np.float64).eps


class SpellHazard:
    """Exit hazard that is constant between ages of the spell.

    Parameters
    ----------
    edges
        Months at which a piece begins, rising, the first 0.
    rates
        Exits per month in each piece, above zero.

    Attributes
    ----------
    left, area
        When a piece begins: share of new spells that go on, and the integral of this share up to there.
    mean
        Mean length of a spell.
    """

    def __init__(self, edges: Sequence[float], rates: Sequence[float]) -> None:
        self.edges: Floats = np.asarray(edges, np.float64)
        self.rates: Floats = np.asarray(rates, np.float64)
        if self.edges.shape != self.rates.shape or self.edges[0] != 0 or (np.diff(self.edges) <= 0).any():
            raise ValueError("edges must rise from 0, one for each rate")
        if (self.rates <= 0).any():
            raise ValueError("every rate must be above zero, or spells never end")
        lengths = np.diff(self.edges)
        hazard = np.concatenate(([0.0], np.cumsum(self.rates[:-1] * lengths)))
        self.left = np.exp(-hazard)
        areas = self.left[:-1] / self.rates[:-1] * -np.expm1(-self.rates[:-1] * lengths)
        self.area = np.concatenate(([0.0], np.cumsum(areas)))
        self.mean = float(self.area[-1] + self.left[-1] / self.rates[-1])

    def survival(self, months: Floats) -> Floats:
        """Share of new spells that last longer, shape of ``months``."""
        piece = self._piece(months)
        return np.asarray(self.left[piece] * np.exp(-self.rates[piece] * (months - self.edges[piece])))

    def elapsed_share(self, months: Floats) -> Floats:
        """Share of the stationary stock whose spell began at most so long ago."""
        return Spells((self,)).elapsed_share(np.zeros(months.size, np.int64), months)

    def elapsed(self, luck: Floats, longest: Floats) -> Floats:
        """Months since the spell began, see :meth:`Spells.elapsed`."""
        return Spells((self,)).elapsed(np.zeros(luck.size, np.int64), luck, longest)

    def _piece(self, months: Floats) -> NDArray[np.intp]:
        return np.asarray(np.searchsorted(self.edges, months, side="right") - 1)


class Spells:
    """Spells of several kinds at once: a line of pieces each, filled up with pieces that never begin."""

    def __init__(self, hazards: Sequence[SpellHazard]) -> None:
        self._most = max(one.edges.size for one in hazards)
        never, whole = np.inf, 1.0
        self._edges = self._table([one.edges for one in hazards], never)
        self._areas = self._table([one.area for one in hazards], never)
        self._rates = self._table([one.rates for one in hazards], whole)
        self._left = self._table([one.left for one in hazards], whole)
        self._mean: Floats = np.array([one.mean for one in hazards])

    def elapsed_share(self, kind: Kinds, months: Floats) -> Floats:
        """Share of the stationary stock of a kind whose spell began at most so long ago."""
        piece = self._piece(self._edges, kind, months)
        edge, rate = self._edges[piece], self._rates[piece]
        within = -np.expm1(-rate * (months - edge))
        return np.asarray((self._areas[piece] + self._left[piece] / rate * within) / self._mean[kind])

    def elapsed(self, kind: Kinds, luck: Floats, longest: Floats) -> Floats:
        """Months since the spell began, for members of the stationary stock.

        Parameters
        ----------
        kind
            Number of the hazard of each, shape (n,).
        luck
            Uniform draws, shape (n,).
        longest
            Months beyond which the spell cannot have begun, shape (n,).
        """
        limit = np.maximum(longest, 0.0)
        share = luck * self.elapsed_share(kind, limit) * self._mean[kind]
        piece = self._piece(self._areas, kind, share)
        rate = self._rates[piece]
        rest = (share - self._areas[piece]) * rate / self._left[piece]
        months = self._edges[piece] - np.log1p(-np.minimum(rest, _BELOW_ONE)) / rate
        return np.minimum(np.maximum(months, 0.0), limit)

    def _table(self, lines: Sequence[Floats], beyond: float) -> Floats:
        table = np.full((len(lines), self._most), beyond)
        for place, line in zip(table, lines, strict=True):
            place[: line.size] = line
        return table.ravel()

    def _piece(self, begins: Floats, kind: Kinds, values: Floats) -> Kinds:
        """Place of the piece in which a value lies."""
        piece = kind * self._most
        first = piece.copy()
        for number in range(1, self._most):
            piece += values >= begins[first + number]
        return piece


def spells(values: Mapping[str, float], states: tuple[str, ...]) -> Spells:
    """Read the pieces of spell hazards from the parameters, in the order of their states.

    ``build.spell_<state>_rate_1``, ``_2`` ... (per month) and ``build.spell_<state>_from_2`` ... (months).
    """
    known = fixed(values)
    return known.kept(("spells", states), lambda: Spells([_spell_hazard(known, state) for state in states]))


def _spell_hazard(values: Mapping[str, float], state: str) -> SpellHazard:
    rates, edges = [values[f"build.spell_{state}_rate_1"]], [0.0]
    while (name := f"build.spell_{state}_rate_{len(rates) + 1}") in values:
        edges.append(values[f"build.spell_{state}_from_{len(rates) + 1}"])
        rates.append(values[name])
    return SpellHazard(edges, rates)


def months_since_event(
    age: Floats, youngest: Floats, hazard: tuple[Floats, Floats], effort: Floats
) -> Floats:
    """Months since the last event of a process whose rate depends on age (the last move).

    Walks back from the present age until the cumulated rate reaches a unit exponential draw.

    Parameters
    ----------
    age, youngest
        Present age and the age before which there was no event, months, shape (n,).
    hazard
        Ages (months, rising, the first 0) at which a rate begins, and the rates per month.
    effort
        Exponential draws with mean 1, shape (n,).
    """
    begins, rates = hazard
    ends = np.append(begins, max(float(age.max(initial=0.0)), float(begins[-1])) + 1)
    cumulated = np.concatenate(([0.0], np.cumsum(rates * np.diff(ends))))
    now = np.interp(age, ends, cumulated)
    then = np.interp(np.maximum(now - effort, 0.0), cumulated, ends)
    return np.asarray(age - np.maximum(then, np.minimum(youngest, age)))
