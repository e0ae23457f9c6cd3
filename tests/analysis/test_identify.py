"""Identification reads only what may be fitted, keeps inside ranges, and finds a value that is there to be found."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.analysis.validation_panels import panel

from wijksim.analysis import identify as module
from wijksim.analysis.identify import BLOCKS, Block, Setting, identify, propose, to_fit
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


def test_proposals_stay_in_their_ranges() -> None:
    declared = all_parameters().parameters
    name = "housing.move_rate_corporation"
    luck = np.random.default_rng(0)
    tried = [propose({name: 0.051}, declared, luck, 5.0)[name] for _ in range(50)]
    assert min(tried) == declared[name].low
    assert max(tried) == declared[name].high


def test_a_search_finds_the_value_that_meets_the_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The turnover that facts ask for is 6.95 % and here a hundred times the rate: it has to come near .0695."""

    def world(spots, *, values, **setting):
        rate = values["housing.move_rate_corporation"]
        return panel({"corporation_turnover": np.full((4, 4), 100 * rate)})

    monkeypatch.setattr(module, "run_ensemble", world)
    block = Block("moves", ("housing.move_rate_corporation",), ("HP23",))
    values, misfits = identify(shipped_facts(), NOTHING, proposals=60, stride=0.2, blocks=[block])
    # the end of the declared range is nearest
    assert values["housing.move_rate_corporation"] == pytest.approx(0.065, abs=1e-3)
    first, last = misfits["moves"]
    assert last < first


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
