"""``trace``: twenty years of one resident as a readable story."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from wijksim.cli.console import out, progress, say, tool, write_json
from wijksim.cli.options import RUNNING, Json, Months, ScenarioName, Seed, Size, Verbose, overrides, register

if TYPE_CHECKING:
    from wijksim.model.casting import Suggestion
    from wijksim.model.life import Life
    from wijksim.model.story import Story


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "trace",
        RUNNING,
        examples=(
            "wijksim trace baseline",
            "wijksim trace baseline --resident 100000001",
            "wijksim trace basic-jobs --resident 100000001 --seed 3",
        ),
        then="trace the same resident with the same seed in a variant: what differs is the policy.",
    )(trace)


def trace(
    scenario: ScenarioName,
    *,
    resident: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="UID",
            show_default=False,
            help="Number of the resident; left out, three are suggested.",
        ),
    ] = None,
    seed: Seed = 0,
    months: Months = None,
    size: Size = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Tell the life of one resident: what happened, with which chance, and why.

    The run is done again with a listener on this one person; nothing about persons is ever stored, and persons are
    synthetic. A chance is compared with the national mean, and the two influences that did most are named.
    """
    from wijksim.model.known import load_scenario
    from wijksim.model.story import tell
    from wijksim.model.trace import UnknownResidentError, follow, suggest

    del verbose
    spec = load_scenario(scenario, overrides=overrides(size, months))
    with progress(spec.id) as tick:
        if resident is None:
            found = suggest(spec, seed=seed, progress=tick)
        else:
            try:
                life = follow(spec, resident, seed=seed, progress=tick)
            except UnknownResidentError as error:
                raise _nobody(error.uid, error.suggestions) from None
    if resident is None:
        _suggest(found, _again(scenario, seed=seed, months=months, size=size), json=json)
    elif json:
        write_json(_as_json(life, tell(life)))
    else:
        show(tell(life))


def _nobody(uid: int, suggestions: tuple[Suggestion, ...]) -> typer.BadParameter:
    words = ", ".join(f"{suggestion.uid} ({suggestion.why})" for suggestion in suggestions)
    return typer.BadParameter(
        f"nobody with number {uid} lives in the districts during this run; try {words}",
        param_hint="--resident",
    )


def _again(scenario: str, **options: int | None) -> str:
    """The command that does the same run again; a run of another size has other people."""
    given = [f" --{name} {value}" for name, value in options.items() if value is not None]
    return f"{tool()} trace {shlex.quote(scenario)}{''.join(given)}"


def _suggest(found: tuple[Suggestion, ...], again: str, *, json: bool) -> None:
    if json:
        write_json([asdict(suggestion) for suggestion in found])
        return
    console = out()
    for suggestion in found:
        console.print(f"{suggestion.uid}  {suggestion.why}", markup=False)
    if found:
        say(f"follow one: {again} --resident {found[0].uid}")


def _as_json(life: Life, story: Story) -> dict[str, object]:
    return {
        "resident": life.uid,
        "scenario": life.scenario,
        "seed": life.seed,
        "months": life.months,
        "first_month": life.first,
        "last_month": life.last,
        "title": story.title,
        "story": [asdict(line) for line in story.lines],
        "events": [asdict(hit) for hit in life.hits],
        "facts": [asdict(fact) for fact in life.facts],
        "pictures": [asdict(picture) for picture in life.pictures],
    }


def show(story: Story) -> None:
    """Print a story: dates to the left, years set apart."""
    from rich.table import Table
    from rich.text import Text

    console = out()
    console.print(story.title, style="bold", markup=False)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in story.lines:
        style = {"year": "italic", "opening": "bold"}.get(line.kind, "")
        table.add_row(Text(line.date), Text(line.text, style=style))
    console.print(table)
