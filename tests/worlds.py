"""Small hand-made worlds for tests of single mechanisms: three districts, everything structural filled in.

The population is plausible but plain (no fitting, no warm-up): a test that needs a real neighbourhood builds one
with :mod:`wijksim.build`. Luck comes from a seeded NumPy generator, so that a world is the same in every test.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from wijksim.core.clock import Clock
from wijksim.core.rng import Draws
from wijksim.kernel import derive
from wijksim.kernel.context import Context
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.kernel.mechanism import Mechanism
from wijksim.parameters.store import ParameterStore
from wijksim.state.codes import Activity, DwellingKind, Education, Role, Sex
from wijksim.state.column import Column
from wijksim.state.guard import guarded
from wijksim.state.world import World

DISTRICTS = ("north", "middle", "south")
WEIGHTS = (0.06, 0.465, 0.475)
TENURE_SHARES = ((0.50, 0.31, 0.19), (0.37, 0.48, 0.15), (0.17, 0.70, 0.13))
# skills as they are now, which most mechanisms read; here what people were made with
SKILLS = (
    Column("resident.dutch", np.float32, "share", "Dutch as it is now"),
    Column("resident.basic_skills", np.float32, "share", "Basic skills as they are now"),
)
BASIC_FILL = {
    "household.income": 2300.0,
    "household.housing_cost": 650.0,
    "household.savings": 4000.0,
    "resident.trust": 0.6,
    "resident.stress": 0.2,
    "resident.satisfaction": 0.7,
    "resident.satisfaction_home": 0.8,
    "resident.perspective": 0.5,
    "resident.self_reliance": 0.7,
    "resident.good_ties": 3.0,
    "resident.support": 1.0,
    "resident.need_met": 0.0,
    "entrance.cohesion": 6.0,
    "entrance.control": 0.5,
    "dwelling.rent": 620.0,
    "dwelling.value": 300.0,
}


def small_world(
    mechanisms: Iterable[type[Mechanism]] = (),
    *,
    extra: Iterable[Column] = (),
    dwellings: int = 600,
    seed: int = 1,
    audit: bool = True,
    vacancy: float = 0.03,
    setup: bool = True,
) -> Context:
    """Make a context on a small world.

    Parameters
    ----------
    mechanisms
        Classes whose columns are declared and whose ``setup`` runs (in the order given).
    extra
        Columns of other mechanisms that those named read; filled with a plausible constant where known.
    dwellings
        Dwellings over all three districts (about 1.9 residents each).
    audit
        Draws raise when a uid is drawn twice from one (stream, month, lane).
    """
    kinds = tuple(mechanisms)
    columns = _columns(kinds, tuple(extra))
    world = World(columns, {"resident": dwellings * 2, "household": dwellings, "dwelling": dwellings})
    rng = np.random.default_rng(seed)
    _dwellings(world, rng, dwellings)
    _people(world, rng, vacancy)
    _basic_fill(world)
    store = ParameterStore()
    ctx = Context(
        world=world, draws=Draws(seed, audit=audit), clock=Clock(date(2025, 1, 1)), parameters=store
    )
    ctx.values = store.at(0, "2025-01")
    ctx.settings = {"district_names": list(DISTRICTS), "rest": 10.0, "places": list(DISTRICTS)}
    declared = [column for table in world.tables.values() for column in table.columns.values()]
    ctx.resident_references = tuple(column.name for column in declared if column.ref == "resident")
    ctx.household_references = tuple(
        column.name
        for column in declared
        if column.ref == "household" and column.table not in ("resident", "dwelling")
    )
    derive.refresh_world(world, 0)
    for kind in kinds:
        for item in kind.costs:
            ctx.ledger.declare(item)
    if setup:
        for kind in kinds:
            kind().setup(ctx)
    return ctx


def _columns(kinds: tuple[type[Mechanism], ...], extra: tuple[Column, ...]) -> list[Column]:
    """Columns of the mechanisms, and after them those of others that they lack."""
    owned = [column for kind in kinds for column in kind.owns]
    names = {column.name for column in owned}
    skills = [one for one in SKILLS if one.name not in names | {column.name for column in extra}]
    return [*owned, *(column for column in (*extra, *skills) if column.name not in names)]


def _basic_fill(world: World) -> None:
    for name, trait in (("dutch", "language"), ("basic_skills", "skills")):
        if name in world.resident:
            world.resident[name][:] = world.resident[trait]
    for name, value in BASIC_FILL.items():
        table, attribute = name.split(".")
        if attribute in world.tables[table]:
            world.column(name)[world.tables[table].alive] = value


def run_months(ctx: Context, mechanisms: Iterable[Mechanism], months: int) -> None:
    """Step mechanisms in the order given, transitions applied after each; ages advance every month."""
    machines = tuple(mechanisms)
    lifecycle = Lifecycle(tuple(machine.enter for machine in machines))
    for _ in range(months):
        ctx.log.clear()
        ctx.ledger.clear()
        derive.ages(ctx.world, ctx.month)
        for machine in machines:
            with guarded(ctx.world, type(machine).owns):
                machine.step(ctx)
            lifecycle.apply(ctx)
        ctx.world.end_month()
        ctx.month += 1
        ctx.values = ctx.parameters.at(ctx.month, ctx.clock.label(ctx.month))


def check_structure(world: World) -> None:
    """Assert that people, households and dwellings fit together."""
    resident, household, dwelling = world.resident, world.household, world.dwelling
    rows = resident.rows
    assert np.all(household.alive[resident.household[rows]])
    homes = household.dwelling[household.rows]
    assert np.all(homes >= 0)
    assert np.unique(homes).size == homes.size
    assert np.array_equal(dwelling.household[homes], household.rows)
    assert np.count_nonzero(dwelling.household[dwelling.rows] >= 0) == len(household)
    counts = np.bincount(resident.household[rows], minlength=household.size)
    assert np.array_equal(counts[household.rows], household.persons[household.rows])
    assert np.all(counts[household.rows] > 0)
    heads = rows[resident.role[rows] == Role.HEAD]
    assert np.array_equal(np.sort(resident.household[heads]), household.rows)
    assert np.array_equal(household.head[resident.household[heads]], heads)
    assert np.array_equal(resident.district[rows], household.district[resident.household[rows]])
    assert np.unique(resident.uid[rows]).size == rows.size


def _dwellings(world: World, rng: np.random.Generator, count: int) -> None:
    per_entrance = 8
    per_complex = 40
    world.district.add(np.arange(1, 4))
    world.district.weight[:] = WEIGHTS
    world.dwelling.add(2 * 10**9 + np.arange(1, count + 1))
    table = world.dwelling
    table.district[:] = np.minimum(np.arange(count) * 3 // count, 2)
    table.complex[:] = np.arange(count) // per_complex
    table.entrance[:] = np.arange(count) // per_entrance
    n_entrances = int(table.entrance.max()) + 1
    n_complexes = int(table.complex.max()) + 1
    world.entrance.add(np.arange(1, n_entrances + 1))
    world.complex.add(np.arange(1, n_complexes + 1))
    first = np.unique(table.entrance, return_index=True)[1]
    world.entrance.complex[:] = table.complex[first]
    world.entrance.district[:] = table.district[first]
    world.entrance.dwellings[:] = np.bincount(table.entrance)
    first = np.unique(table.complex, return_index=True)[1]
    world.complex.district[:] = table.district[first]
    world.complex.dwellings[:] = np.bincount(table.complex)
    shares = np.array(TENURE_SHARES)[table.district]
    table.owner[:] = (rng.random(count)[:, None] > shares.cumsum(axis=1)).sum(axis=1).clip(0, 2)
    table.kind[:] = np.where(rng.random(count) < 0.5, DwellingKind.FLAT, DwellingKind.HOUSE)
    table.rooms[:] = rng.integers(2, 6, count)
    table.vacant_since[:] = -1


def _people(world: World, rng: np.random.Generator, vacancy: float) -> None:
    occupied = np.flatnonzero(rng.random(world.dwelling.size) >= vacancy).astype(np.int32)
    n = occupied.size
    households = world.household.add(10**9 + np.arange(1, n + 1))
    world.household.dwelling[:] = occupied
    world.household.moved_in[:] = -rng.integers(1, 240, n)
    world.dwelling.household[:] = -1
    world.dwelling.household[occupied] = households
    partner = rng.random(n) < 0.5
    children = np.where(
        partner, rng.integers(0, 3, n), np.where(rng.random(n) < 0.2, rng.integers(1, 3, n), 0)
    )
    sizes = 1 + partner + children
    owner = np.repeat(np.arange(n), sizes)
    within = np.arange(owner.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    table = world.resident
    table.add(np.arange(1, owner.size + 1))
    table.household[:] = owner
    head_age = np.where(children > 0, rng.integers(25, 50, n), rng.integers(20, 90, n))
    is_partner = (within == 1) & partner[owner]
    is_child = (within >= 1) & ~is_partner
    table.role[:] = np.where(within == 0, Role.HEAD, np.where(is_partner, Role.PARTNER, Role.CHILD))
    age = np.where(is_child, rng.integers(0, 18, owner.size), head_age[owner])
    table.birth_month[:] = -(age * 12 + rng.integers(0, 12, owner.size)) - 1
    table.sex[:] = np.where(rng.random(owner.size) < 0.5, Sex.FEMALE, Sex.MALE)
    table.sex[is_partner] = 1 - table.sex[np.flatnonzero(is_partner) - 1]
    table.education[:] = np.where(age < 18, Education.NONE, rng.integers(0, 4, owner.size))
    working = rng.random(owner.size)
    adult = np.select(
        [working < 0.7, working < 0.74, working < 0.80, working < 0.87],
        [Activity.EMPLOYED, Activity.UNEMPLOYED, Activity.ASSISTANCE, Activity.INCAPACITY],
        Activity.OTHER,
    )
    table.activity[:] = np.select(
        [age < 5, age < 18, age >= 67], [Activity.CHILD, Activity.PUPIL, Activity.RETIRED], adult
    )
    table.activity_since[:] = -rng.integers(1, 120, owner.size)
    table.arrived[:] = -rng.integers(1, 240, owner.size)
    table.mother[:] = -1
    _traits(world, rng)


def _traits(world: World, rng: np.random.Generator) -> None:
    table = world.resident
    n = table.size
    table.cognitive[:] = rng.random(n) < 0.09
    table.frailty[:] = rng.standard_normal(n)
    table.ability[:] = rng.standard_normal(n)
    table.nuisance_intensity[:] = np.exp(rng.standard_normal(n) - 0.5)
    table.uptake[:] = rng.random(n)
    table.contributor[:] = rng.random(n) < 0.15
    table.language[:] = rng.beta(8, 2, n)
    table.skills[:] = rng.beta(6, 3, n)
    table.milieu[:] = rng.integers(0, 4, n)
