"""Everything that can be looked up, as plain data: what ``--json`` writes and tables are made from."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wijksim.core.errors import Problem

Item = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of thing.

    Attributes
    ----------
    word
        Singular, for messages.
    names
        Gives all names, in the order shown.
    item
        Gives one in full.
    columns
        Keys of the list, in order.
    narrow
        The same for a narrow terminal.
    """

    word: str
    names: Callable[[], tuple[str, ...]]
    item: Callable[[str], Item]
    columns: tuple[str, ...]
    narrow: tuple[str, ...] = ()


def kind(plural: str) -> Kind:
    """Return one of the kinds by its plural."""
    return _KINDS[plural]()


def unknown(word: str, name: str, names: tuple[str, ...]) -> Problem:
    """Say that there is nothing of this name, and what was perhaps meant."""
    from wijksim.core.errors import did_you_mean
    from wijksim.scenario.findings import listed

    guess = did_you_mean(name, names)
    choice = "" if guess or not names else f", choose from {listed(names)}"
    return Problem("command line", 1, 1, f"there is no {word} '{name}'{choice}", guess)


def _levers() -> Kind:
    from wijksim.kernel.lever import LEVERS
    from wijksim.model.known import known

    known()  # registers what is shipped and what plug-ins bring

    def item(name: str) -> Item:
        lever = LEVERS.get(name)
        return {
            "name": name,
            "family": lever.family,
            "title": lever.title,
            "title_nl": lever.title_nl,
            "explain": lever.explain,
            "explain_nl": lever.explain_nl,
            "verbs": list(lever.verbs),
            "grade": lever.grade,
            "evidence": list(lever.evidence),
            "costs": [
                {"name": cost.name, "label": cost.label, "payers": dict(cost.payers)} for cost in lever.costs
            ],
            "arguments": [
                _argument(name, argument, entry) for argument, entry in sorted(lever.declared().items())
            ],
            "about": _prose(lever),
        }

    return Kind("lever", LEVERS.names, item, ("name", "family", "grade", "explain"))


def _argument(lever: str, name: str, entry: Any) -> Item:
    from wijksim.kernel.arguments import Argument

    if isinstance(entry, Argument):
        return {"name": name, "value": entry.default, "choices": list(entry.choices), "label": entry.label}
    return {**entry.parameter(f"lever.{lever}.{name}").as_dict(), "name": name}


def _parameters() -> Kind:
    from wijksim.model.known import all_parameters

    store = all_parameters()

    def item(name: str) -> Item:
        return store.parameters[name].as_dict()

    columns = ("name", "value", "unit", "range", "kind", "grade", "label")
    narrow = ("name", "value", "unit", "range", "grade")
    return Kind("parameter", lambda: tuple(sorted(store.parameters)), item, columns, narrow)


def _measures() -> Kind:
    from wijksim.kernel.measure import MEASURES
    from wijksim.model.known import known
    from wijksim.runs.run import describe

    known()

    def item(name: str) -> Item:
        measure = MEASURES.get(name)
        better = {1: "more is better", -1: "less is better", 0: "neither"}[measure.direction]
        return {**describe(measure), "better": better, "about": _prose(measure)}

    columns = ("name", "theme", "unit", "better", "label")
    return Kind("measure", MEASURES.names, item, columns, ("name", "unit", "label"))


def _places() -> Kind:
    from wijksim.places.load import load_place, place_names

    def item(name: str) -> Item:
        place = load_place(name)
        figures = [
            {
                "figure": ".".join(path),
                "value": figure.value,
                "year": figure.year,
                "kind": figure.kind,
                "source": figure.source,
                "note": figure.note,
            }
            for path, figure in place.figures()
        ]
        sources = {key: source.text for key, source in place.sources.items()}
        head = {
            "name": place.name,
            "title": place.title,
            "kind": place.kind,
            "municipality": place.municipality,
        }
        return {**head, "about": place.about, "figures": figures, "sources": sources}

    return Kind("place", place_names, item, ("name", "title", "kind", "municipality"))


def _mechanisms() -> Kind:
    from wijksim.kernel.mechanism import MECHANISMS
    from wijksim.model.known import known
    from wijksim.model.month import MONTH

    known()

    def names() -> tuple[str, ...]:
        order = {name: place for place, name in enumerate(MONTH)}
        return tuple(sorted(MECHANISMS.names(), key=lambda name: (order.get(name, len(order)), name)))

    def item(name: str) -> Item:
        mechanism = MECHANISMS.get(name)
        about = _prose(mechanism)
        return {
            "name": name,
            "says": about.split("\n")[0],
            "about": about,
            "columns": len(mechanism.owns),
            "processes": len(mechanism.events()) + len(mechanism.states()),
            "owns": [{"name": c.name, "unit": c.unit, "doc": c.doc} for c in mechanism.owns],
            "reads": list(mechanism.reads),
            "lagged": list(mechanism.lagged),
            "events": [_process(event) for event in mechanism.events()],
            "states": [_process(state) for state in mechanism.states()],
        }

    return Kind("mechanism", names, item, ("name", "columns", "processes", "says"))


def _process(process: Any) -> Item:
    drivers = [
        {"driver": influence.key, "weight": influence.weight, "loop": influence.loop}
        for influence in process.index.influences
    ]
    return {"name": process.name, "doc": process.doc, "influences": drivers}


def _scenarios() -> Kind:
    from wijksim.model.known import load_scenario
    from wijksim.scenario.load import shipped_scenarios

    def item(name: str) -> Item:
        spec = load_scenario(name)
        return {
            "name": name,
            "title": spec.title,
            "question": spec.question,
            "extends": list(spec.extends),
            "levers": [use.lever for use in spec.levers],
            "months": spec.months,
            "size": spec.world.size,
            "districts": [district.name for district in spec.world.districts],
            "source": list(spec.source),
            "assumed": list(spec.assumed),
            "would_change_our_mind": list(spec.would_change_our_mind),
            "resolved": spec.resolved(),
        }

    return Kind("scenario", shipped_scenarios, item, ("name", "title", "levers"))


def _prose(cls: type) -> str:
    """Docstring of a class, without the sections of its base class."""
    text = inspect.cleandoc(cls.__doc__ or "")
    for section in ("Attributes", "Parameters", "Notes"):
        text = text.split(f"\n\n{section}\n")[0]
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


_KINDS: dict[str, Callable[[], Kind]] = {
    "levers": _levers,
    "parameters": _parameters,
    "measures": _measures,
    "places": _places,
    "mechanisms": _mechanisms,
    "scenarios": _scenarios,
}
