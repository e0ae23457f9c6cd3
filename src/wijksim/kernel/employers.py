"""Who pays for the posts of a role: one measure for all staff is borne by each employer for its own people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.ledger import CostItem
from wijksim.state.roles import Profession
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PAYERS: Mapping[Profession, str] = {
    Profession.SOCIAL_WORKER: "municipality",
    Profession.COMMUNITY_BUILDER: "municipality",
    Profession.DEBT_COUNSELLOR: "municipality",
    Profession.MENTAL_HEALTH_WORKER: "insurer",
    Profession.DISTRICT_NURSE: "insurer",
    Profession.YOUTH_WORKER: "municipality",
    Profession.JOB_COACH: "municipality",
    Profession.CARETAKER: "corporation",
    Profession.POLICE_OFFICER: "police_justice",
}
"""Party that bears the posts of a role, as the accounts do."""

_PARTIES = tuple(dict.fromkeys(PAYERS.values()))
_PARTY_OF = np.array([_PARTIES.index(PAYERS[role]) for role in Profession])  # by role

_TITLES: Mapping[str, tuple[str, str]] = {
    "municipality": ("municipality", "gemeente"),
    "insurer": ("health insurers", "zorgverzekeraars"),
    "corporation": ("corporation", "corporatie"),
    "police_justice": ("police", "politie"),
}


def by_employer(item: CostItem, roles: tuple[Profession, ...] = tuple(Profession)) -> dict[str, CostItem]:
    """One item for each party that pays for some of ``roles``, named after ``item`` and the party."""
    found: dict[str, CostItem] = {}
    for party in dict.fromkeys(PAYERS[role] for role in roles):
        english, dutch = _TITLES[party]
        found[party] = replace(
            item,
            name=f"{item.name}_{party}",
            label=f"{item.label}, {english}",
            label_nl=f"{item.label_nl}, {dutch}",
            payers=((party, 1.0),),
        )
    return found


def fte_by_employer(ctx: Context, posts: Rows) -> dict[str, NDArray[np.float64]]:
    """Filled fte of ``posts`` by the party that pays for them, each of shape ``(n_districts,)``."""
    table, n = ctx.world.professional, ctx.world.n_districts
    held = posts[~table.vacant[posts]]
    cell = _PARTY_OF.take(table.role[held]) * n + table.district[held]
    fte = np.bincount(cell, weights=table.fte[held], minlength=len(_PARTIES) * n)
    return dict(zip(_PARTIES, fte.reshape(-1, n), strict=True))
