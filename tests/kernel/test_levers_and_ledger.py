"""The five verbs, doses, reached persons, and who pays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wijksim.levers  # noqa: F401  (registers them)
from tests.worlds import small_world
from wijksim.kernel.arguments import Argument, Param, fill_arguments
from wijksim.kernel.context import Context
from wijksim.kernel.effects import Effects
from wijksim.kernel.ledger import PARTIES, CostItem, Ledger
from wijksim.kernel.lever import FORBIDDEN_WORDS, LEVERS, Lever, Target, Window
from wijksim.state.column import Column

TRUST = Column("resident.trust", np.float32, "share", "trust", default=0.6)


class Probe(Lever):
    """A lever for tests: scales one rate for the people it reaches."""

    name = "probe"
    title = title_nl = explain = explain_nl = "probe"
    family = "test"
    verbs = ("scale",)
    width = Param(0.5, "ratio", (0.1, 1.0), "assumed", "D", ("design",), "Ratio put on the rate")
    way = Argument("soft", ("soft", "hard"), "How it is done")

    def act(self, ctx: Context, dose: float) -> None:
        rows = self.reached(ctx, ctx.world.resident.rows, dose)
        self.scale(ctx, "t.rate", "resident", rows, self.number("width"))


def lever(window: Window | None = None, **arguments: object) -> Probe:
    return Probe(arguments, window=window or Window(12, 60))


def test_dose_ramps_holds_and_decays() -> None:
    one = lever(ramp=10, decay=6)
    assert one.dose(11) == 0
    assert one.dose(12) == pytest.approx(0.1)
    assert one.dose(21) == one.dose(59) == 1
    assert one.dose(65) == pytest.approx(0.5)
    assert one.dose(60 + 6 * 40) == 0
    assert lever(ramp=0).dose(12) == 1
    assert lever(decay=0).dose(60) == 0
    assert lever(strength=0).dose(30) == 0


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1), st.floats(0, 48), st.integers(0, 200))
def test_dose_is_monotone_in_strength_and_never_above_it(strength: float, ramp: float, month: int) -> None:
    one = lever(strength=strength, ramp=ramp)
    assert 0 <= one.dose(month) <= strength
    assert one.dose(month) <= lever(ramp=ramp).dose(month) + 1e-12


def test_a_lever_at_strength_zero_touches_nothing() -> None:
    ctx = small_world(extra=(TRUST,))
    ctx.values["wellbeing.trust_level"] = 0.6
    ctx.month = 30
    lever(strength=0).step(ctx)
    assert ctx.effects.touched() == set()
    lever(ramp=0).step(ctx)
    assert ctx.effects.touched() == {"t.rate"}


def test_the_reached_of_a_small_dose_are_among_those_of_a_larger_one_and_stay_reached() -> None:
    ctx = small_world(extra=(TRUST,))
    ctx.values["wellbeing.trust_level"] = 0.6
    rows = ctx.world.resident.rows
    one = lever(coverage=0.6, uptake=0.5)
    small, large = set(one.reached(ctx, rows, 0.3).tolist()), set(one.reached(ctx, rows, 1.0).tolist())
    assert small < large
    ctx.month = 77
    assert set(one.reached(ctx, rows, 1.0).tolist()) == large
    assert len(large) / rows.size == pytest.approx(0.3, abs=0.05)
    ctx.world.resident.trust[:] = 0.3
    assert len(one.reached(ctx, rows, 1.0)) / rows.size == pytest.approx(0.15, abs=0.04)


def test_target_districts_bound_who_is_reached() -> None:
    ctx = small_world(extra=(TRUST,))
    ctx.values["wellbeing.trust_level"] = 0.6
    one = Probe({}, window=Window(0), target=Target(districts=("south",)))
    reached = one.reached(ctx, ctx.world.resident.rows, 1.0)
    assert set(ctx.world.resident.district[reached].tolist()) == {2}
    assert one.districts(ctx).tolist() == [False, False, True]


def test_arguments_outside_their_range_or_list_are_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        fill_arguments(Probe, {"width": 3})
    with pytest.raises(ValueError, match="must be one of"):
        fill_arguments(Probe, {"way": "odd"})
    with pytest.raises(ValueError, match="no argument"):
        fill_arguments(Probe, {"wdith": 0.5})
    names = {parameter.name for parameter in Probe.parameters()}
    assert "lever.probe.width" in names
    assert "lever.probe.way" not in names


def test_sums_of_levers_do_not_depend_on_the_order_in_which_they_act() -> None:
    ctx = small_world()
    rows = ctx.world.resident.rows
    ratios = [0.9, 1.3, 0.77, 1.01]
    totals = []
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        effects = Effects()
        for k in order:
            effects.scale(f"lever{k}", "rate", "resident", rows=rows[k:], log_ratio=np.log(ratios[k]))
        effects.prepare(ctx.world, 1 / 3, 3)
        offsets = effects.offsets("rate", "resident")
        assert offsets is not None
        totals.append(offsets.copy())
    assert totals[0].tobytes() == totals[1].tobytes()


def test_conflicting_settings_and_choices_are_errors() -> None:
    effects = Effects()
    effects.set_value("a", "p", 1.0)
    effects.set_value("b", "p", 1.0)
    assert effects.values() == {"p": 1.0}
    effects.set_value("c", "p", 2.0)
    with pytest.raises(ValueError, match="a, b, c"):
        effects.values()
    effects.choose("a", "allocation", "x", {})
    effects.choose("b", "allocation", "y", {})
    with pytest.raises(ValueError, match="allocation"):
        effects.choices()


def test_no_registered_lever_aims_at_an_outcome() -> None:
    for name, kind in LEVERS.items():
        for word in FORBIDDEN_WORDS:
            assert not any(word in parameter.name.split(".")[-1] for parameter in kind.parameters()), name


def item(**kwargs: object) -> CostItem:
    settings_ = {
        "name": "i",
        "label": "i",
        "label_nl": "i",
        "payers": (("municipality", 0.7), ("state", 0.3)),
    }
    return CostItem(**{**settings_, **kwargs})  # type: ignore[arg-type]


def test_transfers_cancel_and_resource_costs_remain() -> None:
    ledger = Ledger()
    ledger.declare(item(name="benefit", receivers=(("residents", 1.0),)))
    ledger.declare(item(name="care"))
    ledger.book("benefit", np.array([100.0, 0.0]))
    ledger.book("care", np.array([10.0, 20.0]))
    ledger.book("care", np.array([0.0, 5.0]))
    parties = ledger.by_party(2)
    assert set(parties) == set(PARTIES)
    assert sum(parties.values()).tolist() == pytest.approx([10, 25])  # type: ignore[union-attr]
    assert ledger.resource_cost(2).tolist() == [10, 25]
    assert parties["residents"].tolist() == [-100, 0]
    assert ledger.by_party(2, transfers=False)["municipality"].tolist() == pytest.approx([7, 17.5])


def test_a_ledger_settled_at_once_is_that_settled_by_party() -> None:
    ledger = Ledger()
    empty, nothing = ledger.settled(2)
    assert not empty.any()
    assert not nothing.any()
    ledger.declare(item(name="benefit", receivers=(("residents", 0.6), ("owners", 0.4))))
    ledger.declare(item(name="care"))
    ledger.declare(item(name="anything", payers=(("state", 1 / 3), ("residents", 2 / 3))))
    for name, amount in (("benefit", [0.1, 7.0]), ("care", [1 / 7, 0.3]), ("anything", [9.1, 1e-3])):
        ledger.book(name, np.array(amount))
        (resources, transfers), used = ledger.settled(2)
        assert used.tolist() == ledger.resource_cost(2).tolist()
        own = ledger.by_party(2, transfers=False)
        assert resources.tolist() == [own[party].tolist() for party in PARTIES]
        every = ledger.by_party(2)
        assert (resources + transfers) == pytest.approx(np.array([every[party] for party in PARTIES]))


def test_cost_items_refuse_unknown_parties_and_odd_shares() -> None:
    with pytest.raises(ValueError, match="unknown party"):
        item(payers=(("church", 1.0),))
    with pytest.raises(ValueError, match="do not sum"):
        item(payers=(("state", 0.9),))
    ledger = Ledger()
    ledger.declare(item())
    with pytest.raises(ValueError, match="declared twice"):
        ledger.declare(item(label="other"))
    with pytest.raises(KeyError, match="not declared"):
        ledger.book("ghost", np.zeros(1))
