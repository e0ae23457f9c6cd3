"""Suspects, victims, crime in the street."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND
from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES
from wijksim.measures._base import Ages, OfDistrict, Share

_ALL_AGES = np.iinfo(np.int16).max


class _Suspects(Share):
    theme: ClassVar[str] = "crime"
    direction: ClassVar[int] = -1
    outcome: ClassVar[tuple[str, ...]] = ("O14",)

    def counted(self, ctx: Context) -> NDArray[Any]:
        """Registered as a suspect in the last twelve months."""
        return np.asarray(ctx.world.resident.offence_last > ctx.month - MONTHS_PER_YEAR)


@MEASURES.register
class Suspects(_Suspects):
    """Residents of 12 and over who were suspects in the last twelve months."""

    name = "suspects"
    label, label_nl = "Suspects of crime in a year", "Verdachten van misdrijven in een jaar"
    ages: ClassVar[Ages | None] = (12, _ALL_AGES)


@MEASURES.register
class YoungSuspects(_Suspects):
    """Residents of 12 to 22 who were suspects in the last twelve months."""

    name = "young_suspects"
    label, label_nl = "Suspects of 12 to 22 in a year", "Jonge verdachten (12-22) in een jaar"
    ages: ClassVar[Ages | None] = (12, 23)


@MEASURES.register
class Victims(Share):
    """Residents of 15 and over who became a victim this month, as a yearly figure."""

    name = "victims"
    label, label_nl = "Victims of crime", "Slachtoffers van misdaad"
    unit = "% a year"
    direction = -1
    theme = "crime"
    scale = Share.scale * MONTHS_PER_YEAR
    flow = True
    ages: ClassVar[Ages | None] = (15, _ALL_AGES)
    column = "resident.victim"
    outcome = ("O14",)


@MEASURES.register
class RegisteredCrime(OfDistrict):
    """Registered theft, violence and vandalism per 1,000 residents a year."""

    name = "registered_crime"
    label, label_nl = "Registered crime", "Geregistreerde misdrijven"
    unit = "per 1,000 residents a year"
    direction = -1
    theme = "crime"
    scale = PER_THOUSAND
    column = "district.crime_rate"
    outcome = ("O14",)
