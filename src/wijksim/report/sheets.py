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
from wijksim.report.sections import place_name
from wijksim.runs.digest import digest_arrays
from wijksim.runs.manifest import NOTICE, manifest

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
        Short name, letters, digits and hyphens.
    title
        What it shows.
    columns
        Headings, all different.
    rows
        Values, as many as there are headings.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

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
        "notice": NOTICE,
        "command": page.command,
        "null": page.names[0],
        "variants": list(page.variants),
        "pairs": len(page.comparison.seeds),
        "months": page.comparison.months,
        "district": page.comparison.districts[page.weakest],
        "tables": [sheet.as_dict() for sheet in sheets(page)],
    }


def _sheet(key: str, title: str, columns: str, rows: Rows) -> Sheet:
    """Make a table; ``columns`` are parted by bars."""
    return Sheet(key, title, tuple(columns.split("|")), tuple(tuple(row) for row in rows))


def _bounds(one: Estimate) -> tuple[float, float, float]:
    return one.mean, one.low, one.high


def _core(page: Page) -> Sheet:
    def rows() -> Iterator[Sequence[Value]]:
        for district, blocks in page.district_blocks.items():
            for block in blocks:
                for line in block.lines:
                    for v, cell in enumerate(line.cells):
                        yield (
                            texts.district_name(district), texts.label(block.measure), block.measure.name,
                            texts.difference_unit(block.measure), line.year, line.null, page.variants[v],
                            cell.difference, cell.low, cell.high, cell.share_better, cell.pairs, cell.verdict.word,
                            page.sections.grades[v],
                        )  # fmt: skip

    return _sheet(
        "kern", "De kern: verschil met het nulalternatief",
        "Wijk|Maat|Naam|Eenheid|Jaar|Nulalternatief|Variant|Verschil|Laag|Hoog|Aandeel beter|Paren|Oordeel|Graad",
        rows(),
    )  # fmt: skip


def _course(page: Page) -> Sheet:
    rows = (
        (texts.label(figure.course.measure), figure.course.measure.name, name, int(year),
         float(figure.course.mean[s, year - 1]), float(figure.course.low[s, year - 1]),
         float(figure.course.high[s, year - 1]))
        for figure in page.figures
        for s, name in enumerate(page.names)
        for year in figure.course.years
    )  # fmt: skip
    return _sheet(
        "verloop", f"Verloop in {page.where}",
        "Maat|Naam|Scenario|Jaar|Gemiddelde|10e percentiel|90e percentiel", rows,
    )  # fmt: skip


def _groups(page: Page) -> Sheet:
    def rows() -> Iterator[Sequence[Value]]:
        for name, table in zip(page.variants, page.sections.groups, strict=True):
            for line in table.lines if table else ():
                for one in line.cells:
                    if one is not None:
                        cell = one.cell
                        yield (
                            name, texts.group_name(line.group), texts.group_label(line.group, line.label),
                            one.effect.rows, texts.label(one.effect.measure), one.effect.measure.name,
                            one.effect.null, cell.difference, cell.low, cell.high, cell.pairs, cell.verdict.word,
                        )  # fmt: skip

    return _sheet(
        "groepen", f"Wie wint en wie verliest in {page.where}",
        "Variant|Indeling|Groep|Aantal|Maat|Naam|Nulalternatief|Verschil|Laag|Hoog|Paren|Oordeel", rows(),
    )  # fmt: skip


def _waterbed(page: Page) -> Sheet:
    def rows() -> Iterator[Sequence[Value]]:
        for name, mine in zip(page.variants, page.sections.waterbed, strict=True):
            for split in mine:
                for p, place in enumerate(split.places):
                    start = (name, texts.state_name(split.state), split.year, place_name(place))
                    parts = (float(value) for value in split.mean(place))
                    yield (*start, float(split.null[p]), *split.interval(place), *parts)

    parts = "|".join(texts.part_name(part) for part in PARTS)
    return _sheet(
        "waterbed", "Waterbed: verschil in personen en waar het door komt",
        f"Variant|Toestand|Jaar|Plek|Nulalternatief|Verschil|Laag|Hoog|{parts}", rows(),
    )  # fmt: skip


