"""Sections of the memo that go beyond the measures: decision, groups, waterbed, money by party, mechanism, doubts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from wijksim.analysis.leaning import FEWEST_ROWS
from wijksim.analysis.signposts import BAD_SIDE, FEWEST_PAIRS, Signpost, signposts
from wijksim.analysis.stored import Stored
from wijksim.analysis.twins import Twin
from wijksim.analysis.waterbed import PARTS, REST, Split, splits
from wijksim.kernel.ledger import PARTIES
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.measure import Measure
from wijksim.parameters.schema import GRADES, Parameter
from wijksim.report import certainty
from wijksim.report.carried import Carried, carried
from wijksim.report.costs import DISCOUNT_RATE
from wijksim.report.doubts import doubts
from wijksim.report.effects import Matrix, matrix
from wijksim.report.lives import TwinStory, tell_twin
from wijksim.report.money import MoneyUnit, kinds_without, parties_in
from wijksim.report.numbers import decimals_for
from wijksim.report.winners import GroupTable, group_table
from wijksim.report.words import DUTCH, Words

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison
    from wijksim.scenario.resolve import Scenario


@dataclass(frozen=True)
class Beside:
    """What a memo is given beside the comparison.

    Attributes
    ----------
    stored
        Results of other analyses, per variant; empty if nobody looked for them.
    twins
        Residents with two lives, per variant; empty if nobody followed them.
    """

    stored: tuple[Stored, ...] = ()
    twins: tuple[tuple[Twin, ...], ...] = ()


@dataclass(frozen=True)
class Sections:
    """The sections, worked out; everything per variant.

    Attributes
    ----------
    grades
        Weakest grade of the levers of each variant; empty without a lever.
    groups
        None where groups were not recorded.
    waterbed
        Splits by state; empty without books.
    matrices, plain
        Effects by party, discounted and not; None without books.
    carried, leanings, signposts, stories
        See their modules.
    """

    grades: tuple[str, ...]
    groups: tuple[GroupTable | None, ...]
    waterbed: tuple[tuple[Split, ...], ...]
    matrices: tuple[Matrix | None, ...]
    plain: tuple[Matrix | None, ...]
    carried: tuple[Carried, ...]
    leanings: tuple[tuple[certainty.LeanLine, ...], ...]
    signposts: tuple[tuple[Signpost, ...], ...]
    stories: tuple[tuple[TwinStory, ...], ...] = field(default=())

    @classmethod
    def of(
        cls,
        comparison: Comparison,
        measures: Sequence[type[Measure]],
        weakest: int,
        known: Mapping[str, Parameter],
        *,
        beside: Beside,
        words: Words = DUTCH,
    ) -> Sections:
        """Work everything out.

        Parameters
        ----------
        measures
            Headline measures.
        weakest
            Place of the most vulnerable district.
        known
            Parameters by name.
        beside
            What the memo is given beside the comparison.
        words
            Language; Dutch if omitted.
        """
        places = range(1, len(comparison.scenarios))
        district = comparison.districts[weakest]
        stored = beside.stored or tuple(Stored() for _ in places)
        rate = known[DISCOUNT_RATE].value
        return cls(
            grades=tuple(weakest_grade(scenario, comparison.null) for scenario in comparison.scenarios[1:]),
            groups=tuple(group_table(comparison, v, district, words) for v in places),
            waterbed=tuple(splits(comparison, v) for v in places),
            matrices=tuple(matrix(comparison, v, known, rate) for v in places),
            plain=tuple(matrix(comparison, v, known, 0.0) for v in places),
            carried=tuple(
                carried(comparison, v, one, measures, district, words=words)
                for v, one in zip(places, stored, strict=True)
            ),
            leanings=tuple(certainty.lean_lines(one.leanings, known, words) for one in stored),
            signposts=tuple(signposts(comparison, v, measures, weakest) for v in places),
            stories=tuple(tuple(tell_twin(twin, words) for twin in mine) for mine in beside.twins),
        )

    def context(
        self, variants: Sequence[str], known: Mapping[str, Parameter], words: Words = DUTCH
    ) -> dict[str, Any]:
        """Everything that the templates of these sections name."""
        by_grade = {grade: sum(1 for one in known.values() if one.grade == grade) for grade in GRADES}
        return {
            "evidence": self.grades,
            "group_tables": tuple(zip(variants, self.groups, strict=True)) if any(self.groups) else (),
            "waterbed": tuple(zip(variants, self.waterbed, strict=True)) if any(self.waterbed) else (),
            "parts": PARTS,
            "rest_place": REST,
            "matrices": tuple(zip(variants, self.matrices, self.plain, strict=True))
            if all(self.matrices) and self.matrices
            else (),
            "parties": parties_in(self.matrices),
            "other_parties": words.parties(_other_parties(self.matrices)),
            "other_kinds": words.listed(words.kind_of_cost(kind) for kind in kinds_without(self.matrices)),
            "ranking": self.ranking(variants),
            "carried": tuple(zip(variants, self.carried, strict=True)),
            "leanings": tuple(zip(variants, self.leanings, strict=True)) if any(self.leanings) else (),
            "without_sweep": certainty.without_sweep(by_grade, words),
            "fewest_rows": FEWEST_ROWS,
            "signposts": tuple(zip(variants, self.signposts, strict=True)),
            "bad_side": BAD_SIDE,
            "fewest_futures": FEWEST_PAIRS,
            "stories": tuple(zip(variants, self.stories, strict=True)) if any(self.stories) else (),
            "doubts": doubts(words),
            "place_name": partial(place_name, words=words),
            "bed_decimals": bed_decimals,
            "post_decimals": post_decimals,
            "by_measure": by_measure,
        }

    def ranking(self, variants: Sequence[str]) -> dict[str, Any]:
        """Order of the variants by what they use, and those that are not put in it."""
        known = [(name, one) for name, one in zip(variants, self.matrices, strict=True) if one is not None]
        ordered = sorted(
            ((name, one) for name, one in known if one.ranked),
            key=lambda pair: (pair[1].total_low + pair[1].total_high, pair[0]),
        )
        return {
            "ordered": tuple(ordered),
            "left_out": tuple((name, one) for name, one in known if not one.ranked),
        }


def weakest_grade(scenario: Scenario, null: Scenario) -> str:
    """Weakest grade of the evidence for an effect of the levers that the null alternative does not have."""
    registered = set(LEVERS.names())
    grades = [
        LEVERS.get(use.lever).grade
        for use in scenario.levers
        if use not in null.levers and use.lever in registered
    ]
    return max(grades, key=GRADES.index, default="")


def matrix_decimals(one: Matrix, unit: MoneyUnit) -> int:
    """Decimals for all numbers of a matrix."""
    return unit.decimals(row.total for row in (*one.resources, *one.transfers, one.used, one.spent))


def _other_parties(matrices: Sequence[Matrix | None]) -> tuple[str, ...]:
    shown = {party for _, party in parties_in(matrices)}
    return tuple(party for party in PARTIES if party not in shown)


def bed_decimals(split: Split) -> int:
    """Decimals for all numbers of a state in the waterbed; persons are whole, their means are not."""
    found = [split.interval(place) for place in split.places]
    return max(decimals_for([(high - low) / 2 for _, low, high in found], [mean for mean, *_ in found]), 1)


def by_measure(posts: Sequence[Signpost]) -> tuple[tuple[Signpost, ...], ...]:
    """Signposts of one figure together, in their order."""
    kinds = dict.fromkeys(post.measure for post in posts)
    return tuple(tuple(post for post in posts if post.measure is kind) for kind in kinds)


def post_decimals(posts: Sequence[Signpost]) -> int:
    """Decimals for all changes of one figure."""
    return decimals_for(
        [],
        [
            value
            for post in posts
            if np.isfinite(post.bound)
            for value in (post.null, post.variant, post.bound)
        ],
    )


def place_name(place: str, words: Words) -> str:
    """A place of the waterbed for readers."""
    if place == REST:
        return words._("rest van de stad")
    if place == "nowhere":
        return words._("zonder woning in een wijk")
    return words.district_name(place)


def decision(variants: Sequence[str], null: str, words: Words = DUTCH) -> str:
    """What is to be decided."""
    names = words.listed(words.quoted(name) for name in variants)
    if len(variants) == 1:
        return words._(
            "Besluit of {names} verder wordt uitgewerkt, of dat {null} blijft gelden.",
            names=names,
            null=words.quoted(null),
        )
    return words._(
        "Besluit welke van deze varianten verder wordt uitgewerkt, of dat {null} blijft gelden: {names}.",
        names=names,
        null=words.quoted(null),
    )
