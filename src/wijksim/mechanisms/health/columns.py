"""Columns of health."""

from __future__ import annotations

import numpy as np

from wijksim.state.column import Column

# -(2**14): the month of something that has not happened, far before any run
COLUMNS: tuple[Column, ...] = (
    Column(
        "resident.psychiatric", np.bool_, "-", "Severe psychiatric problems (ernstige psychische aandoening)"
    ),
    Column("resident.unstable", np.bool_, "-", "In a phase of relapse of severe psychiatric problems"),
    Column("resident.admitted", np.bool_, "-", "Admitted to a psychiatric hospital this month (opname)"),
    Column("resident.addiction", np.bool_, "-", "Addicted (verslaving)"),
    Column("resident.addiction_past", np.bool_, "-", "Stopped being addicted, at risk of relapse"),
    Column(
        "resident.crisis_memory",
        np.float32,
        "reports",
        "Decayed sum of earlier reports (Hawkes memory)",
        low=0,
    ),
    Column(
        "resident.crises", np.int8, "reports", "Reports of confused behaviour this month (meldingen)", low=0
    ),
    Column("resident.crisis_last", np.int16, "month", "Month of the last report", default=-(2**14)),
    Column("resident.need", np.float32, "share", "Need for support (ondersteuningsbehoefte)", low=0, high=1),
    Column("resident.unmet_need", np.float32, "share", "Need that no professional meets", low=0, high=1),
    Column("resident.youth_crisis", np.bool_, "-", "Youth crisis this month (jeugdcrisis)"),
    Column("household.violence", np.int8, "reports", "Reports of violence at home this month", low=0),
    Column(
        "household.violence_memory", np.float32, "reports", "Decayed sum of earlier violence at home", low=0
    ),
    Column("household.debt_crisis", np.bool_, "-", "Debt crisis this month: cut-off or seizure"),
    Column("household.eviction_crisis", np.bool_, "-", "An eviction became imminent this month"),
    Column("household.eviction_seen", np.int8, "code", "Eviction stage as it was last month", low=0, high=2),
)
