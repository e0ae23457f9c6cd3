"""From a checked scenario to an engine that has done its warm-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from wijksim.build.ipf import InconsistentMarginsError
from wijksim.build.world_builder import BuildPlan, DistrictPlan, build_world
from wijksim.core.clock import Clock
from wijksim.core.errors import InputError, Problem
from wijksim.kernel.context import Context
from wijksim.kernel.lever import LEVERS, Lever, Target, Window
from wijksim.kernel.reference import Reference
from wijksim.kernel.stock import standing
from wijksim.kernel.strategy import STRATEGIES
from wijksim.mechanisms.construction.book import BOOK, by_owner
from wijksim.mechanisms.professionals.posts import close_posts
from wijksim.model.allocator import LargePages, keep_freed_memory
from wijksim.model.engine import Engine, make_mechanisms
from wijksim.model.lever_parameters import lever_parameters
from wijksim.model.series import SERIES
from wijksim.parameters.overlay import stored_reference
from wijksim.parameters.schema import Parameter
from wijksim.parameters.store import ParameterStore, shipped_parameters
from wijksim.places.load import load_place
from wijksim.places.schema import Place

if TYPE_CHECKING:
    from wijksim.scenario.resolve import LeverUse, Scenario

_pages = LargePages()


def default_strategies() -> dict[str, tuple[str, dict[str, object]]]:
    """Strategy of current policy for every decision: the one that its class marks as default."""
    return {kind.kind: (name, {}) for name, kind in STRATEGIES.items() if kind.default}


def parameters_of(scenario: Scenario) -> ParameterStore:
    """Shipped parameters, those that levers carry, what the scenario sets, and on top of it the user's own prices."""
    store = _declared(shipped_parameters(), lever_parameters()).twin()
    clock = Clock(scenario.start)
    for name, points in scenario.series.items():
        for label, value in points:
            store.set(SERIES[name].parameter, value, clock.month_of(date.fromisoformat(f"{label}-01")))
    for name, entry in scenario.set.items():
        store.set(name, entry.value, entry.from_month)
    for price in scenario.prices:
        store.fix(price.name, price.value)
    return store


_LATEST: list[tuple[Mapping[str, Parameter], tuple[Parameter, ...], ParameterStore]] = []


def _declared(shipped: Mapping[str, Parameter], carried: tuple[Parameter, ...]) -> ParameterStore:
    """Store of declared parameters, the one made before as long as the very same ones are declared."""
    if not _LATEST or _LATEST[0][0] is not shipped or _LATEST[0][1] is not carried:
        store = ParameterStore(shipped)
        store.declare(carried)
        _LATEST[:] = [(shipped, carried, store)]
    return _LATEST[0][2]


def levers_of(scenario: Scenario) -> list[Lever]:
    """Make the levers of a scenario, window and target included."""
    return [lever_of(use) for use in scenario.levers]


def lever_of(use: LeverUse) -> Lever:
    """Make one lever as a scenario uses it."""
    return LEVERS.get(use.lever)(
        dict(use.arguments),
        window=Window(use.start, use.end),
        target=Target(use.target.districts, use.target.complexes, use.target.groups),
        identity=use.id,
    )


def warmed_up(scenario: Scenario, seed: int, *, guard: bool = False, audit: bool = False) -> Engine:
    """Build the world of a scenario and run its warm-up, without levers.

    The result depends on the world, the parameters and the seed, not on levers: variants of one null share it and
    each goes on with a copy (:func:`with_policy`).
    """
    keep_freed_memory()
    mechanisms = make_mechanisms()
    clock = Clock(scenario.start)
    shares = scenario.world.shares
    plan = BuildPlan(
        districts=[
            DistrictPlan(_place(district.place), district.name, scenario.world.size * share)
            for district, share in zip(scenario.world.districts, shares, strict=True)
        ],
        seed=seed,
        clock=clock,
        warmup=scenario.world.warmup,
        parameters=parameters_of(scenario),
        rest=scenario.world.rest,
        reference=Reference(stored_reference()),
        audit=audit,
    )
    try:
        ctx = build_world(plan, mechanisms)
    except InconsistentMarginsError as error:
        message = f"no population fits these figures: {error}"
        raise InputError([Problem(scenario.id, 1, 1, message)]) from error
    engine = Engine(ctx, mechanisms, strategies=_strategies(scenario), guard=guard)
    for _ in range(scenario.world.warmup):
        engine.advance()
    _pages.made()
    return engine


def with_policy(engine: Engine, scenario: Scenario) -> Engine:
    """Give a warmed-up engine the levers of a scenario, and switch off its loops."""
    engine.switch_off(scenario.loops_off)
    engine.set_levers(())
    add_levers(engine, levers_of(scenario))
    return engine


def add_levers(engine: Engine, levers: Iterable[Lever]) -> None:
    """Give an engine more levers; those it has go on as they are, with what they remember."""
    engine.set_levers((*engine.levers, *levers))
    for lever in engine.levers:
        for item in type(lever).costs:
            engine.ctx.ledger.declare(item)


def assemble(scenario: Scenario, seed: int, *, guard: bool = False, audit: bool = False) -> Engine:
    """Build, warm up and equip an engine for a scenario."""
    return with_policy(warmed_up(scenario, seed, guard=guard, audit=audit), scenario)


def demolish_dwelling(ctx: Context, row: int) -> None:
    """Take a vacant dwelling out of the stock; ValueError if somebody lives there."""
    world = ctx.world
    if world.dwelling.household[row] >= 0:
        raise ValueError("a dwelling in which somebody lives cannot be pulled down")
    world.entrance.dwellings[world.dwelling.entrance[row]] -= 1
    world.complex.dwellings[world.dwelling.complex[row]] -= 1
    rows = np.array([row], dtype=np.int32)
    book = world.stores.get(BOOK)
    if book is not None:
        # the account of dwellings hears of it: this one is gone for good
        book.stock.spend(by_owner(world, rows[standing(world)[rows]]))
    if ctx.before_release is not None:
        ctx.before_release("dwelling", rows)
    world.dwelling.release(rows)


def release_post(ctx: Context, row: int) -> None:
    """Close a professional's post; clients have no worker from now on."""
    worker = ctx.world.resident.worker
    worker[worker == row] = -1
    close_posts(ctx, np.array([row], dtype=np.int32))


def _place(name: str) -> Place:
    return load_place(name)


def _strategies(scenario: Scenario) -> dict[str, tuple[str, dict[str, object]]]:
    chosen = default_strategies()
    for kind, choice in scenario.strategies.items():
        chosen[kind] = (choice.name, dict(choice.arguments))
    return chosen
