"""Panels made by hand for tests of statistics."""

from __future__ import annotations

import numpy as np

from wijksim.analysis.validation.panel import Area, Panel


def panel(
    values: dict[str, np.ndarray], *, start: np.ndarray | None = None, urban: bool = True, per_city: int = 8
) -> Panel:
    """Panel of yearly values, shape ``(areas, years)``, with equal weights."""
    count = len(next(iter(values.values())))
    first = np.zeros(count) if start is None else start
    areas = tuple(Area(f"a{row}", row // per_city, urban, float(first[row])) for row in range(count))
    arrays = {name: np.asarray(each, dtype=np.float64) for name, each in values.items()}
    return Panel(
        areas=areas,
        top=arrays,
        bottom={name: np.ones_like(each) for name, each in arrays.items()},
        scale=dict.fromkeys(arrays, 1.0),
    )
