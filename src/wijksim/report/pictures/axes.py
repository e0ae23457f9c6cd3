"""Shapes that several pictures draw: many rectangles or strokes as one path, and boxes with a hatch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

INK, SOFT, PALE = "#1b1f24", "#4b5563", "#9aa3af"
WIDTH = 3.6  # inches of a panel, three to a line

type Spots = NDArray[np.float64]


def bare(axes: Axes, width: float, height: float) -> None:
    """Leave nothing but what is drawn, one unit being as wide as it is high; zero is at the top left."""
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)


def rectangles(axes: Axes, spots: Spots, size: tuple[float, float], **style: Any) -> None:
    """Draw equal rectangles with their top left at ``spots``, shape ``(n, 2)``, as one path."""
    if len(spots) == 0:
        return
    corners = np.array([(0, 0), (size[0], 0), (size[0], size[1]), (0, size[1]), (0, 0)])
    codes = np.tile([Outline.MOVETO, *[Outline.LINETO] * 3, Outline.CLOSEPOLY], len(spots))
    points = (np.asarray(spots)[:, None, :] + corners).reshape(-1, 2)
    axes.add_patch(PathPatch(Outline(points, codes), **style))


def boxes(axes: Axes, frames: Iterable[tuple[float, float, float, float]], **style: Any) -> None:
    """Draw rectangles of any size, each left, top, width and height, as one path."""
    points: list[tuple[float, float]] = []
    for x, y, w, h in frames:
        points += [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]
    codes = [Outline.MOVETO, *[Outline.LINETO] * 3, Outline.CLOSEPOLY] * (len(points) // 5)
    if points:
        axes.add_patch(PathPatch(Outline(points, codes), **style))


def strokes(axes: Axes, starts: Spots, ends: Spots, **style: Any) -> None:
    """Draw straight strokes from ``starts`` to ``ends``, shape ``(n, 2)`` each, as one path."""
    if len(starts) == 0:
        return
    points = np.stack([starts, ends], axis=1).reshape(-1, 2)
    codes = np.tile([Outline.MOVETO, Outline.LINETO], len(starts))
    axes.add_patch(PathPatch(Outline(points, codes), fill=False, **style))
