"""What is to be compared: a null alternative and its variants, loaded and fit to stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from wijksim.cli.options import overrides, tell_beforehand
from wijksim.core.errors import InputError

if TYPE_CHECKING:
    from wijksim.scenario.resolve import Scenario

SHIPPED = ("allocation-mixing", "basic-jobs", "staffing-cut")


def chosen(
    null: str,
    names: Sequence[str] | None,
    *,
    size: int | None,
    months: int | None,
    prices: Path | None = None,
) -> tuple[Scenario, ...]:
    """Load what is to be compared, the null alternative first; refuse what cannot be compared."""
    from wijksim.model.known import load_scenarios
    from wijksim.model.remarks import nothing_tried

    variants = [name for name in names or SHIPPED if name != null]
    if not variants:
        raise typer.BadParameter(
            f"'{null}' cannot be compared with itself; name a variant", param_hint="SCENARIO"
        )
    specs = load_scenarios([null, *variants], overrides=overrides(size, months), prices=prices)
    ids = [spec.id for spec in specs]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise typer.BadParameter(
            f"'{twice[0]}' is named twice; every scenario needs a name of its own", param_hint="SCENARIO"
        )
    for spec in specs[1:]:
        for what, same in _frames(specs[0], spec).items():
            if not same:
                raise typer.BadParameter(
                    f"'{spec.id}' has other {what} than '{specs[0].id}', so the two cannot be compared; "
                    "--null names another null alternative",
                    param_hint="SCENARIO",
                )
    idle = [problem for spec in specs[1:] if (problem := nothing_tried(spec, specs[0]))]
    if idle:
        raise InputError(idle)
    tell_beforehand(specs)
    return specs


def _frames(first: Scenario, other: Scenario) -> dict[str, bool]:
    names = [[district.name for district in spec.world.districts] for spec in (first, other)]
    return {
        "districts": names[0] == names[1],
        "recorded measures": first.record.measures == other.record.measures,
        "first months": first.start == other.start,
    }
