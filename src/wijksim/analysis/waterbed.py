"""Waterbed: how much of the change of a count is change of people, and how much is people who came and went.

The books of a run (:mod:`wijksim.runs.waterbed`) split the change of a count of persons in a district since the start
into parts. Variant minus null, per future, the same parts split the *effect* of a variant on that count:

    effect = stayers + composition + districts + rest

* ``stayers``: people who live there all the time and change;
* ``composition``: who was born, died, went to another city or into an institution, and those who came later or left
  earlier and changed while they lived there;
* ``districts``: moves from and to the other districts, which add up to nothing over the districts;
* ``rest``: moves from and to the rest of the city, where the same number turns up with the opposite sign.

All are whole persons, so that the parts make up the whole without a remainder in every future, and their means over
the futures do to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.compare import Comparison
from wijksim.analysis.intervals import mean_interval
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.runs.recorder import CITY
from wijksim.runs.waterbed import CHANNELS, Balance

PARTS = ("stayers", "composition", "districts", "rest")
REST = "rest_of_city"
NOWHERE = "nowhere"
_STAY, _MIXED, _DISTRICTS, _REST = range(len(PARTS))
_OWN = tuple(place for place, name in enumerate(CHANNELS) if name not in ("between", "rest"))


@dataclass(frozen=True)
class Split:
    """The effect of a variant on one count of persons.

    Attributes
    ----------
    state
        Key of :data:`wijksim.runs.waterbed.STATES`.
    year
        Read-out year.
    places
        Districts, people without a district if there are any, all districts together (``city``), rest of the city.
    null
        Mean count of the null alternative at the read-out; NaN for the rest of the city, which holds no persons.
    parts
        Difference per future, shape ``(futures, parts, places)``, in the order of :data:`PARTS`.
    total
        Difference of the counts themselves, shape ``(futures, places)``; of the rest what came from the districts.
    """

    state: str
    year: int
    places: tuple[str, ...]
    null: NDArray[np.float64]
    parts: NDArray[np.float64]
    total: NDArray[np.float64]

    def mean(self, place: str) -> NDArray[np.float64]:
        """Mean of every part in a place, shape ``(parts,)``."""
        found: NDArray[np.float64] = self.parts[:, :, self.places.index(place)].mean(axis=0)
        return found

    def interval(self, place: str) -> tuple[float, float, float]:
        """Mean and 95 % interval of the total in a place."""
        return mean_interval(self.total[:, self.places.index(place)])

    def remainder(self) -> float:
        """Largest difference, over places and futures, between the total and the sum of its parts."""
        return float(np.abs(self.parts.sum(axis=1) - self.total).max(initial=0.0))

    def leak(self) -> float:
        """Largest number of people, over the futures, who moved and were lost: districts and rest must cancel."""
        inside = [place for place, name in enumerate(self.places) if name not in (CITY, REST)]
        between = self.parts[:, _DISTRICTS][:, inside].sum(axis=1)
        away = self.parts[:, _REST][:, [*inside, self.places.index(REST)]].sum(axis=1)
        return float(max(np.abs(between).max(initial=0.0), np.abs(away).max(initial=0.0)))


def splits(comparison: Comparison, variant: int, year: int | None = None) -> tuple[Split, ...]:
    """Split the effects of a variant.

    Parameters
    ----------
    variant
        Place in ``comparison.scenarios``, 1 or more.
    year
        Read-out year; the last if omitted.

    Returns
    -------
    tuple of Split
        One per state; empty if no books were kept (:func:`wijksim.analysis.compare.compare`).
    """
    at = comparison.years[-1] if year is None else year
    months = min(at * MONTHS_PER_YEAR, comparison.months)
    null = [_at(future.ledgers, 0, months) for future in comparison.futures]
    mine = [_at(future.ledgers, variant, months) for future in comparison.futures]
    pairs = [(a, b) for a, b in zip(null, mine, strict=True) if a is not None and b is not None]
    if not pairs or len(pairs) < len(null):
        return ()
    states = pairs[0][0].states
    return tuple(_split(comparison, pairs, number, at) for number in range(len(states)))


def _at(ledgers: tuple[object, ...], scenario: int, months: int) -> Balance | None:
    if not ledgers:
        return None
    balances = getattr(ledgers[scenario], "balances", ())
    return next((one for one in balances if one.months == months), None)


def _split(comparison: Comparison, pairs: list[tuple[Balance, Balance]], state: int, year: int) -> Split:
    parts = np.stack([_parts(variant, state) - _parts(null, state) for null, variant in pairs])
    # scenarios of one world start alike; were a start to differ, it would be a change of composition
    parts[:, _MIXED] += np.stack([variant.start[state] - null.start[state] for null, variant in pairs])
    total = np.stack([variant.end[state] - null.end[state] for null, variant in pairs]).astype(np.float64)
    level = np.stack([null.end[state] for null, _ in pairs]).mean(axis=0)
    names = [*comparison.districts[:-1], NOWHERE]
    if not (parts[:, :, -1].any() or level[-1]):
        names, parts, total, level = names[:-1], parts[:, :, :-1], total[:, :-1], level[:-1]
    rest = np.zeros((*parts.shape[:2], 1))
    rest[:, _REST, 0] = -parts[:, _REST].sum(axis=1)
    return Split(
        pairs[0][0].states[state],
        year,
        (*names, CITY, REST),
        np.array([*level, level.sum(), np.nan]),
        np.concatenate([parts, parts.sum(axis=2, keepdims=True), rest], axis=2),
        np.concatenate([total, total.sum(axis=1, keepdims=True), rest[:, _REST]], axis=1),
    )


def _parts(balance: Balance, state: int) -> NDArray[np.float64]:
    """Parts of the change since the start, shape ``(parts, districts + 1)``."""
    ways = balance.ways[state]
    mixed = balance.passers[state] + ways[list(_OWN)].sum(axis=0)
    rows = [balance.stayers[state], mixed, ways[CHANNELS.index("between")], ways[CHANNELS.index("rest")]]
    return np.stack(rows).astype(np.float64)
