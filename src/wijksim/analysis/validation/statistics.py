"""Statistics: what a fact speaks of, computed from simulated state.

A *rule* knows a kind of statement by its words and gives the statistic that answers it. Rules are tried in order, the
first that knows the words wins; numbers in the words (years, ages, bands of corporation share) become arguments, so
that a table with other rows of the same form is understood too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.validation.panel import Panel
from wijksim.analysis.validation.patterns import Pattern
from wijksim.analysis.validation.wording import namesake, nearest, plain

SIMULATED, INPUT, UNMEASURABLE = "simulated", "input", "unmeasurable"
NULL = "null"


@dataclass(frozen=True)
class Panels:
    """What a statistic may look at.

    Attributes
    ----------
    real
        Districts as they are.
    blind
        The same stock with the people of the whole country: a start that is blind to tenure.
    pairs
        Other districts in the same futures with and without a programme, by name; ``null`` is without.
    """

    real: Panel
    blind: Panel
    pairs: Mapping[str, Panel] = field(default_factory=dict)

    def has(self, need: str) -> bool:
        """Whether a figure was recorded, or, for ``pair:name``, a programme was run."""
        kind, _, name = need.partition(":")
        if kind == "pair":
            return name in self.pairs and NULL in self.pairs
        return self.real.has(need)

    def frozen(self) -> Panels:
        """The same of the trivial model, in which no programme does anything."""
        pairs = {}
        if NULL in self.pairs:
            still = self.pairs[NULL].frozen()
            pairs = dict.fromkeys(self.pairs, still)
        return Panels(self.real.frozen(), self.blind.frozen(), pairs)

    def take(self, rows: NDArray[np.int64], paired: NDArray[np.int64]) -> Panels:
        """Some of the areas, for resampling; both runs of a pair keep the same ones."""
        pairs = {name: panel.take(paired) for name, panel in self.pairs.items()}
        return Panels(self.real.take(rows), self.blind.take(rows), pairs)


Compute = Callable[[Panels], float]


@dataclass(frozen=True)
class Statistic:
    """How to compute what a fact speaks of.

    Attributes
    ----------
    block
        Part of the model that it judges.
    kind
        ``simulated``; ``input`` if the number is imposed on the model; ``unmeasurable`` if nothing carries it.
    compute
        From the panels; None if unmeasurable.
    about
        What is computed, or why it cannot be.
    needs
        Figures of the panel without which it cannot be computed.
    """

    block: str
    kind: str
    compute: Compute | None
    about: str
    needs: tuple[str, ...] = ()


Maker = Callable[[re.Match[str], Pattern], Statistic | None]


@dataclass(frozen=True)
class Rule:
    """A kind of statement.

    Attributes
    ----------
    words
        Regular expression on the statistic's words in lower case.
    make
        Gives the statistic, or None if the words only look alike.
    also
        Regular expression that pattern and statistic together must hold as well.
    """

    words: re.Pattern[str]
    make: Maker
    also: re.Pattern[str] | None = None


RULES: Final[list[Rule]] = []


def rule(words: str, also: str | None = None) -> Callable[[Maker], Maker]:
    """Declare a rule."""

    def add(make: Maker) -> Maker:
        RULES.append(Rule(re.compile(words), make, re.compile(also) if also else None))
        return make

    return add


def says(
    words: str,
    block: str,
    compute: Compute,
    about: str,
    needs: tuple[str, ...],
    *,
    also: str | None = None,
    kind: str = SIMULATED,
) -> None:
    """Declare a rule without arguments."""
    statistic = Statistic(block, kind, compute, about, needs)
    rule(words, also)(lambda match, pattern: statistic)


def cannot(words: str, block: str, why: str, *, also: str | None = None) -> None:
    """Declare that nothing in the model carries this kind of statement, and why."""
    statistic = Statistic(block, UNMEASURABLE, None, why)
    rule(words, also)(lambda match, pattern: statistic)


UNKNOWN = Statistic("other", UNMEASURABLE, None, "no statistic is bound to these words")


def bind(pattern: Pattern) -> Statistic:
    """Find the statistic that a fact speaks of.

    First by its words, as :func:`~wijksim.analysis.validation.wording.plain` puts them; then by the words of the
    shipped fact that says nearly the same; then by those of the shipped fact with its id.
    """
    found = _by_words(plain(pattern.statistic), pattern)
    if found is not None:
        return found
    for known in (nearest(pattern), namesake(pattern)):
        if known is not None:
            found = _by_words(plain(known.statistic), known)
            if found is not None:
                return found
    return UNKNOWN


def _by_words(words: str, pattern: Pattern) -> Statistic | None:
    for one in RULES:
        match = one.words.search(words)
        if match is None or (one.also is not None and not one.also.search(plain(pattern.words))):
            continue
        found = one.make(match, pattern)
        if found is not None:
            return found
    return None
