"""The memo on paper: the numbers of the page, a structure that a screen reader can follow, and nothing cut off."""

from __future__ import annotations

import logging
import os
import re
import socket
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject
from tests.unit.report_example import example
from tests.unit.report_page import Reader

from wijksim.core.errors import InputError
from wijksim.report import paper
from wijksim.report.memo import render_memo
from wijksim.report.paper import on_paper, pdf_bytes, printer, write_pdf
from wijksim.report.whole import write_whole
from wijksim.report.words import Words
from wijksim.runs.manifest import NOTICE

NAMES = ("problem_debt", "crises", "moves_out")
SIDE = 1  # pixel
LITTLE = (
    '<!DOCTYPE html><html lang="nl"><head><title>Klein</title></head><body><h1>Klein</h1>'
    "<details><summary>Meer</summary><p>uitgeklapt ▲ ≈</p></details>"
    '<p><img alt="ver weg" src="http://127.0.0.1:9/picture.png"></p></body></html>'
)


def _why_not() -> str:
    try:
        printer()
    except InputError as error:
        return str(error)
    return ""


WHY_NOT = _why_not()
prints = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "there is a printer")


@pytest.fixture(scope="module", autouse=True)
def quiet() -> None:
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # as the command does


@pytest.fixture(scope="module")
def page() -> str:
    scenarios = ("baseline", "basic-jobs", "staffing-cut")
    return render_memo(example(pairs=6, months=48, scenarios=scenarios, names=NAMES), command="wijksim memo")


@pytest.fixture(scope="module")
def pdf(page: str) -> PdfReader:
    return PdfReader(BytesIO(pdf_bytes(page)))


@pytest.fixture(scope="module")
def texts(pdf: PdfReader) -> list[str]:
    return [" ".join(one.extract_text().split()) for one in pdf.pages]


# ---------------------------------------------------------------- what is told


@pytest.mark.slow
@prints
def test_every_number_of_the_core_tables_is_on_paper(page: str, texts: list[str]) -> None:
    whole, found = " ".join(texts), 0
    for table in Reader(page).tables:
        if "core" not in (table.attributes.get("class") or "").split():
            continue
        found += 1
        place = whole.index(table.caption.strip())
        for attributes, cells in table.rows:
            if "data-measure" not in attributes:
                continue
            null, *effects = [cell.shown for cell in cells if cell.tag == "td"]
            assert len(effects) == 2
            # in the order of reading: level, then per variant the difference and its interval
            first = f"{null[0]} {effects[0][0]} ({effects[0][1]} tot {effects[0][2]})"
            second = f"{effects[1][0]} ({effects[1][1]} tot {effects[1][2]})"
            for shown in (first, second):
                place = whole.index(shown, place)
    assert found == 4


@pytest.mark.slow
@prints
def test_what_folds_on_the_screen_is_open_on_paper(page: str, texts: list[str]) -> None:
    whole = " ".join(texts)
    data = [
        t for t in Reader(page).tables if t.attributes.get("class") == "data" and "per jaar:" in t.caption
    ]
    assert len(data) == len(NAMES)
    for table in data:
        place = whole.index(" ".join(table.caption.split()))
        for _, cells in table.rows[1:]:
            for cell in cells:
                place = whole.index(" ".join(cell.text.split()), place)


@pytest.mark.slow
@prints
def test_every_page_has_its_number_the_notice_and_the_running_title(pdf: PdfReader, texts: list[str]) -> None:
    for number, text in enumerate(texts, start=1):
        assert f"bladzijde {number} van {len(pdf.pages)}" in text
        assert f"Let op: {NOTICE}." in text
        assert "Variantenmemo" in text
    assert any("Variantenmemo De kern in een tabel" in text for text in texts)
    assert any("Variantenmemo Verantwoording" in text for text in texts)


@pytest.mark.slow
@prints
def test_the_contents_tell_the_page_of_every_part(texts: list[str]) -> None:
    parts = re.findall(r"(\w[\w ]*?) \.{5,} (\d+)", texts[0].split("Inhoud", 1)[1])
    assert len(parts) >= 12
    for name, number in parts:
        assert name in texts[int(number) - 1]


# ---------------------------------------------------------------- how it is built


@pytest.mark.slow
@prints
def test_title_language_and_conformance(pdf: PdfReader) -> None:
    root = pdf.root_object
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert pdf.metadata is not None
    assert (pdf.metadata.title or "").startswith("Variantenmemo over “Basisbanen")
    xmp = root["/Metadata"].get_object().get_data().decode()  # type: ignore[union-attr,attr-defined]
    assert 'pdfuaid:part="1"' in xmp
    assert "Variantenmemo" in [str(one["/Title"]) for one in pdf.outline if isinstance(one, dict)]
    for one in pdf.pages:
        if "/Annots" in one:
            assert one["/Tabs"] == "/S"


