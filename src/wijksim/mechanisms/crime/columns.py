"""Columns of crime, and the stages of an offender's career."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from wijksim.state.column import Column

MIN_MONTH = int(np.iinfo(np.int16).min) // 2  # long before any run


class Career(IntEnum):
    """Stage of a criminal career (delinquente loopbaan): none, on the fringe of a group, active, stopped."""

    NONE = 0
    FRINGE = 1
    ACTIVE = 2
    FORMER = 3


COLUMNS = (
    Column("resident.career", np.int8, "code", "Stage of a criminal career", codes=Career),
    Column("resident.offence_last", np.int16, "month", "Month of the latest registered offence (als verdachte)",
           default=MIN_MONTH),
    Column("resident.suspect", np.bool_, "-", "Registered as a suspect this month (verdachte)"),
    Column("resident.suspect_before", np.bool_, "-", "Was a suspect earlier in life (recidivist)"),
    Column("resident.persistence", np.float32, "sd", "Person effect on stopping and beginning again, standard normal"),
    Column("resident.peer_pull", np.float32, "log share",
           "Log of the share of active offenders among acquaintances and youths nearby", low=-8, high=2),
    Column("resident.offender_at_home", np.bool_, "-", "Lives with somebody who is active in crime"),
    Column("resident.idle", np.bool_, "-", "Neither at school nor in work, of those who could be"),
    Column("resident.victim", np.bool_, "-", "Victim of a crime this month (slachtoffer)"),
    Column("resident.victim_memory", np.float32, "events", "Decayed sum of times a victim", low=0),
    Column("district.offender_days", np.float32, "persons", "Activity of offenders in the streets here", low=0),
    Column("district.crime_rate", np.float32, "per resident a year",
           "Registered theft, violence and vandalism, mean of the last months", low=0),
    Column("district.crime_pressure", np.float32, "log ratio",
           "Log of registered crime over the national level", low=-6, high=6),
    Column("district.police_cover", np.float32, "ratio", "Police hours in the area per resident, over the start",
           low=0, default=1),
)  # fmt: skip
