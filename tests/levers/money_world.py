"""What the tests of levers on money and tenancy share: a small world in which everybody trusts and wants to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tests.worlds import small_world
from wijksim.kernel.context import Context
from wijksim.kernel.lever import Lever
from wijksim.state.codes import Tenure
from wijksim.state.column import Column

TRUST = Column("resident.trust", np.float32, "share", "Owned by wellbeing")
COLUMNS = {
    "resident.trust": TRUST,
    "resident.stress": Column("resident.stress", np.float32, "share", "Owned by wellbeing"),
    "resident.complex_problems": Column("resident.complex_problems", np.bool_, "-", "Owned by nuisance"),
    "resident.psychiatric": Column("resident.psychiatric", np.bool_, "-", "Owned by health"),
    "resident.addiction_past": Column("resident.addiction_past", np.bool_, "-", "Owned by health"),
    "resident.crisis_last": Column(
        "resident.crisis_last", np.int16, "month", "Owned by health", default=-999
    ),
    "resident.case": Column("resident.case", np.int8, "code", "Owned by professionals"),
    "resident.case_closed": Column("resident.case_closed", np.int16, "month", "Professionals", default=-999),
    "resident.attendance": Column("resident.attendance", np.float32, "share", "Owned by school", default=1),
    "household.arrears": Column("household.arrears", np.int8, "months", "Owned by debt"),
    "household.early_signal": Column("household.early_signal", np.bool_, "-", "Owned by debt"),
    "household.takeup": Column("household.takeup", np.bool_, "-", "Owned by income"),
    "household.income_fifth": Column("household.income_fifth", np.int8, "code", "Owned by income"),
    "dwelling.works": Column("dwelling.works", np.int8, "code", "Owned by construction"),
    "district.homeless": Column("district.homeless", np.float64, "persons", "Owned by accounts"),
}
AT_ONCE = {"ramp": 0.0}


def town(names: Iterable[str], **settings: Any) -> Context:
    """A world with the columns named and no mechanism; everybody trusts and is willing."""
    ctx = small_world((), extra=[TRUST, *(COLUMNS[name] for name in names)], **settings)
    willing(ctx)
    return ctx


def willing(ctx: Context) -> None:
    """Let nothing but coverage decide on who is reached."""
    ctx.world.resident.trust[:] = 1
    ctx.world.resident.uptake[:] = 1


def acted(ctx: Context, lever: Lever) -> Context:
    """One month of a lever alone, with its effects added up; costs are booked in the ledger."""
    ctx.effects.clear()
    ctx.ledger.clear()
    for item in lever.costs:
        ctx.ledger.declare(item)
    lever.step(ctx)
    values = ctx.values
    ctx.effects.prepare(ctx.world, values["kernel.lever_ratio_low"], values["kernel.lever_ratio_high"])
    return ctx


def scaled(ctx: Context, rate: str, table: str) -> dict[int, float]:
    """Rows of which a rate is scaled, and by what ratio."""
    offsets = ctx.effects.offsets(rate, table)
    if offsets is None:
        return {}
    rows = np.flatnonzero(offsets)
    return dict(zip(rows.tolist(), np.exp(offsets[rows]).tolist(), strict=True))


def asked(ctx: Context, owner: str, act: str) -> dict[str, Any]:
    """Details of the one request of this kind; none if there is none."""
    found = [post[3] for post in ctx.effects.acts if post[1:3] == (owner, act)]
    assert len(found) <= 1
    return found[0] if found else {}


def booked(ctx: Context, lever: Lever) -> float:
    """Euros that the lever books this month, over all districts."""
    return float(
        sum(ctx.ledger.month[item.name].sum() for item in lever.costs if item.name in ctx.ledger.month)
    )


def tenants(ctx: Context, district: int | None = None) -> np.ndarray:
    """Households of corporations, everywhere or in a district."""
    table = ctx.world.household
    mask = table.alive & (table.tenure == int(Tenure.CORPORATION))
    if district is not None:
        mask &= table.district == district
    return np.flatnonzero(mask)
