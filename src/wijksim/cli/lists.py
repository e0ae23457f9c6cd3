"""``levers``, ``parameters``, ``places``, ``strategies``, ``series`` and more: look things up."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wijksim.cli.console import WIDE, grid, out, pairs, say, tool, write_json
from wijksim.cli.options import READING, Json, Verbose, register

if TYPE_CHECKING:
    from wijksim.report.catalogue import Item, Kind

_LONG_NAME = 36  # characters from which a name leaves no room for a range
_SENTENCE = 40  # characters from which a text is no word
_GROUPED = 10_000  # numbers from here on get a comma; years stay as they are
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_DUTCH = {"title_nl", "label_nl"}  # columns of what has a Dutch name

Name = Annotated[
    str | None, typer.Argument(metavar="NAME", show_default=False, help="Show this one in full.")
]

_HELP: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "scenarios": (
        "List the shipped scenarios, or show one in full.",
        "A scenario is a small file: a question, and what differs from current policy.",
        ("wijksim scenarios", "wijksim scenarios basic-jobs"),
        "wijksim run NAME, or wijksim memo NAME.",
    ),
    "levers": (
        "List the policy levers, or show one with its arguments.",
        "A lever is what a scenario can pull. Every argument carries unit, range, grade and source; shown as well is "
        "where it can be aimed and which rows of the source texts it carries. NAME may also be a plug-in of your own "
        "in this folder.",
        (
            "wijksim levers",
            "wijksim levers --family governance",
            "wijksim levers staffing",
            "wijksim levers --json",
        ),
        "wijksim new scenario my-idea, and put the lever under 'levers:'.",
    ),
    "parameters": (
        "List the numbers of the model, or show one with its source.",
        "NAME may be the beginning of a name ('debt' lists all parameters of debt) or the key of a source, which lists "
        "what rests on it.",
        (
            "wijksim parameters debt",
            "wijksim parameters health.crisis_excitation",
            "wijksim parameters LAB-17",
            "wijksim parameters --json",
        ),
        "give another value in a scenario, under 'set:'.",
    ),
    "measures": (
        "List what a run measures, or show one measure.",
        "A value is a share or a mean per district and month; the city is all districts together.",
        ("wijksim measures", "wijksim measures --json"),
        "name some under 'record: {measures: [...]}' to keep only those.",
    ),
    "places": (
        "List the neighbourhoods that can be simulated, or show the figures of one.",
        "NAME may be a municipality, or part of a name. Every figure says where it comes from and which year it "
        "describes.",
        ("wijksim places", "wijksim places overvecht", "wijksim places --municipality Utrecht"),
        "name it under 'world: {districts: [{place: ...}]}' in a scenario.",
    ),
    "strategies": (
        "List the rules to choose from for a decision, or show one with its arguments.",
        "One rule of each decision is current policy. Some hold by place, side by side with others.",
        ("wijksim strategies", "wijksim strategies lottery"),
        "name it under 'strategies:' in a scenario, or pull a lever that chooses it.",
    ),
    "series": (
        "List the series from outside that a scenario may date, or show one.",
        "A series drives one parameter by year or month; without it that parameter stays what it is.",
        ("wijksim series", "wijksim series labour_market"),
        "date it under 'series:' in a scenario.",
    ),
    "mechanisms": (
        "List the mechanisms in the order of the month, or show one.",
        "A mechanism owns columns and moves them by declared events and states.",
        ("wijksim mechanisms", "wijksim mechanisms health"),
        "wijksim parameters NAME, for the numbers it uses.",
    ),
}


def add_to(app: typer.Typer) -> None:
    """Register one command per kind."""
    own: dict[str, Callable[..., None]] = {"levers": _levers, "parameters": _parameters, "places": _places}
    for plural, (title, text, examples, then) in _HELP.items():
        command = own.get(plural) or _command(plural)
        command.__doc__ = f"{title}\n\n{text}"
        register(app, plural, READING, examples=examples, then=then)(command)


def _command(plural: str) -> Callable[..., None]:
    def show(name: Name = None, json: Json = False, verbose: Verbose = False) -> None:
        del verbose
        from wijksim.report.catalogue import kind

        look_up(plural, kind(plural), name, json=json)

    return show


def _levers(
    name: Name = None,
    family: Annotated[
        str | None,
        typer.Option("--family", metavar="FAMILY", show_default=False, help="Only levers of this family."),
    ] = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    del verbose
    from wijksim.report.catalogue import kind

    levers = kind("levers")
    if family is not None:
        _alone(name, "--family")
        levers = levers.where("family", family)
    elif name is not None and name not in levers.names():
        _import_own(name)
    look_up("levers", levers, name, json=json)


def _import_own(name: str) -> None:
    """Import the plug-in that 'new lever' writes for a name, if it lies in the current folder."""
    from wijksim.core.errors import InputError, Problem
    from wijksim.scenario.load import import_plugin

    module = name.replace("-", "_")
    file = Path(f"{module}.py")
    # a file of this name that registers no lever is something else, and not to be run
    if not module.isidentifier() or not file.is_file() or b"LEVERS" not in file.read_bytes():
        return
    wrong = import_plugin(module)
    if wrong:
        raise InputError([Problem(str(file), 1, 1, wrong)])


def _parameters(name: Name = None, json: Json = False, verbose: Verbose = False) -> None:
    del verbose
    from wijksim.report.catalogue import kind, resting_on

    parameters = kind("parameters")
    found = None if name is None or name in parameters.names() else resting_on(parameters, name)
    look_up("parameters", found or parameters, None if found else name, json=json)


def _places(
    name: Name = None,
    municipality: Annotated[
        str | None,
        typer.Option(
            "--municipality", metavar="NAME", show_default=False, help="Only places of this municipality."
        ),
    ] = None,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    del verbose
    from wijksim.core.errors import InputError
    from wijksim.report.catalogue import kind, unknown

    places = kind("places")
    if municipality is not None:
        _alone(name, "--municipality")
        places = places.where("municipality", municipality)
    elif name is not None and name not in places.names():
        found = places.holding(name, ("name", "title", "municipality"))
        if found is None:
            towns = {str(town) for one in places.names() if (town := places.item(one)["municipality"])}
            raise InputError([unknown("place or municipality", name, (*places.names(), *sorted(towns)))])
        places, name = found, None
    look_up("places", places, name, json=json)


def _alone(name: str | None, option: str) -> None:
    if name is not None:
        raise typer.BadParameter("give a NAME or this option, not both", param_hint=option)


def look_up(plural: str, kind: Kind, name: str | None, *, json: bool) -> None:
    """Print all, those that begin with a name, or one in full."""
    from wijksim.core.errors import InputError
    from wijksim.report.catalogue import unknown

    names = kind.names()
    if name is None or (name not in names and _under(names, name)):
        wanted = names if name is None else _under(names, name)
        items = [kind.item(entry) for entry in wanted]
        if json:
            write_json(items)
            return
        _table(kind, items)
        noun = kind.word if len(items) == 1 else plural
        say(f"{len(items)} {noun}; one in full: {tool()} {plural} NAME")
        return
    if name not in names:
        raise InputError([unknown(kind.word, name, names)])
    item = kind.item(name)
    if json:
        write_json(item)
    else:
        _in_full(plural, item)


def _under(names: tuple[str, ...], room: str) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith(f"{room.rstrip('.')}."))


def _table(kind: Kind, items: list[Item]) -> None:
    console = out()
    narrow = console.width < WIDE
    columns = kind.narrow if kind.narrow and narrow else kind.columns
    if any(len(item["name"]) > _LONG_NAME for item in items):
        columns = tuple(name for name in columns if name != "range")
    if not narrow:
        columns = (*columns, *(name for name in items[0] if name in _DUTCH))
    numbers = [name for name in columns if name in ("value", "columns", "processes")]
    rows = [[_cell(item[name]) for name in columns] for item in items]
    heads = ["in Dutch" if name in _DUTCH else name for name in columns]
    console.print(grid(heads, rows, numbers=numbers))


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _figure(value)
    if isinstance(value, list | tuple):
        numeric = len(value) == 2 and all(isinstance(part, int | float) for part in value)
        return (
            f"{_figure(value[0])} to {_figure(value[1])}"
            if numeric
            else _joined([str(part) for part in value])
        )
    if isinstance(value, dict):
        return _joined([f"{key}: {_cell(part)}" for key, part in value.items()])
    return str(value)


def _joined(parts: list[str]) -> str:
    """Words on one line, sentences below each other."""
    return ("\n" if any(len(part) > _SENTENCE for part in parts) else ", ").join(parts) or "-"


def _figure(value: float) -> str:
    """A declared number as it was declared: nothing rounded away."""
    return f"{value:,.0f}" if abs(value) >= _GROUPED and value == int(value) else f"{value:g}"


def _in_full(plural: str, item: Item) -> None:
    console = out()
    tables = [key for key, value in item.items() if _is_table(value)]
    plain = [key for key in item if key not in (*tables, "name", "says", "about", "resolved")]
    console.print(f"{item['name']}", style="bold", markup=False)
    if item.get("about"):
        console.print(str(item["about"]), markup=False)
    rows = [[key.replace("_", " "), _cell(item[key])] for key in plain if item[key] not in _EMPTY]
    console.print(pairs(rows))
    for key in tables:
        console.print(f"\n{key}", style="bold", markup=False)
        if key in ("events", "states"):
            _processes(item[key])
        elif key == "arguments":
            _arguments(item[key])
        elif plural == "parameters":
            _sources(item[key])
        else:
            keys = list(dict.fromkeys(name for entry in item[key] for name in entry))
            shown = [name for name in keys if any(entry.get(name) not in _EMPTY for entry in item[key])]
            cells = [[_cell(entry.get(name)) for name in shown] for entry in item[key]]
            console.print(grid(shown, cells, numbers=["value"]))
    if plural == "levers":
        from wijksim.cli.lever_example import lever_example

        console.print("\nIn a scenario, every argument as it is if you leave it out", style="bold")
        console.print(
            textwrap.indent(lever_example(item["name"]), "  "), end="", markup=False, soft_wrap=True
        )


def _sources(sources: list[Item]) -> None:
    """What each source measures, and below it its title, year and address, for copying."""
    from rich.text import Text

    for source in sources:
        out().print(f"  {source['key']}: {source['what'] or '-'}", markup=False)
        rest = ", ".join(source[key] for key in ("text", "year", "url") if source[key])
        if rest:
            out().print(Text(f"      {rest}", style="dim"), soft_wrap=True)


def _arguments(arguments: list[Item]) -> None:
    """Two lines per argument: what it is, and what may be given."""
    from rich.padding import Padding
    from rich.text import Text

    console = out()
    for entry in arguments:
        console.print(f"  {entry['name']}: {entry['label']}", markup=False)
        if "choices" in entry:
            may = f"one of {', '.join(entry['choices'])}" if entry["choices"] else "any text"
            line = f"{entry['value']} unless said otherwise; {may}"
        else:
            unit = "" if entry["unit"] == "-" else f" {entry['unit']}"
            source = ", ".join(entry["source"])
            line = f"{_figure(entry['value'])}{unit}, from {_cell(entry['range'])}; "
            line += f"{entry['kind']}, grade {entry['grade']}, {source}"
        console.print(Padding(Text(line, style="dim"), (0, 0, 0, 6)))


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _processes(processes: list[Item]) -> None:
    rows = []
    for process in processes:
        drivers = [
            f"{driver['driver']} ({driver['loop']})" if driver["loop"] else driver["driver"]
            for driver in process["influences"]
        ]
        rows.append([process["name"], process["doc"] or "-", "\n".join(drivers) or "-"])
    out().print(grid(("name", "what happens", "driven by (feedback loop)"), rows))