def _payers(page: Page) -> Sheet:
    rows = (
        (name, "alle partijen" if cost.party == ALL_PARTIES else texts.party_name(cost.party), cost.level,
         *_bounds(cost.yearly), *_bounds(cost.total), *_bounds(cost.present),
         None if cost.transfers is None else cost.transfers.mean)
        for name, costs in zip(page.variants, page.costs, strict=bool(page.costs))
        for cost in costs
        if cost.booked
    )  # fmt: skip
    heads = [
        f"{what}{end}"
        for what in ("Per inwoner per jaar", "Hele periode", "Contante waarde")
        for end in ("", ", laag", ", hoog")
    ]
    return _sheet(
        "kosten", "Kosten per betaler: verschil met het nulalternatief (euro per inwoner per jaar; miljoen euro)",
        f"Variant|Partij|Nulalternatief, per inwoner per jaar|{'|'.join(heads)}|Waarvan overdrachten", rows,
    )  # fmt: skip


def _matrix(key: str, title: str, of: Callable[[Page], tuple[Matrix | None, ...]]) -> Callable[[Page], Sheet]:
    def make(page: Page) -> Sheet:
        found = zip(page.variants, of(page), strict=True)
        rows = (row for name, one in found if one is not None for row in _matrix_rows(name, one))
        parties = "|".join(texts.sentence(texts.party_name(party)) for party in PARTIES)
        return _sheet(key, title, f"Variant|Deel|Effect|{parties}|Alle partijen|Laag|Hoog|Graad", rows)

    return make


def _matrix_rows(name: str, one: Matrix) -> Iterator[Sequence[Value]]:
    def line(part: str, row: Row, label: str) -> Sequence[Value]:
        return (name, part, label, *(cell.mean for cell in row.cells), *_bounds(row.total), row.grade)

    for part, rows, whole in (
        ("kosten voor de samenleving", one.resources, one.used),
        ("overdrachten", one.transfers, one.moved),
    ):
        for row in rows:
            yield line(part, row, texts.kind_name(row.kind))
        yield line(part, whole, "samen")
    yield line("alles zonder omstreden posten", one.spent, "samen")
    for post in one.contested:
        for word, values in (("laagste prijs", post.low), ("hoogste prijs", post.high)):
            yield (
                name, "omstreden", f"{post.item.label_nl}, {word}", *values, sum(values), None, None, "",
            )  # fmt: skip


def _carried(page: Page) -> Sheet:
    def rows() -> Iterator[Sequence[Value]]:
        for name, one in zip(page.variants, page.sections.carried, strict=True):
            yield from _taken(name, "terugkoppeling", one.loops)
            yield from _taken(name, "maatregel", one.levers)

    return _sheet(
        "mechanisme", f"Wat draagt het effect in {page.where}",
        "Variant|Soort|Maat|Naam|Jaar|Onderdeel|Verschil|Laag|Hoog", rows(),
    )  # fmt: skip


def _taken(name: str, kind: str, found: Iterable[Taken]) -> Iterator[Sequence[Value]]:
    for one in found:
        for part in one.parts:
            yield (
                name, kind, texts.label(one.measure), one.measure.name, one.year, part.name, *_bounds(part.estimate),
            )  # fmt: skip


def _leanings(page: Page) -> Sheet:
    rows = (
        (name, line.label, line.leaning.measure, line.leaning.year, line.leaning.rows,
         line.weak if line.said else None, line.leaning.unseen, line.leaning.explained)
        for name, lines in zip(page.variants, page.sections.leanings, strict=True)
        for line in lines
    )  # fmt: skip
    return _sheet(
        "leunt", f"Waarop de uitkomst leunt in {page.where}",
        "Variant|Maat|Naam|Jaar|Rijen|Aandeel graad C en D|R2 voor nieuwe rijen|R2 in de rijen zelf", rows,
    )  # fmt: skip


