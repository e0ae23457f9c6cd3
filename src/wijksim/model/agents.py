"""Mesa agents as views on the tables: attributes read and write the model's memory.

Views are made on first touch of ``model.agents``; a sweep never pays for them. A view knows its uid and its row.
When its subject is gone it keeps a last snapshot that can be read and not written, and it has no row any more: its
district is the last one, and it belongs nowhere and to nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np

from wijksim.kernel import derive
from wijksim.model.writing import checked, refusal
from wijksim.state.codes import Fate

if TYPE_CHECKING:
    from wijksim.model.model import WijkModel
    from wijksim.state.table import Table

# attributes of mesa.Agent and mesa.Model that a column must not hide (tested)
RESERVED: frozenset[str] = frozenset(
    {
        "model",
        "unique_id",
        "pos",
        "step",
        "advance",
        "remove",
        "random",
        "rng",
        "scenario",
        "create_agents",
        "from_dataframe",
    }
)


class View(mesa.Agent):
    """One row of one table as a Mesa agent.

    Attributes are the columns of the table. Codes come back as members of their enumeration, truth values as
    ``bool``, everything else as ``int`` or ``float``. Writing a wrong type raises ``TypeError``, writing what lies
    outside the domain of the column ``ValueError``; columns that follow from others cannot be written
    (``AttributeError``). See :mod:`wijksim.model.writing`.
    """

    TABLE: ClassVar[str] = ""
    model: WijkModel
    unique_id: int

    def __init__(self, model: WijkModel, row: int) -> None:
        model.expect(self.TABLE, row)
        super().__init__(model)
        self._row = row
        self.unique_id = int(self._table.uid[row])
        self._tomb: dict[str, Any] | None = None

    @property
    def _table(self) -> Table:
        return self.model.world.tables[self.TABLE]

    @property
    def alive(self) -> bool:
        """True as long as the subject is in the model."""
        return self._tomb is None

    def __getattr__(self, name: str) -> Any:
        """Read a column."""
        if name.startswith("_") or name in RESERVED:
            raise AttributeError(name)
        tomb = self.__dict__.get("_tomb")
        if tomb is not None:
            if name in tomb:
                return tomb[name]
            raise AttributeError(f"{type(self).__name__} {self.unique_id} is gone and had no {name!r}")
        table = self.model.world.tables[self.TABLE]
        column = table.columns.get(name)
        if column is None:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        value = table[name].item(self._row)
        if column.codes is not None and value >= 0:
            return column.codes(value)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        """Write a column; other names become ordinary attributes of the view."""
        if name == "unique_id" and "_tomb" in self.__dict__:
            raise AttributeError("unique_id cannot be changed: luck, ties and records know an agent by it")
        plain = name.startswith("_") or name in RESERVED or "model" not in self.__dict__
        table = None if plain else self._table
        column = None if table is None else table.columns.get(name)
        if table is None or column is None:
            super().__setattr__(name, value)
            return
        if self.__dict__.get("_tomb") is not None:
            raise AttributeError(
                f"{type(self).__name__} {self.unique_id} is gone; its {name} cannot be changed"
            )
        why = refusal(column)
        if why is not None:
            raise AttributeError(why)
        if hasattr(type(self), name):  # a subclass has a property of its own for it
            super().__setattr__(name, value)
            return
        table[name][self._row] = checked(table, column, self._row, value, self.model.month)

    def __dir__(self) -> list[str]:
        """Names of attributes, columns among them."""
        return sorted({*super().__dir__(), *self._table.columns})

    def draw(self, name: str, lane: int = 0) -> float:
        """Uniform luck of this agent this month, the same in every variant of one future."""
        return float(
            self.model.context.draws.uniform(f"agent.{name}", self.unique_id, self.model.month, lane)
        )

    def bury(self, last: dict[str, Any]) -> None:
        """Keep a last snapshot: the subject has left the model."""
        self.__dict__["_tomb"] = last
        self.__dict__["_row"] = -1

    @property
    def district(self) -> str:
        """Name of the district, of somebody who is gone the last one."""
        row = self.__getattr__("district")
        return "" if row < 0 else self.model.district_name(row)

    def snapshot(self) -> dict[str, Any]:
        """All columns as plain values, of somebody who is gone the last ones."""
        if self._tomb is not None:
            return dict(self._tomb)
        return {
            name: column.codes(value) if column.codes is not None and value >= 0 else value
            for name, column in self._table.columns.items()
            for value in (self._table[name].item(self._row),)
        }

    def _linked[V: View](self, name: str, kind: type[V]) -> V | None:
        """Agent to whose row a column points, None where it points nowhere and for who is gone."""
        row = -1 if self._tomb is not None else self._table[name].item(self._row)
        found: V | None = None if row < 0 else self.model.view(kind.TABLE, row)
        return found

    def __repr__(self) -> str:
        """Name, uid and whether it is still there."""
        return f"<{type(self).__name__} {self.unique_id}{'' if self.alive else ' (gone)'}>"


class Resident(View):
    """A resident (bewoner)."""

    TABLE = "resident"

    @property
    def household(self) -> Household | None:
        """Household the resident belongs to; None for who is gone."""
        return self._linked("household", Household)

    @property
    def dwelling(self) -> Dwelling | None:
        """Dwelling the resident lives in; None for who is gone."""
        return self._linked("dwelling", Dwelling)

    @property
    def friends(self) -> list[Resident]:
        """Residents with whom this one has a personal tie; none for who is gone."""
        if not self.alive:
            return []
        ties = self.model.world.ties
        rows = np.concatenate([ties.b[ties.a == self._row], ties.a[ties.b == self._row]])
        return [self.model.view("resident", int(row)) for row in np.sort(rows)]

    def remove(self) -> None:
        """Leave the city, now."""
        if not self.alive:
            return
        self.model.context.requests.leave(np.array([self._row], dtype=np.int32), Fate.LEFT_CITY)
        self.model.apply_requests()


class Household(View):
    """A household (huishouden)."""

    TABLE = "household"

    @property
    def members(self) -> list[Resident]:
        """Residents who belong to it, by row; none if it is gone."""
        if not self.alive:
            return []
        rows = derive.members(self.model.world, np.array([self._row], dtype=np.int32))
        return [self.model.view("resident", int(row)) for row in rows]

    @property
    def dwelling(self) -> Dwelling | None:
        """Dwelling it occupies; None if the household is gone."""
        return self._linked("dwelling", Dwelling)

    def remove(self) -> None:
        """Leave the city with all members, now."""
        if not self.alive:
            return
        self.model.context.requests.depart(np.array([self._row], dtype=np.int32), Fate.LEFT_CITY)
        self.model.apply_requests()


class Dwelling(View):
    """A dwelling (woning)."""

    TABLE = "dwelling"

    @property
    def household(self) -> Household | None:
        """Household that lives here; None if it is empty or pulled down."""
        return self._linked("household", Household)

    def remove(self) -> None:
        """Be pulled down, now; the household that lives here leaves the city."""
        if not self.alive:
            return
        if self.household is not None:
            self.household.remove()
        self.model.demolish(self._row)


class Professional(View):
    """A professional (beroepskracht): one post, which may be shared over districts."""

    TABLE = "professional"

    @property
    def clients(self) -> list[Resident]:
        """Residents whose worker this is; none if the post is gone."""
        if not self.alive:
            return []
        resident = self.model.world.resident
        rows = np.flatnonzero(resident.alive & (resident.worker == self._row))
        return [self.model.view("resident", int(row)) for row in rows]

    def remove(self) -> None:
        """Give up the post, now; clients lose their worker.

        The hours are still paid for: unless the number of posts of this role is cut as well, the employer opens a post
        again in the next month, vacant until somebody is found.
        """
        if not self.alive:
            return
        self.model.close_post(self._row)


VIEWS: dict[str, type[View]] = {
    "resident": Resident,
    "household": Household,
    "dwelling": Dwelling,
    "professional": Professional,
}
