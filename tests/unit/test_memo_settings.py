"""Settings of variants as readers see them: in their language, and no more than what differs from the lever itself."""

from __future__ import annotations

import pytest
from tests.unit.memo_run import small

from wijksim.model.known import load_scenarios
from wijksim.report import texts
from wijksim.report.memo import render_memo
from wijksim.report.settings import Setting, setting
from wijksim.report.words import DUTCH, Words
from wijksim.scenario.load import shipped_scenarios


def _told(name: str, words: Words) -> tuple[Setting, ...]:
    (spec,) = load_scenarios([name])
    return tuple(setting(use, spec, words) for use in spec.levers)


def _text(one: Setting) -> str:
    return "; ".join([f"{one.title}: {one.when}", *(f"{part.name} {part.value}" for part in one.parts)])


def test_dutch_names_decimals_and_nothing_at_its_default() -> None:
    found = {
        name: [_text(one) for one in _told(name, DUTCH)]
        for name in ("allocation-mixing", "basic-jobs", "staffing-cut")
    }
    assert found == {
        "allocation-mixing": [
            "Doelgroepen mengen bij toewijzen: vanaf januari 2025; deel van de gestuurde woningen dat eerst naar "
            "dragers gaat: 0 %"
        ],
        "basic-jobs": [
            "Wijkbasisbanen: vanaf januari 2025; alleen in de kwetsbare wijk; basisbanen per "
            "1.000 inwoners: 5"
        ],
        "staffing-cut": [
            "Meer of minder professionals: vanaf januari 2025; verandering in fte: −25 %; functie: "
            "maatschappelijk werker"
        ],
    }


def test_english_names_are_those_of_the_levers() -> None:
    (one,) = _told("staffing-cut", Words("en"))
    assert _text(one).endswith("from January 2025 on; change in fte: −25 %; role that changes: social worker")


@pytest.mark.parametrize("name", shipped_scenarios())
def test_no_shipped_scenario_shows_a_raw_name(name: str) -> None:
    for one in _told(name, DUTCH):
        assert not [part.name for part in one.parts if part.code]


def test_every_dutch_argument_is_one_of_a_lever() -> None:
    from wijksim.kernel.lever import LEVERS

    for name in texts.locale("nl")["parameters"]["arguments"]:
        lever, argument = name.split(".")
        assert argument in LEVERS.get(lever).declared()


def test_the_page_shows_them() -> None:
    page = " ".join(render_memo(small(), command="wijksim memo").split())
    assert "Wijkbasisbanen: vanaf januari 2025; alleen in de kwetsbare wijk; basisbanen" in page
    assert "places_per_1000" not in page
