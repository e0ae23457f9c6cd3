"""Costs by payer: what each party pays more or less than without the variant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.intervals import paired
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.ledger import PARTIES

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison

Values = NDArray[np.float64]

MILLION = 1_000_000
DISCOUNT_RATE = "report.discount_rate"
ALL_PARTIES = "all"
_SAID = ("surely_better", "likely_better", "likely_worse", "surely_worse")
"""Verdicts that state a direction."""


@dataclass(frozen=True)
class Estimate:
    """Mean over futures of a paired difference, with its 95 % interval.

    Attributes
    ----------
    mean, low, high
        Mean, and the two ends of the interval.
    verdict
        Key of :data:`wijksim.analysis.intervals.VERDICTS`, *better* for more; None where the futures themselves are
        not at hand, and the interval has to do.
    """

    mean: float
    low: float
    high: float
    verdict: str | None = None

    @classmethod
    def of(cls, differences: Values) -> Estimate:
        """Judge differences, one per future, as those of measures are; futures without a value are left out."""
        found = paired(differences, 1)
        return cls(found.mean, found.low, found.high, found.verdict)

    @property
    def half_width(self) -> float:
        """Half of the interval."""
        return (self.high - self.low) / 2

    @property
    def sign(self) -> int:
        """1 or -1 if more or less is at least likely, else 0: the rule of the verdicts, too few pairs included."""
        if self.verdict not in (None, *_SAID):
            return 0
        return int(self.low > 0) - int(self.high < 0)

    @property
    def too_few(self) -> bool:
        """Whether there are too few futures to say anything."""
        return self.verdict == "too_few"

    @property
    def nothing(self) -> bool:
        """Whether every future has a zero; of one future there is no interval."""
        return self.mean == 0 and (self.half_width == 0 or np.isinf(self.half_width))


@dataclass(frozen=True)
class PartyCost:
    """One party under one variant.

    Attributes
    ----------
    party
        Key of :data:`wijksim.kernel.ledger.PARTIES`, or ``all``.
    level
        Net expense without the variant, EUR per resident a year, mean over the run.
    yearly
        Difference, EUR per resident of the null alternative a year, mean over the run.
    total, present
        Difference over the run in million EUR, undiscounted and as a present value.
    transfers
        Part of ``total`` that only changes hands; None if transfers were not recorded.
    booked
        False if no run booked a euro for this party: what it pays is then unknown, not zero.
    """

    party: str
    level: float
    yearly: Estimate
    total: Estimate
    present: Estimate
    transfers: Estimate | None
    booked: bool = True

    @property
    def still(self) -> bool:
        """Whether the party pays and hands over exactly as much in every future."""
        return self.total.nothing and (self.transfers is None or self.transfers.nothing)


def recorded_parties(comparison: Comparison) -> tuple[str, ...]:
    """Parties whose expense was recorded."""
    names = {kind.name for kind in comparison.measures}
    return tuple(party for party in PARTIES if f"cost_{party}" in names)


def discount_factors(months: int, rate: float) -> Values:
    """Factor per month to the value at the start of the run, for money spent in the middle of the month."""
    years = (np.arange(months) + 1 / 2) / MONTHS_PER_YEAR
    return np.asarray((1 + rate) ** -years)


def party_costs(comparison: Comparison, variant: int, rate: float) -> tuple[PartyCost, ...]:
    """Costs of every recorded party under a variant, all parties together last.

    Parameters
    ----------
    variant
        Place in ``comparison.scenarios``, 1 or more.
    rate
        Discount rate per year.

    Returns
    -------
    tuple of PartyCost
        Over all simulated districts; the last adds up the parties, so that transfers cancel. Empty if no costs
        were recorded.
    """
    parties = recorded_parties(comparison)
    if not parties:
        return ()
    names = {kind.name for kind in comparison.measures}
    with_transfers = all(f"transfer_{party}" in names for party in parties)
    euros = [_euros(comparison, f"cost_{party}") for party in parties]
    moved = [_euros(comparison, f"transfer_{party}") for party in parties] if with_transfers else []
    residents = comparison.denominator[:, :, :, comparison.position(f"cost_{parties[0]}"), -1]
    rows = zip(
        (*parties, ALL_PARTIES),
        (*euros, np.sum(euros, axis=0)),
        (*moved, np.sum(moved, axis=0)) if moved else [None] * (len(parties) + 1),
        strict=True,
    )
    return tuple(
        _party(party, spent, shifted, residents, variant=variant, rate=rate) for party, spent, shifted in rows
    )


def _party(
    party: str, spent: Values, moved: Values | None, residents: Values, *, variant: int, rate: float
) -> PartyCost:
    per_resident = spent.sum(axis=2) / residents.sum(axis=2) * MONTHS_PER_YEAR
    change = (spent[:, variant] - spent[:, 0]) / MILLION
    factors = discount_factors(spent.shape[2], rate)
    return PartyCost(
        party=party,
        level=float(per_resident[:, 0].mean()),
        # per resident of the null alternative: other numbers of residents would show up as money
        yearly=Estimate.of(change.sum(axis=1) * MILLION / residents[:, 0].sum(axis=1) * MONTHS_PER_YEAR),
        total=Estimate.of(change.sum(axis=1)),
        present=Estimate.of(change @ factors),
        transfers=None
        if moved is None
        else Estimate.of((moved[:, variant] - moved[:, 0]).sum(axis=1) / MILLION),
        booked=bool(spent.any()) or (moved is not None and bool(moved.any())),
    )


def _euros(comparison: Comparison, measure: str) -> Values:
    """Euros per month of all districts, shape ``(futures, scenarios, months)``.

    The measure is in EUR per resident a year, whatever its numerator is in.
    """
    k = comparison.position(measure)
    euros: Values = comparison.numerator[:, :, :, k, -1] * comparison.measures[k].scale / MONTHS_PER_YEAR
    return euros
