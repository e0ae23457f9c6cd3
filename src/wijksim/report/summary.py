"""The summary in sentences, made from the results with fixed words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wijksim.analysis.intervals import CERTAIN_SHARE, LIKELY_SHARE, VERDICTS, pairs_needed
from wijksim.report import texts
from wijksim.report.costs import Estimate, PartyCost
from wijksim.report.numbers import counted, decimals_for, dutch, interval, listed, resolving
from wijksim.report.tables import Block

MOST_NAMED = 3
_FEWEST = pairs_needed(LIKELY_SHARE)
_CERTAIN = pairs_needed(CERTAIN_SHARE)


def opening(null: str, variants: Sequence[str], *, span: str, pairs: int) -> str:
    """What is compared."""
    return (
        f"Deze memo vergelijkt {counted(len(variants), 'variant', 'varianten')} met het nulalternatief "
        f"“{null}”, {span} vooruit en in "
        f"{counted(pairs, 'mogelijke toekomst', 'mogelijke toekomsten')}."
    )


def effects(blocks: Sequence[Block], variant: int, *, where: str, year: int) -> str:
    """What a variant does to the headline measures in a district in one year, without its name.

    Parameters
    ----------
    variant
        Place among the variants, 0 is the first.
    """
    by_verdict: dict[str, list[str]] = {key: [] for key in VERDICTS}
    for block in blocks:
        line = next(line for line in block.lines if line.year == year)
        by_verdict[line.cells[variant].verdict.key].append(f"“{texts.inside(texts.label(block.measure))}”")
    judged = sum(len(names) for key, names in by_verdict.items() if key != "neutral")
    place = f"in jaar {year} in {where}"
    few, same = len(by_verdict["too_few"]), len(by_verdict["no_difference"])
    if few == judged:
        return f"over jaar {year} in {where} valt niets te zeggen, want er zijn te weinig paren."
    named = [
        f"{VERDICTS[key]} op {_some(by_verdict[key])}"
        for key in ("surely_better", "likely_better", "likely_worse", "surely_worse")
        if by_verdict[key]
    ]
    if not named:
        rest = f"; voor {counted(few, 'maat', 'maten')} zijn er te weinig paren" if few else ""
        return (
            f"{place} is geen van de {same} beoordeelde maten te onderscheiden van het nulalternatief{rest}."
        )
    parts = [f"{place} {'; '.join(named)}"]
    if same:
        parts.append(f"{counted(same, 'maat is', 'maten zijn')} niet te onderscheiden van het nulalternatief")
    if few:
        parts.append(f"voor {counted(few, 'maat', 'maten')} zijn er te weinig paren")
    return "; ".join(parts) + "."


def money(names: Sequence[str], totals: Sequence[PartyCost]) -> str:
    """What all parties together spend more or less under each variant."""
    parts = []
    for name, cost in zip(names, totals, strict=True):
        parts.append(f"bij “{name}” {amount(cost.present)}")
    return f"Alle partijen samen geven in alle wijken over de hele periode uit, in geld van nu: {'; '.join(parts)}."


def amount(estimate: Estimate) -> str:
    """A difference in million euro in words, honest about what the interval allows."""
    decimals = resolving(estimate.low, estimate.high, decimals_for([estimate.half_width], [estimate.mean]))
    bounds = interval(estimate.low, estimate.high, decimals)
    if estimate.sign == 0:
        return f"niet aantoonbaar meer of minder ({bounds} miljoen euro)"
    word = "meer" if estimate.sign > 0 else "minder"
    return f"{dutch(abs(estimate.mean), decimals)} miljoen euro {word} ({bounds})"


def power(pairs: int) -> str:
    """What the number of pairs can and cannot prove."""
    certain = f"“{VERDICTS['surely_better']}” of “{VERDICTS['surely_worse']}”"
    if pairs < _FEWEST:
        return (
            f"Er zijn te weinig paren: met {counted(pairs, 'paar', 'paren')} kan deze vergelijking niets aantonen. "
            f"Nodig zijn ten minste {_FEWEST} paren, en ten minste {_CERTAIN} paren voor het oordeel {certain}."
        )
    nothing = (
        f"“{texts.sentence(VERDICTS['no_difference'])}” betekent niet dat er geen effect is: het effect kan kleiner "
        "zijn dan het toeval in het model."
    )
    if pairs < _CERTAIN:
        return (
            f"Met {pairs} paren kan deze memo hoogstens “waarschijnlijk” zeggen; voor {certain} zijn ten minste "
            f"{_CERTAIN} paren nodig. {nothing}"
        )
    return f"Met {pairs} paren kan deze memo elk oordeel uitspreken. {nothing}"


def payers(costs: Iterable[PartyCost]) -> tuple[str, str]:
    """Parties that pay more, and parties that pay less, as far as the interval shows."""
    known = list(costs)
    more = listed(texts.party_name(cost.party) for cost in known if cost.present.sign > 0)
    less = listed(texts.party_name(cost.party) for cost in known if cost.present.sign < 0)
    return more or "niemand aantoonbaar", less or "niemand aantoonbaar"


def _some(names: Sequence[str]) -> str:
    """How many measures, and the first few by name."""
    many = counted(len(names), "maat", "maten")
    if len(names) <= MOST_NAMED:
        return f"{many} ({listed(names)})"
    return f"{many} (zoals {listed(names[:MOST_NAMED])})"
