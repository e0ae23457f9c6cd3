"""Every table of the memo as plain data: the one source of the workbook and of ``--json``.

The numbers are those that the page shows, unrounded; a reader who counts them again finds the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wijksim.analysis.waterbed import PARTS
from wijksim.kernel.ledger import PARTIES
from wijksim.report import background, texts
from wijksim.report.costs import ALL_PARTIES, Estimate
from wijksim.report.doubts import doubts
from wijksim.report.prices import own_price_table
from wijksim.report.sections import place_name
from wijksim.report.words import Words
from wijksim.runs.digest import digest_arrays
from wijksim.runs.manifest import manifest

if TYPE_CHECKING:
    from wijksim.report.carried import Taken
    from wijksim.report.effects import Matrix, Row
    from wijksim.report.memo import Page

type Value = str | float | int | None
type Rows = Iterable[Sequence[Value]]


@dataclass(frozen=True)
class Sheet:
    """One table.

    Attributes
    ----------
    key
        Short name, letters, digits and hyphens; the same in every language.
    title
        What it shows.
    columns
        Headings, all different.
    rows
        Values, as many as there are headings.
    tab
        The key for readers, in their language; empty if that is the key itself.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    tab: str = ""

    def as_dict(self) -> dict[str, object]:
        """Plain data."""
        return {
            "key": self.key,
            "title": self.title,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
        }


def sheets(page: Page) -> tuple[Sheet, ...]:
    """All tables of a memo that have a row, in the order of the page."""
    made = [make(page) for make in _MAKERS]
    found = [sheet for sheet in made if sheet.rows]
    return (*found, *_figures(page))


def document(page: Page) -> dict[str, object]:
    """The whole memo as plain data."""
    return {
        "notice": page.words.notice,
        "command": page.command,
        "null": page.names[0],
        "variants": list(page.variants),
        "pairs": len(page.comparison.seeds),
        "months": page.comparison.months,
        "district": page.comparison.districts[page.weakest],
        "tables": [sheet.as_dict() for sheet in sheets(page)],
    }


def _sheet(page: Page, key: str, title: str, columns: str, rows: Rows) -> Sheet:
    """Make a table; ``columns`` are parted by bars."""
    heads = tuple(columns.split("|"))
    return Sheet(key, title, heads, tuple(tuple(row) for row in rows), _tab(key, page.words))


def _tab(key: str, words: Words) -> str:
    """A key in the language of the page, word by word; names of measures stay."""
    known = words.words("tabs")
    return "-".join(str(known.get(part, part)) for part in key.split("-"))


def _bounds(one: Estimate) -> tuple[float, float, float]:
    return one.mean, one.low, one.high


def _core(page: Page) -> Sheet:
    def rows() -> Iterator[Sequence[Value]]:
        for district, blocks in page.district_blocks.items():
            for block in blocks:
                for line in block.lines:
                    for v, cell in enumerate(line.cells):
                        yield (
                            page.words.district_name(district), page.words.label(block.measure), block.measure.name,
                            page.words.difference_unit(block.measure), line.year, line.null, page.variants[v],
                            cell.difference, cell.low, cell.high, cell.share_better, cell.pairs,
                            page.words.verdict(cell.shown.key),
                            page.sections.grades[v],
                        )  # fmt: skip

    return _sheet(
        page, "kern", page.words._("De kern: verschil met het nulalternatief"),
        page.words._(
            "Wijk|Maat|Naam|Eenheid|Jaar|Nulalternatief|Variant|Verschil|Laag|Hoog|Aandeel beter|Paren|Oordeel|Graad"
        ),
        rows(),
    )  # fmt: skip


def _course(page: Page) -> Sheet:
    rows = (
        (page.words.label(figure.course.measure), figure.course.measure.name, name, int(year),
         float(figure.course.mean[s, year - 1]), float(figure.course.low[s, year - 1]),
         float(figure.course.high[s, year - 1]))
        for figure in page.figures
        for s, name in enumerate(page.names)
        for year in figure.course.years
    )  # fmt: skip
    return _sheet(
        page, "verloop", page.words._("Verloop in {where}", where=page.where),
        page.words._("Maat|Naam|Scenario|Jaar|Gemiddelde|10e percentiel|90e percentiel"), rows,
    )  # fmt: skip


