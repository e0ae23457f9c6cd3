"""The memo is in Dutch to the last word: what a reader sees is held against the English words of the model."""

from __future__ import annotations

import dataclasses
import re
from functools import lru_cache
from typing import Any

import pytest
from tests.unit.memo_beside import beside
from tests.unit.memo_run import small, small_twins
from tests.unit.memo_seen import Visible, leaves, words_of
from tests.unit.report_example import example

import wijksim.measures  # noqa: F401  (registers the measures)
from wijksim.analysis.intervals import VERDICTS
from wijksim.analysis.precision import Precision, reached
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.measure import MEASURES
from wijksim.model.known import known
from wijksim.report import texts
from wijksim.report.memo import Page, render_memo
from wijksim.report.sections import Beside
from wijksim.report.sheets import sheets
from wijksim.report.words import DUTCH
from wijksim.scenario.load import load_scenarios, shipped_scenarios

COMMAND = "wijksim memo"
NAMES = ("problem_debt", "crises", "moves_out")
NUMBERS = ("wellbeing.trust_promise", "mobility.memory_half_life")
AT_ONCE = 12  # scenarios on one page
ALSO_DUTCH = {
    "band": "the band around a line",
    "map": "a folder",
    "post": "an item of costs",
}
"""Words of the English texts that stand in the templates as Dutch words."""


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """Words of the English texts of the model that no Dutch text of the model has."""
    locale = texts.locale()
    english = [*locale["prose"], *locale["units"], *(key.replace("_", " ") for key in VERDICTS)]
    dutch = [*leaves(locale), *VERDICTS.values()]
    for _, kind in MEASURES.items():
        english.append(kind.label)
        dutch.append(kind.label_nl)
    for name, lever in LEVERS.items():
        english += [name, lever.title, lever.explain]
        dutch += [lever.title_nl, lever.explain_nl]
    for one in load_scenarios(list(shipped_scenarios()), known=known()):
        english += [one.title, one.question or "", *one.source, *one.assumed, *one.would_change_our_mind]
    return frozenset(
        set().union(*map(words_of, english)) - set().union(*map(words_of, dutch)) - set(ALSO_DUTCH)
    )


@pytest.fixture(scope="module")
def told() -> str:
    comparison = example(
        pairs=6, months=48, scenarios=("baseline", "basic-jobs", "staffing-cut"), names=NAMES, closely=True
    )
    return render_memo(
        comparison, command=COMMAND, reached=reached(comparison, Precision(relative=0.1), NAMES),
        beside=beside(comparison, NUMBERS),
    )  # fmt: skip


def test_the_list_knows_english() -> None:
    assert len(_english()) > 800
    assert {"the", "with", "households", "liveability", "surely", "crisis"} - _english() <= {"crisis"}
    assert not _english() & {"de", "het", "een", "huishoudens", "wijk", "nulalternatief", "zeker"}


def test_no_english_is_left(told: str) -> None:
    page = Visible(told)
    assert len(page.words) > 500
    assert page.words & _english() == set()
    assert not [key for key in VERDICTS if "_" in key and key in " ".join(page.texts)]


def test_no_english_is_left_in_the_tables_for_other_programs() -> None:
    comparison = example(pairs=6, months=48, scenarios=("baseline", "basic-jobs"), names=NAMES, closely=True)
    names = {
        *MEASURES.names(),
        *LEVERS.names(),
        *(one.id for one in comparison.scenarios),
        *comparison.districts,
    }
    shown = [
        value
        for sheet in sheets(Page(comparison, COMMAND))
        for value in (sheet.title, *sheet.columns, *(value for row in sheet.rows for value in row))
        if isinstance(value, str) and value not in names  # by which programs join tables
    ]
    assert len(shown) > 500
    files = re.compile("|".join(one.id for one in comparison.scenarios))
    assert [text for text in shown if words_of(files.sub("", text)) & _english()] == []


def test_every_shipped_scenario_is_told_in_dutch() -> None:
    names = [name for name in shipped_scenarios() if name != "baseline"]
    plain = example(
        pairs=2, months=12, scenarios=("baseline", "basic-jobs"), names=("problem_debt",), costs=False
    )
    shown = 0
    for start in range(0, len(names), AT_ONCE):
        specs = load_scenarios(["baseline", *names[start : start + AT_ONCE]], known=known())
        page = Visible(render_memo(_of(plain, specs), command=COMMAND))
        assert page.words & _english() == set(), names[start : start + AT_ONCE]
        shown += sum(DUTCH.title(one) in " ".join(page.texts) for one in specs[1:])
    assert shown == len(names)


def _of(plain: Any, specs: tuple[Any, ...]) -> Any:
    """The comparison with every variant of ``specs`` in the place of its one variant."""
    places = [0, *(1 for _ in specs[1:])]
    futures = [
        dataclasses.replace(
            one, numerator=one.numerator[places], denominator=one.denominator[places],
            groups=tuple(one.groups[p] for p in places), facts=tuple(one.facts[p] for p in places),
        )
        for one in plain.futures
    ]  # fmt: skip
    return dataclasses.replace(
        plain, scenarios=specs, numerator=plain.numerator[:, places], denominator=plain.denominator[:, places],
        futures=futures,
    )  # fmt: skip


@pytest.mark.slow
def test_no_english_is_left_in_the_whole_memo() -> None:
    told = Beside(beside(small(), NUMBERS).stored, small_twins())
    page = Visible(render_memo(small(), command=COMMAND, beside=told))
    assert page.words & _english() == set()


def test_nothing_but_code_is_said_to_be_english(told: str) -> None:
    assert [text for text in Visible(told).foreign if text.strip()] == []


@pytest.mark.parametrize("place", ["label", "verdict", "scenario", "heard", "phone"])
def test_a_text_that_was_forgotten_is_seen(told: str, place: str) -> None:
    kind = MEASURES.get("problem_debt")
    scenario = load_scenarios(["staffing-cut"], known=known())[0]
    old, new = {
        "label": (kind.label_nl, kind.label),
        "verdict": (VERDICTS["likely_better"], "likely better"),
        "scenario": (DUTCH.title(scenario), scenario.title),
        "heard": ('<nav aria-label="Onderdelen"', '<nav aria-label="Parts of the page"'),
        "phone": ('data-label="Nulalternatief"', 'data-label="Null alternative"'),
    }[place]
    assert old in told
    assert Visible(told.replace(old, new)).words & _english()
