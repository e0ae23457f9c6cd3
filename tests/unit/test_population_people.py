"""Synthetic people: national prevalences on the reference mixture, gradients by composition, person effects."""

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.population_example import PLACES, VALUES, age_of, make

from wijksim.build.base import build_base, build_homes, owners
from wijksim.build.choose import bernoulli_balanced, take
from wijksim.build.dwellings import StockPlan
from wijksim.build.factors import CATEGORIES, Fixed, Latest, fixed
from wijksim.build.population import synthesise
from wijksim.build.reference import calibrate, reference_places
from wijksim.build.traits import solve_intercept
from wijksim.core.rng import Draws
from wijksim.parameters.store import shipped_parameters
from wijksim.places.load import load_place
from wijksim.places.schema import Place
from wijksim.state.codes import Activity


def test_the_reference_mixture_has_the_national_prevalences():
    totals = np.zeros(4)
    for place in reference_places():
        for seed in (1, 2):
            district = make(place.name, 6000, seed)
            people, households = district.residents, district.households
            found = [people.psychiatric, people.addiction, people.cognitive, households.problem_debt]
            totals += place.reference_weight.value / 2 * np.array([flag.mean() for flag in found])
    wanted = [
        VALUES[f"build.{name}_share"] for name in ("psychiatric", "addiction", "cognitive", "problem_debt")
    ]
    np.testing.assert_allclose(totals, wanted, rtol=0.08)


def _with_tenure(
    name: str, tenure: tuple[float, ...], benefit: float, assistance: float, work: float
) -> Place:
    data = load_place(name).model_dump()
    for key, value in zip(("corporation", "owner", "private"), tenure, strict=True):
        data["tenure"][key]["value"] = value
    for key, value in (("any_benefit", benefit), ("assistance", assistance), ("net_participation", work)):
        data["work"][key]["value"] = value
    return Place.model_validate(data)


def test_composition_alone_makes_the_gradient():
    # PAT-15 and PAT-16: about four and three times between areas of corporation homes and areas without.
    heavy = _with_tenure("overvecht", (0.78, 0.10, 0.12), 0.25, 0.125, 0.60)
    without = _with_tenure("average-urban", (0.02, 0.80, 0.18), 0.07, 0.013, 0.76)
    rates = []
    for place in (heavy, without):
        districts = [synthesise(place, dwellings=2000, draws=Draws(seed), values=VALUES) for seed in (1, 2)]
        rates.append(
            [
                np.mean([getattr(d.residents, flag).mean() for d in districts])
                for flag in ("psychiatric", "cognitive")
            ]
        )
    ratio = np.array(rates[0]) / rates[1]
    assert 3 < ratio[0] < 5
    assert 2.2 < ratio[1] < 3.8


def test_no_tenure_weight_no_tenure_effect_beyond_composition():
    flat = {
        name: 0.0 if "psychiatric_" in name and "share" not in name else value
        for name, value in VALUES.items()
    }
    district = synthesise(load_place("vulnerable-urban"), dwellings=2000, draws=Draws(1), values=flat)
    adults = age_of(district) >= 18
    assert district.residents.psychiatric[adults].mean() == pytest.approx(0.0195, abs=0.0025)
    assert not district.residents.psychiatric[~adults].any()


def test_person_effects():
    people = [make(name).residents for name in PLACES]
    frailty, nuisance, uptake, ability = (
        np.concatenate([getattr(p, name) for p in people])
        for name in ("frailty", "nuisance_intensity", "uptake", "ability")
    )
    assert frailty.mean() == pytest.approx(0, abs=0.03)
    assert frailty.var() == pytest.approx(1, rel=0.06)
    assert uptake.min() >= 0
    assert uptake.max() <= 1
    assert nuisance.mean() == pytest.approx(1, abs=0.04)
    assert np.log(nuisance).std() == pytest.approx(VALUES["build.nuisance_spread"], rel=0.03)
    need = np.concatenate(
        [p.psychiatric.astype(int) + p.addiction + p.cognitive + (p.activity == Activity.ASSISTANCE)
         + make(name).households.problem_debt[p.household] for name, p in zip(PLACES, people, strict=True)]
    )  # fmt: skip
    assert np.corrcoef(uptake, need)[0, 1] == pytest.approx(-0.33, abs=0.06)
    cognitive = np.concatenate([p.cognitive for p in people])
    assert ability[cognitive].mean() < ability[~cognitive].mean() - 1


@pytest.mark.parametrize("name", PLACES)
def test_milieu_says_nothing_about_anybody(name):
    district = make(name)
    people, households = district.residents, district.households
    trouble = people.psychiatric.astype(int) + people.addiction + people.cognitive
    with_debt = households.problem_debt[people.household]
    facts = (households.income[people.household], trouble, with_debt, people.activity == Activity.ASSISTANCE)
    labels = np.unique(people.milieu)
    assert labels.size == VALUES["build.milieus"]
    for label in labels:
        for fact in facts:
            assert abs(np.corrcoef(people.milieu == label, fact)[0, 1]) < 0.05
    assert (np.bincount(people.milieu[households.start]) > len(households) / labels.size - 2).all()


