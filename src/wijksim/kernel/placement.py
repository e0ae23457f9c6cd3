"""Placement: which worker takes which case, and which vacancy is filled first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.areas import named
from wijksim.kernel.strategy import Strategy

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class Placement(Strategy):
    """Strategy of kind ``placement``; as it stands, the colleague with the fewest cases and the oldest vacancy.

    A case is placed once, among the colleagues of its role in its district, and stays where it is. What a rule
    prefers is weighed against the caseload: a preference of 1 is worth as much as the mean caseload of the place.
    """

    kind: ClassVar[str] = "placement"
    side_by_side: ClassVar[bool] = True

    @classmethod
    def together(cls, rules: Sequence[Strategy]) -> Strategy:
        """One rule out of several."""
        mine = [rule for rule in rules if isinstance(rule, Placement)]
        return PlacementTogether(mine) if len(mine) == len(rules) else super().together(rules)

    def order(self, ctx: Context, cases: dict[str, Any]) -> NDArray[np.float64] | None:
        """Rank in which cases are placed, highest first, shape ``(cases,)``; None if it does not matter.

        ``cases`` holds ``need`` in [0, 1], ``crises`` (decayed sum of reports) and ``district``.
        """
        del ctx, cases
        return None

    def prefers(
        self, ctx: Context, cases: dict[str, Any], colleagues: dict[str, Any]
    ) -> NDArray[np.float64] | None:
        """What each colleague is preferred by for each case, shape ``(cases, colleagues)``; None for nothing.

        ``colleagues`` holds ``fit`` with each case in [0, 1], of that shape, and ``craft`` of each (1 as usual).
        """
        del ctx, cases, colleagues
        return None

    def recruits(self, ctx: Context) -> NDArray[np.float64] | None:
        """Rank of the districts among which recruits are divided, highest first; None: who applied for it gets it."""
        del ctx
        return None

    def rules(self, ctx: Context) -> NDArray[np.bool_]:
        """Districts in which this rule holds, shape ``(n_districts,)``."""
        return named(ctx, str(self.arguments.get("districts", "")))

    @staticmethod
    def hardness(cases: dict[str, Any]) -> NDArray[np.float64]:
        """How hard cases are, from 0 to 1: great need, and more so after crises."""
        need = np.asarray(cases["need"], dtype=np.float64)
        hard: NDArray[np.float64] = 1 - (1 - need) / (1 + np.asarray(cases["crises"], dtype=np.float64))
        return hard


class PlacementTogether(Placement):
    """Several rules, each in districts of its own; elsewhere the colleague with the fewest cases takes the next.

    Recruits are one for the whole city: a district ranks as high as the rule puts it that ranks it highest.
    """

    name: ClassVar[str] = "placement_together"

    def __init__(self, rules: Sequence[Placement]) -> None:
        super().__init__()
        self.parts = tuple(rules)

    def order(self, ctx: Context, cases: dict[str, Any]) -> NDArray[np.float64] | None:
        """Rank by the rule of the district."""
        rank: NDArray[np.float64] | None = None
        for rule in self.parts:
            mine = rule.order(ctx, cases)
            if mine is not None:
                rank = np.zeros(mine.size) if rank is None else rank
                rank = np.where(rule.rules(ctx)[cases["district"]], mine, rank)
        return rank

    def prefers(
        self, ctx: Context, cases: dict[str, Any], colleagues: dict[str, Any]
    ) -> NDArray[np.float64] | None:
        """What the rule of the district prefers."""
        preferred: NDArray[np.float64] | None = None
        for rule in self.parts:
            mine = rule.prefers(ctx, cases, colleagues)
            if mine is not None:
                preferred = np.zeros_like(mine) if preferred is None else preferred
                preferred = np.where(rule.rules(ctx)[cases["district"]][:, None], mine, preferred)
        return preferred

    def recruits(self, ctx: Context) -> NDArray[np.float64] | None:
        """The highest rank that a rule gives a district."""
        ranks = [rank for rule in self.parts if (rank := rule.recruits(ctx)) is not None]
        return np.asarray(np.max(ranks, axis=0)) if ranks else None
