"""Words that not every reader knows are explained, in both languages; so are the numbers on which a result leans."""

from __future__ import annotations

import re

import pytest
from tests.unit.memo_beside import beside
from tests.unit.memo_run import small, small_twins
from tests.unit.memo_seen import words_of
from tests.unit.report_example import example
from tests.unit.test_memo_dutch import _english

from wijksim.analysis.precision import Precision, reached
from wijksim.kernel.ledger import PARTIES
from wijksim.report import terms as listed
from wijksim.report.background import parameters
from wijksim.report.certainty import number_name
from wijksim.report.language import LANGUAGES, Language
from wijksim.report.memo import render_memo
from wijksim.report.sections import Beside
from wijksim.report.terms import known_terms, seen, terms_on
from wijksim.report.words import DUTCH, Words

NAMES = ("problem_debt", "crises", "moves_out")
NUMBERS = ("wellbeing.trust_promise", "build.assistance_fifth_fifth_1")
SECTION = re.compile(r'<section aria-labelledby="begrippen">.*?</section>', re.DOTALL)
TERM = re.compile(r'id="begrip-(\w+)"><dt>(.*?)</dt><dd>(.*?)</dd>')
ALWAYS = {
    "interval", "pair", "pm", "present_value", "waterbed", "assistance", "grade", "null_alternative", "transfer",
    "percentage_point", "feedback", "seed", "leefbaarometer", "corporation",
    *(f"party_{party}" for party in PARTIES if party != "corporation"),
}  # fmt: skip
"""Terms that stand on every memo with costs."""


@pytest.fixture(scope="module")
def told() -> dict[Language, str]:
    comparison = example(
        pairs=6, months=48, scenarios=("baseline", "basic-jobs", "staffing-cut"), names=NAMES, closely=True
    )
    done, found = reached(comparison, Precision(relative=0.1), NAMES), beside(comparison, NUMBERS)
    return {
        lang: render_memo(comparison, command="wijksim memo", reached=done, beside=found, lang=lang)
        for lang in LANGUAGES
    }


def _explained(page: str) -> list[str]:
    (section,) = SECTION.findall(page)
    return [key for key, *_ in TERM.findall(section)]


def _check(page: str, words: Words) -> None:
    explained = _explained(page)
    rest = seen(SECTION.sub("", page))
    for term in known_terms(words):
        if term.stands_in(rest):
            assert term.key in explained, term.name
    every = {term.key: term for term in known_terms(words)}
    for key in explained:
        others = " ".join(
            f"{one.name}: {one.text}" for one in every.values() if one.key in explained and one.key != key
        )
        assert every[key].stands_in(f"{rest} {others}"), key
    assert '<a href="#begrippen">' in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_term_on_the_page_is_explained_and_no_other(told: dict[Language, str], lang: Language) -> None:
    _check(told[lang], Words(lang))
    assert set(_explained(told[lang])) >= ALWAYS
    assert "terms -->" not in told[lang]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_term_of_the_whole_memo_is_explained(lang: Language) -> None:
    found = Beside(beside(small(), NUMBERS).stored, small_twins())
    _check(render_memo(small(), command="wijksim memo", beside=found, lang=lang), Words(lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_terms_stand_in_the_order_of_the_alphabet_and_are_sentences(lang: Language) -> None:
    known = known_terms(Words(lang))
    assert [term.name.lower() for term in known] == sorted(term.name.lower() for term in known)
    assert len({term.name for term in known}) == len(known) > 50
    for term in known:
        assert term.forms
        assert term.text[0].isupper()
        assert term.text.endswith(".")
        assert len(term.text) < 200


@pytest.mark.parametrize(
    ("form", "text", "stands"),
    [
        ("paar", "een paar toekomsten", True),
        ("paar", "Paar", True),
        ("paar", "paarden", False),
        ("PM", "pm", False),
        ("R²", "de R² zegt", True),
        ("EFF-*", "(EFF-12 tot EFF-14)", True),
        ("95%-interval", "het 95%-interval is", True),
        ("index", "modelindex", False),
        ("Wmo", "Wmo-cliënten", True),
    ],
)
def test_a_word_is_found_as_a_word(form: str, text: str, stands: bool) -> None:
    assert listed.Term("key", "Naam", "Uitleg.", (form,)).stands_in(text) is stands


def test_what_an_explanation_needs_is_explained_too() -> None:
    page = "<p>Het gaat om de <b>VvE</b>.</p><style>fte { }</style>"
    assert [term.key for term in terms_on(page)] == ["vve"]
    assert {term.key for term in terms_on("<p>caseload</p>")} >= {"caseload", "trajectory"}


def test_every_number_of_the_model_has_a_dutch_name() -> None:
    known = parameters()
    names = {name: number_name(name, known, DUTCH) for name in known}
    assert [name for name, (told, _) in names.items() if words_of(told) & _english()] == []
    assert len({told + code for told, code in names.values()}) == len(known)
    assert all(told.strip() for told, _ in names.values())
    own = DUTCH.words("parameters")["names"]
    assert not set(own) - set(known)
    assert len(set(own.values())) == len(own) > 150
    assert sum(not code for _, code in names.values()) > 500


def test_every_number_of_the_model_has_an_english_name() -> None:
    known = parameters()
    for name, one in known.items():
        assert number_name(name, known, Words("en")) == (one.label, "")
    assert number_name("basic-job.places", known, Words("en")) == ("a setting", "basic-job.places")
    assert number_name("basic-job.places", known, DUTCH) == ("een instelling", "basic-job.places")


def test_the_page_names_the_numbers(told: dict[Language, str]) -> None:
    assert "Vertrouwen na een gebroken belofte</span> (graad D, 60 %)" in told["nl"]
    assert "een getal over de bevolking en de woningen bij het begin</span> <code" in told["nl"]
    assert "Trust after a broken promise" in told["en"]
