"""What a run reports about itself, in groups: what it was built from, what did not close, what people and staff did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wijksim.cli.console import grid, number
from wijksim.core.units import PERCENT

if TYPE_CHECKING:
    from rich.table import Table

_BYTES_PER_MB = 1e6
_RUN = "run"
_ELSEWHERE = ("deviations", "caps", "sums", "bytes", "residents", "residents_at_start")
# sums that stand in another group than their own name says; None: a fact already says what they add up to
_GROUP_OF_SUM: dict[str, str | None] = {
    "people": "demography",
    "assistance": "work",
    "basic_job": "work",
    "person_months": None,
    "left": None,
}
_NOT_SHOWN = (
    "housing.offers_", "professionals.frontline_", "professionals.helped_", "professionals.shared_",
    "promises.broken_",
)  # fmt: skip

Line = tuple[str, str]


def facts_table(facts: dict[str, Any], districts: Sequence[str] = ()) -> Table:
    """Everything a run reports about itself, a line each.

    Parameters
    ----------
    facts
        As in the manifest.
    districts
        Names that go with lists of one number per district.
    """
    groups: dict[str, list[Line]] = {_RUN: [_deviation(worst) for worst in facts.get("deviations", ())]}
    groups[_RUN].append(("chances at their cap", _caps(facts.get("caps", {}))))
    for name, value in facts.items():
        if name not in _ELSEWHERE:
            group, label = _split(name)
            groups.setdefault(group, []).extend(_lines(label, value, districts))
    for name, total in facts.get("sums", {}).items():
        group, label = _split(name)
        shown = _GROUP_OF_SUM.get(group, group)
        if shown is not None and not name.startswith(_NOT_SHOWN):
            what = label if shown == group else f"{_words(group)} {label}"
            groups.setdefault(shown, []).append((f"{what}, whole run", _value(float(total))))
    groups[_RUN].append(("memory of the world", f"{facts['bytes'] / _BYTES_PER_MB:.0f} MB"))
    rows = [
        (_words(group) if place == 0 else "", *line)
        for group, lines in groups.items()
        for place, line in enumerate(lines)
    ]
    return grid(("about", "fact", "value"), rows, wrap=True)


def _split(name: str) -> tuple[str, str]:
    """Group and words of a name."""
    group, _, label = name.partition(".")
    return (group, _words(label)) if label else (_RUN, _words(name))


def _deviation(worst: dict[str, Any]) -> Line:
    target, realised = worst["target"], worst["realised"]
    return (
        f"largest deviation from the marginals, as drawn, {worst['district']}",
        f"{_words(str(worst['figure']))}: {number(realised)}, published {number(target)}",
    )


def _caps(caps: dict[str, float]) -> str:
    if not caps:
        return "none"
    name, share = max(caps.items(), key=lambda item: item[1])
    return f"{PERCENT * share:.2g}% of {name}" + (
        f", and of {len(caps) - 1} others less" if len(caps) > 1 else ""
    )


def _lines(label: str, value: Any, districts: Sequence[str]) -> list[Line]:
    if isinstance(value, dict):
        shown = [f"{_words(str(key))} {_value(below)}" for key, below in value.items()]
        return [(label, ", ".join(shown) or "none")]
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        numbers = all(one is None or isinstance(one, int | float) for one in value)
        named = numbers and len(value) == len(districts)
        parts = (
            [f"{place} {_value(one)}" for place, one in zip(districts, value, strict=True)] if named else None
        )
        return [(label, ", ".join(parts or map(_value, value)) or "none")]
    return [(label, str(value) if label.endswith(" year") else _value(value))]  # a year has no comma


def _value(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    whole = isinstance(value, int) or value.is_integer()
    return f"{int(value):,}" if whole else number(float(value))


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", ": ")
