"""Neighbourhoods from a table: one row of key figures per postcode becomes a place like the shipped ones.

The table has the form that Statistics Netherlands and the Leefbaarometer publish per postcode (columns in
:data:`COLUMNS`, shares in per cent). What a row does not give (assistance, participation, education, incomes) follows
from the shipped places that have these themselves: a straight line through them on benefit share, corporation share and
single persons, on the scale of log odds. Rows with a figure missing are left out and counted.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.core.units import PERCENT
from wijksim.places.load import base_places
from wijksim.places.schema import AGE_CLASSES, Place

COLUMNS: tuple[str, ...] = (
    "PC4", "inw", "hhgrootte", "woningen", "p_koop", "woz_k", "sted", "oad", "p_corp", "p_flat", "p_leeg", "p_1p",
    "p_eenouder", "p_uitk_1564", "p_0014", "p_1524", "p_2544", "p_4564", "p_65", "afw2022", "onv2022", "soc2022",
    "won2022", "fys2022", "vrz2022",
)  # fmt: skip
URBAN = 2  # classes 1 and 2 of urbanity (stedelijkheid) are urban
_AGES = ("p_0014", "p_1524", "p_2544", "p_4564", "p_65")
_DIMENSIONS = ("won", "fys", "vrz", "soc", "onv")
_SOURCE = "table"
_DERIVED = "shipped"


@dataclass(frozen=True)
class Row:
    """One area.

    Attributes
    ----------
    name
        Postcode.
    figures
        By column; shares in per cent as published.
    """

    name: str
    figures: Mapping[str, float]

    @property
    def urban(self) -> bool:
        """Whether the area is (very) urban."""
        return self.figures["sted"] <= URBAN

    @property
    def residents(self) -> float:
        """Residents of the area."""
        return self.figures["inw"]


def read_table(path: Path) -> tuple[list[Row], int]:
    """Read the rows of a table that have every figure.

    Returns
    -------
    rows : list of Row
        In the order of the file.
    left_out : int
        Rows with a figure missing.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing, or a figure is no number; all problems at once.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([Problem(str(path), 1, 1, f"cannot be read: {error}")]) from None
    reader = csv.reader(text.splitlines())
    head = next(reader, [])
    problems = [
        Problem(
            str(path), 1, 1, f"column '{name}' is missing", did_you_mean(name, [one for one in head if one])
        )
        for name in COLUMNS
        if name not in head
    ]
    if problems:
        raise InputError(problems)
    place = {name: head.index(name) for name in COLUMNS}
    rows, left_out = [], 0
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(head):
            problems.append(
                Problem(str(path), reader.line_num, 1, f"{len(cells)} cells under {len(head)} headings")
            )
            continue
        figures, missing = _figures(str(path), reader.line_num, cells, place, problems)
        if missing:
            left_out += 1
        else:
            rows.append(Row(cells[place["PC4"]].strip(), figures))
    if not problems and not rows:
        problems.append(Problem(str(path), 1, 1, "no row has every figure"))
    if problems:
        raise InputError(problems)
    return rows, left_out


def _figures(
    file: str, line: int, cells: Sequence[str], place: Mapping[str, int], problems: list[Problem]
) -> tuple[dict[str, float], bool]:
    found: dict[str, float] = {}
    missing = False
    for name, column in place.items():
        text = cells[column].strip()
        if text.lower() in ("", "nan", "na", "."):
            missing = True
            continue
        try:
            found[name] = float(text)
        except ValueError:
            problems.append(Problem(file, line, 1, f"column '{name}': '{text}' is no number"))
    return found, missing


