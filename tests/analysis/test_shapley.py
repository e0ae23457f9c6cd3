"""Known answers for Shapley contributions: games made by hand, and one small package."""

from __future__ import annotations

import dataclasses
from itertools import permutations

import numpy as np
import pytest

from wijksim.analysis.forecast import forecast
from wijksim.analysis.shapley import (
    ALONE,
    CONTRIBUTION,
    INTERACTION,
    SYNERGY,
    TOTAL,
    Shapley,
    named,
    package_of,
    shapley,
    shares,
)
from wijksim.core.errors import InputError
from wijksim.model.known import load_scenario

PACKAGE = """\
schema: 1
title: A package of two
extends: baseline
months: 12
world: {size: 300, warmup: 2}
levers:
  - {lever: staffing, id: cut, start: 2025-01, role: social_worker, change: -0.5, ramp: 0}
  - {lever: basic-job, id: jobs, start: 2025-01, places_per_1000: 10}
"""
SMALL = {"world.size": 300, "world.warmup": 2, "months": 12}


def game(n: int, worth) -> np.ndarray:
    """Table of one future: value of every subset, given as a set of places."""
    return np.array([[worth({i for i in range(n) if subset >> i & 1}) for subset in range(2**n)]], float)


def test_an_additive_game_gives_every_lever_its_own() -> None:
    gains = [1.0, -2.0, 4.5]
    found = shares(game(3, lambda s: sum(gains[i] for i in s)))
    np.testing.assert_allclose(found.contributions[0], gains)
    np.testing.assert_allclose(found.alone[0], gains)
    np.testing.assert_allclose(found.synergy, 0, atol=1e-12)
    for each in found.interactions.values():
        np.testing.assert_allclose(each, 0, atol=1e-12)


def test_a_multiplicative_game_of_two_halves_the_synergy() -> None:
    factor = (2.0, 3.0)
    found = shares(game(2, lambda s: np.prod([factor[i] for i in s])))  # 1, 2, 3, 6
    assert found.total[0] == 5
    assert found.alone[0].tolist() == [1, 2]
    assert found.synergy[0] == 2
    assert found.contributions[0].tolist() == [2, 3]
    assert found.interactions[0, 1][0] == 2


def test_a_multiplicative_game_of_three_by_all_orders() -> None:
    factor = (2.0, 3.0, 0.5)

    def worth(s: set[int]) -> float:
        return float(np.prod([factor[i] for i in s]))

    expected = np.zeros(3)
    for order in permutations(range(3)):
        there: set[int] = set()
        for i in order:
            expected[i] += (worth(there | {i}) - worth(there)) / 6
            there.add(i)
    np.testing.assert_allclose(shares(game(3, worth)).contributions[0], expected)


def test_a_dummy_gets_nothing_and_equals_get_the_same() -> None:
    found = shares(game(4, lambda s: len(s - {3}) ** 2))  # lever 3 does nothing
    assert found.contributions[0, 3] == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(found.contributions[0, :3], 3)
    assert found.interactions[0, 3][0] == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(found.interactions[0, 1], found.interactions[1, 2])


@pytest.mark.parametrize("levers", [2, 3, 4, 5, 6])
def test_contributions_sum_to_the_total_in_every_future(levers: int) -> None:
    values = np.random.default_rng(levers).normal(0, 100, (50, 2**levers))
    found = shares(values)
    np.testing.assert_allclose(found.contributions.sum(axis=1), found.total, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.total, values[:, -1] - values[:, 0])


def test_a_future_without_a_value_has_none_anywhere() -> None:
    values = np.ones((2, 4))
    values[1, 2] = np.nan
    for _, _, each in named(shares(values), ("a", "b")):
        if not np.isnan(each[1]):
            assert each[0] == each[1]  # what does not need the missing run may keep its value
    assert np.isnan(shares(values).contributions[1]).all()


def test_a_table_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="one for every subset"):
        shares(np.zeros((3, 6)))


# ---------------------------------------------------------------- scenarios


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "package.yaml"
    path.write_text(PACKAGE)
    return load_scenario(path)


def small_null() -> object:
    return load_scenario("baseline", overrides=SMALL)


def test_subsets_stand_in_the_order_of_their_bits(package) -> None:
    found = package_of(package, small_null())
    assert found.levers == ("cut", "jobs")
    assert [[use.id for use in one.levers] for one in found.subsets] == [
        [],
        ["cut"],
        ["jobs"],
        ["cut", "jobs"],
    ]
    assert found.subsets[0].digest == small_null().digest
    assert found.subsets[3].digest == package.digest


def test_a_null_with_levers_keeps_them_in_every_subset(package) -> None:
    null = dataclasses.replace(package, id="null", levers=package.levers[:1])
    more = tuple(dataclasses.replace(package.levers[1], id=name) for name in ("a", "b"))
    found = package_of(dataclasses.replace(package, levers=(*null.levers, *more)), null)
    assert found.levers == ("a", "b")
    assert [[use.id for use in one.levers] for one in found.subsets] == [
        ["cut"],
        ["cut", "a"],
        ["cut", "b"],
        ["cut", "a", "b"],
    ]


def test_one_lever_and_seven_are_refused(package) -> None:
    for count in (0, 1, 7):
        uses = tuple(dataclasses.replace(package.levers[0], id=f"u{i}") for i in range(count))
        with pytest.raises(InputError, match="2 to 6"):
            package_of(dataclasses.replace(package, levers=uses), small_null())


def test_what_is_no_lever_can_be_nobodys_contribution(tmp_path) -> None:
    path = tmp_path / "more.yaml"
    path.write_text(PACKAGE + "set: {debt.entry_rate: 0.02}\n")
    variant = load_scenario(path)
    with pytest.raises(InputError, match="more than its levers \\(set\\)"):
        package_of(variant, small_null())


def test_a_small_package_end_to_end(package, tmp_path) -> None:
    null = small_null()
    found = shapley(package, null=null, measures=("caseload", "share_in_work"), pairs=2, workers=1)
    table = found.table.set_index(["measure", "district", "year", "kind", "part"])["effect"]
    keys = ["measure", "district", "year"]
    total = table.xs(TOTAL, level="kind").droplevel("part")
    contributions = table.xs(CONTRIBUTION, level="kind").groupby(keys).sum()
    np.testing.assert_allclose(contributions.loc[total.index], total, rtol=0, atol=1e-9)
    alone = table.xs(ALONE, level="kind").groupby(keys).sum()
    synergy = table.xs(SYNERGY, level="kind").droplevel("part")
    np.testing.assert_allclose(alone.loc[total.index] + synergy, total, atol=1e-9)
    both = table.xs(INTERACTION, level="kind").xs("cut + jobs", level="part")
    np.testing.assert_allclose(both.loc[total.index], synergy, atol=1e-9)  # of two levers they are the same
    assert total.abs().max() > 0

    path = found.save(tmp_path / "results")
    assert path.name == "shapley-package.json"
    (path.parent / "shapley-broken.json").write_text("{")
    again = Shapley.stored(path.parent, {"scenario": package.digest, "null": null.digest})
    assert again is not None
    assert again.as_dict() == found.as_dict()
    assert Shapley.stored(path.parent, {"scenario": null.digest, "null": null.digest}) is None
    assert Shapley.stored(tmp_path / "nowhere", found.digests) is None


def test_a_forecast_tells_runs_and_time(package) -> None:
    small = forecast(package, scenarios=4, pairs=2, months=12, workers=1)
    assert small.runs == 8
    assert small.seconds > 0
    assert small.words.startswith("8 runs, about ")
