"""Making it safe to go out and meet: supervision, light and hosts on the way (L073)."""

from __future__ import annotations

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever

STREET_HOSTS = CostItem(
    "street_hosts",
    "Supervision and hosts on the street",
    "Toezicht en gastheren op straat",
    payers=(("municipality", 1.0),),
    grade="D",
    kind="programme",
)


@LEVERS.register
class SafeToMeet(RateLever):
    """Go along with people who stay in for fear, so that they come out all the same (veiligheid als voorwaarde).

    Whoever does not feel safe goes out less: contacts hold a gate on felt safety, ``1 / (1 + exp(-slope (safety -
    middle)))``, and where it is shut no lever on meeting can do anything. This lever multiplies the odds of going out
    of those it reaches: much where people are afraid, next to nothing where they are not. It does not make anybody
    feel safer: that takes police, order and nothing happening (two thirds of the fall in detours of 1995 to 2003 is
    put down to more police, EFF-21), so that the row is tried together with more neighbourhood police.
    """

    name = "safe-to-meet"
    title = "Safe to go out and meet"
    title_nl = "Veiligheid als voorwaarde voor contact"
    explain = "Supervision, light and hosts on the street, so that people who are afraid go out all the same."
    explain_nl = "Toezicht, licht en gastheren op straat, zodat mensen die bang zijn toch naar buiten gaan."
    family = "safety"
    evidence = ("L073", "M013", "EFF-21")
    grade = "D"
    costs = (STREET_HOSTS,)
    targets = ("districts", "groups")
    rates = (("contacts.gate", "resident", "odds_ratio"),)
    price = (STREET_HOSTS, "price_per_person")
    carries = (
        Carries(
            "L073",
            moves="good_ties",
            sign=1,
            differs="Acts on the gate before all meeting, so that it matters most beside levers on meeting",
            with_levers=({"lever": "neighbourhood-police"},),
        ),
    )

    odds_ratio = Param(
        1.5,
        "ratio of odds",
        (1.0, 3.0),
        "assumed",
        "D",
        ("L073", "design"),
        "Odds of going out with hosts about, against without",
    )
    price_per_person = Param(
        15.0,
        "EUR a year",
        (0.0, 60.0),
        "assumed",
        "D",
        ("design",),
        "Cost per adult whom it reaches",
        price_year=2023,
    )
    uptake = Param(0.7, "share", (0.3, 1.0), "assumed", "D", ("design",), "Part of adults who make use of it")
    decay = Param(
        0.0, "months", (0.0, 60.0), "assumed", "D", ("design",), "Half-life after supervision has gone"
    )
