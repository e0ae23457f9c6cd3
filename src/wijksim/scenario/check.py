"""Whether everything that a scenario names exists and fits; makes the scenario if it does."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from wijksim.core.documents import Document, Node, load
from wijksim.core.errors import InputError, did_you_mean
from wijksim.scenario.findings import Findings, range_message
from wijksim.scenario.known import NOT_IN_THIS_VERSION, Known, loop_words
from wijksim.scenario.layers import DEFAULTS_NAME
from wijksim.scenario.levers import LeverCheck
from wijksim.scenario.messages import problems_of
from wijksim.scenario.months import calendar_month, month_index, month_label
from wijksim.scenario.resolve import (
    District,
    RecordPlan,
    Scenario,
    SetValue,
    StrategyChoice,
    WorldPlan,
)
from wijksim.scenario.schema import ScenarioFile, SeriesEntry, YearOrMonthPoints

_WHOLE_RUN = None


class Check:
    """Check of one merged scenario.

    Parameters
    ----------
    nodes
        The merged layers.
    known
        What exists.
    folders
        Folder of each file by its name in messages; relative paths start there.
    written_months
        Length of the run before the command line changed it: a shorter run cuts windows, it breaks none.
    whole
        False if a parent could not be read; then what may stand there is not called missing.
    doubtful
        Keys at the head that may have been meant otherwise; what follows from them is not judged.
    """

    def __init__(
        self,
        nodes: Node,
        known: Known,
        folders: dict[str, Path],
        *,
        written_months: int,
        whole: bool,
        doubtful: frozenset[str | int] = frozenset(),
    ) -> None:
        self.nodes = nodes
        self.known = known
        self.folders = folders
        self.timed = whole and not doubtful & {"start", "months"}
        self.placed = whole and not doubtful & {"world", "world.districts"}
        self.findings = Findings(nodes)
        self.file = ScenarioFile.model_validate(nodes.data())
        start = calendar_month(str(self.file.start))
        assert start is not None
        assert self.file.months is not None
        self.start: datetime.date = start
        self.months = self.file.months
        self.horizon = max(written_months, self.months)

    def scenario(self, name: str, extends: Sequence[str]) -> Scenario:
        """Return the scenario, as far as it is right; problems are in ``findings``."""
        world = self._world()
        districts = [district.name for district in world.districts]
        levers = LeverCheck(self.findings, self.known, self.start, self.horizon if self.timed else None)
        return Scenario(
            id=name,
            title=self.file.title,
            question=self.file.question or "",
            source=tuple(self.file.source or ()),
            assumed=tuple(self.file.assumed or ()),
            would_change_our_mind=tuple(self.file.would_change_our_mind or ()),
            extends=tuple(extends),
            start=self.start,
            months=self.months,
            world=world,
            set=self._set(),
            levers=levers.uses(self.file.levers or [], districts if self.placed else None),
            strategies=self._strategies(),
            series=self._series(),
            loops_off=self._loops(),
            record=self._record(),
            budget=self._budget(),
            plugins=tuple(self.file.plugins or ()),
            nodes=self.nodes,
        )

    def _world(self) -> WorldPlan:
        world = self.file.world
        assert world is not None
        assert world.size is not None
        assert world.warmup is not None
        assert world.rest is not None
        taken: set[str] = set()
        districts = []
        for index, entry in enumerate(world.districts or []):
            path = ("world", "districts", index)
            place, content = self._place(entry.place, (*path, "place"))
            name = entry.name or Path(entry.place).stem
            if name in taken and entry.name is None:
                number = 2
                while f"{name}-{number}" in taken:
                    number += 1
                name = f"{name}-{number}"
            elif name in taken:
                self.findings.add((*path, "name"), f"two districts are called '{name}'")
            taken.add(name)
            districts.append(District(place, entry.share, name, content))
        return WorldPlan(world.size, tuple(districts), world.warmup, world.rest)

    def _place(self, place: str, path: tuple[str | int, ...]) -> tuple[str, dict[str, object] | None]:
        if not _is_path(place):
            self.findings.exists("place", place, self.known.places, path)
            return place, None
        document = self._read(place, path)
        if document is None:
            return place, None
        file = Path(document.path).resolve()
        if self.known.read_place is not None:
            try:
                self.known.read_place(file)
            except InputError as error:
                self.findings.problems += error.problems
        return str(file), document.data

    def _read(self, name: str, path: tuple[str | int, ...]) -> Document | None:
        """Read a file that a scenario names; a missing one is a problem of the scenario."""
        file = self.folders.get(self.nodes.find(path).file, Path()) / name
        try:
            if not file.exists():
                self.findings.add(path, f"there is no file '{name}'")
                return None
        except (OSError, ValueError) as error:
            self.findings.add(
                path, f"'{name[:80]}' is no name of a file: {getattr(error, 'strerror', error)}"
            )
            return None
        try:
            document = load(file, lenient=True)
        except InputError as error:
            self.findings.problems += error.problems
            return None
        self.findings.problems += document.problems
        return document

    def _set(self) -> dict[str, SetValue]:
        result = {}
        for name, entry in (self.file.set_ or {}).items():
            path = ("set", name)
            if not self.findings.exists("parameter", name, self.known.parameters, path, at_key=True):
                continue
            parameter = self.known.parameters[name]
            message = range_message(entry.value, parameter.low, parameter.high, parameter.unit)
            if message is not None:
                source = f"grade {parameter.grade}, source {', '.join(parameter.source)}"
                self.findings.add((*path, "value"), f"'{name}' {message} ({parameter.kind}, {source})")
            month = _WHOLE_RUN
            if entry.from_ is not None:
                month = month_index(entry.from_, self.start)
                if self.timed and not 0 <= month < self.horizon:
                    self.findings.add((*path, "from"), outside("'from'", month, self.start, self.horizon))
            result[name] = SetValue(entry.value, month)
        return result

    def _strategies(self) -> dict[str, StrategyChoice]:
        result = {}
        for kind, entry in (self.file.strategies or {}).items():
            path = ("strategies", kind)
            if not self.findings.exists("kind of strategy", kind, self.known.strategies, path, at_key=True):
                continue
            options = self.known.strategies[kind]
            there = self.findings.exists(f"{kind} strategy", entry.name, options, (*path, "name"))
            name = entry.name if there else did_you_mean(entry.name, options, surely=True)
            if name is None:
                continue
            owner = f"{kind} strategy '{name}'" + ("" if there else ", if that is meant,")
            specs = options[name].arguments
            arguments = self.findings.arguments(owner, entry.arguments(), specs, path, others=("name",))
            if there:
                result[kind] = StrategyChoice(entry.name, arguments)
        return result

    def _series(self) -> dict[str, tuple[tuple[str, float], ...]]:
        result = {}
        for name, entry in (self.file.series or {}).items():
            path = ("series", name)
            if not self.findings.exists("series", name, self.known.series, path, at_key=True):
                continue
            points, root, below = self._points(entry, path)
            if points is None:
                continue
            info, dated, where = self.known.series[name], {}, {}
            for when, value in points.items():
                month = month_label(date) if (date := calendar_month(str(when))) else f"{when:04d}-01"
                message = range_message(value, info.low, info.high, info.unit)
                node = root.find((*below, when))
                if message is not None:
                    self.findings.problems.append(node.problem(f"series '{name}' {message}"))
                if month in dated:
                    message = f"series '{name}' has two values for {month}"
                    self.findings.problems.append(root.key_node((*below, when)).problem(message))
                dated[month] = value
                where[month] = root.key_node((*below, when))
            if self.timed:
                self._never(name, where)
            result[name] = tuple(sorted(dated.items()))
        return result

    def _never(self, name: str, where: dict[str, Node]) -> None:
        """Note the points of a series that come to nothing: after the run, or over before the warm-up."""
        assert self.file.world is not None
        assert self.file.world.warmup is not None
        first = -self.file.world.warmup
        months = {label: month_index(label, self.start) for label in where}
        for label, month in months.items():
            if month >= self.horizon:
                message = outside(f"{label} of series '{name}'", month, self.start, self.horizon)
                self.findings.problems.append(where[label].problem(message))
            elif any(month < other <= first for other in months.values()):
                message = (
                    f"{label} of series '{name}' is over before anything begins: another value follows before the "
                    f"warm-up, {-first} months before {month_label(self.start)}"
                )
                self.findings.problems.append(where[label].problem(message))

    def _points(
        self, entry: SeriesEntry, path: tuple[str | int, ...]
    ) -> tuple[dict[int | str, float] | None, Node, tuple[str | int, ...]]:
        if entry.points is not None:
            return entry.points, self.nodes, path
        document = self._read(str(entry.file), path)
        if document is None:
            return None, self.nodes, path
        try:
            return YearOrMonthPoints.validate_python(document.data), document.positions, ()
        except ValidationError as error:
            found = (problem for problem, _ in problems_of(error, document.positions))
            self.findings.problems += document.and_what_follows(found)
            return None, self.nodes, path

    def _loops(self) -> tuple[str, ...]:
        off: set[str] = set()
        seen: set[str] = set()
        for name, on in (self.file.loops or {}).items():
            path = ("loops", name)
            words = loop_words(name) or ((name,) if name in self.known.loops else ())
            here = [word for word in words if word in self.known.loops]
            if words and not here:
                message = f"loop '{name}' needs mechanisms that are still to come: {NOT_IN_THIS_VERSION}"
                self.findings.add(path, message, at_key=True)
            elif not words:
                self.findings.exists("loop", name, self.known.loops, path, at_key=True)
            elif here[0] in seen:
                self.findings.add(path, f"loop '{here[0]}' is named twice, by code and by word", at_key=True)
            else:
                seen.add(here[0])
                off |= set() if on else {here[0]}
        return tuple(sorted(off))

    def _record(self) -> RecordPlan:
        record = self.file.record
        assert record is not None
        for index, name in enumerate(record.measures or ()):
            self.findings.exists("measure", name, self.known.measures, ("record", "measures", index))
        for index, name in enumerate(record.groups or ()):
            self.findings.exists("group", name, self.known.groups, ("record", "groups", index))
        readouts = set()
        for index, when in enumerate(record.readouts or ()):
            path = ("record", "readouts", index)
            month = month_index(when, self.start, "readout")
            by_default = self.nodes.find(path).file == DEFAULTS_NAME
            if not 0 <= month < self.horizon and not by_default and self.timed:
                self.findings.add(path, outside("this read-out", month, self.start, self.horizon))
            if 0 <= month < self.months:
                readouts.add(month)
        measures = None if record.measures is None else tuple(sorted(set(record.measures)))
        groups = None if record.groups is None else tuple(sorted(set(record.groups)))
        return RecordPlan(measures, groups, tuple(sorted(readouts)) or (self.months - 1,))

    def _budget(self) -> dict[str, float]:
        result = {}
        for payer, amount in (self.file.budget or {}).items():
            path = ("budget", payer)
            if not self.known.payers:
                self.findings.add(path, "budgets are not enforced in this version", at_key=True)
            elif self.findings.exists("payer", payer, self.known.payers, path, at_key=True):
                result[payer] = amount
        return result


def outside(what: str, month: int, start: datetime.date, horizon: int) -> str:
    """Say that a month lies outside the run."""
    return f"{what} is month {month}, outside the run: months 0 to {horizon - 1} from {month_label(start)}"


def _is_path(place: str) -> bool:
    return "/" in place or "\\" in place or place.endswith((".yaml", ".yml"))
