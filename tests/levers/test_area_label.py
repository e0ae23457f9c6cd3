"""A label on a district: who can choose comes less, and who cannot comes as before."""

from __future__ import annotations

import numpy as np
import pytest

from tests.levers.letting_city import busy_city
from wijksim.kernel.lever import Lever, Target
from wijksim.kernel.steering import LABEL
from wijksim.levers.governance.area_label import AreaLabel
from wijksim.mechanisms.housing import market, offers

AT_ONCE = {"ramp": 0.0}


def labelled(lever: Lever | None = None, size: int = 1800):
    ctx = busy_city(size)
    if lever is not None:
        lever.step(ctx)
        ctx.effects.prepare(ctx.world, 1 / 3, 3)
    return ctx


def appeal(ctx) -> tuple[np.ndarray, np.ndarray]:
    rows = np.flatnonzero(ctx.world.dwelling.alive & (ctx.world.dwelling.owner == 0))[:200].astype(np.int32)
    return offers.describe(ctx, rows).appeal, ctx.world.dwelling.district[rows]


def test_the_odds_of_acceptance_fall_in_the_target_and_nowhere_else() -> None:
    plain, where = appeal(labelled())
    label, _ = appeal(labelled(AreaLabel({**AT_ONCE, "odds": 0.7}, target=Target(("north",)))))
    change = label - plain
    assert change[where == 0] == pytest.approx(np.log(0.7))
    assert not change[where > 0].any()


@pytest.mark.parametrize("arguments", [{"odds": 1.0}, {"strength": 0.0}, {"coverage": 0.0, "odds": 1.0}])
def test_no_effect_is_within_the_range_and_leaves_no_trace(arguments: dict[str, float]) -> None:
    ctx = labelled(AreaLabel({**AT_ONCE, **arguments}))
    assert LABEL not in ctx.effects.touched()


def test_half_the_dose_is_half_of_the_log_odds() -> None:
    ctx = labelled(AreaLabel({**AT_ONCE, "odds": 0.64, "strength": 0.5}))
    offsets = ctx.effects.offsets(LABEL, "district")
    assert offsets is not None
    assert np.exp(offsets) == pytest.approx(0.8)


def test_some_of_who_would_come_to_see_a_dwelling_stay_away_and_the_first_always_comes() -> None:
    ctx = labelled()
    vacant = np.flatnonzero(ctx.world.dwelling.alive).astype(np.int32)
    share = np.where(np.arange(ctx.world.n_districts) == 0, 0.6, 1.0)
    comes = market._undeterred(ctx, vacant, 12, share)
    here = ctx.world.dwelling.district[vacant] == 0
    assert comes[:, 0].all()
    assert comes[~here].all()
    assert comes[here][:, 1:].mean() == pytest.approx(0.6, abs=0.05)
    fewer = market._undeterred(ctx, vacant, 12, share * 0.5)
    assert not (fewer & ~comes).any()  # who comes all the same is among them
