"""Facts by name that are looked up when a rule asks for them: most rules ask for few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Matrix = NDArray[Any]
type Facts = MutableMapping[str, Matrix]
type LookUp = Callable[[str], Matrix]


class LookedUp(MutableMapping[str, Matrix]):
    """A mapping in which all facts are from the beginning, each worked out once, when it is asked for.

    Parameters
    ----------
    names
        Names of the facts.
    look_up
        Works out the fact of a name.
    """

    def __init__(self, names: Iterable[str], look_up: LookUp) -> None:
        self._facts: dict[str, Matrix | None] = dict.fromkeys(names)
        self._look_up = look_up

    def __getitem__(self, name: str) -> Matrix:
        """Return a fact; KeyError if there is none of this name."""
        fact = self._facts[name]
        if fact is None:
            fact = self._facts[name] = self._look_up(name)
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
