"""What each lever takes hold of: levers that move the same named things over the same target are one mechanism."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

from wijksim.analysis.coverage.cases import Case, scenarios_of
from wijksim.model.assemble import warmed_up, with_policy

SIZE = 600
"""Residents of the world in which levers are tried for a month."""


def takes_hold_of(wanted: Sequence[Case]) -> list[str]:
    """Names that the levers of each case move and those of its other side do not, in words separated by spaces."""
    scenarios, places = scenarios_of(wanted, overrides={"world.size": SIZE, "world.warmup": 3, "months": 12})
    frozen: dict[object, bytes] = {}
    touched = []
    for scenario in scenarios:
        key = (scenario.set, scenario.series, scenario.strategies)
        name = repr(key)
        if name not in frozen:
            frozen[name] = pickle.dumps(warmed_up(scenario, 0))
        engine = with_policy(pickle.loads(frozen[name]), scenario)
        # what begins later or slowly is looked at when it is there
        for _ in range(3):
            engine.advance()
        effects = engine.ctx.effects
        acts = {f"{owner}.{act}" for _, owner, act, _ in effects.acts}
        rules = {f"{kind}: {rule.name}" for kind, chosen in effects.choices().items() for rule in chosen}
        touched.append(effects.touched() | acts | rules)
    return [" ".join(sorted(touched[one] - touched[other])) for one, other, *_ in places]
