"""Skills for daily life and work: Dutch, reading, digital, and keeping a home.

Skills are slow. Without practice or lessons a skill drifts back, with a half-life of ten years, to what its owner
grew up with; a class (taalles, basisvaardigheden) raises it while it lasts. So a class is no cure: what it
gave fades unless it is kept up, and a stock of low literacy stays where it is under current policy. Who starts a class
depends on need, trust and being known to somebody who can point the way. A programme may offer a class to residents
with little Dutch whom it reaches; part of them takes it up, at a yearly rate that the programme brings along, and each
class begun that way is paid for once.

Pupils grow into their skills: reading follows achievement at school. Housing skills (woonvaardigheden) are a state of
the household, and follow the reading and the stress of its head.
"""

from __future__ import annotations

from math import ceil
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.calm import Calm
from wijksim.kernel.columns import KeptColumns
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.relax import Relax, logit, step_fraction
from wijksim.state.codes import Activity
from wijksim.state.column import Column
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.state.world import World

TAUGHT: tuple[str, ...] = ("dutch", "reading", "digital")
OWNER, OFFER, COACH = "skills", "offer_class", "coach_homes"
OFFERED = CostItem(
    "language_class", "Classes in Dutch that are offered", "Aangeboden taallessen", payers=(("municipality", 1.0),),
    grade="C", source=("PRICE-EDU-07",), kind="programme",
)  # fmt: skip
WITHOUT_WORK = (Activity.UNEMPLOYED, Activity.ASSISTANCE, Activity.OTHER)

_HALF_LIVES = itemgetter(
    "skills.pupil_half_life", "skills.half_life", *(f"skills.class_half_life_{skill}" for skill in TAUGHT)
)
_ADULT = np.int16(ADULT_AGE)

type Shares = NDArray[np.float32]
type Bools = NDArray[np.bool_]


@compiled
def wanting(
    rows: Rows, low_dutch: float, low_reading: float, last_age: int, dutch: Shares, reading: Shares, in_class: Bools,
    class_year: NDArray[np.int8], age: NDArray[np.int16],
) -> int:  # fmt: skip
    """Fill ``rows`` with adults below ``last_age`` who lack Dutch or reading and learn neither; return how many."""
    number, count = np.uint32(0), 0
    for row in range(np.uint32(age.size)):
        rows[number] = row  # overwritten by the next unless it counts: no branch that could be guessed wrong
        number += np.uint32((dutch[row] < np.float32(low_dutch)) | (reading[row] < np.float32(low_reading)))
    for k in range(number):
        row = rows[k]
        if _ADULT <= age[row] < last_age and class_year[row] < 0 and not in_class[row]:
            rows[count] = row
            count += 1
    return count


# fmt: off
@compiled
def learn(
    class_year: NDArray[np.int8], age: NDArray[np.int16], grown_age: int, skills: Shares, achievement: Shares,
    weight: np.float32, fraction: np.float32, base: Shares, reading: Shares,
) -> None:
    # fmt: on
    """Move the reading of pupils, and what it rests on, towards what they achieve."""
    rows, count = np.empty(age.size + 1, np.int32), np.uint32(0)
    for row in range(np.uint32(age.size)):
        rows[count] = row
        count += np.uint32((class_year[row] >= 0) & (age[row] < grown_age))
    for k in range(count):
        row = rows[k]
        goal = min(max(skills[row] + weight * achievement[row], np.float32(0)), np.float32(1))
        base[row] += (goal - base[row]) * fraction
        reading[row] += (base[row] - reading[row]) * fraction


@compiled
def fade_and_rise(skill: Shares, base: Shares, fade: np.float32, in_class: Bools, gain: np.float32) -> None:
    """Let a skill fade to its base, and rise for those in a class."""
    one = np.float32(1)
    for row in range(skill.size):
        level = skill[row] + (base[row] - skill[row]) * fade
        level = level if skill[row] != base[row] else skill[row]
        skill[row] = level + (one - level) * gain if in_class[row] else level


@compiled
def derive(alive: Bools, reading: Shares, digital: Shares, low: float, basic: Shares, illiterate: Bools) -> None:
    """Mean of reading and digital skills, and who reads too little."""
    for row in range(alive.size):
        basic[row] = (reading[row] + digital[row]) / np.float32(2)
        illiterate[row] = alive[row] & (reading[row] < np.float32(low))


