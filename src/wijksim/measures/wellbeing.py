"""Stress, trust, perspective, satisfaction, self-reliance of adults."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.measure import MEASURES
from wijksim.measures._base import ADULTS, Mean
from wijksim.measures._cells import Ages


class _OfAdults(Mean):
    theme: ClassVar[str] = "wellbeing"
    unit: ClassVar[str] = "0-1"
    direction: ClassVar[int] = 1
    ages: ClassVar[Ages | None] = ADULTS


@MEASURES.register
class Stress(_OfAdults):
    """Chronic stress."""

    name = "stress"
    label, label_nl = "Stress", "Stress"
    direction = -1
    column = "resident.stress"
    outcome = ("O24",)


@MEASURES.register
class Trust(_OfAdults):
    """Trust in institutions."""

    name = "trust"
    label, label_nl = "Trust in institutions", "Vertrouwen in instanties"
    column = "resident.trust"
    outcome = ("O12",)


@MEASURES.register
class Perspective(_OfAdults):
    """Expectation of one's own future."""

    name = "perspective"
    label, label_nl = "Perspective", "Toekomstperspectief"
    column = "resident.perspective"
    outcome = ("O12",)


@MEASURES.register
class SatisfactionNeighbourhood(_OfAdults):
    """Satisfaction with the neighbourhood."""

    name = "satisfaction_neighbourhood"
    label, label_nl = "Satisfaction with the neighbourhood", "Tevredenheid met de buurt"
    column = "resident.satisfaction"
    outcome = ("O03",)


@MEASURES.register
class SatisfactionHome(_OfAdults):
    """Satisfaction with the home."""

    name = "satisfaction_home"
    label, label_nl = "Satisfaction with the home", "Tevredenheid met de woning"
    column = "resident.satisfaction_home"
    outcome = ("O03",)


@MEASURES.register
class SelfReliance(_OfAdults):
    """Self-reliance."""

    name = "self_reliance"
    label, label_nl = "Self-reliance", "Zelfredzaamheid"
    column = "resident.self_reliance"
    outcome = ("O20",)
