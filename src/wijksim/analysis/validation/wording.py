"""One way of writing for what tables write in several, and the shipped fact that says nearly the same.

Rules know the words of facts as the shipped table writes them. A table of others may write *between A and B* for
*A ~ B*, *social housing* for *corporation*, an en dash for a hyphen. What is the same for a reader is made the same
here; a sentence that only differs in small words from a shipped one is taken for it, if all numbers in it agree.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache

from wijksim.analysis.validation.facts import shipped_facts
from wijksim.analysis.validation.patterns import Pattern

_SAME: tuple[tuple[str, str], ...] = (
    ("[‐-―−]", "-"),
    ("≤", "<="),
    ("≥", ">="),
    (r"\bper ?cent\b|\bpct\b", "%"),
    (r"(\d) +%", r"\1%"),
    (r"\b(?:standard deviation|st\.? ?dev\.?)\b", "sd"),
    (r"\bproportion\b|\bpercentage\b|\bfraction\b", "share"),
    (r"\bneighbou?rhoods?\b(?= weak)", "areas"),
    (r"\bshare of (?:social|corporation)(?: rental)? (?:housing|dwellings|rent)\b", "corporation share"),
    (r"\b(?:social[ -]housing|social[ -]rent(?:al)?|public[ -]housing) share\b", "corporation share"),
    (r"\bsocial assistance\b|\bwelfare benefits?\b", "bijstand"),
    (r"\bcorrelation(?: coefficient)? (?:between|of) (?!\d)(.+?) (?:and|with) (?=\w)", r"correlation \1 ~ "),
    (r"\bserial correlation\b|\brank correlation\b", "autocorrelation"),
    (
        r"\bautocorrelation of (?:the )?(?:liveability|total) (?:index|score)\b",
        "autocorrelation of total score",
    ),
    (r"\bover (\d+) year\b", r"over \1 years"),
    (r"\bten-year\b", "10-year"),
    (r"\btwenty-year\b", "20-year"),
    (r"\btwo years?\b", "2 years"),
    (r"\bten years?\b", "10 years"),
    (r"\btwenty years?\b", "20 years"),
    (
        r"\b(?:segregation|dissimilarity) index (?:of|for) (?:corporation|social)",
        "dissimilarity index corporation",
    ),
    (r"\s+", " "),
)
_CLOSE = 0.82
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@cache
def plain(words: str) -> str:
    """Words in lower case, written as the shipped table writes them."""
    found = words.lower().strip()
    for pattern, instead in _SAME:
        found = re.sub(pattern, instead, found)
    return found


@cache
def _shipped() -> tuple[Pattern, ...]:
    return tuple(shipped_facts())


def nearest(pattern: Pattern) -> Pattern | None:
    """The shipped fact whose sentence is nearly the same, with the same numbers; None if none is."""
    words = plain(pattern.statistic)
    numbers = _NUMBER.findall(words)
    best, score = None, _CLOSE
    for known in _shipped():
        other = plain(known.statistic)
        if _NUMBER.findall(other) != numbers:
            continue
        close = SequenceMatcher(None, words, other, autojunk=False).ratio()
        if close > score:
            best, score = known, close
    return best


def namesake(pattern: Pattern) -> Pattern | None:
    """The shipped fact with this id, if the row is about the same thing: its heading or unit is the same."""
    for known in _shipped():
        if known.id == pattern.id:
            same = plain(known.pattern) == plain(pattern.pattern) or known.unit == pattern.unit
            return known if same else None
    return None
