"""The places in which people meet."""

from __future__ import annotations

from enum import IntEnum


class Focus(IntEnum):
    """Where two residents meet, and where their tie was made (ontmoetingskader).

    ``ENTRANCE`` portiek, galerij or rij, ``COMPLEX`` wooncomplex, ``DISTRICT`` straat, park and meeting place,
    ``SCHOOL`` schoolplein (parents), ``WORK`` work near home.
    """

    ENTRANCE = 0
    COMPLEX = 1
    DISTRICT = 2
    SCHOOL = 3
    WORK = 4
