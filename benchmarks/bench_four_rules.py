"""The same four-rule month as ordinary Mesa objects and as wijksim mechanisms: equal results, and how much faster.

Work, debt, contact influence and stress, over personal ties of about eight per resident. Both sides meet the same
luck: the objects read it from a list that is filled beforehand and not counted in their time.

Run ``python benchmarks/bench_four_rules.py [--sizes 10000 100000]``; prints the median ratio of five rounds.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from datetime import date
from math import exp, expm1, log

import mesa
import numpy as np

from wijksim.core.clock import Clock
from wijksim.core.rng import Draws
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.kernel.mechanism import Mechanism
from wijksim.kernel.relax import Relax, logit, step_fraction
from wijksim.parameters.store import ParameterStore
from wijksim.state.codes import Activity
from wijksim.state.column import Column
from wijksim.state.world import World

DEGREE = 8
ROUNDS = 5
NUMBERS = {
    "loss": 0.06, "find": 1.5, "loss_hr_stress": 2.0, "find_hr_stress": 0.5,
    "debt_in": 0.03, "debt_out": 0.2, "debt_hr_unemployed": 3.0,
    "half_life": 3.0, "level": 0.2, "w_unemployed": 0.3, "w_debt": 0.3, "w_contact": 0.2,
}  # fmt: skip
MONTHS = 12


class BenchWork(Mechanism):
    """Job loss and job finding, both with a ratio for stress."""

    name = "bench_work"
    loss = Event(
        "loss", table="resident", base="loss", influences=(Influence("resident.stress", "loss_hr_stress"),)
    )
    find = Event(
        "find", table="resident", base="find", influences=(Influence("resident.stress", "find_hr_stress"),)
    )

    def step(self, ctx: Context) -> None:
        activity = ctx.world.resident.activity
        lost = self.loss.draw(ctx, np.flatnonzero(activity == Activity.EMPLOYED).astype(np.int32))
        found = self.find.draw(ctx, np.flatnonzero(activity == Activity.UNEMPLOYED).astype(np.int32))
        ctx.requests.become(lost, Activity.UNEMPLOYED)
        ctx.requests.become(found, Activity.EMPLOYED)


class BenchDebt(Mechanism):
    """Debt with a ratio for unemployment."""

    name = "bench_debt"
    owns = (Column("resident.in_debt", np.bool_, "-", "in debt"),)
    enter_debt = Event(
        "debt_in",
        table="resident",
        base="debt_in",
        influences=(Influence("resident.activity", "debt_hr_unemployed", equals=int(Activity.UNEMPLOYED)),),
    )
    leave_debt = Event("debt_out", table="resident", base="debt_out")

    def step(self, ctx: Context) -> None:
        debt = ctx.world.resident.in_debt
        inside = self.enter_debt.draw(ctx, np.flatnonzero(~debt).astype(np.int32))
        outside = self.leave_debt.draw(ctx, np.flatnonzero(debt).astype(np.int32))
        debt[inside] = True
        debt[outside] = False


class BenchContact(Mechanism):
    """Mean stress of one's ties."""

    name = "bench_contact"
    owns = (Column("resident.contact_stress", np.float64, "share", "mean stress of ties"),)

    def step(self, ctx: Context) -> None:
        resident, ties = ctx.world.resident, ctx.world.ties
        resident.contact_stress[:] = ties.spread(resident.stress, resident.size) / ctx.settings["degree"]


class BenchStress(Mechanism):
    """Stress relaxes to a target of unemployment, debt and contacts."""

    name = "bench_stress"
    owns = (Column("resident.stress", np.float64, "share", "stress"),)
    stress = Relax(
        "resident.stress",
        half_life="half_life",
        level="level",
        influences=(
            Influence("resident.activity", "w_unemployed", equals=int(Activity.UNEMPLOYED)),
            Influence("resident.in_debt", "w_debt"),
            Influence("resident.contact_stress", "w_contact"),
        ),
    )

    def step(self, ctx: Context) -> None:
        self.stress.step(ctx)


KINDS = (BenchWork, BenchDebt, BenchContact, BenchStress)


