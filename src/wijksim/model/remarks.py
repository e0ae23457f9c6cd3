"""What is worth a word about a scenario that is right, but may not do what was meant."""

from __future__ import annotations

from collections.abc import Sequence

from wijksim.core.clock import Clock
from wijksim.core.errors import Problem
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.lever import GOVERN, LEVERS, Lever
from wijksim.kernel.strategy import meet
from wijksim.model.assemble import lever_of
from wijksim.model.known import governed_by
from wijksim.scenario.findings import listed
from wijksim.scenario.resolve import LeverUse, Origin, Scenario

_NEARLY = 0.99  # part of the full dose from which on nobody would call it short
_ALL = "all"  # word of an argument that takes in all others
_AMOUNTS = (
    "share",
    "fte",
    "ratio",
    "hours",
    "/",
)  # what units of amounts have in them; codes and ages have none
_IDLE = {
    "strength": "so that it changes nothing",
    "coverage": "so that nobody is approached",
    "uptake": "so that nobody takes part",
}


def remarks(scenario: Scenario, *, whole: bool = False) -> tuple[str, ...]:
    """Say what a user would like to know before a run: levers that do nothing, come too late, end early or stand twice.

    Parameters
    ----------
    whole
        Whether the scenario is as long as it was written, so that a dose that the end of the run cuts off is one too.

    Returns
    -------
    tuple of str
        Each with the file and the line of the lever (or of the value), in that order; empty if there is nothing to say.
    """
    uses = sorted(scenario.levers, key=lambda use: _line(scenario, use))
    found: list[tuple[LeverUse, str]] = []
    late = [(place, f"{words}; it does nothing") for place, words in _late(scenario)]
    acting: list[LeverUse] = []
    for use in uses:
        if use.start >= scenario.months:
            continue
        words = _idle(use, scenario) or _nothing_given(use)
        if not words:
            acting.append(use)
            words = _short(use, scenario, whole=whole)
        found += [(use, f"lever '{use.id}' {word}") for word in words]
    found += [(several[-1], _several(several, scenario)) for several in _alike(acting, scenario.months)]
    told = [*late, *((scenario.origin(("levers", use.id)), word) for use, word in found)]
    told.sort(key=lambda one: (one[0].file, one[0].line, one[0].column))
    return tuple(f"{place}: {word}" for place, word in told)


def nothing_tried(scenario: Scenario, null: Scenario) -> Problem | None:
    """Say that a run was made so short that a variant is nothing but its null alternative; None if it is more."""
    late = _late(scenario)
    if not late or _in_force(scenario) != _in_force(null):
        return None
    place, words = late[0]
    message = f"{words}, and '{scenario.id}' is '{null.id}' until then: there is nothing to compare"
    return Problem(place.file, place.line, place.column, message)


def _in_force(scenario: Scenario) -> tuple[object, ...]:
    """What a scenario does in the months that are run."""
    months = scenario.months
    levers = [use for use in scenario.levers if use.start < months]
    values = {name: one for name, one in scenario.set.items() if (one.from_month or 0) < months}
    others = (scenario.world, scenario.strategies, scenario.series, scenario.loops_off, scenario.budget)
    return (levers, values, *others)


def _late(scenario: Scenario) -> list[tuple[Origin, str]]:
    """What begins after the end of a run that was made shorter than it was written."""
    months = scenario.months
    levers = [(("levers", use.id), f"lever '{use.id}' begins in", use.start) for use in scenario.levers]
    values = [
        (("set", name), f"'{name}' is set from", one.from_month or 0) for name, one in scenario.set.items()
    ]
    return [
        (scenario.origin(path), f"{words} month {month}, but the run ends after {months}")
        for path, words, month in (*levers, *values)
        if month >= months
    ]


def _line(scenario: Scenario, use: LeverUse) -> tuple[str, int, int]:
    place = scenario.origin(("levers", use.id))
    return place.file, place.line, place.column


def _idle(use: LeverUse, scenario: Scenario) -> list[str]:
    """What keeps a lever from doing anything."""
    lever = lever_of(use)
    by_persons = "groups" in type(lever).targets  # only these look at coverage and uptake
    asked = [name for name in _IDLE if name == "strength" or by_persons]
    words = [f"has {name} 0, {_IDLE[name]}" for name in asked if lever.number(name) == 0]
    if type(lever).phase == GOVERN and not governed_by(use, scenario):
        words.append("governs none of the levers of this scenario")
    return words


