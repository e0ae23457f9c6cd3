"""A lever in a scenario file, with everything that may be said of it: to be pasted, and changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.lever import LEVERS
from wijksim.scenario.known import COMMON_ARGUMENTS
from wijksim.scenario.prices import number_text
from wijksim.scenario.text import quoted

_LONGEST = 60  # characters of words to choose from that still fit behind a value
_AIMED = {
    "districts": "districts: [vulnerable]",
    "groups": "groups: [age=18-29]",
    "complexes": "complexes: [0, 1]",
}
_HELD = {"districts": "everywhere", "groups": "everybody", "complexes": "all complexes"}
_START = ("2026-01", "or 12, or year 2; left out: from the first month")
_END = ("year 8", "left out: to the end of the run")


def lever_example(name: str) -> str:
    """Return a scenario in which a lever does what it does if nothing more is said of it.

    Parameters
    ----------
    name
        Name of the lever.

    Returns
    -------
    str
        YAML that passes a check. Behind a remark sign stand the start, the end and the target, which hold if the
        sign is taken away.
    """
    lever = LEVERS.get(name)
    pairs = [("# start", *_START), ("# end", *_END)]
    if lever.targets:
        aims = ", ".join(_AIMED[one] for one in lever.targets)
        held = ", ".join(_HELD[one] for one in lever.targets)
        pairs.append(("# target", f"{{{aims}}}", f"left out: {held}"))
    pairs += _arguments(name, lever.declared())
    lines = [
        "schema: 1",
        f"title: {quoted(lever.title)}",
        "extends: baseline",
        "levers:",
        f"  - lever: {name}",
    ]
    width = max(len(f"{key}: {value}") for key, value, _ in pairs)
    lines += [f"    {f'{key}: {value}':{width}}  # {remark}" for key, value, remark in pairs]
    return "\n".join(lines) + "\n"


def _arguments(lever: str, declared: Mapping[str, Argument | Param]) -> Iterator[tuple[str, str, str]]:
    """Arguments, those that every lever has at the end; one that can have no other value is left out."""
    for name in sorted(declared, key=lambda one: (one in COMMON_ARGUMENTS, one)):
        entry = declared[name]
        if isinstance(entry, Argument):
            words = ", ".join(entry.choices) or "any text"
            yield (
                name,
                quoted(entry.default),
                words if len(words) <= _LONGEST else f"wijksim levers {lever} lists the words",
            )
        elif entry.range[0] < entry.range[1]:
            unit = "" if entry.unit == "-" else f" {entry.unit}"
            yield name, number_text(entry.value), f"{entry.range[0]:g} to {entry.range[1]:g}{unit}"
