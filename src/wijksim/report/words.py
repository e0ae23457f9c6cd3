"""What the memo says, in one language: messages, words of the model, numbers.

Whatever makes a piece of the page is handed the words that it has to use, so that two memos in two languages can be
made in one process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.lists import format_list

from wijksim.analysis.intervals import VERDICTS
from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
from wijksim.kernel.ledger import KINDS, CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.measure import Measure
from wijksim.mechanisms.accounts import PmItem
from wijksim.report import numbers, texts
from wijksim.report.language import LANGUAGES, Language, formats, messages
from wijksim.report.sizes import Size
from wijksim.runs.recorder import CITY
from wijksim.scenario.resolve import District, Scenario

if TYPE_CHECKING:
    from wijksim.report.money import MoneyUnit


@dataclass(frozen=True)
class Words:
    """Texts and numbers in one language.

    Attributes
    ----------
    language
        Dutch unless said otherwise, as the memo is.
    """

    language: Language = "nl"

    # --- messages ---------------------------------------------------------------------------------

    @property
    def is_dutch(self) -> bool:
        """Whether this is the language in which the memo is written."""
        return self.language == LANGUAGES[0]

    @property
    def messages(self) -> NullTranslations:
        """Translations of the messages in code and templates."""
        return messages(self.language)

    def _(self, message: str, **values: object) -> str:
        """Return a message that stands in the code in Dutch, ``{name}`` replaced by values."""
        return self.messages.gettext(message).format(**values)

    def say(self, text: str, **values: str | int) -> str:
        """Return a text that stands in the code in English, as those of pictures do; ``{name}`` as in a message."""
        return self.translated(text).format(**values)

    def translated(self, text: str) -> str:
        """A text of the model, or the text itself if the locale does not know it (a scenario may be in Dutch)."""
        plain = texts.plain(text)
        return str(self._known["prose"].get(plain, plain)) if self.is_dutch else plain

    @property
    def notice(self) -> str:
        """What goes with every output."""
        return self._("modelindex, geen Leefbaarometerscore; geen selectie-instrument")

    @property
    def whole_city(self) -> str:
        """Name of all districts."""
        return self._("alle wijken samen")

    # --- numbers ----------------------------------------------------------------------------------

    def number(self, value: float, decimals: int = 0, *, sign: bool = False) -> str:
        """Write a number; a value that does not exist or has no bound is said to."""
        if value != value:
            return self._("geen waarde")
        if value in (float("inf"), float("-inf")):
            return self._("niet te bepalen")
        return numbers.written(value, decimals, sign=sign, language=self.language)

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share as a percentage."""
        return self._("{number} %", number=self.number(PERCENT * share, decimals))

    def tick(self, value: float) -> str:
        """Write a round number beside an axis, with no more digits than it needs."""
        plain = f"{value:.6g}".replace("-", numbers.MINUS)
        return plain.replace(".", numbers.point(self.language))

    def interval(self, low: float, high: float, decimals: int) -> str:
        """Write an interval; one side unbounded means that there is none."""
        if low != low or high != high:
            return self._("geen waarde")
        if low in (float("inf"), float("-inf")) or high in (float("inf"), float("-inf")):
            return self._("niet te bepalen")
        return self._("{low} tot {high}", low=self.number(low, decimals), high=self.number(high, decimals))

    def bounded(self, value: float, decimals: int, limit: int) -> str:
        """Write a number, or only that it lies above a limit beyond which its size says nothing."""
        if value > limit:
            return self._("meer dan {limit}", limit=self.number(limit))
        return self.number(value, decimals)

    def counted(self, number: int, one: str, more: str) -> str:
        """Write a number with its noun, both messages."""
        return f"{self.number(number)} {self.messages.ngettext(one, more, number)}"

    def listed(self, words: Iterable[str]) -> str:
        """Join words as in a sentence."""
        return format_list(list(words), style="standard", locale=formats(self.language))

    def quoted(self, text: str) -> str:
        """Put a text between quotation marks; those that it holds itself become single ones."""
        inner = text.replace("“", "‘").replace("”", "’")
        opened = inner.count('"') // 2
        for _ in range(opened):
            inner = inner.replace('"', "‘", 1).replace('"', "’", 1)
        return f"“{inner}”"

    @staticmethod
    def named(name: str) -> str:
        """A title before what is said of it; one that holds a colon itself gets a dash behind it."""
        return f"{name} –" if ":" in name else f"{name}:"

    def moment(self, month: int) -> str:
        """Say how long after the start something is, in years if they are whole."""
        years, rest = divmod(month, MONTHS_PER_YEAR)
        if month == 0:
            return self.say("at the start")
        if rest:
            return self.say("after {months} months", months=month)
        return self.say("after 1 year") if years == 1 else self.say("after {years} years", years=years)

    # --- words of the model -----------------------------------------------------------------------

    @cached_property
    def _known(self) -> dict[str, Any]:
        return texts.locale(self.language)

    def words(self, section: str) -> dict[Any, Any]:
        """A section of the locale."""
        found: dict[Any, Any] = self._known[section]
        return found

    def verdict(self, key: str) -> str:
        """Fixed word of a verdict."""
        if key == texts.UNTOUCHED:
            return self._("niet geraakt")
        return VERDICTS[key] if self.is_dutch else str(self._known["verdicts"][key])

    def size(self, size: Size) -> str:
        """What is said of an effect below the smallest that matters; empty if nothing can be."""
        if size is Size.SMALL:
            return self._("kleiner dan wat telt")
        return self._("gemiddeld kleiner dan wat telt") if size is Size.SMALL_ON_AVERAGE else ""

    def title(self, scenario: Scenario) -> str:
        """Title of a scenario."""
        return self.translated(scenario.title)

    def lever(self, name: str) -> str:
        """Title of a lever."""
        lever = LEVERS.get(name)
        return lever.title_nl if self.is_dutch else lever.title

    def label(self, kind: type[Measure]) -> str:
        """Label of a measure."""
        return kind.label_nl if self.is_dutch else kind.label

    def unit(self, kind: type[Measure]) -> str:
        """Unit of the level of a measure."""
        return self._unit(kind, "level")

    def difference_unit(self, kind: type[Measure]) -> str:
        """Unit of a difference: a share differs by percentage points, not by per cents."""
        return self._unit(kind, "difference")

    def threshold(self, kind: type[Measure], value: float) -> str:
        """Write a difference that a measure has to reach, with its unit."""
        number = self.number(value, numbers.exact_decimals(value))
        named = self._known["units"].get(kind.unit, {})
        unit = named["one"] if value == 1 and "one" in named else self.difference_unit(kind)
        return f"{number} {unit}"

    def _unit(self, kind: type[Measure], of: str) -> str:
        words = self._known["units"].get(kind.unit)
        if words is None:
            return kind.unit
        # a measure of a whole district names in ``weight`` the rows that it is divided by
        rows = getattr(kind, "weight", kind.table) if kind.table == "district" else kind.table
        return str(words[of]).replace("{rows}", self._known["rows"].get(rows, ""))

    def explained(self, kind: type[Measure]) -> str:
        """What a measure counts, in a plain sentence; empty if the locale has none."""
        return texts.plain(str(self._known["explained"].get(kind.name, "")))

    def better_is(self, kind: type[Measure]) -> str:
        """Say which way is better, in words."""
        if kind.direction == 0:
            return self._("hoger is niet beter of slechter")
        return self._("hoger is beter") if kind.direction > 0 else self._("lager is beter")

    def district_name(self, name: str) -> str:
        """Name of a district for readers."""
        if name == CITY:
            return self.whole_city
        return str(self._known["districts"].get(name, {"name": name})["name"])

    def place(self, name: str) -> str:
        """Name of a district inside a sentence, after "in"."""
        if name == CITY:
            return self.whole_city
        known = self._known["districts"].get(name)
        return self._("de wijk “{name}”", name=name) if known is None else str(known["phrase"])

    def modelled_after(self, district: District) -> str:
        """What a district is modelled after."""
        if district.content is not None:
            return self._("eigen profiel {name}", name=Path(district.place).name)
        return str(self._known["places"].get(district.place, district.place))

    def party(self, name: str) -> str:
        """Name of a payer."""
        return str(self._known["parties"].get(name, name))

    def parties(self, names: Iterable[str]) -> str:
        """Payers in a sentence; of a name that joins two ("Rijk en UWV") both are told, so that one "and" is left."""
        joint = " en " if self.is_dutch else " and "
        return self.listed(part for name in names for part in self.party(name).split(joint))

    def money(self, unit: MoneyUnit) -> str:
        """Name of a unit of money."""
        names = {
            "million": self._("miljoen euro"),
            "thousand": self._("duizend euro"),
            "euro": self._("euro"),
        }
        return names[unit.key]

    def kind_of_cost(self, kind: str) -> str:
        """Name of a kind of cost."""
        return KINDS[kind][1 if self.is_dutch else 0]

    def item(self, item: CostItem | PmItem) -> str:
        """Name of an item of cost."""
        return item.label_nl if self.is_dutch else item.label

    def group_name(self, group: str) -> str:
        """Name of a way to split people up."""
        return str(self._known["groups"].get(group, group))

    def group_label(self, group: str, label: str) -> str:
        """Name of a group in a table."""
        return str(self._known["group_labels"].get(group, {}).get(label, {"name": label})["name"])

    def group_phrase(self, group: str, label: str) -> str:
        """Name of a group inside a sentence."""
        return str(self._known["group_labels"].get(group, {}).get(label, {"phrase": label})["phrase"])

    def state_name(self, state: str) -> str:
        """Name of a state of persons, as a heading."""
        return str(self._known["states"][state]["name"])

    def part_name(self, part: str) -> str:
        """Name of a part of the waterbed."""
        return str(self._known["waterbed_parts"][part]["name"])

    def part_meaning(self, part: str) -> str:
        """What a part of the waterbed is."""
        return str(self._known["waterbed_parts"][part]["sub"])

    def loop(self, loop: str) -> str:
        """Name of a feedback loop."""
        return str(self._known["loops"].get(loop, loop))

    def breakable(self, text: str) -> str:
        """Put soft hyphens into long words, for narrow columns."""
        for word in self._known["breaks"]:
            text = text.replace(word.replace("|", ""), word.replace("|", "\N{SOFT HYPHEN}"))
        return text


DUTCH = Words()
"""Words of the memo as it is written."""