def columns_world(n: int, seed: int = 1) -> Context:
    """Make the columns side: ``n`` residents in one district, ties of mean degree ``DEGREE``."""
    rng = np.random.default_rng(seed)
    world = World([column for kind in KINDS for column in kind.owns], {"resident": n})
    world.district.add([1])
    world.district.weight[:] = 1
    world.resident.add(np.arange(1, n + 1))
    world.resident.district[:] = 0
    world.resident.activity[:] = np.where(rng.random(n) < 0.06, Activity.UNEMPLOYED, Activity.EMPLOYED)
    world.resident.in_debt[:] = rng.random(n) < 0.1
    world.resident.stress[:] = rng.beta(2, 8, n)
    pairs = rng.integers(0, n, (n * DEGREE // 2, 2)).astype(np.int32)
    ones = np.ones(len(pairs))
    world.ties.add(pairs[:, 0], pairs[:, 1], ones, ones)
    store = ParameterStore()
    ctx = Context(world=world, draws=Draws(seed), clock=Clock(date(2025, 1, 1)), parameters=store)
    ctx.values = {**store.at(0, "2025-01"), **NUMBERS}
    ctx.settings["degree"] = np.maximum(world.ties.degree(n), 1)
    return ctx


def columns_month(ctx: Context, machines: tuple[Mechanism, ...], lifecycle: Lifecycle) -> None:
    """One month of the columns side."""
    for machine in machines:
        machine.step(ctx)
        lifecycle.apply(ctx)
    ctx.log.clear()
    ctx.month += 1


class Person(mesa.Agent):
    """A resident as an ordinary object."""

    def __init__(self, model: ObjectsModel, employed: bool, in_debt: bool, stress: float) -> None:
        super().__init__(model)
        self.employed = employed
        self.in_debt = in_debt
        self.stress = stress
        self.contact_stress = 0.0
        self.friends: list[Person] = []

    def work(self) -> None:
        model = self.model
        i = self.unique_id - 1
        if self.employed:
            if model.luck["loss"][i] < model.chance("loss", "loss_hr_stress", self.stress):
                self.employed = False
        elif model.luck["find"][i] < model.chance("find", "find_hr_stress", self.stress):
            self.employed = True

    def owe(self) -> None:
        model = self.model
        i = self.unique_id - 1
        if self.in_debt:
            if model.luck["debt_out"][i] < model.chance("debt_out", None, 0.0):
                self.in_debt = False
        elif model.luck["debt_in"][i] < model.chance(
            "debt_in", "debt_hr_unemployed", float(not self.employed)
        ):
            self.in_debt = True

    def meet(self) -> None:
        total = 0.0
        for friend in self.friends:
            total += friend.stress
        self.contact_stress = total / max(len(self.friends), 1)

    def feel(self) -> None:
        model = self.model
        x = model.intercept
        x += (float(not self.employed) - model.mean_unemployed) * model.w_unemployed
        x += (float(self.in_debt) - model.mean_debt) * model.w_debt
        x += (self.contact_stress - model.mean_contact) * model.w_contact
        self.stress += (1 / (1 + exp(-x)) - self.stress) * model.fraction


class ObjectsModel(mesa.Model):
    """The objects side, made from the same start as the columns side."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(rng=1)
        resident, ties = ctx.world.resident, ctx.world.ties
        people = [
            Person(self, activity == Activity.EMPLOYED, debt, stress)
            for activity, debt, stress in zip(
                resident.activity.tolist(), resident.in_debt.tolist(), resident.stress.tolist(), strict=True
            )
        ]
        for a, b in zip(ties.a.tolist(), ties.b.tolist(), strict=True):
            people[a].friends.append(people[b])
            people[b].friends.append(people[a])
        self.luck: dict[str, list[float]] = {}
        self.clip = ctx.values["kernel.hazard_clip"]

    def take_numbers(self, ctx: Context) -> None:
        """Read means and normalisers that the columns side measured at its first month."""
        stored = ctx.reference.stored
        self.means = {
            "loss_hr_stress": stored["loss|resident.stress"][0],
            "find_hr_stress": stored["find|resident.stress"][0],
            "debt_hr_unemployed": stored[f"debt_in|resident.activity={int(Activity.UNEMPLOYED)}"][0],
        }
        self.norms = {name: stored.get(name, 0.0) for name in ("loss", "find", "debt_in", "debt_out")}
        prefix = "resident.stress|resident."
        unemployed = stored[f"{prefix}activity={int(Activity.UNEMPLOYED)}"]
        debt, contact = stored[f"{prefix}in_debt"], stored[f"{prefix}contact_stress"]
        self.mean_unemployed, self.mean_debt, self.mean_contact = unemployed[0], debt[0], contact[0]
        self.w_unemployed = NUMBERS["w_unemployed"] / unemployed[1]
        self.w_debt = NUMBERS["w_debt"] / debt[1]
        self.w_contact = NUMBERS["w_contact"] / contact[1]
        self.intercept = logit(NUMBERS["level"])
        self.fraction = step_fraction(NUMBERS["half_life"])

    def chance(self, base: str, ratio: str | None, x: float) -> float:
        """Chance this month, written out as a student would."""
        power = -self.norms[base]
        if ratio is not None:
            power += min(max(log(NUMBERS[ratio]) * (x - self.means[ratio]), -self.clip), self.clip)
        return -expm1(-NUMBERS[base] * exp(power) / 12)

    def draw_luck(self, draws: Draws, uid: np.ndarray, month: int) -> None:
        """Fill the lists of luck of a month (not counted in the time of the objects)."""
        self.luck = {name: draws.uniform(name, uid, month).tolist() for name in self.norms}

    def step(self) -> None:
        self.agents.do("work")
        self.agents.do("owe")
        self.agents.do("meet")
        new = self.agents
        new.do("feel")


def same_results(ctx: Context, model: ObjectsModel) -> float:
    """Largest difference in stress; raises if anybody's work or debt differs."""
    resident = ctx.world.resident
    people = list(model.agents)
    employed = np.array([person.employed for person in people])
    in_debt = np.array([person.in_debt for person in people])
    if not np.array_equal(employed, resident.activity == Activity.EMPLOYED):
        raise AssertionError("work differs between objects and columns")
    if not np.array_equal(in_debt, resident.in_debt):
        raise AssertionError("debt differs between objects and columns")
    return float(np.max(np.abs(np.array([person.stress for person in people]) - resident.stress)))


def measure(n: int, rounds: int = ROUNDS, months: int = MONTHS) -> tuple[list[float], float, float, float]:
    """Return ratios per round, seconds per month of both sides, and the largest difference in stress."""
    ctx = columns_world(n)
    model = ObjectsModel(ctx)
    machines = tuple(kind() for kind in KINDS)
    lifecycle = Lifecycle()
    columns_month(ctx, machines, lifecycle)  # measures means and normalisers once
    model.take_numbers(ctx)
    model.draw_luck(ctx.draws, ctx.world.resident.uid, 0)
    model.step()
    ratios, object_times, column_times = [], [], []
    gc.collect()
    for _ in range(rounds):
        slow = 0.0
        start = ctx.month
        for month in range(start, start + months // 4):
            model.draw_luck(ctx.draws, ctx.world.resident.uid, month)
            began = time.perf_counter()
            model.step()
            slow += time.perf_counter() - began
        began = time.perf_counter()
        for _ in range(months // 4):
            columns_month(ctx, machines, lifecycle)
        fast = time.perf_counter() - began
        object_times.append(slow / (months // 4))
        column_times.append(fast / (months // 4))
        ratios.append(slow / fast)
    return ratios, statistics.median(object_times), statistics.median(column_times), same_results(ctx, model)


def main() -> None:
    """Print one line per size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    for n in parser.parse_args().sizes:
        ratios, slow, fast, difference = measure(n)
        print(
            f"{n:>7} residents: objects {slow * 1e3:8.1f} ms, columns {fast * 1e3:7.2f} ms a month; "
            f"ratio {statistics.median(ratios):5.1f} (median of {len(ratios)}, {min(ratios):.1f}-{max(ratios):.1f}); "
            f"largest difference in stress {difference:.1e}"
        )


if __name__ == "__main__":
    main()
