"""Reality gates: policies whose outcome is known, as scenarios, judged by tests of equivalence and of direction.

That nothing changed is shown only where the whole 90 % interval of the paired difference lies inside the smallest
effect that matters; an interval that merely includes zero shows nothing. A gate that fails is told with its figures,
and no gate is loosened for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from wijksim.analysis.compare import Comparison, compare
from wijksim.core.resources import shipped
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.parameters.store import shipped_parameters

EQUIVALENT, LOWER, HIGHER, RETURNED = "equivalent", "lower", "higher", "returned"
PASS, FAIL, UNDECIDED, UNTESTABLE = "pass", "fail", "undecided", "not yet testable"
TREATED, OTHERS = "treated", "others"
LEVEL = 0.90
NULL = "null"


@dataclass(frozen=True)
class Claim:
    """One thing that must come out.

    Attributes
    ----------
    says
        In words.
    measure
        Measure whose paired difference is judged.
    expect
        ``equivalent``, ``lower``, ``higher`` or ``returned``.
    where
        Districts with the policy, or those without.
    bound
        Parameter with the smallest effect that matters; none for a direction that any effect shows.
    """

    says: str
    measure: str
    expect: str
    where: str = TREATED
    bound: str | None = None


@dataclass(frozen=True)
class Gate:
    """A policy with a known outcome.

    Attributes
    ----------
    name
        File in ``scenarios/gates``.
    known
        What is known, with its source.
    claims
        What must come out; none if the model has no such lever yet.
    year
        Year that is judged.
    """

    name: str
    known: str
    claims: tuple[Claim, ...]
    year: int = 8


AFW, POINTS = "validation.liveability_effect", "validation.points_effect"
ACHIEVEMENT = "validation.achievement_effect"

_STAFF = "staff_cost"

GATES: tuple[Gate, ...] = (
    Gate(
        "social-package",
        "a billion euro over 40 districts in four years: no distinguishable gain in liveability (HP31b)",
        (Claim("no gain in liveability", "liveability_index", EQUIVALENT, bound=AFW),),
        year=4,
    ),
    Gate(
        "restructuring",
        "replacement of stock left a lasting gain, and little of it was lost elsewhere (PT04, H706, L011)",
        (
            Claim("a gain in liveability that lasts", "liveability_index", HIGHER, bound=AFW),
            Claim("no loss of liveability around", "liveability_index", EQUIVALENT, where=OTHERS, bound=AFW),
        ),
        year=12,  # years after the last dwelling was delivered: what is there then has lasted
    ),
    Gate(
        "selective-allocation",
        "who came changed, how it was to live there did not, those refused went elsewhere (HP31a)",
        (
            Claim("fewer households with the lowest incomes", "income_lowest_fifth", LOWER),
            Claim("no change of liveability", "liveability_index", EQUIVALENT, bound=AFW),
            Claim("more of them elsewhere", "income_lowest_fifth", HIGHER, where=OTHERS),
        ),
    ),
    Gate(
        "school-hours",
        "ten more school hours a week did nothing for results (EDU-13, PAT-28), here at the most they might do",
        (
            Claim("no change of achievement", "achievement", EQUIVALENT, bound=ACHIEVEMENT),
            Claim("no change of advice", "advice_high", EQUIVALENT, bound=POINTS),
            Claim("it costs money all the same", "resource_cost", HIGHER),
        ),
    ),
    Gate(
        "intensive-policing",
        "crime fell where police was and rose around it (EFF-22, EFF-24)",
        (
            Claim("less registered crime where police is", "registered_crime", LOWER),
            Claim("more of it around", "registered_crime", HIGHER, where=OTHERS),
        ),
    ),
    Gate(
        "basic-jobs",
        "participants gain, the municipality pays net, the district does not notice (EFF-09, CST-07)",
        (
            Claim("fewer people on assistance", "share_in_assistance", LOWER),
            Claim("the municipality pays more", "cost_municipality", HIGHER),
            Claim("no change of liveability", "liveability_index", EQUIVALENT, bound=AFW),
        ),
    ),
    Gate(
        "care-cut",
        "a cut in low-threshold mental health care came back for the larger part as crisis cost (EFF-41, EFF-42)",
        (
            Claim(
                "most of the saving comes back", "resource_cost", RETURNED, bound="validation.returned_share"
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Judged:
    """A claim and what became of it: mean paired difference and its 90 % interval over the pairs."""

    gate: str
    claim: Claim | None
    verdict: str
    effect: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    why: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        claim = self.claim
        return {
            "gate": self.gate,
            "claim": claim.says if claim else None,
            "measure": claim.measure if claim else None,
            "expect": claim.expect if claim else None,
            "where": claim.where if claim else None,
            "verdict": self.verdict,
            "effect": None if np.isnan(self.effect) else self.effect,
            "interval": None if np.isnan(self.low) else [self.low, self.high],
            "why": self.why,
        }


@dataclass(frozen=True)
class Outcome:
    """All claims, and how they were tried."""

    judged: tuple[Judged, ...]
    pairs: int
    setting: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"pairs": self.pairs, **self.setting, "gates": [one.as_dict() for one in self.judged]}


def run_gates(
    *,
    pairs: int,
    gates: Sequence[Gate] = GATES,
    seed: int = 0,
    overrides: dict[str, Any] | None = None,
    workers: int | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Run the gates that the model can try against one null alternative in the same futures."""
    from wijksim.model.known import load_scenarios

    folder = shipped("scenarios") / "gates"
    tried = [gate for gate in gates if gate.claims]
    paths = [folder / f"{name}.yaml" for name in (NULL, *(gate.name for gate in tried))]
    specs = load_scenarios(paths, overrides=overrides)
    measures = sorted({claim.measure for gate in tried for claim in gate.claims} | {_STAFF})
    comparison = compare(specs, pairs=pairs, seed=seed, workers=workers, done=done, measures=measures)
    treated = {
        spec.id: tuple(dict.fromkeys(name for use in spec.levers for name in use.target.districts or ()))
        for spec in specs[1:]
    }
    judged: list[Judged] = []
    for gate in gates:
        if not gate.claims:
            judged.append(Judged(gate.name, None, UNTESTABLE, why="the model has no lever for it yet"))
            continue
        place = [spec.id for spec in specs].index(gate.name)
        judged += [judge(comparison, gate, claim, place, treated[gate.name]) for claim in gate.claims]
    return Outcome(tuple(judged), pairs, {"months": comparison.months, "residents": specs[0].world.size})


