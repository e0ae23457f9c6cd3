"""What a memo wants to know of a run beside its measures: people who came and went, money, and how people fared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wijksim.model.engine import Engine
from wijksim.runs.flows import FlowBook, MoneyFlows
from wijksim.runs.people import People, Roll
from wijksim.runs.waterbed import Balance, Waterbed


@dataclass(frozen=True)
class Ledgers:
    """The books of one run.

    Attributes
    ----------
    balances
        People behind some counts, at the read-outs.
    flows
        Every flow of money, by month.
    people
        How those of the start are at the end.
    """

    balances: tuple[Balance, ...]
    flows: MoneyFlows
    people: People


@dataclass
class Bookkeeping:
    """Observers that keep the books; they read, and results stay the same with or without them."""

    waterbed: Waterbed
    flows: FlowBook
    roll: Roll

    @classmethod
    def begin(cls, engine: Engine, months: int, readouts: Sequence[int]) -> Bookkeeping:
        """Watch a warmed-up engine from here on."""
        found = cls(Waterbed(engine.ctx, readouts), FlowBook(months), Roll(engine.ctx))
        engine.observers += [found.waterbed, found.flows]
        return found

    def end(self, engine: Engine) -> Ledgers:
        """Close the books."""
        mine = (self.waterbed, self.flows)
        engine.observers = [one for one in engine.observers if one not in mine]
        return Ledgers(tuple(self.waterbed.balances), self.flows.flows, self.roll.people(engine.ctx))
