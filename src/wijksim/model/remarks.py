"""What is worth a word about a scenario that is right, but may not do what was meant."""

from __future__ import annotations

from wijksim.kernel.lever import Lever
from wijksim.kernel.strategy import meet
from wijksim.model.assemble import lever_of
from wijksim.scenario.resolve import LeverUse, Scenario

_NEARLY = 0.99  # part of the full dose from which on nobody would call it short
_IDLE = {
    "strength": "so that it changes nothing",
    "coverage": "so that nobody is approached",
    "uptake": "so that nobody takes part",
}


def remarks(scenario: Scenario) -> tuple[str, ...]:
    """Say what a user would like to know before a run: levers that do nothing, end early or stand twice.

    Returns
    -------
    tuple of str
        Each with the file and the line of the lever; empty if there is nothing to say.
    """
    found: list[str] = []
    acting: list[LeverUse] = []
    for use in scenario.levers:
        lever = lever_of(use)
        words = _idle(lever)
        if not words:
            words = _short(lever, use)
            for other in acting:
                both = _together(use, other, scenario.months)
                words += [_twice(use, other, both)] if both else []
            acting.append(use)
        place = scenario.origin(("levers", use.id))
        found += [f"{place}: lever '{use.id}' {word}" for word in words]
    return tuple(found)


def _idle(lever: Lever) -> list[str]:
    """Arguments that keep a lever from doing anything."""
    by_persons = "groups" in type(lever).targets  # only these look at coverage and uptake
    asked = [name for name in _IDLE if name == "strength" or by_persons]
    return [f"has {name} 0, {_IDLE[name]}" for name in asked if lever.number(name) == 0]


def _short(lever: Lever, use: LeverUse) -> list[str]:
    """Whether its window ends before it is in full force."""
    full, ramp = lever.number("strength"), lever.number("ramp")
    if use.end is None or full == 0:
        return []
    part, held = lever.dose(use.end - 1) / full, use.end - use.start
    if part >= _NEARLY:
        return []
    return [
        f"has come to {part:.0%} of its full dose when it ends: its ramp is {ramp:g} months, its window {held}"
    ]


def _together(use: LeverUse, other: LeverUse, months: int) -> range:
    """Months in which two uses of one lever hold in the same place; none for those that cannot meet."""
    ends = (months if one.end is None else min(one.end, months) for one in (use, other))
    groups, others = set(use.target.groups), set(other.target.groups)
    apart = bool(groups and others) and groups.isdisjoint(others)
    same = use.lever == other.lever and not apart and meet(use.target.plain(), other.target.plain())
    return range(max(use.start, other.start), min(ends)) if same else range(0)


def _twice(use: LeverUse, other: LeverUse, both: range) -> str:
    return (
        f"and lever '{other.id}' are both '{use.lever}' and hold in the same place from month {both[0]} to {both[-1]}: "
        "each does its part there"
    )
