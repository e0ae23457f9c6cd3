"""``WijkModel``: a neighbourhood as an ordinary Mesa model."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from wijksim.kernel.context import Context
from wijksim.kernel.requests import Requests
from wijksim.model.agents import VIEWS, Dwelling, Household, Professional, Resident, View
from wijksim.model.assemble import assemble, demolish_dwelling, release_post
from wijksim.model.engine import Engine
from wijksim.model.known import scenario_of
from wijksim.scenario.resolve import Scenario
from wijksim.state.table import Rows
from wijksim.state.world import World

_UID = attrgetter("unique_id")
# first identity of agents that are no views: beyond those of initial rows, below those that are hashes, and exact as a
# float, as tables of pandas may hold it
_OTHERS = 2**48


class WijkModel(mesa.Model):
    """A built and warmed-up world that advances a month per step.

    Parameters
    ----------
    spec
        Scenario, or the name or path of one.
    rng
        Seed of the future, a whole number from 0 on: the same seed meets the same luck in every scenario. There is no
        future without one, as nobody could compute it again.
    resident_class, household_class, dwelling_class, professional_class
        Subclasses of the views. If one of them has a ``step`` of its own, it runs for every agent of the class at
        one fixed point: after all mechanisms of the month, by ``unique_id``. The model answers to the base class too.
    guard
        True refuses what a mechanism writes to columns that it does not own (slower; for tests).

    Notes
    -----
    Agents are views made on first touch of ``agents``, and by the model alone; agents of your own that are plain
    :class:`mesa.Agent` get a ``unique_id`` that no view has. Draw luck with ``agent.draw("name")``: Mesa's ``random``
    and ``rng`` exist but nothing in wijksim uses them.
    """

    def __init__(
        self,
        spec: Scenario | str | Path = "baseline",
        rng: int | np.integer[Any] = 0,
        *,
        resident_class: type[Resident] = Resident,
        household_class: type[Household] = Household,
        dwelling_class: type[Dwelling] = Dwelling,
        professional_class: type[Professional] = Professional,
        guard: bool = False,
    ) -> None:
        self.seed = _seed(rng)
        if not isinstance(spec, Scenario | str | Path):
            raise TypeError(f"a scenario is needed, or the name or path of one, got {spec!r}")
        super().__init__(rng=self.seed)
        self.spec = scenario_of(spec)
        self._classes: dict[str, type[View]] = {
            "resident": resident_class,
            "household": household_class,
            "dwelling": dwelling_class,
            "professional": professional_class,
        }
        for table, kind in self._classes.items():
            if not issubclass(kind, VIEWS[table]):
                raise TypeError(f"{kind.__name__} is not a subclass of {VIEWS[table].__name__}")
        self._views: dict[str, dict[int, View]] | None = None
        self._last: dict[int, dict[str, Any]] = {}
        self._synced: dict[str, int] = {}
        self._expected: tuple[str, int] | None = None
        self._bases: dict[type, type] = {VIEWS[table]: kind for table, kind in self._classes.items()}
        self.engine: Engine = assemble(self.spec, self.seed, guard=guard)
        if any(self._own_step(kind) for kind in self._classes.values()):
            self.engine.agent_steps = self._agent_steps

    # ------------------------------------------------------------------ the run
    @property
    def context(self) -> Context:
        """State and services of the run."""
        return self.engine.ctx

    @property
    def world(self) -> World:
        """Tables, ties and stores."""
        return self.engine.ctx.world

    @property
    def month(self) -> int:
        """Month that the next step simulates; 0 right after the warm-up."""
        return self.engine.ctx.month

    @property
    def district_names(self) -> list[str]:
        """Names of the districts, by row."""
        names: list[str] = self.engine.ctx.settings["district_names"]
        return names

    def district_name(self, row: int) -> str:
        """Name of the district in a row of the district table."""
        return self.district_names[row]

    def step(self) -> None:
        """Simulate one month."""
        self.engine.advance()
        if self._views is not None:
            self._sync()
        if self.month >= self.spec.months:
            self.running = False

    # ------------------------------------------------------------------ agents
    @property
    def agents(self) -> AgentSet[Any]:
        """All residents, households, dwellings and professionals as Mesa agents."""
        self._materialise()
        return super().agents

    @agents.setter
    def agents(self, agents: Any) -> None:
        raise AttributeError("model.agents is kept by the model; change residents or use its requests")

    @property
    def agents_by_type(self) -> dict[type, AgentSet[Any]]:
        """AgentSets by class; a subclass given to the model answers to its base class too."""
        self._materialise()
        found = dict(super().agents_by_type)
        for base, kind in self._bases.items():
            if kind in found:
                found[base] = found[kind]
        return found

    def view(self, table: str, row: int) -> Any:
        """Return the agent of a row."""
        self._materialise()
        assert self._views is not None
        return self._views[table][int(self.world.tables[table].uid[row])]

    def expect(self, table: str, row: int) -> None:
        """Refuse (ValueError) a view that the model does not make itself: each row has one already."""
        if self._expected != (table, row):
            raise ValueError(
                f"a view on the {table} table is made by the model alone; look for it in model.agents, "
                "and let newcomers in by model.requests"
            )
        self._expected = None

    def register_agent(self, agent: Any) -> None:
        """Take in an agent; one that is no view gets a ``unique_id`` that no view has."""
        super().register_agent(agent)
        if not isinstance(agent, View):
            agent.unique_id += _OTHERS

    def resident(self, uid: int) -> Resident:
        """Return the living resident with this uid; KeyError if there is none."""
        found: Resident = self.view("resident", self.world.resident.row_of(uid))
        return found

    def apply_requests(self) -> None:
        """Apply what agents asked for between steps, at once."""
        self.engine.lifecycle.apply(self.context)
        if self._views is not None:
            self._sync()

    def demolish(self, row: int) -> None:
        """Take a vacant dwelling out of the stock."""
        demolish_dwelling(self.context, row)
        self._sync()

    def close_post(self, row: int) -> None:
        """Take a professional's post away; the employer opens it again, vacant, as long as the hours are paid for."""
        release_post(self.context, row)
        self._sync()

    def _materialise(self) -> None:
        if self._views is None and "engine" in self.__dict__:
            self._views = {table: {} for table in self._classes}
            self.context.before_release = self._remember
            self._sync()

    def _sync(self) -> None:
        """Make views for new rows and bury those whose subject is gone.

        Agents stand by uid, whenever somebody looked at them first.
        """
        if self._views is None:
            return
        grown = False
        for name, kind in self._classes.items():
            table = self.world.tables[name]
            if self._synced.get(name) == table.version:
                continue
            known = self._views[name]
            rows = table.rows
            present = dict(zip(table.uid[rows].tolist(), rows.tolist(), strict=True))
            for uid in [uid for uid in known if uid not in present]:
                view = known.pop(uid)
                view.bury(self._last.pop(uid, {}))
                mesa.Agent.remove(view)
            before = len(known)
            for uid, row in present.items():
                if uid in known:
                    known[uid].__dict__["_row"] = (
                        row  # not by the way of attributes, which asks for columns first
                    )
                else:
                    self._expected = name, row
                    known[uid] = kind(self, row)
            self._synced[name] = table.version
            if len(known) > before:
                self._views[name] = dict(sorted(known.items()))
                self._agents_by_type[kind].sort(_UID, ascending=True, inplace=True)
                grown = True
        if grown:
            self._all_agents.sort(_UID, ascending=True, inplace=True)

    def _remember(self, name: str, rows: Rows) -> None:
        """Keep the last values of agents about to go."""
        assert self._views is not None
        for uid in self.world.tables[name].uid[rows].tolist():
            view = self._views[name].get(uid)
            if view is not None:
                self._last[uid] = view.snapshot()

    def _own_step(self, kind: type[View]) -> bool:
        return kind.step is not mesa.Agent.step

    def _agent_steps(self, ctx: Context) -> None:
        del ctx
        self._materialise()
        self._sync()
        for table, kind in self._classes.items():
            if self._own_step(kind):
                assert self._views is not None
                for view in list(self._views[table].values()):
                    if view.alive:
                        view.step()

    @property
    def requests(self) -> Requests:
        """Transition requests; applied at the next fixed point of the month."""
        return self.context.requests

    def counts(self) -> dict[str, int]:
        """Living rows by table."""
        return {name: int(np.count_nonzero(table.alive)) for name, table in self.world.tables.items()}


def _seed(rng: Any) -> int:
    """Check the seed of a future."""
    if isinstance(rng, bool | np.bool_) or not isinstance(rng, int | np.integer):
        raise TypeError(f"rng takes a whole number from 0 on, so that the run can be done again, got {rng!r}")
    if rng < 0:
        raise ValueError(f"rng takes a whole number from 0 on, got {rng!r}")
    return int(rng)
