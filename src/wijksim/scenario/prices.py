"""A user's own prices: a file beside the scenarios, the same for all that are compared.

``name: 12000`` or ``name: {value: 12000, year: 2024, source: "..."}``. The range of a price says what sources name, not
what a price of one's own may be: one outside it is taken, with a word about it, where ``set:`` of a scenario refuses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from wijksim.core.documents import Node, load
from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.kernel.prices import brought, indexed_years
from wijksim.parameters.schema import Parameter
from wijksim.scenario.findings import listed
from wijksim.scenario.messages import shown
from wijksim.scenario.text import quoted

FIELDS = ("value", "year", "source")
LEVERS = "lever."
ACCOUNTS = "prices."
_BOOKED = frozenset({
    "construction.demolition", "construction.moving_allowance", "construction.new_dwelling",
    "construction.renovation", "construction.upkeep",
    "debt.eviction_price", "debt.signal_price", "debt.track_price",
    "facilities.centre_price", "facilities.workspace_price", "facilities.workspace_rent",
    "school.extra_hours_price",
    "work.basic_job_charges_cost", "work.basic_job_support_cost", "work.basic_job_wage_cost",
})  # fmt: skip


@dataclass(frozen=True)
class Price:
    """A price of the user's own.

    Attributes
    ----------
    parameter
        The shipped price that it replaces, with its unit, range and year.
    written, year
        Amount as it was written, and the year of its euros.
    value
        The same in euros of the year of ``parameter``, which is what the model reckons with.
    source
        Where it comes from, in the user's words; empty if nothing was said.
    newest
        Newest year of the index of consumer prices.
    year_said
        False if ``year`` is only that of ``parameter``, as nothing was said.
    file, line, column
        Where it stands.
    """

    parameter: Parameter
    written: float
    year: int
    value: float
    source: str = ""
    newest: int = field(default=0, compare=False)
    year_said: bool = field(default=True, compare=False)
    file: str = field(default="", compare=False)
    line: int = field(default=1, compare=False)
    column: int = field(default=1, compare=False)

    @property
    def name(self) -> str:
        """Full name of the parameter."""
        return self.parameter.name

    @property
    def beyond(self) -> bool:
        """Whether it lies outside the range that sources name."""
        return not self.parameter.low <= self.value <= self.parameter.high

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is worth a word to whoever wrote it."""
        one, found = self.parameter, []
        place = f"{self.file}:{self.line}:{self.column}: '{self.name}' is {self.written:g} {one.unit}"
        if self.beyond:
            other = (
                ""
                if self.year == one.price_year
                else f" of {self.year} ({self.value:.6g} of {one.price_year})"
            )
            found.append(
                f"{place}{other}, outside the {one.low:g} to {one.high:g} that sources name; it is taken as it is"
            )
        if not self.year_said and self.year < self.newest:
            found.append(
                f"{place} of {self.year}, the year of the price in the model; 'year' says which euros you mean"
            )
        return tuple(found)

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, for files."""
        return {
            "name": self.name,
            "value": self.written,
            "year": self.year,
            "unit": self.parameter.unit,
            "source": self.source,
            "in_the_model": self.value,
            "shipped": self.parameter.value,
            "price_year": self.parameter.price_year,
        }

    def replaced(self) -> Parameter:
        """Return the parameter as if this were its price; its range then takes this in."""
        known, value = self.parameter, self.value
        return replace(known, value=value, low=min(known.low, value), high=max(known.high, value))


def is_price(parameter: Parameter) -> bool:
    """Tell whether a number of the model is a price: euros of some year, and no option of a lever."""
    return parameter.price_year is not None and not parameter.name.startswith(LEVERS)


def only_booked(name: str) -> bool:
    """Tell whether a price is in the books alone, so that residents never notice what it is.

    Levers that hand out a sum of money are the exception: the dearer something is, the less of it they buy.
    """
    return name.startswith(ACCOUNTS) or name in _BOOKED


def prices_among(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Return the prices among numbers of the model, by name in the order of names."""
    return {name: one for name, one in sorted(parameters.items()) if is_price(one)}


