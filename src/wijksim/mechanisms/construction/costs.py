"""What works cost and who pays; amounts per district are booked when contracts are signed.

Corporations pay what the state does not. Dwellings built for sale or for private landlords are paid by those who buy
them. What is paid for a dwelling that changes hands, and for moving out of one, is a transfer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import PER_THOUSAND
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.prices import price_of
from wijksim.mechanisms.construction.book import Act, Project, Terms
from wijksim.state.codes import Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


def _item(
    name: str, label: str, label_nl: str, payer: str, receiver: str = "", *, grade: str = "C",
    source: tuple[str, ...] = (),
) -> CostItem:  # fmt: skip
    receivers = ((receiver, 1.0),) if receiver else ()
    return CostItem(name, label, label_nl, ((payer, 1.0),), receivers, grade, source, kind="housing")


DEMOLITION = _item("demolition", "Demolition of dwellings", "Sloop van woningen", "corporation", grade="D")
NEW_SOCIAL = _item("new_dwelling_corporation", "New corporation dwellings", "Nieuwe corporatiewoningen", "corporation",
                   source=("H702",))  # fmt: skip
NEW_MARKET = _item("new_dwelling_market", "New dwellings for sale and private rent", "Nieuwe markt- en koopwoningen",
                   "owners")  # fmt: skip
RENOVATION = _item("renovation", "Renovation of dwellings", "Renovatie van woningen", "corporation", grade="D",
                   source=("H703",))  # fmt: skip
IMPROVEMENT = _item("improvement", "Renovation of dwellings of others", "Verbetering van particuliere woningen",
                    "owners", grade="D", source=("H703",))  # fmt: skip
GRANT = _item("improvement_grant", "State grant for dwellings of others", "Rijksbijdrage aan particuliere woningen",
              "state", "owners", source=("L012", "H700"))  # fmt: skip
SUBSIDY = _item("works_subsidy", "State grant for works", "Rijksbijdrage aan sloop en renovatie", "state",
                "corporation", source=("H700",))  # fmt: skip
UPKEEP = _item("upkeep", "Upkeep of corporation dwellings", "Onderhoud van corporatiewoningen", "corporation",
               source=("H701",), grade="B")  # fmt: skip
SALE = _item(
    "dwelling_sale", "Corporation dwellings sold", "Verkoop van corporatiewoningen", "owners", "corporation"
)
PURCHASE = _item("dwelling_purchase", "Dwellings bought for demolition", "Uitkoop bij sloop", "corporation", "owners",
                 grade="D")  # fmt: skip
MOVING = _item(
    "moving_allowance", "Moving allowance", "Verhuiskostenvergoeding", "corporation", "residents", grade="B"
)
ITEMS = (
    DEMOLITION, NEW_SOCIAL, NEW_MARKET, RENOVATION, IMPROVEMENT, GRANT, SUBSIDY, UPKEEP, SALE, PURCHASE, MOVING,
)  # fmt: skip
_UPKEEP = (UPKEEP.name,)


def book(ctx: Context, item: CostItem, dwellings: Rows, each: NDArray[np.float64] | float) -> None:
    """Book ``each`` euros for every one of ``dwellings`` in its district; nothing for nothing."""
    amount = each if isinstance(each, np.ndarray) else np.full(dwellings.size, each, dtype=np.float64)
    if not amount.any():
        return
    district = ctx.world.dwelling.district[dwellings]
    ctx.ledger.book(item.name, np.bincount(district, weights=amount, minlength=ctx.world.n_districts))


def value_of(ctx: Context, dwellings: Rows) -> NDArray[np.float64]:
    """Market value in euros; the table keeps thousands."""
    return np.asarray(ctx.world.dwelling.value[dwellings], dtype=np.float64) * PER_THOUSAND


def buy_out(ctx: Context, dwellings: Rows) -> None:
    """At the reference date dwellings of others are bought and tenants are promised their moving allowance."""
    table = ctx.world.dwelling
    book(ctx, PURCHASE, others(ctx, dwellings), value_of(ctx, others(ctx, dwellings)))
    rented = (table.owner[dwellings] != int(Tenure.OWNER)) & (table.household[dwellings] >= 0)
    book(ctx, MOVING, dwellings[rented], price_of(ctx, "construction.moving_allowance"))


def demolish(ctx: Context, project: Project) -> None:
    """Old dwellings are pulled down; the state bears its grant for each."""
    book(ctx, DEMOLITION, project.dwellings, price_of(ctx, "construction.demolition"))
    book(ctx, SUBSIDY, project.dwellings, project.terms.subsidy)


def build(ctx: Context, places: Rows, owners: NDArray[np.int8], *, ratio: float = 1.0) -> None:
    """Dwellings on the spot of ``places``, or beside them, are paid by whoever will own them.

    ``ratio`` is their cost over that of an ordinary new dwelling.
    """
    new = price_of(ctx, "construction.new_dwelling") * ratio
    book(ctx, NEW_SOCIAL, places[owners == int(Tenure.CORPORATION)], new)
    book(ctx, NEW_MARKET, places[owners != int(Tenure.CORPORATION)], new)


def renovate(ctx: Context, project: Project) -> None:
    """Renovation is paid by the owner, the state bears its grant."""
    works, grant = (IMPROVEMENT, GRANT) if project.act == Act.IMPROVE else (RENOVATION, SUBSIDY)
    each = price_of(ctx, "construction.renovation") * project.terms.depth
    book(ctx, works, project.dwellings, each)
    # nobody gets more than the works cost
    book(ctx, grant, project.dwellings, min(project.terms.subsidy, each))


def elsewhere(ctx: Context, terms: Terms) -> None:
    """Dwellings in the rest of the city, booked in the districts for whose sake they are built."""
    if terms.paid_by is None:
        return
    amount = terms.paid_by * terms.number
    ctx.ledger.book(NEW_SOCIAL.name, amount * price_of(ctx, "construction.new_dwelling"))
    if terms.subsidy:
        ctx.ledger.book(SUBSIDY.name, amount * terms.subsidy)


def estimate(ctx: Context, act: Act, dwellings: Rows, terms: Terms) -> float:
    """Euros that the corporations have to find for these dwellings, before anything is sold."""
    if act == Act.IMPROVE:
        return 0.0
    if act == Act.RENOVATE:
        works = price_of(ctx, "construction.renovation") * terms.depth
        return dwellings.size * max(works - terms.subsidy, 0.0)
    new = price_of(ctx, "construction.new_dwelling")
    if act in (Act.ADD, Act.ELSEWHERE):
        own = 1 - (terms.owner_share or 0.0) - terms.private_share
        number = terms.number if act == Act.ELSEWHERE else dwellings.size
        return number * max(own * new * terms.works_ratio - terms.subsidy, 0.0)
    new *= 1 + terms.growth
    each = price_of(ctx, "construction.demolition") + new - terms.subsidy
    return dwellings.size * max(each, 0.0) + float(value_of(ctx, others(ctx, dwellings)).sum())


def others(ctx: Context, dwellings: Rows) -> Rows:
    """Those of ``dwellings`` that belong to no corporation."""
    return np.asarray(dwellings[ctx.world.dwelling.owner[dwellings] != int(Tenure.CORPORATION)])


def upkeep(ctx: Context, euros: NDArray[np.float64]) -> None:
    """Book a month of upkeep by district, which nobody else holds on to; nothing for nothing."""
    if euros.any():
        ctx.ledger.enter(_UPKEEP, euros.reshape(1, -1))
