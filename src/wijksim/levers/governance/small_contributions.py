"""Many small contributions (veel kleine bijdragen)."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever

_FEWER = (
    ("contacts.lonely_onset", "resident"),
    ("nuisance.onset", "resident"),
    ("work.job_loss", "resident"),
    ("work.assistance_direct", "resident"),
    ("school.dropout_secondary", "resident"),
    ("school.dropout_vocational", "resident"),
    ("crime.fringe", "resident"),
    ("health.psychiatric_relapse", "resident"),
    ("health.addiction_relapse", "resident"),
    ("debt.entry", "household"),
    ("debt.execution", "household"),
    ("facilities.ends", "resident"),
    ("health.violence", "household"),
)
_MORE = (
    ("contacts.lonely_recovery", "resident"),
    ("work.job_finding", "resident"),
    ("work.assistance_to_work", "resident"),
    ("skills.class_start", "resident"),
    ("facilities.begins", "resident"),
    ("school.return", "resident"),
    ("debt.application", "household"),
)


@LEVERS.register
class SmallContributions(RateLever):
    """Twenty rates at once, each by half a hundredth in the good direction.

    What a city does in a thousand small ways that nobody can evaluate one by one: the question is whether their sum
    can be told from luck. What it costs is unknown and not booked.
    """

    name: ClassVar[str] = "small-contributions"
    title: ClassVar[str] = "Many small contributions"
    title_nl: ClassVar[str] = "Veel kleine bijdragen"
    explain: ClassVar[str] = (
        "Twenty things each go slightly better, at work, at school, at home and in contact."
    )
    explain_nl: ClassVar[str] = (
        "Twintig dingen gaan elk een klein beetje beter: werk, school, thuis en contact."
    )
    family: ClassVar[str] = "governance"
    evidence: ClassVar[tuple[str, ...]] = ("G028",)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    rates: ClassVar[tuple[tuple[str, str, str], ...]] = (
        *((rate, table, "fewer") for rate, table in _FEWER),
        *((rate, table, "more") for rate, table in _MORE),
    )
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G028",
            moves="problem_debt",
            sign=-1,
            differs="No programme at all: the sum of many effects, each too small to be found.",
        ),
    )

    fewer = Param(0.995, "ratio", (0.99, 1.0), "assumed", "D", ("G028",), "What is bad, with over without")
    more = Param(1.005, "ratio", (1.0, 1.01), "assumed", "D", ("G028",), "What is good, with over without")