@pytest.mark.slow
@prints
def test_tags_name_headings_tables_and_pictures(page: str, pdf: PdfReader) -> None:
    elements = list(_tags(pdf.root_object["/StructTreeRoot"].get_object()))
    kinds = [str(element["/S"]) for element in elements]
    reader = Reader(page)
    assert kinds[0] == "/Document"
    headings = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H[1-6]", kind)]
    assert headings == [level for level, _ in reader.headings]
    assert kinds.count("/Table") >= len(reader.tables)  # a table on two pages is two
    cells = [element for element in elements if element["/S"] == "/TD"]
    assert cells
    assert all(element["/A"]["/Headers"] for element in cells)
    pictures = [str(element.get("/Alt", "")) for element in elements if element["/S"] == "/Figure"]
    titles = re.findall(r"<svg [^>]*><title [^>]*>(.*?)</title>", page)
    assert len(titles) > 10
    assert sorted(pictures) == sorted(title.replace("&quot;", '"') for title in titles)


def _tags(element: Any) -> list[DictionaryObject]:
    """All elements below the root of the structure, in the order of reading."""
    found: list[DictionaryObject] = []
    kids = element.get("/K", ArrayObject())
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        one = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(one, DictionaryObject) and "/S" in one:
            found += [one, *_tags(one)]
    return found


@pytest.mark.slow
@prints
@pytest.mark.parametrize(
    "variants", [("basic-jobs",), ("basic-jobs", "staffing-cut", "allocation-mixing") * 2]
)
def test_no_table_is_cut(variants: tuple[str, ...]) -> None:
    weasyprint = printer()
    from weasyprint.formatting_structure import boxes

    comparison = example(
        pairs=3, months=36, scenarios=("baseline", *variants), names=NAMES, costs=False, closely=True
    )
    document = weasyprint.HTML(string=on_paper(render_memo(comparison, command="x"))).render()
    pages_of_row: dict[int, set[int]] = {}
    tables = 0
    for number, one in enumerate(document.pages):
        sheet = one._page_box
        right = sheet.content_box_x() + sheet.width + SIDE
        for box in sheet.descendants():
            if isinstance(box, boxes.TableBox):
                tables += 1
                assert box.position_x + box.width <= right, f"table on page {number + 1} is too wide"
            elif isinstance(box, boxes.TableRowGroupBox) and not box.is_header:
                for row in box.children:
                    pages_of_row.setdefault(id(row.element), set()).add(number)
    assert tables > 10
    assert [pages for pages in pages_of_row.values() if len(pages) > 1] == []


# ---------------------------------------------------------------- the same bytes, whole, without a network


@pytest.mark.slow
@prints
def test_english_paper_is_english() -> None:
    pdf = PdfReader(BytesIO(pdf_bytes(LITTLE.replace('lang="nl"', 'lang="en"'), Words("en"))))
    assert pdf.root_object["/Lang"] == "en"
    assert f"page 1 of {len(pdf.pages)}" in " ".join(pdf.pages[0].extract_text().split())


@pytest.mark.slow
def test_the_same_page_gives_the_same_bytes(page: str, tmp_path: Path) -> None:
    first, again = tmp_path / "first.pdf", tmp_path / "again.pdf"
    write_pdf(LITTLE, first)
    code = (
        "from pathlib import Path; from wijksim.report.paper import write_pdf; "
        f"write_pdf({LITTLE!r}, Path({str(again)!r}))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=120)
        assert again.read_bytes() == first.read_bytes()
    assert b"/CreationDate" not in first.read_bytes()
    assert pdf_bytes(page.replace("Samenvatting", "Samengevat")) != pdf_bytes(page)


@prints
def test_nothing_is_asked_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: asked.append(address))
    text = PdfReader(BytesIO(pdf_bytes(LITTLE))).pages[0].extract_text()
    assert "uitgeklapt ▲ ≈" in text
    assert asked == []


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "memo.pdf"
    write_whole(path, b"old")

    def broken(self: Path, target: Path) -> Path:
        raise OSError("no room")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="no room"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    monkeypatch.undo()
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_page_that_cannot_be_laid_out_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "memo.pdf"
    path.write_bytes(b"old")

    def broken(page: str, words: Words) -> bytes:
        raise RuntimeError(page, words)

    monkeypatch.setattr(paper, "pdf_bytes", broken)
    with pytest.raises(RuntimeError):
        write_pdf(LITTLE, path)
    assert path.read_bytes() == b"old"


# ---------------------------------------------------------------- what is missing


def test_without_the_package_the_message_is_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(InputError, match=r"-m pip install 'weasyprint>=") as caught:
        pdf_bytes(LITTLE)
    assert sys.executable in str(caught.value)


def test_without_the_library_the_message_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = (
        'print("told where results belong")\nraise OSError("cannot load library \'libpango\'\\nand more")\n'
    )
    (tmp_path / "weasyprint.py").write_text(fake, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    with pytest.raises(InputError, match=r"apt-get install libpango-1\.0-0") as caught:
        printer()
    assert "cannot load library 'libpango'" in str(caught.value)
    assert "and more" not in str(caught.value)
    assert capsys.readouterr().out == ""
