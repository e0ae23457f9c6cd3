"""Effects by party: what each kind of effect costs or saves whom, resources and transfers apart.

Every cell is added up from the single flows of the runs, so that rows and columns make up the totals, and those are
the totals of the table by payer. Items whose price is contested are kept out of the rows and shown as a range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.ledger import KINDS, PARTIES, CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.mechanisms.accounts import ENTRIES
from wijksim.parameters.schema import GRADES, Parameter
from wijksim.report.costs import MILLION, Estimate, discount_factors

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison
    from wijksim.runs.flows import MoneyFlows

type Values = NDArray[np.float64]

ASSUMED = GRADES[-1]
MOST_ASSUMED = 0.5
"""Part of the resource costs that may be assumed before a variant is no longer ranked on costs."""

CONTESTED: dict[str, str] = {
    "eviction": "debt.eviction_price",
    "homeless_municipality": "prices.homeless_year",
    "homeless_insurer": "prices.homeless_year",
}
"""Items of which sources name prices that lie far apart, and the parameter whose range says how far."""

_PRICES: dict[str, tuple[str, ...]] = {
    **{entry.item.name: tuple(name for name in (entry.price, entry.share) if name) for entry in ENTRIES},
    "eviction": ("debt.eviction_price",),
}


@dataclass(frozen=True)
class Row:
    """One kind of effect: what every party spends more, in million euro, mean over the futures.

    Attributes
    ----------
    kind
        Key of :data:`wijksim.kernel.ledger.KINDS`, or empty for a sum.
    cells
        By party in the order of :data:`wijksim.kernel.ledger.PARTIES`.
    total
        All parties together.
    gains
        Parties for whose sake it is spent or who gain if it is avoided, in the order of PARTIES.
    grade
        Weakest grade of the items in it that differ from the null alternative; empty for a sum.
    """

    kind: str
    cells: tuple[Estimate, ...]
    total: Estimate
    gains: tuple[str, ...] = ()
    grade: str = ""


@dataclass(frozen=True)
class Contested:
    """An item with a contested price, in million euro: mean difference at the lowest, the used and the top price."""

    item: CostItem
    low: tuple[float, ...]
    booked: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def totals(self) -> tuple[float, float]:
        """All parties together, the lower end first."""
        ends = sum(self.low), sum(self.high)
        return min(ends), max(ends)


@dataclass(frozen=True)
class Matrix:
    """Effects by party under one variant.

    Attributes
    ----------
    resources, transfers
        Rows by kind; transfers add up to nothing over the parties.
    used, moved, spent
        Sums of the two, and of all rows.
    contested
        Items that are in none of these.
    total_low, total_high
        All parties and items together, contested ones at the price that makes it lowest and highest.
    assumed
        Part of the changes of resource costs, regardless of their sign, that rests on grade D; NaN without any change.
    """

    resources: tuple[Row, ...]
    transfers: tuple[Row, ...]
    used: Row
    moved: Row
    spent: Row
    contested: tuple[Contested, ...]
    total_low: float
    total_high: float
    assumed: float

    @property
    def total_interval(self) -> tuple[float, float]:
        """95 % interval of all parties together, from the lowest to the highest price of contested items.

        The luck of contested items themselves is not in it.
        """
        spent = self.spent.total
        return self.total_low - (spent.mean - spent.low), self.total_high + (spent.high - spent.mean)

    @property
    def ranked(self) -> bool:
        """Whether the variant may be put in an order of costs."""
        return not self.assumed > MOST_ASSUMED


def grade_of(item: CostItem, known: Mapping[str, Parameter]) -> str:
    """Weakest grade behind an item: who bears it, and the prices it is made of."""
    grades = [item.grade]
    grades += [known[name].grade for name in _PRICES.get(item.name, ()) if name in known]
    for name in LEVERS.names():
        kind = LEVERS.get(name)
        if item in kind.costs:
            grades += [one.grade for one in kind.parameters() if one.unit.startswith("EUR")]
    return max(grades, key=GRADES.index)


def matrix(
    comparison: Comparison, variant: int, known: Mapping[str, Parameter], rate: float
) -> Matrix | None:
    """Effects by party of a variant; None if no books were kept.

    Parameters
    ----------
    variant
        Place in ``comparison.scenarios``, 1 or more.
    known
        Parameters by name.
    rate
        Discount rate per year; 0 leaves the euros as they are.
    """
    if not all(future.ledgers for future in comparison.futures):
        return None
    factors = discount_factors(comparison.months, rate) / MILLION
    pairs = [(one.ledgers[0].flows, one.ledgers[variant].flows) for one in comparison.futures]
    items: dict[str, CostItem] = {}
    for flows in (flow for pair in pairs for flow in pair):
        items |= flows.items
    change = {name: _change(pairs, name, factors) for name in sorted(items)}
    usual = {name: item for name, item in items.items() if name not in CONTESTED}
    grades = {name: grade_of(item, known) for name, item in items.items()}
    build = _Builder(usual, change, grades, len(pairs))
    contested = tuple(
        _contested(items[name], change[name], known[CONTESTED[name]])
        for name in CONTESTED
        if name in items and change[name].any()
    )
    spent = build.sum(lambda _: True)
    ends = [one.totals for one in contested]
    return Matrix(
        resources=build.rows(transfer=False),
        transfers=build.rows(transfer=True),
        used=build.sum(lambda item: not item.transfer),
        moved=build.sum(lambda item: item.transfer),
        spent=spent,
        contested=contested,
        total_low=spent.total.mean + sum(low for low, _ in ends),
        total_high=spent.total.mean + sum(high for _, high in ends),
        assumed=_assumed(items, change, grades),
    )


def _change(pairs: Iterable[tuple[MoneyFlows, MoneyFlows]], name: str, factors: Values) -> Values:
    """Difference of an item per future in million euro, shape ``(futures,)``."""
    found = []
    for null, variant in pairs:
        mine, base = variant.euros.get(name), null.euros.get(name)
        both = (0.0 if mine is None else mine @ factors) - (0.0 if base is None else base @ factors)
        found.append(both)
    return np.array(found, dtype=np.float64)


@dataclass(frozen=True)
class _Builder:
    """Adds items up to rows."""

    items: Mapping[str, CostItem]
    change: Mapping[str, Values]
    grades: Mapping[str, str]
    futures: int

    def rows(self, *, transfer: bool) -> tuple[Row, ...]:
        """A row per kind that has an item and differs in any future."""
        found = []
        for kind in KINDS:
            mine = [
                name
                for name, item in self.items.items()
                if item.kind == kind and item.transfer == transfer and self.change[name].any()
            ]
            if mine:
                found.append(self._row(kind, sorted(mine)))
        return tuple(found)

    def sum(self, wanted: Callable[[CostItem], bool]) -> Row:
        """All items that are wanted, as one row."""
        return self._row("", sorted(name for name, item in self.items.items() if wanted(item)))

    def _row(self, kind: str, names: list[str]) -> Row:
        cells = np.zeros((len(PARTIES), self.futures))
        for name in names:
            item = self.items[name]
            for sign, side in ((1.0, item.payers), (-1.0, item.receivers)):
                for party, share in side:
                    cells[PARTIES.index(party)] += sign * share * self.change[name]
        gainers = {party for name in names for party, _ in self.items[name].beneficiaries} if kind else set()
        return Row(
            kind,
            tuple(Estimate.of(each) for each in cells),
            Estimate.of(cells.sum(axis=0)),
            tuple(party for party in PARTIES if party in gainers),
            max((self.grades[name] for name in names), key=GRADES.index) if kind else "",
        )


def _contested(item: CostItem, change: Values, price: Parameter) -> Contested:
    """The item at the ends of the range of its price."""
    mean = float(change.mean())
    shares = [0.0] * len(PARTIES)
    for party, share in item.payers:
        shares[PARTIES.index(party)] += share
    ends = [
        tuple(mean * share * at / price.value for share in shares)
        for at in (price.low, price.value, price.high)
    ]
    return Contested(item, *ends)


def _assumed(items: Mapping[str, CostItem], change: Mapping[str, Values], grades: Mapping[str, str]) -> float:
    sizes = {name: abs(float(change[name].mean())) for name, item in items.items() if not item.transfer}
    whole = sum(sizes.values())
    if not whole:
        return float("nan")
    return sum(size for name, size in sizes.items() if grades[name] == ASSUMED) / whole
