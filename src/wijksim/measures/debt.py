"""Debts, evictions, homelessness."""

from __future__ import annotations

from typing import ClassVar

from wijksim.core.units import PER_TEN_THOUSAND
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.where import above, true
from wijksim.measures._base import Flow, Mean, PerHead, Rate, Share, ShareAmong


class _OfHouseholds(Share):
    table: ClassVar[str] = "household"
    theme: ClassVar[str] = "debt"
    direction: ClassVar[int] = -1


@MEASURES.register
class ProblemDebt(_OfHouseholds):
    """Households in registered problem debt."""

    name = "problem_debt"
    label, label_nl = "Households in problem debt", "Huishoudens met problematische schulden"
    column = "household.problem_debt"
    outcome = ("O07",)


@MEASURES.register
class Arrears(_OfHouseholds):
    """Households with a month of rent or mortgage or more in arrears."""

    name = "arrears"
    label, label_nl = "Households in arrears", "Huishoudens met huur- of hypotheekachterstand"
    outcome = ("O07",)
    counts_if = (above("household.arrears", 0),)


@MEASURES.register
class InDebtTrack(ShareAmong):
    """Households in a debt track, of those in problem debt."""

    name = "debt_track_share"
    label, label_nl = (
        "In a debt track, of those in problem debt",
        "In schuldhulptraject, van problematische schulden",
    )
    direction = 1
    table = "household"
    theme = "debt"
    outcome = ("O07",)
    among_if = (true("household.problem_debt"),)
    counts_if = (above("household.debt_track", 0),)


@MEASURES.register
class Debts(Mean):
    """Debts without the mortgage, mean over all households."""

    name = "debt_mean"
    label, label_nl = "Debts per household", "Schulden per huishouden"
    unit = "EUR"
    direction = -1
    table = "household"
    theme = "debt"
    column = "household.debt"
    outcome = ("O07",)


@MEASURES.register
class EarlySignals(Rate):
    """Early-warning signals to the municipality (vroegsignalering)."""

    name = "early_signals"
    label, label_nl = "Early-warning signals", "Vroegsignalen"
    table = "household"
    theme = "debt"
    column = "household.early_signal"


@MEASURES.register
class Evictions(Flow):
    """Executed evictions per 1,000 households a year."""

    name = "evictions"
    label, label_nl = "Evictions", "Huisuitzettingen"
    direction = -1
    theme = "debt"
    weight = "household"
    outcome = ("O08",)
    entry = "evictions"


@MEASURES.register
class Homeless(PerHead):
    """People from the district who are homeless or in shelter, per 10,000 residents."""

    name = "homeless"
    label, label_nl = "Homeless or in shelter, from here", "Dakloos of in de opvang, van hier"
    unit = "per 10,000 residents"
    direction = -1
    theme = "debt"
    scale = PER_TEN_THOUSAND
    column = "district.homeless"
    outcome = ("O08",)
