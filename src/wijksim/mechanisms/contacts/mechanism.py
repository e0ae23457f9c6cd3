"""The contacts mechanism: columns, and the month in order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.kernel.influence import Influence
from wijksim.kernel.kept import Kept
from wijksim.kernel.mechanism import MECHANISMS, Mechanism, only
from wijksim.mechanisms.contacts import (
    acts,
    circles,
    descriptions,
    encounters,
    friends,
    greetings,
    introductions,
    loneliness,
    people,
    rooms,
    support,
    ties,
)
from wijksim.mechanisms.contacts.cohesion import Cohesion
from wijksim.mechanisms.contacts.entry_loops import begin, bring
from wijksim.mechanisms.contacts.room import ROOM, Room
from wijksim.state.column import Column
from wijksim.state.table import Rows


def _brought(values: dict[str, float]) -> tuple[int, tuple[float, float], np.float32, np.float32]:
    """What parameters make of good contacts of newcomers, as :func:`bring` takes it."""
    return (
        int(values[people.ADULT_AGE]),
        (values["contacts.outside_education"], values["contacts.outside_education_mean"]),
        np.float32(values["contacts.outside_mean"]),
        np.float32(values["contacts.good_enough"]),
    )


type Weights = NDArray[np.float32]
_BROUGHT = Kept(_brought)


@MECHANISMS.register
class Contacts(Mechanism):
    """Encounters, ties, informal support, loneliness and cohesion (sociale contacten)."""

    name = "contacts"
    channels = (*acts.CHANNELS, people.GATE)
    owns = (
        *acts.COLUMNS,
        Column("resident.sociability", np.float32, "ratio", "Person effect on encounters, mean 1", low=0),
        Column(
            "resident.outside", np.float32, "ratio", "Person effect on good contacts elsewhere, mean 1", low=0
        ),
        Column(
            "resident.known_dwelling",
            np.int32,
            "row",
            "Dwelling at the last look, to see who moved",
            default=-1,
        ),
        Column("resident.ties", np.int16, "persons", "Personal ties within the districts (bekenden)", low=0),
        Column(
            "resident.good_ties",
            np.float32,
            "persons",
            "Good contacts: strong ties, adults at home, kin and friends elsewhere",
            low=0,
        ),
        Column(
            "resident.protection",
            np.float32,
            "persons",
            "Good contacts up to where they stop to protect",
            low=0,
        ),
        Column("resident.support", np.float32, "hours/month", "Informal support received (burenhulp)", low=0),
        Column("resident.given", np.float32, "hours/month", "Informal support given", low=0),
        Column(
            "resident.bridging",
            np.float32,
            "share",
            "Part of the strength of ties with another milieu",
            low=0,
            high=1,
        ),
        Column(
            "resident.contact",
            np.float32,
            "encounters/month",
            "Encounters with neighbours (burencontact)",
            low=0,
        ),
        Column(
            "resident.contact_quality",
            np.float32,
            "index",
            "Quality of contact across milieus, grade D",
            low=0,
            high=1,
        ),
        Column("resident.lonely", np.bool_, "-", "Severely lonely (ernstig eenzaam)"),
        Column("resident.knows_neighbours", np.bool_, "-", "Knows the people of the neighbourhood"),
        Column(
            "entrance.closeness", np.float32, "ties", "Personal ties per adult behind this entrance", low=0
        ),
        Column(
            "entrance.cohesion",
            np.float32,
            "score 0-10",
            "Social cohesion (sociale samenhang)",
            low=0,
            high=10,
        ),
        Column(
            "complex.shared_room", np.bool_, "-", "Has a shared room or courtyard (gemeenschappelijke ruimte)"
        ),
        Column("resident.room_user", np.bool_, "-", "Uses the shared room or courtyard of the complex"),
    )
    reads = (
        "resident.age", "resident.activity", "resident.education", "resident.household",
        "resident.dwelling", "resident.entrance", "resident.district", "resident.dutch",
        "resident.milieu", "resident.contributor", "household.adults", "household.children",
        "household.moved_in", "household.complex", "household.entrance", "household.income_fifth",
        "resident.need", "resident.psychiatric",
    )  # fmt: skip
    lagged = (
        "resident.stress",
        "entrance.disorder",
        "resident.nuisance_source",
        "resident.felt_safety",
        "district.meeting_access",
        "resident.relations_hurt",
    )

    lonely_onset = loneliness.ONSET
    lonely_recovery = loneliness.RECOVERY
    cohesion = Cohesion(
        "entrance.cohesion",
        half_life="contacts.cohesion_half_life",
        level="contacts.cohesion_level",
        influences=(
            Influence("entrance.closeness", "contacts.cohesion_ties", loop="ties"),
            Influence("entrance.disorder", "contacts.cohesion_disorder", loop="street"),
        ),
        bounded=False,
        doc="Cohesion follows ties and is worn down by disorder",
    )

    def setup(self, ctx: Context) -> None:
        """Give everybody the person effects and put all columns where the initial ties say."""
        resident = ctx.world.resident
        begin(resident.rows, *self._traits(ctx, resident.rows, ctx.world.stores.pop(people.EFFECTS, None)))
        grown = people.adults(ctx)
        root = people.activity(ctx, grown)
        ties.recount(ctx.world)
        ties.hold_to_cap(ctx)
        ties.take_stock(ctx, grown)
        self._support(ctx, grown)
        descriptions.look(ctx, root, settle=True)
        friends.index_ties(ctx)
        loneliness.settle(ctx, grown)
        self.cohesion.settle(ctx)
        self.cohesion.bound(ctx)

    @only(("resident", "born"), ("resident", "arrived"))
    def enter(self, ctx: Context, table: str, rows: Rows, how: str) -> None:
        """Newcomers know nobody yet; they bring kin and friends elsewhere, and their loneliness."""
        traits = self._traits(ctx, rows)
        if how == "born":
            begin(rows, *traits)
            return
        resident, grown = ctx.world.resident, np.empty(rows.size, np.int32)
        count = bring(
            rows, *traits, resident.age, resident.education, resident.household, ctx.world.household.adults,
            resident.good_ties, resident.protection, grown, *_BROUGHT(ctx.values),
        )  # fmt: skip
        loneliness.enter(ctx, grown[:count])

    def step(self, ctx: Context) -> None:
        """Do one month: moves, encounters, new ties, support, loneliness, cohesion.

        What changes slowly is not recomputed every month: good contacts once a quarter; bridging, neighbour
        contact and the list from which friends of friends are drawn every half year, in different months.
        """
        laid = ROOM(ctx.world)
        grown, rows, free, lonely, moved, hurt, left, root = people.present(ctx, laid)
        lifted = left or bool(ctx.effects.acts)
        if lifted:
            rooms.keep_open(ctx)
            acts.lay_out(ctx)
        if root is None:
            root = people.activity(ctx, grown)
        if moved is not None:
            ties.follow_moves(ctx, moved)
        if hurt:
            ties.strain(ctx)
        rule = encounters.rules(ctx.values)
        encounters.strengthen(ctx, rule, root)
        encounters.meet(ctx, rule, root, grown, rows, rooms=lifted, laid=laid)
        if lifted:
            introductions.introduce(ctx, grown)
        if lifted or circles.STORE in ctx.world.stores:
            circles.step(ctx, grown)
        ties.hold_to_cap(ctx)
        if ctx.month % encounters.PHASES == 1:
            ties.take_stock(ctx, grown)
        if ctx.month % descriptions.EVERY == descriptions.EVERY // 2:
            descriptions.look(ctx, root)
        elif ctx.month % friends.EVERY == 2:
            friends.index_ties(ctx)
        self._support(ctx, grown, laid)
        if lifted:
            greetings.greet(ctx, root, grown)
        loneliness.step(ctx, free, lonely, greeted=lifted)
        self.cohesion.follow(ctx)

    def _traits(
        self, ctx: Context, rows: Rows, drawn: Weights | None = None
    ) -> tuple[Weights, Weights, Rows, Weights, Weights, Rows]:
        """Person effects of ``rows``, drawn before or now, and the columns that :func:`begin` writes with them."""
        resident = ctx.world.resident
        if drawn is None:
            drawn = people.effects(ctx.draws, resident.uid.take(rows), ctx.values)
        often, elsewhere = drawn
        return (
            often,
            elsewhere,
            resident.dwelling,
            resident.sociability,
            resident.outside,
            resident.known_dwelling,
        )

    def _support(self, ctx: Context, grown: NDArray[np.bool_], laid: Room | None = None) -> None:
        flow = support.flow(ctx, grown, laid)
        if ctx.effects.acts:
            support.share_in_complexes(ctx, flow, grown)
