"""Options and arguments that several commands share, so that they read the same everywhere."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from wijksim.cli.console import say, set_verbose, tool
from wijksim.core.errors import SeedError, known_seed

if TYPE_CHECKING:
    from wijksim.analysis.precision import Precision
    from wijksim.scenario.resolve import Scenario

RUNNING, READING, WRITING = "Simulate", "Look things up", "Write your own"


def known_future(seed: int) -> int:
    """Refuse a seed that no future has, before anything begins."""
    try:
        return known_seed(seed)
    except SeedError as error:
        raise typer.BadParameter(str(error)) from None


Seed = Annotated[
    int,
    typer.Option(
        metavar="N",
        callback=known_future,
        help="The future: the same seed meets the same luck in every scenario.",
    ),
]
Months = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", show_default=False, help="Length of the run; the scenario's if left out."
    ),
]
Size = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        show_default=False,
        help="Residents at the start, about; from 200, the scenario's if left out.",
    ),
]
Pairs = Annotated[int, typer.Option(min=1, metavar="N", help="Futures in which every scenario is run.")]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        show_default=False,
        help="Processes; all cores if left out. Results do not depend on it.",
    ),
]
Wanted = Annotated[
    list[str] | None,
    typer.Option(
        "--measure", metavar="NAME", show_default=False, help="Measure to look at; the headlines if left out."
    ),
]
Places = Annotated[
    Path | None,
    typer.Option(
        "--places",
        metavar="FILE.csv",
        show_default=False,
        help="Table of key figures per postcode to draw districts from.",
    ),
]
Json = Annotated[bool, typer.Option("--json", metavar=" ", help="Write JSON, for programs.")]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", metavar=" ", callback=lambda on: set_verbose(on) or on, help="Say more."),
]
ScenarioName = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", show_default=False, help="Name of a shipped scenario, or a file."),
]
Variants = Annotated[
    list[str] | None,
    typer.Argument(
        show_default=False,
        metavar="SCENARIO",
        help="Variants: names of shipped scenarios, or files. None at all is the shipped comparison.",
    ),
]
Prices = Annotated[
    Path | None,
    typer.Option(
        "--prices",
        metavar="FILE.yaml",
        show_default=False,
        help="Your own prices, for all scenarios alike; 'wijksim new prices' writes a file to start from.".replace(
            "wijksim", tool()
        ),
    ),
]
Null = Annotated[
    str, typer.Option("--null", metavar="SCENARIO", help="The null alternative, with which all are compared.")
]


def bare(help_option: Any) -> Any:
    """Take the type away from a help option, which would read as if it wanted a value."""
    if help_option is not None:
        help_option.metavar = " "
    return help_option


class Command(TyperCommand):
    """A command whose help option is a word without a type."""

    def get_help_option(self, ctx: Any) -> Any:
        """The help option."""
        return bare(super().get_help_option(ctx))


class Group(TyperGroup):
    """A group of which the same holds."""

    def get_help_option(self, ctx: Any) -> Any:
        """The help option."""
        return bare(super().get_help_option(ctx))


def register(
    app: typer.Typer, name: str, group: str, *, examples: Sequence[str], then: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add a command whose help ends with examples and with what to do next."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        return app.command(
            name,
            cls=Command,
            help=paragraphs(command),
            rich_help_panel=group or None,
            epilog=closing(examples, then),
        )(command)

    return add


def paragraphs(command: Callable[..., Any]) -> str:
    """Return a docstring with every paragraph on one line, for the terminal to wrap."""
    text = inspect.getdoc(command) or ""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def closing(examples: Sequence[str], then: str) -> str:
    """Return the end of a help page."""
    shown = "\n".join(f"  $ {escaped(example)}" for example in examples)
    return f"[bold]Examples[/bold]\n{shown}\n\n[bold]Next[/bold]  {then}".replace("wijksim", tool())


def escaped(text: str) -> str:
    """Keep square brackets from being read as markup."""
    return text.replace("[", r"\[")


def overrides(size: int | None, months: int | None) -> dict[str, Any]:
    """What the command line says about a scenario."""
    given = {"world.size": size, "months": months}
    return {key: value for key, value in given.items() if value is not None}


def tell_beforehand(specs: Sequence[Scenario]) -> None:
    """Say what is worth a word about scenarios and the user's own prices, before anything runs."""
    from wijksim.model.remarks import remarks

    for remark in dict.fromkeys(remark for spec in specs for remark in remarks(spec)):
        say(f"warning: {remark}")
    for price in specs[0].prices:
        for remark in price.remarks:
            say(f"warning: {remark}")
        setting = [spec for spec in specs if price.name in spec.set]
        for spec in setting:
            place = spec.origin(("set", price.name))
            say(f"warning: {place}: '{spec.id}' sets '{price.name}' itself; your own price is taken instead")


def precision_of(text: str) -> Precision:
    """Read a precision as it was typed."""
    from wijksim.analysis.precision import Precision

    try:
        return Precision.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--precision") from None


MANY_NAMES = 12
"""Names that are told in full; of more, as many are shown as examples."""


def known_names(option: str, given: Sequence[str] | None, there: Sequence[str]) -> None:
    """Refuse names that do not exist, all at once, each with the one that was perhaps meant."""
    from wijksim.core.errors import did_you_mean

    found = []
    for name in given or ():
        if name not in there:
            near = did_you_mean(name, there)
            few = f"there are: {', '.join(there)}"
            many = f"there are {len(there)}, such as {', '.join(there[:MANY_NAMES])}"
            hint = f"did you mean '{near}'?" if near else few if len(there) <= MANY_NAMES else many
            found.append(f"there is no '{name}'; {hint}")
    if found:
        raise typer.BadParameter("\n".join(found), param_hint=option)


def writable_file(path: Path, option: str) -> None:
    """Refuse early, before anything long runs, what could not be written in the end."""
    if path.is_dir():
        raise typer.BadParameter(f"'{path}' is a folder, a file name is needed", param_hint=option)
    writable_folder(path.parent, option)


def writable_folder(path: Path, option: str) -> None:
    """Refuse a folder that cannot be written to or made."""
    nearest = path.absolute()
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        raise typer.BadParameter(f"'{nearest}' is a file, not a folder", param_hint=option)
    if not os.access(nearest, os.W_OK):
        raise typer.BadParameter(f"there is no permission to write in '{nearest}'", param_hint=option)
