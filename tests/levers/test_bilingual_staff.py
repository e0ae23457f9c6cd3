"""Bilingual staff: which posts, whose contact, and that origin plays no part."""

import numpy as np
import pytest

from tests.levers.access_town import acts, asked, from_start, months, nothing, town
from wijksim.kernel.prices import indexed
from wijksim.levers.access.bilingual_staff import COSTS, BilingualStaff


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(BilingualStaff, strength=0.0)))


def test_it_asks_for_a_share_of_the_posts_of_the_target_and_books_them():
    ctx = acts(town(), from_start(BilingualStaff, bilingual=0.4, coverage=0.5))
    details = asked(ctx, "hire_bilingual")
    np.testing.assert_allclose(details["share"], [0.2, 0, 0])
    table = ctx.world.professional
    rows = table.rows[~table.vacant[table.rows]]
    fte = table.fte[rows][table.district[rows] == 0].sum()
    assert sum(ctx.ledger.month[item.name] for item in COSTS.values()) == pytest.approx(
        [0.2 * fte * indexed(ctx, 2000, 2024) / 12, 0, 0]
    )


def test_all_posts_at_a_share_of_one_and_none_when_it_ends():
    machine, _ = months([from_start(BilingualStaff, bilingual=1.0)], 1)
    table = machine.ctx.world.professional
    here = table.district[table.rows] == 0
    assert (table.language_skill[table.rows] == here).all()
    machine.set_levers([])
    machine.advance()
    assert not machine.ctx.world.professional.language_skill.any()
