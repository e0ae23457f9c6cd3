"""Yearly figures of many districts: what statistics are computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Area:
    """One district of an ensemble.

    Attributes
    ----------
    name
        Name of its place.
    world
        Number of the city it lies in.
    urban
        Whether it is (very) urban.
    start
        Liveability total at the start, points.
    density
        Addresses per square kilometre around an address; NaN if not known.
    treated
        Whether a lever works here, in the runs of a pair.
    """

    name: str
    world: int
    urban: bool
    start: float
    density: float = float("nan")
    treated: bool = False


@dataclass(frozen=True)
class Panel:
    """Figures of areas by year.

    Attributes
    ----------
    areas
        In the order of axis 0. An area stands for as many residents as any other: areas are drawn by size.
    top, bottom
        Numerators and denominators by name, shape ``(areas, years)``.
    scale
        Factor to the unit of each, by name.
    """

    areas: tuple[Area, ...]
    top: Mapping[str, Floats]
    bottom: Mapping[str, Floats]
    scale: Mapping[str, float]

    @cached_property
    def years(self) -> int:
        """Years simulated."""
        return int(next(iter(self.top.values())).shape[1])

    @cached_property
    def urban(self) -> NDArray[np.bool_]:
        """Urban areas."""
        return np.array([area.urban for area in self.areas])

    @cached_property
    def start(self) -> Floats:
        """Liveability total at the start."""
        return np.array([area.start for area in self.areas])

    @cached_property
    def world(self) -> NDArray[np.int64]:
        """City of each area."""
        return np.array([area.world for area in self.areas], dtype=np.int64)

    @cached_property
    def density(self) -> Floats:
        """Address density of each area."""
        return np.array([area.density for area in self.areas])

    @cached_property
    def treated(self) -> NDArray[np.bool_]:
        """Areas in which a lever works."""
        return np.array([area.treated for area in self.areas], dtype=bool)

    def has(self, *names: str) -> bool:
        """Tell whether all of these were recorded."""
        return all(name in self.top for name in names)

    def yearly(self, name: str) -> Floats:
        """Values by area and year; NaN where nothing is counted."""
        top, bottom = self.top[name], self.bottom[name]
        ratio = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
        return np.asarray(ratio * self.scale[name])

    def late(self, name: str) -> Floats:
        """Values by area over the second half of the run, when the start no longer decides."""
        return self.between(name, self.years // 2, self.years)

    def between(self, name: str, first: int, end: int) -> Floats:
        """Values by area over the years from ``first`` up to ``end``."""
        top, bottom = self.top[name][:, first:end].sum(axis=1), self.bottom[name][:, first:end].sum(axis=1)
        ratio = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
        return np.asarray(ratio * self.scale[name])

    def pooled(self, name: str, rows: NDArray[np.bool_] | None = None) -> float:
        """Value of areas together over the second half of the run."""
        chosen = np.ones(len(self.areas), dtype=bool) if rows is None else rows
        half = self.years // 2
        top, bottom = self.top[name][chosen, half:].sum(), self.bottom[name][chosen, half:].sum()
        return float(top / bottom * self.scale[name]) if bottom else float("nan")

    def take(self, rows: NDArray[np.int64]) -> Panel:
        """Some areas, possibly several times (for resampling)."""
        return replace(
            self,
            areas=tuple(self.areas[row] for row in rows.tolist()),
            top={name: values[rows] for name, values in self.top.items()},
            bottom={name: values[rows] for name, values in self.bottom.items()},
        )

    def frozen(self) -> Panel:
        """The trivial model beside it: everything as in the first year; liveability walks as from outside.

        It has no mechanism: the walk and the national rise from outside are all that moves. A fact that it reproduces
        is no evidence for the mechanisms.
        """
        top = {name: np.repeat(values[:, :1], self.years, axis=1) for name, values in self.top.items()}
        bottom = {name: np.repeat(values[:, :1], self.years, axis=1) for name, values in self.bottom.items()}
        for name in self.top:
            if name.startswith(LIVEABILITY) and name not in FLAT and self.has("walk_total"):
                moved = self.top["walk_total"] / self.bottom["walk_total"] * self.bottom[name][:, :1]
                part = 1.0 if name in WHOLE else 1 / DIMENSIONS
                top[name] = top[name] + (moved - moved[:, :1]) * part
        return replace(self, top=top, bottom=bottom)


WEAK_UPPER_BOUND = -0.1641  # H513: upper bound of class 4 (zwak) on the scale of the total
LIVEABILITY = "liveability_"
WHOLE = ("liveability_index", "liveability_reading", "liveability_relative")
FLAT = ("liveability_gap",)
DIMENSIONS = 5


def joined(panels: Sequence[Panel]) -> Panel:
    """Areas of several futures side by side; each keeps a city of its own."""
    areas: list[Area] = []
    for panel in panels:
        first = 1 + max((area.world for area in areas), default=-1)
        areas += [replace(area, world=area.world + first) for area in panel.areas]
    return replace(
        panels[0],
        areas=tuple(areas),
        top={name: np.concatenate([panel.top[name] for panel in panels]) for name in panels[0].top},
        bottom={name: np.concatenate([panel.bottom[name] for panel in panels]) for name in panels[0].bottom},
    )
