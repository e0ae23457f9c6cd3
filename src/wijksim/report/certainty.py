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
class Named:
    """A number of the model for readers.

    Attributes
    ----------
    name
        What it is, in the language of the page.
    code
        Its name in the model where the words alone do not tell which it is, else empty.
    grade, share
        Grade of its evidence (empty if it is no number of the model), and its share of the variance.
    """

    name: str
    code: str
    grade: str
    share: float


@dataclass(frozen=True)
class LeanLine:
    """What one effect leans on.

    Attributes
    ----------
    weak
        Share of the variance that numbers of grade C and D carry.
    numbers
        Numbers that carry most.
    said
        Whether R2 is high enough to say so.
    """

    leaning: Leaning
    label: str
    weak: float
    numbers: tuple[Named, ...]
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
                Named(*number_name(name, known, words), grades.get(name, ""), share)
                for name, share in list(one.shares.items())[:MOST_NAMED]
            ),
            one.unseen >= LEAST_UNSEEN,
        )
        for one in found
    )


def number_name(name: str, known: Mapping[str, Parameter], words: Words) -> tuple[str, str]:
    """What a number of the model is called, and its code where that is not enough to tell it from others.

    English stands with the number. There is Dutch for those on which results often lean; of the others the subject or
    the measure is named.
    """
    if not words.is_dutch:
        return (known[name].label, "") if name in known else (words._("een instelling"), name)
    here = words.words("parameters")
    if name in here["names"]:
        return str(here["names"][name]), ""
    parts = name.split(".")
    first, last = parts[0], parts[-1]
    if first == "lever" and name in known:
        measure = words.lever(name.split(".")[1])
        what = here["arguments"].get(name.partition(".")[2]) or here["of_measures"].get(last)
        if what is not None:
            return f"“{measure}”: {what}", ""
        return words._("een getal van “{measure}”", measure=measure), name
    if first in here["subjects"] and name in known:
        return words._("een getal over {subject}", subject=here["subjects"][first]), name
    return words._("een instelling"), name


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
