"""From work to pension: the state pension at its dated age, and a few who work on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.event import Event
from wijksim.mechanisms.demography.loops import pensions
from wijksim.state.codes import Activity
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

RETIRE_LATE = Event(
    "demography.late_retirement", table="resident", base="demography.late_retirement_rate",
    doc="Stopping with work after the state pension age",
)  # fmt: skip


def retire(ctx: Context, old: Rows) -> None:
    """State pension (AOW) for those of ``old`` who reach the pension age; a few work on for some years."""
    table, value = ctx.world.resident, ctx.values
    idle, reaching, working = np.empty((1 + 2, old.size), dtype=np.int32)
    pension = value["demography.pension_age"]
    a, b, c = pensions(old, table.activity, table.birth_month, ctx.month, pension, idle, reaching, working)
    reaching = reaching[:b]
    stays = ctx.draws.life("demography.works_on", table.uid[reaching]) < value["demography.works_on_share"]
    late = RETIRE_LATE.draw(ctx, working[:c])
    ctx.requests.become(np.concatenate([idle[:a], reaching[~stays], late]), Activity.RETIRED)
