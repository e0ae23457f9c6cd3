"""How precise the differences of a memo are, for a page on which a precision was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wijksim.kernel.measure import MEASURES, Measure
from wijksim.report.numbers import decimals_for, point
from wijksim.report.words import DUTCH, Words

if TYPE_CHECKING:
    from wijksim.analysis.precision import Reached


@dataclass(frozen=True)
class Line:
    """One measure: how many differences are precise enough, and the one that is furthest from it."""

    measure: type[Measure]
    reached: int
    differences: int
    half_width: str
    aim: str
    met: bool


@dataclass(frozen=True)
class Lines:
    """What was asked and reached."""

    opening: str
    measures: tuple[Line, ...]


def lines(reached: Reached, words: Words = DUTCH) -> Lines:
    """What the page says about precision."""
    short = sum(not row["met"] for row in reached.rows)
    return Lines(
        words._(
            "Gevraagd is een half interval van {aim}. {came}, met {pairs}. De intervallen houden er rekening mee dat "
            "tussentijds is gekeken of het genoeg was.",
            aim=_aim(reached, words),
            came=words._("Dat is voor elk verschil gehaald")
            if not short
            else words._(
                "Voor {short} van de {differences} is dat niet gehaald",
                short=short,
                differences=words.counted(len(reached.rows), "verschil", "verschillen"),
            ),
            pairs=words.counted(reached.pairs, "paar", "paren"),
        ),
        tuple(_line(row, words) for row in reached.by_measure()),
    )


def _aim(reached: Reached, words: Words) -> str:
    asked = reached.precision
    number = str(asked).replace(".", point(words.language))
    if asked.relative is None:
        return words._("hoogstens {number} in de eenheid van de maat", number=number)
    return words._(
        "hoogstens {number} % van het verschil, of het kleinste effect dat ertoe doet als dat ruimer is",
        number=number.removesuffix("%"),
    )


def _line(row: dict[str, object], words: Words) -> Line:
    half, aim = float(str(row["half_width"])), float(str(row["aim"]))
    decimals = decimals_for([half, aim])
    return Line(
        MEASURES.get(str(row["measure"])),
        int(str(row["reached"])),
        int(str(row["differences"])),
        words.number(half, decimals),
        words.number(aim, decimals),
        bool(row["met"]),
    )
