"""How certain is this: what the results lean on, in sentences that hold no more than is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wijksim.analysis.leaning import WEAK, Leaning
from wijksim.kernel.measure import MEASURES
from wijksim.parameters.schema import Parameter
from wijksim.report.words import DUTCH, Words

LEAST_UNSEEN = 0.2
"""R2 for unseen rows below which a share of the variance says nothing worth reading."""

MOST_NAMED = 3


@dataclass(frozen=True)
class LeanLine:
    """What one effect leans on.

    Attributes
    ----------
    weak
        Share of the variance that numbers of grade C and D carry.
    numbers
        Numbers that carry most, with grade and share.
    said
        Whether R2 is high enough to say so.
    """

    leaning: Leaning
    label: str
    weak: float
    numbers: tuple[tuple[str, str, float], ...]
    said: bool


def lean_lines(
    found: Sequence[Leaning], known: Mapping[str, Parameter], words: Words = DUTCH
) -> tuple[LeanLine, ...]:
    """Lines of a table, one per effect."""
    grades = {name: one.grade for name, one in known.items()}
    return tuple(
        LeanLine(
            one,
            words.label(MEASURES.get(one.measure)),
            one.of(grades, WEAK),
            tuple(
                (known[name].label if name in known else name, grades.get(name, ""), share)
                for name, share in list(one.shares.items())[:MOST_NAMED]
            ),
            one.unseen >= LEAST_UNSEEN,
        )
        for one in found
    )


def without_sweep(grades: Mapping[str, int], words: Words = DUTCH) -> str:
    """What holds as long as the numbers of the model do not vary."""
    weak, whole = sum(grades.get(grade, 0) for grade in WEAK), sum(grades.values())
    return words._(
        "In deze vergelijking hebben de getallen van het model in elke toekomst dezelfde waarde. Alleen het toeval "
        "verschilt. Welk deel van de onzekerheid komt door getallen met zwak bewijs, is hier dus niet te zeggen: niet "
        "weinig en niet veel. Wel bekend is dat {weak} van de {whole} getallen ({share}) graad C of D hebben. De "
        "intervallen in deze memo zijn daardoor te smal.",
        weak=words.number(weak),
        whole=words.number(whole),
        share=words.percent(weak / max(whole, 1)),
    )
