"""Part of the homes is let by lot among those who respond."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.letting_lever import LettingLever
from wijksim.kernel.lever import LEVERS


@LEVERS.register
class LettingLottery(LettingLever):
    """Lot instead of registration time for part of the vacancies (loting).

    Those who cannot wait ten years have a chance, those who have waited long lose part of theirs. Need for support is
    not looked at, so that who comes differs from the null only as far as the newly registered differ from those who
    waited long. No evidence of an effect on neighbourhoods was found. A lot costs no more than a list, so nothing is
    booked.
    """

    name: ClassVar[str] = "letting-lottery"
    title: ClassVar[str] = "Lottery of homes"
    title_nl: ClassVar[str] = "Loting van huurwoningen"
    explain: ClassVar[str] = "Part of the vacant corporation dwellings is drawn by lot among regular seekers."
    explain_nl: ClassVar[str] = (
        "Een deel van de vrijkomende corporatiewoningen wordt verloot onder gewone woningzoekenden."
    )
    evidence: ClassVar[tuple[str, ...]] = ("design",)
    grade: ClassVar[str] = "D"
    rule = "lottery"

    steered_share = Param(0.3, "share", (0.0, 1.0), "policy", "D", ("design",), "Vacancies drawn by lot")
