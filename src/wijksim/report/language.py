"""The languages of the memo: what each is called, how it writes numbers, and its catalogue of messages.

The memo is written in Dutch: the Dutch text stands in the code and in the templates, and is the key of the catalogue.
So Dutch needs no catalogue, and a message that a catalogue does not know stays Dutch.
"""

from __future__ import annotations

import io
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Literal, get_args

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

type Language = Literal["nl", "en"]

LANGUAGES: tuple[Language, ...] = get_args(Language.__value__)
"""All languages, the one in which the memo is written first."""

FOLDER = Path(__file__).parent / "locale"

_FORMATS: dict[Language, str] = {
    "nl": "nl_NL",
    "en": "en_GB",
}  # English of Europe: "neighbours, debts and work"


@cache
def formats(language: Language) -> Locale:
    """How a language writes numbers and lists."""
    return Locale.parse(_FORMATS[language])


def catalogue_file(language: Language) -> Path:
    """The messages of a language other than Dutch."""
    return FOLDER / language / "LC_MESSAGES" / "memo.po"


def read_catalogue(language: Language) -> Catalog:
    """Read the messages of a language other than Dutch, as they were written."""
    with catalogue_file(language).open("rb") as stream:
        return read_po(stream, locale=language)


@cache
def messages(language: Language) -> NullTranslations:
    """Translations of the messages; compiled in memory, so that there is one file to keep and no older copy of it."""
    if language == LANGUAGES[0]:
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return Translations(compiled, domain="memo")
