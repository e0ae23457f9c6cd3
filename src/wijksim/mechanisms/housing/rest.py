"""Rest of the city: an aggregate district without residents, kept as a ledger that must close.

Per tenure it knows dwellings, vacancies and the occupied ones by ground of entry, income fifth, need for support and
month of entry. Whoever leaves the districts for the rest takes one of its vacancies; nobody disappears.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import floor
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.account import Account
from wijksim.kernel.kept import Kept
from wijksim.mechanisms.housing import rest_loops as loops
from wijksim.state.codes import SeekerCategory, Tenure
from wijksim.state.table import Rows

type Floats = NDArray[np.float64]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]


def by_tenure(values: Mapping[str, float], name: str) -> Floats:
    """Parameter ``housing.<name>_<tenure>`` of every tenure, shape ``(n_tenures,)``."""
    return np.array([values[full] for full in names_by_tenure(name)])


@cache
def names_by_tenure(name: str) -> tuple[str, ...]:
    """Full names of a parameter of every tenure."""
    return tuple(f"housing.{name}_{tenure.name.lower()}" for tenure in Tenure)


_GIVEN = itemgetter(
    *(*names_by_tenure("turnover"), *names_by_tenure("vacancy"), "housing.rest_recovery"),
)


@dataclass
class RestLedger:
    """The ledger.

    Attributes
    ----------
    dwellings
        Per tenure, shape ``(n_tenures,)``.
    accounts
        All that the loops read and write, a line per tenure, as :mod:`wijksim.mechanisms.housing.rest_loops` lays it
        out. What has a name here is a part of it, through which it can be written; beside that, it holds the households
        at the beginning of the month, those that came and those that left, and the fifths and need for support of who
        comes from outside into owner and private dwellings: flat, by the scenario.
    left_city, left_city_support
        Households of the districts that left the city since the start, and those among them who need support.
    """

    dwellings: Floats
    accounts: Floats
    left_city: float = 0.0
    left_city_support: float = 0.0

    @property
    def vacant(self) -> Floats:
        """Vacant dwellings per tenure; ``dwellings == vacant + occupied`` always."""
        return self.accounts[:, loops.VACANT]

    @property
    def offered(self) -> Floats:
        """Vacancies on offer this month that are not yet taken, per tenure."""
        return self.accounts[:, loops.OFFERED]

    @property
    def support(self) -> Floats:
        """Occupied by households that need support, per tenure."""
        return self.accounts[:, loops.SUPPORT]

    @property
    def settled(self) -> Floats:
        """Occupied by who came before the kept months, per tenure."""
        return self.accounts[:, loops.SETTLED]

    @property
    def from_districts(self) -> Floats:
        """Households of the districts that moved to the rest since the start, per tenure."""
        return self.accounts[:, loops.FROM_DISTRICTS]

    @property
    def category(self) -> Floats:
        """Occupied by ground of entry, shape ``(n_tenures, n_categories)``."""
        return self.accounts[:, loops.CATEGORY : loops.FIFTH]

    @property
    def fifth(self) -> Floats:
        """Occupied by income fifth, shape ``(n_tenures, n_fifths)``."""
        return self.accounts[:, loops.FIFTH : loops.OUTSIDE_FIFTH]

    @property
    def cohorts(self) -> Floats:
        """Occupied by month of entry, 0 this month, shape ``(n_tenures, n_months)``."""
        return self.accounts[:, loops.COHORTS :]

    @property
    def occupied(self) -> Floats:
        """Households per tenure."""
        return np.asarray(self.category.sum(axis=1))

    def open_month(self, values: dict[str, float]) -> None:
        """Let households leave at the turnover of each tenure and put vacancies on offer.

        Vacancies are filled at the pace at which, with that turnover, the assumed vacancy is stationary.
        """
        loops.open_month(self.accounts, _PACE(values))

    def house(
        self,
        tenure: Tenure,
        category: Codes,
        fifth: Codes,
        support: Bools,
    ) -> None:
        """Take one vacancy for each of the given households."""
        if category.size == 0:
            return
        loops.house(int(tenure), category, fifth, support, self.accounts)

    def take(
        self, which: Rows, many: tuple[int, int], movers: tuple[Rows, Codes], households: tuple[Codes, Bools]
    ) -> tuple[Rows, Rows, Rows]:
        """Take one vacancy for each of the movers of the districts who buy or rent privately.

        Parameters
        ----------
        which, many
            Positions of both, so many at the begin of each line.
        movers
            Lines of rows and present households, and in the second line of codes whether all of it moves, of all
            movers.
        households
            Fifth of income and need for support.

        Returns
        -------
        Rows, Rows, Rows
            Households that move, residents who buy, and residents who rent.
        """
        lists = np.empty((2, sum(many)), np.int32)
        homes, buyers, people = loops.take(which, many, movers, households, self.accounts, lists)
        return lists[0, :homes], lists[1, :buyers], lists[1, buyers:people]

    def serve(
        self,
        served: Rows,
        here: int,
        seekers: tuple[Codes, Codes, Codes, Bools, Rows, Rows],
        lettings: Floats,
    ) -> tuple[int, Rows, Rows]:
        """Count lettings by category in ``lettings``, and take a vacancy for each beyond those ``here``.

        Parameters
        ----------
        served, here
            Seekers who are housed; so many of them, the first, in the districts.
        seekers
            Kind, category, fifth of income, need for support, household and resident.

        Returns
        -------
        int, Rows, Rows
            Regular lettings to newcomers; households and residents of the districts who are housed in the rest.
        """
        lists = np.empty((2, served.size), np.int32)
        new, homes, people = loops.serve(served, here, seekers, self.accounts, lettings, lists)
        return new, lists[0, :homes], lists[1, :people]

    def build(self, tenure: int, dwellings: float) -> None:
        """Take in new dwellings, vacant and found by seekers at the pace of all vacancies."""
        self.dwellings[tenure] += dwellings
        self.vacant[tenure] += dwellings

    def room(self, tenure: Tenure) -> int:
        """Whole vacancies on offer that are left this month."""
        return max(floor(self.accounts.item(tenure, loops.OFFERED) + loops.TOLERANCE), 0)

    def close_month(self) -> None:
        """Fill what is left of the owner and private offer from outside, age the cohorts and prove the balance.

        Raises
        ------
        ConservationError
            If households are not those of last month, plus who came, less who left.
        """
        if loops.close_month(self.accounts, loops.TOLERANCE):
            opening, inflow, outflow = self.accounts[:, loops.OPENING : loops.OUTFLOW + 1].T
            households = Account("households of the rest", opening)
            households.receive(inflow)
            households.spend(outflow)
            households.close(self.occupied, loops.TOLERANCE)

    def error(self) -> float:
        """Largest disagreement between the accounts of the ledger, in dwellings."""
        occupied = self.occupied
        parts = (
            self.dwellings - self.vacant - occupied,
            self.fifth.sum(axis=1) - occupied,
            self.cohorts.sum(axis=1) + self.settled - occupied,
            np.minimum(self.vacant, 0),
        )
        return float(max(np.abs(part).max() for part in parts))


def _pace(values: dict[str, float]) -> Floats:
    """Shares of a month by tenure.

    Who leaves, vacancies that are put on offer, who stays, and need for support that stays.
    """
    *numbers, recovery = _GIVEN(values)
    turnover, vacancy = np.array(numbers).reshape(2, len(Tenure))
    monthly = -np.expm1(-turnover / MONTHS_PER_YEAR)
    pace = np.minimum(
        np.divide(monthly * (1 - vacancy), vacancy, out=np.ones(vacancy.size), where=vacancy > 0), 1
    )
    keep = 1 - monthly
    return np.array([monthly, pace, keep, keep * np.exp(-recovery / MONTHS_PER_YEAR)])


_PACE = Kept(_pace)


def open_ledger(
    values: Mapping[str, float], dwellings: float, fifth_shares: Floats, support_shares: Floats
) -> RestLedger:
    """Make the ledger in its stationary state.

    Parameters
    ----------
    dwellings
        Dwellings of the rest of the city.
    fifth_shares
        Income fifths of households by tenure in the national reference, shape ``(n_tenures, n_fifths)``.
    support_shares
        Need for support by tenure in the reference, shape ``(n_tenures,)``; for corporation dwellings the stationary
        stock ``m q / (m + recovery)`` of intake ``q`` and turnover ``m`` is used instead.
    """
    shares = by_tenure(values, "rest")
    stock = dwellings * shares / shares.sum()
    vacant = stock * by_tenure(values, "vacancy")
    occupied = stock - vacant
    turnover, recovery = by_tenure(values, "turnover"), values["housing.rest_recovery"]
    inflow = np.array(
        [0.0, *(values[f"housing.inflow_{c.name.lower()}"] for c in SeekerCategory if c in _ENTRY)]
    )
    priority = inflow / np.maximum(turnover[Tenure.CORPORATION] * 1000, inflow.sum())
    priority[0] = 1 - priority.sum()
    intake = np.array(
        [values[f"housing.intake_{c.name.lower()}_support"] for c in (SeekerCategory.REGULAR, *_ENTRY)]
    )
    support = support_shares.copy()
    renewed = turnover / (turnover + recovery)
    support[Tenure.CORPORATION] = float(priority @ intake) * renewed[Tenure.CORPORATION]
    category = np.zeros((len(Tenure), len(SeekerCategory)))
    category[:, SeekerCategory.REGULAR] = occupied
    category[Tenure.CORPORATION, : priority.size] = occupied[Tenure.CORPORATION] * priority
    months = int(values["housing.rest_cohort_months"])
    survival = np.exp(-turnover[:, None] / MONTHS_PER_YEAR * np.arange(months + 1)[None, :])
    cohorts = occupied[:, None] * (survival[:, :-1] - survival[:, 1:])
    accounts = np.zeros((len(Tenure), loops.COHORTS + months))
    ledger = RestLedger(stock, accounts)
    ledger.vacant[:], ledger.category[:], ledger.fifth[:] = vacant, category, occupied[:, None] * fifth_shares
    ledger.support[:], ledger.cohorts[:] = occupied * support, cohorts
    ledger.settled[:] = occupied - cohorts.sum(axis=1)
    accounts[:, loops.OPENING] = occupied
    accounts[:, loops.OUTSIDE_FIFTH : loops.COHORTS] = fifth_shares
    accounts[:, loops.OUTSIDE_SUPPORT] = np.minimum(support / renewed, 1)
    return ledger


_ENTRY = (SeekerCategory.STATUS, SeekerCategory.URGENT, SeekerCategory.SHELTER, SeekerCategory.DIRECT)
