"""Problems gathered while a merged scenario is checked, and the words for the most common ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from wijksim.core.documents import KeyPath, Node
from wijksim.core.errors import Problem, did_you_mean
from wijksim.scenario.known import NOT_IN_THIS_VERSION, ArgumentSpec, absent_room
from wijksim.scenario.messages import shown
from wijksim.scenario.months import EXPECTED, is_month

# keys that an entry has anyway: whoever misspells an argument is not in search of these
_OF_EVERY_ENTRY = ("lever", "name", "id", "remove")
_MANY = 12  # names that still read well in one message
_TYPES = {
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "text": "text",
    "texts": "a list of text",
    "month": EXPECTED,
}


class Findings:
    """Problems of one merged scenario, each at the file and place where the value was written."""

    def __init__(self, nodes: Node) -> None:
        self.nodes = nodes
        self.problems: list[Problem] = []

    def add(self, path: KeyPath, message: str, hint: str | None = None, *, at_key: bool = False) -> None:
        """Note a problem at a key path of the merged scenario."""
        node = self.nodes.key_node(path) if at_key else self.nodes.find(path)
        self.problems.append(node.problem(message, hint))

    def exists(
        self, kind: str, name: str, options: Collection[str], path: KeyPath, *, at_key: bool = False
    ) -> bool:
        """Tell whether a name exists; note a problem if not."""
        if name in options:
            return True
        guess = did_you_mean(name, options)
        room = absent_room(name)
        if room is not None:
            message = f"{kind} '{name}' belongs to {room}; {NOT_IN_THIS_VERSION}"
            self.add(path, message, at_key=at_key)
            return False
        message = f"there is no {kind} '{name}'"
        if guess is None:
            message += f", choose from {listed(options)}" if 0 < len(options) <= _MANY else ""
        self.add(path, message, guess, at_key=at_key)
        return False

    def arguments(
        self,
        owner: str,
        given: Mapping[str, Any],
        specs: Mapping[str, ArgumentSpec],
        path: tuple[str | int, ...],
        *,
        others: Collection[str] = (),
    ) -> dict[str, Any]:
        """Check arguments against their declaration; return those that are right, numbers as declared.

        Parameters
        ----------
        owner
            For messages: ``lever 'basic-job'``.
        given, specs
            What was written, and what may be.
        path
            Key path of the entry.
        others
            Further keys that the entry may have.
        """
        result = {}
        for name, value in given.items():
            if name not in specs:
                guess = did_you_mean(name, (*specs, *others))
                choice = "" if guess else f", it takes {listed(specs)}" if specs else ", it takes none"
                beside = sorted(set(others) - set(_OF_EVERY_ENTRY))
                if beside and not guess:
                    choice += f"; beside them {', '.join(beside)}"
                self.add((*path, name), f"{owner} has no argument '{name}'{choice}", guess, at_key=True)
                continue
            message = argument_message(value, specs[name])
            if message is not None:
                guess = did_you_mean(value, specs[name].choices) if isinstance(value, str) else None
                self.add((*path, name), f"'{name}' of {owner} {message}", guess)
            else:
                result[name] = float(value) if specs[name].type == "number" else value
        for name, spec in specs.items():
            if spec.required and name not in given:
                self.add(path, f"{owner} needs '{name}' ({spec.doc or spec.unit})")
        return result


def argument_message(value: Any, spec: ArgumentSpec) -> str | None:
    """Say what is wrong with a value for an argument; None if nothing is."""
    if not _fits(value, spec):
        return f"must be {_TYPES[spec.type]}, not {shown(value)}"
    if spec.type in ("number", "integer"):
        return range_message(value, spec.low, spec.high, spec.unit)
    if spec.choices and spec.type in ("text", "texts"):
        wrong = [word for word in ([value] if spec.type == "text" else value) if word not in spec.choices]
        if wrong:
            return f"cannot be {shown(wrong[0])}, choose from {listed(spec.choices)}"
    return None


def range_message(value: float, low: float | None, high: float | None, unit: str) -> str | None:
    """Say that a number lies outside a range; None if it does not. A number that is none lies outside."""
    below, above = low is not None and not value >= low, high is not None and not value <= high
    if not below and not above:
        return None
    words = "" if unit in ("-", "") else f" {unit}"
    if low is None or high is None:
        bound = f"at most {high:g}" if low is None else f"at least {low:g}"
        return f"must be {bound}{words}, not {value:g}"
    return f"must lie in {low:g} to {high:g}{words}, not {value:g}"


def listed(names: Collection[str]) -> str:
    """Return names in alphabetical order, a long list cut short."""
    ordered = sorted(names)
    return ", ".join(ordered[:_MANY]) + (" ..." if len(ordered) > _MANY else "")


def _fits(value: Any, spec: ArgumentSpec) -> bool:
    if spec.type == "boolean":
        return isinstance(value, bool)
    if spec.type == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if spec.type == "number":
        return isinstance(value, int | float) and not isinstance(value, bool) and -_LARGE < value < _LARGE
    if spec.type == "text":
        return isinstance(value, str) and value != ""
    if spec.type == "texts":
        return isinstance(value, list) and all(isinstance(word, str) and word for word in value)
    return is_month(value)


_LARGE = float("inf")
