"""The lever on allocation: a rule for the vacancies in its target, at a price per letting that it steered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Param
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import Lever
from wijksim.kernel.strategy import PLACES, STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

STEERED_LETTING = CostItem(
    "steered_letting",
    "Steered lettings: interviews and matching",
    "Gericht toewijzen: gesprekken en matchen",
    payers=(("corporation", 1.0),),
    grade="D",
    kind="programme",
)


class LettingLever(Lever):
    """Choose a strategy for the lettings in the target; every subclass has an argument ``steered_share``.

    Arguments of the same name are handed to the strategy. The dose, coverage and uptake (of those who let) make the
    share of steered vacancies smaller, a dose above the full one larger, to at most all of them. A rule works at the
    speed of turnover only: nobody has to leave, and who is passed over remains a seeker. It ends with its programme
    whatever else stays of it, so that another may follow in the same place.

    Attributes
    ----------
    rule
        Strategy of kind ``allocation`` that it chooses.
    price
        Item that is booked and argument with the euros per steered letting; None if it costs nothing of its own.
    """

    family: ClassVar[str] = "allocation"
    verbs: ClassVar[tuple[str, ...]] = ("choose",)
    chooses: ClassVar[tuple[str, ...]] = ("allocation",)
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes")
    rule: ClassVar[str]
    price: ClassVar[tuple[CostItem, str] | None] = None

    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "A rule ends with its programme")

    def act(self, ctx: Context, dose: float) -> None:
        """Choose the rule, and book what it steered last month: the lettings of this month are still to come."""
        if self.window.end is not None and ctx.month >= self.window.end:
            return
        wanted = STRATEGIES.get(self.rule).declared()
        given: dict[str, Any] = {
            name: value for name, value in self.arguments.items() if name in wanted and name not in PLACES
        }
        given["steered_share"] = min(self.number("steered_share") * self.part(dose), 1.0)
        for name in PLACES:
            given[name] = ",".join(str(place) for place in getattr(self.target, name))
        self.choose(ctx, "allocation", self.rule, given)
        if self.price is not None:
            item, argument = self.price
            count = self.lettings(ctx, steered=True)
            if count.any():
                self.book(ctx, item, argument, count)

    def part(self, dose: float) -> float:
        """Part of the rule that is carried out."""
        return dose * self.number("coverage") * self.number("uptake")

    def lettings(self, ctx: Context, *, steered: bool) -> NDArray[np.float64]:
        """Lettings of last month in the target by district, all or those that were steered."""
        letting = ctx.world.letting
        chosen = letting.alive & letting.steered if steered else letting.alive
        rows = self.in_target(ctx, "letting", chosen.nonzero()[0].astype(np.int32))
        return np.bincount(letting.district[rows], minlength=ctx.world.n_districts).astype(np.float64)
