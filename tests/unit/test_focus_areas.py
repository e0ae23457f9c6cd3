"""The twenty focus areas in one world: sizes by residents, at one to ten, and small enough to begin at once."""

from pathlib import Path

import numpy as np
import pytest

from wijksim.model.assemble import warmed_up
from wijksim.model.known import load_scenario
from wijksim.places.load import load_place

FILE = Path(__file__).resolve().parents[2] / "scenarios" / "focus-areas" / "focus-areas.yaml"
RESIDENTS = 1_192_000  # CBS, 1 January 2025, sum of the twenty rounded figures


def test_all_twenty_by_share_of_residents():
    scenario = load_scenario(str(FILE))
    assert scenario.world.size == RESIDENTS / 10
    districts = scenario.world.districts
    assert len(districts) == len({one.place for one in districts}) == 20
    assert len({load_place(one.place).municipality for one in districts}) == 19
    total = sum(one.share for one in districts)
    for one in districts:
        published, counted = RESIDENTS * one.share / total, load_place(one.place).residents.value
        assert published == pytest.approx(counted, rel=0.14), one.place


def test_a_small_copy_of_the_world_begins():
    scenario = load_scenario(str(FILE), overrides={"world.size": 4000, "world.warmup": 1, "months": 12})
    machine = warmed_up(scenario, 1)
    machine.advance()
    people = machine.ctx.world.by_district("resident")
    shares = np.array([one.share for one in scenario.world.districts])
    assert people.size == 20
    assert people / people.sum() == pytest.approx(shares / shares.sum(), abs=0.01)
