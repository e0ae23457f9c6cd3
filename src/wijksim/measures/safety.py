"""Felt safety, fear, avoidance."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.measure import MEASURES
from wijksim.measures._base import Share
from wijksim.measures._cells import Ages

ASKED: Ages = (15, 2**15 - 1)  # the Safety Monitor asks people of 15 and over


class _Felt(Share):
    theme: ClassVar[str] = "safety"
    direction: ClassVar[int] = -1
    ages: ClassVar[Ages | None] = ASKED


@MEASURES.register
class FeelsUnsafe(_Felt):
    """Residents of 15 and over who sometimes feel unsafe in the own neighbourhood."""

    name = "feels_unsafe"
    label, label_nl = (
        "Sometimes feels unsafe in the neighbourhood",
        "Voelt zich wel eens onveilig in de buurt",
    )
    column = "resident.unsafe"
    outcome = ("O15",)


@MEASURES.register
class Fear(_Felt):
    """Residents who are afraid of being robbed or harassed."""

    name = "fear_of_robbery"
    label, label_nl = "Afraid of being robbed or harassed", "Bang om lastiggevallen of beroofd te worden"
    column = "resident.fear"
    outcome = ("O15",)


@MEASURES.register
class Avoidance(_Felt):
    """Residents who often avoid places for safety."""

    name = "avoidance"
    label, label_nl = "Often avoids unsafe places", "Mijdt vaak onveilige plekken"
    column = "resident.avoidance"
    outcome = ("O15",)
