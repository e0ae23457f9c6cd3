"""The demography mechanism: who is born, dies, leaves home, pairs, parts, and retires.

Stationarity. A district has as many households as occupied dwellings, so demography need not (and at a total
fertility below replacement cannot) hold the population up by itself: every household that dies out, unites or
leaves frees a dwelling, and whoever arrives in it makes up the difference. What must balance is composition.

* Age. On the Dutch age structure births (9.5 to 10 per 1,000 a year at a total fertility near 1.5) and exits by
  death and care home (10 to 11 per 1,000) nearly cancel; the rest is made up by newcomers, who are young.
* Households. In a stationary world couples formed equal couples parted plus couples ended by death or care. With
  pairing rates by age of singles and parting rates by age of couples both fixed, the share that lives as a couple
  at each age is the fixed point of a two-state process; the shipped rates have it near the Dutch one (about 45 %
  of those of 20-29 with a home of their own, 70 % of those of 35-64).
* Homes. Leavers of the parental home, parted partners and widowed singles take or keep single homes; unions and
  deaths of singles free them. Both flows are about 1 to 2 per 100 households a year.
* Sexes. Men and women pair at the same rates; inside the districts in equal numbers by construction, outside by a
  partner of the other sex, so that the sex ratio at an age stays that of the table. Of couples with a partner from
  outside half settle here; the other half leave, as moves of the housing mechanism.

What is left of a drift in ages comes from the ages of leavers and newcomers, which the housing mechanism decides.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from wijksim.kernel.columns import KeptColumns
from wijksim.kernel.mechanism import MECHANISMS, Mechanism, only
from wijksim.mechanisms.demography import families, loops, mortality, newborn, pension
from wijksim.state.codes import Role, Sex
from wijksim.state.column import Column
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.state.world import World

_AGES = itemgetter(
    "demography.care_home_age_65", "demography.birth_age_first", "demography.birth_age_last",
    "demography.leaving_age_18", "demography.pairing_age_18", "demography.pairing_age_last",
)  # fmt: skip
LONG_AGO = int(np.iinfo(np.int16).min) // 2  # far enough back, and its distance to any month fits the column


class _Terms(NamedTuple):
    """What a month takes from parameters alone: ages as ``_AGES`` names them, months after a birth, pension age."""

    ages: tuple[int, int, int, int, int, int]
    interval: int
    pension: float


def _terms(value: dict[str, float]) -> _Terms:
    elder, first, last, grown, youngest, oldest = map(int, _AGES(value))
    return _Terms(
        (elder, first, last, grown, youngest, oldest),
        int(value["demography.birth_interval"]),
        value["demography.pension_age"],
    )


@MECHANISMS.register
class Demography(Mechanism):
    """Births, deaths, care homes, leaving home, couples, retirement."""

    name = "demography"
    owns = (
        Column("resident.wants_home", np.int8, "code", "Looks for a home: 1 leaves the parental home, 2 parts", low=0,
               high=2),
        Column("resident.wants_home_since", np.int16, "month", "Month in which the search began"),
        Column("resident.partnered", np.bool_, "-", "Lives with a partner with whom it goes well"),
        Column("resident.bore", np.int16, "month", "Month of the last birth", default=LONG_AGO),
    )  # fmt: skip
    lagged = (
        "resident.psychiatric",
        "resident.addiction",
        "resident.support",
        "resident.stress",
        "household.income_fifth",
        "household.problem_debt",
    )

    early_death = mortality.EARLY_DEATH
    death = mortality.DEATH
    care_home = mortality.CARE_HOME
    birth = families.BIRTH
    leave_home = families.LEAVE_HOME
    pairing = families.PAIRING
    parting = families.PARTING
    late_retirement = pension.RETIRE_LATE

    def __init__(self) -> None:
        self._kept: tuple[dict[str, float], _Terms] | None = None
        self._room = KeptColumns(_room, "resident", "household")

    def setup(self, ctx: Context) -> None:
        """Derive partners, and last births from the children at home."""
        self._look_over(ctx, self._room(ctx.world)[0])
        _last_births(ctx)

    @only(("household", "founded"), ("resident", "born"))
    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Traits of newborns, and the end of a search that succeeded."""
        if table == "household":
            ctx.world.resident.wants_home[ctx.world.household.head[rows]] = 0
        else:
            newborn.give_traits(ctx, rows)

    def step(self, ctx: Context) -> None:
        """Post the transitions of this month."""
        columns, (young, old, women, waiting, idle, reaching, working, alone, together) = self._room(
            ctx.world
        )
        youths, elders, fertile, grown, resting, due, late, singles, couples = self._look_over(ctx, columns)
        mortality.step(ctx, young[:youths], old[:elders])
        pension.retire(ctx, idle[:resting], reaching[:due], working[:late])
        families.births(ctx, women[:fertile])
        families.leave_home(ctx, waiting[:grown])
        families.part(ctx, together[:couples])
        families.pair(ctx, alone[:singles])

    def _look_over(self, ctx: Context, columns: tuple[Any, ...]) -> tuple[int, ...]:
        """Write who lives with a partner and list those to whom something may happen; return how many in each group.

        All groups are those of the beginning of the step: nothing in it takes people from one to another.
        """
        kept, month = self._kept, ctx.month
        if kept is None or kept[0] is not ctx.values:
            kept = self._kept = ctx.values, _terms(ctx.values)
        ages, interval, pension_age = kept[1]
        return loops.look_over(month, month - interval, ages, pension_age, *columns)

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Residents that a run cannot account for: at the start, born and arrived, less gone and here now."""
        sums = ctx.counters.sums
        if "people.at_start" not in sums:
            return {}
        came = sum(sums.get(f"people.{flow}", 0.0) for flow in ("at_start", "births", "arrivals"))
        lost = came - sums.get("people.exits", 0.0) - len(ctx.world.resident)
        return {"demography.residents_unaccounted_for": int(lost)}


def _room(world: World) -> tuple[tuple[Any, ...], tuple[Rows, ...]]:
    """What :func:`loops.look_over` takes last, and the lines that it fills, in the order of ``loops.GROUPS``."""
    table, home = world.resident, world.household
    lists = np.empty((len(loops.GROUPS), max(table.size, home.size) + 1), np.int32)
    columns = (
        table.alive, table.age, table.birth_month, table.sex, table.role, table.activity, table.bore, table.wants_home,
        table.household, table.partnered, home.alive, home.type, home.head, lists,
    )  # fmt: skip
    return columns, tuple(lists)


def _last_births(ctx: Context) -> None:
    """Last birth of women who live with children young enough to be theirs."""
    table, value = ctx.world.resident, ctx.values
    rows = table.rows
    youngest = np.full(ctx.world.household.size, LONG_AGO, dtype=np.int64)
    children = rows[table.role[rows] == Role.CHILD.value]
    np.maximum.at(youngest, table.household[children], table.birth_month[children])
    women = rows[(table.sex[rows] == Sex.FEMALE.value) & (table.role[rows] <= Role.PARTNER.value)]
    women = women[table.age[women] < value["demography.birth_age_last"]]
    table.bore[women] = youngest[table.household[women]]
