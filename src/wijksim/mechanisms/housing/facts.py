"""Facts by name that are looked up when a rule asks for them: most rules ask for few."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Matrix = NDArray[Any]
type Facts = MutableMapping[str, Matrix]
type LookUp = Callable[[], Matrix]


class LookedUp(MutableMapping[str, Matrix]):
    """A mapping in which all facts are from the beginning, each worked out once, when it is asked for.

    Parameters
    ----------
    given
        Facts, or how to look up each.
    """

    def __init__(self, given: Mapping[str, Matrix | LookUp]) -> None:
        self._facts: dict[str, Matrix | LookUp] = {**given}

    def __getitem__(self, name: str) -> Matrix:
        """Return a fact; KeyError if there is none of this name."""
        fact = self._facts[name]
        if not isinstance(fact, np.ndarray):
            fact = self._facts[name] = fact()
        return fact

    def __setitem__(self, name: str, fact: Matrix) -> None:
        """Put a fact in that is known already."""
        self._facts[name] = fact

    def __delitem__(self, name: str) -> None:
        """Take a fact out."""
        del self._facts[name]

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a fact, without looking it up."""
        return name in self._facts

    def __iter__(self) -> Iterator[str]:
        """All names, looked up or not."""
        return iter(self._facts)

    def __len__(self) -> int:
        """Count the facts."""
        return len(self._facts)


class Twice(Mapping[str, Matrix]):
    """The same facts of everything, and of all of it once more."""

    def __init__(self, facts: Facts) -> None:
        self._once = facts
        self._twice: dict[str, Matrix] = {}

    def __getitem__(self, name: str) -> Matrix:
        """Return a fact; KeyError if there is none of this name."""
        if name not in self._twice:
            once = self._once[name]
            self._twice[name] = np.concatenate([once, once])
        return self._twice[name]

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a fact, without looking it up."""
        return name in self._once

    def __iter__(self) -> Iterator[str]:
        """All names, looked up or not."""
        return iter(self._once)

    def __len__(self) -> int:
        """Count the facts."""
        return len(self._once)
