"""A file of the user's own prices: what is read, what is refused where, and what it is in the euros of the model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from wijksim.cli.price_file import price_file
from wijksim.core.documents import load_text
from wijksim.core.errors import InputError
from wijksim.kernel.context import Context
from wijksim.kernel.prices import price_of
from wijksim.model.assemble import parameters_of
from wijksim.model.known import all_parameters, load_scenario, load_scenarios
from wijksim.runs.forks import same_warmup
from wijksim.runs.manifest import manifest
from wijksim.scenario.prices import (
    LEVERS,
    Price,
    is_price,
    load_prices,
    only_booked,
    prices_among,
    prices_text,
    with_prices,
)
from wijksim.scenario.resolve import SetValue

KNOWN = all_parameters().parameters
VALUES = {name: one.value for name, one in KNOWN.items()}
HOMELESS = "prices.homeless_year"  # in euros of 2011
WORKER = "prices.fte_social_worker"  # in euros of 2024


@pytest.fixture
def read(tmp_path: Path):
    def reading(text: str) -> tuple[Price, ...]:
        path = tmp_path / "prices.yaml"
        path.write_text(text, encoding="utf-8")
        return load_prices(path, KNOWN)

    return reading


class _Seen:
    """As much of a run as a price needs."""

    def __init__(self, price: Price) -> None:
        self.parameters = KNOWN
        self.values = VALUES | {price.name: price.value}


def _paid(price: Price) -> float:
    seen: Context = _Seen(price)  # type: ignore[assignment]
    return price_of(seen, price.name)


def test_a_plain_number_is_in_the_euros_of_the_price_it_replaces(read) -> None:
    (one,) = read(f"{HOMELESS}: 25000\n")
    assert (one.name, one.written, one.value, one.year, one.source) == (HOMELESS, 25000, 25000, 2011, "")
    assert "'year' says which euros you mean" in one.remarks[0]
    (one,) = read(f"{WORKER}: 100000\n")
    assert one.remarks == ()


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        (HOMELESS, 2024, 30000.0),
        (HOMELESS, 2020, 30000.0 * 1.212),
        (WORKER, 2024, 30000.0),
        (WORKER, 2017, 30000.0 * 1.281),
        ("prices.burglary_loss", 2024, 30000.0),  # its own year lies before the index
        ("prices.burglary_loss", 1991, 30000.0 * 1.357),
        ("prices.crisis_police", 2012, 30000.0 * 1.357),
    ],
)
def test_a_price_of_another_year_costs_what_the_index_makes_of_it(read, name, year, expected) -> None:
    (one,) = read(f"{name}: {{value: 30000, year: {year}}}\n")
    assert one.year == year
    assert _paid(one) == pytest.approx(expected, rel=1e-12)


def test_an_amount_of_the_same_year_is_taken_to_the_last_digit(read) -> None:
    (one,) = read(f"{HOMELESS}: {{value: 23236.1, year: 2011}}\n")
    assert one.value == 23236.1


def test_what_the_model_has_already_changes_nothing(read) -> None:
    assert read(f"{WORKER}: {{value: 93600, year: 2024, source: mine}}\n{HOMELESS}: 23236\n") == ()


def test_source_and_order(read) -> None:
    found = read(
        f'{HOMELESS}: {{value: 1, source: "Jaarrekening  Utrecht\\n2024"}}\n{WORKER}: {{value: 2}}\n'
    )
    assert [one.name for one in found] == [WORKER, HOMELESS]
    assert found[1].source == "Jaarrekening Utrecht 2024"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("prices.homeles_year: 3", "1:1", "did you mean 'prices.homeless_year'?"),
        ("homeless_year: 3", "1:1", "did you mean 'prices.homeless_year'?"),
        ("debt.entry_rate: 0.2", "1:1", "is no price but a number in '1/year'"),
        ("prices.base_year: 2020", "1:1", "is no price"),
        ("lever.mentors.coverage: 1", "1:1", "is an option of a lever: write 'coverage'"),
        ("5: 3", "1:1", "there is no price '5'"),
        (f"{WORKER}: -3", "1:27", "must be at least 0, not -3"),
        (f"{WORKER}: {{value: -3}}", "1:35", "must be at least 0, not -3"),
        (f"{WORKER}: veel", "1:27", "must be a number, not the text 'veel'"),
        (f'{WORKER}: "12"', "1:27", "must be a number, not the text '12'"),
        (f"{WORKER}: true", "1:27", "must be a number, not true"),
        (f"{WORKER}: [1]", "1:27", "must be a number, not a list"),
        (f"{WORKER}:", "1:26", "must be a number, not nothing"),
        (f"{WORKER}: .inf", "1:27", "must be a finite number"),
        (f"{WORKER}: .nan", "1:27", "must be a finite number"),
        (f"{WORKER}: {{year: 2024}}", "1:27", "needs a 'value'"),
        (f"{WORKER}: {{value: 3, yaer: 2020}}", "1:38", "has no key 'yaer', did you mean 'year'?"),
        (f"{WORKER}: {{value: 3, zzz: 1}}", "1:38", "has no key 'zzz', choose from source, value, year"),
        (f"{WORKER}: {{value: 3, year: 2011}}", "1:44", "must lie in 2012 to 2024"),
        (f"{WORKER}: {{value: 3, year: 2031}}", "1:44", "must lie in 2012 to 2024"),
        (f"{HOMELESS}: {{value: 3, year: 2010}}", "1:40", "or 2011, that of the price in the model"),
        (f'{WORKER}: {{value: 3, year: "2020"}}', "1:44", "must be a year as 2024"),
        (f"{WORKER}: {{value: 3, year: 2020.5}}", "1:44", "must be a year as 2024"),
        (f"{WORKER}: {{value: 3, source: 3}}", "1:46", "must be text, not 3"),
        (f"{WORKER}: 3\n{WORKER}: 4", "2:1", "already used on line 1"),
        ("work.minimum_wage: 0", "1:20", "must be more than 0"),
        ("- 3", "1:1", "keys with values"),
        ("# nothing", "1:1", "the file is empty"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(read, tmp_path, text, place, words) -> None:
    with pytest.raises(InputError) as caught:
        read(text + "\n")
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{tmp_path / 'prices.yaml'}:{place}: ")
    assert words in str(problem)


def test_everything_wrong_is_told_at_once(read) -> None:
    with pytest.raises(InputError) as caught:
        read(f"nothing.like: 1\n{WORKER}: {{value: x, year: x, source: 1, zzz: 1}}\n{HOMELESS}: -1\n")
    assert [problem.line for problem in caught.value.problems] == [1, 2, 2, 2, 2, 3]


def test_a_missing_file_and_a_wrong_scenario_are_told_together(tmp_path) -> None:
    (tmp_path / "prices.yaml").write_text(f"{WORKER}: 1\n")
    with pytest.raises(InputError) as caught:
        load_scenarios(["baselin"], prices=tmp_path / "price.yaml")
    assert "did you mean 'baseline'" in str(caught.value)
    assert "did you mean" in str(caught.value).replace("did you mean 'baseline'", "")


def test_a_price_outside_the_range_is_taken_with_a_word(read) -> None:
    (one,) = read(f"{WORKER}: {{value: 200000, year: 2024}}\n")
    assert one.beyond
    assert one.value == 200000
    assert "outside the 88400 to 150000" in one.remarks[0]
    assert one.replaced().problems() == []
    assert with_prices(KNOWN, [one])[WORKER].high == 200000
    (one,) = read(
        f"{WORKER}: {{value: 0}}\n"
    )  # free for those who pay, which leaves everybody's life as it is
    assert one.value == 0
    # a scenario is held to the range as ever
    with pytest.raises(InputError, match="must lie in 88400 to 150000"):
        load_scenario("baseline", overrides={f"set.{WORKER}": 200000})


def test_prices_are_part_of_what_a_run_is(tmp_path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"{WORKER}: {{value: 100000, source: one}}\n")
    plain, mine = load_scenario("baseline"), load_scenario("baseline", prices=path)
    assert mine.digest != plain.digest
    assert not same_warmup(plain, mine)
    assert "prices" not in manifest(plain, 0, 12)
    (told,) = manifest(mine, 0, 12)["prices"]
    assert (told["name"], told["value"], told["year"], told["source"]) == (WORKER, 100000, 2024, "one")
    assert parameters_of(mine).at(5, "2025-06")[WORKER] == 100000
    # words about a price are no part of it, and a price that ships is none of one's own
    path.write_text(f"{WORKER}: {{value: 100000, source: other}}\n")
    assert load_scenario("baseline", prices=path).digest == mine.digest
    path.write_text(f"{WORKER}: 93600\n")
    assert load_scenario("baseline", prices=path).digest == plain.digest
    # what is saved loads again: the scenario as a scenario, the prices beside it
    assert mine.resolved() == plain.resolved()
    path.write_text(prices_text(mine.prices))
    assert load_scenario("baseline", prices=path) == mine


def test_an_own_price_goes_before_what_a_scenario_sets(read) -> None:
    own = read(f"{WORKER}: 100000\n")
    spec = replace(
        load_scenario("baseline", overrides={f"set.{WORKER}": 120000}),
        set={WORKER: SetValue(120000, 6)},
        prices=own,
    )
    store = parameters_of(spec)
    assert [store.at(month, "2025-01")[WORKER] for month in (-1, 5, 6, 100)] == [100000] * 4


def test_the_file_that_is_written_holds_every_price_and_changes_nothing(read) -> None:
    text = price_file(KNOWN, "prices.yaml")
    assert read(text) == ()
    data = load_text(text, "prices.yaml").data
    prices = prices_among(KNOWN)
    assert len(prices) > 100
    assert set(data) == set(prices)
    for name, entry in data.items():
        assert (entry["value"], entry["year"]) == (prices[name].value, prices[name].price_year)
    assert max(len(line) for line in text.splitlines()) <= 120
    assert text.index("WHAT THINGS COST") < text.index(WORKER) < text.index("WHAT PEOPLE EARN")
    for words in (
        "grade C",
        "range 88,400 to 150,000",
        "EUR/year of 2024",
        "(STF-02)",
        "Booked as: Social workers",
    ):
        assert words in text


def test_prices_are_euros_of_some_year_and_no_options() -> None:
    prices = prices_among(KNOWN)
    assert all(one.unit.startswith("EUR") for one in prices.values())
    assert not any(name.startswith(LEVERS) for name in prices)
    assert any(one.price_year is not None and not is_price(one) for one in KNOWN.values())
    booked = [name for name in KNOWN if only_booked(name) and is_price(KNOWN[name])]
    assert len(booked) == 33
