"""The memo: one page in Dutch or English, complete in itself, the same bytes for the same comparison."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from wijksim.core.clock import Clock
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.report import background, plots, precise, summary, texts
from wijksim.report.costs import DISCOUNT_RATE, PartyCost, party_costs
from wijksim.report.headlines import OPEN_PICTURES, headlines, weakest_district
from wijksim.report.language import Language
from wijksim.report.limits import limits
from wijksim.report.money import Sums, unchanged
from wijksim.report.numbers import decimals_for, exact_decimals, resolving
from wijksim.report.pictures.gallery import Gallery, gallery
from wijksim.report.prices import own_prices
from wijksim.report.sections import Beside, Sections, decision, matrix_decimals
from wijksim.report.sizes import Size, thresholds
from wijksim.report.tables import Block, Course, blocks, course, gains, read_lines
from wijksim.report.terms import terms_on
from wijksim.report.whole import write_whole
from wijksim.report.words import Words
from wijksim.runs.digest import digest_arrays
from wijksim.runs.manifest import manifest
from wijksim.scenario.prices import with_prices

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison
    from wijksim.analysis.precision import Reached
    from wijksim.analysis.twins import Twin
    from wijksim.scenario.resolve import Scenario

TEMPLATES = Path(__file__).parent / "templates"
STYLES = ("memo.css", "pictures.css")
TERMS_MARK = Markup("<!-- terms -->")
"""Where the list of terms goes."""


def write_memo(
    comparison: Comparison,
    path: Path,
    *,
    command: str,
    reached: Reached | None = None,
    beside: Beside | None = None,
    lang: Language = "nl",
) -> None:
    """Write the memo; the file appears whole or not at all.

    Parameters
    ----------
    comparison
        Null alternative and variants in the same futures.
    path
        Where the page goes.
    command
        Command that makes this page again, shown at its end.
    reached
        How precise the differences came out, if a precision was asked.
    beside
        Stored results of other analyses, and residents that were followed.
    lang
        Language of the page; Dutch if omitted.
    """
    write_page(Page(comparison, command, reached, beside, lang), path)


def write_page(page: Page, path: Path) -> None:
    """Write a page that was worked out; the file appears whole or not at all."""
    write_whole(path, render_page(page).encode())


def render_memo(
    comparison: Comparison,
    *,
    command: str,
    reached: Reached | None = None,
    beside: Beside | None = None,
    lang: Language = "nl",
) -> str:
    """Return the memo as HTML (see :func:`write_memo`)."""
    return render_page(Page(comparison, command, reached, beside, lang))


def render_page(page: Page) -> str:
    """Return a page that was worked out as HTML."""
    words = page.words
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # the extension adds this method to the environment, which its type does not know
    getattr(environment, "install_gettext_translations")(words.messages, newstyle=True)  # noqa: B009
    environment.globals.update(
        words=words, number=words.number, counted=words.counted, bounded=words.bounded, percent=words.percent,
        sentence=texts.sentence, Verdict=texts.Verdict, decimals_for=decimals_for, resolving=resolving,
        exact_decimals=exact_decimals, Size=Size,
        look=plots.look, is_nan=math.isnan, inf=math.inf,
    )  # fmt: skip
    text = environment.get_template("memo.html.j2").render(page.context(), terms_mark=TERMS_MARK)
    # only the whole page tells which words stand on it
    terms = environment.get_template("memo/begrippen.html.j2").render(terms=terms_on(text, words))
    text = text.replace(TERMS_MARK, terms)
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


@dataclass(frozen=True)
class Figure:
    """Pictures of one measure and the numbers behind them."""

    course: Course
    panels: tuple[Markup, ...]


class Page:
    """What the template shows, worked out once per comparison.

    Parameters
    ----------
    comparison
        What is reported.
    command
        Command that makes the page again.
    reached
        How precise the differences came out, if a precision was asked.
    beside
        Stored results of other analyses, and residents that were followed.
    lang
        Language of the page; Dutch if omitted.
    """

    def __init__(
        self,
        comparison: Comparison,
        command: str,
        reached: Reached | None = None,
        beside: Beside | None = None,
        lang: Language = "nl",
    ) -> None:
        self.words = Words(lang)
        self.comparison = comparison
        self.command = command
        self.reached = reached
        self.measures = headlines(comparison)
        self.weakest = weakest_district(comparison)
        self.names = _names(comparison.scenarios, self.words)
        self.parameters = with_prices(background.parameters(), comparison.null.prices)
        self.beside = beside or Beside()

    def draw(self) -> None:
        """Draw the pictures, which take most of the time and need nothing but the comparison."""
        _ = (self.figures, self.gallery, self.difference_plots)

    def add_lives(self, twins: tuple[tuple[Twin, ...], ...]) -> None:
        """Tell of residents with two lives as well; before the page is rendered."""
        self.beside = replace(self.beside, twins=twins)

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants."""
        return self.names[1:]

    @property
    def where(self) -> str:
        """The most vulnerable district, as in a sentence."""
        return self.words.place(self.comparison.districts[self.weakest])

    @cached_property
    def district_blocks(self) -> dict[str, tuple[Block, ...]]:
        """Core table per district, the most vulnerable first and the city second."""
        lines = read_lines(self.comparison, self.comparison.table())
        names = self.comparison.districts
        order = [self.weakest, len(names) - 1, *(d for d in range(len(names) - 1) if d != self.weakest)]
        years = self.comparison.years
        return {names[d]: blocks(self.measures, lines, names[d], years) for d in order}

    @property
    def main_blocks(self) -> tuple[Block, ...]:
        """Core table of the most vulnerable district."""
        return self.district_blocks[self.comparison.districts[self.weakest]]

    @property
    def last_year(self) -> int:
        """Last read-out year."""
        return self.comparison.years[-1]

    @cached_property
    def sections(self) -> Sections:
        """What goes beyond the measures."""
        return Sections.of(
            self.comparison,
            self.measures,
            self.weakest,
            self.parameters,
            beside=self.beside,
            words=self.words,
        )

    @cached_property
    def costs(self) -> tuple[tuple[PartyCost, ...], ...]:
        """Costs per variant; empty if none were recorded."""
        rate = self.parameters[DISCOUNT_RATE].value
        found = [party_costs(self.comparison, v, rate) for v in range(1, len(self.comparison.scenarios))]
        return tuple(found) if all(found) else ()

    @cached_property
    def sums(self) -> Sums:
        """What goes with every sum of money."""
        return Sums.of(
            self.costs,
            self.sections.matrices,
            residents=self.comparison.null.world.size,
            year=background.price_year(self.parameters),
        )

    def context(self) -> dict[str, Any]:
        """Everything that the template names."""
        return {
            "style": Markup("".join((TEMPLATES / name).read_text(encoding="utf-8") for name in STYLES)),
            "notice": self.words.notice,
            "command": self.command,
            "null_name": self.names[0],
            "names": self.names,
            "variants": self.variants,
            "variant_list": self.words.listed(self.words.quoted(name) for name in self.variants),
            "where": self.where,
            "weakest_name": self.words.district_name(self.comparison.districts[self.weakest]),
            "pairs": len(self.comparison.seeds),
            "span": self._span(),
            "years": self.comparison.years,
            "last_year": self.last_year,
            "calendar": self._calendar(),
            "summary": self._summary(),
            "reached": None if self.reached is None else precise.lines(self.reached, self.words),
            "power": summary.power(len(self.comparison.seeds), self.words),
            "judgements": sum(1 for block in self.main_blocks if block.measure.direction)
            * len(self.variants) * len(self.comparison.years),
            "thresholds": self._thresholds(),
            "districts": background.districts(self.comparison, self.words),
            "scenarios": background.scenarios(self.comparison, self.names, self.words),
            "main_blocks": self.main_blocks,
            "district_blocks": self.district_blocks,
            "figures": self.figures,
            "open_pictures": OPEN_PICTURES,
            "difference_plots": self.difference_plots,
            "gallery": self.gallery,
            **self._cost_context(),
            **self.sections.context(self.variants, self.parameters, self.words),
            "decision": decision(self.variants, self.names[0], self.words),
            "limits": limits(self.comparison, self.words),
            "grades": background.grades(self.parameters, self.words),
            "reference_measured": background.reference_measured(),
            "gains": tuple(zip(self.variants, self._gains(), strict=True)),
            "gain_years": self._gain_years(),
            "facts": background.facts(self.comparison, self.words),
            "version": background.known_version(),
            "manifest": manifest(self.comparison.null, self.comparison.seeds[0], self.comparison.months),
            "own_prices": own_prices(self.comparison, self.parameters, self.words),
            "seeds": self.comparison.seeds,
            "results_digest": digest_arrays(
                {"numerator": self.comparison.numerator, "denominator": self.comparison.denominator}
            ),
        }  # fmt: skip

    def _thresholds(self) -> tuple[str, ...]:
        """Smallest effects that matter, each with how many measures have it."""
        return tuple(
            self.words._(
                "{threshold} bij {measures}",
                threshold=self.words.threshold(one.measures[0], one.value),
                measures=self.words.counted(len(one.measures), "maat", "maten"),
            )
            for one in thresholds(self.measures)
        )

    def _calendar(self) -> dict[int, str]:
        """Calendar year per year of the run, where the two run alike."""
        clock = Clock(self.comparison.null.start)
        if clock.month_of_year(0) != 1:
            return {}
        count = max(self.comparison.months // MONTHS_PER_YEAR, 1)
        return {year: str(clock.year((year - 1) * MONTHS_PER_YEAR)) for year in range(1, count + 1)}

    def _span(self) -> str:
        """Length of the run in words."""
        years, rest = divmod(self.comparison.months, MONTHS_PER_YEAR)
        if rest:
            return self.words.counted(self.comparison.months, "maand", "maanden")
        return self.words.counted(years, "jaar", "jaar")

    def _summary(self) -> dict[str, Any]:
        pairs = len(self.comparison.seeds)
        lines = [
            (
                name,
                summary.effects(self.main_blocks, v, where=self.where, year=self.last_year, words=self.words),
            )
            for v, name in enumerate(self.variants)
        ]
        totals = [costs[-1] for costs in self.costs]
        return {
            "opening": summary.opening(
                self.names[0], self.variants, span=self._span(), pairs=pairs, words=self.words
            ),
            "effects": lines,
            "money": summary.money(self.variants, totals, self.sums, self.words)
            if totals and pairs > 1
            else "",
        }

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Pictures of every headline measure in the most vulnerable district."""
        found = []
        for kind in self.measures:
            one = course(self.comparison, kind, self.weakest)
            panels = plots.band_panels(one, self.names, where=self.where, words=self.words)
            found.append(Figure(one, tuple(Markup(panel) for panel in panels)))
        return tuple(found)

    @cached_property
    def gallery(self) -> Gallery:
        """Pictures beside those of the measures."""
        return gallery(
            self.comparison, self.measures[:OPEN_PICTURES], self.main_blocks, names=self.names,
            district=self.weakest, words=self.words,
        )  # fmt: skip

    @cached_property
    def difference_plots(self) -> tuple[tuple[Block, Markup], ...]:
        """Pictures of the differences of every measure."""
        return tuple(
            (block, Markup(plots.difference_plot(block, self.variants, where=self.where, words=self.words)))
            for block in self.main_blocks
        )

    def _cost_context(self) -> dict[str, Any]:
        still, unbooked = unchanged(self.costs)
        shown = [tuple(one for one in mine if one.party not in (*still, *unbooked)) for mine in self.costs]
        unit, words = self.sums.unit, self.words
        reach = plots.cost_reach(shown, unit)
        pictures = [
            Markup(plots.cost_plot(costs, v, self.variants[v], reach=reach, unit=unit, words=words))
            for v, costs in enumerate(shown)
        ]
        return {
            "costs": tuple(zip(self.variants, shown, pictures, strict=True)) if self.costs else (),
            "still": words.parties(still),
            "unbooked": words.parties(unbooked),
            "unit": unit,
            "money": words.money(unit),
            "residents": words.counted(self.sums.residents, "inwoner", "inwoners"),
            "matrix_decimals": partial(matrix_decimals, unit=unit),
            "payers": [
                (name, *summary.payers(costs[:-1], self.words)) for name, costs in self._named_costs()
            ],
            "totals": [
                (name, summary.amount(costs[-1].present, words, unit)) for name, costs in self._named_costs()
            ],
            "discount": self.parameters[DISCOUNT_RATE].value,
            "price_year": self.sums.year or words._("het basisjaar"),
            "pm_items": background.pm_items(self.words),
        }

    def _named_costs(self) -> list[tuple[str, tuple[PartyCost, ...]]]:
        return list(zip(self.variants, self.costs, strict=True)) if self.costs else []

    def _gain_years(self) -> tuple[int, ...]:
        """The first two read-out years: later on, luck has grown apart in most runs."""
        return self.comparison.years[:2]

    def _gains(self) -> tuple[Any, ...]:
        directed = [kind for kind in self.measures if kind.direction]
        return gains(self.comparison, directed, self._gain_years())


def _names(scenarios: tuple[Scenario, ...], words: Words) -> tuple[str, ...]:
    """Titles; equal titles get the id of their file, and a number if that is equal too."""
    titles = [words.title(scenario) for scenario in scenarios]
    doubled = [
        f"{name} ({scenario.id})" if titles.count(name) > 1 else name
        for name, scenario in zip(titles, scenarios, strict=True)
    ]
    return tuple(
        f"{name} {doubled[: place + 1].count(name)}" if doubled.count(name) > 1 else name
        for place, name in enumerate(doubled)
    )
