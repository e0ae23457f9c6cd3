"""What the model cannot say: a heading and a few sentences each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wijksim.report.words import Words

if TYPE_CHECKING:
    from wijksim.analysis.compare import Comparison


def limits(comparison: Comparison, words: Words) -> tuple[tuple[str, str], ...]:
    """What the model cannot say: a heading and a text each."""
    found = [*_of_the_model(words), *_of_the_numbers(words)]
    off = sorted({words.loop(loop) for scenario in comparison.scenarios for loop in scenario.loops_off})
    if off:
        text = words._(
            "In een of meer scenario's is een terugkoppeling uitgezet: {loops}.", loops=", ".join(off)
        )
        found.append((words._("Uitgezette verbanden"), text))
    return tuple(found)


def _of_the_model(words: Words) -> list[tuple[str, str]]:
    return [
        (
            words._("Het voorspelt niet"),
            words._(
                "Het model zegt niet hoe een wijk er over twintig jaar uitziet. Het laat zien wat een"
                " maatregel verandert als de wereld werkt zoals het model veronderstelt. Kijk daarom "
                "naar het verschil tussen varianten en niet naar het niveau."
            ),
        ),
        (
            words._("Dit zit er nog niet in"),
            words._(
                "Nieuwe woningen komen er waar oude zijn gesloopt, naast bestaande of elders in de stad: "
                "bouwen op nieuwe plekken zit niet in het model."
            ),
        ),
        (
            words._("De rest van de stad"),
            words._(
                "De tabellen gaan over de wijken in het model. Mensen die naar de rest van de stad "
                "verhuizen, staan alleen bij het waterbed. Overlast en kosten die daarheen "
                "verschuiven, tellen niet mee."
            ),
        ),
        (
            words._("Veel feiten lukken nog niet"),
            words._(
                "De getallen in het model komen uit onderzoek of zijn aannames, en deels zijn ze "
                "daarop aangepast. Het model is vergeleken met feiten die in echte wijken zijn "
                "gemeten: bijna de helft komt er nog niet uit. Een deel van de aannames is met de "
                "hand zo gekozen dat feiten beter kloppen. Dat een feit klopt, bewijst dus nog niet "
                "dat het model gelijk heeft. Armoede daalt in het model vanzelf."
            ),
        ),
        (
            words._("Bezuinigen op zorg lijkt te goedkoop"),
            words._(
                "In werkelijkheid kwam een bezuiniging op laagdrempelige hulp grotendeels terug als "
                "kosten van crises. In dit model komt daarvan maar een deel terug. Lees minder "
                "uitgaven door minder hulp dus niet als besparing."
            ),
        ),
        (
            words._("Sturen op wie er komt wonen lijkt te gunstig"),
            words._(
                "In werkelijkheid werd een wijk niet merkbaar leefbaarder toen werd gestuurd op wie "
                "er kwam wonen. Een grens aan het aantal kwetsbare huishoudens helpt in dit model wel een "
                "beetje. Lees zo'n winst dus als te hoog."
            ),
        ),
    ]


def _of_the_numbers(words: Words) -> list[tuple[str, str]]:
    return [
        (
            words._("Meer verklaringen passen"),
            words._(
                "Verschillende sterktes van de verbanden geven vaak dezelfde uitkomst. Deze "
                "vergelijking kan dus niet bewijzen welk verband een effect veroorzaakt."
            ),
        ),
        (
            words._("Alleen toeval is gevarieerd"),
            words._(
                "De intervallen en banden laten zien wat toeval doet: wie verhuist, wie ziek wordt, "
                "wie werk vindt. Ze laten niet zien hoe onzeker de getallen zelf zijn. De echte "
                "onzekerheid is dus groter."
            ),
        ),
        (
            words._("Niemand in dit model bestaat echt"),
            words._(
                "Bewoners zijn gemaakt uit cijfers over hele wijken. Uitkomsten gaan nooit over een "
                "persoon, een huishouden of een adres."
            ),
        ),
    ]
