"""Where the entrances of a district lie on a schematic map: side by side in their complex, complexes in rows.

The model has no streets; places on the map say only which entrances belong together. They follow from identities and
sizes alone, so that every moment and scenario has the same ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.runs.closeup import Doors

_ASPECT = 1.45  # of the map
_MARGIN, _BETWEEN = 0.22, 0.34  # around the tiles of a complex and between complexes, in tiles
_TILE = 0.84  # the rest of a place is the space between tiles


@dataclass(frozen=True)
class Ground:
    """Places on the map, in units of one tile and the space around it; zero is at the top left.

    Attributes
    ----------
    uid, complex
        Number of the complex (1 is the first) and uid of each entrance, in reading order.
    spots
        Top left of each tile, shape ``(entrances, 2)``.
    plots
        Left, top, width and height of each complex.
    width, height
        Of the map.
    """

    uid: NDArray[np.uint64]
    complex: NDArray[np.int64]
    spots: NDArray[np.float64]
    plots: tuple[tuple[float, float, float, float], ...]
    width: float
    height: float

    @property
    def tile(self) -> float:
        """Side of a tile."""
        return _TILE


def lay_out(doors: Sequence[Doors], district: int) -> Ground:
    """Place all entrances that a district ever has: large complexes first, equal ones by identity."""
    members: dict[int, set[int]] = {}
    for one in doors:
        here = one.district == district
        for uid, owner in zip(one.uid[here].tolist(), one.complex[here].tolist(), strict=True):
            members.setdefault(owner, set()).add(uid)
    order = sorted(members, key=lambda owner: (-len(members[owner]), owner))
    area = sum(_block(len(members[owner]))[0] * _block(len(members[owner]))[1] for owner in order)
    limit = max(
        np.sqrt(area * _ASPECT), max((_block(len(found))[0] for found in members.values()), default=1)
    )
    x = y = tall = wide = 0.0
    uids: list[int] = []
    numbers: list[int] = []
    spots: list[tuple[float, float]] = []
    plots: list[tuple[float, float, float, float]] = []
    for number, owner in enumerate(order, start=1):
        width, height = _block(len(members[owner]))
        if x > 0 and x + width > limit:
            x, y, tall = 0.0, y + tall, 0.0
        plots.append((x, y, width - _BETWEEN, height - _BETWEEN))
        columns = _columns(len(members[owner]))
        for place, uid in enumerate(sorted(members[owner])):
            uids.append(uid)
            numbers.append(number)
            spots.append((x + _MARGIN + place % columns, y + _MARGIN + place // columns))
        x, tall, wide = x + width, max(tall, height), max(wide, x + width)
    return Ground(
        np.array(uids, dtype=np.uint64),
        np.array(numbers, dtype=np.int64),
        np.array(spots, dtype=np.float64).reshape(-1, 2),
        tuple(plots),
        max(wide - _BETWEEN, 1.0),
        max(y + tall - _BETWEEN, 1.0),
    )


def _columns(count: int) -> int:
    """Tiles side by side: about twice as wide as high, with few places left over."""
    rows = max(round(float(np.sqrt(count / 2))), 1)
    return -(-count // rows)


def _block(count: int) -> tuple[float, float]:
    """Width and height of a complex with so many entrances, and the space behind and below it."""
    columns = _columns(count)
    around = 2 * _MARGIN - (1 - _TILE) + _BETWEEN
    return columns + around, -(-count // columns) + around


def on_ground(ground: Ground, doors: Doors) -> NDArray[np.int64]:
    """Position in ``doors`` of each entrance of the ground, -1 for one that is not there at this moment."""
    if doors.uid.size == 0:
        return np.full(ground.uid.size, -1, dtype=np.int64)
    order = np.argsort(doors.uid)
    place = np.minimum(np.searchsorted(doors.uid[order], ground.uid), doors.uid.size - 1)
    return np.where(doors.uid[order][place] == ground.uid, order[place], -1).astype(np.int64)
