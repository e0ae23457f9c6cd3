"""Words that the model carries by key: the files of the locale, and how verdicts look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wijksim.core.documents import load
from wijksim.report.language import FOLDER, Language

UNTOUCHED = "untouched"
"""Stands on the page in the place of "no difference" where every difference is zero; no verdict of the analysis."""

SYMBOLS: dict[str, str] = {
    "surely_better": "▲▲",
    "likely_better": "▲",
    "no_difference": "≈",
    "likely_worse": "▼",
    "surely_worse": "▼▼",
    "too_few": "?",
    "neutral": "○",
    UNTOUCHED: "=",
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
    UNTOUCHED: "same",
}
"""Class of a verdict in the style sheet."""


@dataclass(frozen=True)
class Verdict:
    """Symbol and style of a verdict."""

    key: str

    @property
    def symbol(self) -> str:
        """Shape that goes with it."""
        return SYMBOLS[self.key]

    @property
    def tone(self) -> str:
        """Class in the style sheet."""
        return TONES[self.key]


@lru_cache
def locale(language: Language = "nl") -> dict[str, Any]:
    """Content of the locale files of a language; ``prose`` by English text (empty in English itself)."""
    whole: dict[str, Any] = {"prose": []}
    for path in sorted((FOLDER / language).glob("*.yaml")):
        for section, content in load(path).data.items():
            if isinstance(content, list):
                whole[section] = [*whole.get(section, []), *content]
            else:
                whole[section] = {**whole.get(section, {}), **content}
    whole["prose"] = {plain(entry["en"]): plain(entry[language]) for entry in whole["prose"]}
    return whole


def plain(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def sentence(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]


def inside(label: str) -> str:
    """A label in the middle of a sentence."""
    return label[:1].lower() + label[1:]
