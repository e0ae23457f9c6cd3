"""Amounts in words, and what is said of a package that is too large to be shared out."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wijksim.report.carried import carried
from wijksim.report.costs import Estimate
from wijksim.report.numbers import holding
from wijksim.report.summary import amount


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


@pytest.mark.parametrize(("levers", "too_many", "command"), [(1, 0, False), (6, 0, True), (7, 7, False)])
def test_large_packages_are_not_said_to_have_no_synergy(levers: int, too_many: int, command: bool) -> None:
    uses = [SimpleNamespace(id=f"u{number}", lever="staffing") for number in range(levers)]
    null = SimpleNamespace(levers=[], id="baseline")
    variant = SimpleNamespace(levers=uses, id="mine", months=12, world=SimpleNamespace(size=400), prices=())
    comparison = SimpleNamespace(null=null, scenarios=[null, variant], seeds=[0])
    found = carried(comparison, 1, SimpleNamespace(knockout=None, shapley=None), [], "vulnerable")  # type: ignore[arg-type]
    assert found.too_many == too_many
    assert bool(found.levers_command) is command
