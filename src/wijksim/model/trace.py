"""Follow one resident through a run: what happened, with which chance and why.

A run is a pure function of scenario and seed, so nothing of anybody's life is stored: the run is done again with a
listener on one uid. The listener only reads, and reads nothing that the run itself has not read that month, so a
traced run equals an untraced one to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.kernel.relax import Relax
from wijksim.model.assemble import warmed_up, with_policy
from wijksim.model.casting import Casting, Suggestion
from wijksim.model.engine import Engine
from wijksim.model.explain import causes_of, explain
from wijksim.model.life import Cause, Fact, Life, Picture
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.scenario.resolve import Scenario

# states whose change is part of a life, by table; a column whose mechanism is absent is passed over
WATCHED: dict[str, tuple[str, ...]] = {
    "resident": (
        "education",
        "role",
        "psychiatric",
        "addiction",
        "lonely",
        "case",
        "nuisance_source",
        "wants_home",
    ),
    "household": (
        "problem_debt",
        "debt_track",
        "eviction_stage",
        "takeup",
        "move_wish",
        "type",
    ),
}
# what a yearly line can tell
PICTURED: dict[str, tuple[str, ...]] = {
    "resident": (
        "age",
        "sex",
        "role",
        "education",
        "activity",
        "activity_since",
        "psychiatric",
        "addiction",
        "stress",
        "trust",
        "perspective",
        "satisfaction",
        "self_reliance",
        "good_ties",
        "lonely",
        "case",
        "help_hours",
        "need",
    ),
    "household": (
        "type",
        "persons",
        "children",
        "tenure",
        "moved_in",
        "income",
        "income_fifth",
        "poor",
        "savings",
        "debt",
        "problem_debt",
        "nuisance_often",
        "move_wish",
    ),
}


class UnknownResidentError(LookupError):
    """Nobody with this uid lives in the districts during the run; carries residents worth following."""

    def __init__(self, uid: int, suggestions: tuple[Suggestion, ...]) -> None:
        super().__init__(f"there is no resident {uid} in this run")
        self.uid = uid
        self.suggestions = suggestions


class Follower:
    """Listens to one resident: a tracer of the kernel and an observer of the engine."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self._before: dict[str, Any] = {}
        self._household = -1
        self._known = (-1, -1)  # version of the table of residents, and the row in it
        self._levels: dict[str, float] = {}
        self._reasons: dict[str, tuple[Cause, ...]] = {}

    # ------------------------------------------------------------------ kernel protocol
    def event(
        self, ctx: Context, event: Event, rows: Rows, p: NDArray[np.float64], hit: NDArray[np.bool_]
    ) -> None:
        """Note a hit on the resident or what belongs to the resident."""
        struck = np.flatnonzero(hit)
        if struck.size == 0:
            return
        row = self._row(ctx, event.table)
        if row < 0:
            return
        for place in struck[rows[struck] == row].tolist():
            self.life.hits.append(explain(ctx, event, row, float(p[place])))

    def state(self, ctx: Context, relax: Relax) -> None:
        """Once a year, note what stands behind a state."""
        if relax.table != "resident" or not _year_ends(ctx.month):
            return
        row = self._row(ctx, "resident")
        if row >= 0:
            self._levels[relax.column] = float(ctx.values[relax.level])
            self._reasons[relax.column] = causes_of(ctx, relax.index, row)

    # ------------------------------------------------------------------ engine observer
    def open(self, ctx: Context) -> None:
        """Take the first picture, before the first month, of a resident who is there from the start."""
        row = self._row(ctx, "resident")
        if row >= 0:
            self._begin(ctx, row)

    def _begin(self, ctx: Context, row: int) -> None:
        self.life.first = self.life.last = ctx.month
        self._before = _picture(ctx, row)
        self._household = int(ctx.world.household.uid[ctx.world.resident.household[row]])
        self.life.pictures.append(Picture(ctx.month, self._before))

    def __call__(self, ctx: Context) -> None:
        """Read what the month has brought."""
        self._transitions(ctx)
        row = self._row(ctx, "resident")
        if row < 0:
            return
        if not self.life.pictures:
            self._begin(ctx, row)
        now = _picture(ctx, row)
        home = int(ctx.world.household.uid[ctx.world.resident.household[row]])
        self._changes(ctx.month, now, same_home=home == self._household)
        self.life.last = ctx.month
        if _year_ends(ctx.month):
            picture = Picture(ctx.month, now, dict(self._levels), dict(self._reasons))
            self.life.pictures.append(picture)
        self._before, self._household = now, home

    def close(self, ctx: Context) -> None:
        """Add a last picture, unless the run ended with a year or without the resident."""
        row = self._row(ctx, "resident")
        if row >= 0 and self.life.last not in [picture.month for picture in self.life.pictures]:
            self.life.pictures.append(Picture(self.life.last, _picture(ctx, row)))

    def _changes(self, month: int, now: dict[str, Any], *, same_home: bool) -> None:
        for table, names in WATCHED.items():
            if table == "household" and not same_home:
                continue
            for name in names:
                column = f"{table}.{name}"
                before, after = self._before.get(column), now.get(column)
                if before != after and before is not None and after is not None:
                    self.life.facts.append(Fact(month, column, {"before": before, "after": after}))

    def _transitions(self, ctx: Context) -> None:
        for kind, entries in ctx.log.entries.items():
            for columns in entries:
                for name in ("uid", "mother"):
                    if name in columns and (name == "uid" or kind == "births"):
                        self._noted(ctx.month, kind if name == "uid" else "children", columns, name)

    def _noted(self, month: int, kind: str, columns: Mapping[str, NDArray[Any]], name: str) -> None:
        for place in np.flatnonzero(columns[name] == np.uint64(self.life.uid)).tolist():
            details = {key: values[place].item() for key, values in columns.items() if key != "row"}
            self.life.facts.append(Fact(month, kind, details))
            if kind in ("exits", "arrivals", "births"):
                self.life.first = month if self.life.first < 0 else self.life.first
                self.life.last = month

    def _row(self, ctx: Context, table: str) -> int:
        """Row of the resident, or of what belongs to the resident, in a table; -1 if there is none."""
        holder = ctx.world.resident
        if self._known[0] != holder.version:
            # who is where in the table changes only when somebody comes or goes
            found = np.flatnonzero(holder.alive & (holder.uid == np.uint64(self.life.uid)))
            self._known = (holder.version, int(found[0]) if found.size else -1)
        row = self._known[1]
        if row < 0:
            return -1
        if table == "resident":
            return row
        if table == "professional":
            return int(holder.worker[row]) if "worker" in holder else -1
        return int(holder[table][row]) if table in ("household", "dwelling", "entrance") else -1


