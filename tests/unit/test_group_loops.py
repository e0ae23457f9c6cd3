"""Sums by group at read-outs are those of ``np.bincount``, row by row."""

import numpy as np

from wijksim.runs.group_loops import add_by_cells


def test_every_row_adds_to_all_its_cells():
    rng = np.random.default_rng(3)
    cells = rng.integers(-1, 12, (500, 3)).astype(np.int32)
    top, bottom = rng.normal(size=500), (rng.random(500) < 0.4).astype(np.float64)
    top[bottom == 0] = 0
    tops, bottoms = np.zeros((2, 12))
    add_by_cells(cells, top, bottom, tops, bottoms)
    # a row adds to its cells in their order, so that all of a row come before those of the next
    where, row = cells.ravel(), np.repeat(np.arange(500), 3)
    inside = where >= 0
    for found, values in ((tops, top), (bottoms, bottom)):
        expected = np.bincount(where[inside], weights=values[row[inside]], minlength=12)
        assert found.tolist() == expected.tolist()
