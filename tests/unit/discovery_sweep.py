"""A sweep made by hand, of which the futures that miss a goal are known."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from wijksim.runs.recorder import ALL, CITY
from wijksim.runs.sweeps.experiment import Factor
from wijksim.runs.sweeps.folder import DESIGN, SCHEMA, SWEEP

ROWS, MONTHS = 400, 240
NULL, SPARED, HIT = "baseline", "basic-jobs", "staffing-cut"
FACTORS = (
    Factor("debt.entry_rate", "set", 0.02, 0.04, value=0.03, grade="D"),
    Factor("work.loss_debt_ratio", "set", 1.0, 1.7, value=1.3, grade="D"),
    Factor("wellbeing.stress_half_life", "set", 1.0, 9.0, value=3.0, grade="D"),
    Factor("staffing.strength", "lever", 0.0, 1.0),
)
MEASURES = (("problem_debt", -1, "%"), ("trust", 1, "points"), ("households", 0, "number"))


def in_box(design: pd.DataFrame) -> pd.Series[bool]:
    """Where the cut in staff makes debt rise."""
    return (design["debt.entry_rate"] > 0.03) & (design["staffing.strength"] > 0.4)


def write_sweep(folder: Path, *, rows: int = ROWS, replications: int = 1, failing: int = 0) -> Path:
    """Write a folder as a sweep leaves it: problem debt is 7 per cent, and 9 where the cut in staff hurts."""
    rng = np.random.default_rng(3)
    spread = rng.random((rows, len(FACTORS)))
    low, high = (np.array([getattr(one, side) for one in FACTORS]) for side in ("low", "high"))
    design = pd.DataFrame(low + spread * (high - low), columns=[one.name for one in FACTORS])
    design.index.name = "row"
    hurt = in_box(design).to_numpy()
    lines = []
    for scenario in (NULL, SPARED, HIT):
        for replication in range(replications):
            debt = 7 + 0.3 * rng.standard_normal(rows) + 2.0 * (hurt & (scenario == HIT))
            values = {"problem_debt": debt, "trust": 60 - debt, "households": np.full(rows, 100.0)}
            for name, value in values.items():
                for district in ("Oost", "West", CITY):
                    lines.append(
                        pd.DataFrame(
                            {
                                "scenario_id": scenario,
                                "row": np.arange(rows),
                                "replication_id": replication,
                                "seed": replication,
                                "month": MONTHS,
                                "district": district,
                                "group": ALL,
                                "measure": name,
                                "value": value.astype(np.float32),
                            }
                        )
                    )
    table = pd.concat(lines, ignore_index=True)
    table = table[~((table["row"] < failing) & (table["scenario_id"] == HIT))]
    (folder / "results").mkdir(parents=True)
    table.to_parquet(folder / "results" / "chunk-0000000.parquet")
    design.to_csv(folder / DESIGN)
    about = [
        {"name": name, "unit": unit, "direction": direction, "label": name, "label_nl": name}
        for name, direction, unit in MEASURES
    ]
    (folder / "measures.json").write_text(json.dumps(about))
    manifest = {
        "schema": SCHEMA,
        "experiment": "by-hand",
        "digest": "0",
        "parts": {
            "null": NULL,
            "scenarios": {NULL: "0", SPARED: "1", HIT: "2"},
            "months": MONTHS,
            "readout": [20],
        },
        "factors": [asdict(one) for one in FACTORS],
    }
    (folder / SWEEP).write_text(json.dumps(manifest))
    return folder
