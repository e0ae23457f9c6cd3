"""What is worth knowing of every run before anybody believes it: loads, closures, branching, drift, conservation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR, PERCENT
from wijksim.runs.recorder import Recorder
from wijksim.state.roles import Partner

DRIFTING = (
    "share_in_assistance", "problem_debt", "priority_lettings", "vulnerable_households", "nuisance_often", "cohesion",
    "waiting_for_help", "liveability_relative",
)  # fmt: skip
EXPLODES = 0.8  # branching ratio from which a process comes close to feeding itself without end
DEFECT = 0.01  # part of chances at their cap from which the cap shapes results


@dataclass(frozen=True)
class Line:
    """One number worth printing.

    Attributes
    ----------
    name, value
        What, and how much, in words.
    warning
        Why it should be looked at; empty if it is as it should be.
    """

    name: str
    value: str
    warning: str = ""


def diagnostics(facts: Mapping[str, Any], recorder: Recorder) -> list[Line]:
    """All lines, from the facts of a run and what it recorded."""
    sums = facts["sums"]
    months = recorder.numerator.shape[0]
    lines = [
        Line(
            "capacity over crisis work (C/L0)",
            _by_district(facts["professionals.capacity_over_crisis_work"], recorder),
        ),
        Line(
            "share of frontline hours on crises",
            _number(facts["professionals.crisis_share_of_frontline_hours"]),
        ),
        Line(
            "mean time of professionals in post", f"{_number(facts['professionals.mean_tenure_years'])} years"
        ),
        *_cooperation(facts["professionals.cooperation"]),
        Line(
            "help that needs several organisations, of all help",
            _number(facts["professionals.shared_cases_share"]),
        ),
        Line("mean time of households in their home", f"{_number(sums.get('tenancy.mean_years'))} years"),
        Line("vacancies per month", _named(_under(sums, "vacated."), 1 / months)),
        Line("seekers per vacancy", _number(facts["housing.seekers_per_vacancy"])),
        Line("offers accepted, per cent", _named(facts["housing.accepted_offers_percent"])),
    ]
    lines += [
        _branching(name, facts[key])
        for name, key in (
            ("crises", "health.branching_ratio_crises"),
            ("violence at home", "health.branching_ratio_violence"),
            ("offending of minors", "crime.branching_ratio_minors"),
            ("offending of adults", "crime.branching_ratio_adults"),
        )
        if key in facts
    ]
    lines.append(_caps(facts["caps"]))
    lines += _drift(recorder)
    lines += _spread(facts)
    lines += _errors(facts)
    lines.append(Line("person-months by activity", _named(facts["work.person_months"], digits=6)))
    lines.append(Line("changes per 100 person-months", _named(facts["work.changes_per_100_person_months"])))
    return lines


def _cooperation(pairs: Mapping[str, float]) -> list[Line]:
    """The upper half of the symmetric matrix, a line per organisation."""
    lines = []
    for one in Partner:
        row = {
            other.key: pairs[f"{one.key}_{other.key}"]
            for other in Partner
            if f"{one.key}_{other.key}" in pairs
        }
        if row:
            lines.append(Line(f"cooperation of {one.key.replace('_', ' ')} with", _named(row)))
    return lines


def _branching(name: str, ratio: float) -> Line:
    warning = "close to feeding itself without end" if ratio >= EXPLODES else ""
    return Line(f"branching ratio of {name}", _number(ratio), warning)


def _caps(caps: Mapping[str, float]) -> Line:
    worst = max(caps.items(), key=lambda one: one[1], default=("", 0.0))
    value = f"{PERCENT * worst[1]:.2g}% of {worst[0]}" if worst[0] else "none"
    return Line("chances at their cap, most", value, "the cap shapes results" if worst[1] > DEFECT else "")


def _drift(recorder: Recorder) -> list[Line]:
    """Change from the first to the last year, per district."""
    years = recorder.numerator.shape[0] // MONTHS_PER_YEAR
    if years < 2:
        return []
    names = [measure.name for measure in recorder.measures]
    lines = []
    for name in DRIFTING:
        if name not in names:
            continue
        k = names.index(name)
        first, last = (_mean(recorder, k, year) for year in (0, years - 1))
        lines.append(
            Line(
                f"drift of {name.replace('_', ' ')}", _by_district((last - first).tolist(), recorder, "+.3g")
            )
        )
    return lines


def _mean(recorder: Recorder, k: int, year: int) -> NDArray[np.float64]:
    months = slice(year * MONTHS_PER_YEAR, (year + 1) * MONTHS_PER_YEAR)
    top, bottom = recorder.numerator[months, k].sum(axis=0), recorder.denominator[months, k].sum(axis=0)
    ratio = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
    return np.asarray(ratio * recorder.measures[k].scale)


def _spread(facts: Mapping[str, Any]) -> list[Line]:
    """How far districts were moved by what the model does, by the walk and by reading noise."""
    parts = (("conditions", "liveability.by_conditions"), ("the walk", "liveability.by_walk"))
    lines = [
        Line(f"liveability: sd over districts of the change by {name}", _number(float(np.std(facts[key]))))
        for name, key in parts
    ]
    noise = facts.get("liveability.reading_noise")
    return lines if noise is None else [*lines, Line("liveability: sd of reading noise", _number(noise))]


def _errors(facts: Mapping[str, Any]) -> list[Line]:
    tiny = float(np.sqrt(np.finfo(np.float64).eps))
    found = (
        ("people", facts["demography.residents_unaccounted_for"]),
        ("dwellings", facts["housing.dwellings_unaccounted_for"]),
        ("euros, share of turnover", facts["debt.largest_money_error_share"]),
        ("euros over the parties, share of turnover", facts.get("accounts.largest_party_error_share", 0.0)),
        ("hours of professionals", facts.get("professionals.largest_hours_error", 0.0)),
        ("rest of the city, dwellings (waterbed)", facts["housing.rest_error_dwellings"]),
    )
    return [
        Line(
            f"not accounted for: {name}",
            _number(error),
            "an account does not close" if abs(error) > tiny else "",
        )
        for name, error in found
    ]


def _under(sums: Mapping[str, float], prefix: str) -> dict[str, float]:
    return {name.removeprefix(prefix): value for name, value in sums.items() if name.startswith(prefix)}


def _named(values: Mapping[str, float], factor: float = 1.0, digits: int = 3) -> str:
    return (
        ", ".join(f"{name.replace('_', ' ')} {factor * value:,.{digits}g}" for name, value in values.items())
        or "none"
    )


def _by_district(values: Sequence[float | None], recorder: Recorder, form: str = ".3g") -> str:
    return ", ".join(
        f"{name} {'-' if value is None else format(value, form)}"
        for name, value in zip(recorder.districts, values, strict=True)
    )


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"
