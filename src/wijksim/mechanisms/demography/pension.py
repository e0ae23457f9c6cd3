"""From work to pension: the state pension at its dated age, and a few who work on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.event import Event
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
    waiting = old[table.activity[old] != Activity.RETIRED.value]
    months = ctx.month - table.birth_month[waiting]
    pension = value["demography.pension_age"]
    due = months >= pension
    waiting, months = waiting[due], months[due]
    working = table.activity[waiting] == Activity.EMPLOYED.value
    now = working & (months < pension + 1)
    reaching = waiting[now]
    stays = ctx.draws.life("demography.works_on", table.uid[reaching]) < value["demography.works_on_share"]
    late = RETIRE_LATE.draw(ctx, waiting[working & ~now])
    ctx.requests.become(np.concatenate([waiting[~working], reaching[~stays], late]), Activity.RETIRED)
