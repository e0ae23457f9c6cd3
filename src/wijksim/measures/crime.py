"""Crime: suspects, youth, victims, what is registered."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.where import Where, above
from wijksim.measures._base import Counted, OfDistrict, Rate, Share

_EVERYBODY = np.iinfo(np.int16).max
YOUTH = (12, 23)
YOUNG_ADULTS = (18, 23)
ASKED = (15, _EVERYBODY)  # the Safety Monitor asks people of 15 and over


class _Crime(Counted):
    theme: ClassVar[str] = "crime"
    direction: ClassVar[int] = -1


@MEASURES.register
class Suspects(Rate, _Crime):
    """Cases as a registered suspect per 1,000 residents a year."""

    name = "suspects"
    label, label_nl = "Suspects of crime", "Verdachten van misdrijven"
    column = "resident.suspect"
    outcome = ("O14",)


@MEASURES.register
class YoungSuspects(Rate, _Crime):
    """The same at 18 to 22."""

    name = "suspects_young"
    label, label_nl = "Suspects of crime, 18-22", "Verdachten van misdrijven, 18-22 jaar"
    column = "resident.suspect"
    ages = YOUNG_ADULTS
    groups = False
    outcome = ("O14",)


@MEASURES.register
class FirstSuspects(Rate, _Crime):
    """Residents who become a suspect for the first time in life, per 1,000 a year."""

    name = "suspects_first"
    label, label_nl = "Suspects for the first time", "Verdachten die dat voor het eerst zijn"
    column = "resident.suspect_first"
    groups = False
    outcome = ("O14",)


@MEASURES.register
class YouthInCrime(Share, _Crime):
    """Youths of 12 to 22 at the fringe of crime or in it."""

    name = "youth_in_crime"
    label, label_nl = (
        "Youths (12-22) in crime or at its fringe",
        "Jongeren (12-22) in of bij de criminaliteit",
    )
    column = "resident.crime_stage"
    ages = YOUTH
    outcome = ("O14",)
    counts_if = (above("resident.crime_stage", 0),)


@MEASURES.register
class Victims(Share):
    """Residents of 15 and over who were the victim of a traditional crime in the last twelve months."""

    name = "victims"
    label, label_nl = (
        "Victims of crime in the last year",
        "Slachtoffers van criminaliteit in het afgelopen jaar",
    )
    theme = "crime"
    direction = -1
    column = "resident.victim_last"
    ages = ASKED
    outcome = ("O14",)
    counts_if = (Where("resident.victim_last", 1 - MONTHS_PER_YEAR, now=True),)


@MEASURES.register
class RegisteredCrime(OfDistrict):
    """Registered theft, violence and vandalism per 1,000 residents a year; more records are not more crime."""

    name = "registered_crime"
    label, label_nl = "Registered crime", "Geregistreerde criminaliteit"
    unit = "per 1,000 a year"
    theme = "crime"
    scale = PER_THOUSAND
    column = "district.registered_crime"
    outcome = ("O14",)


@MEASURES.register
class Burglaries(Rate):
    """Burglaries of dwellings per 1,000 households a year."""

    name = "burglaries"
    label, label_nl = "Burglaries", "Woninginbraken"
    direction = -1
    table = "household"
    theme = "crime"
    column = "household.burgled"
    outcome = ("O14",)
