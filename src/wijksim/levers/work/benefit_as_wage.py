"""Part of the benefit paid as wage: the state adds to basic jobs what it would have paid as assistance (L098)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

YES, NO = "yes", "no"


@LEVERS.register
class BenefitAsWage(Lever):
    """Let benefit money go along to the job (uitkering omzetten in salaris).

    The benefit itself goes along already: in the accounts the municipality pays assistance, and saves it for each
    basic job. What this lever adds is what administering the benefit would have cost (L098), which the state pays the
    municipality for each job that is held. It is a transfer: the municipality pays less, the state more, and all
    together as much. It makes no job by itself; what it is for is the lever of basic jobs. Today the law does not allow
    it, so that the law is a switch: with ``allowed: no`` the request is refused and nothing is paid.
    """

    name: ClassVar[str] = "benefit-as-wage"
    title: ClassVar[str] = "Benefit paid as wage"
    title_nl: ClassVar[str] = "Uitkering omzetten in salaris"
    explain: ClassVar[str] = (
        "The state adds what the benefit of who takes a basic job would have cost to administer."
    )
    explain_nl: ClassVar[str] = (
        "Het Rijk betaalt de gemeente mee aan de basisbaan: wat de uitkering aan uitvoering had gekost."
    )
    family: ClassVar[str] = "work"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L098", "CST-13", "WRK-04")
    grade: ClassVar[str] = "B"
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L098", moves="cost_municipality", sign=-1,
            differs="It moves money between payers and changes nobody's work.",
            with_levers=({"lever": "basic-job", "places_per_1000": 5},),
        ),
    )  # fmt: skip

    allowed = Argument(YES, (YES, NO), "Whether the law allows it")
    offset = Param(
        2_883, "EUR per job a year", (0, 3_500), "measured", "B", ("L098",),
        "Administration of one benefit that goes along", price_year=2018,
    )  # fmt: skip
    ramp = Param(
        0.0, "months", (0.0, 60.0), "policy", "D", ("design",), "Months until the full benefit goes along"
    )
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "The payment ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Ask for the benefit to go along; coverage and uptake make the part that does smaller."""
        part = dose * self.number("coverage") * self.number("uptake")
        self.request(
            ctx,
            "work",
            "pay_benefit_as_wage",
            inside=self.districts(ctx),
            price=indexed(ctx, self.number("offset"), self.offset.price_year) * part,
            allowed=self.arguments["allowed"] == YES,
        )
