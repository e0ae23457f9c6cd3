"""Identification reads only what may be fitted, keeps inside ranges, and finds a value that is there to be found."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.analysis.validation_panels import panel

from wijksim.analysis import identify as module
from wijksim.analysis.identify import BLOCKS, Block, Search, Setting, identify, step, to_fit
from wijksim.analysis.validation.facts import shipped_facts
from wijksim.model.known import all_parameters
from wijksim.parameters import overlay
from wijksim.parameters.load import load_values

NOTHING = Setting(spots=(), years=2, size=200)


def test_blocks_name_what_exists_and_nothing_twice() -> None:
    names = [name for block in BLOCKS for name in block.parameters]
    assert len(names) == len(set(names))
    declared = all_parameters().parameters
    assert all(declared[name].low < declared[name].high for name in names)
    # what has been measured, and what policy chooses, is not there to be fitted
    shipped = load_values()
    assert {shipped[name].kind for name in names} <= {"estimated", "assumed"}


def test_rows_to_check_are_never_read() -> None:
    facts = shipped_facts()
    found = [one for block in BLOCKS for one in to_fit(facts, block)]
    assert found
    assert {one.use for one in found} == {"fit"}


def test_a_step_stays_in_range_and_reach_and_solves_what_is_linear() -> None:
    search = Search(reach=0.4, hold=0.0)
    slopes = np.array([[2.0, 0.0], [0.0, 4.0]])
    here = np.array([0.5, 0.9])
    np.testing.assert_allclose(
        step(np.array([0.4, 0.8]), slopes, here, here, search), [-0.2, -0.2], atol=1e-6
    )
    np.testing.assert_allclose(
        step(np.array([9.0, -9.0]), slopes, here, here, search), [-0.4, 0.1], atol=1e-6
    )
    # what facts leave free goes home
    free = step(np.zeros(1), np.zeros((1, 2)), here, np.array([0.4, 0.7]), Search(reach=0.4, hold=0.5))
    np.testing.assert_allclose(free, [-0.1, -0.2], atol=1e-6)


def test_a_search_finds_the_value_that_meets_the_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The turnover that facts ask for is 6.95 % and here a hundred times the rate: it has to come near .0695."""

    def world(spots, *, values, **setting):
        rate = values["housing.move_rate_corporation"]
        return panel({"corporation_turnover": np.full((4, 4), 100 * rate)})

    monkeypatch.setattr(module, "run_ensemble", world)
    block = Block("moves", ("housing.move_rate_corporation",), ("HP23",))
    tried = []
    values, misfits = identify(
        shipped_facts(), NOTHING, Search(rounds=6, hold=0.01), blocks=[block], watch=tried.append
    )
    # the end of the declared range is nearest
    assert values["housing.move_rate_corporation"] == pytest.approx(0.065, abs=1e-3)
    first, last = misfits["moves"]
    assert last < first
    assert all(not one.kept for one in tried if one.moved)


def test_fitted_values_lie_over_the_shipped_ones_with_their_trace(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overlay, "FITTED", tmp_path / "fitted.json")
    overlay.fitted_overlay.cache_clear()
    try:
        shipped = load_values()
        assert overlay.with_fitted(shipped) == shipped
        overlay.write_fitted({"housing.move_rate_corporation": 0.06}, {"moves": {}})
        fitted = overlay.with_fitted(shipped)["housing.move_rate_corporation"]
        assert (fitted.value, fitted.kind, fitted.source[-1]) == (0.06, "estimated", "fitted")
        assert fitted.problems() == []
        assert json.loads((tmp_path / "fitted.json").read_text())["provenance"] == {"moves": {}}
        overlay.write_fitted({"housing.move_rate_corporation": 9.0}, {})
        with pytest.raises(ValueError, match="fits no declared parameter and range"):
            overlay.with_fitted(shipped)
    finally:
        overlay.fitted_overlay.cache_clear()
