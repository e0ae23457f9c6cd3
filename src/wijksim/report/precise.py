"""How precise the differences of a memo are, for a page on which a precision was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wijksim.kernel.measure import MEASURES, Measure
from wijksim.report.numbers import counted, decimals_for, dutch

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


def lines(reached: Reached) -> Lines:
    """What the page says about precision."""
    asked = reached.precision
    aim = (
        f"hoogstens {str(asked).replace('.', ',').removesuffix('%')} % van het verschil, of het kleinste effect dat "
        "ertoe doet als dat ruimer is"
        if asked.relative is not None
        else f"hoogstens {str(asked).replace('.', ',')} in de eenheid van de maat"
    )
    short = sum(not row["met"] for row in reached.rows)
    came = (
        "Dat is voor elk verschil gehaald"
        if not short
        else f"Voor {short} van de {counted(len(reached.rows), 'verschil', 'verschillen')} is dat niet gehaald"
    )
    return Lines(
        f"Gevraagd is een half interval van {aim}. {came}, met {counted(reached.pairs, 'paar', 'paren')}. De "
        "intervallen houden er rekening mee dat tussentijds is gekeken of het genoeg was.",
        tuple(_line(row) for row in reached.by_measure()),
    )


def _line(row: dict[str, object]) -> Line:
    half, aim = float(str(row["half_width"])), float(str(row["aim"]))
    decimals = decimals_for([half, aim])
    return Line(
        MEASURES.get(str(row["measure"])),
        int(str(row["reached"])),
        int(str(row["differences"])),
        dutch(half, decimals),
        dutch(aim, decimals),
        bool(row["met"]),
    )
