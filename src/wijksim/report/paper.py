"""The memo on paper: its page as a tagged PDF, with everything opened that the page can fold.

WeasyPrint lays it out. It is an extra (``wijksim[pdf]``) because it leans on Pango, a library of the system that pip
cannot install; so it is imported here alone, when somebody asks for a PDF.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from hashlib import md5
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from wijksim.core.errors import InputError, Problem
from wijksim.report.whole import write_whole
from wijksim.report.words import DUTCH, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

STYLE = Path(__file__).parent / "templates" / "paper.css"
VARIANT = "pdf/ua-1"
NEEDED = "weasyprint>=68"
_MOMENT = "SOURCE_DATE_EPOCH"  # when something was made, for who is asked to write it the same again
_FACES = (("DejaVuSans", "normal", "normal"), ("DejaVuSans-Bold", "bold", "normal"),
          ("DejaVuSans-Oblique", "normal", "italic"))  # fmt: skip


def write_pdf(page: str, path: Path, words: Words = DUTCH) -> None:
    """Write the PDF of a page; the file appears whole or not at all.

    Parameters
    ----------
    page
        HTML of the memo, as :func:`wijksim.report.memo.render_page` returns it.
    path
        Where the PDF goes.
    words
        Language of what paper adds to the page; Dutch if omitted.

    Raises
    ------
    InputError
        If WeasyPrint, or Pango below it, is not installed.
    """
    write_whole(path, pdf_bytes(page, words))


def pdf_bytes(page: str, words: Words = DUTCH) -> bytes:
    """The PDF of a page: the same bytes for the same page, with the same WeasyPrint, Pango and letters.

    Nothing in it tells when or where it was made: no date is written, and the identifier that a PDF carries is made
    from the page instead of by chance.

    Raises
    ------
    InputError
        If WeasyPrint, or Pango below it, is not installed.
    """
    weasyprint = printer()
    from weasyprint.urls import URLFetcher

    document = weasyprint.HTML(
        string=on_paper(page, words),
        url_fetcher=URLFetcher(allowed_protocols=("file",)),  # letters: paper needs no network either
    )
    with _without_a_clock():
        content: bytes = document.write_pdf(
            pdf_variant=VARIANT, pdf_identifier=md5(page.encode(), usedforsecurity=False).digest()
        )
    return content


@contextlib.contextmanager
def _without_a_clock() -> Iterator[None]:
    """Keep the moment out of letters: where HarfBuzz cannot cut them down, fontTools does and writes when."""
    before = os.environ.get(_MOMENT)
    os.environ[_MOMENT] = "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_MOMENT]
        else:
            os.environ[_MOMENT] = before


def printer() -> Any:
    """WeasyPrint, if it can work here.

    Raises
    ------
    InputError
        If it cannot; the message says which command mends that.
    """
    try:
        # it tells about missing libraries on standard output, where results belong
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="ignore"):
            import weasyprint
    except ModuleNotFoundError:
        mend = f"{sys.executable} -m pip install '{NEEDED}'"
        raise _missing(f"a PDF needs the package weasyprint (extra 'pdf'); install it with: {mend}") from None
    except OSError as error:  # the package is there, a shared library is not
        raise _missing(
            "a PDF needs the library Pango, which is not on this computer; install it with: apt-get install "
            "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 (Debian, Ubuntu), dnf install pango (Fedora) "
            f"or brew install pango (macOS); {str(error).splitlines()[0]}"
        ) from None
    return weasyprint


def _missing(message: str) -> InputError:
    return InputError([Problem("command line", 1, 1, message)])


def on_paper(page: str, words: Words = DUTCH) -> str:
    """The page with the style of paper behind its own style."""
    own = Template(STYLE.read_text(encoding="utf-8")).substitute(
        page=words._("bladzijde"), of=words._("van"), contents=words._("Inhoud")
    )
    style = "\n".join((*_letters(), own))
    head, rest = page.split("</head>", 1)
    return f"{head}<style>\n{style}</style>\n</head>{rest}"


def _letters() -> Iterator[str]:
    """Letters that come with matplotlib, for a computer without any (a server often has none)."""
    import matplotlib as mpl

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name, weight, slope in _FACES:
        source = (folder / f"{name}.ttf").as_uri()
        yield (
            f'@font-face {{ font-family: "Memo Sans"; src: url("{source}"); '
            f"font-weight: {weight}; font-style: {slope}; }}"
        )
