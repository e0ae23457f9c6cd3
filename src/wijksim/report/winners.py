"""Who wins and who loses: effects by group, as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wijksim.analysis.groups import GroupEffect, group_effects, readout_month, readout_year
from wijksim.kernel.measure import Measure
from wijksim.report import texts
from wijksim.report.numbers import decimals_for, resolving
from wijksim.report.sizes import smallest_of
from wijksim.report.tables import Cell
from wijksim.report.words import DUTCH, Words

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison

MEASURES = (
    "poverty",
    "problem_debt",
    "share_in_assistance",
    "stress",
    "satisfaction_neighbourhood",
    "nuisance_often",
)
"""What people have or lack themselves; of the headlines those that differ between groups."""

FEWEST_ROWS = 20
"""Persons or households below which a group is left out of the sentences: its figures are luck for the larger part."""

_NAMED = 3


@dataclass(frozen=True)
class GroupCell:
    """One effect in one group."""

    effect: GroupEffect
    cell: Cell
    decimals: int


@dataclass(frozen=True)
class GroupLine:
    """A group with an effect per measure; None where the measure is not counted in it."""

    group: str
    label: str
    rows: float
    cells: tuple[GroupCell | None, ...]


@dataclass(frozen=True)
class GroupTable:
    """Effects of one variant by group.

    Attributes
    ----------
    year
        Read-out year; groups are read at its last month.
    measures
        Columns.
    lines
        Rows.
    better, worse
        Sentences of the clearest effects; empty if there are none.
    """

    year: int
    measures: tuple[type[Measure], ...]
    lines: tuple[GroupLine, ...]
    better: str
    worse: str

    @property
    def sections(self) -> tuple[tuple[str, tuple[GroupLine, ...]], ...]:
        """Rows by way to split people up, in their order."""
        names = dict.fromkeys(line.group for line in self.lines)
        return tuple((name, tuple(line for line in self.lines if line.group == name)) for name in names)


def group_table(
    comparison: Comparison, variant: int, district: str, words: Words = DUTCH
) -> GroupTable | None:
    """Effects of a variant by group in a district; None if groups were not recorded."""
    month = readout_month(comparison)
    kinds = [kind for name in MEASURES for kind in comparison.measures if kind.name == name]
    effects = group_effects(comparison, variant, kinds, district) if month is not None else ()
    if month is None or not effects:
        return None
    shown = tuple(kind for kind in kinds if any(one.measure is kind for one in effects))
    decimals = {kind.name: _decimals(effects, kind) for kind in shown}
    lines = []
    for key in dict.fromkeys((one.group, one.label) for one in effects):
        mine = {one.measure.name: one for one in effects if (one.group, one.label) == key}
        if any(one.rows for one in mine.values()):
            cells = tuple(_cell(mine.get(kind.name), decimals[kind.name]) for kind in shown)
            lines.append(GroupLine(*key, max(one.rows for one in mine.values()), cells))
    return GroupTable(
        readout_year(month),
        shown,
        tuple(lines),
        _clearest(effects, ("surely_better", "likely_better"), words),
        _clearest(effects, ("surely_worse", "likely_worse"), words),
    )


def _decimals(effects: Iterable[GroupEffect], kind: type[Measure]) -> int:
    mine = [one for one in effects if one.measure is kind and one.rows >= FEWEST_ROWS]
    widths = [(one.result.high - one.result.low) / 2 for one in mine]
    return decimals_for(widths, [one.null for one in mine])


def _cell(effect: GroupEffect | None, decimals: int) -> GroupCell | None:
    if effect is None:
        return None
    found = effect.result
    cell = Cell(
        difference=found.mean, low=found.low, high=found.high, share_better=found.share_better, pairs=found.pairs,
        verdict=texts.Verdict(found.verdict), smallest=smallest_of(effect.measure),
    )  # fmt: skip
    return GroupCell(effect, cell, resolving(found.low, found.high, decimals))


def _clearest(effects: Iterable[GroupEffect], verdicts: tuple[str, ...], words: Words) -> str:
    """The effects of which the interval lies furthest from zero, at most one per measure."""
    wanted = [one for one in effects if one.result.verdict in verdicts and one.rows >= FEWEST_ROWS]
    wanted.sort(key=lambda one: (-_distance(one), one.group, one.label, one.measure.name))
    best: dict[str, GroupEffect] = {}
    for one in wanted:
        best.setdefault(one.measure.name, one)
    return words.listed(
        words._(
            "{group} op “{measure}”",
            group=words.group_phrase(one.group, one.label),
            measure=texts.inside(words.label(one.measure)),
        )
        for one in list(best.values())[:_NAMED]
    )


def _distance(effect: GroupEffect) -> float:
    """How many half intervals the mean lies from zero."""
    half = (effect.result.high - effect.result.low) / 2
    return abs(effect.result.mean) / half if half > 0 else float("inf")
