"""Levers that choose who comes first: the rule, its weight by dose, and the districts in which it holds."""

import pytest

from tests.levers.staff_town import AT_ONCE, NORTH, act, no_trace, staff_town
from wijksim.kernel.lever import Target
from wijksim.kernel.strategy import STRATEGIES
from wijksim.levers.professionals.hardest_first import HardestFirstLever
from wijksim.levers.professionals.oldest_first import OldestFirstLever
from wijksim.levers.professionals.prevention_floor import PreventionFloorLever

RULES = [
    (PreventionFloorLever, "prevention_floor", "share", 0.2),
    (OldestFirstLever, "oldest_first", "weight", 1.0),
    (HardestFirstLever, "hardest_first", "weight", 0.5),
]


@pytest.mark.parametrize("lever", [rule[0] for rule in RULES])
def test_strength_zero_leaves_no_trace(lever):
    no_trace(lever)


@pytest.mark.parametrize(("lever", "name", "argument", "full"), RULES)
def test_the_rule_is_chosen_with_its_weight_for_the_districts_aimed_at(lever, name, argument, full):
    for strength, target, districts in ((1.0, Target(), ""), (0.25, Target(**NORTH), "north")):
        ctx = staff_town()
        assert act(ctx, lever({**AT_ONCE, "strength": strength}, target=target)) == {"triage"}
        ((chosen, arguments),) = ctx.effects.choices()["triage"]
        assert chosen == name
        assert arguments == {argument: pytest.approx(full * strength), "districts": districts}
        assert STRATEGIES.get(chosen)(arguments).kind == "triage"
        assert lever.chooses == ("triage",)
