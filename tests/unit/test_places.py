"""Place profiles: what ships is sound, and what somebody writes is checked with its place in the file."""

from pathlib import Path

import numpy as np
import pytest

from wijksim.core.errors import InputError
from wijksim.places.load import SHIPPED, base_places, load_place, place_names
from wijksim.places.schema import EducationShares, HouseholdShares, IncomeShares, TenureShares
from wijksim.state.codes import Education, HouseholdType, Tenure

# focus areas of the national programme (NPLV): each of its nineteen municipalities finds its own
FOCUS_AREAS = {
    "amsterdam-nieuw-west": "Amsterdam", "amsterdam-zuidoost": "Amsterdam", "arnhem-oost": "Arnhem",
    "breda-noord": "Breda", "delft-west": "Delft", "den-haag-zuidwest": "Den Haag", "dordrecht-west": "Dordrecht",
    "eindhoven-woensel-zuid": "Eindhoven", "groningen-noord": "Groningen", "heerlen-noord": "Heerlen",
    "leeuwarden-oost": "Leeuwarden", "lelystad-oost": "Lelystad", "nieuwegein-centrale-as": "Nieuwegein",
    "overvecht": "Utrecht", "roosendaal-ring": "Roosendaal", "rotterdam-zuid": "Rotterdam",
    "schiedam-nieuwland-oost": "Schiedam", "tilburg-noordwest": "Tilburg", "vlaardingen-westwijk": "Vlaardingen",
    "zaandam-oost": "Zaanstad",
}  # fmt: skip
ARCHETYPES = {"affluent-suburban", "average-urban", "vulnerable-urban"}
EXPECTED = ARCHETYPES | set(FOCUS_AREAS)


@pytest.fixture
def written(tmp_path):
    """Return a writer of a changed copy of a shipped place; gives its path."""

    def write(*changes: tuple[str, str]) -> str:
        text = (SHIPPED / "overvecht.yaml").read_text()
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "mine.yaml"
        path.write_text(text)
        return str(path)

    return write