def follow(
    scenario: Scenario,
    uid: int,
    *,
    seed: int = 0,
    months: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Life:
    """Do a run again and follow one resident.

    Raises
    ------
    UnknownResidentError
        If nobody with this uid lives in the districts in any month.
    """
    engine, length = _engine(scenario, seed, months)
    life = Life(
        uid=uid,
        scenario=scenario.id,
        seed=seed,
        months=length,
        clock=engine.ctx.clock,
        districts=tuple(engine.ctx.settings["district_names"]),
    )
    follower, casting = Follower(life), Casting(engine.ctx)
    engine.ctx.tracer = follower
    engine.observers += [follower, casting]
    follower.open(engine.ctx)
    _advance(engine, length, progress)
    if life.first < 0:
        raise UnknownResidentError(uid, casting.suggestions(engine.ctx))
    follower.close(engine.ctx)
    return life


def suggest(
    scenario: Scenario,
    *,
    seed: int = 0,
    months: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Suggestion, ...]:
    """Do a run and name up to three residents whose lives show something (see :class:`Casting`)."""
    engine, length = _engine(scenario, seed, months)
    casting = Casting(engine.ctx)
    engine.observers.append(casting)
    _advance(engine, length, progress)
    return casting.suggestions(engine.ctx)


def _engine(scenario: Scenario, seed: int, months: int | None) -> tuple[Engine, int]:
    return with_policy(warmed_up(scenario, seed), scenario), scenario.months if months is None else months


def _advance(engine: Engine, months: int, progress: Callable[[int, int], None] | None) -> None:
    for done in range(months):
        engine.advance()
        if progress is not None:
            progress(done + 1, months)


def _year_ends(month: int) -> bool:
    return (month + 1) % MONTHS_PER_YEAR == 0


def _picture(ctx: Context, row: int) -> dict[str, Any]:
    world = ctx.world
    rows = {"resident": row, "household": int(world.resident.household[row])}
    values: dict[str, Any] = {"district": int(world.resident.district[row])}
    for names in (WATCHED, PICTURED):
        for table, attributes in names.items():
            for name in attributes:
                if name in world.tables[table]:
                    values[f"{table}.{name}"] = world.tables[table][name][rows[table]].item()
    return values
