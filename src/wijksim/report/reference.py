"""Pages made from the declarations: what ``docs/reference`` and ``docs/trace.md`` hold.

Nobody writes these pages. They say what the code declares, so that a reader need not read code and a page cannot say
something else; a test compares them with what would be written now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import log
from pathlib import Path
from typing import Any

from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.influence import Influence
from wijksim.kernel.loops import LOOPS
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.relax import Relax
from wijksim.kernel.strategy import STRATEGIES
from wijksim.model.known import all_parameters
from wijksim.model.month import MONTH, TRANSITIONS
from wijksim.parameters.load import load_sources
from wijksim.report.catalogue import Item, kind
from wijksim.report.coverage import coverage_page
from wijksim.report.loop_picture import loop_picture

FOLDER = "reference"
_MANY = 40  # names that can still be read in one cell
_MADE = "*Made from the code by `./wijk docs`; do not edit.*"


def pages() -> dict[str, str]:
    """All generated pages: path below ``docs`` and text."""
    makers: dict[str, Callable[[], str]] = {
        f"{FOLDER}/README.md": _index,
        f"{FOLDER}/month.md": _month,
        f"{FOLDER}/mechanisms.md": _mechanisms,
        f"{FOLDER}/columns.md": _columns,
        f"{FOLDER}/parameters.md": _parameters,
        f"{FOLDER}/loops.md": _loops,
        f"{FOLDER}/loops.svg": loop_picture,
        f"{FOLDER}/levers.md": _levers,
        f"{FOLDER}/strategies.md": _strategies,
        f"{FOLDER}/measures.md": _measures,
        f"{FOLDER}/sources.md": _sources,
        f"{FOLDER}/coverage.md": coverage_page,
        "trace.md": _trace,
    }
    return {path: make().rstrip("\n") + "\n" for path, make in makers.items()}


def write_pages(docs: Path) -> list[Path]:
    """Write every page that differs from what is there; pages that nobody makes any more are removed."""
    written = []
    made = pages()
    for name, text in made.items():
        path = docs / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.partial")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
        written.append(path)
    for path in sorted((docs / FOLDER).glob("*")):
        if f"{FOLDER}/{path.name}" not in made:
            path.unlink()
    return written


def stale(docs: Path) -> list[str]:
    """Names of pages that are missing or say something else than the code."""
    return [
        name
        for name, text in pages().items()
        if not (docs / name).exists() or (docs / name).read_text(encoding="utf-8") != text
    ]


def mechanisms() -> list[type[Mechanism]]:
    """All mechanisms in the order of the month."""
    return [MECHANISMS.get(name) for name in kind("mechanisms").names()]


def processes(mechanism: type[Mechanism]) -> list[Event | Relax]:
    """Events and states of a mechanism."""
    return [*mechanism.events(), *mechanism.states()]


def sign_of(influence: Influence, process: Event | Relax) -> str:
    """``+`` if the driver raises the process, ``-`` if it lowers it, ``0`` if its weight is none."""
    weight = all_values()[influence.weight]
    strength = log(weight) if isinstance(process, Event) else weight
    return "+" if strength > 0 else "-" if strength < 0 else "0"


def all_values() -> dict[str, float]:
    """Value of every parameter, as shipped."""
    return {name: one.value for name, one in all_parameters().parameters.items()}


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table of a page; bars in a text would end a cell."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += [
        "| " + " | ".join(str(cell).replace("|", "/").replace("\n", " ") for cell in row) + " |"
        for row in rows
    ]
    return "\n".join(lines)


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", _MADE, *(part for part in parts if part)])


def _index() -> str:
    store = all_parameters().parameters
    assumed = sum(one.kind == "assumed" for one in store.values())
    rows = [
        ("[month](month.md)", "the order of one month, who reads whom"),
        ("[mechanisms](mechanisms.md)", "events and states with everything that drives them"),
        ("[columns](columns.md)", "state variables, unit, domain and owner"),
        ("[parameters](parameters.md)", "every number with unit, range, kind, grade and source"),
        ("[loops](loops.md)", "the feedback loops, link by link, with a picture"),
        ("[levers](levers.md)", "what a scenario can pull"),
        ("[strategies](strategies.md)", "rules to choose from for one decision"),
        ("[measures](measures.md)", "what a run reports"),
        ("[sources](sources.md)", "where the numbers come from"),
        ("[trace](../trace.md)", "from source to number to mechanism"),
    ]
    share = f"{len(store)} parameters, of which {assumed} ({assumed / len(store):.0%}) are assumed."
    return _page("Reference", table(("page", "holds"), rows), share)


def _month() -> str:
    rows: list[Sequence[Any]] = []
    for place, name in enumerate(("levers", *MONTH, "agents' own rules", "recording"), start=1):
        if name in MECHANISMS:
            one = MECHANISMS.get(name)
            rows.append((place, name, _names(one.reads), _names(one.lagged)))
        else:
            what = "requests are applied" if name == TRANSITIONS else ""
            rows.append((place, f"*{name}*", what, ""))
    return _page(
        "One month, in order",
        "A mechanism reads this month's values of those above it and last month's of itself and those below it.",
        table(("step", "name", "reads of this month", "reads of last month"), rows),
    )


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


def _mechanisms() -> str:
    parts = []
    for one in mechanisms():
        item = kind("mechanisms").item(one.name)
        parts.append(f"## {one.name}\n\n{item['about']}")
        if one.channels:
            parts.append(f"Levers may also take hold of {_names(one.channels)}.")
        for process in processes(one):
            parts.append(_process(process))
    return _page("Mechanisms", *parts)


def _process(process: Event | Relax) -> str:
    if isinstance(process, Event):
        head = f"**{process.name}** (event of a {process.table}; base {_base(process)})"
    else:
        head = f"**{process.name}** (state; level `{process.level}`, half-life `{process.half_life}`)"
    text = f"{head}: {process.doc}." if process.doc else f"{head}."
    rows = [
        (
            f"`{one.key}`",
            sign_of(one, process),
            f"`{one.weight}`",
            f"{all_values()[one.weight]:g}",
            one.loop or "",
        )
        for one in process.index.influences
    ]
    return text + ("\n\n" + table(("driver", "sign", "weight", "value", "loop"), rows) if rows else "")


def _base(event: Event) -> str:
    if isinstance(event.base, Piecewise) and not event.base.rates:  # a table of its own, as that of mortality
        return f"looked up by `{event.base.column}`"
    if isinstance(event.base, Piecewise):
        return "by piece: " + ", ".join(f"`{name}`" for name in event.base.rates)
    return f"`{event.base}`"


def _columns() -> str:
    rows = [
        (f"`{column.name}`", column.unit, _domain(column.low, column.high), one.name, column.doc)
        for one in mechanisms()
        for column in one.owns
    ]
    return _page(
        "Columns",
        "State variables by their owner, the one mechanism that writes them. Structure (home, age, activity, "
        "education) is kept by the lifecycle and changed by requests.",
        table(("column", "unit", "domain", "owner", "meaning"), sorted(rows)),
    )


def _domain(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    return f"{'' if low is None else f'{low:g}'} .. {'' if high is None else f'{high:g}'}"


def _parameters() -> str:
    store = all_parameters().parameters
    rooms: dict[str, list[Item]] = {}
    for name in sorted(store):
        rooms.setdefault(_room(name), []).append(store[name].as_dict())
    count = [
        (
            room,
            len(items),
            *(
                sum(one["kind"] == word for one in items)
                for word in ("measured", "estimated", "assumed", "policy")
            ),
        )
        for room, items in rooms.items()
    ]
    parts = [table(("room", "all", "measured", "estimated", "assumed", "policy"), count)]
    for room, items in rooms.items():
        rows = [
            (
                f"`{one['name']}`", _number(one["value"]), one["unit"],
                f"{_number(one['range'][0])} to {_number(one['range'][1])}", one["kind"], one["grade"],
                ", ".join(one["source"]), one["label"],
            )
            for one in items
        ]  # fmt: skip
        parts.append(
            f"## {room}\n\n"
            + table(("name", "value", "unit", "range", "kind", "grade", "source", "meaning"), rows)
        )
    return _page("Parameters", *parts)


def _room(name: str) -> str:
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "lever" else parts[0]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10_000 and value == int(value) else f"{value:g}"


def _loops() -> str:
    links: dict[str, list[Sequence[Any]]] = {name: [] for name in LOOPS}
    for one in mechanisms():
        for process in processes(one):
            for influence in process.index.influences:
                if influence.loop:
                    links[influence.loop].append(
                        (f"`{influence.key}`", sign_of(influence, process), f"`{process.name}`")
                    )
    parts = ["![Feedback loops, one panel each](loops.svg)"]
    for name, text in LOOPS.items():
        parts.append(f"## {name}\n\n{text}")
        if links[name]:
            parts.append(table(("driver", "sign", "acts on"), links[name]))
    return _page(
        "Feedback loops",
        "A loop is switched off in a scenario with `loops: {name: false}`: its drivers then follow the null run. "
        "`./wijk knockout SCENARIO` shows what each carries.",
        *parts,
    )


def _levers() -> str:
    parts = []
    for name in kind("levers").names():
        item = kind("levers").item(name)
        rows = [
            (
                f"`{one['name']}`",
                _given(one.get("value")),
                one.get("unit", ""),
                _range(one),
                one.get("grade", ""),
                one.get("label", ""),
            )
            for one in item["arguments"]
        ]
        parts.append(
            f"## {name}\n\n{item['title']} (*{item['title_nl']}*), family {item['family']}, grade {item['grade']}. "
            f"{item['explain']}\n\nVerbs: {', '.join(item['verbs'])}. Evidence: {', '.join(item['evidence'])}.\n\n"
            + table(("argument", "value", "unit", "range", "grade", "meaning"), rows)
        )
    return _page("Levers", *parts)


def _given(value: Any) -> str:
    return "" if value is None else _number(value) if isinstance(value, int | float) else str(value)


def _range(argument: Item) -> str:
    if argument.get("choices"):
        return ", ".join(map(str, argument["choices"]))
    return " to ".join(_number(end) for end in argument["range"]) if "range" in argument else ""


def _strategies() -> str:
    rows = [
        (
            one.kind,
            f"`{name}`" + (" (current policy)" if one.default else ""),
            (one.__doc__ or "").split("\n")[0],
        )
        for name, one in sorted(STRATEGIES.items(), key=lambda pair: (pair[1].kind, pair[0]))
    ]
    return _page("Strategies", table(("decision", "rule", "what it does"), rows))


def _measures() -> str:
    items = [kind("measures").item(name) for name in kind("measures").names()]
    rows = [
        (
            f"`{one['name']}`",
            one["label"],
            one["label_nl"],
            one["unit"],
            one["better"],
            one["theme"],
            ", ".join(one["outcome"]),
        )
        for one in sorted(items, key=lambda item: (item["theme"], item["name"]))
    ]
    return _page("Measures", table(("name", "label", "Dutch", "unit", "better", "theme", "outcome"), rows))


def _sources() -> str:
    rows = [
        (key, source.get("what", ""), source.get("text", ""), source.get("year", ""), source.get("url", ""))
        for key, source in sorted(load_sources().items())
    ]
    return _page("Sources", table(("key", "measures", "source", "year", "address"), rows))


def _trace() -> str:
    """From source to number to what uses it."""
    users = _users()
    by_source: dict[str, list[str]] = {}
    for name, one in sorted(all_parameters().parameters.items()):
        for key in one.source:
            by_source.setdefault(key, []).append(name)
    rows = [
        (
            key,
            _listed(names),
            _shortened(sorted({user for name in names for user in users.get(name, ())})),
        )
        for key, names in sorted(by_source.items())
    ]
    return _page(
        "Trace: from source to number to process",
        "Each source key, the parameters it supports, and the events and states that declare those. A parameter "
        "without a process is read inside a step.",
        table(("source", "parameters", "processes"), rows),
    )


def _shortened(users: Sequence[str]) -> str:
    return ", ".join(users) if len(users) <= _MANY else f"{len(users)} processes"


def _listed(names: Sequence[str]) -> str:
    """Names, or how many of each room where there are too many to read."""
    if len(names) <= _MANY:
        return ", ".join(f"`{name}`" for name in names)
    # a hundred levers one by one would be a page of their own
    rooms = ["levers" if name.startswith("lever.") else _room(name) for name in names]
    return ", ".join(f"{rooms.count(room)} of {room}" for room in sorted(set(rooms)))


def _users() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in mechanisms():
        for process in processes(one):
            names = [influence.weight for influence in process.index.influences]
            if isinstance(process, Relax):
                names += [process.level, process.half_life]
            elif isinstance(process.base, Piecewise):
                names += [*process.base.rates, *process.base.edges]
            else:
                names.append(process.base)
            for name in names:
                found.setdefault(name, set()).add(process.name)
    return found