def place_of(row: Row) -> Place:
    """Make the place of a row; figures that contradict each other are moved as little as consistency asks."""
    figures = row.figures
    share = {name: figures[name] / PERCENT for name in figures if name.startswith("p_")}
    single, parent, size = share["p_1p"], share["p_eenouder"], figures["hhgrootte"]
    families, size, young = _households(single, parent, size, share["p_0014"])
    ages = np.array([share[name] for name in _AGES])
    ages /= ages.sum()
    children = min(ages[0], young)
    ages[1:] *= (1 - children) / ages[1:].sum()
    ages[0] = children
    corporation = share["p_corp"]
    owner = min(share["p_koop"], 1 - corporation)
    derived = unpublished(share["p_uitk_1564"], corporation, single)
    dimensions = {name: figures[f"{name}2022"] for name in _DIMENSIONS}
    age_names = [f"age_{low}_{high - 1}" for low, high in pairwise(AGE_CLASSES)] + [
        f"age_{AGE_CLASSES[-1]}_plus"
    ]
    content: dict[str, Any] = {
        "name": f"pc{row.name.removesuffix('.0')}",
        "title": f"Postcode {row.name.removesuffix('.0')}",
        "kind": "neighbourhood",
        "about": "One row of a table of key figures per postcode.",
        "sources": {
            _SOURCE: {"text": "Table of key figures per postcode"},
            _DERIVED: {"text": "Straight lines through the shipped places"},
        },
        "tenure": _given(corporation=corporation, owner=owner, private=1 - corporation - owner),
        "dwellings": _given(flat_share=share["p_flat"], vacancy=share["p_leeg"], value=figures["woz_k"]),
        "households": _given(
            single=single, couple=1 - single - parent - families, family=families, single_parent=parent
        ),
        "household_size": _figure(size),
        "ages": _given(**dict(zip(age_names, ages.tolist(), strict=True))),
        "work": _given(any_benefit=share["p_uitk_1564"]) | _guessed(derived["work"]),
        "education": _guessed(derived["education"]),
        "incomes": _guessed(derived["incomes"]),
        "liveability": _given(**dimensions, afw=sum(dimensions.values())),
        "address_density": _figure(max(figures["oad"], 1.0)),
        "residents": _figure(figures["inw"]),
    }
    return Place.model_validate(content)


def _figure(value: float, *, source: str = _SOURCE) -> dict[str, Any]:
    kind = "measured" if source == _SOURCE else "estimated"
    return {"value": float(value), "source": source, "year": 2023, "kind": kind}


def _given(**values: float) -> dict[str, Any]:
    return {name: _figure(value) for name, value in values.items()}


def _guessed(values: Mapping[str, float]) -> dict[str, Any]:
    return {name: _figure(value, source=_DERIVED) for name, value in values.items()}


def _households(single: float, parent: float, size: float, young: float) -> tuple[float, float, float]:
    """Families, household size, and the largest share under 15, such that types, size and ages fit each other."""
    couples = 1 - single - parent
    each = _children_each()
    families = (size - 1 - couples) / each - parent
    families = float(np.clip(families, 0.0, couples))
    with_children = families + parent
    # published sizes are rounded to one decimal: never fewer than one child where there are children
    size = max(size, 1 + couples + with_children)
    room = size - 1 - couples
    return families, size, min(young, room / size)


@cache
def _children_each() -> float:
    """Children at home per household with children, mean of the shipped places."""
    return float(
        np.mean([place.children_per_household / place.child_household_share for place in base_places()])
    )


def unpublished(benefit: float, corporation: float, single: float) -> dict[str, dict[str, float]]:
    """Figures that no table gives, on the lines through the shipped places; groups sum to 1.

    Parameters
    ----------
    benefit
        Residents of 15-64 with any benefit, share.
    corporation
        Corporation dwellings, share.
    single
        Single-person households, share.
    """
    at = np.array([1.0, benefit, corporation, single])
    guess = {name: float(1 / (1 + np.exp(-(slopes @ at)))) for name, slopes in _lines().items()}
    work = {
        "assistance": min(guess["work.assistance"], benefit),
        "net_participation": guess["work.net_participation"],
    }
    found = {"work": work}
    for group in ("education", "incomes"):
        parts = {name.split(".")[1]: value for name, value in guess.items() if name.startswith(f"{group}.")}
        total = sum(parts.values())
        found[group] = {name: value / total for name, value in parts.items()}
    return found


@cache
def _lines() -> dict[str, NDArray[np.float64]]:
    """Least-squares line of each unpublished figure on a constant, benefit, corporation and single share."""
    places = base_places()
    design = np.array(
        [
            (1.0, one.work.any_benefit.value, one.tenure.corporation.value, one.households.single.value)
            for one in places
        ]
    )
    lines = {}
    for group in ("work", "education", "incomes"):
        names = [name for name, _ in getattr(places[0], group).figures() if name != "any_benefit"]
        for name in names:
            share = np.array([getattr(getattr(one, group), name).value for one in places])
            lines[f"{group}.{name}"] = np.linalg.lstsq(design, np.log(share / (1 - share)), rcond=None)[0]
    return lines
