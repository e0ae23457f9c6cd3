"""Settings of the levers of a variant, for readers: what is otherwise than a lever does by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from babel.dates import format_date

from wijksim.core.clock import Clock
from wijksim.core.units import PERCENT
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.lever import LEVERS
from wijksim.report import texts
from wijksim.report.language import formats
from wijksim.report.numbers import exact_decimals
from wijksim.report.words import Words
from wijksim.scenario.resolve import LeverUse, Scenario

_DIGITS = 9  # beyond which a share times a hundred shows how floats are stored

_ASIDE = re.compile(r"[,:;] | \(")
"""What a label explains beyond its name begins here."""


@dataclass(frozen=True)
class SettingPart:
    """One argument.

    Attributes
    ----------
    name, value
        What it is called, and what it is set to.
    code
        True if the name is that of a scenario file, for want of a name in the language of the page.
    """

    name: str
    value: str
    code: bool = False


@dataclass(frozen=True)
class Setting:
    """One lever of a scenario.

    Attributes
    ----------
    title, use, when
        Of the lever, the id of its use where that is a name of its own, and the months in which it works.
    parts
        Where it is aimed at, its choices, and its numbers that are not at their default.
    """

    title: str
    use: str
    when: str
    parts: tuple[SettingPart, ...]


def setting(use: LeverUse, scenario: Scenario, words: Words) -> Setting:
    """Tell how a lever is used; a number at its default is left out, a choice never is: it says who or what."""
    clock = Clock(scenario.start)
    begin = _month(clock, use.start, words)
    when = (
        words._("vanaf {begin}", begin=begin)
        if use.end is None
        else words._("van {begin} tot {end}", begin=begin, end=_month(clock, use.end, words))
    )
    declared = LEVERS.get(use.lever).declared()
    told = [
        _argument(use.lever, name, use.arguments[name], declared.get(name), words)
        for name in sorted(use.arguments)
        if not _is_default(use.arguments[name], declared.get(name))
    ]
    return Setting(
        words.lever(use.lever), "" if use.id == use.lever else use.id, when, (*_target(use, words), *told)
    )


def _month(clock: Clock, month: int, words: Words) -> str:
    return str(format_date(clock.date(month), "MMMM y", locale=formats(words.language)))


def _target(use: LeverUse, words: Words) -> list[SettingPart]:
    found = []
    for kind, values in use.target.plain().items():
        if kind == "districts":
            places = words.listed(words.place(str(name)) for name in values)
            found.append(SettingPart(words._("alleen in"), places))
        else:
            found.append(SettingPart(words.named(kind), " ".join(map(str, values)), code=True))
    return found


def _is_default(value: object, declared: Argument | Param | None) -> bool:
    return isinstance(declared, Param) and value == declared.value


def _argument(
    lever: str, name: str, value: object, declared: Argument | Param | None, words: Words
) -> SettingPart:
    known = words.words("parameters") if words.is_dutch else {}
    if words.is_dutch:
        called = known["arguments"].get(f"{lever}.{name}") or known["of_measures"].get(name)
    else:
        called = None if declared is None else texts.inside(_ASIDE.split(declared.label)[0])
    return SettingPart(
        words.named(str(called or name)), _written(value, declared, known, words), code=called is None
    )


def _written(
    value: object, declared: Argument | Param | None, known: dict[str, dict[str, str]], words: Words
) -> str:
    """A value as readers write it: a share as a percentage, a word in the language of the page."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(known.get("choices", {}).get(str(value), str(value).replace("_", " ")))
    if isinstance(declared, Param) and declared.unit.split(" ")[0] == "share":
        share = round(PERCENT * value, _DIGITS)
        return words.percent(value, exact_decimals(share))
    return words.number(value, exact_decimals(value))
