"""Say and ownership of residents (zeggenschap, eigenaarschap)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries, use
from wijksim.kernel.govern import EVERYTHING, Governed
from wijksim.kernel.lever import GOVERN, LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class ResidentsSay(Lever):
    """Let more people take part and let what was begun last longer.

    What residents want more of is not simulated: fit shows as uptake.
    """

    name: ClassVar[str] = "residents-say"
    title: ClassVar[str] = "Say of residents"
    title_nl: ClassVar[str] = "Zeggenschap van bewoners"
    explain: ClassVar[str] = (
        "Programmes follow what residents find important, so that more take part and more stays."
    )
    explain_nl: ClassVar[str] = (
        "Programma's volgen wat bewoners belangrijk vinden, zodat meer mensen meedoen en meer blijft hangen."
    )
    family: ClassVar[str] = "governance"
    phase: ClassVar[str] = GOVERN
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = (
        "G022",
        "G025",
    )
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ()
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G022",
            moves="initiatives",
            sign=1,
            arguments={"uptake": 1.0, "lasting": 1.67},
            differs="Ownership: what residents keep up themselves fades more slowly after the end.",
            with_levers=(
                use("initiative-coaching", decay=36, end=60),
                use("organised-meeting", decay=24, end=60),
            ),
        ),
        Carries(
            "G025",
            moves="share_in_basic_job",
            sign=1,
            arguments={"lasting": 1.0},
            differs="Perspective of the resident: more of those approached take part while it lasts.",
            with_levers=(use("basic-job", places_per_1000=5, uptake=0.6),),
        ),
    )
    aim = Argument(EVERYTHING, (), "Levers or families that are governed, separated by commas")
    uptake = Param(
        1.1, "ratio", (1.0, 1.5), "assumed", "D", ("G025",), "Part that takes part, with a say over without"
    )
    lasting = Param(
        1.67, "ratio", (1.0, 2.5), "assumed", "D", ("G022",), "Half-life after the end, with over without"
    )
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Raise the uptake of programmes and let them last longer after their end."""
        more, longer = (1 + (self.number(name) - 1) * dose for name in ("uptake", "lasting"))
        self.govern(ctx, self.aimed(), Governed(uptake=more, decay=longer))
