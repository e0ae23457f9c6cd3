"""Ties, cohesion, support between residents."""

from __future__ import annotations

from typing import ClassVar

from wijksim.core.units import MONTHS_PER_YEAR, WEEKS_PER_MONTH
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.where import Where
from wijksim.measures._base import ADULTS, Among, Mean, Share
from wijksim.measures._cells import Ages
from wijksim.state.structure import ADULT_AGE


class _OfAdults(Mean):
    theme: ClassVar[str] = "contacts"
    direction: ClassVar[int] = 1
    ages: ClassVar[Ages | None] = ADULTS


class _OfSettled(Among):
    """Of adults who have had the time to make ties: newcomers know nobody yet, and ties are described half-yearly."""

    theme: ClassVar[str] = "contacts"
    direction: ClassVar[int] = 1
    among_if = (
        Where("resident.arrived", high=-MONTHS_PER_YEAR, now=True),
        Where("resident.age", ADULT_AGE),
    )


@MEASURES.register
class GoodTies(_OfAdults):
    """Good contacts per adult."""

    name = "good_ties"
    label, label_nl = "Good contacts per adult", "Goede contacten per volwassene"
    unit = "persons"
    column = "resident.good_ties"
    outcome = ("O10", "O16")


@MEASURES.register
class Acquaintances(_OfAdults):
    """Personal ties within the neighbourhood per adult, weak ones included."""

    name = "acquaintances"
    label, label_nl = "Acquaintances in the neighbourhood", "Bekenden in de buurt"
    unit = "persons"
    column = "resident.ties"
    outcome = ("O16",)


@MEASURES.register
class WeeklyContact(Share):
    """Adults who meet neighbours once a week or more (burencontact); looked at once in half a year."""

    name = "weekly_contact"
    label, label_nl = "Weekly contact with neighbours", "Wekelijks burencontact"
    direction = 1
    theme = "contacts"
    ages = ADULTS
    outcome = ("O16",)
    counts_if = (Where("resident.contact", WEEKS_PER_MONTH),)


@MEASURES.register
class Bridging(_OfSettled):
    """Part of the strength of ties that goes to another milieu, of adults who have been here a year."""

    name = "bridging"
    label, label_nl = "Ties that bridge milieus", "Overbruggende contacten"
    unit = "0-1"
    column = "resident.bridging"
    outcome = ("O16",)


@MEASURES.register
class ContactQuality(_OfSettled):
    """Quality of contact across milieus, a stand-in for empathy (grade D); of adults here for a year."""

    name = "contact_quality"
    label, label_nl = "Quality of contact across milieus", "Contactkwaliteit over groepen heen"
    unit = "index"
    column = "resident.contact_quality"
    outcome = ("O17",)


@MEASURES.register
class Support(_OfAdults):
    """Informal support received."""

    name = "informal_support"
    label, label_nl = "Informal support received", "Ontvangen burenhulp"
    unit = "hours a month"
    column = "resident.support"
    outcome = ("O16",)


@MEASURES.register
class Cohesion(Mean):
    """Social cohesion of the entrance, mean over households."""

    name = "cohesion"
    label, label_nl = "Social cohesion", "Sociale samenhang"
    unit = "score 0-10"
    direction = 1
    table = "household"
    theme = "contacts"
    column = "entrance.cohesion"
    outcome = ("O16",)


@MEASURES.register
class KnowsNeighbours(Share):
    """Adults who know the people of the neighbourhood."""

    name = "knows_neighbours"
    label, label_nl = "Adults who know their neighbours", "Volwassenen die buurtgenoten kennen"
    direction = 1
    theme = "contacts"
    column = "resident.knows_neighbours"
    ages = ADULTS
    outcome = ("O16",)
