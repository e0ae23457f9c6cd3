"""Rows of an experiment from a table: a column per factor, a line per row."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wijksim.core.errors import Problem, did_you_mean
from wijksim.core.reads import note_read
from wijksim.runs.sweeps.experiment import Factor
from wijksim.scenario.findings import Findings, range_message


def read_rows(path: Path | None, factors: Sequence[Factor], findings: Findings) -> NDArray[np.float64] | None:
    """Read a table of rows; problems go to ``findings``, each with its line and column.

    Parameters
    ----------
    path
        CSV file with a head; None if the design names none, which is told elsewhere.
    factors
        What the experiment varies: every one must have a column, and no other may.
    findings
        Receives the problems.

    Returns
    -------
    ndarray or None
        Shape ``(rows, factors)``; None if there are problems.
    """
    if path is None:
        return None
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = list(csv.reader(file))
        note_read(path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        findings.add(("design", "file"), f"cannot read the table: {error}")
        return None
    if not lines or len(lines) == 1:
        findings.add(("design", "file"), "the table has no rows below its head")
        return None
    before = len(findings.problems)
    head = [name.strip() for name in lines[0]]
    _check_head(path, head, [one.name for one in factors], findings)
    if len(findings.problems) > before:
        return None
    places = [head.index(one.name) for one in factors]
    table = np.full((len(lines) - 1, len(factors)), np.nan)
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(head):
            problem = f"{len(line)} values below a head of {len(head)} columns"
            findings.problems.append(Problem(str(path), number, 1, problem))
            continue
        for k, (one, place) in enumerate(zip(factors, places, strict=True)):
            value = _number(line[place])
            if value is None:
                message = f"'{one.name}' must be a finite number, not '{line[place].strip()}'"
                findings.problems.append(Problem(str(path), number, place + 1, message))
            elif (outside := range_message(value, one.low, one.high, "")) is not None:
                findings.problems.append(Problem(str(path), number, place + 1, f"'{one.name}' {outside}"))
            else:
                table[number - 2, k] = value
    return table if len(findings.problems) == before else None


def _check_head(path: Path, head: Sequence[str], wanted: Sequence[str], findings: Findings) -> None:
    for place, name in enumerate(head, start=1):
        if name not in wanted:
            message = f"the experiment varies no '{name}' (name it under uncertainties or levers)"
            findings.problems.append(Problem(str(path), 1, place, message, did_you_mean(name, wanted)))
        elif head.index(name) != place - 1:
            findings.problems.append(Problem(str(path), 1, place, f"column '{name}' stands here twice"))
    missing = [name for name in wanted if name not in head]
    if missing:
        findings.problems.append(Problem(str(path), 1, 1, f"no column for {', '.join(missing)}"))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
