"""What is kept of a world from month to month, and goes with it.

Events, states and groups of them are part of the program: they live on from world to world. What they keep of the one
they last saw would hold its tables in memory, and as each of them sees another one last, those of many.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar, Self
from weakref import WeakSet, finalize

_KEEPERS: WeakSet[Keeper] = WeakSet()


class Keeper:
    """One that keeps something of a world, to be named in ``passing``.

    Attributes
    ----------
    passing
        Attributes that follow from a world, and what stands there before any is seen. A subclass adds its own to those
        of the class it is made of. A copy begins with them too: what was kept of the tables of one would be memory of
        its own in another.
    """

    passing: ClassVar[Mapping[str, Any]] = {}

    def __new__(cls, *_arguments: Any, **_named: Any) -> Self:
        """Make one that will forget."""
        made = super().__new__(cls)
        _KEEPERS.add(made)
        return made

    def __getstate__(self) -> Any:
        """State without what was kept of a world."""
        return {**self.__dict__, **self.passing}

    def __setstate__(self, state: Any) -> None:
        """Restore what ``__getstate__`` gave, and be one that will forget, however it was made."""
        self.__dict__.update(state)
        _KEEPERS.add(self)

    def forget(self) -> None:
        """Let go of all that was kept of a world; what another one needs is found anew."""
        self.__dict__.update(self.passing)


def forget_with(world: object) -> None:
    """Have every keeper forget when ``world`` is gone."""
    finalize(world, _forget).atexit = False


def _forget() -> None:
    for keeper in _all():
        keeper.forget()


def _all() -> tuple[Keeper, ...]:
    """All keepers; another thread may make one while they are listed."""
    while True:
        with suppress(RuntimeError):
            return tuple(_KEEPERS)
