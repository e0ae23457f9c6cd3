"""A scenario with everything filled in, and where every value comes from.

**Precedence**, from strong to weak:

1. the command line (``--size``, ``--months``, ``--prices``, ``overrides=`` and ``prices=`` in Python);
2. the scenario itself;
3. its parent, named in ``extends``; then the parent of that, and so on;
4. the place profile, for what a place says about itself (its marginals and place factors);
5. the default: ``defaults.yaml`` for the frame of a run, the parameter store for parameters, the declaration
   of a lever or strategy for its arguments.

How layers are laid over each other stands in :func:`wijksim.scenario.layers.merge`.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wijksim.core.documents import KeyPath, Node
from wijksim.scenario.months import month_label
from wijksim.scenario.prices import Price
from wijksim.scenario.schema import SCHEMA_VERSION
from wijksim.scenario.text import to_yaml


@dataclass(frozen=True)
class Origin:
    """Where a value was written."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class District:
    """One district of the world.

    Attributes
    ----------
    place
        Name of a shipped place, or the absolute path of a place file.
    share
        Weight in the number of residents, relative to the other districts.
    name
        Name in results.
    content
        What the place file says; None for a shipped place.
    """

    place: str
    share: float
    name: str
    content: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class WorldPlan:
    """What is simulated: residents at the start, districts, months of warm-up, rest of the city."""

    size: int
    districts: tuple[District, ...]
    warmup: int
    rest: float

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of the residents per district; the sum is 1."""
        total = sum(district.share for district in self.districts)
        return tuple(district.share / total for district in self.districts)


@dataclass(frozen=True)
class SetValue:
    """A value for a parameter: for the whole run, warm-up included, or from a month on."""

    value: float
    from_month: int | None = None


@dataclass(frozen=True)
class Target:
    """Whom a lever is aimed at; an empty field means all of that kind."""

    districts: tuple[str, ...] = ()
    complexes: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return what was given, as plain data."""
        fields = {"districts": self.districts, "complexes": self.complexes, "groups": self.groups}
        return {name: list(value) for name, value in fields.items() if value}


@dataclass(frozen=True)
class LeverUse:
    """One use of a lever.

    Attributes
    ----------
    id, lever
        Own name, and name of the lever.
    start, end
        First month, and first month without it; ``end`` None lasts until the end of the run.
    target
        Whom it is aimed at.
    arguments
        Arguments that were given (``strength``, ``ramp``, ``coverage``, ``uptake`` and ``decay`` among them);
        the lever knows the others.
    """

    id: str
    lever: str
    start: int
    end: int | None
    target: Target
    arguments: Mapping[str, Any]

    def plain(self) -> dict[str, Any]:
        """Return the entry as it would stand in a file."""
        entry: dict[str, Any] = {"lever": self.lever, "id": self.id, "start": self.start}
        optional = {"end": self.end, "target": self.target.plain()}
        entry |= {key: value for key, value in optional.items() if value not in (None, {})}
        return entry | {key: self.arguments[key] for key in sorted(self.arguments)}


