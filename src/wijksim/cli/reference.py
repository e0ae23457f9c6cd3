"""``reference``: measure the national yardstick again after a change of the model."""

from __future__ import annotations

from typing import Annotated

import typer

from wijksim.cli.console import progress, say
from wijksim.cli.options import WRITING, register

DEFAULT_SIZE, DEFAULT_BURN_IN, DEFAULT_TRACKED = 90_000, 120, 60


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "reference",
        WRITING,
        examples=("wijksim reference",),
        then="wijksim drift, to see whether the null alternative still stands still.",
    )(reference)


def reference(
    *,
    size: Annotated[
        int, typer.Option(min=600, metavar="N", help="Residents of the three archetypes.")
    ] = DEFAULT_SIZE,
    burn_in: Annotated[
        int, typer.Option(min=1, metavar="N", help="Months before averaging.")
    ] = DEFAULT_BURN_IN,
    tracked: Annotated[int, typer.Option(min=1, metavar="N", help="Months averaged.")] = DEFAULT_TRACKED,
) -> None:
    """Measure the national reference again and store it.

    Needed after a change in what drives a process: means, spreads and normalisers of all drivers are measured on the
    three archetypes in equilibrium. Takes about two minutes and moves results, so it goes with a [results] line in the
    changelog.
    """
    from wijksim.analysis.reference import measure_reference
    from wijksim.parameters.overlay import write_reference

    with progress("reference") as tick:
        measured, provenance = measure_reference(size=size, burn_in=burn_in, tracked=tracked, progress=tick)
    path = write_reference(measured, provenance)
    say(f"{len(measured)} yardsticks written to {path.name}")
