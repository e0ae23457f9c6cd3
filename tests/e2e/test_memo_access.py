"""The memo for everybody: WCAG 2.1 AA by axe-core in a real Chromium, without a network, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.e2e.access import DESK, PHONE, SMALLEST, SPACED, browser, opened
from tests.e2e.browser import CHROMIUM
from tests.unit.memo_beside import beside
from tests.unit.memo_run import small, small_twins
from tests.unit.report_example import example

from wijksim.analysis.precision import Precision, reached
from wijksim.report.language import LANGUAGES
from wijksim.report.memo import write_memo
from wijksim.report.sections import Beside

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

NAMES = ("problem_debt", "crises", "moves_out")
NUMBERS = ("wellbeing.trust_promise", "mobility.memory_half_life")
BAD = """<!DOCTYPE html><html lang="nl"><head><title>Slecht</title></head><body><main><h1>Slecht</h1>
<p style="color:#bbb">flets</p>
<svg viewBox="0 0 200 100" width="200" role="img" aria-label="twee vlakken">
<rect width="100" height="100" fill="#123"/><rect x="100" width="100" height="100" fill-opacity=".2"/>
<text x="10" y="50" fill="#222">donker op donker</text><text x="110" y="50" fill="#666">halflicht</text></svg>
<svg viewBox="0 0 200 100" width="200" role="img"><text x="10" y="50" fill="#222">goed</text></svg>
<div style="width:2000px">breed</div>
<div style="width:50px;overflow:hidden;white-space:nowrap">een lange regel die wordt afgekapt</div>
<script>console.error("klacht"); fetch("https://example.invalid/").catch(() => {});</script>
</main></body></html>"""


@pytest.fixture(scope="module")
def running() -> Iterator[Browser]:
    with browser() as one:
        yield one


@pytest.fixture(scope="module", params=LANGUAGES)
def memo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("access") / "memo.html"
    comparison = example(
        pairs=6, months=48, scenarios=("baseline", "basic-jobs", "staffing-cut"), names=NAMES, closely=True
    )
    write_memo(
        comparison, path, command="./wijk memo", reached=reached(comparison, Precision(relative=0.1), NAMES),
        beside=beside(comparison, NUMBERS), lang=request.param,
    )  # fmt: skip
    return path


@pytest.fixture(scope="module", params=LANGUAGES)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("access") / "whole.html"
    told = Beside(beside(small(), NUMBERS).stored, small_twins())
    write_memo(small(), path, command="./wijk memo", beside=told, lang=request.param)
    return path


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("unfolded", [False, True])
def test_nothing_violates_wcag(running: Browser, memo: Path, width: int, unfolded: bool) -> None:
    with opened(running, memo, width) as seen:
        if unfolded:
            seen.open_details()
        assert seen.violations(contrast=unfolded) == []
        assert seen.complaints == []
        assert seen.requests == [memo.as_uri()]


@pytest.mark.slow
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("unfolded", [False, True])
def test_nothing_in_the_whole_memo_violates_wcag(
    running: Browser, whole: Path, width: int, unfolded: bool
) -> None:
    with opened(running, whole, width) as seen:
        if unfolded:
            seen.open_details()
        assert seen.violations() == []
        assert seen.complaints == []
        assert seen.requests == [whole.as_uri()]


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_letters_in_pictures_stand_out(running: Browser, memo: Path, width: int) -> None:
    with opened(running, memo, width) as seen:
        seen.open_details()
        looked, faint = seen.faint_letters()
        assert faint == []
        assert looked > 500


@pytest.mark.parametrize("width", [DESK, PHONE, SMALLEST])
@pytest.mark.parametrize("spaced", [False, True])
def test_nothing_sticks_out_or_is_cut_off(running: Browser, memo: Path, width: int, spaced: bool) -> None:
    with opened(running, memo, width) as seen:
        seen.open_details()
        if spaced:
            seen.page.add_style_tag(content=SPACED)
        assert seen.sticking_out() == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [DESK, SMALLEST])
def test_nothing_in_the_whole_memo_is_faint_or_cut_off(running: Browser, whole: Path, width: int) -> None:
    with opened(running, whole, width) as seen:
        seen.open_details()
        assert seen.faint_letters()[1] == []
        seen.page.add_style_tag(content=SPACED)
        assert seen.sticking_out() == []


def test_keys_alone_reach_everything(running: Browser, memo: Path) -> None:
    with opened(running, memo, PHONE) as seen:
        page = seen.page
        page.keyboard.press("Tab")
        skip = page.locator(".skip")
        assert skip.evaluate("(e) => e === document.activeElement && e.getBoundingClientRect().left >= 0")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "inhoud"
        fold = page.locator("details:not(details details) > summary").first
        fold.focus()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        assert fold.evaluate("(e) => e.parentElement.open")
        seen.open_details()
        wide = page.evaluate(
            "[...document.querySelectorAll('body *')].filter((e) => !e.closest('svg')"
            " && e.scrollWidth > e.clientWidth + 1"
            " && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)).map((e) => [e.className, e.tabIndex])"
        )
        assert wide
        assert all(place == 0 for _, place in wide)


def test_the_checks_see_what_is_wrong(running: Browser, tmp_path: Path) -> None:
    path = tmp_path / "bad.html"
    path.write_text(BAD, encoding="utf-8")
    with opened(running, path, DESK) as seen:
        found = [one.split(" ")[0] for one in seen.violations()]
        assert {"color-contrast", "svg-img-alt"} <= set(found)
        assert "color-contrast" not in [one.split(" ")[0] for one in seen.violations(contrast=False)]
        looked, faint = seen.faint_letters()
        assert looked == 9
        assert [one.split(":")[0] for one in faint] == ["donker op donker", "halflicht"]
        assert [one[:10] for one in seen.sticking_out()] == ["<div style", "<div style"]
        assert "klacht" in seen.complaints
        assert "https://example.invalid/" in seen.requests
