"""Small worlds whose results are written down: a change that moves them must say so in the changelog.

``python -m tests.golden.test_golden`` writes them anew; do that only together with a ``[results]`` entry.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import wijksim

FOLDER = Path(__file__).parent
SCENARIOS = ("baseline", "allocation-mixing", "basic-jobs", "staffing-cut")
MONTHS = 12
OVERRIDES = {"world.size": 600, "world.warmup": 6, "months": MONTHS}
# exp and log differ in their last bit between processors; a decision that hangs on it is rarer than once in 1e12
TOLERANCE = 1e-6


def results(name: str) -> pd.DataFrame:
    """All measures of the last month by district, everybody."""
    table = wijksim.run(wijksim.load_scenario(name, overrides=OVERRIDES), seed=7).table
    last = table[(table.month == MONTHS - 1) & (table.group == "all")]
    wide = last.pivot(index="measure", columns="district", values="value")
    return wide[["vulnerable", "average", "affluent", "city"]]


@pytest.mark.parametrize("name", SCENARIOS)
def test_results_are_those_written_down(name: str) -> None:
    written = pd.read_csv(FOLDER / f"{name}.csv", index_col="measure")
    now = results(name)
    assert list(now.index) == list(written.index)
    close = np.isclose(now, written, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    moved = [str(measure) for measure in now.index[~close.all(axis=1)]]
    assert not moved, (
        f"{len(moved)} measures moved, such as {moved[:5]}: write them anew with a [results] entry"
    )


if __name__ == "__main__":
    for scenario in SCENARIOS:
        results(scenario).to_csv(FOLDER / f"{scenario}.csv", float_format="%.9g")
