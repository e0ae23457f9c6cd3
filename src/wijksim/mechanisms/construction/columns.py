"""Columns that construction writes."""

from __future__ import annotations

import numpy as np

from wijksim.state.codes import EnergyLabel, HousingForm, Works
from wijksim.state.column import Column

COLUMNS: tuple[Column, ...] = (
    Column("dwelling.works", np.int8, "code", "What is being done to the dwelling", codes=Works),
    Column("dwelling.replaced", np.bool_, "-", "Built since the world began, where another was pulled down"),
    Column("dwelling.renovated", np.bool_, "-", "Renovated since the world began"),
    Column("dwelling.energy_label", np.int8, "code", "Energy label (energielabel)", codes=EnergyLabel),
    Column("dwelling.form", np.int8, "code", "What the dwelling was made for (woonvorm)", codes=HousingForm),
    Column("entrance.quality", np.float32, "sd", "Mean quality of the dwellings behind the entrance"),
)
