"""Sums of money are told in a unit in which they can be read, with whose money it is and of which year."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.unit.report_example import example
from tests.unit.report_page import Reader

from wijksim.analysis.compare import Comparison
from wijksim.kernel.ledger import KINDS, PARTIES
from wijksim.report.costs import ALL_PARTIES, Estimate
from wijksim.report.effects import Matrix, Row
from wijksim.report.memo import Page, render_page
from wijksim.report.money import EUROS, MILLIONS, THOUSANDS, MoneyUnit, kinds_without, parties_in, unit_for
from wijksim.report.summary import amount
from wijksim.report.words import DUTCH, Words

NOTHING = Estimate(0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("amounts", "unit"),
    [
        ([3.0, 0.4, -0.2], MILLIONS),
        ([0.0, 0.05, -0.02, 0.2], THOUSANDS),
        ([1.2, 0.003, -0.004, 0.0], THOUSANDS),
        ([0.00005, -0.00002], EUROS),
        ([0.0, float("nan"), float("inf")], MILLIONS),
        ([], MILLIONS),
    ],
)
def test_the_unit_is_the_largest_in_which_sums_can_be_read(amounts: list[float], unit: MoneyUnit) -> None:
    assert unit_for(amounts) is unit


def test_an_amount_is_the_same_in_every_unit() -> None:
    one = Estimate(0.0125, 0.0105, 0.0145)
    assert amount(one, DUTCH, THOUSANDS) == "12,5 duizend euro meer (10,5 tot 14,5)"
    assert amount(one, DUTCH, EUROS) == "12.500 euro meer (10.500 tot 14.500)"
    assert amount(one, Words("en"), THOUSANDS) == "12.5 thousand euros more (10.5 to 14.5)"


def _made(share: float) -> Comparison:
    """A comparison in which every party spends this share of the euros of the example."""
    made = example(months=48, names=("problem_debt",), scenarios=("baseline", "basic-jobs"), pairs=6)
    top = made.numerator.copy()
    for k, kind in enumerate(made.measures):
        if kind.theme == "costs":
            top[:, :, :, k] *= share
    return dataclasses.replace(made, numerator=top)


@pytest.mark.parametrize(
    ("share", "unit", "name"),
    [(1000.0, MILLIONS, "miljoen euro"), (0.1, THOUSANDS, "duizend euro"), (1e-4, EUROS, "euro")],
)
def test_one_unit_stands_in_every_heading(share: float, unit: MoneyUnit, name: str) -> None:
    made = Page(_made(share), "again")
    assert made.sums.unit is unit
    page = Reader(render_page(made))
    table = next(one for one in page.tables if "per partij" in one.caption)
    assert [cell.text for cell in table.rows[0][1][3:]] == [
        f"Verschil, hele periode{name}", f"Contante waarde{name}", f"Waarvan overdrachten{name}, hele periode",
    ]  # fmt: skip
    assert f"contante waarde van het verschil, {name}, " in page.plain
    rows = {str(a["data-party"]): cells for a, cells in table.rows if "data-party" in a}
    shown = rows["municipality"][4].shown[0]
    assert set(shown) & set("123456789")
    if unit is not MILLIONS:
        assert "miljoen euro" not in page.plain


def test_residents_and_the_year_of_the_euros_stand_beside_sums() -> None:
    made = Page(_made(1.0), "again")
    page = Reader(render_page(made))
    assert made.sums.year is not None
    residents = DUTCH.counted(made.comparison.null.world.size, "inwoner", "inwoners")
    opening = (
        f"alle wijken van het model ({residents}) over de hele periode uit, in euro's van {made.sums.year}"
    )
    assert opening in page.plain
    assert f"{residents} bij het begin. Een plus" in page.plain
    table = next(one for one in page.tables if "per partij" in one.caption)
    assert residents in table.caption


def test_who_is_never_touched_is_named_once_and_has_no_row() -> None:
    made = _made(1.0)
    top = made.numerator.copy()
    for name in ("cost_insurer", "transfer_insurer"):
        k = made.position(name)
        top[:, 1, :, k] = top[:, 0, :, k]
    page = Reader(render_page(Page(dataclasses.replace(made, numerator=top), "again")))
    table = next(one for one in page.tables if "per partij" in one.caption)
    shown = [a["data-party"] for a, _ in table.rows if "data-party" in a]
    assert shown == [*(party for party in PARTIES if party != "insurer"), ALL_PARTIES]
    assert "zij staan niet in de tabellen: zorgverzekeraars." in page.plain
    svg = next(text for text in _pictures(page) if "gemeente" in text)
    assert "zorgverzekeraars" not in svg


def _pictures(page: Reader) -> list[str]:
    """Texts from the costs section on; those of pictures stand between its heading and its tables."""
    plain = page.plain
    start = plain.index("contante waarde van het verschil")
    return [plain[start : plain.index("per partij, in een model", start)]]


def test_who_is_touched_by_one_of_two_variants_keeps_a_row() -> None:
    made = example(
        months=24, names=("problem_debt",), scenarios=("baseline", "basic-jobs", "staffing-cut"), pairs=6
    )
    for name in ("cost_insurer", "transfer_insurer"):
        k = made.position(name)
        made.numerator[:, 1, :, k] = made.numerator[:, 0, :, k]
    page = Reader(render_page(Page(made, "again")))
    first, second = (one for one in page.tables if "per partij" in one.caption)
    rows = [{a["data-party"]: cells for a, cells in one.rows if "data-party" in a} for one in (first, second)]
    assert "niet geraakt" in rows[0]["insurer"][2].text
    assert len(rows[1]["insurer"][3].numbers) == 3
    assert "niet in de tabellen" not in page.plain


def test_effects_name_what_no_variant_touches() -> None:
    def row(kind: str, place: int) -> Row:
        cells = [NOTHING] * len(PARTIES)
        cells[place] = Estimate(1.0, 0.5, 1.5)
        return Row(kind, tuple(cells), cells[place])

    still = Row("", (NOTHING,) * len(PARTIES), NOTHING)
    one = Matrix((row("care", 0),), (), still, still, still, (), 0.0, 0.0, np.nan)
    other = Matrix((row("crises", 3),), (), still, still, still, (), 0.0, 0.0, np.nan)
    assert parties_in([one, None, other]) == ((0, PARTIES[0]), (3, PARTIES[3]))
    assert set(KINDS) - set(kinds_without([one, other])) == {"care", "crises"}
