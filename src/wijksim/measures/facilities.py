"""Support for shops and services, the neighbourhood economy, meeting places and volunteers."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import PER_THOUSAND, PERCENT
from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.where import above
from wijksim.measures._base import Flow, OfDistrict, Share
from wijksim.measures._cells import Ages, cells, wanted_codes

# codes of premises of firms: shops, services, third places, workspaces
_FIRMS = (0, 1, 2, 4)
_ALL_AGES = np.iinfo(np.int16).max


# fmt: off
@compiled
def _in_business(
    district: NDArray[np.int32], alive: NDArray[np.bool_], is_open: NDArray[np.bool_], kind: NDArray[np.int8],
    units: NDArray[np.float32], firms: NDArray[np.uint8], heads: NDArray[np.float64], out: NDArray[np.float64],
) -> None:
    # fmt: on
    out[:] = 0.0
    for row in range(district.size):
        if district[row] >= 0 and alive[row] and is_open[row] and firms[kind[row]]:
            out[district[row]] += units[row]
    for d in range(out.size):
        out[d] = out[d] * PER_THOUSAND / max(heads[d], 1.0)


class _Figure(OfDistrict):
    theme: ClassVar[str] = "facilities"
    direction: ClassVar[int] = 1


@MEASURES.register
class SupportBase(_Figure):
    """What shops and services live on (spending of residents, demand from outside, subsidy) over what they need."""

    name = "support_base"
    label, label_nl = "Support base of shops and services", "Draagvlak voor winkels en diensten"
    unit = "%"
    scale = PERCENT
    column = "district.support_base"
    outcome = ("O18",)


@MEASURES.register
class PurchasingPower(_Figure):
    """Income after housing cost, per resident."""

    name = "purchasing_power"
    label, label_nl = "Purchasing power per resident", "Koopkracht per inwoner"
    unit = "EUR a month"
    column = "district.purchasing_power"
    outcome = ("O18",)


@MEASURES.register
class Amenities(_Figure):
    """Shops, services and meeting places that are open, per 1,000 residents."""

    name = "amenities"
    label, label_nl = "Shops, services and meeting places", "Winkels, diensten en ontmoetingsplekken"
    unit = "per 1,000 residents"
    column = "district.amenities"
    outcome = ("O18",)


@MEASURES.register
class MeetingPlaces(_Figure):
    """Meeting places that are open per resident, over the national number."""

    name = "meeting_places"
    label, label_nl = (
        "Meeting places, of the national number",
        "Ontmoetingsplekken, van het landelijke aantal",
    )
    unit = "%"
    scale = PERCENT
    column = "district.meeting_access"
    outcome = ("O18",)


@MEASURES.register
class LocalTurnover(_Figure):
    """Turnover of shops and services per resident: local spending and demand from outside."""

    name = "local_turnover"
    label, label_nl = "Turnover in the neighbourhood per resident", "Omzet in de wijk per inwoner"
    unit = "EUR a month"
    column = "district.local_turnover"
    outcome = ("O29",)


@MEASURES.register
class LocalJobs(_Figure):
    """Jobs in shops, services, places and workspaces, per 1,000 residents."""

    name = "local_jobs"
    label, label_nl = "Jobs in the neighbourhood", "Banen in de wijk"
    unit = "per 1,000 residents"
    column = "district.local_jobs"
    outcome = ("O29",)


@MEASURES.register
class Firms(_Figure):
    """Shops, services, third places and firms in workspaces that are open, per 1,000 residents."""

    name = "firms"
    label, label_nl = "Firms in the neighbourhood", "Bedrijven in de wijk"
    unit = "per 1,000 residents"
    outcome = ("O29",)

    def value(self, ctx: Context) -> NDArray[Any]:
        """Premises of firms that are open, per 1,000 residents."""
        table = ctx.world.facility
        firms, heads, found = wanted_codes(_FIRMS), cells(ctx, self.weight).counts, np.empty(ctx.world.n_districts)
        _in_business(table.district, table.alive, table.open, table.kind, table.units, firms, heads, found)
        return found


@MEASURES.register
class VacantPremises(_Figure):
    """Premises of shops, services, places and firms that stand vacant."""

    name = "vacant_premises"
    label, label_nl = "Vacant premises", "Leegstaande bedrijfsruimten"
    unit = "%"
    direction = -1
    scale = PERCENT
    column = "district.premises_vacant"
    outcome = ("O29",)


@MEASURES.register
class FacilityClosings(Flow):
    """Shops, services, places and firms that closed this month."""

    name = "facility_closings"
    label, label_nl = "Closings of shops and places", "Sluitingen van winkels en plekken"
    unit = "per 1,000 residents a year"
    direction = -1
    theme = "facilities"
    outcome = ("O29",)
    entry = "facilities_closed"


@MEASURES.register
class Initiatives(_Figure):
    """Activities that residents organise themselves, under way, per 1,000 residents."""

    name = "initiatives"
    label, label_nl = "Residents' initiatives", "Bewonersinitiatieven"
    unit = "per 1,000 residents"
    column = "district.initiatives"
    outcome = ("O16",)


@MEASURES.register
class Volunteers(Share):
    """Residents of 15 and over who work as a volunteer."""

    name = "volunteers"
    label, label_nl = "Volunteers", "Vrijwilligers"
    direction = 1
    theme = "facilities"
    ages: ClassVar[Ages | None] = (15, _ALL_AGES)
    outcome = ("O16",)
    counts_if = (above("resident.volunteer_hours", 0),)
