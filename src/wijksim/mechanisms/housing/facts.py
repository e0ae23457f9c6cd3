"""Facts by name that are looked up when a rule asks for them: most rules ask for few."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import partial
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
        How to look up each fact.
    """

    def __init__(self, given: Mapping[str, LookUp]) -> None:
        self._given: dict[str, LookUp | None] = dict(given)
        self._found: dict[str, Matrix] = {}

    def add(self, name: str, look_up: LookUp) -> None:
        """Say how to look up one more fact."""
        self._given[name] = look_up

    def __getitem__(self, name: str) -> Matrix:
        """Return a fact; KeyError if there is none of this name."""
        found = self._found.get(name)
        if found is None:
            look_up = self._given[name]
            assert look_up is not None
            found = self._found[name] = look_up()
        return found

    def __setitem__(self, name: str, fact: Matrix) -> None:
        """Put a fact in that is known already."""
        self._given.setdefault(name, None)
        self._found[name] = fact

    def __delitem__(self, name: str) -> None:
        """Take a fact out."""
        del self._given[name]
        self._found.pop(name, None)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a fact, without looking it up."""
        return name in self._given

    def __iter__(self) -> Iterator[str]:
        """All names, looked up or not."""
        return iter(self._given)

    def __len__(self) -> int:
        """Count the facts."""
        return len(self._given)


def twice(facts: Facts) -> Facts:
    """The same facts of everything, and of all of it once more."""

    def once_more(name: str) -> Matrix:
        once = facts[name]
        return np.concatenate([once, once])

    return LookedUp({name: partial(once_more, name) for name in facts})
