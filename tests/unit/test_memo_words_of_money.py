"""Amounts in words, and what is said of a package that is too large to be shared out."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from wijksim.report.carried import carried
from wijksim.report.costs import Estimate, PartyCost
from wijksim.report.money import THOUSANDS, Sums
from wijksim.report.numbers import holding
from wijksim.report.summary import amount, money, payers
from wijksim.report.words import DUTCH, Words


def test_less_is_told_with_positive_bounds() -> None:
    assert amount(Estimate(-0.4, -0.5, -0.3)) == "0,40 miljoen euro minder (0,30 tot 0,50)"
    assert amount(Estimate(0.4, 0.3, 0.5)) == "0,40 miljoen euro meer (0,30 tot 0,50)"


def test_an_interval_around_zero_is_seen_to_reach_below_it() -> None:
    assert (
        amount(Estimate(0.03, -0.002, 0.062))
        == "niet aantoonbaar meer of minder (−0,002 tot 0,062 miljoen euro)"
    )
    assert holding(-0.5, 0.5, 1) == 1
    assert holding(0.1, 0.5, 1) == 1


COUNTED = {2: (0, "too_few"), 4: (0, "too_few"), 5: (-1, "likely_worse"), 59: (-1, "surely_worse")}


@pytest.mark.parametrize("pairs", COUNTED)
def test_a_direction_takes_as_many_pairs_as_a_verdict(pairs: int) -> None:
    found = Estimate.of(np.linspace(-0.5, -0.48, pairs))
    assert found.high < 0
    assert (found.sign, found.verdict) == COUNTED[pairs]
    assert THOUSANDS.estimate(found).sign == found.sign
    assert ("minder" in amount(found)) == bool(found.sign)
    assert ("te weinig paren (" in amount(found)) != bool(found.sign)
    assert ("less" in amount(found, Words("en"))) == bool(found.sign)


def test_a_mean_that_most_futures_do_not_follow_is_no_direction() -> None:
    found = Estimate.of(np.array([-1.0] * 8 + [0.01] * 5))
    assert found.high < 0
    assert found.sign == 0


def _cost(party: str, values: list[float]) -> PartyCost:
    one = Estimate.of(np.array(values))
    return PartyCost(party, 0.0, one, one, one, None)


def test_too_few_pairs_name_no_payer_and_no_total() -> None:
    costs = [_cost("state", [-0.5, -0.51]), _cost("insurer", [0.5, 0.51])]
    assert payers(costs) == ("te weinig paren", "te weinig paren")
    assert payers(costs, Words("en")) == ("too few pairs", "too few pairs")
    said = money(["Eén"], [costs[0]], Sums(THOUSANDS, 1000, 2024))
    assert said.endswith("valt niets te zeggen, want er zijn te weinig paren.")
    assert "minder dan" not in said
    assert "besparing" not in said


def test_payers_with_two_names_leave_one_and_in_a_list() -> None:
    less = [-0.5, -0.51, -0.52, -0.5, -0.51]
    costs = [_cost(party, less) for party in ("municipality", "state")]
    assert payers(costs) == ("niemand aantoonbaar", "gemeente, Rijk en UWV")
    assert payers(costs, Words("en"))[1] == "municipality, state and benefits agency"
    assert DUTCH.parties(["state"]) == "Rijk en UWV"
    assert DUTCH.parties(["municipality", "state", "insurer"]) == "gemeente, Rijk, UWV en zorgverzekeraars"


@pytest.mark.parametrize(("levers", "too_many", "command"), [(1, 0, False), (6, 0, True), (7, 7, False)])
def test_large_packages_are_not_said_to_have_no_synergy(levers: int, too_many: int, command: bool) -> None:
    uses = [SimpleNamespace(id=f"u{number}", lever="staffing") for number in range(levers)]
    null = SimpleNamespace(levers=[], id="baseline")
    variant = SimpleNamespace(levers=uses, id="mine", months=12, world=SimpleNamespace(size=400), prices=())
    comparison = SimpleNamespace(null=null, scenarios=[null, variant], seeds=[0])
    found = carried(comparison, 1, SimpleNamespace(knockout=None, shapley=None), [], "vulnerable")  # type: ignore[arg-type]
    assert found.too_many == too_many
    assert bool(found.levers_command) is command
