"""The waterbed is exact: the parts are the whole, person by person, and nobody gets lost on the way."""

from __future__ import annotations

from collections import Counter

import numpy as np
from tests.unit.memo_run import MONTHS, small
from tests.unit.report_page import Reader

from wijksim.analysis.waterbed import NOWHERE, PARTS, REST, splits
from wijksim.kernel.context import Context
from wijksim.model.assemble import warmed_up, with_policy
from wijksim.model.known import load_scenarios
from wijksim.report.memo import render_memo
from wijksim.runs.recorder import CITY
from wijksim.runs.waterbed import CHANNELS, STATES, Waterbed
from wijksim.state.codes import Fate


def _people(ctx: Context) -> dict[int, tuple[int, tuple[bool, ...]]]:
    """District and states of everybody, by number."""
    table = ctx.world.resident
    seen = [find(ctx) for _, find in STATES.values()]
    return {
        int(table.uid[row]): (int(table.district[row]), tuple(bool(state[row]) for state in seen))
        for row in table.rows
    }


def test_the_books_are_those_of_a_reader_who_knows_everybody_by_number() -> None:
    spec = load_scenarios(["basic-jobs"], overrides={"world.size": 250, "world.warmup": 1})[0]
    engine = with_policy(warmed_up(spec, 3), spec)
    books = Waterbed(engine.ctx, (12,))
    first = _people(engine.ctx)
    engine.observers.append(books)
    seen, here = [first], {uid: district for uid, (district, _) in first.items()}
    ways: Counter[tuple[str, int, int]] = Counter()
    stayed = set(first)
    way_of = {Fate.REST_OF_CITY: "rest", Fate.LEFT_CITY: "outside", Fate.DIED: "died"}

    def book(ctx: Context) -> None:
        before, now = seen[-1], _people(ctx)
        fates = dict(
            zip(
                ctx.log.column("exits", "uid").tolist(), ctx.log.column("exits", "fate").tolist(), strict=True
            )
        )
        born = set(ctx.log.column("births", "uid").tolist())
        for uid in before.keys() | now.keys():
            for state in range(len(STATES)):
                if uid not in now and before[uid][1][state]:
                    ways[way_of.get(Fate(fates[uid]), "institution"), state, before[uid][0]] -= 1
                elif uid not in before and now[uid][1][state]:
                    ways["born" if uid in born else "rest", state, now[uid][0]] += 1
                elif uid in before and uid in now and before[uid][0] != now[uid][0] and before[uid][1][state]:
                    ways["between", state, now[uid][0]] += 1
                    ways["between", state, before[uid][0]] -= 1
        stayed.intersection_update(uid for uid in now if here.get(uid) == now[uid][0])
        seen.append(now)

    engine.observers.append(book)
    for _ in range(12):
        engine.advance()
    balance = books.balances[0]
    assert balance.states == tuple(STATES)
    assert balance.closes()
    for state in range(len(STATES)):
        for district in range(engine.ctx.world.n_districts):

            def count(
                people: dict[int, tuple[int, tuple[bool, ...]]], state: int = state, district: int = district
            ) -> int:
                return sum(one[1][state] for one in people.values() if one[0] == district)

            assert balance.start[state, district] == count(first)
            assert balance.end[state, district] == count(seen[-1])
            mine = [uid for uid in stayed if first[uid][0] == district]
            assert balance.stayers[state, district] == sum(
                int(seen[-1][uid][1][state]) - int(first[uid][1][state]) for uid in mine
            )
            for place, way in enumerate(CHANNELS):
                assert balance.ways[state, place, district] == ways[way, state, district]
    assert ways  # somebody did come or go
    assert balance.stayers.any()


def test_parts_sum_to_the_effect_and_close_over_districts_and_the_rest() -> None:
    comparison = small()
    for variant in (1, 2):
        found = splits(comparison, variant)
        assert [split.state for split in found] == list(STATES)
        for split in found:
            assert split.remainder() < 1e-9
            assert split.leak() < 1e-9
            inside = [p for p, name in enumerate(split.places) if name not in (CITY, REST)]
            city = split.places.index(CITY)
            assert np.array_equal(split.parts[:, :, city], split.parts[:, :, inside].sum(axis=2))
            assert np.array_equal(
                split.parts[:, PARTS.index("rest"), city], -split.total[:, split.places.index(REST)]
            )
    assert any(split.total.any() for split in splits(comparison, 1))


def test_the_effect_is_the_difference_of_the_counts_themselves() -> None:
    comparison = small()
    split = splits(comparison, 1)[list(STATES).index("assistance")]
    ends = np.array([[one.ledgers[s].balances[-1].end[1] for s in (0, 1)] for one in comparison.futures])
    own = [p for p, name in enumerate(split.places) if name not in (CITY, REST, NOWHERE)]
    assert np.array_equal(split.total[:, own], (ends[:, 1] - ends[:, 0])[:, : len(own)])
    assert comparison.futures[0].ledgers[0].balances[-1].months == MONTHS


def test_a_state_that_moves_along_is_displacement_and_no_gain() -> None:
    split = splits(small(), 1)[0]
    forged = split.parts.copy()
    forged[0, PARTS.index("districts"), 0] += 1  # somebody arrives who left nowhere
    object.__setattr__(split, "parts", forged)
    assert split.leak() == 1
    assert split.remainder() == 1


def test_without_books_nothing_is_claimed() -> None:
    comparison = small()
    for future in comparison.futures:
        assert len(future.ledgers) == len(comparison.scenarios)
    assert splits(comparison, 1, year=1) == ()  # no read-out of that year was kept


def test_the_page_shows_them() -> None:
    comparison = small()
    page = Reader(render_memo(comparison, command="again"))
    for variant in (1, 2):
        table = next(
            one
            for one in page.tables
            if one.attributes.get("data-variant") == str(variant - 1) and one.attributes["class"] == "bed"
        )
        rows = {
            (attributes["data-state"], attributes["data-place"]): cells
            for attributes, cells in table.rows
            if "data-state" in attributes
        }
        for split in splits(comparison, variant):
            for place in split.places:
                _, level, total, *parts = rows[split.state, place]
                if place != REST:
                    assert level.numbers == [split.null[split.places.index(place)]]
                assert total.numbers == list(split.interval(place))
                assert [cell.numbers[0] for cell in parts] == split.mean(place).tolist()
