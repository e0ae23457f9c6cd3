"""Columns that housing writes, and the small codes that only housing uses."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from wijksim.state.codes import SeekerCategory, Tenure
from wijksim.state.column import Column


class SeekerKind(IntEnum):
    """Who a row of the seeker table stands for: a record of a pool, a household or a resident of the districts."""

    NEWCOMER = 0
    HOUSEHOLD = 1
    RESIDENT = 2


class AgeBand(IntEnum):
    """Age of the head of a household in bands of ten years; all from 55 move equally little (H332, H333)."""

    UNDER_25 = 0
    FROM_25 = 1
    FROM_35 = 2
    FROM_45 = 3
    FROM_55 = 4


class IncomeFifth(IntEnum):
    """Fifth of the national distribution of disposable household income."""

    LOWEST = 0
    SECOND = 1
    MIDDLE = 2
    FOURTH = 3
    HIGHEST = 4


CHANNELS: tuple[SeekerCategory, ...] = (
    SeekerCategory.REGULAR,
    SeekerCategory.STATUS,
    SeekerCategory.URGENT,
    SeekerCategory.SHELTER,
    SeekerCategory.DIRECT,
)
PRIORITY: tuple[SeekerCategory, ...] = CHANNELS[1:]

COLUMNS: tuple[Column, ...] = (
    # dwelling
    Column("dwelling.rent", np.float32, "EUR/month", "Basic rent; 0 for owner-occupiers", low=0),
    Column(
        "dwelling.value", np.float32, "1000 EUR", "Market value, assessed value at the start (WOZ)", low=0
    ),
    Column(
        "dwelling.quality", np.float32, "sd", "Quality of the dwelling, standardised on the national stock"
    ),
    Column("dwelling.on_market", np.int16, "month", "Month from which the vacant dwelling is let or sold"),
    # household
    Column("household.mortgage", np.float32, "EUR/month", "Interest and repayment of the mortgage", low=0),
    Column("household.move_wish", np.bool_, "-", "Looks for another dwelling (verhuiswens)"),
    Column("household.search_since", np.int16, "month", "Month in which the search began"),
    Column("household.sought", np.int8, "code", "Tenure looked for; -1 none", default=-1, codes=Tenure),
    Column("household.age_band", np.int8, "code", "Age of the head in bands", codes=AgeBand),
    Column("household.recent", np.bool_, "-", "Moved in less than two years ago"),
    Column(
        "household.misfit", np.float32, "rooms", "Rooms too few, or too many beyond the spare ones", low=0
    ),
    Column("household.dissatisfied", np.float32, "sd", "Dissatisfaction of the head with the neighbourhood"),
    # resident
    Column(
        "resident.home_sought",
        np.int8,
        "code",
        "Tenure looked for by who leaves home or parts; -1 none",
        default=-1,
        codes=Tenure,
    ),
    # complex
    Column("complex.stigma", np.float32, "sd", "Bad reputation of the estate, slow to come and go"),
    Column(
        "complex.room",
        np.float32,
        "share",
        "Homes up to which households needing support are let to, by tailor-made allocation; 0 never reviewed",
        low=0,
        high=1,
    ),
    # seekers of corporation dwellings in the whole city
    Column("seeker.category", np.int8, "code", "Ground of seeking now", codes=SeekerCategory),
    Column("seeker.channel", np.int8, "code", "Pool from which a newcomer comes", codes=SeekerCategory),
    Column("seeker.kind", np.int8, "code", "Newcomer, household or resident", codes=SeekerKind),
    Column("seeker.record", np.int32, "row", "Record in the pool, newcomers only", default=-1),
    Column("seeker.household", np.int32, "row", "Household that wants to move", ref="household"),
    Column("seeker.resident", np.int32, "row", "Resident who leaves home or parts", ref="resident"),
    Column("seeker.scope", np.int32, "row", "Only district looked at; none for everywhere", ref="district"),
    Column("seeker.registered", np.int16, "month", "Month of registration (inschrijfdatum)"),
    Column(
        "seeker.ring", np.float64, "share", "Place on the ring on which vacancies meet seekers", low=0, high=1
    ),
    Column(
        "seeker.seniority",
        np.float64,
        "month",
        "Registration month and place on the ring: lowest is served first",
    ),
    Column("seeker.persons", np.int8, "persons", "Persons to be housed", low=0),
    Column("seeker.income", np.float32, "EUR/month", "Disposable income", low=0),
    Column("seeker.fifth", np.int8, "fifth", "Fifth of the national income distribution, 0 lowest", low=0),
    Column("seeker.support", np.bool_, "-", "Needs support"),
    Column("seeker.contributor", np.bool_, "-", "Willing and able to help neighbours"),
    Column(
        "seeker.passed_over", np.int16, "count", "Vacancies for which steering passed over this seeker", low=0
    ),
    # lettings of this month: the only place where a category stands next to a dwelling
    Column("letting.dwelling", np.int32, "row", "Dwelling let", ref="dwelling"),
    Column("letting.entrance", np.int32, "row", "Entrance", ref="entrance"),
    Column("letting.complex", np.int32, "row", "Complex", ref="complex"),
    Column("letting.district", np.int32, "row", "District", ref="district"),
    Column("letting.category", np.int8, "code", "Ground on which it was let", codes=SeekerCategory),
    Column(
        "letting.kind", np.int8, "code", "Newcomer, household or resident of the districts", codes=SeekerKind
    ),
    Column("letting.offers", np.int8, "count", "Offers made, the accepted one included", low=0),
    Column("letting.refusals", np.int8, "count", "Offers refused by regular seekers", low=0),
    Column("letting.waited", np.int16, "months", "Registration time of the new tenant"),
    Column("letting.vacant", np.int16, "months", "Months the dwelling was vacant", low=0),
    Column("letting.support", np.bool_, "-", "New tenant needs support"),
    Column("letting.persons", np.int8, "persons", "Persons housed", low=0),
    Column("letting.steered", np.bool_, "-", "Allocation was steered for this vacancy"),
)
