"""The places in which people meet, and other ways in which ties come about."""

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


class Staged(IntEnum):
    """How a tie came about that no shared place made; numbered on from :class:`Focus`.

    ``INTRODUCED`` brought together by somebody (koppeling), on equal footing; ``CIRCLE`` members of one neighbourhood
    circle or peer group (buurtcirkel, lotgenotengroep), for as long as both are.
    """

    INTRODUCED = 5
    CIRCLE = 6


LAYERS = len(Focus) + len(Staged)


def layer_word(code: int) -> str:
    """Name of the code that a tie carries."""
    return (Focus(code) if code < len(Focus) else Staged(code)).name.lower()
