"""Twin stories in plain words: one resident with and without a variant, in five sentences.

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
from wijksim.report.words import DUTCH, Words
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


def tell_twin(twin: Twin, words: Words = DUTCH) -> TwinStory:
    """Tell two lives in five sentences."""
    known = words.words("lives")
    female = twin.null.pictures[0].values["resident.sex"] == Sex.FEMALE
    who = known["she" if female else "he"]
    with_it = words._("In de variant")
    same = _trail(twin.null, words) == _trail(twin.variant, words)
    apart = _apart(twin, words)
    # what sets the lives apart is told of the life in which it happens
    null_too, variant_too = (apart[1] if apart and apart[0] is side else None for side in (False, True))
    return TwinStory(
        twin.pick,
        known["rules"]["least" if twin.pick.rule == "loss" and twin.pick.gain >= 0 else twin.pick.rule],
        (
            _who(twin.null, words),
            _happens(words._("In het nulalternatief"), twin.null, who, words, null_too),
            words._("In de variant gebeurt precies hetzelfde.")
            if same
            else _happens(with_it, twin.variant, who, words, variant_too),
            _end(twin, known["her" if female else "his"], words),
            _parting(twin, who, words),
        ),
    )


def _who(life: Life, words: Words) -> str:
    known, values = words.words("lives"), life.pictures[0].values
    female, age = values["resident.sex"] == Sex.FEMALE, values["resident.age"]
    kind = known["person"]["woman" if female else "man"] if age >= ADULT_AGE else known["person"]["child"]
    place = words.place(life.districts[int(values["district"])])
    parts = [
        words._("Dit is een {kind} van {age} in {place}", kind=kind, age=age, place=place),
        known["activity"][int(values["resident.activity"])],
        known["household"][int(values["household.type"])],
    ]
    home = known["home"].get(int(values["household.tenure"]))
    text = ", ".join([*parts, home] if home else parts)
    burdens = [phrase for column, phrase in known["burdens"].items() if values.get(column)]
    return f"{text}; {words.listed(burdens)}." if burdens else f"{text}."


def _happens(begin: str, life: Life, who: str, words: Words, also: tuple[int, str] | None = None) -> str:
    told = [(fact.month, text) for fact in _weightiest(life, words) if (text := _text(fact, words))]
    if also is not None and also not in told:
        told = [*told[: MOST_EVENTS - 1], also]
    if not told:
        return words._("{begin} verandert er weinig in dit leven.", begin=begin)
    told.sort(key=lambda one: one[0])
    return f"{begin} {_clauses(told, life, who, words)}."


def _clauses(told: Sequence[tuple[int, str]], life: Life, who: str, words: Words) -> str:
    """Events as a list of clauses with their year; the first names who it is about."""
    clauses = []
    for number, (month, text) in enumerate(told):
        verb, _, rest = text.partition(" ")
        year = life.clock.year(month)
        clause = (
            words._("{verb} {who} in {year} {rest}", verb=verb, who=who, year=year, rest=rest)
            if number == 0
            else words._("{verb} in {year} {rest}", verb=verb, year=year, rest=rest)
        )
        clauses.append(" ".join(clause.split()))
    return words.listed(clauses)


def _weightiest(life: Life, words: Words) -> list[Fact]:
    """Facts that are told: of each kind the first, then later ones, as far as there is room."""
    wanted = [fact for fact in life.facts if fact.kind in _KINDS and _text(fact, words)]
    seen: dict[str, int] = {}
    ranked = []
    for place, fact in enumerate(sorted(wanted, key=lambda one: one.month)):
        turn = seen.get(fact.kind, 0)
        seen[fact.kind] = turn + 1
        ranked.append((turn, _KINDS.index(fact.kind), place, fact))
    ranked.sort(key=lambda one: one[:3])
    return [fact for *_, fact in ranked[:MOST_EVENTS]]


def _text(fact: Fact, words: Words) -> str:
    """A fact as a clause that begins with its verb; empty if it is not told."""
    known, details = words.words("lives")["events"], fact.details
    if fact.kind == "exits":
        return str(known["exits"].get(int(details["fate"]), ""))
    if fact.kind == "activities":
        return str(known["activities"].get(int(details["after"]), ""))
    if fact.kind == "moves":
        inside = int(details["source"]) == int(details["target"])
        return str(known["moves"]["within" if inside else "away"])
    if fact.kind == "children":
        return str(known["children"])
    before, after = int(details["before"]), int(details["after"])
    if (before > 0) == (after > 0):
        return ""
    return str(known[fact.kind]["on" if after > 0 else "off"])


def _end(twin: Twin, her: str, words: Words) -> str:
    null, variant = _last(twin.null), _last(twin.variant)

    def beside(what: str, column: str, shown: Callable[[float], str]) -> str:
        if column not in null or column not in variant:
            return ""
        one, other = shown(float(null[column])), shown(float(variant[column]))
        if one == other:
            return words._("{what} {value}, in de variant en in het nulalternatief", what=what, value=one)
        return words._("{what} {value} (in het nulalternatief {other})", what=what, value=other, other=one)

    parts = [
        beside(
            words._("{her} stress", her=her),
            "resident.stress",
            lambda value: words._("{points} op 100", points=words.number(PERCENT * value)),
        ),
        beside(
            words._("het inkomen van het huishouden"),
            "household.income",
            lambda value: words._("{euros} euro per maand", euros=words.number(value)),
        ),
    ]
    if null.get("household.problem_debt") or variant.get("household.problem_debt"):
        debt = words._("de schuld van het huishouden")
        parts.append(
            beside(debt, "household.debt", lambda value: words._("{euros} euro", euros=words.number(value)))
        )
    return words._("Aan het eind is {facts}.", facts=words.listed(part for part in parts if part))


def _last(life: Life) -> Mapping[str, Any]:
    return life.pictures[-1].values


def _trail(life: Life, words: Words) -> list[tuple[int, str]]:
    """Facts that can be told, by month, for comparing two lives."""
    return sorted(
        (fact.month, text) for fact in life.facts if fact.kind in _KINDS and (text := _text(fact, words))
    )


def _apart(twin: Twin, words: Words) -> tuple[bool, tuple[int, str]] | None:
    """First fact of one life that is not in the other: whether it happens with the variant, and what; None if none."""
    null, variant = _trail(twin.null, words), _trail(twin.variant, words)
    for one, other in zip([*null, None], [*variant, None], strict=False):
        if one == other:
            continue
        with_it = other is not None and (one is None or other[0] <= one[0])
        first = other if with_it else one
        return None if first is None else (with_it, first)
    return None


def _parting(twin: Twin, who: str, words: Words) -> str:
    """When the two lives part, and by what."""
    apart = _apart(twin, words)
    if apart is not None:
        with_it, first = apart
        clause = _clauses([first], twin.null, who, words)
        if with_it:
            return words._(
                "Hier lopen de levens uiteen: in de variant {clause}, in het nulalternatief niet of op een ander "
                "moment.",
                clause=clause,
            )
        return words._(
            "Hier lopen de levens uiteen: in het nulalternatief {clause}, in de variant niet of op een ander moment.",
            clause=clause,
        )
    if _last(twin.null) == _last(twin.variant):
        return words._("De twee levens zijn tot het eind gelijk: deze variant raakt deze bewoner niet.")
    if _end(twin, "", words) == _end(Twin(twin.pick, twin.null, twin.null), "", words):
        return words._("In beide levens gebeurt hetzelfde; wat hier wordt getoond, is aan het eind gelijk.")
    return words._("In beide levens gebeurt hetzelfde; alleen hoe het gaat, verschilt.")
