"""Self-reliance in balance with support: from which need on help is given (L062)."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever


@LEVERS.register
class HelpThreshold(RateLever):
    """Lower (or raise) the need from which professionals help (zelfredzaamheid in balans met steun).

    For those reached the threshold of the team is multiplied by a ratio. Below 1 more residents count as in need of
    help: more early cases, a longer queue at first, and perhaps fewer crises later. Above 1 it is the reverse, for
    which there is evidence: an own contribution for mental health care cut voluntary care by 13 per cent, doubled
    forced admissions, and four fifths of the saving was lost. No such ratio is put in here: it comes out or not. The
    lever has no cost of its own; cases take the hours of professionals.
    """

    name: ClassVar[str] = "help-threshold"
    title: ClassVar[str] = "Threshold for help"
    title_nl: ClassVar[str] = "Drempel voor hulp"
    explain: ClassVar[str] = "Professionals help when problems are smaller (or wait until they are larger)."
    explain_nl: ClassVar[str] = (
        "Professionals helpen al als problemen kleiner zijn (of wachten juist tot ze groter zijn)."
    )
    family: ClassVar[str] = "access"
    evidence: ClassVar[tuple[str, ...]] = ("L062",)
    grade: ClassVar[str] = "C"
    rates: ClassVar[tuple[tuple[str, str, str], ...]] = (("professionals.threshold", "resident", "ratio"),)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L062", moves="crises", sign=-1,
            differs="Who counts as in need of help changes; how people are found stays as it is.",
        ),
    )  # fmt: skip

    ratio = Param(
        0.6, "ratio", (0.4, 2.5), "policy", "C", ("L062",), "Need from which help is given, over that of now"
    )  # fmt: skip
    ramp = Param(6.0, "months", (0.0, 60.0), "policy", "D", ("design",), "Months until teams work that way")
    decay = Param(
        0.0, "months", (0.0, 60.0), "policy", "D", ("design",), "Half-life after the end; 0 ends it"
    )
