"""Known answers for the score card: statistics, binding by words, families, and bad tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.analysis.validation_panels import panel

from wijksim.analysis.validation.areas import correlation, dissimilarity, hinge_gain
from wijksim.analysis.validation.facts import shipped_facts
from wijksim.analysis.validation.patterns import COLUMNS, Pattern, read_patterns
from wijksim.analysis.validation.score import score
from wijksim.analysis.validation.statistics import INPUT, SIMULATED, UNMEASURABLE, Panels, bind
from wijksim.core.errors import InputError

HEAD = ",".join(COLUMNS)


def fact(
    statistic: str,
    *,
    low: float = 0,
    high: float = 1,
    use: str = "fit",
    id: str = "X1",
    pattern: str = "p",
) -> Pattern:
    return Pattern(id, use, pattern, statistic, None, low, high, "", "", "", "", "t.csv", 1)


def value(statistic: str, real, blind=None, pattern: str = "p") -> float:
    found = bind(fact(statistic, pattern=pattern))
    assert found.compute is not None, found.about
    return found.compute(Panels(real, blind or real))


def test_persistence_of_a_known_process() -> None:
    """Readings that keep a part rho a year correlate rho to the power of the lag."""
    luck, rho, count, years = np.random.default_rng(3), 0.95, 4000, 12
    score_ = luck.normal(size=(count, 1))
    rows = [score_[:, 0]]
    for _ in range(years):
        rows.append(rho * rows[-1] + np.sqrt(1 - rho**2) * luck.normal(size=count))
    readings = np.array(rows).T
    made = panel({"liveability_reading": readings[:, 1:]}, start=readings[:, 0])
    for lag in (2, 10):
        assert value(f"autocorrelation of total score over {lag} years", made) == pytest.approx(
            rho**lag, abs=0.03
        )
    assert value("SD of 10-year change", made) == pytest.approx(np.sqrt(2 - 2 * rho**10), rel=0.03)


def test_dissimilarity_of_known_tables() -> None:
    assert dissimilarity(np.array([10.0, 0]), np.array([0, 30.0])) == 1
    assert dissimilarity(np.array([10.0, 20]), np.array([1, 2.0])) == 0
    assert dissimilarity(np.array([3.0, 1]), np.array([1, 3.0])) == pytest.approx(0.5)


def test_a_broken_line_is_told_from_a_straight_one() -> None:
    x = np.linspace(0, 60, 200)
    noise = np.random.default_rng(0).normal(0, 0.01, 200)
    assert hinge_gain(x, 0.02 * x + noise) == pytest.approx(0, abs=0.01)
    assert hinge_gain(x, np.maximum(x - 30, 0) + noise) > 0.1


def test_correlations_between_areas_come_from_the_blind_start() -> None:
    x = np.linspace(0, 50, 40)[:, None] + np.zeros((40, 4))
    real = panel({"corporation_share": x, "benefit_share": x})
    blind = panel({"corporation_share": x, "benefit_share": -x})
    words = "correlation corporation share ~ benefit share, urban PC4"
    assert value(words, real, blind) == pytest.approx(-1)
    assert np.isnan(correlation(np.ones(9), np.arange(9.0)))


@pytest.mark.parametrize(
    ("band", "expected"), [("<=10%", 5.0), ("10-20%", 15.0), ("50-66.7%", 55.0), (">66.7%", 80.0)]
)
def test_bands_of_corporation_share(band: str, expected: float) -> None:
    share = np.array([[5.0], [15.0], [55.0], [80.0]]) + np.zeros((4, 2))
    made = panel({"corporation_share": share, "benefit_share": share})
    assert value(f"benefit share where corporation share is {band}", made) == expected


def test_neighbours_are_areas_of_one_city() -> None:
    luck = np.random.default_rng(1)
    city = np.repeat(luck.normal(size=50), 8)
    steps = np.cumsum(np.ones((400, 10)), axis=1) * city[:, None]
    made = panel({"liveability_reading": steps}, start=np.zeros(400))
    assert value("correlation of 10-year change with adjacent postcodes", made) == pytest.approx(1)


def test_the_trivial_model_only_walks() -> None:
    walk = np.cumsum(np.random.default_rng(2).normal(0, 0.01, (30, 6)), axis=1)
    made = panel(
        {"problem_debt": np.arange(180.0).reshape(30, 6), "liveability_reading": walk * 3, "walk_total": walk}
    ).frozen()
    assert np.all(made.yearly("problem_debt") == made.yearly("problem_debt")[:, :1])
    moved = made.yearly("liveability_reading") - made.yearly("liveability_reading")[:, :1]
    np.testing.assert_allclose(moved, walk - walk[:, :1])


def test_shipped_facts_are_bound_and_told() -> None:
    facts = shipped_facts()
    assert (len(facts), sum(one.use == "fit" for one in facts)) == (157, 45)
    kinds = [bind(one).kind for one in facts]
    assert set(kinds) == {SIMULATED, INPUT, UNMEASURABLE}
    assert all(bind(one).about for one in facts)
    assert not [one.id for one in facts if bind(one).block == "other"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("moves per year at age 35", SIMULATED),
        ("autocorrelation of total score over 6 years", SIMULATED),
        ("bijstand share where corporation share is 20-40%", SIMULATED),
        ("dissimilarity index corporation dwellings", INPUT),
        ("number of storks", UNMEASURABLE),
    ],
)
def test_rows_of_the_same_form_are_understood_under_any_id(words: str, kind: str) -> None:
    assert bind(fact(words, id="ZZ99")).kind == kind


def test_a_family_has_one_vote() -> None:
    share = np.array([[5.0], [15.0], [25.0], [80.0]]) + np.zeros((4, 2))
    made = panel({"corporation_share": share, "benefit_share": share})
    rows = [
        fact(f"benefit share where corporation share is {band}", low=low, high=low + 1, id=f"HP01{letter}")
        for letter, band, low in (("a", "<=10%", 5), ("b", "10-20%", 15), ("c", ">60%", 0))
    ]
    card = score(rows, Panels(made, made), resamples=5)
    assert [one.status for one in card.verdicts] == ["pass", "pass", "fail"]
    assert [(one.name, one.passes, one.trivial) for one in card.families] == [("HP01", True, True)]
    assert card.summary()["evidence"] == []
    assert card.as_dict()["patterns"][0]["interval"] is not None
    assert len(card.as_csv().splitlines()) == 4


def test_what_is_not_recorded_or_has_no_band_is_told() -> None:
    made = panel({"problem_debt": np.ones((4, 2))})
    rows = [fact("weekly contact with neighbours"), fact("number of storks")]
    card = score(rows, Panels(made, made), resamples=2)
    assert [one.status for one in card.verdicts] == [UNMEASURABLE, UNMEASURABLE]
    assert card.verdicts[0].reason == "the model does not record contact_weekly"
    assert card.families == ()


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["fit,A1,p,s,1,2,1,,,,,"], ":2:1: low 2 lies above high 1"),
        (["fix,A1,p,s,1,0,1,,,,,"], ":2:1: use 'fix' is neither fit nor check, did you mean 'fit'?"),
        (["fit,A1,p,s,x,0,1,,,,,"], ":2:1: value 'x' is no number"),
        (["fit,A1,p,s,1,nan,1,,,,,"], ":2:1: low 'nan' is no number"),
        (["fit,A1,p,s,1,0,,,,,,"], ":2:1: a band needs both low and high"),
        (["fit,A1,p,s,1,0,1,,,,,", "", "fit,A1,p,s,1,0,1,,,,,"], ":4:1: id 'A1' stands in line 2 already"),
        (["fit,A1,p"], ":2:1: 3 cells under 12 headings"),
        (["fit,,p,,1,0,1,,,,,"], ":2:1: 'id' is empty"),
        ([], "there is no row below the headings"),
    ],
)
def test_bad_tables_are_refused_with_their_place(tmp_path: Path, rows: list[str], problem: str) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n")
    with pytest.raises(InputError) as caught:
        read_patterns([path])
    assert any(problem in str(one) for one in caught.value.problems), caught.value.problems


def test_a_heading_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(HEAD.replace("statistic", "statistics") + "\n")
    with pytest.raises(InputError, match="column 'statistic' is missing, did you mean 'statistics'"):
        read_patterns([path])


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(f"{HEAD}\nfix,A1,p,s,1,0,1,,,,,\nfit,A2,p,s,x,0,1,,,,,\n")
    with pytest.raises(InputError) as caught:
        read_patterns([path, tmp_path / "none.csv"])
    assert len(caught.value.problems) == 3


def test_a_correlation_of_buurten_keeps_the_luck_of_one_year_and_that_of_larger_areas_does_not() -> None:
    luck = np.random.default_rng(3)
    share = np.repeat(np.linspace(0, 80, 60)[:, None], 10, axis=1)
    poor = 10 + share / 10 + luck.normal(0, 3, share.shape)
    made = panel({"corporation_share": share, "poverty": poor})
    panels = Panels(made, made)
    words = "correlation corporation share ~ low income"
    small = bind(fact(words, pattern="Low income follows tenure at buurt level (Amsterdam)")).compute
    large = bind(fact(words, pattern="Low income follows tenure")).compute
    assert small is not None
    assert large is not None
    by_year = [np.corrcoef(share[:, year], poor[:, year])[0, 1] for year in range(5, 10)]
    assert small(panels) == pytest.approx(np.mean(by_year))
    assert large(panels) == pytest.approx(np.corrcoef(share[:, 0], poor[:, 5:].mean(axis=1))[0, 1])
    assert small(panels) < large(panels) - 0.05
