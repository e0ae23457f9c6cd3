"""Which measures carry the memo, and which of them a comparison has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.ledger import PARTIES
from wijksim.kernel.measure import Measure

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison

HEADLINES: tuple[str, ...] = (
    "liveability_index",
    "nuisance_often",
    "satisfaction_neighbourhood",
    "problem_debt",
    "poverty",
    "share_in_work",
    "share_in_assistance",
    "crises",
    "severe_loneliness",
    "stress",
    "trust",
    "waiting_for_help",
    "crisis_share",
    "moves_out",
    "homeless",
)
"""Names in the order of the page; one that was not recorded is left out."""

OPEN_PICTURES = 6
"""Headline measures whose pictures stand in the open; the others are folded away."""


def memo_measures() -> tuple[str, ...]:
    """Names of all measures that the memo reads: headlines, and costs by party."""
    costs = [f"{kind}_{party}" for kind in ("cost", "transfer") for party in PARTIES]
    return (*HEADLINES, *costs, "resource_cost")


def headlines(comparison: Comparison) -> tuple[type[Measure], ...]:
    """Headline measures that were recorded, in the order of the page; all that have a direction if there are none."""
    by_name = {kind.name: kind for kind in comparison.measures}
    found = tuple(by_name[name] for name in HEADLINES if name in by_name)
    return found or tuple(kind for kind in comparison.measures if kind.direction)


def weakest_district(comparison: Comparison) -> int:
    """Place of the most vulnerable district: worst mean rank on the headline measures in year 1 without policy.

    Notes
    -----
    It is chosen from levels of the null alternative alone, never from what a variant does. The first of two equal
    districts is taken; measures without a direction or with a missing level do not count.
    """
    count = len(comparison.districts) - 1
    ranks = []
    for kind in headlines(comparison):
        level = comparison.yearly(kind.name)[:, 0, 0, :count] * kind.direction
        if kind.direction and np.isfinite(level).all():
            ranks.append(np.argsort(np.argsort(level.mean(axis=0), kind="stable"), kind="stable"))
    return int(np.argmin(np.mean(ranks, axis=0))) if ranks else 0