@dataclass(frozen=True)
class StrategyChoice:
    """A strategy by name, with the arguments that were given."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class RecordPlan:
    """What is kept of a run; None stands for all."""

    measures: tuple[str, ...] | None
    groups: tuple[str, ...] | None
    readouts: tuple[int, ...]


@dataclass(frozen=True)
class Scenario:
    """A checked scenario, every month an index and every default filled in.

    Attributes
    ----------
    id
        Stem of the file name; names the scenario in results.
    title, question, source, assumed, would_change_our_mind
        Prose of the scenario itself.
    start, months
        First day of month 0, and length of the run.
    world, set, levers, strategies, loops_off, record, budget, plugins
        As in the grammar; ``levers`` in the order of their ids, ``budget`` in EUR per year by payer.
    series
        By name, points (``YYYY-MM``, value) in the order of time.
    extends
        Ids of the parents, the nearest first.
    prices
        The user's own prices in the order of their names; of a file beside the scenario, never of the scenario itself,
        as all that are compared share them.
    """

    id: str
    title: str
    question: str
    source: tuple[str, ...]
    assumed: tuple[str, ...]
    would_change_our_mind: tuple[str, ...]
    extends: tuple[str, ...]
    start: datetime.date
    months: int
    world: WorldPlan
    set: Mapping[str, SetValue]
    levers: tuple[LeverUse, ...]
    strategies: Mapping[str, StrategyChoice]
    series: Mapping[str, tuple[tuple[str, float], ...]]
    loops_off: tuple[str, ...]
    record: RecordPlan
    budget: Mapping[str, float]
    plugins: tuple[str, ...]
    nodes: Node = field(repr=False, compare=False)
    prices: tuple[Price, ...] = ()

    @property
    def written_uses(self) -> tuple[str, ...]:
        """Ids of the levers as they were written: also of one with which something is wrong."""
        found = []
        for entry in self.nodes.find(("levers",)).items or ():
            own = entry.child("id") or entry.child("lever")
            found.append("" if own is None else str(own.value))
        return tuple(found)

    def origin(self, path: KeyPath) -> Origin:
        """Return where the value at a key path of :meth:`resolved` was written, or the nearest one above it.

        An entry of ``levers`` goes by its index or its id: ``("levers", "basic-job", "start")``.
        """
        parts = list(path)
        if len(parts) > 1 and parts[0] == "levers" and parts[1] in self.written_uses:
            parts[1] = self.written_uses.index(str(parts[1]))
        node = self.nodes.find(parts)
        return Origin(node.file, node.line, node.column)

    def resolved(self) -> dict[str, Any]:
        """Return everything but own prices as plain data in the grammar of a file, in one fixed order."""
        prose = {
            "schema": SCHEMA_VERSION,
            "title": self.title,
            "question": self.question,
            "source": list(self.source),
            "assumed": list(self.assumed),
            "would_change_our_mind": list(self.would_change_our_mind),
        }
        return {key: value for key, value in (prose | self._drivers()).items() if value not in ("", [], {})}

    @property
    def digest(self) -> str:
        """SHA-256 over all that influences results; prose, file names and the order of writing do not."""
        drivers = self._drivers()
        for entry, district in zip(drivers["world"]["districts"], self.world.districts, strict=True):
            if district.content is not None:
                entry["place"] = _text_keys(district.content)
        if self.prices:
            drivers["prices"] = {price.name: price.value for price in self.prices}
        text = json.dumps(drivers, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def to_yaml(self) -> str:
        """Return the resolved scenario as a file that loads again, each value with its origin behind it."""
        return to_yaml(self.resolved(), lambda path: str(self.origin(path)))

    def _drivers(self) -> dict[str, Any]:
        record = {
            "measures": "all" if self.record.measures is None else list(self.record.measures),
            "groups": "all" if self.record.groups is None else list(self.record.groups),
            "readouts": list(self.record.readouts),
        }
        return {
            "start": month_label(self.start),
            "months": self.months,
            "world": {
                "size": self.world.size,
                "warmup": self.world.warmup,
                "rest": self.world.rest,
                "districts": [
                    {"place": district.place, "share": district.share, "name": district.name}
                    for district in self.world.districts
                ],
            },
            "set": {
                name: entry.value
                if entry.from_month is None
                else {"value": entry.value, "from": entry.from_month}
                for name, entry in sorted(self.set.items())
            },
            "levers": [use.plain() for use in self.levers],
            "strategies": {
                kind: {"name": choice.name} | {key: choice.arguments[key] for key in sorted(choice.arguments)}
                for kind, choice in sorted(self.strategies.items())
            },
            "series": {name: dict(points) for name, points in sorted(self.series.items())},
            "loops": dict.fromkeys(self.loops_off, False),
            "record": record,
            "budget": dict(sorted(self.budget.items())),
            "plugins": list(self.plugins),
        }


def _text_keys(data: Any) -> Any:
    """Write keys as JSON text, so that 1 and "1" stay apart and can be sorted."""
    if isinstance(data, Mapping):
        return {json.dumps(key): _text_keys(value) for key, value in data.items()}
    return [_text_keys(item) for item in data] if isinstance(data, list) else data
