"""In which unit sums of money are told: millions of a city read as nothing for a neighbourhood of a few hundred."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from wijksim.kernel.ledger import KINDS, PARTIES
from wijksim.report.costs import ALL_PARTIES, MILLION, Estimate, PartyCost
from wijksim.report.effects import Matrix
from wijksim.report.numbers import decimals_for, resolving

THOUSAND = 1_000

LEAST_TYPICAL = 0.1
"""A unit is too large where half of the sums that are not zero stay below this part of it."""


@dataclass(frozen=True)
class MoneyUnit:
    """A unit of money for readers.

    Attributes
    ----------
    key
        Key of its name.
    factor
        How many of it go into a million euro, in which everything is counted.
    """

    key: str
    factor: float

    def of(self, value: float) -> float:
        """An amount in million euro, in this unit."""
        return value * self.factor

    def estimate(self, one: Estimate) -> Estimate:
        """An estimate in million euro, in this unit."""
        return replace(one, mean=self.of(one.mean), low=self.of(one.low), high=self.of(one.high))

    def decimals(self, found: Iterable[Estimate]) -> int:
        """Decimals for all sums of a table."""
        known = [self.estimate(one) for one in found]
        return decimals_for([one.half_width for one in known], [one.mean for one in known])

    def resolving(self, one: Estimate, decimals: int) -> int:
        """Decimals of one sum and its interval."""
        return resolving(self.of(one.low), self.of(one.high), decimals)


MILLIONS = MoneyUnit("million", 1)
THOUSANDS = MoneyUnit("thousand", THOUSAND)
EUROS = MoneyUnit("euro", MILLION)
UNITS = (MILLIONS, THOUSANDS, EUROS)


def unit_for(amounts: Iterable[float]) -> MoneyUnit:
    """The largest unit in which amounts, in million euro, can be read; millions if all are zero."""
    sizes = [abs(one) for one in amounts if one and np.isfinite(one)]
    if not sizes:
        return MILLIONS
    typical = float(np.median(sizes))
    return next((unit for unit in UNITS if unit.of(typical) >= LEAST_TYPICAL), EUROS)


@dataclass(frozen=True)
class Sums:
    """What belongs to every sum of money on a page.

    Attributes
    ----------
    unit
        The same for all tables, pictures and sentences, so that they can be laid side by side.
    residents
        Size of the world that the sums are of, at the start.
    year
        Year of the euros; None without prices.
    """

    unit: MoneyUnit
    residents: int
    year: int | None

    @classmethod
    def of(
        cls,
        costs: Iterable[Sequence[PartyCost]],
        matrices: Iterable[Matrix | None],
        *,
        residents: int,
        year: int | None,
    ) -> Sums:
        """Choose the unit by what the payers of all variants spend, or by the kinds of effect without payers."""
        amounts = [cost.present.mean for mine in costs for cost in mine]
        amounts = amounts or [
            row.total.mean for one in matrices if one for row in (*one.resources, *one.transfers, one.spent)
        ]
        return cls(unit_for(amounts), residents, year)


def unchanged(all_costs: Sequence[Sequence[PartyCost]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parties for whom no variant changes a euro, and parties for whom nothing is booked at all."""
    by_party: dict[str, list[PartyCost]] = {}
    for costs in all_costs:
        for cost in costs:
            if cost.party != ALL_PARTIES:
                by_party.setdefault(cost.party, []).append(cost)
    unbooked = tuple(party for party, mine in by_party.items() if not any(cost.booked for cost in mine))
    still = tuple(
        party for party, mine in by_party.items() if party not in unbooked and all(one.still for one in mine)
    )
    return still, unbooked


def parties_in(matrices: Iterable[Matrix | None]) -> tuple[tuple[int, str], ...]:
    """Place and key of the parties whom any effect of any variant touches."""
    known = [one for one in matrices if one is not None]

    def touched(place: int) -> bool:
        rows = (row for one in known for row in (*one.resources, *one.transfers, one.spent))
        posts = (post for one in known for post in one.contested)
        return any(not row.cells[place].nothing for row in rows) or any(
            post.low[place] or post.high[place] for post in posts
        )

    return tuple((place, party) for place, party in enumerate(PARTIES) if touched(place))


def kinds_without(matrices: Iterable[Matrix | None]) -> tuple[str, ...]:
    """Kinds of effect that no variant changes, contested items included."""
    known = [one for one in matrices if one is not None]
    changed = {row.kind for one in known for row in (*one.resources, *one.transfers)}
    changed |= {post.item.kind for one in known for post in one.contested}
    return tuple(kind for kind in KINDS if kind not in changed)
