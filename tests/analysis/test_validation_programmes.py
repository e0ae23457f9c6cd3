"""Known answers for pairs of runs, words written otherwise, and panels kept on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.test_validation import fact
from tests.analysis.validation_panels import panel

from wijksim.analysis.validation import shelf
from wijksim.analysis.validation.ensemble import mixed
from wijksim.analysis.validation.facts import shipped_facts
from wijksim.analysis.validation.pairs import places
from wijksim.analysis.validation.panel import Panel, joined
from wijksim.analysis.validation.score import score
from wijksim.analysis.validation.statistics import INPUT, NULL, SIMULATED, UNMEASURABLE, Panels, bind
from wijksim.analysis.validation.wording import plain

YEARS = 8


def pair_of(values: dict[str, np.ndarray], changed: dict[str, np.ndarray], programme: str) -> Panels:
    """Panels in which a programme works in the first half of the areas."""
    null, variant = panel(values), panel({**values, **changed})
    half = len(null.areas) // 2

    def marked(one: Panel) -> Panel:
        return replace(
            one, areas=tuple(replace(area, treated=row < half) for row, area in enumerate(one.areas))
        )

    return Panels(null, null, {NULL: marked(null), programme: marked(variant)})


def rows(first: float, second: float) -> np.ndarray:
    return np.concatenate([np.full((5, YEARS), first), np.full((5, YEARS), second)])


def measured(statistic: str, panels: Panels, *, pattern: str = "p") -> float:
    found = bind(fact(statistic, pattern=pattern))
    assert found.compute is not None, found.about
    return found.compute(panels)


def test_the_effect_of_allocation_is_that_where_it_works() -> None:
    panels = pair_of(
        {"liveability_relative": rows(0, 0)}, {"liveability_relative": rows(0.02, 0.9)}, "selective"
    )
    assert measured("selective allocation (Rotterdam Act) effect", panels) == pytest.approx(0.02)
    assert measured("selective allocation (Rotterdam Act) effect", panels.frozen()) == 0


def test_restructuring_is_weighed_against_the_social_package() -> None:
    still = {"liveability_relative": rows(0.1, 0)}
    built, helped = (
        pair_of(still, {"liveability_relative": rows(0.1 + gained, 0.9)}, name)
        for gained, name in ((0.03, "restructuring"), (0.005, "package"))
    )
    both = replace(built, pairs={**built.pairs, **helped.pairs})
    assert measured("effect of restructuring versus social packages", both) == pytest.approx(0.025)


def test_safety_per_point_of_ownership() -> None:
    panels = pair_of(
        {"feels_unsafe": rows(20, 20), "corporation_share": rows(50, 50)},
        {"feels_unsafe": rows(19.6, 5), "corporation_share": rows(40, 1)},
        "sale",
    )
    # of those who feel safe 0.5 % more, for ten points of ownership
    assert measured("change in safety per 1% more ownership", panels) == pytest.approx(0.05)


def test_what_fewer_staff_save_and_what_comes_back() -> None:
    panels = pair_of(
        {"staff_cost": rows(100, 100), "resource_cost": rows(1000, 1000)},
        {"staff_cost": rows(80, 100), "resource_cost": rows(995, 1000)},
        "care_cut",
    )
    assert measured("share of saving lost", panels) == pytest.approx(75)


def test_displacement_counts_neighbours_and_the_rest_of_the_city() -> None:
    panels = pair_of(
        {"offender_days": rows(10, 10), "days_to_rest": rows(0, 0)},
        {"offender_days": rows(6, 11), "days_to_rest": rows(0.5, 0.5)},
        "police",
    )
    assert measured("share of local gain lost: police test 2024", panels) == pytest.approx(50)


def test_crime_falls_with_police_as_an_elasticity_says() -> None:
    panels = pair_of(
        {"registered_crime": rows(50, 50), "police_presence": rows(0.2, 0.2)},
        {"registered_crime": rows(50 * 1.5**-0.4, 80), "police_presence": rows(0.3, 0.2)},
        "police",
    )
    assert measured("crime and nuisance per 1% police", panels) == pytest.approx(-0.4)


def test_work_added_is_counted_per_person_who_ever_had_a_basic_job() -> None:
    """Three more in work every month, over 1/15 who enter a year: 6 x 3 / 12 over (2.5 + ... + 7.5) / 15."""
    panels = pair_of(
        {"participation": rows(60, 60), "basic_job_entries": rows(0, 0)},
        {"participation": rows(63, 60), "basic_job_entries": rows(1 / 15, 0)},
        "basic_jobs",
    )
    assert measured("employment effect participants; area effect", panels) == pytest.approx(75)


def test_nothing_to_divide_by_is_told_and_not_fatal() -> None:
    none = {
        name: np.zeros((4, 2)) for name in ("assistance_exits_first_year", "assistance_exits_after_three")
    }
    card = score([fact("exit chance <1yr divided by >3yr")], Panels(panel(none), panel(none)), resamples=3)
    assert card.verdicts[0].status == UNMEASURABLE
    assert "too few" in card.verdicts[0].reason


def test_a_programme_that_was_not_run_is_told() -> None:
    made = panel({"liveability_relative": rows(0, 0)})
    card = score([fact("selective allocation (Rotterdam Act) effect")], Panels(made, made), resamples=2)
    assert card.verdicts[0].status == UNMEASURABLE
    assert card.verdicts[0].reason == "the model does not record selective"


def test_gaps_and_slopes_come_from_conditions_and_not_from_start_scores() -> None:
    start = np.repeat([-0.3, 0.0], 5)
    made = panel({"conditions_onv": rows(-0.5, -0.4), "liveability_onv": rows(-9, 0)}, start=start)
    found = measured("gap weak buurten minus rest: nuisance/insecurity", Panels(made, made))
    assert found == pytest.approx(-0.1)
    assert bind(fact("gap weak buurten minus rest: amenities")).kind == INPUT


@pytest.mark.parametrize(
    ("words", "shipped"),
    [
        ("Correlation between corporation share and benefit share, urban PC4", "HP01a"),
        ("autocorrelation of the liveability index over ten years", "HP09b"),
        ("standard deviation of ten-year change", "HP10a"),
        ("segregation index of corporation dwellings", "HP17a"),
        ("benefit share where social housing share is ≤10 %", "HP01b"),
        ("bijstand share where corporation share is 50–66.7%", "HP02i"),
        ("moves in a year at age 25", "HP27a"),
        ("proportion of debt persons that are new within a year", "PAT-08"),
    ],
)
def test_words_written_otherwise_find_the_same_statistic(words: str, shipped: str) -> None:
    known = next(one for one in shipped_facts() if one.id == shipped)
    found = bind(fact(words, id="ZZ1", pattern=known.pattern))
    assert (found.about, found.kind) == (bind(known).about, bind(known).kind)


def test_a_known_id_helps_where_words_do_not_but_not_for_another_subject() -> None:
    known = next(one for one in shipped_facts() if one.id == "PAT-12")
    told = replace(known, statistic="how many of them are carried out")
    assert bind(told).about == bind(known).about
    other = replace(told, pattern="Storks", unit="storks")
    assert bind(other).kind == UNMEASURABLE


def test_other_numbers_are_another_fact() -> None:
    assert bind(fact("autocorrelation of total score over 6 years")).about.endswith("6 years apart")
    assert plain("Over 2 Years  –  5 %") == "over 2 years - 5%"


def test_at_least_a_hundred_facts_are_bound_to_simulated_state() -> None:
    assert sum(bind(one).kind == SIMULATED for one in shipped_facts()) >= 100


def test_panels_come_back_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path / "kept"))
    made, calls = panel({"problem_debt": rows(1, 2)}, start=np.arange(10.0)), []

    def make() -> dict[str, Panel]:
        calls.append(1)
        return {"all": made}

    first, second = (shelf.stored(("key", 1), make) for _ in range(2))
    assert len(calls) == 1
    assert repr(second["all"].areas) == repr(first["all"].areas)
    np.testing.assert_array_equal(second["all"].yearly("problem_debt"), made.yearly("problem_debt"))
    shelf.stored(("key", 2), make)
    assert len(calls) == 2
    for path in (tmp_path / "kept").iterdir():
        path.write_bytes(b"broken")
    assert shelf.stored(("key", 1), make)["all"] is made


def test_futures_stand_side_by_side_with_cities_of_their_own() -> None:
    one = panel({"problem_debt": rows(1, 2)})
    both = joined([one, one])
    assert len(both.areas) == 20
    assert both.world.max() == 2 * one.world.max() + 1
    np.testing.assert_array_equal(both.yearly("problem_debt")[10:], one.yearly("problem_debt"))


def test_places_stand_in_national_proportions() -> None:
    spots = mixed(120, seed=3)
    corporation = np.array([spot.place.tenure.corporation.value for spot in spots])
    benefit = np.array([spot.place.work.any_benefit.value for spot in spots])
    assert corporation.mean() == pytest.approx(0.285, abs=0.06)
    assert benefit.mean() == pytest.approx(0.114, abs=0.02)
    assert corporation.min() < 0.12
    assert corporation.max() > 0.55
    assert all(not spot.place.inconsistencies() for spot in spots)


def test_programmes_leave_look_alikes_untouched() -> None:
    works = [treated for place, treated in places() if place.liveability.afw.value < -0.17]
    assert 0 < sum(works) < len(works)
    assert not any(treated for place, treated in places() if place.liveability.afw.value > -0.1)