def _groups(page: Page) -> Sheet:
    def rows() -> Iterator[Sequence[Value]]:
        for name, table in zip(page.variants, page.sections.groups, strict=True):
            for line in table.lines if table else ():
                for one in line.cells:
                    if one is not None:
                        cell = one.cell
                        yield (
                            name, page.words.group_name(line.group), page.words.group_label(line.group, line.label),
                            one.effect.rows, page.words.label(one.effect.measure), one.effect.measure.name,
                            one.effect.null, cell.difference, cell.low, cell.high, cell.pairs,
                            page.words.verdict(cell.shown.key),
                        )  # fmt: skip

    return _sheet(
        page, "groepen", page.words._("Wie wint en wie verliest in {where}", where=page.where),
        page.words._("Variant|Indeling|Groep|Aantal|Maat|Naam|Nulalternatief|Verschil|Laag|Hoog|Paren|Oordeel"),
        rows(),
    )  # fmt: skip


def _waterbed(page: Page) -> Sheet:
    def rows() -> Iterator[Sequence[Value]]:
        for name, mine in zip(page.variants, page.sections.waterbed, strict=True):
            for split in mine:
                for p, place in enumerate(split.places):
                    start = (
                        name,
                        page.words.state_name(split.state),
                        split.year,
                        place_name(place, page.words),
                    )
                    parts = (float(value) for value in split.mean(place))
                    yield (*start, float(split.null[p]), *split.interval(place), *parts)

    heads = page.words._("Variant|Toestand|Jaar|Plek|Nulalternatief|Verschil|Laag|Hoog")
    return _sheet(
        page, "waterbed", page.words._("Waterbed: verschil in personen en waar het door komt"),
        "|".join([heads, *(page.words.part_name(part) for part in PARTS)]), rows(),
    )  # fmt: skip


def _payers(page: Page) -> Sheet:
    rows = (
        (name, page.words._("alle partijen") if cost.party == ALL_PARTIES else page.words.party(cost.party), cost.level,
         *_bounds(cost.yearly), *_bounds(cost.total), *_bounds(cost.present),
         None if cost.transfers is None else cost.transfers.mean)
        for name, costs in zip(page.variants, page.costs, strict=bool(page.costs))
        for cost in costs
        if cost.booked
    )  # fmt: skip
    title = page.words._(
        "Kosten per betaler: verschil met het nulalternatief (euro per inwoner per jaar; miljoen euro)"
    )
    return _sheet(
        page, "kosten", title,
        page.words._(
            "Variant|Partij|Nulalternatief, per inwoner per jaar|Per inwoner per jaar|Per inwoner per jaar, laag|"
            "Per inwoner per jaar, hoog|Hele periode|Hele periode, laag|Hele periode, hoog|Contante waarde|"
            "Contante waarde, laag|Contante waarde, hoog|Waarvan overdrachten"
        ), rows,
    )  # fmt: skip


def _matrix(
    key: str, title: Callable[[Words], str], of: Callable[[Page], tuple[Matrix | None, ...]]
) -> Callable[[Page], Sheet]:
    def make(page: Page) -> Sheet:
        found = zip(page.variants, of(page), strict=True)
        rows = (row for name, one in found if one is not None for row in _matrix_rows(name, one, page.words))
        parties = (texts.sentence(page.words.party(party)) for party in PARTIES)
        start, end = page.words._("Variant|Deel|Effect"), page.words._("Alle partijen|Laag|Hoog|Graad")
        return _sheet(page, key, title(page.words), "|".join([start, *parties, end]), rows)

    return make