def test_skills_fall_with_age_and_rise_with_schooling():
    people = [make(name) for name in PLACES]
    age = np.concatenate([age_of(d) for d in people])
    digital, language, education = (
        np.concatenate([getattr(d.residents, name) for d in people])
        for name in ("digital", "language", "education")
    )
    assert digital[(age > 75)].mean() < digital[(age > 25) & (age < 45)].mean() - 0.2
    assert language[(age > 25) & (education == 0)].mean() < language[(age > 25) & (education == 3)].mean()
    assert digital.min() >= 0
    assert digital.max() <= 1


# --- pieces -------------------------------------------------------------------------------------


def test_take_is_exact_and_weighted():
    n = 20_000
    weight = np.where(np.arange(n) % 2 == 0, np.log(3.0), 0.0)
    noise = -np.log(-np.log((np.random.default_rng(1).permutation(n) + 0.5) / n))
    chosen = take(weight, noise, np.arange(n) < n - 100, 400)
    assert chosen.sum() == 400
    assert not chosen[n - 100 :].any()
    assert chosen[::2].mean() / chosen[1::2].mean() == pytest.approx(3, rel=0.3)
    assert take(weight, noise, np.arange(n) < 5, 9).sum() == 5


def test_balanced_events_have_the_expected_total():
    chance = np.linspace(0, 0.5, 1001)
    luck = np.random.default_rng(2).random(1001)
    total = bernoulli_balanced(chance, luck, 0.3).sum()
    assert abs(total - chance.sum()) <= 1
    certain = np.where(np.arange(1001) < 10, 1.0, 0.0)
    np.testing.assert_array_equal(bernoulli_balanced(certain, luck, 0.9), certain == 1)


def test_intercepts_are_solved():
    eta, weight = np.array([-1.0, 0.0, 2.0]), np.array([1.0, 2.0, 1.0])
    intercept = solve_intercept(eta, weight, 0.07)
    assert np.average(1 / (1 + np.exp(-(intercept + eta))), weights=weight) == pytest.approx(0.07, rel=1e-6)
    assert solve_intercept(np.zeros(3), weight, 0.5) == pytest.approx(0, abs=1e-6)
    assert solve_intercept(np.zeros(3), weight, 0.5, spread=1.2) == pytest.approx(0, abs=1e-6)
    with pytest.raises(ValueError, match="between 0 and 1"):
        solve_intercept(eta, weight, 1.0)


class _Recorder(Fixed):
    """Values that remember which of them were read."""

    def __init__(self, values):
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name):
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.read.add(name)
        return super().get(name, default)


def test_every_parameter_of_the_build_is_used():
    """A misspelt weight would silently count as zero."""
    values = _Recorder(VALUES)
    synthesise(load_place("average-urban"), dwellings=600, draws=Draws(1), values=values)
    inside = {"build.reference_dwellings"} | {
        f"build.{n}_share" for n in ("psychiatric", "addiction", "cognitive")
    }
    inside |= {f"build.{n}_share" for n in ("problem_debt", "contributor")}
    inside |= {f"build.{n}_low_share" for n in ("language", "digital", "reading")}
    unused = {
        name
        for name, parameter in shipped_parameters().items()
        if name.startswith("build.") and name not in values.read | inside
    }
    assert not unused
    assert calibrate(VALUES).intercepts.keys() >= {"psychiatric", "problem_debt", "language"}


def test_base_is_what_the_district_is_made_of():
    base = build_base(
        load_place("overvecht"), dwellings=100, draws=Draws(1), values=VALUES, uid_start=0, district=0
    )
    factors = base.person_factors()
    assert set(factors) <= set(CATEGORIES)
    for name, codes in factors.items():
        assert codes.shape == (base.n_residents,)
        assert codes.min() >= 0
        assert codes.max() < len(CATEGORIES[name])


@pytest.mark.parametrize("moved", [0, 1])
def test_owners_are_those_of_the_homes_that_households_get(moved):
    """Also where roundings leave an owner with a home more or less than there are households planned for it."""
    draws, place = Draws(4), load_place("overvecht")
    base = build_base(place, dwellings=150, draws=draws, values=VALUES, uid_start=0, district=0)
    counts = base.homes.dwellings.copy()
    counts[0, 0] -= moved
    counts[1, 0] += moved
    base = replace(base, homes=StockPlan(counts, base.homes.vacant))
    homes = build_homes(place, base, draws=draws, values=VALUES, district=0)
    assert owners(base, draws, VALUES).tolist() == homes.stock.dwellings.owner[homes.dwelling].tolist()


def test_people_are_made_of_few_parameters():
    assert fixed({**VALUES, "debt.shock_rate": 2.0}) is fixed(VALUES)
    other = fixed({**VALUES, "build.milieus": 5.0})
    assert other != fixed(VALUES)
    assert other["build.milieus"] == 5


def test_only_the_latest_are_kept():
    latest, made = Latest(2), []
    for key in (1, 2, 1, 3, 2):
        latest((key,), lambda key=key: made.append(key))
    assert made == [1, 2, 3]
    latest((1,), lambda: made.append(1))
    assert made == [1, 2, 3, 1]
