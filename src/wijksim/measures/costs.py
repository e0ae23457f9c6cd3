"""Costs by payer, in euros per resident a year."""

from __future__ import annotations

from typing import Any, ClassVar

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.ledger import PARTIES
from wijksim.kernel.measure import MEASURES
from wijksim.measures._base import PerHead

PARTY_NAMES: dict[str, tuple[str, str]] = {
    "municipality": ("municipality", "gemeente"),
    "corporation": ("housing corporation", "woningcorporatie"),
    "state": ("state", "Rijk"),
    "insurer": ("health insurers", "zorgverzekeraars"),
    "police_justice": ("police and justice", "politie en justitie"),
    "employers": ("employers", "werkgevers"),
    "creditors": ("creditors", "schuldeisers"),
    "residents": ("residents", "bewoners"),
    "owners": ("owners of dwellings", "woningeigenaren"),
}


class _Euros(PerHead):
    """Euros of this month per resident, as a yearly figure."""

    theme: ClassVar[str] = "costs"
    unit: ClassVar[str] = "EUR per resident a year"
    scale: ClassVar[float] = MONTHS_PER_YEAR
    flow: ClassVar[bool] = True
    outcome: ClassVar[tuple[str, ...]] = ("O26",)


@MEASURES.register
class ResourceCost(_Euros):
    """Resources used by all parties together; transfers cancel."""

    name = "resource_cost"
    label, label_nl = "Resources used, all parties", "Maatschappelijke kosten, alle partijen"
    direction = -1
    column = "district.resource_cost"


@MEASURES.register
class StaffCost(_Euros):
    """Professionals in post, whoever pays them."""

    name = "staff_cost"
    label, label_nl = "Professionals in post", "Kosten van professionals"
    direction = 0
    column = "district.staff_cost"


def _for_party(party: str) -> None:
    """Make the two measures of a party: what it spends, and the part of it that is transfers."""
    english, dutch = PARTY_NAMES[party]
    for kind, name, label, label_nl, doc in (
        ("Cost", f"cost_{party}", f"Net expense of {english}", f"Netto uitgaven {dutch}",
         f"Net expense of the {english}, transfers included."),
        ("Transfer", f"transfer_{party}", f"Of which transfers, {english}", f"Waarvan overdrachten, {dutch}",
         f"Net transfers paid by the {english}; they sum to zero over the parties."),
    ):  # fmt: skip
        body: dict[str, Any] = {
            "__doc__": doc, "__module__": __name__, "name": name, "label": label, "label_nl": label_nl,
            "column": f"district.{name}",
        }  # fmt: skip
        measure = type(f"{kind}{party.title().replace('_', '')}", (_Euros,), body)
        # where a class is looked for by its name: in a state that is kept, a class is no more than that
        globals()[measure.__name__] = MEASURES.register(measure)


for _party in PARTIES:
    _for_party(_party)
