"""Everything that can be looked up, as plain data: what ``--json`` writes and tables are made from."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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

    def where(self, key: str, word: str) -> Kind:
        """Only those of which ``key`` says ``word``, whatever its capitals and hyphens.

        Raises
        ------
        InputError
            If nothing says so, with the word that was perhaps meant.
        """
        from wijksim.core.errors import InputError

        said = {name: str(self.item(name)[key] or "") for name in self.names()}
        kept = tuple(name for name, one in said.items() if folded(one) == folded(word))
        if not kept or not folded(word):
            options = tuple(sorted({one for one in said.values() if one}))
            raise InputError([unknown(f"{self.word} with {key}", word, options)])
        return replace(self, names=lambda: kept)

    def holding(self, word: str, keys: Sequence[str]) -> Kind | None:
        """Only those of which one of ``keys`` holds ``word``; None if none does."""
        wanted = folded(word)
        kept = tuple(
            name
            for name in self.names()
            if wanted and any(wanted in folded(str(self.item(name)[key] or "")) for key in keys)
        )
        return replace(self, names=lambda: kept) if kept else None


def folded(text: str) -> str:
    """Letters and figures of a text, small: what counts when words are compared."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def kind(plural: str) -> Kind:
    """Return one of the kinds by its plural."""
    return _KINDS[plural]()


def unknown(word: str, name: str, names: tuple[str, ...]) -> Problem:
    """Say that there is nothing of this name, and what was perhaps meant."""
    from wijksim.core.errors import did_you_mean
    from wijksim.scenario.findings import listed

    if not name.strip():
        return Problem("command line", 1, 1, f"the name of the {word} is empty")
    guess = did_you_mean(name, names)
    room = name.rpartition(".")[0]
    beside = [one for one in names if room and one.startswith(f"{room}.")]
    choice = "" if guess or not names else f", choose from {listed(beside or names)}"
    return Problem("command line", 1, 1, f"there is no {word} '{name}'{choice}", guess)


def _levers() -> Kind:
    from wijksim.kernel.lever import GOVERN, LEVERS
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
            "governs": lever.phase == GOVERN,
            "targets": list(lever.targets),
            "chooses": list(lever.chooses),
            "rows": [{"row": one.row, "moves": one.moves, "differs": one.differs} for one in lever.carries],
            "costs": [
                {"name": cost.name, "label": cost.label, "payers": dict(cost.payers)} for cost in lever.costs
            ],
            "arguments": [
                _argument(f"lever.{name}", argument, entry)
                for argument, entry in sorted(lever.declared().items())
            ],
            "about": _prose(lever),
        }

    return Kind("lever", LEVERS.names, item, ("name", "family", "grade", "explain"))


def _argument(owner: str, name: str, entry: Any) -> Item:
    from wijksim.kernel.arguments import Argument

    if isinstance(entry, Argument):
        return {"name": name, "value": entry.default, "choices": list(entry.choices), "label": entry.label}
    return {**entry.parameter(f"{owner}.{name}").as_dict(), "name": name}


CITED = ("what", "text", "year", "url")
"""What is told of a source: what it measures, its title, its year and its address."""


def resting_on(parameters: Kind, source: str) -> Kind | None:
    """Only parameters that rest on a source, by its key; None if there is no such source.

    Raises
    ------
    InputError
        If there is, and no parameter rests on it.
    """
    from wijksim.core.errors import InputError
    from wijksim.model.known import all_parameters
    from wijksim.parameters.load import load_sources

    store = all_parameters().parameters
    kept = tuple(name for name in parameters.names() if source in store[name].source)
    if not kept and source in load_sources():
        raise InputError([Problem("command line", 1, 1, f"no parameter rests on source '{source}'")])
    return replace(parameters, names=lambda: kept) if kept else None


def _parameters() -> Kind:
    from wijksim.model.known import all_parameters
    from wijksim.parameters.load import load_sources

    store, known = all_parameters(), load_sources()

    def item(name: str) -> Item:
        parameter = store.parameters[name]
        cited = [
            {"key": key, **{field: str(known.get(key, {}).get(field, "")) for field in CITED}}
            for key in parameter.source
        ]
        return {**parameter.as_dict(), "sources": cited}

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


def _strategies() -> Kind:
    from wijksim.kernel.lever import LEVERS
    from wijksim.kernel.strategy import STRATEGIES
    from wijksim.model.known import known

    known()

    def names() -> tuple[str, ...]:
        return tuple(name for name, _ in sorted(STRATEGIES.items(), key=lambda one: (one[1].kind, one[0])))

    def item(name: str) -> Item:
        strategy = STRATEGIES.get(name)
        about = _prose(strategy)
        return {
            "name": name,
            "decision": strategy.kind,
            "current_policy": strategy.default,
            "by_place": strategy.side_by_side,
            "says": about.split("\n")[0],
            "levers_for_this_decision": [
                lever for lever, one in LEVERS.items() if strategy.kind in one.chooses
            ],
            "arguments": [
                _argument(f"strategy.{name}", argument, entry)
                for argument, entry in sorted(strategy.declared().items())
            ],
            "about": about,
        }

    return Kind(
        "strategy",
        names,
        item,
        ("name", "decision", "current_policy", "by_place", "says"),
        ("name", "decision", "says"),
    )


def _series() -> Kind:
    from wijksim.model.known import all_parameters
    from wijksim.model.series import SERIES

    store = all_parameters().parameters

    def item(name: str) -> Item:
        series = SERIES[name]
        drives = store[series.parameter]
        return {
            "name": name,
            "unit": series.unit,
            "range": [series.low, series.high],
            "parameter": series.parameter,
            "value": drives.value,
            "kind": drives.kind,
            "grade": drives.grade,
            "source": list(drives.source),
            "label": series.label,
        }

    columns = ("name", "value", "range", "unit", "parameter", "label")
    return Kind("series", lambda: tuple(SERIES), item, columns, ("name", "value", "range", "unit"))


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
    "strategies": _strategies,
    "series": _series,
}
