"""From place profiles to a world: synthetic districts into tables, then ties, posts, pools and stationary states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wijksim.build.arrivals import make_pools
from wijksim.build.district import Dwellings, Residents, SyntheticDistrict
from wijksim.build.factors import Fixed, Latest, fixed
from wijksim.build.population import SMALLEST, Deviation, deviation_report, synthesise
from wijksim.build.professionals import staff_world
from wijksim.build.ties import initial_ties
from wijksim.core.clock import Clock
from wijksim.core.rng import Draws
from wijksim.kernel import derive
from wijksim.kernel.context import Context
from wijksim.kernel.mechanism import Mechanism
from wijksim.kernel.reference import Reference
from wijksim.parameters.store import ParameterStore
from wijksim.places.schema import Place
from wijksim.state.codes import Tenure
from wijksim.state.table import Rows
from wijksim.state.world import World

# uids of a district start here, so that adding a district leaves the people of the others as they are
UIDS_PER_DISTRICT = 10**8
_RESIDENTS_PER_POST = (
    60  # about: the table of posts begins with room for so many, and grows where there are more
)
_DISTRICTS = Latest(2**3)
_PARTS = {
    "complex": "complexes",
    "entrance": "entrances",
    "dwelling": "dwellings",
    "household": "households",
    "resident": "residents",
}


@dataclass(frozen=True)
class DistrictPlan:
    """One district to build: its place, its name in results, and about how many residents it gets."""

    place: Place
    name: str
    residents: float


@dataclass
class BuildPlan:
    """Everything a world is built from.

    Attributes
    ----------
    districts
        In the order of the scenario.
    seed
        Root of all draws.
    clock
        Calendar; month 0 is the first month after the warm-up.
    warmup
        Months of warm-up: the world is built that many months before month 0.
    parameters
        Store with the scenario's overrides.
    rest
        Dwellings in the rest of the city per dwelling in the districts.
    reference
        Moments and normalisers of the national reference.
    """

    districts: Sequence[DistrictPlan]
    seed: int
    clock: Clock
    warmup: int
    parameters: ParameterStore
    rest: float
    reference: Reference = field(default_factory=Reference)
    audit: bool = False


def build_world(plan: BuildPlan, mechanisms: Sequence[Mechanism]) -> Context:
    """Build a world in the state of month ``-warmup``, ready for its first month.

    Parameters
    ----------
    plan
        What to build.
    mechanisms
        In month order: their columns are declared, their costs made known, their ``setup`` run.

    Returns
    -------
    Context
        With ``month == -warmup``.
    """
    values = plan.parameters.at(-plan.warmup, plan.clock.label(-plan.warmup))
    draws = Draws(plan.seed, audit=plan.audit)
    columns = [column for mechanism in mechanisms for column in type(mechanism).owns]
    luck = draws.fork("build")
    known = fixed(values)
    described = [_described(district, number, luck, known) for number, district in enumerate(plan.districts)]
    made = [synthetic for synthetic, _ in described]
    posts = round(sum(len(one.residents) for one in made) / _RESIDENTS_PER_POST)
    sizes = {table: sum(getattr(one, name).uid.size for one in made) for table, name in _PARTS.items()}
    world = World(columns, {**sizes, "district": len(made), "professional": posts})
    ctx = Context(world=world, draws=draws, clock=plan.clock, parameters=plan.parameters)
    ctx.month = -plan.warmup
    ctx.values = values
    ctx.reference = plan.reference
    ctx.settings = {
        "district_names": [district.name for district in plan.districts],
        "district_places": [district.place for district in plan.districts],
        "rest": plan.rest,
        "warmup": plan.warmup,
        "deviations": [
            (district.name, list(deviations))
            for district, (_, deviations) in zip(plan.districts, described, strict=True)
        ],
    }
    _remember_references(ctx)
    numbers = world.district.add(range(1, len(made) + 1)).tolist()
    for row, district, synthetic, rows in zip(numbers, plan.districts, made, _rows(world, made), strict=True):
        _fill_district(ctx, row, district, synthetic, rows)
    derive.refresh_world(world, ctx.month)
    make_pools(ctx, known)
    staff_world(ctx)
    initial_ties(ctx)
    for mechanism in mechanisms:
        for item in type(mechanism).costs:
            ctx.ledger.declare(item)
        mechanism.setup(ctx)
    return ctx


def dwellings_for(residents: float, place: Place, values: Mapping[str, float]) -> int:
    """Dwellings that house about ``residents`` at the household size and vacancy of a place."""
    tenure = place.tenure.shares()
    vacant = sum(
        float(share) * values[f"build.vacancy_{kind.name.lower()}"]
        for kind, share in zip(Tenure, tenure, strict=True)
    )
    return max(round(residents / (place.household_size.value * (1 - vacant))), SMALLEST)


def _remember_references(ctx: Context) -> None:
    found: dict[str, list[str]] = {"resident": [], "household": []}
    for table in ctx.world.tables.values():
        for column in table.columns.values():
            if column.ref in found:
                found[column.ref].append(column.name)
    own = {"resident.household", "dwelling.household"}
    ctx.resident_references = tuple(found["resident"])
    ctx.household_references = tuple([name for name in found["household"] if name not in own])


def _described(
    plan: DistrictPlan, number: int, draws: Draws, values: Fixed
) -> tuple[SyntheticDistrict, list[Deviation]]:
    """Make a district, and say how far it is from its figures."""
    dwellings = dwellings_for(plan.residents, plan.place, values)

    def make() -> tuple[SyntheticDistrict, list[Deviation]]:
        first = 1 + number * UIDS_PER_DISTRICT
        made = synthesise(
            plan.place, dwellings=dwellings, draws=draws, values=values, uid_start=first, district=number
        )
        return made, deviation_report(made, plan.place, values)

    return _DISTRICTS((draws.root_seed, number, dwellings, values, plan.place), make)


def _rows(world: World, made: Sequence[SyntheticDistrict]) -> list[dict[str, Rows]]:
    """Give every table its rows, those of all districts at once; return them by district and table."""
    found: list[dict[str, Rows]] = [{} for _ in made]
    for table, name in _PARTS.items():
        uids = [getattr(one, name).uid for one in made]
        rows = world.tables[table].add(np.concatenate(uids))
        ends = np.cumsum([uid.size for uid in uids])
        for place, part in zip(found, np.split(rows, ends[:-1]), strict=True):
            place[table] = part
    return found


def _fill_district(
    ctx: Context, row: int, plan: DistrictPlan, made: SyntheticDistrict, rows: Mapping[str, Rows]
) -> None:
    world = ctx.world
    weight = plan.place.reference_weight
    world.district.weight[row] = 0 if weight is None else weight.value
    complexes, entrances, homes, households = (
        rows[name] for name in ("complex", "entrance", "dwelling", "household")
    )
    for table in ("complex", "entrance", "dwelling"):
        world.tables[table]["district"][rows[table]] = row
    _write(world, "complex", complexes, {"dwellings": made.complexes.dwellings})
    _write(
        world,
        "entrance",
        entrances,
        {"complex": complexes[made.entrances.complex], "dwellings": made.entrances.dwellings},
    )
    _dwellings(ctx, homes, made.dwellings, (entrances, complexes, households))
    _households(ctx, households, made, homes)
    _residents(ctx, rows["resident"], made.residents, households[made.residents.household])


def _dwellings(ctx: Context, rows: Rows, stock: Dwellings, links: tuple[Rows, Rows, Rows]) -> None:
    entrances, complexes, households = links
    occupied = stock.household >= 0
    _write(
        ctx.world,
        "dwelling",
        rows,
        {
            "entrance": entrances[stock.entrance],
            "complex": complexes[stock.complex],
            "owner": stock.owner,
            "kind": stock.kind,
            "rooms": stock.rooms,
            "rent": stock.rent,
            "value": stock.value,
            "quality": stock.quality,
            "energy_label": stock.energy_label,
            "household": np.where(occupied, households[stock.household], -1),
            "vacant_since": np.where(occupied, 0, ctx.month),
        },
    )


def _households(ctx: Context, rows: Rows, made: SyntheticDistrict, homes: Rows) -> None:
    home = made.households
    rented = made.dwellings.rent[home.dwelling] > 0
    _write(
        ctx.world,
        "household",
        rows,
        {
            "dwelling": homes[home.dwelling],
            "moved_in": ctx.month - home.months_in_dwelling,
            "income": home.income,
            "income_fifth": home.income_fifth,
            "housing_cost": home.housing_cost,
            "mortgage": np.where(rented, 0, home.housing_cost),
            "savings": home.savings,
            "debt": home.debt,
            "problem_debt": home.problem_debt,
            "debt_since": np.where(home.problem_debt, ctx.month - home.months_in_debt, 0),
        },
    )


def _residents(ctx: Context, rows: Rows, people: Residents, households: Rows) -> None:
    skills = (people.digital + people.reading) / 2
    _write(
        ctx.world,
        "resident",
        rows,
        {
            "household": households,
            "birth_month": people.birth_month + ctx.month,
            "activity_since": ctx.month - people.months_in_activity,
            "arrived": np.full(rows.size, ctx.month),
            "mother": np.full(rows.size, -1),
            "skills": skills,
            "reading": people.reading,
            "digital": people.digital,
            **{
                name: getattr(people, name)
                for name in (
                    "sex",
                    "education",
                    "role",
                    "activity",
                    "wage",
                    "psychiatric",
                    "addiction",
                    "cognitive",
                    "ability",
                    "frailty",
                    "uptake",
                    "nuisance_intensity",
                    "contributor",
                    "language",
                    "milieu",
                )
            },
        },
    )


def _write(world: World, table: str, rows: Rows, columns: Mapping[str, Any]) -> None:
    """Write the columns that this world has; a world without a mechanism lacks its columns."""
    holder = world.tables[table]
    for name, values in columns.items():
        if name in holder:
            holder[name][rows] = values
