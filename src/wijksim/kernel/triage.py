"""Triage: who comes first for the hours of professionals, and which hours crises cannot take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.areas import named
from wijksim.kernel.strategy import Strategy

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class Triage(Strategy):
    """Strategy of kind ``triage``; as it stands, greatest need first and nothing kept from crises.

    A subclass with an argument ``districts`` rules in those named alone; elsewhere greatest need goes first.
    """

    kind: ClassVar[str] = "triage"
    side_by_side: ClassVar[bool] = True

    @classmethod
    def together(cls, rules: Sequence[Strategy]) -> Strategy:
        """One rule out of several."""
        mine = [rule for rule in rules if isinstance(rule, Triage)]
        return TriageTogether(mine) if len(mine) == len(rules) else super().together(rules)

    def reserve(self, ctx: Context, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Hours kept for outreach before anything else, of the shape ``(roles, districts)`` of ``hours``."""
        del ctx
        return np.zeros_like(hours)

    def score(self, ctx: Context, cases: dict[str, Any]) -> NDArray[np.float64]:
        """Rank of residents among the open cases or in the queue, highest first, shape ``(cases,)``.

        ``cases`` holds ``need`` in [0, 1], ``waiting`` months in this stage, ``crises`` (decayed sum of reports) and
        ``district``.
        """
        del ctx
        return np.asarray(cases["need"], dtype=np.float64)

    def rules(self, ctx: Context) -> NDArray[np.bool_]:
        """Districts in which this rule holds, shape ``(n_districts,)``."""
        return named(ctx, str(self.arguments.get("districts", "")))


class TriageTogether(Triage):
    """Several rules, each in districts of its own; elsewhere greatest need goes first."""

    name: ClassVar[str] = "triage_together"

    def __init__(self, rules: Sequence[Triage]) -> None:
        super().__init__()
        self.parts = tuple(rules)

    def reserve(self, ctx: Context, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each rule keeps in its districts."""
        kept = super().reserve(ctx, hours)
        for rule in self.parts:
            kept = np.where(rule.rules(ctx), rule.reserve(ctx, hours), kept)
        return kept

    def score(self, ctx: Context, cases: dict[str, Any]) -> NDArray[np.float64]:
        """Rank by the rule of the district."""
        rank = super().score(ctx, cases)
        for rule in self.parts:
            rank = np.where(rule.rules(ctx)[cases["district"]], rule.score(ctx, cases), rank)
        return rank
