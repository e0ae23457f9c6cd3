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

_BELOW_ONE = 1 - np.finfo(np.float64).eps


class SpellHazard:
    """Exit hazard that is constant between ages of the spell.

    Parameters
    ----------
    edges
        Months at which a piece begins, rising, the first 0.
    rates
        Exits per month in each piece, above zero.
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
        self._survival = np.exp(-hazard)
        areas = self._survival[:-1] / self.rates[:-1] * -np.expm1(-self.rates[:-1] * lengths)
        self._area = np.concatenate(([0.0], np.cumsum(areas)))
        self.mean = float(self._area[-1] + self._survival[-1] / self.rates[-1])

    def survival(self, months: Floats) -> Floats:
        """Share of new spells that last longer, shape of ``months``."""
        piece = self._piece(months)
        return np.asarray(self._survival[piece] * np.exp(-self.rates[piece] * (months - self.edges[piece])))

    def elapsed_share(self, months: Floats) -> Floats:
        """Share of the stationary stock whose spell began at most so long ago."""
        piece = self._piece(months)
        within = -np.expm1(-self.rates[piece] * (months - self.edges[piece]))
        return np.asarray(
            (self._area[piece] + self._survival[piece] / self.rates[piece] * within) / self.mean
        )

    def elapsed(self, luck: Floats, longest: Floats) -> Floats:
        """Months since the spell began, for members of the stationary stock.

        Parameters
        ----------
        luck
            Uniform draws, shape (n,).
        longest
            Months beyond which the spell cannot have begun, shape (n,).
        """
        share = luck * self.elapsed_share(np.maximum(longest, 0.0)) * self.mean
        piece = np.searchsorted(self._area, share, side="right") - 1
        rest = (share - self._area[piece]) * self.rates[piece] / self._survival[piece]
        months = self.edges[piece] - np.log1p(-np.minimum(rest, _BELOW_ONE)) / self.rates[piece]
        return np.clip(months, 0.0, np.maximum(longest, 0.0))

    def _piece(self, months: Floats) -> NDArray[np.intp]:
        return np.asarray(np.searchsorted(self.edges, months, side="right") - 1)


def spell_hazard(values: Mapping[str, float], state: str) -> SpellHazard:
    """Read the pieces of a spell hazard from the parameters.

    ``build.spell_<state>_rate_1``, ``_2`` ... (per month) and ``build.spell_<state>_from_2`` ... (months).
    """
    known = fixed(values)
    return known.kept(("spell", state), lambda: _spell_hazard(known, state))


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
