"""Neighbours who are organised and trained to resist recruitment and intimidation (L077)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

RESILIENCE_TRAINING = CostItem(
    "resilience_training",
    "Training of residents against undermining crime",
    "Training en organisatie van weerbare bewoners",
    payers=(("municipality", 0.5), ("corporation", 0.25), ("police_justice", 0.25)),
    grade="D",
    kind="programme",
)


@LEVERS.register
class ResilientNeighbours(RateLever):
    """Organise and train adults, whose front door then resists recruitment of its youths (sterke weerbare buurten).

    What an organised adult adds is ``trust x ties``: who knows nobody, or trusts nobody, cannot do much, so that the
    same training does least where it is needed most. Recruitment behind a door falls by ``exp(-effect x resilience)``,
    with resilience the mean over all adults behind it (:mod:`wijksim.mechanisms.crime.answers`). Those organised also
    meet more people. Nothing of this was ever measured (L077), and either effect may be none; that dealers intimidate
    those who stand up is left out.
    """

    name = "resilient-neighbours"
    title = "Resilient neighbourhoods"
    title_nl = "Sterke, weerbare buurten"
    explain = (
        "Residents are organised and trained, so that their front door resists recruitment and intimidation."
    )
    explain_nl = "Bewoners worden georganiseerd en getraind, zodat criminelen er minder vat op krijgen."
    family = "safety"
    verbs = ("request", "scale")
    evidence = ("L077", "NUI-20")
    grade = "D"
    costs = (RESILIENCE_TRAINING,)
    targets = ("districts", "groups")
    rates = (("contacts.new_ties", "resident", "ties_ratio"),)
    price = (RESILIENCE_TRAINING, "price_per_person")
    carries = (
        Carries(
            "L077",
            moves="youth_in_crime",
            sign=-1,
            differs="Protects youths through the trust and ties of adults around them, and is weak where these lack",
        ),
    )

    effect = Param(
        0.3, "log ratio", (0.0, 1.0), "assumed", "D", ("L077",),
        "Fall of recruitment behind a door where every adult is organised, trusts and knows the neighbours",
    )  # fmt: skip
    ties_ratio = Param(
        1.1,
        "ratio",
        (1.0, 1.5),
        "assumed",
        "D",
        ("L077", "design"),
        "New ties of those organised, against without",
    )
    price_per_person = Param(
        150.0,
        "EUR a year",
        (30.0, 500.0),
        "assumed",
        "D",
        ("design",),
        "Training and organising per adult",
        price_year=2023,
    )
    coverage = Param(
        0.3, "share", (0.0, 1.0), "policy", "D", ("design",), "Part of adults that is approached"
    )
    uptake = Param(
        0.4, "share", (0.1, 1.0), "assumed", "D", ("design",), "Part of those approached that takes part"
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the programme after the end; 0 ends it"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Let those organised meet, book what it costs, and ask crime to reckon with their resistance."""
        reached = self.reached(ctx, self.whom(ctx), dose)
        if not reached.size:
            return
        if self.number("ties_ratio") != 1:
            self.scale(ctx, "contacts.new_ties", "resident", reached, self.number("ties_ratio"))
        self.request(ctx, "crime", "organise", residents=reached, effect=self.number("effect"))
        self.book(ctx, RESILIENCE_TRAINING, "price_per_person", self.count(ctx, reached), per=MONTHS_PER_YEAR)
