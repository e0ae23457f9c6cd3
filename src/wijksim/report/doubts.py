"""What speaks against the results: facts and policies with a known outcome that the model does not reproduce.

The two pages that ``wijksim validate`` writes are the one source; they ship with the package and are read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from wijksim.core.resources import shipped
from wijksim.report.numbers import point
from wijksim.report.words import DUTCH, Words

CARD, GATES = "score-card.md", "reality-gates.md"
PASSED = "pass"
_COUNTS = re.compile(r"(\d+) of (\d+) rows measured, (\d+) passed, (\d+) input, (\d+) not yet measurable")

_POWER = re.compile(r"[\d.]+e[+-]\d+")


@dataclass(frozen=True)
class Fact:
    """A fact that the model does not reproduce.

    Attributes
    ----------
    id, text, translated
        Its row, what it is about, and whether that is in the language of the page.
    simulated, band
        What the model gives, and between which bounds it should lie, as they stand on the card.
    """

    id: str
    text: str
    translated: bool
    simulated: str
    band: str


@dataclass(frozen=True)
class Gate:
    """A claim about a policy with a known outcome that was not confirmed."""

    gate: str
    claim: str
    translated: bool
    verdict: str


@dataclass(frozen=True)
class Block:
    """Facts about one subject."""

    name: str
    families: int
    passed: str


@dataclass(frozen=True)
class Doubts:
    """Everything that is known to be wrong or undecided.

    Attributes
    ----------
    measured, rows, passed, given, unmeasured
        Facts scored, facts in all, facts that came out, facts that are put in, facts without a carrier.
    facts, gates
        Those that did not come out.
    claims
        Claims about policies in all.
    blocks
        Score by subject, the lowest first.
    """

    measured: int
    rows: int
    passed: int
    given: int
    unmeasured: int
    facts: tuple[Fact, ...]
    gates: tuple[Gate, ...]
    claims: int
    blocks: tuple[Block, ...]


@cache
def doubts(words: Words = DUTCH) -> Doubts:
    """Read the two pages.

    Raises
    ------
    ValueError
        If a page is not as ``wijksim validate`` writes it.
    """
    folder = shipped("docs")
    card, gates = ((folder / name).read_text(encoding="utf-8") for name in (CARD, GATES))
    return read(card, gates, words)


def read(card: str, gates: str, words: Words = DUTCH) -> Doubts:
    """Read a score card and a page of gates, both as Markdown."""
    counts = _COUNTS.search(card)
    if counts is None:
        raise ValueError("the score card does not say how many facts were measured")
    measured, rows, passed, given, unmeasured = (int(number) for number in counts.groups())
    claims = table(gates, "gate")
    subjects = locale("blocks", words)
    blocks = [
        Block(str(subjects.get(row["block"], row["block"])), int(row["families"]), row["passed"])
        for row in table(card, "block")
    ]
    return Doubts(
        measured,
        rows,
        passed,
        given,
        unmeasured,
        tuple(_fact(row, words) for row in table(_part(card, "Not reproduced"), "id")),
        tuple(_gate(row, words) for row in claims if row["verdict"] != PASSED),
        len(claims),
        tuple(sorted(blocks, key=lambda one: (_share(one.passed), one.name))),
    )


def table(page: str, first: str) -> list[dict[str, str]]:
    """Rows of the first Markdown table whose first heading is ``first``."""
    lines = iter(page.splitlines())
    for line in lines:
        heads = _cells(line)
        if heads and heads[0] == first:
            next(lines, "")
            found = []
            for row in lines:
                cells = _cells(row)
                if not cells:
                    break
                found.append(dict(zip(heads, cells, strict=True)))
            return found
    raise ValueError(f"there is no table that begins with {first!r}")


def _cells(line: str) -> list[str]:
    text = line.strip()
    return [cell.strip() for cell in text[1:-1].split(" | ")] if text.startswith("|") else []


def _part(page: str, heading: str) -> str:
    return page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0] if f"\n## {heading}\n" in page else page


def _fact(row: dict[str, str], words: Words) -> Fact:
    text = locale("facts", words).get(row["id"])
    simulated, band = _number(row["simulated"], words), _number(row["band"], words)
    return Fact(row["id"], str(text or row["fact"]), text is not None, simulated, band)


def _gate(row: dict[str, str], words: Words) -> Gate:
    known = locale("gates", words)
    claim = known["claims"].get(row["claim"]) if words.is_dutch else row["claim"]
    return Gate(
        str(known["names"].get(row["gate"], row["gate"])),
        str(claim or row["claim"]),
        claim is not None,
        str(known["verdicts"].get(row["verdict"], row["verdict"])),
    )


def _number(number: str, words: Words) -> str:
    """A number of the card, or a band, for readers of a language; powers of ten are written out."""
    plain = _POWER.sub(lambda found: f"{float(found.group()):.10g}", number)
    low, to, high = plain.replace(".", point(words.language)).replace("-", "−").partition(" to ")
    return words._("{low} tot {high}", low=low, high=high) if to else low


def _share(text: str) -> float:
    digits = re.match(r"\d+", text)
    return float(digits.group()) if digits else -1.0


def locale(section: str, words: Words = DUTCH) -> dict[str, dict[str, str]]:
    """A section of the locale that is about the validation."""
    found: dict[str, dict[str, str]] = words.words("validation")[section]
    return found
