"""The list of terms: what a word means that not every reader knows, for the words that stand on the page."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from wijksim.report.texts import plain
from wijksim.report.words import DUTCH, Words

_UNSEEN = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)
_ENDING = "*"


@dataclass(frozen=True)
class Term:
    """One explained word.

    Attributes
    ----------
    key
        The same in every language.
    name, text
        How it is called in the list, and what it means.
    forms
        How it may stand on the page; a star is any ending.
    """

    key: str
    name: str
    text: str
    forms: tuple[str, ...]

    def stands_in(self, text: str) -> bool:
        """Whether a text has it as a word of its own; what is written in capitals has to be so in the text."""
        return any(re.search(_pattern(form), text) for form in self.forms)


def _pattern(form: str) -> str:
    word = re.escape(form.removesuffix(_ENDING)) + (r"[\w-]*" if form.endswith(_ENDING) else "")
    cased = word if form[:1].isupper() else f"(?i:{word})"
    return rf"(?<![\w-]){cased}(?![\w])"


def known_terms(words: Words = DUTCH) -> tuple[Term, ...]:
    """All terms, in the order of their names."""
    found = [
        Term(key, str(one["name"]), plain(str(one["text"])), tuple(str(form) for form in one["forms"]))
        for key, one in words.words("terms").items()
    ]
    return tuple(sorted(found, key=lambda term: term.name.lower()))


def terms_on(page: str, words: Words = DUTCH) -> tuple[Term, ...]:
    """Terms that somebody comes across who reads a page and then the explanations of its terms."""
    text, found = seen(page), set[Term]()
    every = known_terms(words)
    while new := {term for term in every if term not in found and term.stands_in(text)}:
        found |= new
        text = " ".join(f"{term.name}: {term.text}" for term in new)
    return tuple(term for term in every if term in found)


def seen(page: str) -> str:
    """What stands on a page, texts of pictures included, on one line."""
    return plain(html.unescape(_UNSEEN.sub(" ", page)).replace("\N{SOFT HYPHEN}", ""))
