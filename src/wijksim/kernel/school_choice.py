"""School choice: how strongly homes are held to the schools of their own district."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.areas import named
from wijksim.kernel.strategy import Strategy

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class SchoolChoice(Strategy):
    """Strategy of kind ``school_choice``; as it stands, nobody is held to a district.

    A subclass with an argument ``districts`` rules for the homes of those named alone.
    """

    kind: ClassVar[str] = "school_choice"
    side_by_side: ClassVar[bool] = True

    @classmethod
    def together(cls, rules: Sequence[Strategy]) -> Strategy:
        """One rule out of several."""
        mine = [rule for rule in rules if isinstance(rule, SchoolChoice)]
        return ChoiceTogether(mine) if len(mine) == len(rules) else super().together(rules)

    def held(self, ctx: Context, pupils: dict[str, NDArray[Any]]) -> NDArray[np.float64]:
        """Weight of the own district for each pupil, shape ``(pupils,)``."""
        del ctx
        return np.zeros(pupils["district"].size)

    def rules(self, ctx: Context) -> NDArray[np.bool_]:
        """Districts in which this rule holds, shape ``(n_districts,)``."""
        return named(ctx, str(self.arguments.get("districts", "")))


class ChoiceTogether(SchoolChoice):
    """Several rules, each for the homes of districts of its own; elsewhere nobody is held."""

    name: ClassVar[str] = "choice_together"

    def __init__(self, rules: Sequence[SchoolChoice]) -> None:
        super().__init__()
        self.parts = tuple(rules)

    def held(self, ctx: Context, pupils: dict[str, NDArray[Any]]) -> NDArray[np.float64]:
        """Weight by the rule of the home."""
        weight = super().held(ctx, pupils)
        home = pupils["district"]
        for rule in self.parts:
            weight = np.where((home >= 0) & rule.rules(ctx)[home], rule.held(ctx, pupils), weight)
        return weight