def _problems(path: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_place(path)
    return [str(problem).removeprefix(path) for problem in caught.value.problems]


def _line(path: str, text: str) -> int:
    lines = Path(path).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_the_shipped_places():
    assert set(place_names()) == EXPECTED


def test_each_municipality_of_the_programme_finds_its_focus_areas():
    assert len(FOCUS_AREAS) == 20
    assert len(set(FOCUS_AREAS.values())) == 19
    places = [load_place(name) for name in FOCUS_AREAS]
    assert {place.name: place.municipality for place in places} == FOCUS_AREAS
    assert len({place.title for place in places}) == 20
    for place in places:
        assert place.kind == "neighbourhood"
        assert place.reference_weight is None
        # 1.2 million residents live in them, 55 % of these in a weak buurt (NPLV 2024)
        assert place.weak_share is not None
        assert place.buurt_spread is not None
        assert 0.05 < place.buurt_spread.value < 0.15
    residents = np.array([place.residents.value for place in places])
    weak = np.array([place.weak_share.value for place in places])
    assert residents.sum() == pytest.approx(1.18e6, rel=0.02)
    assert weak @ residents / residents.sum() == pytest.approx(0.55, abs=0.01)


def test_lines_go_through_places_that_stand_by_themselves():
    """A place whose figures lie on the lines must not be one of those through which they go."""
    alone = {place.name for place in base_places()}
    assert alone == ARCHETYPES | {
        "amsterdam-nieuw-west", "amsterdam-zuidoost", "den-haag-zuidwest", "overvecht", "rotterdam-zuid",
    }  # fmt: skip
    for name in set(FOCUS_AREAS) - alone:
        assert load_place(name).work.assistance.source == "lines"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_figure_has_source_year_and_kind(name):
    place = load_place(name)
    assert place.name == name
    figures = dict(place.figures())
    assert len(figures) >= 33
    for path, figure in figures.items():
        assert figure.source in place.sources, path
        assert 2000 <= figure.year <= 2025
        assert figure.note or figure.kind == "measured" or figure.source in ("mixture", "cbs-pc4"), path
    for whole in (place.tenure, place.households, place.ages, place.education, place.incomes):
        assert whole.shares().sum() == pytest.approx(1, abs=1e-12)
    # Not published at this scale: must not pose as measured.
    for figure in (
        place.work.assistance,
        place.households.family,
        place.education.none,
        place.incomes.fifth_2,
    ):
        assert figure.kind == "estimated"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_derived_properties(name):
    place = load_place(name)
    assert 0 < place.children_per_household / place.child_household_share < 3
    assert not place.inconsistencies()
    parts = [figure.value for key, figure in place.liveability.figures() if key != "afw"]
    assert sum(parts) == pytest.approx(place.liveability.afw.value, abs=0.004)


def test_published_figures():
    overvecht = load_place("overvecht")
    assert overvecht.tenure.corporation.value == 0.613
    assert overvecht.work.any_benefit.value == 0.228
    assert load_place("den-haag-zuidwest").dwellings.flat_share.value == 0.861
    assert load_place("vulnerable-urban").liveability.onv.value == -0.161
    assert load_place("affluent-suburban").dwellings.value.value == 624.6


def test_the_archetypes_mix_to_the_netherlands():
    # H002 and H021: 28.5 % corporation, 11.4 % benefit.
    places = [load_place(name) for name in place_names() if load_place(name).reference_weight]
    weights = np.array([place.reference_weight.value for place in places])
    assert weights.sum() == pytest.approx(1)
    assert weights @ [place.tenure.shares()[Tenure.CORPORATION] for place in places] == pytest.approx(
        0.285, abs=0.005
    )
    assert weights @ [place.work.any_benefit.value for place in places] == pytest.approx(0.112, abs=0.006)
    assert weights @ [place.work.assistance.value for place in places] == pytest.approx(0.036, abs=0.004)


@pytest.mark.parametrize(
    ("group", "codes"),
    [(TenureShares, Tenure), (HouseholdShares, HouseholdType), (EducationShares, Education)],
)
def test_fields_stand_in_the_order_of_the_codes(group, codes):
    assert [name.upper() for name in group.model_fields] == [code.name for code in codes]
    assert len(IncomeShares.model_fields) == 5


def test_an_own_file_works_and_need_not_be_complete_in_options(written):
    path = written(("name: overvecht", "name: my-street"), ("municipality: Utrecht\n", ""))
    place = load_place(path)
    assert (place.name, place.municipality) == ("my-street", None)
    assert place.reference_weight is None


def test_unknown_name_and_missing_file(tmp_path):
    with pytest.raises(InputError, match=r"there is no place 'overvegt'.*did you mean 'overvecht'"):
        load_place("overvegt")
    with pytest.raises(InputError, match="no such file"):
        load_place(str(tmp_path / "gone.yaml"))


def test_a_misspelt_figure_is_found_at_its_key(written):
    path = written(("  corporation:", "  coporation:"))
    line = _line(path, "coporation:")
    problems = _problems(path)
    assert f":{line}:3: unknown key 'tenure.coporation', did you mean 'corporation'?" in problems
    assert any("tenure.corporation: this figure is missing" in problem for problem in problems)


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("value: 0.051,", "value: 1.051,", "vacancy:", "dwellings.vacancy.value: input should be less than or"),
        ("value: 0.051,", "value: -0.1,", "vacancy:", "greater than or equal to 0"),
        ("value: 0.051,", "value: lots,", "vacancy:", "a number is expected here, not 'lots'"),
        ("value: 298.2,", "value: 0,", "  value:", "greater than 0"),
        ("value: 2.02,", "value: .nan,", "household_size:", "finite"),
        ("kind: neighbourhood", "kind: village", "kind: village", "'neighbourhood' or 'archetype'"),
        ("0.795, source: cbs-pc4, year: 2023,", "0.795, source: cbs-pc4, year: 23,", "flat_share:", "equal to 1990"),
        ("34465, source: cbs-pc4,", "34465, source: cbs-pc5,", "residents:", "source 'cbs-pc5' is not among"),
        ("value: 0.106,", "value: 0.306,", "assistance:", "assistance 0.306 exceeds any_benefit 0.228"),
        ("value: -0.265,", "value: -0.365,", "afw:", "afw -0.365 is not the sum of its five parts"),
        ("value: 2.02,", "value: 1.4,", "household_size:", "fewer than the 0.33 households with children"),
    ],
)  # fmt: skip
def test_values_that_cannot_be(written, old, new, at, message):
    path = written((old, new))
    problems = _problems(path)
    assert len(problems) == 1, problems
    assert message in problems[0]
    assert problems[0].startswith(f":{_line(path, at)}:")


def test_shares_that_do_not_sum_say_which(written):
    path = written(("value: 0.613,", "value: 0.713,"))
    problems = _problems(path)
    assert problems == [
        f":{_line(path, 'tenure:') + 1}:3: shares of tenure must sum to 1, these sum to 1.1 "
        "(corporation 0.713 + owner 0.2 + private 0.187)"
    ]


def test_everything_wrong_is_said_at_once(written):
    path = written(
        ("value: 0.613,", "value: 0.713,"),
        ("household_size:", "household_sise:"),
        ("  vacancy: {value: 0.051, source: cbs-pc4, year: 2023, kind: measured}\n", ""),
        ("year: 2022, kind: measured}\n  fys", "year: soon, kind: measured}\n  fys"),
    )
    problems = "\n".join(_problems(path))
    for part in (
        "shares of tenure",
        "household_sise",
        "dwellings.vacancy: this figure is missing",
        "liveability.won.year",
    ):
        assert part in problems


def test_too_many_young_children(written):
    path = written(
        ("age_0_14: {value: 0.18,", "age_0_14: {value: 0.38,"),
        ("age_25_44: {value: 0.331,", "age_25_44: {value: 0.131,"),
    )
    assert "there are 0.77 residents under 15 per household" in _problems(path)[0]