# fmt: off
@inlined
def _unlikely(
    head: Rows, reading: Shares, cognitive: Bools, stress: Shares, weights: Shares, nobody: Shares,
    constant: np.float32, level: np.float32, odds: Shares,
) -> None:
    # fmt: on
    """Fill ``odds`` with log odds against keeping a home well: what its head is like, or ``nobody``, and a level."""
    for home in range(head.size):
        row = head[home]
        total = (reading[row] if row >= 0 else nobody[0]) * weights[0]
        total += (np.float32(cognitive[row]) if row >= 0 else nobody[1]) * weights[1]
        total += (stress[row] if row >= 0 else nobody[2]) * weights[2]
        odds[home] = -(total - constant + level)


# fmt: off
@compiled
def practise(
    drivers: Shares, odds: Shares, grown_age: int, paces: Shares, low: float, level: float,
    class_year: NDArray[np.int8], age: NDArray[np.int16], skills: Shares, achievement: Shares, in_class: Bools,
    alive: Bools, language: Shares, reading_base: Shares, digital_base: Shares, dutch: Shares, reading: Shares,
    digital: Shares, basic: Shares, illiterate: Bools, head: Rows, cognitive: Bools, stress: Shares,
) -> None:
    # fmt: on
    """Move all skills one month: pupils learn, skills fade and rise by a class; then find what homes are kept with.

    ``paces`` are what achievement adds to reading, parts of the way of pupils and of what fades, and the gains of a
    class, in order of TAUGHT. ``drivers`` are weights, what counts without a head, and what centring takes off.
    """
    fade = paces[2]
    learn(class_year, age, grown_age, skills, achievement, paces[0], paces[1], reading_base, reading)
    fade_and_rise(dutch, language, fade, in_class, paces[3])
    fade_and_rise(reading, reading_base, fade, in_class, paces[4])
    fade_and_rise(digital, digital_base, fade, in_class, paces[5])
    derive(alive, reading, digital, low, basic, illiterate)
    weights, nobody, constant = drivers[:3], drivers[3:6], drivers[6]
    _unlikely(head, reading, cognitive, stress, weights, nobody, constant, np.float32(level), odds)


# fmt: off
@compiled
def first(
    rows: Rows, alive: Bools, skills: Shares, language: Shares, low: float, reading: Shares, digital: Shares,
    reading_base: Shares, digital_base: Shares, dutch: Shares, basic: Shares, illiterate: Bools,
) -> None:
    # fmt: on
    """Skills of people not known here yet; what is not given is the trait they were made with."""
    for row in rows:
        reading[row] = reading_base[row] = reading[row] if reading[row] > 0 else skills[row]
        digital[row] = digital_base[row] = digital[row] if digital[row] > 0 else skills[row]
        dutch[row] = language[row]
        basic[row] = (reading[row] + digital[row]) / np.float32(2)
        illiterate[row] = alive[row] & (reading[row] < np.float32(low))


@compiled
def approach(state: Shares, odds: Shares, fraction: float) -> None:
    """Close a part of the distance to the share that goes with the odds against."""
    one, part = np.float32(1), np.float32(fraction)
    for home in range(state.size):
        state[home] = state[home] + (one / (odds[home] + one) - state[home]) * part


class _Terms(NamedTuple):
    """What a month takes from parameters alone.

    Attributes
    ----------
    wanting
        Levels below which Dutch and reading are low, and the age from which nobody starts a class.
    practice
        Age at which pupils are grown, the paces of :func:`practise`, the level of low reading, and that of keeping a
        home as log odds.
    closing
        Part of the way there in a month.
    """

    wanting: tuple[float, float, int]
    practice: tuple[int, Shares, float, float]
    closing: float


@Kept
def _terms(value: dict[str, float]) -> _Terms:
    low_reading = value["skills.low_reading"]
    paces = [step_fraction(life) for life in _HALF_LIVES(value)]
    return _Terms(
        # whole: ages are
        (value["skills.low_dutch"], low_reading, ceil(value["skills.class_last_age"])),
        (
            int(value["skills.grown_age"]), np.array([value["skills.reading_achievement"], *paces], np.float32),
            low_reading, logit(value["skills.housing_level"]),
        ),
        step_fraction(value["skills.housing_half_life"]),
    )  # fmt: skip