def _signposts(page: Page) -> Sheet:
    rows = (
        (name, texts.label(post.measure), post.measure.name, post.year, post.null, post.variant, post.bound,
         "boven" if post.above else "onder")
        for name, posts in zip(page.variants, page.sections.signposts, strict=True)
        for post in posts
    )  # fmt: skip
    return _sheet(
        "volgen", f"Volgen en bijsturen in {page.where}: verandering sinds jaar 1",
        "Variant|Maat|Naam|Jaar|Zonder variant|Met variant|Grens|Bijsturen boven of onder de grens", rows,
    )  # fmt: skip


def _lives(page: Page) -> Sheet:
    rows = (
        (name, story.heading, story.pick.uid, story.pick.gain, " ".join(story.sentences))
        for name, mine in zip(page.variants, page.sections.stories, strict=bool(page.sections.stories))
        for story in mine
    )
    return _sheet(
        "levens", "Eén bewoner, twee levens", "Variant|Regel|Bewoner|Minder stress (0 tot 1)|Verhaal", rows
    )


def _districts(page: Page) -> Sheet:
    rows = ((one.name, one.model, one.residents) for one in background.districts(page.comparison))
    return _sheet("wijken", "De wijken in het model, bij het begin", "Wijk|Gemaakt naar|Inwoners", rows)


def _grades(page: Page) -> Sheet:
    rows = ((one.grade, one.meaning, one.count, one.share) for one in background.grades(page.parameters))
    return _sheet("graden", "Getallen van het model naar bewijs", "Graad|Betekenis|Aantal|Aandeel", rows)


def _pm(page: Page) -> Sheet:
    return _sheet("pm", "Wat geen prijs heeft (pro memorie)", "Post|Reden", background.pm_items())


def _facts(page: Page) -> Sheet:
    known = page.sections.doubts
    rows = [(one.id, one.text, one.simulated, one.band) for one in known.facts]
    rows += [("beleid", f"{one.gate}: {one.claim}", one.verdict, "") for one in known.gates]
    return _sheet("kanttekeningen", "Wat het model niet laat zien", "Rij|Feit|In het model|Band", rows)


def _account(page: Page) -> Sheet:
    comparison = page.comparison
    made = manifest(comparison.null, comparison.seeds[0], comparison.months)
    digest = digest_arrays({"numerator": comparison.numerator, "denominator": comparison.denominator})
    rows: list[tuple[Value, ...]] = [
        ("Let op", NOTICE),
        ("Opdracht", page.command),
        ("Versie", str(made["wijksim"])),
        ("Python", str(made["python"])),
        *((name, str(version)) for name, version in made["packages"].items()),
        ("Paren", len(comparison.seeds)),
        ("Startgetallen", f"{comparison.seeds[0]} tot en met {comparison.seeds[-1]}"),
        ("Maanden", comparison.months),
        ("Inwoners bij het begin", int(made["size"])),
        ("Controlegetal uitkomsten", digest),
        *((f"Controlegetal {one.id}", one.digest) for one in comparison.scenarios),
    ]
    return _sheet("verantwoording", "Verantwoording", "Wat|Waarde", rows)


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
                yield Sheet(f"beeld-{table.key}", str(table.caption), _apart((*stubs, *table.heads)), rows)


def _apart(names: Sequence[str]) -> tuple[str, ...]:
    """Headings that differ: the second of a name gets its number."""
    return tuple(
        str(name) if names[:place].count(name) == 0 else f"{name} ({names[: place + 1].count(name)})"
        for place, name in enumerate(names)
    )


_MAKERS: tuple[Callable[[Page], Sheet], ...] = (
    _core, _course, _districts, _leanings, _groups, _waterbed, _payers,
    _matrix("effecten", "Effecten en partijen, miljoen euro, contante waarde", lambda page: page.sections.matrices),
    _matrix("effecten-gewoon", "Effecten en partijen, miljoen euro, niet omgerekend", lambda page: page.sections.plain),
    _pm, _carried, _lives, _facts, _grades, _signposts, _account,
)  # fmt: skip
