"""Groups of persons and households by which measures are split at read-outs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import HouseholdType, Tenure

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Codes = Callable[["Context", str], NDArray[Any]]

AGES = ("0-17", "18-29", "30-44", "45-66", "67+")
STAYS = ("under 2 years", "2-5 years", "5-10 years", "10 years and over")


def _bounds(labels: tuple[str, ...]) -> NDArray[np.int64]:
    """Where each label but the first begins: the first number it names."""
    return np.array([int(re.findall(r"[0-9]+", label)[0]) for label in labels[1:]])


AGE_BANDS, STAY_YEARS = _bounds(AGES), _bounds(STAYS)


@dataclass(frozen=True)
class Group:
    """A way to split a table: labels, and per row the number of its label (-1: none)."""

    name: str
    labels: tuple[str, ...]
    codes: Codes


def _gather(ctx: Context, table: str, column: str) -> NDArray[Any]:
    return ctx.world.gather(table, slice(None), column)


def _age(ctx: Context, table: str) -> NDArray[Any]:
    age = _gather(ctx, table, "resident.age")
    return np.searchsorted(AGE_BANDS, age, side="right")


def _fifth(ctx: Context, table: str) -> NDArray[Any]:
    return _gather(ctx, table, "household.income_fifth")


def _type(ctx: Context, table: str) -> NDArray[Any]:
    return _gather(ctx, table, "household.type")


def _tenure(ctx: Context, table: str) -> NDArray[Any]:
    return _gather(ctx, table, "household.tenure")


def _stay(ctx: Context, table: str) -> NDArray[Any]:
    years = (ctx.month - _gather(ctx, table, "household.moved_in")) / MONTHS_PER_YEAR
    return np.searchsorted(STAY_YEARS, years, side="right")


def _origin(ctx: Context, table: str) -> NDArray[Any]:
    return _gather(ctx, table, "resident.origin")


def _need(ctx: Context, table: str) -> NDArray[Any]:
    return (_gather(ctx, table, "resident.case") > 0).astype(np.int8)


GROUPS: dict[str, Group] = {
    group.name: group
    for group in (
        Group("age", AGES, _age),
        Group("income_fifth", ("1", "2", "3", "4", "5"), _fifth),
        Group("household_type", tuple(kind.name.lower() for kind in HouseholdType), _type),
        Group("tenure", tuple(kind.name.lower() for kind in Tenure), _tenure),
        Group("length_of_stay", STAYS, _stay),
        Group("origin", ("stayer", "in-mover", "born here"), _origin),
        Group("help_need", ("no case", "case"), _need),
    )
}
"""Groups by name; the table is ``resident`` or ``household`` (whose head then counts)."""


def in_groups(ctx: Context, table: str, wanted: tuple[str, ...]) -> NDArray[np.bool_]:
    """Rows of ``table`` inside ``wanted``, words as ``age=18-29``: one label of each group named is enough."""
    labels: dict[str, list[int]] = {}
    for word in wanted:
        name, label = word.split("=", 1)
        labels.setdefault(name, []).append(GROUPS[name].labels.index(label))
    mask = np.ones(ctx.world.tables[table].size, dtype=bool)
    for name, codes in labels.items():
        mask &= np.isin(GROUPS[name].codes(ctx, table), codes)
    return mask


def group_labels() -> tuple[str, ...]:
    """Everything a lever can be aimed at, as ``age=18-29``."""
    return tuple(f"{group.name}={label}" for group in GROUPS.values() for label in group.labels)
