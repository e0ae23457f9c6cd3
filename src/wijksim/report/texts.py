"""Dutch words of the memo, and Dutch for the texts that the model and the shipped scenarios carry in English."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from wijksim.analysis.intervals import VERDICTS
from wijksim.core.documents import load
from wijksim.kernel.ledger import KINDS
from wijksim.kernel.measure import Measure
from wijksim.runs.recorder import CITY
from wijksim.scenario.resolve import District, Scenario

LOCALE = Path(__file__).parent / "locale" / "nl"

SYMBOLS: dict[str, str] = {
    "surely_better": "▲▲",
    "likely_better": "▲",
    "no_difference": "≈",
    "likely_worse": "▼",
    "surely_worse": "▼▼",
    "too_few": "?",
    "neutral": "○",
}
"""A shape beside every verdict, so that nothing hangs on colour."""

TONES: dict[str, str] = {
    "surely_better": "better",
    "likely_better": "better",
    "no_difference": "same",
    "likely_worse": "worse",
    "surely_worse": "worse",
    "too_few": "unknown",
    "neutral": "unknown",
}
"""Class of a verdict in the style sheet."""

WHOLE_CITY = "alle wijken samen"


@dataclass(frozen=True)
class Verdict:
    """Word, symbol and style of a verdict."""

    key: str

    @property
    def word(self) -> str:
        """Fixed word."""
        return VERDICTS[self.key]

    @property
    def symbol(self) -> str:
        """Shape that goes with it."""
        return SYMBOLS[self.key]

    @property
    def tone(self) -> str:
        """Class in the style sheet."""
        return TONES[self.key]


@lru_cache(maxsize=1)
def locale() -> dict[str, Any]:
    """Content of the locale files; ``prose`` by English text."""
    whole: dict[str, Any] = {}
    for path in sorted(LOCALE.glob("*.yaml")):
        for section, content in load(path).data.items():
            if isinstance(content, list):
                whole[section] = [*whole.get(section, []), *content]
            else:
                whole[section] = {**whole.get(section, {}), **content}
    whole["prose"] = {_plain(entry["en"]): _plain(entry["nl"]) for entry in whole["prose"]}
    return whole


def _plain(text: str) -> str:
    return " ".join(text.split())


def translated(text: str) -> str:
    """Dutch for a text, or the text itself if the locale does not know it (a scenario may be written in Dutch)."""
    plain = _plain(text)
    return str(locale()["prose"].get(plain, plain))


def sentence(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]


def inside(label: str) -> str:
    """A label in the middle of a sentence."""
    return label[:1].lower() + label[1:]


def title(scenario: Scenario) -> str:
    """Title of a scenario in Dutch."""
    return translated(scenario.title)


def district_name(name: str) -> str:
    """Name of a district for readers."""
    return WHOLE_CITY if name == CITY else str(locale()["districts"].get(name, {"name": name})["name"])


def district_phrase(name: str) -> str:
    """Name of a district inside a sentence, after "in"."""
    if name == CITY:
        return WHOLE_CITY
    return str(locale()["districts"].get(name, {"phrase": f"de wijk “{name}”"})["phrase"])


def place_name(district: District) -> str:
    """What a district is modelled after."""
    if district.content is not None:
        return f"eigen profiel {Path(district.place).name}"
    return str(locale()["places"].get(district.place, district.place))


def party_name(party: str) -> str:
    """Name of a payer."""
    return str(locale()["parties"].get(party, party))


def kind_name(kind: str) -> str:
    """Name of a kind of cost."""
    return KINDS[kind][1]


def group_name(group: str) -> str:
    """Name of a way to split people up."""
    return str(locale()["groups"].get(group, group))


def group_label(group: str, label: str) -> str:
    """Name of a group in a table."""
    return str(locale()["group_labels"].get(group, {}).get(label, {"name": label})["name"])


def group_phrase(group: str, label: str) -> str:
    """Name of a group inside a sentence."""
    return str(locale()["group_labels"].get(group, {}).get(label, {"phrase": label})["phrase"])


def state_name(state: str) -> str:
    """Name of a state of persons, as a heading."""
    return str(locale()["states"][state]["name"])


def state_phrase(state: str) -> str:
    """Name of a state of persons inside a sentence."""
    return str(locale()["states"][state]["phrase"])


def part_name(part: str) -> str:
    """Name of a part of the waterbed."""
    return str(locale()["waterbed_parts"][part]["name"])


def part_meaning(part: str) -> str:
    """What a part of the waterbed is."""
    return str(locale()["waterbed_parts"][part]["sub"])


def loop_name(loop: str) -> str:
    """Name of a feedback loop."""
    return str(locale()["loops"].get(loop, loop))


def label(kind: type[Measure]) -> str:
    """Label of a measure."""
    return kind.label_nl


def breakable(text: str) -> str:
    """Put soft hyphens into long words, for narrow columns."""
    for word in locale()["breaks"]:
        text = text.replace(word.replace("|", ""), word.replace("|", "\N{SOFT HYPHEN}"))
    return text


def unit(kind: type[Measure]) -> str:
    """Unit of the level of a measure."""
    return _unit(kind, "level")


def difference_unit(kind: type[Measure]) -> str:
    """Unit of a difference: a share differs by percentage points, not by per cents."""
    return _unit(kind, "difference")


def _unit(kind: type[Measure], of: str) -> str:
    words = locale()["units"].get(kind.unit)
    if words is None:
        return kind.unit
    # a measure of a whole district names in ``weight`` the rows that it is divided by
    rows = getattr(kind, "weight", kind.table) if kind.table == "district" else kind.table
    return str(words[of]).replace("{rows}", locale()["rows"].get(rows, ""))


def explained(kind: type[Measure]) -> str:
    """What a measure counts, in a plain sentence; empty if the locale has none."""
    return " ".join(str(locale()["explained"].get(kind.name, "")).split())


def better_is(kind: type[Measure]) -> str:
    """Say which way is better, in words."""
    return {1: "hoger is beter", -1: "lager is beter"}.get(kind.direction, "hoger is niet beter of slechter")
