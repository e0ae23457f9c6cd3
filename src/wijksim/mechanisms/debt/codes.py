"""Stages of help with debts and of eviction."""

from enum import IntEnum


class Track(IntEnum):
    """Debt track (schuldhulptraject): none, applied, in an arrangement with the creditors."""

    NONE = 0
    APPLIED = 1
    ARRANGED = 2


class Eviction(IntEnum):
    """Eviction (huisuitzetting): none, notice of the landlord, court order."""

    NONE = 0
    NOTICE = 1
    ORDER = 2
