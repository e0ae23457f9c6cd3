"""From work to pension: the state pension at its dated age, and a few who work on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.event import Event
from wijksim.mechanisms.demography.loops import retiring
from wijksim.state.codes import Activity
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_NO_LUCK = np.empty(0)
RETIRE_LATE = Event(
    "demography.late_retirement", table="resident", base="demography.late_retirement_rate",
    doc="Stopping with work after the state pension age",
)  # fmt: skip


def retire(ctx: Context, idle: Rows, reaching: Rows, working: Rows) -> None:
    """State pension (AOW) at the pension age; a few work on for some years.

    ``idle`` are past that age and do not work, ``reaching`` reach it this month, ``working`` work on.
    """
    late = RETIRE_LATE.draw(ctx, working)
    luck = _NO_LUCK
    if reaching.size:
        luck = ctx.draws.life("demography.works_on", ctx.world.resident.uid.take(reaching))
    size = idle.size + reaching.size + late.size
    if size:
        rows = np.empty(size, np.int32)
        count = retiring(idle, reaching, luck, ctx.values["demography.works_on_share"], late, rows)
        ctx.requests.become(rows[:count], Activity.RETIRED)
