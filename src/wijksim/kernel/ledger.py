"""Who pays, who gains: amounts in euros of one price year, by item, party and district.

Every flow has a payer and a beneficiary among the nine parties. Resource costs have a payer, and somebody for whose
sake they are made or who gains if they are avoided; transfers have a payer and a receiver and sum to zero over the
parties. Effects that nobody can price are listed as *PM* by the accounts mechanism, never booked as zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.ledger_loops import add_up

PARTIES: tuple[str, ...] = (
    "municipality",
    "corporation",
    "state",
    "insurer",
    "police_justice",
    "employers",
    "creditors",
    "residents",
    "owners",
)

KINDS: dict[str, tuple[str, str]] = {
    "staff": ("staff in post", "personeel"),
    "crises": ("crises", "crises"),
    "care": ("care and treatment", "zorg en behandeling"),
    "shelter": ("homelessness", "dakloosheid"),
    "youth": ("children out of home", "uithuisplaatsing"),
    "crime": ("crime", "criminaliteit"),
    "nuisance": ("nuisance", "overlast"),
    "debt": ("debts and evictions", "schulden en ontruiming"),
    "work": ("basic jobs", "basisbanen"),
    "facilities": ("facilities", "voorzieningen"),
    "energy": ("energy", "energie"),
    "housing": ("dwellings", "woningen"),
    "programme": ("programmes", "programma's"),
    "benefits": ("benefits and allowances", "uitkeringen en toeslagen"),
    "taxes": ("taxes and charges", "belastingen en premies"),
    "wages": ("wages", "lonen"),
}
"""Kinds of flow by which tables group the items: key, English and Dutch."""

Shares = tuple[tuple[str, float], ...]
_PLANS = 2**6  # kept at most


@dataclass(frozen=True)
class CostItem:
    """One kind of expense.

    Parameters
    ----------
    name
        Key such as ``crisis_incident``.
    label, label_nl
        Text for tables.
    payers
        Share by party; shares sum to 1.
    receivers
        Share by party for a transfer (benefit, tax, rent); empty for a resource cost.
    grade
        Evidence grade of who bears it.
    source
        Rows of the evidence tables that say who bears it; empty if that follows from the law.
    kind
        Key of :data:`KINDS`.
    gains
        Beneficiaries of a resource cost by share: for whose sake it is made, or for a cost of trouble who gains if it
        is avoided.
    """

    name: str
    label: str
    label_nl: str
    payers: Shares
    receivers: Shares = ()
    grade: str = "C"
    source: tuple[str, ...] = ()
    kind: str = "programme"
    gains: Shares = (("residents", 1.0),)

    def __post_init__(self) -> None:
        """Refuse unknown parties and shares that do not sum to one."""
        if self.kind not in KINDS:
            raise ValueError(f"cost item {self.name}: unknown kind {self.kind!r}")
        if not self.payers or not self.beneficiaries:
            raise ValueError(f"cost item {self.name}: nobody pays or nobody gains")
        for side in (self.payers, self.receivers, self.gains):
            unknown = [party for party, _ in side if party not in PARTIES]
            if unknown:
                raise ValueError(f"cost item {self.name}: unknown party {unknown[0]!r}")
            if side and abs(sum(share for _, share in side) - 1) > np.finfo(np.float32).eps:
                raise ValueError(f"cost item {self.name}: shares do not sum to 1")

    @property
    def transfer(self) -> bool:
        """True if the money moves between parties and is not used up."""
        return bool(self.receivers)

    @property
    def beneficiaries(self) -> Shares:
        """Who receives a transfer, or for whose sake a resource cost is made."""
        return self.receivers or self.gains


class _Plan(NamedTuple):
    """Who pays and who receives how much of the items of a month, as numbers.

    Attributes
    ----------
    shares
        See :func:`wijksim.kernel.ledger_loops.add_up`, in the order of the names of the items.
    twice
        Whether any item was booked more than once, and is to be added up first.
    """

    shares: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]
    twice: bool


def _planned(items: Sequence[CostItem]) -> _Plan:
    """Plan for items in the order in which they were booked."""
    lines, shares, resources = [], [], []
    for number, item in sorted(enumerate(items), key=lambda one: one[1].name):
        for sign, side in ((1.0, item.payers), (-1.0, item.receivers)):
            for party, share in side:
                lines.append((number, PARTIES.index(party), int(item.transfer)))
                shares.append(sign * share)
        if not item.transfer:
            resources.append(number)
    numbers = (
        np.array(lines, np.int64).reshape(-1, 1 + 2),
        np.array(shares, np.float64),
        np.array(resources, np.int64),
    )
    return _Plan(numbers, len({item.name for item in items}) < len(items))


class Ledger:
    """Amounts of this month and totals of the run."""

    def __init__(self) -> None:
        self.items: dict[str, CostItem] = {}
        self._known: set[tuple[str, ...]] = set()
        self._plans: dict[tuple[tuple[str, ...], ...], _Plan] = {}
        # what was booked this month as it came in, items by district, and what so many of it make of each item
        self._entries: list[tuple[tuple[str, ...], NDArray[np.float64]]] = []
        self._added: tuple[int, dict[str, NDArray[np.float64]]] = 0, {}

    @property
    def month(self) -> dict[str, NDArray[np.float64]]:
        """Euros per district by item this month, in the order in which items were booked first."""
        number, found = self._added
        if number != len(self._entries):
            found = {}
            for items, amounts in self._entries:
                for item, amount in zip(items, amounts, strict=True):
                    found[item] = found[item] + amount if item in found else amount
            self._added = len(self._entries), found
        return found

    def declare(self, item: CostItem) -> None:
        """Make an item known; the same name with other content is an error."""
        known = self.items.get(item.name)
        if known is not None and known != item:
            raise ValueError(f"cost item {item.name} is declared twice with different content")
        self.items[item.name] = item

    def book(self, item: str, amount: NDArray[np.float64]) -> None:
        """Add euros per district, shape ``(n_districts,)``, to an item this month."""
        self.enter((item,), np.array(amount, np.float64, ndmin=2))

    def enter(self, items: tuple[str, ...], amounts: NDArray[np.float64]) -> None:
        """Book many items at once: euros per item and district, shape ``(len(items), n_districts)``.

        The amounts are not copied: who hands them over leaves them alone.
        """
        if items not in self._known:
            for item in items:
                if item not in self.items:
                    raise KeyError(f"cost item {item!r} is not declared")
            self._known.add(items)
        self._entries.append((items, amounts))

    def clear(self) -> None:
        """Start a new month."""
        self._entries.clear()
        self._added = 0, {}

    def booked(
        self, n_districts: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """Euros per item and district, and who pays and receives which share of them, for a compiled pass."""
        if not self._entries:
            return np.empty((0, n_districts)), *_planned(()).shares
        names, parts = zip(*self._entries, strict=True)
        plan = self._plan(names)
        if not plan.twice:
            return np.concatenate(parts), *plan.shares
        month = self.month
        return np.array(list(month.values())), *self._plan((tuple(month),)).shares

    def _plan(self, names: tuple[tuple[str, ...], ...]) -> _Plan:
        """Plan for items that were booked together, kept from month to month."""
        plan = self._plans.get(names)
        if plan is None:
            # months in which other items are booked come and go
            if len(self._plans) >= _PLANS:
                self._plans.clear()
            plan = self._plans[names] = _planned([self.items[name] for part in names for name in part])
        return plan

    def settled(self, n_districts: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Add up the month once for all.

        Returns
        -------
        by_party, used
            Net expense by party of resources and of transfers, shape ``(2, parties, districts)``, and resources used,
            as :meth:`resource_cost` gives them.
        """
        by_party, used = np.zeros((2, len(PARTIES), n_districts)), np.zeros(n_districts)
        add_up(*self.booked(n_districts), by_party, used)
        return by_party, used

    def by_party(self, n_districts: int, *, transfers: bool = True) -> dict[str, NDArray[np.float64]]:
        """Net expense of each party this month, euros per district; receipts count negative."""
        total = {party: np.zeros(n_districts) for party in PARTIES}
        for name in sorted(self.month):
            item = self.items[name]
            if item.transfer and not transfers:
                continue
            for party, share in item.payers:
                total[party] += share * self.month[name]
            for party, share in item.receivers:
                total[party] -= share * self.month[name]
        return total

    def resource_cost(self, n_districts: int) -> NDArray[np.float64]:
        """Euros used up this month per district: what remains when transfers cancel."""
        total = np.zeros(n_districts)
        for name in sorted(self.month):
            if not self.items[name].transfer:
                total += self.month[name]
        return total