def _matrix_rows(name: str, one: Matrix, words: Words) -> Iterator[Sequence[Value]]:
    def line(part: str, row: Row, label: str) -> Sequence[Value]:
        return (name, part, label, *(cell.mean for cell in row.cells), *_bounds(row.total), row.grade)

    for part, rows, whole in (
        (words._("kosten voor de samenleving"), one.resources, one.used),
        (words._("overdrachten"), one.transfers, one.moved),
    ):
        for row in rows:
            yield line(part, row, words.kind_of_cost(row.kind))
        yield line(part, whole, words._("samen"))
    yield line(words._("alles zonder omstreden posten"), one.spent, words._("samen"))
    for post in one.contested:
        item = words.item(post.item)
        for label, values in (
            (words._("{item}, laagste prijs", item=item), post.low),
            (words._("{item}, hoogste prijs", item=item), post.high),
        ):
            yield (
                name, words._("omstreden"), label, *values, sum(values), None, None, "",
            )  # fmt: skip


def _carried(page: Page) -> Sheet:
    def rows() -> Iterator[Sequence[Value]]:
        for name, one in zip(page.variants, page.sections.carried, strict=True):
            yield from _taken(name, page.words._("terugkoppeling"), one.loops, page.words)
            yield from _taken(name, page.words._("maatregel"), one.levers, page.words)

    return _sheet(
        page, "mechanisme", page.words._("Wat draagt het effect in {where}", where=page.where),
        page.words._("Variant|Soort|Maat|Naam|Jaar|Onderdeel|Verschil|Laag|Hoog"), rows(),
    )  # fmt: skip


def _taken(name: str, kind: str, found: Iterable[Taken], words: Words) -> Iterator[Sequence[Value]]:
    for one in found:
        for part in one.parts:
            yield (
                name, kind, words.label(one.measure), one.measure.name, one.year, part.name, *_bounds(part.estimate),
            )  # fmt: skip


def _leanings(page: Page) -> Sheet:
    rows = (
        (name, line.label, line.leaning.measure, line.leaning.year, line.leaning.rows,
         line.weak if line.said else None, line.leaning.unseen, line.leaning.explained)
        for name, lines in zip(page.variants, page.sections.leanings, strict=True)
        for line in lines
    )  # fmt: skip
    return _sheet(
        page, "leunt", page.words._("Waarop de uitkomst leunt in {where}", where=page.where),
        page.words._(
            "Variant|Maat|Naam|Jaar|Rijen|Aandeel graad C en D|R2 voor nieuwe rijen|R2 in de rijen zelf"
        ), rows,
    )  # fmt: skip


def _signposts(page: Page) -> Sheet:
    rows = (
        (name, page.words.label(post.measure), post.measure.name, post.year, post.null, post.variant, post.bound,
         page.words._("boven") if post.above else page.words._("onder"))
        for name, posts in zip(page.variants, page.sections.signposts, strict=True)
        for post in posts
    )  # fmt: skip
    return _sheet(
        page, "volgen",
        page.words._("Volgen en bijsturen in {where}: verandering sinds jaar 1", where=page.where),
        page.words._("Variant|Maat|Naam|Jaar|Zonder variant|Met variant|Grens|Bijsturen boven of onder de grens"),
        rows,
    )  # fmt: skip


def _lives(page: Page) -> Sheet:
    rows = (
        (name, story.heading, story.pick.uid, story.pick.gain, " ".join(story.sentences))
        for name, mine in zip(page.variants, page.sections.stories, strict=bool(page.sections.stories))
        for story in mine
    )
    return _sheet(
        page, "levens", page.words._("Eén bewoner, twee levens"),
        page.words._("Variant|Regel|Bewoner|Minder stress (0 tot 1)|Verhaal"), rows,
    )  # fmt: skip


def _districts(page: Page) -> Sheet:
    rows = ((one.name, one.model, one.residents) for one in background.districts(page.comparison, page.words))
    title = page.words._("De wijken in het model, bij het begin")
    return _sheet(page, "wijken", title, page.words._("Wijk|Gemaakt naar|Inwoners"), rows)