def _nothing_given(use: LeverUse) -> list[str]:
    """Amounts that were set to nothing, where none was set to anything."""
    own = {
        name: item
        for name, item in LEVERS.get(use.lever).declared().items()
        if name in use.arguments and name not in Lever.declared() and isinstance(item, Param)
    }
    amounts = [
        name
        for name, item in own.items()
        if item.kind == "policy" and item.value != 0 and any(part in item.unit for part in _AMOUNTS)
    ]
    if not amounts or any(use.arguments[name] != 0 for name in own):
        return []
    return [f"is given {listed([f'{name} 0' for name in amounts])}, with which it may do nothing"]


def _short(use: LeverUse, scenario: Scenario, *, whole: bool) -> list[str]:
    """Whether its window, or the run, ends before it is in full force."""
    lever, months = lever_of(use), scenario.months
    cut = use.end is None or use.end > months
    end = months if cut else use.end
    if end is None or use.start >= end or (cut and not whole):
        return []
    part = lever.dose(end - 1) / lever.number("strength")
    if part >= _NEARLY:
        return []
    ramp, held = lever.number("ramp"), end - use.start
    which = "the run ends" if cut else "it ends"
    without = "" if cut else "; 'end' is the first month without it"
    return [
        f"has come to {part:.0%} of its full dose when {which}: "
        f"its ramp is {ramp:g} months, of which it has {held}{without}"
    ]


def _alike(uses: Sequence[LeverUse], months: int) -> list[list[LeverUse]]:
    """Uses of one lever that hold together, each with all that hold with one of them; in the order given."""
    found: list[list[LeverUse]] = []
    for use in uses:
        near = [some for some in found if any(_together(use, other, months) for other in some)]
        found = [some for some in found if some not in near]
        found.append([*(one for some in near for one in some), use])
    order = {use.id: place for place, use in enumerate(uses)}
    return [sorted(some, key=lambda use: order[use.id]) for some in found if some[1:]]


def _together(use: LeverUse, other: LeverUse, months: int) -> range:
    """Months in which two uses of one lever hold for the same; none for those that cannot meet."""
    if use.lever != other.lever or not _one_target(use, other) or not _one_thing(use, other):
        return range(0)
    ends = (months if one.end is None else min(one.end, months) for one in (use, other))
    return range(max(use.start, other.start), min(ends))


def _one_target(use: LeverUse, other: LeverUse) -> bool:
    """Whether two uses surely have places and people in common, as far as a file can tell."""
    if bool(use.target.complexes) != bool(other.target.complexes):
        return False  # in which district a complex lies shows only when the world is built
    mine, theirs = _labels(use), _labels(other)
    apart = any(mine[name].isdisjoint(theirs[name]) for name in mine.keys() & theirs.keys())
    return not apart and meet(use.target.plain(), other.target.plain())


def _labels(use: LeverUse) -> dict[str, set[str]]:
    """Labels of each group that a use is aimed at."""
    found: dict[str, set[str]] = {}
    for word in use.target.groups:
        name, label = word.split("=", 1)
        found.setdefault(name, set()).add(label)
    return found


def _one_thing(use: LeverUse, other: LeverUse) -> bool:
    """Whether two uses are about the same roles, owners or whatever a lever is told in a word."""
    one, two = lever_of(use), lever_of(other)
    words = [name for name, item in one.declared().items() if isinstance(item, Argument)]
    pairs = [(one.arguments[name], two.arguments[name]) for name in words]
    return all(mine == theirs or _ALL in (mine, theirs) for mine, theirs in pairs)


def _several(uses: Sequence[LeverUse], scenario: Scenario) -> str:
    """Words for uses of one lever that hold together."""
    *others, last = uses
    lines = ", ".join(f"'{use.id}' (line {_line(scenario, use)[1]})" for use in others)
    if others[1:]:
        return (
            f"levers {lines} and '{last.id}' are all '{last.lever}' and hold, some or all of them, "
            "for the same places and months: all act there"
        )
    both, clock = _together(others[0], last, scenario.months), Clock(scenario.start)
    named = [set(use.target.districts) for use in uses if use.target.districts]
    where = listed(set.intersection(*named)) if named else "the whole city"
    when = f"from {clock.label(both[0])} to {clock.label(both[-1])}"
    return f"levers {lines} and '{last.id}' are both '{last.lever}' for {where} {when}: both act there"
