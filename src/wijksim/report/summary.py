"""The summary in sentences, made from the results with fixed words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wijksim.analysis.intervals import CERTAIN_SHARE, LIKELY_SHARE, VERDICTS, pairs_needed
from wijksim.report import texts
from wijksim.report.costs import Estimate, PartyCost
from wijksim.report.money import MILLIONS, MoneyUnit, Sums
from wijksim.report.numbers import decimals_for, holding, resolving
from wijksim.report.sizes import Size
from wijksim.report.tables import Block
from wijksim.report.words import DUTCH, Words

MOST_NAMED = 3
_FEWEST = pairs_needed(LIKELY_SHARE)
_CERTAIN = pairs_needed(CERTAIN_SHARE)


def opening(null: str, variants: Sequence[str], *, span: str, pairs: int, words: Words = DUTCH) -> str:
    """What is compared."""
    return words._(
        "Deze memo vergelijkt {variants} met het nulalternatief {null}, {span} vooruit en in {futures}.",
        variants=words.counted(len(variants), "variant", "varianten"),
        null=words.quoted(null),
        span=span,
        futures=words.counted(pairs, "mogelijke toekomst", "mogelijke toekomsten"),
    )


def effects(blocks: Sequence[Block], variant: int, *, where: str, year: int, words: Words = DUTCH) -> str:
    """What a variant does to the headline measures in a district in one year, without its name.

    Parameters
    ----------
    variant
        Place among the variants, 0 is the first.
    """
    by_verdict: dict[str, list[tuple[str, Size]]] = {key: [] for key in (*VERDICTS, texts.UNTOUCHED)}
    for block in blocks:
        cell = next(line for line in block.lines if line.year == year).cells[variant]
        name = words.quoted(texts.inside(words.label(block.measure)))
        by_verdict[cell.shown.key].append((name, cell.size))
    judged = sum(len(names) for key, names in by_verdict.items() if key != "neutral")
    few, same, equal = (len(by_verdict[key]) for key in ("too_few", "no_difference", texts.UNTOUCHED))
    if few == judged:
        return words._(
            "over jaar {year} in {where} valt niets te zeggen, want er zijn te weinig paren.",
            year=year,
            where=where,
        )
    too_few = words._("voor {measures} zijn er te weinig paren", measures=words.counted(few, "maat", "maten"))
    named = [
        words._("{verdict} op {measures}", verdict=words.verdict(key), measures=_some(by_verdict[key], words))
        for key in ("surely_better", "likely_better", "likely_worse", "surely_worse")
        if by_verdict[key]
    ]
    if named:
        parts = [words._("in jaar {year} in {where} {found}", year=year, where=where, found="; ".join(named))]
    elif same:
        start = words._(
            "in jaar {year} in {where} is geen van de {same} beoordeelde maten te onderscheiden van het nulalternatief",
            year=year,
            where=where,
            same=same + equal,
        )
        parts = [start]
    else:
        parts = [words._("in jaar {year} in {where} is niets veranderd", year=year, where=where)]
    if same and named:
        alike = words.counted(same, "maat is", "maten zijn")
        parts.append(words._("{measures} niet te onderscheiden van het nulalternatief", measures=alike))
    if equal:
        alone = words.counted(equal, "maat is", "maten zijn")
        parts.append(words._("{measures} in elke toekomst gelijk (niet geraakt)", measures=alone))
    if few:
        parts.append(too_few)
    return "; ".join(parts) + "."


def money(names: Sequence[str], totals: Sequence[PartyCost], sums: Sums, words: Words = DUTCH) -> str:
    """What all parties together spend more or less under each variant."""
    if all(cost.present.too_few for cost in totals):
        return words._(
            "Over wat alle partijen samen meer of minder uitgeven, valt niets te zeggen, want er zijn te weinig paren."
        )
    parts = [
        words._("bij {name} {amount}", name=words.quoted(name), amount=amount(cost.present, words, sums.unit))
        for name, cost in zip(names, totals, strict=True)
    ]
    text = words._(
        "Alle partijen samen geven in alle wijken van het model ({residents}) over de hele periode uit, in euro's van "
        "{year} en omgerekend naar geld van nu: {parts}.",
        residents=words.counted(sums.residents, "inwoner", "inwoners"),
        year=sums.year or words._("het basisjaar"),
        parts="; ".join(parts),
    )
    if any(cost.present.sign < 0 for cost in totals):
        text += " " + words._(
            "Minder uitgeven is niet vanzelf een besparing: wat minder hulp later aan crises kost, zit maar voor een "
            "deel in het model."
        )
    return text


def amount(millions: Estimate, words: Words = DUTCH, unit: MoneyUnit = MILLIONS) -> str:
    """A difference in million euro in words, honest about what the interval allows."""
    estimate, name = unit.estimate(millions), words.money(unit)
    decimals = resolving(estimate.low, estimate.high, decimals_for([estimate.half_width], [estimate.mean]))
    decimals = holding(estimate.low, estimate.high, decimals)
    low, high = (estimate.low, estimate.high) if estimate.sign >= 0 else (-estimate.high, -estimate.low)
    bounds = words.interval(low, high, decimals)
    if estimate.too_few:
        return words._("te weinig paren ({bounds} {unit})", bounds=bounds, unit=name)
    if estimate.sign == 0:
        return words._("niet aantoonbaar meer of minder ({bounds} {unit})", bounds=bounds, unit=name)
    euros = words.number(abs(estimate.mean), decimals)
    if estimate.sign > 0:
        return words._("{euros} {unit} meer ({bounds})", euros=euros, bounds=bounds, unit=name)
    return words._("{euros} {unit} minder ({bounds})", euros=euros, bounds=bounds, unit=name)


def power(pairs: int, words: Words = DUTCH) -> str:
    """What the number of pairs can and cannot prove."""
    certain = words._(
        "“{better}” of “{worse}”",
        better=words.verdict("surely_better"),
        worse=words.verdict("surely_worse"),
    )
    if pairs < _FEWEST:
        return words._(
            "Er zijn te weinig paren: met {pairs} kan deze vergelijking niets aantonen. Nodig zijn ten minste {fewest} "
            "paren, en ten minste {most} paren voor het oordeel {certain}.",
            pairs=words.counted(pairs, "paar", "paren"),
            fewest=_FEWEST,
            most=_CERTAIN,
            certain=certain,
        )
    nothing = words._(
        "“{verdict}” betekent niet dat er geen effect is: het effect kan kleiner zijn dan het toeval in het model.",
        verdict=texts.sentence(words.verdict("no_difference")),
    )
    if pairs < _CERTAIN:
        return words._(
            "Met {pairs} paren kan deze memo hoogstens “waarschijnlijk” zeggen; voor {certain} zijn ten minste {most} "
            "paren nodig. {nothing}",
            pairs=pairs,
            certain=certain,
            most=_CERTAIN,
            nothing=nothing,
        )
    return words._(
        "Met {pairs} paren kan deze memo elk oordeel uitspreken. {nothing}", pairs=pairs, nothing=nothing
    )


def payers(costs: Iterable[PartyCost], words: Words = DUTCH) -> tuple[str, str]:
    """Parties that pay more, and parties that pay less, as far as a verdict can say so."""
    known = list(costs)
    more = words.parties(cost.party for cost in known if cost.present.sign > 0)
    less = words.parties(cost.party for cost in known if cost.present.sign < 0)
    few = bool(known) and all(cost.present.too_few for cost in known)
    nobody = words.verdict("too_few") if few else words._("niemand aantoonbaar")
    return more or nobody, less or nobody


def _some(found: Sequence[tuple[str, Size]], words: Words) -> str:
    """How many measures, the first few by name, and how many of them change by less than matters."""
    names = [name for name, _ in found]
    many = words.counted(len(names), "maat", "maten")
    if len(names) <= MOST_NAMED:
        text = f"{many} ({words.listed(names)})"
    else:
        text = words._("{many} (zoals {names})", many=many, names=words.listed(names[:MOST_NAMED]))
    sizes = [size for _, size in found]
    small = [(sizes.count(size), words.size(size)) for size in (Size.SMALL, Size.SMALL_ON_AVERAGE)]
    told = [f"{words.number(count)} {word}" for count, word in small if count]
    return words._("{measures}, waarvan {small}", measures=text, small=words.listed(told)) if told else text
