"""The score card as a page."""

from __future__ import annotations

from collections.abc import Iterable

from wijksim.analysis.validation.gates import GATES, Outcome
from wijksim.analysis.validation.patterns import USES
from wijksim.analysis.validation.score import FAIL, PASS, Card, Verdict
from wijksim.analysis.validation.statistics import INPUT, UNMEASURABLE
from wijksim.core.units import PERCENT
from wijksim.report.reference import table

_HEADS = ("id", "use", "fact", "simulated", "95 % interval", "band", "trivial", "computed as")


def card_page(card: Card) -> str:
    """Write the card: scores, then every fact, those not reproduced first."""
    found = card.summary()
    shares = ", ".join(f"{use} {_share(found['share_passed'][use])}" for use in USES)
    setting = card.setting
    parts = [
        "# Score card",
        "Facts that the model must reproduce, scored by `wijksim validate`. A family of rows about one thing has one "
        "vote. *Input* is imposed on the model and counts for nothing. The trivial model has the start of every place, "
        "the exogenous walk and no mechanism: only what it fails says something for the mechanisms.",
        f"{found['measurable']} of {found['rows']} rows measured, {found['passed']} passed, {found['input']} input, "
        f"{found['unmeasurable']} not yet measurable. Families passed: {shares}.",
        "Ensemble: "
        + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in setting.items())
        + ".",
        "## By block",
        table(
            ("block", "families", "passed", "trivial model passes"),
            [
                (name, one["families"], _share(one["share_passed"]), one["trivial"])
                for name, one in found["blocks"].items()
            ],
        ),
        "Evidence for the mechanisms (passed, and failed by the trivial model): "
        + (", ".join(found["evidence"]) or "none")
        + ".",
        "## Not reproduced",
        table(_HEADS, _rows(card, FAIL)),
        "## Reproduced",
        table(_HEADS, _rows(card, PASS)),
        "## Input",
        table(_HEADS, _rows(card, INPUT)),
        "## Not yet measurable",
        table(
            ("id", "use", "fact", "why"),
            [
                (one.pattern.id, one.pattern.use, one.pattern.statistic, one.reason)
                for one in card.verdicts
                if one.status == UNMEASURABLE
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _rows(card: Card, status: str) -> Iterable[tuple[str, ...]]:
    for one in card.verdicts:
        if one.status == status:
            yield _row(one)


def _row(one: Verdict) -> tuple[str, ...]:
    low, high = one.interval or (float("nan"), float("nan"))
    fact = one.pattern
    return (
        fact.id,
        fact.use,
        fact.statistic,
        _number(one.simulated),
        f"{_number(low)} to {_number(high)}",
        f"{_number(fact.low)} to {_number(fact.high)}",
        _number(one.trivial),
        one.statistic.about,
    )


def _number(value: float | None) -> str:
    return "" if value is None or value != value else f"{value:.3g}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{PERCENT * value:.0f} %"


def gates_page(outcome: Outcome) -> str:
    """Write the gates: what is known, what came out, and why a gate fails."""
    known = {gate.name: gate.known for gate in GATES}
    rows = [
        (
            one.gate,
            known.get(one.gate, ""),
            one.claim.says if one.claim else "",
            _number(one.effect),
            f"{_number(one.low)} to {_number(one.high)}" if one.claim else "",
            one.verdict,
            one.why,
        )
        for one in outcome.judged
    ]
    return "\n\n".join(
        [
            "# Reality gates",
            "Policies whose outcome is known, tried in twelve districts of which four get the policy, against current "
            f"policy in the same {outcome.pairs} futures. *Equivalent* asks that the whole 90 % interval lies inside "
            "the smallest effect that matters.",
            table(("gate", "known", "claim", "effect", "90 % interval", "verdict", "why"), rows),
        ]
    )
