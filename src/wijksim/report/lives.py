"""Twin stories in plain words: one resident with and without a variant, in five sentences.

Who it is; what happens in both lives; what happens in one of them alone; how both lives stand at the end; and when they
part. Only what the run itself reported is told. What happens in both at nearly the same time is told of both or of
neither, so that nothing reads as an effect that is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wijksim.analysis.twins import Pick, Twin
from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
from wijksim.model.life import Fact, Life
from wijksim.report.words import DUTCH, Words
from wijksim.state.codes import Sex
from wijksim.state.structure import ADULT_AGE

MOST_EVENTS, MOST_APART = 4, 3
"""What is told of both lives together, and of each alone: more is no story."""

NEAR = MONTHS_PER_YEAR
"""Months between which an event is the same in both lives: sentences tell years, and luck alone moves it by months."""

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


@dataclass(frozen=True)
class _Event:
    """Something that is told: when, of what kind, and its clause."""

    month: int
    year: int
    kind: str
    text: str


def tell_twin(twin: Twin, words: Words = DUTCH) -> TwinStory:
    """Tell two lives in five sentences."""
    known = words.words("lives")
    female = twin.null.pictures[0].values["resident.sex"] == Sex.FEMALE
    who = known["she" if female else "he"]
    trails = _trail(twin.null, words), _trail(twin.variant, words)
    alone = _alone(trails[0], trails[1]), _alone(trails[1], trails[0])
    return TwinStory(
        twin.pick,
        known["rules"]["least" if twin.pick.rule == "loss" and twin.pick.gain >= 0 else twin.pick.rule],
        (
            _who(twin.null, words),
            _together(trails, who, words, apart=any(alone)),
            _difference(trails, alone, who, words),
            _end(twin, known["her" if female else "his"], words),
            _parting(twin, alone, words),
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


def _together(
    trails: tuple[Sequence[_Event], Sequence[_Event]], who: str, words: Words, *, apart: bool
) -> str:
    """What happens in both lives in the same year."""
    there = {(one.year, one.text) for one in trails[1]}
    told = _weightiest([one for one in trails[0] if (one.year, one.text) in there])[:MOST_EVENTS]
    if told:
        return words._("In beide levens {clauses}.", clauses=_clauses(told, who, words))
    if apart:
        return words._("Er is weinig dat in beide levens gebeurt.")
    return words._("In beide levens verandert er weinig.")


def _difference(
    trails: tuple[Sequence[_Event], Sequence[_Event]],
    alone: tuple[Sequence[_Event], Sequence[_Event]],
    who: str,
    words: Words,
) -> str:
    """What happens in one life alone."""
    null, variant = (_clauses(told, who, words) for told in _told_apart(alone))
    if null and variant:
        return words._(
            "Het verschil: in het nulalternatief {null}; in de variant {variant}.", null=null, variant=variant
        )
    if null:
        return words._("Alleen in het nulalternatief {clauses}.", clauses=null)
    if variant:
        return words._("Alleen in de variant {clauses}.", clauses=variant)
    if trails[0] == trails[1]:
        return words._("In de variant gebeurt precies hetzelfde.")
    return words._("In de variant gebeurt hetzelfde, soms wat eerder of later.")


def _clauses(told: Sequence[_Event], who: str, words: Words) -> str:
    """Events as a list of clauses with their year, in the order of time; the first names who it is about."""
    clauses = []
    for number, one in enumerate(sorted(told, key=lambda one: one.month)):
        verb, _, rest = one.text.partition(" ")
        clause = (
            words._("{verb} {who} in {year} {rest}", verb=verb, who=who, year=one.year, rest=rest)
            if number == 0
            else words._("{verb} in {year} {rest}", verb=verb, year=one.year, rest=rest)
        )
        clauses.append(" ".join(clause.split()))
    return words.listed(clauses)


def _trail(life: Life, words: Words) -> list[_Event]:
    """What can be told of a life, in the order of time."""
    found = [
        _Event(fact.month, life.clock.year(fact.month), fact.kind, text)
        for fact in life.facts
        if fact.kind in _KINDS and (text := _text(fact, words))
    ]
    return sorted(found, key=lambda one: (one.month, one.text))


def _alone(mine: Sequence[_Event], others: Sequence[_Event]) -> list[_Event]:
    """Events of one life that the other has not at that time."""
    return [one for one in mine if not any(_same(one, other) for other in others)]


def _same(one: _Event, other: _Event) -> bool:
    return one.text == other.text and (one.year == other.year or abs(one.month - other.month) <= NEAR)


def _weightiest(events: Sequence[_Event]) -> list[_Event]:
    """Events, those first that are told first: of each kind the first, then later ones; once a year each."""
    once = {(one.year, one.text): one for one in reversed(events)}
    seen: dict[str, int] = {}
    ranked = []
    for place, one in enumerate(sorted(once.values(), key=lambda one: one.month)):
        turn = seen.get(one.kind, 0)
        seen[one.kind] = turn + 1
        ranked.append((turn, _KINDS.index(one.kind), place, one))
    ranked.sort(key=lambda one: one[:3])
    return [one for *_, one in ranked]


def _told_apart(alone: tuple[Sequence[_Event], Sequence[_Event]]) -> tuple[list[_Event], list[_Event]]:
    """Which events are told of each life alone.

    That by which the lives part is among them. An event that the other life has at another time is told with that one,
    or not at all.
    """
    told: tuple[list[_Event], list[_Event]] = ([], [])
    wanted = [(side, one) for side in (0, 1) for one in _weightiest(alone[side])]
    first = sorted(wanted, key=lambda one: one[1].month)[:1]
    for side, one in [*first, *wanted]:
        both = [(side, one)]
        later = [other for other in alone[1 - side] if other.text == one.text]
        if later:
            both.append((1 - side, min(later, key=lambda other: abs(other.month - one.month))))
        new = [(place, each) for place, each in both if not _told(each, told[place])]
        if all(len(told[place]) < MOST_APART for place, _ in new):
            for place, each in new:
                told[place].append(each)
    return told


def _told(one: _Event, told: Sequence[_Event]) -> bool:
    return any((one.year, one.text) == (other.year, other.text) for other in told)


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
    """How both lives stand at the end; what is equal is said once."""
    figures = _figures(twin, her, words)
    equal = words.listed(
        words._("{what} {value}", what=what, value=one) for what, one, other in figures if one == other
    )
    apart = words.listed(
        words._("{what} {value} (in het nulalternatief {other})", what=what, value=other, other=one)
        for what, one, other in figures
        if one != other
    )
    if not apart:
        return words._("Aan het eind is in beide levens {facts}.", facts=equal)
    if not equal:
        return words._("Aan het eind is in de variant {facts}.", facts=apart)
    return words._(
        "Aan het eind is in de variant {facts}; in beide levens is {equal}.", facts=apart, equal=equal
    )


def _figures(twin: Twin, her: str, words: Words) -> list[tuple[str, str, str]]:
    """What is told of the end: what it is, without the variant, and with it."""
    null, variant = _last(twin.null), _last(twin.variant)
    shown: list[tuple[str, str, Callable[[float], str]]] = [
        (
            words._("{her} stress", her=her),
            "resident.stress",
            lambda value: words._("{points} op 100", points=words.number(PERCENT * value)),
        ),
        (
            words._("het inkomen van het huishouden"),
            "household.income",
            lambda value: words._("{euros} euro per maand", euros=words.number(value)),
        ),
    ]
    if null.get("household.problem_debt") or variant.get("household.problem_debt"):
        debt = words._("de schuld van het huishouden")
        shown.append(
            (debt, "household.debt", lambda value: words._("{euros} euro", euros=words.number(value)))
        )
    return [
        (what, written(float(null[column])), written(float(variant[column])))
        for what, column, written in shown
        if column in null and column in variant
    ]


def _last(life: Life) -> Mapping[str, Any]:
    return life.pictures[-1].values


def _parting(twin: Twin, alone: tuple[Sequence[_Event], Sequence[_Event]], words: Words) -> str:
    """When the two lives part, if they do."""
    if any(alone):
        first = min((*alone[0], *alone[1]), key=lambda one: one.month)
        return words._("Vanaf {year} lopen de levens uiteen.", year=first.year)
    if _last(twin.null) == _last(twin.variant):
        return words._("De twee levens zijn tot het eind gelijk: deze variant raakt deze bewoner niet.")
    if all(one == other for _, one, other in _figures(twin, "", words)):
        return words._("Ook wat hier van het eind wordt getoond, is gelijk.")
    return words._("Alleen hoe het gaat, verschilt.")
