"""Which row of the source texts a lever or a composed case carries, and what the text expects of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Carries:
    """One row of the source texts, with the setting in which it is tried.

    Parameters
    ----------
    row
        Number of the row: ``L001`` (lever), ``G001`` (governance) or ``M001`` (driver).
    moves
        Name of the measure on which the text expects an effect.
    sign
        Direction that the text expects of it: 1 up, -1 down, 0 none. Reported beside what is found, never a goal.
    differs
        What sets it apart from rows that come down to the same mechanism, in one sentence.
    arguments
        Arguments of the lever in this row; those left out keep their declared values.
    with_levers
        Other levers that the row supposes, with it and without it: mappings as in a scenario. What is told of the row
        is what it adds to them.
    where
        District in which the measure is read; the one at which the levers are aimed, else the whole city, if empty.
    together
        Other levers that belong to the row itself: with it only.
    """

    row: str
    moves: str
    sign: int
    differs: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    with_levers: tuple[Mapping[str, Any], ...] = ()
    where: str = ""
    together: tuple[Mapping[str, Any], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a row that no source numbers and a direction that is none."""
        if self.row[:1] not in "LGM" or not self.row[1:].isdigit():
            raise ValueError(f"{self.row!r} is no row of the source texts, such as L001")
        if self.sign not in (-1, 0, 1):
            raise ValueError(f"row {self.row}: sign is {self.sign}, must be -1, 0 or 1")
        if not self.differs:
            raise ValueError(f"row {self.row}: say what sets it apart")


def use(lever: str, **arguments: Any) -> dict[str, Any]:
    """One use of a lever as a scenario writes it, for ``with_levers`` and ``together``."""
    return {"lever": lever, **arguments}