def _columns(world: World) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Columns as :func:`wanting` and :func:`practise` take them."""
    table = world.resident
    learners = table.class_year, table.age
    return (table.dutch, table.reading, table.in_class, *learners), (
        *learners, table.skills, table.achievement, table.in_class, table.alive, table.language, table.reading_base,
        table.digital_base, table.dutch, table.reading, table.digital, table.basic_skills, table.low_literacy,
        world.household.head, table.cognitive, table.stress,
    )  # fmt: skip


_COLUMNS = KeptColumns(_columns, "resident", "household")


class Keeping(Relax):
    """Skills of keeping a home, whose drivers are facts about the head alone."""

    _kept: tuple[Calm, Shares] = (Calm(), np.empty(0, np.float32))  # the months for which they hold, and drivers

    def drivers(self, ctx: Context) -> Shares:
        """Weight of each driver, what counts of each where there is no head, and what centring takes off."""
        calm, found = self._kept
        if calm is not ctx.calm:
            factors = self.index.factors(ctx)
            weight = {one.column: factor for one, _, factor in factors}
            weights = [weight.get(one.column, 0.0) for one in self.index.influences]
            nobody = [one.nobody(ctx.world) for one in self.index.influences]
            constant = sum([mean * factor for _, mean, factor in factors])
            found = np.array([*weights, *nobody, constant], np.float32)
            self._kept = ctx.calm or Calm(), found
        return found


@MECHANISMS.register
class Skills(Mechanism):
    """Dutch, reading and digital skills, classes, and skills of keeping a home (O23)."""

    name = "skills"
    channels = (f"{OWNER}.{OFFER}", f"{OWNER}.{COACH}")
    costs = (OFFERED,)
    owns = (
        Column("resident.dutch", np.float32, "share", "Dutch as it is now (taalvaardigheid)", low=0, high=1),
        Column("resident.reading", np.float32, "share", "Reading and writing, low below one half (geletterdheid)",
               low=0, high=1),
        Column("resident.digital", np.float32, "share", "Digital skills, low below one half", low=0, high=1),
        Column("resident.reading_base", np.float32, "share", "Reading without lessons", low=0, high=1),
        Column("resident.digital_base", np.float32, "share", "Digital skills without lessons", low=0, high=1),
        Column("resident.basic_skills", np.float32, "share", "Mean of reading and digital skills (basisvaardigheden)",
               low=0, high=1),
        Column("resident.low_literacy", np.bool_, "-", "Reads and writes too little for daily life (laaggeletterd)"),
        Column("resident.in_class", np.bool_, "-", "Takes a class in Dutch and basic skills (taalles)"),
        Column("household.housing_skill", np.float32, "share", "Skills of keeping a home (woonvaardigheden)",
               low=0, high=1),
    )  # fmt: skip
    reads = ("resident.achievement", "resident.class_year")
    lagged = ("resident.trust", "resident.stress")

    start = Event(
        "skills.class_start",
        table="resident",
        base="skills.class_start_rate",
        influences=(
            Influence("resident.trust", "skills.class_trust", loop="trust"),
            Influence("resident.activity", "skills.class_without_work", equals=WITHOUT_WORK),
            Influence("resident.stress", "skills.class_stress"),
        ),
        doc="A resident with low Dutch or low literacy starts a class",
    )
    end = Event("skills.class_end", table="resident", base="skills.class_end_rate", doc="A class ends")
    keeping = Keeping(
        "household.housing_skill",
        half_life="skills.housing_half_life",
        level="skills.housing_level",
        influences=(
            Influence("resident.reading", "skills.housing_reading"),
            Influence("resident.cognitive", "skills.housing_cognitive"),
            Influence("resident.stress", "skills.housing_stress"),
        ),
        doc="Skills of keeping a home relax to what the head can do",
    )

    def setup(self, ctx: Context) -> None:
        """Skills as the world was built, the stationary number in a class, homes kept as heads can."""
        table, value = ctx.world.resident, ctx.values
        rows = table.rows
        self._first(ctx, rows)
        adults = _wanting(ctx)
        flow, leaving = value["skills.class_start_rate"], value["skills.class_end_rate"]
        share = flow / (flow + leaving) if flow + leaving > 0 else 0.0
        luck = ctx.draws.life("skills.class_at_start", table.uid[adults])
        table.in_class[adults[luck < share]] = True
        ctx.world.household.housing_skill[:] = value["skills.housing_level"]
        self._derive(ctx)

    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Newcomers bring what they can; newborns grow into what runs in the family."""
        if table == "resident":
            self._first(ctx, rows)
        elif table == "household":
            ctx.world.household.housing_skill[rows] = ctx.values["skills.housing_level"]

    def step(self, ctx: Context) -> None:
        """Classes begin and end, skills move, homes are kept."""
        in_class, acts = ctx.world.resident.in_class, ctx.effects.acts
        ended = self.end.draw(ctx, in_class.nonzero()[0].astype(np.int32))
        if ended.size:
            in_class[ended] = False
        begun = self.start.draw(ctx, _wanting(ctx))
        if begun.size:
            in_class[begun] = True
        if acts:
            self._offered(ctx)
        self._practise(ctx)
        if acts:
            self._coached(ctx)

    def _offered(self, ctx: Context) -> None:
        """Those whom levers offer a class in Dutch, who lack it and take it up; each one is paid for at its start."""
        asked = [
            (lever, details)
            for lever, owner, act, details in ctx.effects.acts
            if (owner, act) == (OWNER, OFFER)
        ]
        table = ctx.world.resident
        for lane, (lever, details) in enumerate(sorted(asked, key=lambda post: post[0])):
            wanting, offered = np.zeros((2, table.size), np.bool_)
            wanting[_wanting(ctx)], offered[details["residents"]] = True, True
            rows = (wanting & offered).nonzero()[0]
            rows = rows[table.dutch[rows] < ctx.values["skills.low_dutch"]]
            chance = -np.expm1(-details["take_up"] / MONTHS_PER_YEAR)
            luck = ctx.draws.uniform("skills.class_offered", table.uid[rows], ctx.month, lane)
            begun = rows[luck < chance]
            table.in_class[begun] = True
            ctx.counters.add("skills.classes_offered", begun.size)
            district = table.district[begun]
            number = np.bincount(district[district >= 0], minlength=ctx.world.n_districts)
            ctx.effects.booked(lever, number * details["price"])
            ctx.ledger.book(OFFERED.name, number * details["price"])

    def _coached(self, ctx: Context) -> None:
        """Raise the skills of homes that a programme coaches (woonbegeleiding).

        It asks ``skills`` to ``coach_homes`` with ``households`` and ``half_life``: months in which coaching closes
        half of the distance to full skill, while the home drifts back to what its head can do.
        """
        table = ctx.world.household
        asked = [post for post in ctx.effects.acts if (post[1], post[2]) == (OWNER, COACH)]
        for _, _, _, details in sorted(asked, key=lambda post: post[0]):
            rows, gain = details["households"], np.float32(step_fraction(details["half_life"]))
            rows = rows[table.alive[rows]]
            table.housing_skill[rows] += (1 - table.housing_skill[rows]) * gain

    # ---------------------------------------------------------------- states
    def _first(self, ctx: Context, rows: Rows) -> None:
        """Skills of people not known here yet; what is not given is the trait they were made with."""
        table = ctx.world.resident
        first(
            rows, table.alive, table.skills, table.language, ctx.values["skills.low_reading"],
            table.reading, table.digital, table.reading_base, table.digital_base, table.dutch,
            table.basic_skills, table.low_literacy,
        )  # fmt: skip

    def _practise(self, ctx: Context) -> None:
        """What pupils learn becomes their own; skills fade to their base, and rise for those in a class.

        The base of reading follows achievement while at school. Whoever is at the base stays there untouched. Homes
        are kept as their heads can.
        """
        household, (_, practice, closing) = ctx.world.household, _terms(ctx.values)
        odds = np.empty(household.size, np.float32)
        practise(self.keeping.drivers(ctx), odds, *practice, *_COLUMNS(ctx.world)[1])
        approach(household.housing_skill, np.exp(odds, out=odds), closing)
        if ctx.tracer is not None:
            ctx.tracer.state(ctx, self.keeping)

    def _derive(self, ctx: Context) -> None:
        table, low = ctx.world.resident, ctx.values["skills.low_reading"]
        derive(table.alive, table.reading, table.digital, low, table.basic_skills, table.low_literacy)

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Residents in a class now."""
        return {"skills.in_class": int(np.count_nonzero(ctx.world.resident.in_class))}


def _wanting(ctx: Context) -> Rows:
    """Adults with low Dutch or low literacy who are not in a class or in education."""
    columns = _COLUMNS(ctx.world)[0]
    rows = np.empty(columns[0].size + 1, np.int32)
    return rows[: wanting(rows, *_terms(ctx.values)[0], *columns)]
