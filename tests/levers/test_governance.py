"""Levers that govern: what becomes of the doses of others, in numbers that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.contracts.engines import engine
from wijksim.kernel.govern import FREE, Governed, Governing
from wijksim.kernel.lever import LEVERS, Lever, Target, Window
from wijksim.model.engine import Engine


def equipped(*levers: Lever) -> Engine:
    machine = engine()
    machine.set_levers(levers)
    for lever in levers:
        for item in lever.costs:
            machine.ctx.ledger.declare(item)
    return machine


def make(name: str, identity: str | None = None, window: Window | None = None, **arguments: object) -> Lever:
    return LEVERS.get(name)(arguments, window=window or Window(0), identity=identity)


def jobs(machine: Engine) -> float:
    """Basic jobs funded this month."""
    return float(machine.ctx.effects.funded("places.basic_job", machine.ctx.world.n_districts).sum())


def course_of(months: int, *governors: Lever, **job: object) -> list[float]:
    """Basic jobs funded by month, over what a full dose funds."""
    machine = equipped(make("basic-job", ramp=0.0, **job), *governors)
    found = []
    for _ in range(months):
        machine.advance()
        residents = machine.ctx.world.by_district("resident").sum()
        found.append(jobs(machine) / (0.5 * residents / 1000))
    return found


# ---------------------------------------------------------------- the algebra


def test_what_several_say_multiplies_and_the_longer_stop_holds() -> None:
    joined = Governed(dose=2, ramp=0.5, course=(10, 0)).joined(Governed(dose=0.5, floor=0.3, course=(4, 2)))
    assert (joined.dose, joined.ramp, joined.floor, joined.course) == (1, 0.5, 0.3, (4, 2))
    weights = np.array([1.5, 0.5])
    assert Governed(weights=weights).joined(FREE).weights is weights


def test_only_who_is_aimed_at_is_governed() -> None:
    governing = Governing()
    governing.say("b", frozenset({"work"}), Governed(dose=0.5))
    governing.say("a", frozenset({"all"}), Governed(dose=0.5))
    assert governing.of(("x", "basic-job", "work")).dose == 0.25
    assert governing.of(("x", "staffing", "professionals")).dose == 0.5


def test_who_governs_is_governed_by_nobody() -> None:
    machine = equipped(make("stop-go"), make("sharpening", aim="all"))
    machine.advance()
    assert all(lever.governed(machine.ctx) is FREE for lever in machine.levers)


# ---------------------------------------------------------------- stop and go


def test_stop_go_stops_fades_and_begins_anew() -> None:
    found = course_of(9, make("stop-go", on_months=12.0, off_months=24.0), decay=0.0)
    assert found == pytest.approx([1.0] * 9, abs=0.05)
    lever, governor = (
        make("staffing", decay=12.0, ramp=10.0),
        make("stop-go", on_months=12.0, off_months=24.0),
    )
    doses = []
    for month in range(40):
        phase = month % 36
        governed = Governed(course=(min(phase + 1, 12), max(phase + 1 - 12, 0)), steady=0)
        doses.append(lever.dose(month, governed))
    assert governor.phase == "govern"
    assert doses[:12] == pytest.approx([min((m + 1) / 10, 1) for m in range(12)])
    assert doses[23] == pytest.approx(0.5)  # a half-life of twelve months after the stop
    assert doses[36] == pytest.approx(0.1)  # taken up again at the foot of the ramp


def test_what_begins_during_a_stop_waits_and_what_has_ended_stays_ended() -> None:
    """Months in force are those in which the window of the programme and the course overlap."""
    late = make("staffing", window=Window(70), ramp=18.0, decay=0.0)
    assert [late.dose(month, Governed(course=(60, month - 59))) for month in (70, 81)] == [0, 0]
    assert late.dose(168, Governed(course=(1, 0))) == pytest.approx(1 / 18)
    assert late.dose(180, Governed(course=(13, 0))) == pytest.approx(13 / 18)
    over = make("staffing", window=Window(0, 40), ramp=12.0, decay=36.0)
    assert over.dose(180, Governed(course=(13, 0))) == 0


def test_stop_go_that_begins_later_throws_nobody_back() -> None:
    machine = equipped(make("stop-go", window=Window(60), on_months=12.0, off_months=24.0))
    machine.ctx.month = 60
    machine.levers[0].step(machine.ctx)
    governed = machine.ctx.effects.governing.of(("x",))
    assert make("staffing", ramp=12.0).dose(60, governed) == 1


def test_half_the_strength_of_stop_go_leaves_half_the_dose() -> None:
    lever = make("staffing", decay=0.0, ramp=0.0)
    assert lever.dose(20, Governed(course=(12, 9), steady=0.5)) == pytest.approx(0.5)


def test_commitment_shields_from_stop_go() -> None:
    broken = course_of(14, make("stop-go", on_months=12.0, off_months=24.0))
    kept = course_of(14, make("stop-go", on_months=12.0, off_months=24.0), make("commitment"))
    half = course_of(14, make("stop-go", on_months=12.0, off_months=24.0), make("commitment", steady=0.5))
    assert broken[13] == 0
    assert kept[13] == pytest.approx(1, abs=0.05)
    assert half[13] == pytest.approx(0.5, abs=0.05)


def test_a_promise_of_four_years_ends_after_four_years() -> None:
    lever = make("commitment", years=4.0)
    machine = equipped(lever)
    machine.ctx.month = 47
    lever.step(machine.ctx)
    assert machine.ctx.effects.governing.of(("x",)).steady == 1
    machine.ctx.effects.clear()
    machine.ctx.month = 48
    lever.step(machine.ctx)
    assert machine.ctx.effects.governing.of(("x",)).steady == 0


def kept_doses(months: range, lever: Lever, *governors: Lever) -> list[float]:
    machine = equipped(*governors)
    found = []
    for month in months:
        machine.ctx.effects.clear()
        machine.ctx.month = month
        for governor in governors:
            governor.step(machine.ctx)
        found.append(lever.dose(month, machine.ctx.effects.governing.of(("x",))))
    return found


def test_nothing_fades_within_a_commitment_of_twenty_years() -> None:
    lever = make("staffing", ramp=60.0, decay=12.0)
    found = kept_doses(
        range(240), lever, make("stop-go", on_months=36.0, off_months=24.0), make("commitment")
    )
    assert found == [lever.dose(month) for month in range(240)]
    assert found[60:] == [1.0] * 180


def test_what_was_kept_fades_from_the_end_of_the_promise_and_not_from_the_stop() -> None:
    lever, stops = make("staffing", ramp=0.0, decay=12.0), make("stop-go", on_months=36.0, off_months=60.0)
    for governor in (make("commitment", years=5.0), make("commitment", window=Window(0, 60))):
        found = kept_doses(range(97), lever, stops, governor)
        assert found[:60] == [1.0] * 60
        assert found[60:96] == pytest.approx([2 ** (-(month + 1) / 12) for month in range(36)])
        assert found[96] == 1.0  # taken up again
    half = kept_doses(range(61), lever, stops, make("commitment", years=5.0, steady=0.5))
    assert half[60] == pytest.approx(0.5 * 2 ** (-1 / 12) + 0.5 * 2 ** (-25 / 12))


def test_a_promise_that_ended_long_ago_keeps_nothing() -> None:
    lever, stops = make("staffing", ramp=24.0, decay=12.0), make("stop-go", on_months=36.0, off_months=24.0)
    months = range(130)
    plain = kept_doses(months, lever, stops)
    assert kept_doses(months, lever, stops, make("commitment", window=Window(0, 24))) == pytest.approx(plain)


def test_a_stop_breaks_promises() -> None:
    machine = equipped(make("basic-job", ramp=0.0), make("stop-go", on_months=12.0, off_months=24.0))
    machine.advance()
    assert "basic-job" in machine.ctx.effects.programmes
    for _ in range(12):
        machine.advance()
    assert "basic-job" not in machine.ctx.effects.programmes


@pytest.mark.parametrize(("keep", "lasting"), [(1.0, True), (0.3, None)])
def test_councils_keep_a_programme_by_chance(keep: float, lasting: bool | None) -> None:
    lever = make("council-terms", keep=keep, term=12.0)
    machine = equipped(lever)
    in_force = []
    for month in range(0, 240, 12):
        machine.ctx.effects.clear()
        machine.ctx.month = month
        lever.step(machine.ctx)
        course = machine.ctx.effects.governing.of(("x",)).course
        assert course is not None
        in_force.append(course[1] == 0)
        assert min(course) >= 0
    assert in_force[0]
    assert all(in_force) if lasting else 0 < sum(in_force) < len(in_force)


def test_upkeep_keeps_a_part_after_the_end() -> None:
    lever = make("staffing", window=Window(0, 10), ramp=0.0, decay=0.0)
    assert lever.dose(30, Governed(floor=0.3)) == pytest.approx(0.3)
    assert lever.dose(30) == 0


# ---------------------------------------------------------------- pace, scale, say


def test_faster_decisions_shorten_the_ramp() -> None:
    lever = make("staffing", ramp=20.0)
    assert lever.dose(4, Governed(ramp=0.5)) == pytest.approx(0.5)
    assert lever.dose(4, Governed(sooner=3)) == pytest.approx(0.4)  # three months further on its way
    machine = equipped(make("faster-decisions", sooner=1.0, strength=0.5))
    machine.advance()
    assert machine.ctx.effects.governing.of(("x",)).sooner == pytest.approx(0.5)


def test_sharpening_spares_the_reorganisation() -> None:
    for avoided, expected in ((1.0, 1.0), (0.5, 0.875)):
        machine = equipped(make("reorganisation"), make("sharpening", avoided=avoided))
        machine.advance()
        offsets = machine.ctx.effects.offsets("professionals.hours", "district")
        ratio = 1.0 if offsets is None else float(np.exp(offsets[0]))
        assert ratio == pytest.approx(expected)


def test_a_reorganisation_passes_and_comes_again() -> None:
    lever = make("reorganisation", lasts=6.0, every=36.0)
    machine = equipped(lever)
    touched = []
    for month in (0, 5, 6, 35, 36):
        machine.ctx.effects.clear()
        machine.ctx.month = month
        lever.step(machine.ctx)
        touched.append(bool(machine.ctx.effects.touched()))
    assert touched == [True, True, False, False, True]


def test_more_parties_reach_more_and_are_thinner() -> None:
    once = course_of(1, make("wider-circle", doublings=1.0, kept=0.9))
    twice = course_of(1, make("wider-circle", doublings=2.0, kept=0.9))
    assert once[0] == pytest.approx(1.8, abs=0.05)
    assert twice[0] == pytest.approx(1.8**2, abs=0.1)


def test_a_say_raises_uptake_and_what_lasts() -> None:
    machine = equipped(make("residents-say", uptake=1.2, lasting=2.0))
    machine.advance()
    governed = machine.ctx.effects.governing.of(("x",))
    assert (governed.uptake, governed.decay) == pytest.approx((1.2, 2.0))


# ---------------------------------------------------------------- where


@pytest.mark.parametrize("name", ["targeting", "area-selection"])
def test_what_is_divided_keeps_its_mean(name: str) -> None:
    machine = equipped(make("basic-job", ramp=0.0, places_per_1000=10.0), make(name))
    machine.advance()
    plain = equipped(make("basic-job", ramp=0.0, places_per_1000=10.0))
    plain.advance()
    n = machine.ctx.world.n_districts
    divided, equal = (one.ctx.effects.funded("places.basic_job", n) for one in (machine, plain))
    assert divided.sum() == pytest.approx(equal.sum(), rel=1e-6)
    assert not np.allclose(divided, equal)


def test_a_blueprint_is_an_equal_dose() -> None:
    machine = equipped(make("targeting", fit=0.0))
    machine.advance()
    weights = machine.ctx.effects.governing.of(("x",)).weights
    assert weights is not None
    assert weights.tolist() == [1.0] * weights.size


def test_the_list_holds_the_district_with_the_lowest_index() -> None:
    machine = equipped(make("area-selection", selected=0.34))
    index = machine.ctx.world.district.afw.copy()
    machine.advance()
    weights = machine.ctx.effects.governing.of(("x",)).weights
    assert weights is not None
    assert int(np.argmax(weights)) == int(np.argmin(index))
    assert np.count_nonzero(weights) == 1


# ---------------------------------------------------------------- means


def test_means_grow_no_faster_than_can_be_absorbed() -> None:
    lever = make("extra-means", per_resident=600.0, absorption=0.15)
    machine = equipped(lever)
    base = machine.ctx.world.stores["professionals.base_fte"].sum(axis=1)
    n = machine.ctx.world.n_districts
    machine.ctx.month = 11
    lever.step(machine.ctx)
    posts = machine.ctx.effects.funded("fte.social_worker", n)
    assert posts == pytest.approx(base[0] * 0.15, rel=1e-6)


def test_a_national_pot_is_paid_by_the_state_to_the_municipality() -> None:
    lever = make("extra-means", per_resident=10.0)
    machine = equipped(lever)
    machine.ctx.month = 60
    lever.step(machine.ctx)
    booked = machine.ctx.ledger.month["national_pot"].sum()
    people = machine.ctx.world.by_district("resident").sum()
    assert booked == pytest.approx(10.0 * people / 12, rel=0.2)  # prices of 2023 in the year of the accounts


# ---------------------------------------------------------------- organisations and craft


def test_a_coalition_moves_its_own_pairs_only() -> None:
    lever = make("cooperation", partners="corporation,care", odds=3.0, hours=0.0, ramp=0.0)
    machine = equipped(lever)
    machine.advance()
    assert machine.ctx.effects.touched() == {"cooperation.corporation_care"}


def test_an_unknown_partner_is_refused_by_name() -> None:
    machine = equipped(make("cooperation", partners="corporation,wizards"))
    with pytest.raises(ValueError, match="'wizards'"):
        machine.advance()


def test_craft_grows_up_to_its_bound() -> None:
    lever = make("craft-network", ramp=0.0, growth=0.03, most=0.1)
    machine = equipped(lever)
    found = []
    for month in (11, 35, 119):
        machine.ctx.effects.clear()
        machine.ctx.month = month
        lever.step(machine.ctx)
        machine.ctx.effects.prepare(machine.ctx.world, 0.1, 10)
        offsets = machine.ctx.effects.offsets("professionals.craft", "professional")
        assert offsets is not None
        found.append(float(np.exp(offsets[machine.ctx.world.professional.rows[0]])))
    assert found == pytest.approx([1.03, 1.09, 1.1])


def test_discretion_reaches_open_cases_and_takes_hours() -> None:
    machine = equipped(make("discretion", ramp=0.0, coverage=1.0))
    machine.advance()
    hours = machine.ctx.effects.offsets("professionals.hours", "district")
    assert hours is not None
    assert np.exp(hours) == pytest.approx(np.full(hours.size, 0.92))


def test_a_target_of_groups_narrows_who_is_reached() -> None:
    young = LEVERS.get("basic-job")({"ramp": 0.0}, window=Window(0), target=Target(groups=("age=18-29",)))
    machine = equipped(young)
    machine.ctx.month = 0
    rows = machine.ctx.world.resident.rows
    inside = young.in_target(machine.ctx, "resident", rows)
    ages = machine.ctx.world.resident.age[inside]
    assert inside.size
    assert ages.min() >= 18
    assert ages.max() < 30
