"""Liveability index, its dimensions and the gap between districts."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES
from wijksim.measures._base import OfDistrict
from wijksim.measures._cells import cells


class _Index(OfDistrict):
    theme: ClassVar[str] = "liveability"
    unit: ClassVar[str] = "points"
    direction: ClassVar[int] = 1
    outcome: ClassVar[tuple[str, ...]] = ("O02",)


@MEASURES.register
class LiveabilityIndex(_Index):
    """Model index of liveability, deviation from the constant reference; no Leefbaarometer score."""

    name = "liveability_index"
    label, label_nl = "Liveability, model index", "Leefbaarheid, modelindex"
    column = "district.afw"


@MEASURES.register
class LiveabilityReading(_Index):
    """The index as a two-yearly reading would show it, with reading noise."""

    name = "liveability_reading"
    label, label_nl = "Liveability, two-yearly reading", "Leefbaarheid, tweejaarlijkse meting"
    column = "district.afw_read"


@MEASURES.register
class LiveabilityRelative(_Index):
    """The index less the rise that the whole country sees."""

    name = "liveability_relative"
    label, label_nl = "Liveability less the national rise", "Leefbaarheid ten opzichte van de landelijke lijn"
    column = "district.afw_gap"


@MEASURES.register
class LiveabilityGap(_Index):
    """The index less the mean of all simulated districts."""

    name = "liveability_gap"
    label, label_nl = "Gap with the other districts", "Kloof met de andere wijken"
    direction = 0
    outcome = ("O21",)

    def value(self, ctx: Context) -> NDArray[Any]:
        """Index less its mean over residents."""
        index, weight = ctx.world.district.afw, cells(ctx, self.weight).counts
        total = weight.sum()
        return np.asarray(index - (index @ weight / total if total > 0 else 0))


@MEASURES.register
class LiveabilityDwellings(_Index):
    """Dimension dwelling stock."""

    name = "liveability_won"
    label, label_nl = "Dwelling stock", "Woningvoorraad"
    column = "district.won"


@MEASURES.register
class LiveabilityPhysical(_Index):
    """Dimension physical environment."""

    name = "liveability_fys"
    label, label_nl = "Physical environment", "Fysieke omgeving"
    column = "district.fys"


@MEASURES.register
class LiveabilityAmenities(_Index):
    """Dimension amenities."""

    name = "liveability_vrz"
    label, label_nl = "Amenities", "Voorzieningen"
    column = "district.vrz"


@MEASURES.register
class LiveabilityCohesion(_Index):
    """Dimension social cohesion."""

    name = "liveability_soc"
    label, label_nl = "Cohesion, index", "Sociale samenhang, index"
    column = "district.soc"


@MEASURES.register
class LiveabilityNuisance(_Index):
    """Dimension nuisance and insecurity; higher is better."""

    name = "liveability_onv"
    label, label_nl = "Nuisance and insecurity, index", "Overlast en onveiligheid, index"
    column = "district.onv"
