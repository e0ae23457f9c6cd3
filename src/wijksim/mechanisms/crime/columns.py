"""What crime writes."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np

from wijksim.state.column import Column

NEVER: Final = -(2**14)


class CrimeStage(IntEnum):
    """Place in the local world of crime (criminele loopbaan).

    ``NONE`` no part in it, ``FRINGE`` meeloper, hangs around with offenders and does jobs for them, ``ACTIVE``
    offends as a habit (veelpleger in wording).
    """

    NONE = 0
    FRINGE = 1
    ACTIVE = 2


OWNS: tuple[Column, ...] = (
    Column("resident.crime_stage", np.int8, "code", "Place in the local world of crime", codes=CrimeStage),
    Column("resident.suspect", np.bool_, "-", "Registered as a suspect of a crime this month (verdachte)"),
    Column("resident.suspect_first", np.bool_, "-", "Suspect this month for the first time in life"),
    Column("resident.record", np.bool_, "-", "Has ever been a registered suspect"),
    Column("resident.case_memory", np.float32, "cases", "Recent cases as a suspect, fading", low=0),
    Column("resident.detained", np.bool_, "-", "Held in custody or prison (gedetineerd)"),
    Column("resident.peer_exposure", np.float32, "log ratio",
           "Offending among people around a youth, log against the national mean"),
    Column("resident.sibling_offends", np.bool_, "-", "Shares the home with another young offender"),
    Column("household.income_gap", np.float32, "share",
           "What the drugs trade offers above the income per member, of that offer", low=0, high=1),
    Column("resident.victim", np.bool_, "-", "Victim of a traditional crime this month (slachtofferschap)"),
    Column("resident.victim_last", np.int16, "month", "Month of the last victimisation", default=NEVER),
    Column("resident.victim_memory", np.float32, "crimes", "Recent victimisation, fading", low=0),
    Column("household.burgled", np.bool_, "-", "Burglary of the dwelling this month (woninginbraak)"),
    Column("entrance.petty_disorder", np.float32, "per dwelling",
           "Young offenders at large who live behind the entrance (hangjongeren, kleine criminaliteit)", low=0),
    Column("entrance.victimised", np.float32, "crimes per resident",
           "Recent victimisation of those who live behind the entrance, which neighbours hear of", low=0),
    Column("district.police_cover", np.float32, "hours per resident",
           "Police hours in the neighbourhood a month, recent mean", low=0),
    Column("district.offending", np.float32, "cases per resident a year",
           "Offending to be expected of who lives here", low=0),
    Column("district.offending_log", np.float32, "log ratio",
           "Offender activity that is drawn here before enforcement, against the nation"),
    Column("district.enforcement_log", np.float32, "log ratio",
           "What enforcement and displacement do to offender activity here"),
    Column("district.registered_crime", np.float32, "crimes per resident a year",
           "Registered theft, violence and vandalism of the last year (geregistreerde criminaliteit)", low=0),
)  # fmt: skip
