"""Generated pages say what the code declares, and every mechanism has its place in the ODD description."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from wijksim.kernel.mechanism import MECHANISMS
from wijksim.model.known import all_parameters
from wijksim.report.catalogue import kind
from wijksim.report.loop_picture import loop_links
from wijksim.report.reference import mechanisms, pages, processes, sign_of, stale, table, write_pages

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return pages()


def test_no_page_is_out_of_date() -> None:
    # in a process of its own: other tests declare levers of theirs, which are no part of the pages
    code = f"from pathlib import Path; from wijksim.report.reference import stale; print(stale(Path({str(DOCS)!r})))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]", "run ./wijk docs"


def test_everything_declared_is_on_its_page(made: dict[str, str]) -> None:
    for name in all_parameters().parameters:
        assert f"| `{name}` |" in made["reference/parameters.md"]
    for name in kind("measures").names():
        assert f"| `{name}` |" in made["reference/measures.md"]
    for one in mechanisms():
        assert f"\n## {one.name}\n" in made["reference/mechanisms.md"]
        for process in processes(one):
            assert f"**{process.name}** (" in made["reference/mechanisms.md"]
        for column in one.owns:
            assert f"| `{column.name}` |" in made["reference/columns.md"]


def test_every_mechanism_is_a_submodel_of_the_odd_description() -> None:
    text = (DOCS / "odd.md").read_text(encoding="utf-8")
    submodels = text.split("## 7. Submodels")[1].split("\n## ")[0]
    named = {name.lower() for name in re.findall(r"\*\*([^*]+)\*\*", submodels)}
    assert set(MECHANISMS.names()) <= named


def test_every_process_says_where_its_base_comes_from(made: dict[str, str]) -> None:
    page = made["reference/mechanisms.md"]
    assert "base looked up by `resident.age`" in page
    assert "by piece: )" not in page
    assert "Levers may also take hold of `corporation.demolish_and_replace`" in page


def test_loops_name_links_that_exist() -> None:
    links = loop_links()
    assert ("professionals", "health") in links["firefighting"]
    assert ("debt", "work") in links["scarcity"]
    assert ("work", "debt") not in links["ties"]


def test_signs_follow_the_weights() -> None:
    stress = {one.key: sign_of(one, process) for process in _wellbeing() for one in process.index.influences}
    assert stress["household.problem_debt"] == "+"
    assert stress["resident.support"] in "+-"
    work = {
        one.key: sign_of(one, process)
        for process in processes(MECHANISMS.get("work"))
        if process.name == "work.job_finding"
        for one in process.index.influences
    }
    assert work["resident.psychiatric"] == "-"


def _wellbeing() -> list:
    return [one for one in processes(MECHANISMS.get("wellbeing")) if one.name == "resident.stress"]


def test_a_bar_does_not_end_a_cell() -> None:
    assert table(("a", "b"), [("x|y", "1\n2")]).splitlines()[-1] == "| x/y | 1 2 |"


@pytest.mark.slow
def test_only_what_differs_is_written_and_strays_go(tmp_path: Path, made: dict[str, str]) -> None:
    assert len(write_pages(tmp_path)) == len(made)
    assert write_pages(tmp_path) == []
    stray = tmp_path / "reference" / "old.md"
    stray.write_text("old")
    page = tmp_path / "reference" / "month.md"
    page.write_text("changed")
    assert stale(tmp_path) == ["reference/month.md"]
    assert write_pages(tmp_path) == [page]
    assert not stray.exists()
