"""Organisations that work together better (samenwerking, hechte coalitie, gezamenlijke agenda)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.errors import did_you_mean
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries, use
from wijksim.kernel.cooperation import ALL_PAIRS, pair_name
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.roles import Partner

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

EVERY_PAIR = "all"
_PARTNERS = {partner.key: partner for partner in Partner}


@LEVERS.register
class Cooperation(Lever):
    """Raise the level of cooperation between each pair of the organisations that take part.

    More referrals between them arrive, and help that needs several keeps more of its effect; the hours that meeting
    takes are lost to residents, or hours won back from quarrels about limits are gained. That partners share goals,
    budgets or an agenda is not simulated as such: rows differ by who takes part, how far it reaches and what it
    costs in hours.
    """

    name: ClassVar[str] = "cooperation"
    title: ClassVar[str] = "Cooperation of organisations"
    title_nl: ClassVar[str] = "Samenwerking tussen organisaties"
    explain: ClassVar[str] = "Organisations refer to one another and act together more often."
    explain_nl: ClassVar[str] = (
        "Organisaties verwijzen vaker naar elkaar door en pakken problemen vaker samen aan."
    )
    family: ClassVar[str] = "governance"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("G004", "G005", "G006", "G007", "G010", "G027", "ASM-13", "PT23")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G004",
            moves="cohesion",
            sign=1,
            arguments={"odds": 2.0, "hours": 0.0},
            differs="One view of the area: hours go from single clients to what residents share.",
            together=(
                use("staffing", id="shared", role="community_builder", change=1.0),
                use("staffing", id="clients", role="social_worker", change=-0.1),
            ),
        ),
        Carries(
            "G005",
            moves="support_need",
            sign=-1,
            arguments={"partners": "corporation,care,police,municipality", "odds": 3.0},
            differs="A close coalition of four that cannot do without one another; the others stay as they were.",
        ),
        Carries(
            "G006",
            moves="support_need",
            sign=-1,
            arguments={"odds": 3.0, "hours": -0.08},
            differs="All organisations, from six to eight of ten referrals that arrive, at the price of meetings.",
        ),
        Carries(
            "G007",
            moves="cooperation",
            sign=1,
            arguments={"partners": "municipality,care,corporation", "odds": 2.0, "hours": 0.0},
            differs="Incentives by a pooled budget, between those among whom costs and gains leak most.",
        ),
        Carries(
            "G010",
            moves="support_need",
            sign=-1,
            arguments={"odds": 2.0, "hours": 0.05},
            differs="No blame: the hours lost to quarrels about limits come back to residents.",
        ),
        Carries(
            "G027",
            moves="cooperation",
            sign=1,
            arguments={"odds": 2.0, "ramp": 24.0},
            differs="A driving force that makes ties between organisations form twice as easily, slowly.",
        ),
    )

    partners = Argument(
        EVERY_PAIR,
        (),
        f"Organisations that take part, separated by commas: {EVERY_PAIR}, or some of {', '.join(_PARTNERS)}",
    )
    odds = Param(
        3.0,
        "odds ratio",
        (0.34, 3.0),
        "assumed",
        "D",
        ("G006", "PT23"),
        "Odds that a referral arrives, with over without (kept between a third and three)",
    )
    hours = Param(
        -0.08,
        "share",
        (-0.15, 0.15),
        "assumed",
        "D",
        ("G006", "G010"),
        "Change in hours for residents: meetings take them, quarrels spared give them back",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Scale the odds of the pairs and the hours, in the target districts."""
        here = np.flatnonzero(self.districts(ctx)).astype(np.int32)
        dose *= self.number("coverage") * self.number("uptake")
        for name in self.pairs():
            self.scale(ctx, name, "district", here, self.number("odds") ** dose)
        if self.number("hours"):
            self.scale(ctx, "professionals.hours", "district", here, 1 + self.number("hours") * dose)

    def fault(self) -> str:
        """Say which partner is unknown."""
        for word in self._named():
            if word not in _PARTNERS:
                meant = did_you_mean(word, _PARTNERS)
                hint = f"did you mean '{meant}'?" if meant else f"choose from {', '.join(_PARTNERS)}"
                return f"there is no partner '{word}', {hint}"
        return ""

    def pairs(self) -> tuple[str, ...]:
        """What is scaled: each pair of the partners named.

        Raises
        ------
        ValueError
            If a partner is unknown.
        """
        fault = self.fault()
        if fault:
            raise ValueError(fault)
        if not self._named():
            return (ALL_PAIRS,)
        members = sorted({_PARTNERS[word] for word in self._named()})
        return tuple(pair_name(one, other) for at, one in enumerate(members) for other in members[at + 1 :])

    def _named(self) -> list[str]:
        """Partners as written; none if all take part."""
        words = [word.strip() for word in str(self.arguments["partners"]).split(",")]
        return [] if words == [EVERY_PAIR] else words
