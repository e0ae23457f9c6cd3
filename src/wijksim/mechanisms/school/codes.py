"""Tracks of Dutch education, and what they lead to."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from wijksim.state.codes import Education


class Track(IntEnum):
    """Where in education somebody is, or last was (onderwijssoort).

    ``PRIMARY`` basisonderwijs, ``BASIC`` praktijkonderwijs and vmbo-basis/kader, ``THEORETICAL`` vmbo-gt,
    ``HAVO``, ``VWO``, ``ENTRY`` mbo-1 (entreeopleiding), ``VOCATIONAL`` mbo-2 to 4, ``HIGHER`` hbo and university.
    """

    PRIMARY = 0
    BASIC = 1
    THEORETICAL = 2
    HAVO = 3
    VWO = 4
    ENTRY = 5
    VOCATIONAL = 6
    HIGHER = 7


# plain whole numbers: NumPy compares small integers with them without copies, which it does not with members
PRIMARY, BASIC, THEORETICAL, HAVO, VWO, ENTRY, VOCATIONAL, HIGHER = (int(track) for track in Track)

SECONDARY: tuple[Track, ...] = (Track.BASIC, Track.THEORETICAL, Track.HAVO, Track.VWO)
SCHOOLED = VWO  # tracks up to this one are taught at the schools of the city

# level that the diploma of a track gives
LEVEL = np.array(
    [
        Education.NONE,
        Education.LOWER,
        Education.LOWER,
        Education.MIDDLE,
        Education.MIDDLE,
        Education.LOWER,
        Education.MIDDLE,
        Education.HIGHER,
    ],
    dtype=np.int8,
)


class Level(IntEnum):
    """What a school teaches: ``PRIMARY`` basisschool, ``SECONDARY`` school voor voortgezet onderwijs."""

    PRIMARY = 0
    SECONDARY = 1