def load_prices(path: str | Path, parameters: Mapping[str, Parameter]) -> tuple[Price, ...]:
    """Read a file of prices; those that are what the model has already are left out.

    Parameters
    ----------
    path
        YAML file, by name of the price.
    parameters
        All numbers of the model, the index of consumer prices among them.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    document = load(path, lenient=True)
    reader = _Reader(parameters)
    entries = document.positions.entries or {}
    found = [reader.price(str(name), key, node) for name, (key, node) in entries.items()]
    problems = document.and_what_follows(reader.problems)
    if problems:
        raise InputError(problems)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.name))


def with_prices(parameters: Mapping[str, Parameter], prices: Sequence[Price]) -> dict[str, Parameter]:
    """Return numbers of the model as they are with these prices."""
    return {**parameters, **{price.name: price.replaced() for price in prices}}


def prices_text(prices: Sequence[Price]) -> str:
    """Return prices as a file that loads again."""
    lines = []
    for one in prices:
        source = f", source: {quoted(one.source)}" if one.source else ""
        lines.append(f"{one.name}: {{value: {number_text(one.written)}, year: {one.year}{source}}}")
    return "\n".join(lines) + "\n"


def number_text(value: float) -> str:
    """Write a number so that it is read back as the same."""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


class _Reader:
    """Reads the entries of one file and gathers what is wrong with them."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self.parameters = parameters
        self.prices = prices_among(parameters)
        self.values = {name: one.value for name, one in parameters.items()}
        self.first, self.last = indexed_years(self.values)
        self.problems: list[Problem] = []

    def price(self, name: str, key: Node, node: Node) -> Price | None:
        """Return the price under a name; None if it is no good or nothing new."""
        parameter = self._parameter(name, key)
        value, said, source = self._amount(name, node), None, ""
        if node.entries is not None:
            self._no_others(name, node)
            said, source = self._year(name, node.child("year")), self._source(name, node.child("source"))
        if parameter is None or value is None:
            return None
        own = parameter.price_year
        assert own is not None
        place = node.find(("value",))
        if value == 0 and parameter.low > 0 and not only_booked(name):
            message = f"'{name}' must be more than 0: what people earn, own or pay is measured against it"
            self.problems.append(place.problem(message))
            return None
        year = own if said is None else said
        if not (self.first <= year <= self.last or year == own):
            also = "" if self.first <= own <= self.last else f", or {own}, that of the price in the model"
            message = (
                f"'year' of '{name}' must lie in {self.first} to {self.last}, the years of the index of consumer "
                f"prices{also}, not {year}"
            )
            self.problems.append(node.find(("year",)).problem(message))
            return None
        in_the_model = brought(self.values, value, year, own)
        if in_the_model == parameter.value and not parameter.dated:
            return None
        return Price(
            parameter,
            value,
            year,
            in_the_model,
            source,
            newest=self.last,
            year_said=said is not None,
            file=place.file,
            line=place.line,
            column=place.column,
        )

    def _parameter(self, name: str, key: Node) -> Parameter | None:
        """The price that is meant."""
        if name in self.prices:
            return self.prices[name]
        known = self.parameters.get(name)
        if name.startswith(LEVERS) and known is not None:
            _, lever, option = name.split(".", 2)
            message = f"'{name}' is an option of a lever: write '{option}' where a scenario uses '{lever}'"
            self.problems.append(key.problem(message))
        elif known is not None:
            message = f"'{name}' is no price but a number in '{known.unit}'; 'set:' of a scenario changes it"
            self.problems.append(key.problem(message))
        else:
            self.problems.append(key.problem(f"there is no price '{name}'", did_you_mean(name, self.prices)))
        return None

    def _amount(self, name: str, node: Node) -> float | None:
        """What it is to cost."""
        if node.entries is not None:
            below = node.child("value")
            if below is None:
                self.problems.append(node.problem(f"'{name}' needs a 'value'"))
                return None
            node = below
        given = node.data()
        if isinstance(given, bool) or not isinstance(given, int | float):
            self.problems.append(node.problem(f"'{name}' must be a number, not {shown(given)}"))
        elif not math.isfinite(given):
            self.problems.append(node.problem(f"'{name}' must be a finite number, not {given}"))
        elif given < 0:
            self.problems.append(node.problem(f"'{name}' must be at least 0, not {given:g}"))
        else:
            return float(given)
        return None

    def _no_others(self, name: str, node: Node) -> None:
        """Refuse keys that mean nothing here."""
        for other, (key, _) in (node.entries or {}).items():
            if other not in FIELDS:
                guess = did_you_mean(str(other), FIELDS)
                choice = "" if guess else f", choose from {listed(FIELDS)}"
                self.problems.append(key.problem(f"'{name}' has no key '{other}'{choice}", guess))

    def _year(self, name: str, node: Node | None) -> int | None:
        """Year of the euros; that of the model's own price if nothing is said."""
        given = None if node is None else node.data()
        if node is None or (isinstance(given, int) and not isinstance(given, bool)):
            return given if isinstance(given, int) else None
        self.problems.append(node.problem(f"'year' of '{name}' must be a year as 2024, not {shown(given)}"))
        return None

    def _source(self, name: str, node: Node | None) -> str:
        """Where it comes from."""
        given = "" if node is None else node.data()
        if node is not None and not isinstance(given, str):
            self.problems.append(node.problem(f"'source' of '{name}' must be text, not {shown(given)}"))
            return ""
        return " ".join(str(given).split())
