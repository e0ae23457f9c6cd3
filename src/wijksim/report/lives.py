"""Twin stories in plain Dutch: one resident with and without a variant, in five sentences.

Who it is; what happens without the variant; what happens with it; how both lives stand at the end; and when and by what
they part. Only what the run itself reported is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wijksim.analysis.twins import Pick, Twin
from wijksim.core.units import PERCENT
from wijksim.model.life import Fact, Life
from wijksim.report import texts
from wijksim.report.numbers import dutch, listed
from wijksim.state.codes import Sex
from wijksim.state.structure import ADULT_AGE

MOST_EVENTS = 4
_KINDS = (
    "exits", "household.problem_debt", "activities", "moves", "children", "resident.psychiatric",
    "resident.addiction", "resident.lonely", "resident.nuisance_source", "resident.case",
)  # fmt: skip
"""What is told of a life, the weightiest first; what there is no room for is left out."""


@dataclass(frozen=True)
class TwinStory:
    """One resident, told.

    Attributes
    ----------
    pick
        Who, and by what rule.
    heading
        The rule in words.
    sentences
        Five.
    """

    pick: Pick
    heading: str
    sentences: tuple[str, ...]


def tell_twin(twin: Twin) -> TwinStory:
    """Tell two lives in five sentences."""
    words = _words()
    she = words["she"] if twin.null.pictures[0].values["resident.sex"] == Sex.FEMALE else words["he"]
    same = _trail(twin.null) == _trail(twin.variant)
    second = (
        "Met de maatregel gebeurt precies hetzelfde."
        if same
        else _happens("Met de maatregel", twin.variant, she)
    )
    return TwinStory(
        twin.pick,
        words["rules"][twin.pick.rule],
        (
            _who(twin.null),
            _happens("Zonder de maatregel", twin.null, she),
            second,
            _end(twin, she),
            _parting(twin, she),
        ),
    )


def _words() -> dict[str, Any]:
    found: dict[str, Any] = texts.locale()["lives"]
    return found


def _who(life: Life) -> str:
    words, values = _words(), life.pictures[0].values
    female, age = values["resident.sex"] == Sex.FEMALE, values["resident.age"]
    kind = words["person"]["woman" if female else "man"] if age >= ADULT_AGE else words["person"]["child"]
    place = texts.district_phrase(life.districts[int(values["district"])])
    parts = [f"Dit is een {kind} van {age} in {place}", words["activity"][int(values["resident.activity"])]]
    parts.append(words["household"][int(values["household.type"])])
    home = words["home"].get(int(values["household.tenure"]))
    text = ", ".join([*parts, home] if home else parts)
    burdens = [phrase for column, phrase in words["burdens"].items() if values.get(column)]
    return f"{text}; {listed(burdens)}." if burdens else f"{text}."


def _happens(begin: str, life: Life, she: str) -> str:
    told = [(fact.month, text) for fact in _weightiest(life) if (text := _text(fact))]
    if not told:
        return f"{begin} verandert er weinig in dit leven."
    told.sort(key=lambda one: one[0])
    return f"{begin} {_verb_first(told, life, she)}."


def _verb_first(told: Sequence[tuple[int, str]], life: Life, she: str) -> str:
    """Events as a list of clauses with their year; the first has the subject after its verb."""
    clauses = []
    for number, (month, text) in enumerate(told):
        verb, _, rest = text.partition(" ")
        year = life.clock.year(month)
        subject = f"{verb} {she}" if number == 0 else verb
        clauses.append(f"{subject} in {year} {rest}".strip())
    return listed(clauses)


def _weightiest(life: Life) -> list[Fact]:
    """Facts that are told: of each kind the first, then later ones, as far as there is room."""
    wanted = [fact for fact in life.facts if fact.kind in _KINDS and _text(fact)]
    seen: dict[str, int] = {}
    ranked = []
    for place, fact in enumerate(sorted(wanted, key=lambda one: one.month)):
        turn = seen.get(fact.kind, 0)
        seen[fact.kind] = turn + 1
        ranked.append((turn, _KINDS.index(fact.kind), place, fact))
    ranked.sort(key=lambda one: one[:3])
    return [fact for *_, fact in ranked[:MOST_EVENTS]]


def _text(fact: Fact) -> str:
    """A fact as a clause that begins with its verb; empty if it is not told."""
    words, details = _words()["events"], fact.details
    if fact.kind == "exits":
        return str(words["exits"].get(int(details["fate"]), ""))
    if fact.kind == "activities":
        return str(words["activities"].get(int(details["after"]), ""))
    if fact.kind == "moves":
        inside = int(details["source"]) == int(details["target"])
        return str(words["moves"]["within" if inside else "away"])
    if fact.kind == "children":
        return str(words["children"])
    before, after = int(details["before"]), int(details["after"])
    if (before > 0) == (after > 0):
        return ""
    return str(words[fact.kind]["on" if after > 0 else "off"])


def _end(twin: Twin, she: str) -> str:
    null, variant = _last(twin.null), _last(twin.variant)
    her = "haar" if she == "zij" else "zijn"
    parts = [
        _beside(f"{her} stress", null, variant, "resident.stress", lambda value: f"{dutch(PERCENT * value)} op 100"),
        _beside("het inkomen van het huishouden", null, variant, "household.income",
                lambda value: f"{dutch(value)} euro per maand"),
    ]  # fmt: skip
    if null.get("household.problem_debt") or variant.get("household.problem_debt"):
        parts.append(
            _beside("de schuld van het huishouden", null, variant, "household.debt",
                    lambda value: f"{dutch(value)} euro")
        )  # fmt: skip
    return f"Aan het eind is {listed(part for part in parts if part)}."


def _beside(
    what: str, null: Mapping[str, Any], variant: Mapping[str, Any], column: str, shown: Callable[[float], str]
) -> str:
    if column not in null or column not in variant:
        return ""
    one, other = shown(float(null[column])), shown(float(variant[column]))
    return (
        f"{what} {one}, met en zonder maatregel"
        if one == other
        else f"{what} {other} (zonder maatregel {one})"
    )


def _last(life: Life) -> Mapping[str, Any]:
    return life.pictures[-1].values


def _trail(life: Life) -> list[tuple[int, str]]:
    """Facts that can be told, by month, for comparing two lives."""
    return sorted((fact.month, text) for fact in life.facts if fact.kind in _KINDS and (text := _text(fact)))


def _parting(twin: Twin, she: str) -> str:
    """When the two lives part, and by what."""
    null, variant = _trail(twin.null), _trail(twin.variant)
    for one, other in zip([*null, None], [*variant, None], strict=False):
        if one == other:
            continue
        with_it = other is not None and (one is None or other[0] <= one[0])
        first = other if with_it else one
        if first is None:
            break
        clause = _verb_first([first], twin.null, she)
        where = "met de maatregel" if with_it else "zonder de maatregel"
        opposite = "zonder de maatregel" if with_it else "met de maatregel"
        return f"Hier lopen de levens uiteen: {where} {clause}, {opposite} niet of op een ander moment."
    if _last(twin.null) == _last(twin.variant):
        return "De twee levens zijn tot het eind gelijk: deze maatregel raakt deze bewoner niet."
    return "In beide levens gebeurt hetzelfde; alleen hoe het gaat, verschilt."
