"""Levers on other levers: how long, by whom and how well tuned (sturing)."""

from collections.abc import Mapping
from typing import Any

from wijksim.kernel.carry import use

PACKAGE: tuple[Mapping[str, Any], ...] = (
    use("staffing", role="all", change=0.5),
    use("basic-job", places_per_1000=5),
    use("school-hours"),
)
"""Programmes that a row of governance supposes: what is told of the row is what it adds to these."""

EVERYWHERE: tuple[Mapping[str, Any], ...] = tuple({**one, "target": None} for one in PACKAGE)
"""The same in all districts, for rows on how effort is divided over them."""
