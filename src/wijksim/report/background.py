"""What stands behind the results: scenarios, parameters, facts of the runs, limits of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wijksim.kernel.lever import LEVERS
from wijksim.mechanisms.accounts import PM_ITEMS
from wijksim.model.known import all_parameters
from wijksim.parameters.overlay import stored_reference
from wijksim.parameters.schema import GRADES, Parameter
from wijksim.report.settings import Setting, setting
from wijksim.report.words import Words
from wijksim.runs.manifest import UNKNOWN, package_version

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison
    from wijksim.scenario.resolve import Scenario


def grade_meaning(words: Words) -> dict[str, str]:
    """What each grade of evidence means."""
    return {
        "A": words._("gemeten voor deze bevolking, of vastgelegd in regels"),
        "B": words._("goed onderzoek dat hier redelijk past"),
        "C": words._("onderzoek van elders, een enkele bron of een afleiding"),
        "D": words._("aanname zonder bron"),
    }


def parameters() -> Mapping[str, Parameter]:
    """Every number of the model by name, those of levers included."""
    return all_parameters().parameters


@dataclass(frozen=True)
class Grade:
    """How many numbers of the model rest on evidence of one grade."""

    grade: str
    meaning: str
    count: int
    share: float


def grades(known: Mapping[str, Parameter], words: Words) -> tuple[Grade, ...]:
    """Count numbers by grade; every number weighs the same, whatever hangs on it."""
    total = max(len(known), 1)
    counts = {grade: sum(1 for p in known.values() if p.grade == grade) for grade in GRADES}
    meaning = grade_meaning(words)
    return tuple(Grade(grade, meaning[grade], n, n / total) for grade, n in counts.items())


def price_year(known: Mapping[str, Parameter]) -> int | None:
    """Year of the euros; None without prices."""
    base = known.get("prices.base_year")
    return None if base is None else int(base.value)


def reference_measured() -> bool:
    """True if the national reference was measured and stored."""
    return bool(stored_reference())


def pm_items(words: Words) -> tuple[tuple[str, str], ...]:
    """Effects without a price, and why."""
    return tuple((words.item(item), words.translated(item.reason)) for item in PM_ITEMS)


@dataclass(frozen=True)
class Place:
    """One simulated district for readers."""

    name: str
    model: str
    residents: float
    share: float


def districts(comparison: Comparison, words: Words) -> tuple[Place, ...]:
    """Districts of the world with their size at the start."""
    world = comparison.null.world
    return tuple(
        Place(words.district_name(one.name), words.modelled_after(one), world.size * share, share)
        for one, share in zip(world.districts, world.shares, strict=True)
    )


@dataclass(frozen=True)
class Description:
    """One scenario for readers.

    Attributes
    ----------
    own_grades
        Numbers of its levers without a source, and all numbers of its levers; None if it has no levers.
    """

    scenario: Scenario
    name: str
    question: str
    source: tuple[str, ...]
    assumed: tuple[str, ...]
    would_change_our_mind: tuple[str, ...]
    settings: tuple[Setting, ...]
    loops_off: tuple[str, ...]
    own_grades: tuple[int, int] | None


def scenarios(comparison: Comparison, names: tuple[str, ...], words: Words) -> tuple[Description, ...]:
    """Headers of the scenarios, null first; in Dutch where the locale knows the text."""
    return tuple(
        Description(
            scenario=scenario,
            name=name,
            question=words.translated(scenario.question),
            source=tuple(words.translated(text) for text in scenario.source),
            assumed=tuple(words.translated(text) for text in scenario.assumed),
            would_change_our_mind=tuple(words.translated(text) for text in scenario.would_change_our_mind),
            settings=tuple(setting(use, scenario, words) for use in scenario.levers),
            loops_off=tuple(words.loop(loop) for loop in scenario.loops_off),
            own_grades=_own_grades(scenario),
        )
        for scenario, name in zip(comparison.scenarios, names, strict=True)
    )


def _own_grades(scenario: Scenario) -> tuple[int, int] | None:
    known = set(LEVERS.names())
    used = sorted({use.lever for use in scenario.levers} & known)
    own = [parameter for name in used for parameter in LEVERS.get(name).parameters()]
    return (sum(1 for parameter in own if parameter.grade == "D"), len(own)) if own else None


def known_version() -> str:
    """Version of the package; empty where it runs from its source and has none."""
    version = package_version()
    return "" if version == UNKNOWN else version


@dataclass(frozen=True)
class Facts:
    """What the runs reported about themselves, over all futures and scenarios.

    Attributes
    ----------
    capped
        Rate of which the largest share of chances was cut off, and that share; None if nothing was.
    deviation
        District, figure, target and realised value of the largest deviation from the marginals; None if unknown.
    """

    capped: tuple[str, float] | None
    deviation: tuple[str, str, float, float] | None


def facts(comparison: Comparison, words: Words) -> Facts:
    """Largest shares and deviations that any run reported."""
    reported: list[dict[str, Any]] = [one for future in comparison.futures for one in future.facts]
    caps: dict[str, float] = {}
    for one in reported:
        for name, share in one.get("caps", {}).items():
            caps[name] = max(share, caps.get(name, 0.0))
    worst = max(sorted(caps), key=lambda name: caps[name], default=None)
    rows = [row for one in reported for row in one.get("deviations", ())]
    far = max(rows, key=lambda row: abs(row["realised"] - row["target"]), default=None)
    return Facts(
        capped=(worst, caps[worst]) if worst is not None and caps[worst] > 0 else None,
        deviation=None
        if far is None
        else (words.place(far["district"]), far["figure"], far["target"], far["realised"]),
    )
