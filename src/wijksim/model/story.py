"""Tell a life in plain English: dated sentences, each with its chance and what stood behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import Any

from wijksim.core.units import PERCENT
from wijksim.model.life import Cause, Fact, Hit, Life, Picture
from wijksim.model.month import MONTH
from wijksim.model.phrases import (
    ACTIVITY,
    BECOMES,
    BECOMES_FROM,
    CHANGES,
    DIPLOMA,
    DRIVERS,
    EVENTS,
    EXPLAINED_BY,
    HOME,
    HOUSEHOLD,
    LEAVES,
    TELLS_MORE,
)
from wijksim.state.codes import Fate, Sex
from wijksim.state.structure import ADULT_AGE

_NEAR = 1.1  # a chance within a tenth of the usual one is "about" it
_MATTERS = 1.05  # an influence below 5 % explains nothing that a reader would notice
_NEWS = 0.05  # a state is told again once it has moved this far on its scale from 0 to 1
_TRANSITIONS = ("births", "arrivals", "moves", "activities", "children", "exits")
_SHOWN_STATES = (
    ("resident.stress", "stress"),
    ("resident.trust", "trust in institutions"),
    ("resident.satisfaction", "satisfaction with the neighbourhood"),
)


@dataclass(frozen=True)
class Line:
    """A sentence with its month.

    Attributes
    ----------
    month, date
        Month of the run, and as ``YYYY-MM``.
    kind
        ``opening``, ``event``, ``year`` or ``end``.
    text
        The sentence.
    """

    month: int
    date: str
    kind: str
    text: str


@dataclass(frozen=True)
class Story:
    """A life told: one title and lines in the order of time."""

    title: str
    lines: tuple[Line, ...]


def tell(life: Life) -> Story:
    """Turn what was heard of a resident into a story."""
    words = _pronouns(life)
    lines: list[Line] = []

    def add(month: int, kind: str, text: str) -> None:
        lines.append(Line(month, life.clock.label(month), kind, _sentence(text.format(**words))))

    known: dict[str, float] = {}
    for number, picture in enumerate(life.pictures):
        if number == 0:
            add(picture.month, "opening", _opening(life, picture))
        else:
            add(picture.month, "year", _year(life, picture, known))
    for month, text in _told(life):
        add(month, "event", text)
    order = {"opening": 0, "event": 1, "year": 2, "end": 3}
    if life.last < life.months - 1 or not any(fact.kind == "exits" for fact in life.facts):
        gone = any(fact.kind == "exits" for fact in life.facts)
        ending = "Here the story ends." if gone else "Here the run ends."
        lines.append(Line(life.last, life.clock.label(life.last), "end", ending))
    lines.sort(key=lambda line: (line.month, order[line.kind]))
    first, last = life.clock.label(life.first), life.clock.label(life.last)
    title = f"Resident {life.uid} in '{life.scenario}', seed {life.seed}, from {first} to {last}"
    return Story(title, tuple(lines))


def because(hit: Hit) -> str:
    """Say how likely a hit was and why: 'chance 1.9% this month, 2.4 times the national mean, mostly ...'."""
    text = f"chance {_percent(hit.chance)} this month"
    if hit.usual <= 0:
        return text
    ratio = hit.chance / hit.usual
    mean = "the national mean" + (" at this age or stage" if hit.stepped else "")
    if 1 / _NEAR < ratio < _NEAR:
        return f"{text}, about {mean}"
    text += f", {ratio:.1f} times {mean}" if ratio > 1 else f", {_percent(ratio)} of {mean}"
    reasons = _reasons(hit.causes, raises=ratio > 1)
    if not reasons:
        return text
    largest = max((abs(cause.weight) for cause in hit.causes), default=0.0)
    share = "mostly" if abs(hit.rest) <= largest else "partly"
    return f"{text}, {share} because of {reasons}" if ratio > 1 else f"{text}, held down {share} by {reasons}"


def _told(life: Life) -> list[tuple[int, str]]:
    """Sentences with their month, in the order of the month; each change with the hit that explains it."""
    told: list[tuple[int, int, str]] = []
    free = list(life.hits)
    for fact in sorted(life.facts, key=_order):
        text = _fact(life, fact)
        if text is None:
            continue
        hit = _explaining(fact, free)
        if hit is not None:
            free.remove(hit)
            text = f"{TELLS_MORE.get(hit.event, text)} ({because(hit)})"
        told.append((fact.month, _place_in_month(hit.event if hit else _usual_event(fact)), text))
    told += _loose(life, free)
    return [(month, text) for month, _, text in sorted(told, key=lambda item: item[:2])]


def _loose(life: Life, hits: list[Hit]) -> list[tuple[int, int, str]]:
    """Hits that no change tells; the same event is told once a year, with how often it came back."""
    groups: dict[tuple[str, int], list[Hit]] = {}
    for hit in hits:
        groups.setdefault((hit.event, life.clock.year(hit.month)), []).append(hit)
    told = []
    for (event, _), group in groups.items():
        first = group[0]
        text = f"{EVENTS.get(event, _own_words(first.doc))} ({because(first)})"
        if len(group) > 1:
            again = len(group) - 1
            text += f" and again {'once' if again == 1 else f'{again} times'} this year"
        told.append((first.month, _place_in_month(event), text))
    return told


def _usual_event(fact: Fact) -> str:
    return EXPLAINED_BY.get(fact.kind, ("demography.",))[0]


def _place_in_month(event: str) -> int:
    mechanism = event.partition(".")[0]
    return MONTH.index(mechanism) if mechanism in MONTH else len(MONTH)


def _order(fact: Fact) -> tuple[int, int, str]:
    place = _TRANSITIONS.index(fact.kind) if fact.kind in _TRANSITIONS else len(_TRANSITIONS)
    return (fact.month, place, fact.kind)


def _explaining(fact: Fact, hits: list[Hit]) -> Hit | None:
    starts = EXPLAINED_BY.get(fact.kind, ())
    return next((hit for hit in hits if hit.month == fact.month and hit.event.startswith(starts)), None)


def _fact(life: Life, fact: Fact) -> str | None:
    details = fact.details
    if fact.kind in _TRANSITIONS:
        return _transition(life, fact.kind, details)
    if "before" not in details or _told_otherwise(life, fact):
        return None
    before, after = details["before"], details["after"]
    if fact.kind == "resident.education":
        return f"{{She}} {DIPLOMA[after]}" if after in DIPLOMA else None
    sentences = CHANGES.get(fact.kind, {})
    words = sentences.get((int(before), int(after))) or sentences.get((None, int(after)))
    if words is None:
        return None
    return f"{'The household' if _about_household(fact.kind) else '{She}'} {words}"


def _told_otherwise(life: Life, fact: Fact) -> bool:
    """A household of another type is no news beside the birth, the partner or the parting that made it so."""
    kinds = {other.kind for other in life.facts if other.month == fact.month}
    return fact.kind == "household.type" and bool(
        kinds & {"children", "resident.role", "resident.wants_home"}
    )


def _about_household(kind: str) -> bool:
    return kind.startswith("household.") and kind not in ("household.type", "household.takeup")


def _transition(life: Life, kind: str, details: Mapping[str, Any]) -> str | None:
    def place(name: str) -> str:
        row = int(details[name])
        return _district(life, {"district": row}) if row >= 0 else "elsewhere"

    if kind == "births":
        return f"{{She}} is born in {place('district')}"
    if kind == "children":
        return "{She} has a child"
    if kind == "arrivals":
        return f"{{She}} comes to live in {place('district')}"
    if kind == "moves":
        source, target = place("source"), place("target")
        where = f"within {target}" if source == target else f"from {source} to {target}"
        return f"{{She}} moves {where}"
    if kind == "activities":
        change = (int(details["before"]), int(details["after"]))
        words = BECOMES_FROM.get(change) or BECOMES.get(change[1])
        return None if words is None else f"{{She}} {words}"
    fate = int(details["fate"])
    age = f", {int(details['age'])} years old" if fate == Fate.DIED else ""
    return f"{{She}} {LEAVES.get(fate, 'leaves')}{age}"


def _opening(life: Life, picture: Picture) -> str:
    values = picture.values
    age, sex = values["resident.age"], values["resident.sex"]
    adult = "woman" if sex == Sex.FEMALE else "man"
    child = "girl" if sex == Sex.FEMALE else "boy"
    who = f"a {adult if age >= ADULT_AGE else child} of {age}"
    text = f"This is {who} in {_district(life, values)}, {ACTIVITY[values['resident.activity']]}. {{She}} "
    text += HOUSEHOLD[values["household.type"]]
    if values["household.tenure"] in HOME:
        text += f" in {HOME[values['household.tenure']]}"
    known = [
        words
        for column, words in (
            ("household.problem_debt", "the household is in problem debt"),
            ("resident.psychiatric", "{she} has severe psychiatric problems"),
            ("resident.addiction", "{she} is addicted"),
            ("resident.lonely", "{she} is severely lonely"),
        )
        if values.get(column)
    ]
    return text + (f"; {_listed(known)}" if known else "")


def _year(life: Life, picture: Picture, known: dict[str, float]) -> str:
    """How things stand at the end of a year; ``known`` holds the states as they were last told."""
    values = picture.values
    first = f"At {values['resident.age']}, {{she}} is {ACTIVITY[values['resident.activity']]} and "
    first += f"{HOUSEHOLD[values['household.type']]} in {_district(life, values)}"
    if "household.income" in values:
        first += f", on {_euros(values['household.income'])} a month for the household"
    if values.get("household.problem_debt"):
        first += f", with {_euros(values.get('household.debt', 0))} of debt"
    sentences = [first]
    for column, name in _SHOWN_STATES:
        if column in values and column in picture.levels:
            if abs(values[column] - known.get(column, picture.levels[column])) < _NEWS:
                continue
            known[column] = values[column]
            sentences.append(
                _state(name, values[column], picture.levels[column], picture.reasons.get(column, ()))
            )
    if values.get("resident.help_hours", 0) > 0:
        sentences.append(
            f"{{She}} gets {values['resident.help_hours']:.1f} hours of professional help this month"
        )
    return ". ".join(sentences)


def _state(name: str, value: float, level: float, causes: tuple[Cause, ...]) -> str:
    """One state in words, beside the national level."""
    reasons = _reasons(causes, raises=value > level)
    text = f"{{Her}} {name} is {PERCENT * value:.0f} out of 100, against {PERCENT * level:.0f} nationally"
    return text + (f", mostly because of {reasons}" if reasons else "")


def _reasons(causes: tuple[Cause, ...], *, raises: bool) -> str:
    """The two largest influences that push in the direction told."""
    sign = 1 if raises else -1
    pushing = [cause for cause in causes if sign * cause.weight > 0 and exp(abs(cause.weight)) >= _MATTERS]
    return _listed(list(dict.fromkeys(_driver(cause) for cause in pushing))[:2])


def _driver(cause: Cause) -> str:
    if cause.key in DRIVERS:
        return DRIVERS[cause.key][0 if cause.high else 1]
    label = _own_words(cause.label)
    label = label[:1].lower() + label[1:]
    if cause.truth:
        return label if cause.high else f"not being '{label}'"
    return f"{'high' if cause.high else 'low'} {label}"


def _own_words(text: str) -> str:
    """What a declaration says, without the Dutch term, the source and the small print."""
    plain = re.sub(r"\s*\([^)]*\)", "", text).removeprefix("Derived: ")
    return _bare(re.split(r"[;:]", plain)[0].strip().rstrip("."))


def _district(life: Life, values: Mapping[str, Any]) -> str:
    row = int(values["district"])
    return f"district '{_bare(life.districts[row])}'" if row >= 0 else "no district"


def _bare(name: str) -> str:
    """A name without the braces that stand for words to be filled in."""
    return name.replace("{", "(").replace("}", ")")


def _pronouns(life: Life) -> dict[str, str]:
    if not life.pictures:
        she, her, her_object = "they", "their", "them"
    elif life.pictures[0].values["resident.sex"] == Sex.FEMALE:
        she, her, her_object = "she", "her", "her"
    else:
        she, her, her_object = "he", "his", "him"
    return {
        "she": she,
        "She": she.capitalize(),
        "her": her,
        "Her": her.capitalize(),
        "her_object": her_object,
    }


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!")) else f"{text}."


def _listed(words: list[str]) -> str:
    return " and ".join(words) if len(words) < 3 else ", ".join(words[:-1]) + f" and {words[-1]}"


def _percent(share: float) -> str:
    percent = PERCENT * share
    return f"{percent:.0f}%" if percent >= 10 else f"{percent:.2g}%"


def _euros(amount: float) -> str:
    return f"{'-' if amount < 0 else ''}EUR {abs(amount):,.0f}"
