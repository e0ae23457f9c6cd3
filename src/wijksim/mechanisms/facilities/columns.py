"""Columns of facilities, and what each kind lives on."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from wijksim.state.column import Column


class Kind(IntEnum):
    """Kind of premises (soort voorziening)."""

    SHOP = 0
    SERVICE = 1
    THIRD_PLACE = 2
    CENTRE = 3
    WORKSPACE = 4
    INFORMAL = 5


KEYS: tuple[str, ...] = tuple(kind.name.lower() for kind in Kind)

MEETING: tuple[Kind, ...] = (Kind.THIRD_PLACE, Kind.CENTRE)
AMENITIES: tuple[Kind, ...] = (Kind.SHOP, Kind.SERVICE, Kind.THIRD_PLACE, Kind.CENTRE)

SOURCES: tuple[str, ...] = ("local", "use", "hours", "subsidy")
"""Purchasing power of residents, visitors, volunteers and subsidy; the rest of the support comes from outside."""

COLUMNS = (
    Column("facility.district", np.int32, "row", "District (wijk)", ref="district"),
    Column("facility.kind", np.int8, "code", "What the premises are meant for", codes=Kind),
    Column("facility.units", np.float32, "premises",
           "Whole premises that the row stands for; a part where a small district shares one", low=0),
    Column("facility.open", np.bool_, "-", "In business; if not, the premises are vacant (leegstand)"),
    Column("facility.since", np.int16, "month", "Month in which it opened or fell vacant"),
    Column("facility.support", np.float32, "log ratio",
           "Log of its support, if vacant what it would have, over what its kind needs (draagvlak)",
           low=-3, high=3),
    Column("resident.volunteer_hours", np.float32, "hours/month", "Unpaid work for others (vrijwilligerswerk)", low=0),
    Column("resident.guided", np.bool_, "-", "Began as a volunteer with guidance of a programme (toeleiding)"),
    Column("district.purchasing_power", np.float64, "EUR/month",
           "Income after housing cost per resident (koopkracht)", low=0),
    Column("district.local_turnover", np.float64, "EUR/month",
           "Turnover of shops and services per resident: local spending and demand from outside", low=0),
    Column("district.support_base", np.float32, "ratio",
           "Support of shops and services over what they need (draagvlak)", low=0, default=1),
    Column("district.amenities", np.float32, "per 1,000 residents", "Shops, services and meeting places open", low=0),
    Column("district.meeting_access", np.float32, "ratio",
           "Meeting places open per resident, over the national number (ontmoetingsplekken)", low=0, default=1),
    Column("district.premises_vacant", np.float32, "share", "Premises that stand vacant", low=0, high=1),
    Column("district.jobs_opened", np.float32, "jobs",
           "Jobs in workspaces that opened this month, counted while a lever keeps part of them for residents", low=0),
    Column("district.local_jobs", np.float32, "per 1,000 residents", "Jobs in premises of the district", low=0),
    Column("district.volunteering", np.float32, "hours/month", "Volunteer hours for the district per resident", low=0),
    Column("district.initiatives", np.float32, "per 1,000 residents",
           "Residents' initiatives under way (bewonersinitiatieven)", low=0),
    Column("district.informal_reach", np.float32, "share",
           "Residents whom informal and religious organisations know", low=0, high=1),
)  # fmt: skip
