"""Facts by name that are looked up when a rule asks for them: most rules ask for few."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Matrix = NDArray[Any]
type Facts = MutableMapping[str, Matrix]
type LookUp = Callable[[], Matrix]

_NOTHING: Mapping[str, Matrix] = MappingProxyType({})


class LookedUp(MutableMapping[str, Matrix]):
    """A mapping in which all facts are from the beginning, each worked out once, when it is asked for.

    Parameters
    ----------
    given
        How to look up each fact.
    known
        Facts that need no looking up.
    """

    def __init__(self, given: Mapping[str, LookUp], known: Mapping[str, Matrix] = _NOTHING) -> None:
        self._given: dict[str, LookUp | None] = {**given, **dict.fromkeys(known)}
        self._found: dict[str, Matrix] = {**known}

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


class Twice(Mapping[str, Matrix]):
    """The same facts of everything, and of all of it once more."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._found: dict[str, Matrix] = {}

    def __getitem__(self, name: str) -> Matrix:
        """Return a fact; KeyError if there is none of this name."""
        found = self._found.get(name)
        if found is None:
            once = self._facts[name]
            found = self._found[name] = np.concatenate([once, once])
        return found

    def __iter__(self) -> Iterator[str]:
        """All names, looked up or not."""
        return iter(self._facts)

    def __len__(self) -> int:
        """Count the facts."""
        return len(self._facts)
