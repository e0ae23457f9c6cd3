"""Nuisance, disorder, social control."""

from __future__ import annotations

from typing import ClassVar

from wijksim.core.units import PER_THOUSAND
from wijksim.kernel.measure import MEASURES
from wijksim.measures._base import Mean, Rate, Share


@MEASURES.register
class NuisanceOften(Share):
    """Households that often have nuisance from neighbours."""

    name = "nuisance_often"
    label, label_nl = (
        "Households with frequent nuisance from neighbours",
        "Huishoudens met vaak burenoverlast",
    )
    direction = -1
    table = "household"
    theme = "nuisance"
    column = "household.nuisance_often"
    outcome = ("O01",)


@MEASURES.register
class NuisanceReports(Rate):
    """Reports of nuisance per 1,000 households a year; more reports are not more nuisance."""

    name = "nuisance_reports"
    label, label_nl = "Reports of nuisance", "Overlastmeldingen"
    table = "household"
    theme = "nuisance"
    column = "household.nuisance_report"
    outcome = ("O01",)


@MEASURES.register
class NuisanceSources(Mean):
    """Residents who cause nuisance, per 1,000 residents."""

    name = "nuisance_sources"
    label, label_nl = "Residents who cause nuisance", "Bewoners die overlast geven"
    unit = "per 1,000 residents"
    direction = -1
    theme = "nuisance"
    scale = PER_THOUSAND
    column = "resident.nuisance_source"
    groups = False
    outcome = ("O01",)


class _OfEntrance(Mean):
    table: ClassVar[str] = "household"
    theme: ClassVar[str] = "nuisance"
    unit: ClassVar[str] = "score"


@MEASURES.register
class Disorder(_OfEntrance):
    """Disorder around the front door, deviation from the national mean."""

    name = "disorder"
    label, label_nl = "Disorder", "Verloedering"
    direction = -1
    column = "entrance.disorder"
    outcome = ("O01",)


@MEASURES.register
class Control(_OfEntrance):
    """Informal social control, deviation from the national mean."""

    name = "social_control"
    label, label_nl = "Social control", "Sociale controle"
    direction = 1
    column = "entrance.control"
    outcome = ("O16",)
