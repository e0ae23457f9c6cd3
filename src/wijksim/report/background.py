"""What stands behind the results: scenarios, parameters, facts of the runs, limits of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wijksim.core.clock import Clock
from wijksim.kernel.lever import LEVERS
from wijksim.mechanisms.accounts import PM_ITEMS
from wijksim.model.known import all_parameters
from wijksim.parameters.overlay import stored_reference
from wijksim.parameters.schema import GRADES, Parameter
from wijksim.report import texts

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison
    from wijksim.scenario.resolve import LeverUse, Scenario

GRADE_MEANING: dict[str, str] = {
    "A": "gemeten voor deze bevolking, of vastgelegd in regels",
    "B": "goed onderzoek dat hier redelijk past",
    "C": "onderzoek van elders, een enkele bron of een afleiding",
    "D": "aanname zonder bron",
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


def grades(known: Mapping[str, Parameter]) -> tuple[Grade, ...]:
    """Count numbers by grade; every number weighs the same, whatever hangs on it."""
    total = max(len(known), 1)
    counts = {grade: sum(1 for p in known.values() if p.grade == grade) for grade in GRADES}
    return tuple(Grade(grade, GRADE_MEANING[grade], n, n / total) for grade, n in counts.items())


def price_year(known: Mapping[str, Parameter]) -> int | None:
    """Year of the euros; None without prices."""
    base = known.get("prices.base_year")
    return None if base is None else int(base.value)


def reference_measured() -> bool:
    """True if the national reference was measured and stored."""
    return bool(stored_reference())


def pm_items() -> tuple[tuple[str, str], ...]:
    """Effects without a price, and why."""
    return tuple((item.label_nl, texts.translated(item.reason)) for item in PM_ITEMS)


@dataclass(frozen=True)
class Place:
    """One simulated district for readers."""

    name: str
    model: str
    residents: float
    share: float


def districts(comparison: Comparison) -> tuple[Place, ...]:
    """Districts of the world with their size at the start."""
    world = comparison.null.world
    return tuple(
        Place(texts.district_name(one.name), texts.place_name(one), world.size * share, share)
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
    settings: tuple[str, ...]
    loops_off: tuple[str, ...]
    own_grades: tuple[int, int] | None


def scenarios(comparison: Comparison, names: tuple[str, ...]) -> tuple[Description, ...]:
    """Headers of the scenarios, null first, in Dutch where the locale knows the text."""
    return tuple(
        Description(
            scenario=scenario,
            name=name,
            question=texts.translated(scenario.question),
            source=tuple(texts.translated(text) for text in scenario.source),
            assumed=tuple(texts.translated(text) for text in scenario.assumed),
            would_change_our_mind=tuple(texts.translated(text) for text in scenario.would_change_our_mind),
            settings=tuple(_setting(use, scenario) for use in scenario.levers),
            loops_off=tuple(texts.loop_name(loop) for loop in scenario.loops_off),
            own_grades=_own_grades(scenario),
        )
        for scenario, name in zip(comparison.scenarios, names, strict=True)
    )


def _setting(use: LeverUse, scenario: Scenario) -> str:
    """One lever as it stands in the scenario file, months as dates."""
    clock = Clock(scenario.start)
    parts = [f"{use.lever}: start {clock.label(use.start)}"]
    if use.end is not None:
        parts.append(f"end {clock.label(use.end)}")
    parts += [f"{kind} {' '.join(map(str, value))}" for kind, value in use.target.plain().items()]
    parts += [f"{name} {use.arguments[name]}" for name in sorted(use.arguments)]
    return ", ".join(parts)


def _own_grades(scenario: Scenario) -> tuple[int, int] | None:
    known = set(LEVERS.names())
    used = sorted({use.lever for use in scenario.levers} & known)
    own = [parameter for name in used for parameter in LEVERS.get(name).parameters()]
    return (sum(1 for parameter in own if parameter.grade == "D"), len(own)) if own else None


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


def facts(comparison: Comparison) -> Facts:
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
        else (texts.district_phrase(far["district"]), far["figure"], far["target"], far["realised"]),
    )


def limits(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    """What the model cannot say: a heading and a sentence each."""
    found = [
        (
            "Het voorspelt niet",
            "Het model zegt niet hoe een wijk er over twintig jaar uitziet. Het laat zien wat een maatregel verandert "
            "als de wereld werkt zoals het model veronderstelt. Kijk daarom naar het verschil tussen varianten en niet "
            "naar het niveau.",
        ),
        (
            "Dit zit er nog niet in",
            "Nieuwe woningen komen er alleen waar oude zijn gesloopt: bouwen op nieuwe plekken zit niet in het model.",
        ),
        (
            "De rest van de stad",
            "De tabellen gaan over de wijken in het model. Mensen die naar de rest van de stad verhuizen, staan alleen "
            "bij het waterbed. Overlast en kosten die daarheen verschuiven, tellen niet mee.",
        ),
        (
            "Veel feiten lukken nog niet",
            "De getallen in het model komen uit onderzoek of zijn aannames, en deels zijn ze daarop aangepast. Het "
            "model is vergeleken met feiten die in echte wijken zijn gemeten: bijna de helft komt er nog niet uit. Een "
            "deel van de aannames is met de hand zo gekozen dat feiten beter kloppen. Dat een feit klopt, bewijst dus "
            "nog niet dat het model gelijk heeft. Armoede daalt in het model vanzelf.",
        ),
        (
            "Bezuinigen op zorg lijkt te goedkoop",
            "In werkelijkheid kwam een bezuiniging op laagdrempelige hulp grotendeels terug als kosten van crises. "
            "In dit model komt daarvan maar een deel terug. Lees minder uitgaven door minder hulp dus niet als "
            "besparing.",
        ),
        (
            "Sturen op wie er komt wonen lijkt te gunstig",
            "In werkelijkheid werd een wijk niet merkbaar leefbaarder toen werd gestuurd op wie er kwam wonen. In dit "
            "model gebeurt dat wel een beetje. Lees zo'n winst dus als te hoog.",
        ),
        (
            "Meer verklaringen passen",
            "Verschillende sterktes van de verbanden geven vaak dezelfde uitkomst. Deze vergelijking kan dus niet "
            "bewijzen welk verband een effect veroorzaakt.",
        ),
        (
            "Alleen toeval is gevarieerd",
            "De intervallen en banden laten zien wat toeval doet: wie verhuist, wie ziek wordt, wie werk vindt. Ze "
            "laten niet zien hoe onzeker de getallen zelf zijn. De echte onzekerheid is dus groter.",
        ),
        (
            "Niemand in dit model bestaat echt",
            "Bewoners zijn gemaakt uit cijfers over hele wijken. Uitkomsten gaan nooit over een persoon, een "
            "huishouden of een adres.",
        ),
    ]
    off = sorted({texts.loop_name(loop) for scenario in comparison.scenarios for loop in scenario.loops_off})
    if off:
        found.append(
            (
                "Uitgezette verbanden",
                f"In een of meer scenario's is een terugkoppeling uitgezet: {', '.join(off)}.",
            )
        )
    return tuple(found)
