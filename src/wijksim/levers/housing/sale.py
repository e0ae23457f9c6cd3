"""Sale of corporation dwellings that fall vacant (L005)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class Sale(Lever):
    """Part of the vacated corporation dwellings is sold (verkoop na mutatie).

    It works at the speed of turnover. Nobody has to leave; who would have got the dwelling waits longer or is housed
    elsewhere, and who buys is somebody who can pay its price. What it brings the corporation is booked as a transfer;
    its use elsewhere is not in the model.
    """

    name: ClassVar[str] = "sale"
    title: ClassVar[str] = "Sale of corporation dwellings"
    title_nl: ClassVar[str] = "Verkoop van corporatiewoningen"
    explain: ClassVar[str] = (
        "Sells part of the corporation dwellings that fall vacant in the chosen districts."
    )
    explain_nl: ClassVar[str] = (
        "Verkoopt een deel van de vrijkomende corporatiewoningen in de gekozen wijken."
    )
    own_money: ClassVar[bool] = True
    family: ClassVar[str] = "housing"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L005", "H704", "HP31c")
    grade: ClassVar[str] = "D"
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L005",
            moves="income",
            sign=1,
            differs="What is there changes hands when it falls vacant; nothing is built and nobody has to leave.",
            arguments={"share": 0.3},
        ),
    )
    share = Param(
        0.3, "share", (0.0, 1.0), "policy", "D", ("L005",), "Part of the vacated dwellings that is sold"
    )
    most = Param(
        0.3,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("design",),
        "Most of the corporation's dwellings that it will sell",
    )
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "Sale ends with the programme")

    def act(self, ctx: Context, dose: float) -> None:
        """Ask the corporation to sell part of what falls vacant."""
        self.request(
            ctx,
            "corporation",
            "sell",
            districts=self.districts(ctx),
            share=self.number("share") * dose * self.number("coverage") * self.number("uptake"),
            most=self.number("most"),
        )
