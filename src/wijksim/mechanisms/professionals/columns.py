"""Columns of the professionals."""

from __future__ import annotations

from math import floor
from typing import Final

import numpy as np

from wijksim.state.column import Column
from wijksim.state.roles import CaseStage, Organisation, Profession

# plain numbers: a comparison of a column with a member of an enumeration takes five times as long
NO_CASE: Final = int(CaseStage.NONE)
QUEUE: Final = int(CaseStage.QUEUE)
OPEN: Final = int(CaseStage.OPEN)
CARETAKER: Final = int(Profession.CARETAKER)
DEBT_COUNSELLOR: Final = int(Profession.DEBT_COUNSELLOR)
DISTRICT_NURSE: Final = int(Profession.DISTRICT_NURSE)
MENTAL_HEALTH_WORKER: Final = int(Profession.MENTAL_HEALTH_WORKER)
POLICE_OFFICER: Final = int(Profession.POLICE_OFFICER)
SOCIAL_WORKER: Final = int(Profession.SOCIAL_WORKER)

NEVER: Final = -(2**14)
"""Month of something that has not happened; far before any run, and within int16 after a subtraction."""


def long_ago(month: int, months: float) -> int:
    """Last month that lies ``months`` or longer before ``month``: a later one is recent.

    Whole, so that comparing a column of months with it needs no copy of the column in floating point.
    """
    return floor(month - months)


COLUMNS: tuple[Column, ...] = (
    Column("professional.role", np.int8, "code", "Role (functie)", codes=Profession),
    Column("professional.organisation", np.int8, "code", "Employer (organisatie)", codes=Organisation),
    Column(
        "professional.district", np.int32, "row", "District in which these hours are worked", ref="district"
    ),
    Column(
        "professional.person",
        np.int32,
        "row",
        "First post of the person who holds this one: a person may divide a week over districts",
        ref="professional",
    ),
    Column("professional.fte", np.float64, "fte", "Size of the post (formatie)", low=0),
    Column("professional.sick", np.bool_, "-", "On long sick leave (verzuim)"),
    Column("professional.vacant", np.bool_, "-", "Nobody holds the post (vacature)"),
    Column(
        "professional.since", np.int16, "month", "Month in which its holder began, or in which it fell vacant"
    ),
    Column(
        "professional.strain", np.float32, "share", "Felt share of hours on crises (werkdruk)", low=0, high=1
    ),
    Column(
        "professional.language_skill",
        np.float32,
        "share",
        "Reach over a language gap (tweetalig)",
        low=0,
        high=1,
    ),
    Column(
        "professional.mental_skill", np.float32, "share", "Skill in mental-health problems", low=0, high=1
    ),
    Column("resident.case", np.int8, "code", "Stage of professional help", codes=CaseStage),
    Column("resident.case_since", np.int16, "month", "Month in which this stage began", default=-(2**14)),
    Column("resident.case_role", np.int8, "code", "Leading role of the case", codes=Profession),
    Column(
        "resident.case_closed", np.int16, "month", "Month in which the last case was closed", default=-(2**14)
    ),
    Column("resident.intake_left", np.float32, "hours", "Hours of intake still to come", low=0),
    Column("resident.worker", np.int32, "row", "Professional who leads the case", ref="professional"),
    Column("resident.worker_since", np.int16, "month", "Month since which it is this one", default=-(2**14)),
    Column(
        "resident.worker_changed", np.int16, "month", "Month of the last change of worker", default=-(2**14)
    ),
    Column("resident.worker_new", np.bool_, "-", "Changed worker not long ago (wisseling hulpverlener)"),
    Column("resident.help_hours", np.float32, "hours", "Professional hours received this month", low=0),
    Column(
        "resident.case_share",
        np.float32,
        "share",
        "Part of the usual hours that an open case got this month (caseloaddruk)",
        low=0,
        high=1,
    ),
    Column("resident.need_met", np.float32, "share", "Saturating in the hours received", low=0, high=1),
    Column(
        "resident.help_effect",
        np.float32,
        "share",
        "Need met x continuity x match x cooperation",
        low=0,
        high=1,
    ),
    Column("resident.reached", np.bool_, "-", "Within reach of outreach and community work (in beeld)"),
    Column(
        "resident.unserved_since",
        np.int16,
        "month",
        "Month in which crisis hours were refused",
        default=-(2**14),
    ),
    Column("resident.crisis_unserved", np.bool_, "-", "A crisis was left without the hours it needed"),
    Column("resident.gave_up", np.bool_, "-", "Gave up waiting for help this month"),
    Column(
        "resident.extra_open_hours",
        np.float32,
        "hours/week",
        "Hours beyond office hours in which help is open and the resident is free (ruime openingstijden)",
        low=0,
    ),
    Column(
        "resident.relations_hurt",
        np.float32,
        "share",
        "Part of the ties behind the same front door that a report by neighbours costs (melding)",
        low=0,
        high=1,
    ),
    Column(
        "resident.watched",
        np.float32,
        "share",
        "Knows that the landlord goes looking for signals among tenants, fading (opsporing)",
        low=0,
        high=1,
    ),
    Column(
        "resident.sign_month",
        np.int16,
        "month",
        "Month of a signal that was shared and not yet followed up",
        default=-(2**14),
    ),
    Column(
        "entrance.withdrawn",
        np.float32,
        "share",
        "Part of their presence that staff withdraw from an unsafe stairwell",
        low=0,
        high=1,
    ),
    Column("household.debt_help", np.bool_, "-", "A debt counsellor is at work for this household"),
    Column("district.crisis_share", np.float32, "share", "Frontline hours that go to crises", low=0, high=1),
    Column(
        "district.cooperation",
        np.float32,
        "share",
        "Mean level of cooperation between organisations (samenwerking)",
        low=0,
        high=1,
    ),
    Column("district.queue", np.float32, "residents", "Residents waiting for intake (wachtlijst)", low=0),
    Column(
        "district.outreach_hours", np.float32, "hours", "Frontline hours left for outreach this month", low=0
    ),
    Column("district.prevention_fte", np.float32, "fte per 10,000", "Outreach of the last months", low=0),
    Column("district.caretaker_hours", np.float32, "hours", "Hours of caretakers left after crises", low=0),
    Column(
        "district.police_hours", np.float32, "hours", "Hours of neighbourhood police left after crises", low=0
    ),
    Column("district.youth_hours", np.float32, "hours", "Hours of youth workers left after crises", low=0),
)
