"""Tables of facts that a model must reproduce: reading them, and what one row says."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from wijksim.core.errors import InputError, Problem, did_you_mean

COLUMNS: tuple[str, ...] = (
    "use", "id", "pattern", "statistic", "value", "low", "high", "unit", "year", "source", "url", "note",
)  # fmt: skip
USES = ("fit", "check")
_NEEDED = ("use", "id", "pattern", "statistic")
_FAMILY = re.compile(r"^([A-Za-z]+-?\d+)")


@dataclass(frozen=True)
class Pattern:
    """One fact.

    Attributes
    ----------
    id, use, pattern, statistic, unit, year, source, note
        As in the table; ``use`` is ``fit`` (may be used to choose values) or ``check`` (may not).
    value, low, high
        Published value and the band in which a model is right; None where the table gives none.
    file, line
        Where it stands.
    """

    id: str
    use: str
    pattern: str
    statistic: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    year: str
    source: str
    note: str
    file: str
    line: int

    @property
    def family(self) -> str:
        """Rows about one thing have one vote together: ``HP01a`` to ``HP01h`` are family ``HP01``."""
        found = _FAMILY.match(self.id)
        return found.group(1) if found else self.id

    @property
    def words(self) -> str:
        """What the row says, in lower case, for matching by words."""
        return f"{self.pattern} {self.statistic}".lower()


def read_patterns(paths: Sequence[Path]) -> list[Pattern]:
    """Read tables of facts.

    Raises
    ------
    InputError
        With every problem of every file: columns missing, numbers that are none, bands upside down, ids twice.
    """
    problems: list[Problem] = []
    found: list[Pattern] = []
    for path in paths:
        found += _read(path, problems)
    first: dict[str, Pattern] = {}
    for one in found:
        if one.id in first:
            problems.append(
                Problem(one.file, one.line, 1, f"id '{one.id}' stands in line {first[one.id].line} already")
            )
        first.setdefault(one.id, one)
    if not problems and not found:
        problems = [Problem(str(path), 1, 1, "there is no row below the headings") for path in paths]
    if problems:
        raise InputError(problems)
    return found


def _read(path: Path, problems: list[Problem]) -> list[Pattern]:
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(file, 1, 1, f"cannot be read: {error}"))
        return []
    reader = csv.reader(text.splitlines(keepends=True))
    head = [name.strip() for name in next(reader, [])]
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        others = [name for name in head if name not in COLUMNS]
        problems += [
            Problem(file, 1, 1, f"column '{name}' is missing", did_you_mean(name, others)) for name in missing
        ]
        return []
    found = []
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if len(cells) == len(head):
                row = {name: cell.strip() for name, cell in zip(head, cells, strict=True)}
                one = _pattern(file, line, row, problems)
                found += [one] if one is not None else []
            else:
                problems.append(Problem(file, line, 1, f"{len(cells)} cells under {len(head)} headings"))
        line = reader.line_num + 1
    return found


def _pattern(file: str, line: int, row: Mapping[str, str], problems: list[Problem]) -> Pattern | None:
    before = len(problems)
    for name in _NEEDED:
        if not row[name]:
            problems.append(Problem(file, line, 1, f"'{name}' is empty"))
    if row["use"] and row["use"] not in USES:
        problems.append(
            Problem(
                file, line, 1, f"use '{row['use']}' is neither fit nor check", did_you_mean(row["use"], USES)
            )
        )
    numbers: dict[str, float | None] = {}
    for name in ("value", "low", "high"):
        text = row[name].replace(",", "") if "." in row[name] else row[name]
        try:
            numbers[name] = float(text) if text else None
            if not isfinite(numbers[name] or 0.0):
                raise ValueError(text)
        except ValueError:
            problems.append(Problem(file, line, 1, f"{name} '{row[name]}' is no number"))
    if len(problems) == before:
        low, high = numbers["low"], numbers["high"]
        if (low is None) != (high is None):
            problems.append(Problem(file, line, 1, "a band needs both low and high"))
        elif low is not None and high is not None and low > high:
            problems.append(Problem(file, line, 1, f"low {low:g} lies above high {high:g}"))
    if len(problems) > before:
        return None
    return Pattern(
        id=row["id"],
        use=row["use"],
        pattern=row["pattern"],
        statistic=row["statistic"],
        value=numbers["value"],
        low=numbers["low"],
        high=numbers["high"],
        unit=row["unit"],
        year=row["year"],
        source=row["source"],
        note=row["note"],
        file=file,
        line=line,
    )
