"""Mesa agents as views on the tables: attributes read and write the model's memory.

Views are made on first touch of ``model.agents``; a sweep never pays for them. A view knows its uid and its row.
When its subject is gone it keeps a last snapshot that can be read and not written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np

from wijksim.kernel import derive
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
    ``bool``, everything else as ``int`` or ``float``. Writing a wrong type raises ``TypeError``; columns that
    follow from others cannot be written.
    """

    TABLE: ClassVar[str] = ""
    model: WijkModel
    unique_id: int

    def __init__(self, model: WijkModel, row: int) -> None:
        super().__init__(model)
        self._row = row
        self._tomb: dict[str, Any] | None = None
        self.unique_id = int(self._table.uid[row])

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
        if name.startswith("_") or name in RESERVED or hasattr(type(self), name):
            super().__setattr__(name, value)
            return
        table = self.model.world.tables[self.TABLE] if "model" in self.__dict__ else None
        if table is None or name not in table.columns:
            super().__setattr__(name, value)
            return
        if self.__dict__.get("_tomb") is not None:
            raise AttributeError(
                f"{type(self).__name__} {self.unique_id} is gone; its {name} cannot be changed"
            )
        column = table.columns[name]
        if column.doc.startswith("Derived") or column.ref is not None:
            raise AttributeError(f"{name} follows from the structure of the model; use its requests instead")
        table[name][self._row] = _checked(name, value, np.dtype(column.dtype))

    def draw(self, name: str, lane: int = 0) -> float:
        """Uniform luck of this agent this month, the same in every variant of one future."""
        return float(
            self.model.context.draws.uniform(f"agent.{name}", self.unique_id, self.model.month, lane)
        )

    def bury(self, last: dict[str, Any]) -> None:
        """Keep a last snapshot: the subject has left the model."""
        self.__dict__["_tomb"] = last
        self.__dict__["_row"] = -1

    def snapshot(self) -> dict[str, Any]:
        """All columns as plain values."""
        return {
            name: column.codes(value) if column.codes is not None and value >= 0 else value
            for name, column in self._table.columns.items()
            for value in (self._table[name].item(self._row),)
        }

    def __repr__(self) -> str:
        """Name, uid and whether it is still there."""
        return f"<{type(self).__name__} {self.unique_id}{'' if self.alive else ' (gone)'}>"


def _checked(name: str, value: Any, dtype: np.dtype[Any]) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    if dtype.kind == "b":
        if not isinstance(plain, bool):
            raise TypeError(f"{name} takes True or False, got {value!r}")
    elif isinstance(plain, bool) or not isinstance(plain, int | float):
        raise TypeError(f"{name} takes a number, got {value!r}")
    elif dtype.kind in "iu":
        if plain != int(plain):
            raise TypeError(f"{name} takes a whole number, got {value!r}")
        info = np.iinfo(dtype)
        if not info.min <= plain <= info.max:
            raise ValueError(f"{name} must lie in [{info.min}, {info.max}], got {value!r}")
    return plain


class Resident(View):
    """A resident (bewoner)."""

    TABLE = "resident"

    @property
    def household(self) -> Household:
        """Household the resident belongs to."""
        found: Household = self.model.view("household", self.model.world.resident.household.item(self._row))
        return found

    @property
    def dwelling(self) -> Dwelling | None:
        """Dwelling the resident lives in."""
        return self.household.dwelling

    @property
    def district(self) -> str:
        """Name of the district."""
        return self.model.district_name(self.model.world.resident.district.item(self._row))

    @property
    def friends(self) -> list[Resident]:
        """Residents with whom this one has a personal tie."""
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
        """Residents who belong to it, by row."""
        rows = derive.members(self.model.world, np.array([self._row], dtype=np.int32))
        return [self.model.view("resident", int(row)) for row in rows]

    @property
    def dwelling(self) -> Dwelling | None:
        """Dwelling it occupies."""
        row = self.model.world.household.dwelling.item(self._row)
        return None if row < 0 else self.model.view("dwelling", row)

    @property
    def district(self) -> str:
        """Name of the district."""
        return self.model.district_name(self.model.world.household.district.item(self._row))

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
        """Household that lives here, or None."""
        row = self.model.world.dwelling.household.item(self._row)
        return None if row < 0 else self.model.view("household", row)

    @property
    def district(self) -> str:
        """Name of the district."""
        return self.model.district_name(self.model.world.dwelling.district.item(self._row))

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
    def district(self) -> str:
        """Name of the district."""
        return self.model.district_name(self.model.world.professional.district.item(self._row))

    @property
    def clients(self) -> list[Resident]:
        """Residents whose worker this is."""
        resident = self.model.world.resident
        rows = np.flatnonzero(resident.alive & (resident.worker == self._row))
        return [self.model.view("resident", int(row)) for row in rows]

    def remove(self) -> None:
        """Give up the post, now; clients lose their worker."""
        if not self.alive:
            return
        self.model.close_post(self._row)


VIEWS: dict[str, type[View]] = {
    "resident": Resident,
    "household": Household,
    "dwelling": Dwelling,
    "professional": Professional,
}
