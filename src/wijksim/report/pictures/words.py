"""What pictures say, in Dutch or in English.

A text stands in the code in English, as all texts of the model do; the locale gives its Dutch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.measure import Measure
from wijksim.report import numbers, texts
from wijksim.runs.recorder import CITY

type Language = Literal["nl", "en"]


@dataclass(frozen=True)
class Words:
    """Texts and numbers in one language.

    Attributes
    ----------
    language
        Dutch unless said otherwise, as the memo is.
    """

    language: Language = "nl"

    def say(self, text: str, **values: str | int) -> str:
        """Return an English text in the language asked, ``{name}`` replaced by values."""
        plain = texts.translated(text) if self.language == "nl" else text
        return plain.format(**values)

    def number(self, value: float, decimals: int = 0, *, sign: bool = False) -> str:
        """Write a number; a value that does not exist is said to be missing."""
        if self.language == "nl":
            return numbers.dutch(value, decimals, sign=sign)
        if not abs(value) < float("inf"):
            return "no value"
        shown = f"{abs(value):,.{decimals}f}"
        if not any(digit in shown for digit in "123456789"):
            return shown
        return (numbers.MINUS if value < 0 else "+" if sign else "") + shown

    def tick(self, value: float) -> str:
        """Write a round number beside an axis, with no more digits than it needs."""
        plain = f"{value:.6g}".replace("-", numbers.MINUS)
        return plain.replace(".", ",") if self.language == "nl" else plain

    def label(self, kind: type[Measure]) -> str:
        """Label of a measure."""
        return texts.label(kind) if self.language == "nl" else kind.label

    def unit(self, kind: type[Measure]) -> str:
        """Unit of the level of a measure."""
        return texts.unit(kind) if self.language == "nl" else kind.unit

    def difference_unit(self, kind: type[Measure]) -> str:
        """Unit of a difference: shares differ by percentage points."""
        if self.language == "nl":
            return texts.difference_unit(kind)
        return "percentage points" if kind.unit == "%" else kind.unit

    def place(self, name: str) -> str:
        """Name of a district inside a sentence, after "in"."""
        if self.language == "nl":
            return texts.district_phrase(name)
        return "all districts together" if name == CITY else f"district “{name}”"

    def party(self, name: str) -> str:
        """Name of a payer."""
        return texts.party_name(name) if self.language == "nl" else name.replace("_", " and ")

    def moment(self, month: int) -> str:
        """Say how long after the start something is, in years if they are whole."""
        years, rest = divmod(month, MONTHS_PER_YEAR)
        if month == 0:
            return self.say("at the start")
        if rest:
            return self.say("after {months} months", months=month)
        return self.say("after 1 year") if years == 1 else self.say("after {years} years", years=years)


DUTCH = Words()
"""Words of the memo."""
