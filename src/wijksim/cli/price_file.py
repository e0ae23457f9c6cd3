"""The text of ``prices.yaml``: every price of the model, to be changed or thrown away."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from wijksim.kernel.prices import indexed_years
from wijksim.mechanisms.accounts import ENTRIES
from wijksim.parameters.load import load_sources
from wijksim.parameters.schema import Parameter
from wijksim.scenario.prices import number_text, only_booked, prices_among

_WIDTH = 100
_SUBJECTS = {
    "build": "the population at the start",
    "construction": "demolition, building and renovation",
    "crime": "crime",
    "debt": "debts",
    "energy": "energy",
    "facilities": "facilities",
    "housing": "letting of dwellings",
    "income": "incomes and benefits",
    "prices": "staff, care and safety",
    "school": "school",
    "wellbeing": "wellbeing",
    "work": "work",
}

_HEAD = """\
# Prices of your own: keep the lines you change, throw the others away, then
#
#   wijksim memo SCENARIO --prices {file}
#
# A line is NAME: {{value: EUROS, year: YEAR, source: "where it comes from"}}, or NAME: EUROS alone.
#
#   year    the year of your euros, {first} to {last}: amounts are brought to one year by consumer prices. The year that
#           stands here is that of the price in the model; if you leave it out, that is the year of your price too.
#   source  in your own words; the memo shows it with the price.
#
# Prices hold for current policy and for all variants alike. A price outside the range is taken, with a warning: the
# range is what sources name. Grades: A measured for this population, B good research, C research from elsewhere or a
# single source, D an assumption. What levers themselves cost is an option of the lever: write it in the scenario.
"""
_BOOKED = """\
# WHAT THINGS COST: the books alone. What happens to people stays the same to the last digit, except with levers that
# hand out a sum of money (a budget, a fund, works on dwellings): what is dearer, they buy less of.
"""
_FELT = """\
# WHAT PEOPLE EARN, OWN AND PAY: these change what happens to people, with and without a policy. Most are rules or
# figures of the whole country.
"""


def price_file(parameters: Mapping[str, Parameter], file: str) -> str:
    """Write every price as it ships, by subject, those that only the books know first.

    Parameters
    ----------
    parameters
        All numbers of the model.
    file
        Name of the file, for the command that uses it.

    Returns
    -------
    str
        YAML that changes nothing until somebody edits it.
    """
    prices = prices_among(parameters)
    first, last = indexed_years({name: one.value for name, one in parameters.items()})
    booked = [one for name, one in prices.items() if only_booked(name)]
    felt = [one for name, one in prices.items() if not only_booked(name)]
    lines = _HEAD.format(file=file, first=first, last=last).splitlines()
    for part, head in ((booked, _BOOKED), (felt, _FELT)):
        lines += ["", "# " + "=" * (_WIDTH - 2), *head.splitlines(), *_by_subject(part)]
    return "\n".join(lines) + "\n"


def _by_subject(prices: Iterable[Parameter]) -> Iterator[str]:
    """Lines of a part; staff, care and safety come first, as they are asked for most."""
    sources = load_sources()
    ordered = sorted(prices, key=lambda one: (_room(one) != "prices", _room(one)))
    for room, group in groupby(ordered, key=_room):
        yield from (
            "",
            f"# --- {_SUBJECTS.get(room, room)} " + "-" * (_WIDTH - 7 - len(_SUBJECTS.get(room, room))),
        )
        for one in group:
            yield ""
            yield from _entry(one, sources)


def _entry(one: Parameter, sources: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Comment and line of one price."""
    span = (
        f"{_amount(one.low)} to {_amount(one.high)}"
        if one.low < one.high
        else f"{_amount(one.low)}, fixed by law"
    )
    texts = [
        one.label,
        *_used(one.name),
        f"In {one.unit} of {one.price_year}; range {span}; grade {one.grade}.",
        f"Source: {'; '.join(_source(key, sources) for key in one.source)}.",
    ]
    for text in texts:
        yield from textwrap.wrap(
            text,
            _WIDTH,
            initial_indent="# ",
            subsequent_indent="#   ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    yield f"{one.name}: {{value: {number_text(one.value)}, year: {one.price_year}}}"


def _used(name: str) -> list[str]:
    """What the accounts book at this price."""
    found = [f"{entry.item.label} ({_payer(entry.item.payers)})" for entry in ENTRIES if entry.price == name]
    return [f"Booked as: {'; '.join(found)}."] if found else []


def _payer(payers: Iterable[tuple[str, float]]) -> str:
    return ", ".join(party.replace("_", " and ") for party, _ in payers)


def _source(key: str, sources: Mapping[str, Mapping[str, Any]]) -> str:
    """A source in words."""
    known = sources.get(key)
    if known is None:
        return key
    year = f", {known['year']}" if known.get("year") else ""
    return f"{' '.join(str(known['text']).split())}{year} ({key})"


def _amount(value: float) -> str:
    """An amount for reading."""
    return f"{value:,.0f}" if value.is_integer() else f"{value:,}"


def _room(one: Parameter) -> str:
    return one.name.split(".")[0]
