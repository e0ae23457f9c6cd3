"""Health, crises, loneliness."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.measure import MEASURES
from wijksim.measures._base import ADULTS, Mean, Rate, Share


class _OfResidents(Share):
    theme: ClassVar[str] = "health"
    direction: ClassVar[int] = -1


@MEASURES.register
class Crises(Rate):
    """Reports of confused behaviour (meldingen verward gedrag)."""

    name = "crises"
    label, label_nl = "Crises: reports of confused behaviour", "Meldingen van verward gedrag"
    direction = -1
    theme = "health"
    column = "resident.crises"
    outcome = ("O13", "O09")


@MEASURES.register
class Admissions(Rate):
    """Admissions to a psychiatric hospital (opnamen)."""

    name = "psychiatric_admissions"
    label, label_nl = "Psychiatric admissions", "Psychiatrische opnamen"
    direction = -1
    theme = "health"
    column = "resident.admitted"
    outcome = ("O09",)


@MEASURES.register
class SevereMentalIllness(_OfResidents):
    """Severe psychiatric problems."""

    name = "severe_mental_illness"
    label, label_nl = "Severe mental illness", "Ernstige psychische aandoening"
    column = "resident.psychiatric"
    outcome = ("O24",)


@MEASURES.register
class Addiction(_OfResidents):
    """Addiction."""

    name = "addiction"
    label, label_nl = "Addicted", "Verslaafd"
    column = "resident.addiction"
    outcome = ("O27",)


@MEASURES.register
class Lonely(_OfResidents):
    """Severe loneliness, adults."""

    name = "severe_loneliness"
    label, label_nl = "Severely lonely adults", "Ernstig eenzame volwassenen"
    column = "resident.lonely"
    ages = ADULTS
    outcome = ("O10",)


@MEASURES.register
class Need(Mean):
    """Need for support, adults."""

    name = "support_need"
    label, label_nl = "Need for support", "Ondersteuningsbehoefte"
    unit = "0-1"
    direction = -1
    theme = "health"
    column = "resident.need"
    ages = ADULTS
    outcome = ("O24",)


@MEASURES.register
class ViolenceAtHome(Rate):
    """Reports of violence at home per 1,000 households a year."""

    name = "domestic_violence"
    label, label_nl = "Reports of violence at home", "Meldingen van huiselijk geweld"
    direction = -1
    table = "household"
    theme = "health"
    column = "household.violence"
    outcome = ("O22",)