def judge(comparison: Comparison, gate: Gate, claim: Claim, place: int, treated: Sequence[str]) -> Judged:
    """Judge one claim in the year of its gate, or the last of a shorter run."""
    names = list(comparison.districts[:-1])
    inside = np.array([name in treated for name in names])
    chosen = inside if claim.where == TREATED else ~inside
    year = min(gate.year, max(comparison.months // MONTHS_PER_YEAR, 1))
    months = slice((year - 1) * MONTHS_PER_YEAR, year * MONTHS_PER_YEAR)
    bound = shipped_parameters()[claim.bound].value if claim.bound else 0.0
    if claim.expect == RETURNED:
        effect = _returned(comparison, claim.measure, place, chosen, slice(0, months.stop))
    else:
        effect = _difference(comparison, claim.measure, place, chosen, months)
    mean, low, high = interval(effect)
    verdict = decide(claim.expect, low, high, bound)
    return Judged(gate.name, claim, verdict, mean, low, high, why=_why(claim, verdict, bound))


def _difference(
    comparison: Comparison, measure: str, place: int, chosen: NDArray[np.bool_], months: slice
) -> NDArray[np.float64]:
    """Paired difference of districts together over some months, shape ``(pairs,)``."""
    k = comparison.position(measure)
    columns = np.flatnonzero(chosen)

    def level(scenario: int) -> NDArray[np.float64]:
        top = comparison.numerator[:, scenario, months, k][:, :, columns].sum(axis=(1, 2))
        bottom = comparison.denominator[:, scenario, months, k][:, :, columns].sum(axis=(1, 2))
        return np.asarray(top / bottom * comparison.measures[k].scale)

    return level(place) - level(0)


def _returned(
    comparison: Comparison, cost: str, place: int, chosen: NDArray[np.bool_], months: slice
) -> NDArray[np.float64]:
    """Part of what is saved on professionals that comes back as other cost, from the start on.

    ``cost`` is all resources used; what was saved is the change of the cost of those in post.
    """
    net = _difference(comparison, cost, place, chosen, months)
    saved = _difference(comparison, _STAFF, place, chosen, months)
    return np.asarray(1 - net / saved)


def interval(effect: NDArray[np.float64]) -> tuple[float, float, float]:
    """Mean and 90 % Student interval; the interval is infinite for fewer than two pairs."""
    n = effect.size
    mean = float(effect.mean())
    if n < 2:
        return mean, -np.inf, np.inf
    half = float(stats.t.ppf((1 + LEVEL) / 2, n - 1) * effect.std(ddof=1) / np.sqrt(n))
    return mean, mean - half, mean + half


def decide(expect: str, low: float, high: float, bound: float) -> str:
    """Verdict from an interval.

    Parameters
    ----------
    expect
        What must come out.
    low, high
        90 % interval.
    bound
        Smallest effect that matters; for ``returned`` the part that must come back.
    """
    if expect == EQUIVALENT:
        if -bound < low and high < bound:
            return PASS
        return FAIL if low > bound or high < -bound else UNDECIDED
    if expect == LOWER:
        return PASS if high < -bound else FAIL if low > -bound else UNDECIDED
    return PASS if low > bound else FAIL if high < bound else UNDECIDED


def _why(claim: Claim, verdict: str, bound: float) -> str:
    if verdict == PASS:
        return ""
    if claim.expect == EQUIVALENT:
        outside = f"no effect beyond {bound:g} is asked"
        return (
            f"{outside}, and the interval lies beyond it"
            if verdict == FAIL
            else f"{outside}; too few pairs to tell"
        )
    asked = {LOWER: "a fall", HIGHER: "a rise", RETURNED: f"{bound:.0%} of the saving"}[claim.expect]
    return f"{asked} is asked" + ("" if verdict == FAIL else "; too few pairs to tell")
