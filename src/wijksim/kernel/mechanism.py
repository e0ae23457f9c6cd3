"""What a mechanism is: columns it owns, processes declared as data, and a short ``step``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, wraps
from types import MethodType
from typing import TYPE_CHECKING, Any, ClassVar

from wijksim.core.registry import Registry
from wijksim.kernel.event import Event
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.relax import Relax
from wijksim.state.column import Column
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Enter = Callable[["Context", str, Rows, str], None]


def only(*ways: tuple[str, str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a mechanism hear only of new rows of these tables that came in these ways."""

    def decorate(enter: Callable[..., None]) -> Callable[..., None]:
        @wraps(enter)
        def told(self: object, ctx: Context, table: str, rows: Rows, how: str) -> None:
            if (table, how) in ways:  # a subclass may hear of more and hand it on
                enter(self, ctx, table, rows, how)

        told.__dict__.update(ways=ways, behind=enter)
        return told

    return decorate


def hearing(enters: Iterable[Enter], way: tuple[str, str]) -> tuple[Enter, ...]:
    """Those of ``enters`` who hear of new rows of this table that came in this way.

    They are not asked again whether they do: what comes is what stands behind :func:`only`.
    """
    found: list[Enter] = []
    for enter in enters:
        if way in getattr(enter, "ways", (way,)):
            behind, mechanism = getattr(enter, "behind", None), getattr(enter, "__self__", None)
            found.append(enter if behind is None else MethodType(behind, mechanism))
    return tuple(found)


class Mechanism:
    """Base class of all mechanisms.

    Attributes
    ----------
    name
        Word by which the month, scenarios and pages know it.
    owns
        Columns that only this mechanism writes.
    reads
        Columns (or tables) whose owner stands above this mechanism in the month.
    lagged
        Columns whose owner stands at or below it: last month's values are meant.
    costs
        Items it books in the ledger.
    channels
        What levers may move here besides the rates of its events: names that it looks up among ``scale`` and ``fund``,
        acts that it answers to (``owner.act``).
    """

    name: ClassVar[str]
    owns: ClassVar[tuple[Column, ...]] = ()
    reads: ClassVar[tuple[str, ...]] = ()
    lagged: ClassVar[tuple[str, ...]] = ()
    costs: ClassVar[tuple[CostItem, ...]] = ()
    channels: ClassVar[tuple[str, ...]] = ()

    def setup(self, ctx: Context) -> None:
        """Give the columns of a newly built world their stationary values and make own stores."""

    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Give new rows of ``table`` their first values; ``how`` is ``born``, ``arrived`` or ``founded``."""

    def step(self, ctx: Context) -> None:
        """Do one month."""
        raise TypeError(f"mechanism {self.name} has no step")

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Numbers of this mechanism that every run prints (plain, ready for JSON)."""
        del ctx
        return {}

    @classmethod
    def events(cls) -> tuple[Event, ...]:
        """Events declared in the class body."""
        return tuple(item for item in vars(cls).values() if isinstance(item, Event))

    @classmethod
    @cache
    def states(cls) -> tuple[Relax, ...]:
        """Relaxing states declared in the class body."""
        return tuple(item for item in vars(cls).values() if isinstance(item, Relax))


MECHANISMS: Registry[Mechanism] = Registry("mechanism")