def _grades(page: Page) -> Sheet:
    rows = (
        (one.grade, one.meaning, one.count, one.share)
        for one in background.grades(page.parameters, page.words)
    )
    title = page.words._("Getallen van het model naar bewijs")
    return _sheet(page, "graden", title, page.words._("Graad|Betekenis|Aantal|Aandeel"), rows)


def _pm(page: Page) -> Sheet:
    title = page.words._("Wat geen prijs heeft (pro memorie)")
    return _sheet(page, "pm", title, page.words._("Post|Reden"), background.pm_items(page.words))


def _facts(page: Page) -> Sheet:
    known = doubts(page.words)
    rows = [(one.id, one.text, one.simulated, one.band) for one in known.facts]
    rows += [(page.words._("beleid"), f"{one.gate}: {one.claim}", one.verdict, "") for one in known.gates]
    title = page.words._("Wat het model niet laat zien")
    return _sheet(page, "kanttekeningen", title, page.words._("Rij|Feit|In het model|Band"), rows)


def _own_prices(page: Page) -> Sheet:
    return _sheet(page, "prijzen", *own_price_table(page.comparison, page.parameters, page.words))


def _account(page: Page) -> Sheet:
    comparison, words = page.comparison, page.words
    made = manifest(comparison.null, comparison.seeds[0], comparison.months)
    digest = digest_arrays({"numerator": comparison.numerator, "denominator": comparison.denominator})
    rows: list[tuple[Value, ...]] = [
        (words._("Let op"), words.notice),
        (words._("Opdracht"), page.command),
        *((words._("Versie"), one) for one in (background.known_version(),) if one),
        ("Python", str(made["python"])),
        *((name, str(version)) for name, version in made["packages"].items()),
        (words._("Paren"), len(comparison.seeds)),
        (
            words._("Startgetallen"),
            words._("{first} tot en met {last}", first=comparison.seeds[0], last=comparison.seeds[-1]),
        ),
        (words._("Maanden"), comparison.months),
        (words._("Inwoners bij het begin"), int(made["size"])),
        (words._("Controlegetal uitkomsten"), digest),
        *((words._("Controlegetal {name}", name=one.id), one.digest) for one in comparison.scenarios),
    ]
    return _sheet(page, "verantwoording", words._("Verantwoording"), words._("Wat|Waarde"), rows)


def _figures(page: Page) -> Iterator[Sheet]:
    """Tables behind the pictures."""
    shown = page.gallery
    for picture in (shown.overview, *shown.districts, *shown.close):
        for table in picture.tables:
            stubs = tuple(str(name) or "-" for name in table.stubs)
            rows = tuple(
                (*(str(head) for head in row.heads),
                 *(cell.text if cell.value is None else float(cell.value) for cell in row.cells))
                for row in table.rows
            )  # fmt: skip
            if rows:
                key = f"beeld-{table.key}"
                heads = _apart((*stubs, *table.heads))
                yield Sheet(key, str(table.caption), heads, rows, _tab(key, page.words))


def _apart(names: Sequence[str]) -> tuple[str, ...]:
    """Headings that differ: the second of a name gets its number."""
    return tuple(
        str(name) if names[:place].count(name) == 0 else f"{name} ({names[: place + 1].count(name)})"
        for place, name in enumerate(names)
    )


_MAKERS: tuple[Callable[[Page], Sheet], ...] = (
    _core, _course, _districts, _leanings, _groups, _waterbed, _payers,
    _matrix(
        "effecten",
        lambda words: words._("Effecten en partijen, miljoen euro, contante waarde"),
        lambda page: page.sections.matrices,
    ),
    _matrix(
        "effecten-gewoon",
        lambda words: words._("Effecten en partijen, miljoen euro, niet omgerekend"),
        lambda page: page.sections.plain,
    ),
    _pm, _carried, _lives, _facts, _grades, _signposts, _own_prices, _account,
)  # fmt: skip
