"""Dwellings sold, pulled down, replaced and renovated."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.measure import MEASURES
from wijksim.kernel.where import STANDING, code
from wijksim.measures._base import Flow, Share
from wijksim.state.codes import EnergyLabel, Tenure, Works

THEME = "housing"


class _OfDwellings(Share):
    table: ClassVar[str] = "dwelling"
    theme: ClassVar[str] = THEME


class _Works(Flow):
    theme: ClassVar[str] = THEME
    unit: ClassVar[str] = "per 1,000 dwellings a year"
    weight: ClassVar[str] = "dwelling"


@MEASURES.register
class Replaced(_OfDwellings):
    """Dwellings built since the world began where others stood (vervangende nieuwbouw)."""

    name = "replaced_share"
    label, label_nl = "Dwellings replaced", "Vervangen woningen"
    column = "dwelling.replaced"


@MEASURES.register
class Renovated(_OfDwellings):
    """Dwellings renovated since the world began."""

    name = "renovated_share"
    label, label_nl = "Dwellings renovated", "Gerenoveerde woningen"
    column = "dwelling.renovated"


@MEASURES.register
class CorporationOwned(_OfDwellings):
    """Standing dwellings that corporations own."""

    name = "corporation_dwellings"
    label, label_nl = "Dwellings of corporations", "Woningen van corporaties"
    counts_if = (STANDING, code("dwelling.owner", Tenure.CORPORATION))


@MEASURES.register
class InWorks(_OfDwellings):
    """Dwellings that wait for demolition or are a building site."""

    name = "awaiting_demolition_or_site"
    label, label_nl = "Dwellings emptied or being rebuilt", "Woningen in uitplaatsing of herbouw"
    codes = (int(Works.REHOUSING), int(Works.CLEARING), int(Works.SITE))
    column = "dwelling.works"


@MEASURES.register
class PoorLabel(_OfDwellings):
    """Dwellings with energy label E, F or G; what energy costs a household is not in the model."""

    name = "poor_energy_label"
    label, label_nl = "Dwellings with energy label E, F or G", "Woningen met energielabel E, F of G"
    direction = -1
    codes = (int(EnergyLabel.E), int(EnergyLabel.F), int(EnergyLabel.G))
    column = "dwelling.energy_label"
    outcome = ("O28",)


@MEASURES.register
class Demolished(_Works):
    """Dwellings pulled down."""

    name = "dwellings_demolished"
    label, label_nl = "Dwellings demolished", "Gesloopte woningen"
    entry = "demolished"


@MEASURES.register
class Rebuilt(_Works):
    """Dwellings delivered where others were pulled down."""

    name = "dwellings_replaced"
    label, label_nl = "New dwellings on the spot", "Opgeleverde vervangende woningen"
    entry = "replaced"


@MEASURES.register
class Added(_Works):
    """Dwellings built beyond the number that was pulled down (verdichting)."""

    name = "dwellings_added"
    label, label_nl = "Dwellings added", "Toegevoegde woningen"
    entry = "added"


@MEASURES.register
class Sold(_Works):
    """Corporation dwellings sold."""

    name = "dwellings_sold"
    label, label_nl = "Corporation dwellings sold", "Verkochte corporatiewoningen"
    entry = "sold"


@MEASURES.register
class RenovatedNow(_Works):
    """Dwellings whose renovation is finished."""

    name = "dwellings_renovated"
    label, label_nl = "Dwellings renovated this year", "Opgeleverde renovaties"
    entry = "renovated"
