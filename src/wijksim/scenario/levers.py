"""Whether the uses of levers fit their declarations, the horizon and the world."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from wijksim.core.errors import did_you_mean
from wijksim.scenario.findings import Findings, listed
from wijksim.scenario.known import COMMON_ARGUMENTS, Known, LeverInfo
from wijksim.scenario.months import month_index, month_label
from wijksim.scenario.resolve import LeverUse, Target
from wijksim.scenario.schema import LEVER_FIELDS, LeverEntry


class LeverCheck:
    """Check of the ``levers`` of one merged scenario.

    Parameters
    ----------
    findings
        Receives the problems.
    known
        What exists.
    start
        First day of month 0.
    horizon
        Months of the run; None if that is not known because a parent is missing.
    """

    def __init__(self, findings: Findings, known: Known, start: datetime.date, horizon: int | None) -> None:
        self.findings = findings
        self.known = known
        self.start = start
        self.horizon = horizon

    def uses(self, entries: Sequence[LeverEntry], districts: Collection[str] | None) -> tuple[LeverUse, ...]:
        """Return the uses that are right; None for ``districts`` skips the check of their names."""
        result = []
        for index, entry in enumerate(entries):
            path = ("levers", index)
            start, end = self._window(entry, path)
            there = self.findings.exists("lever", entry.lever, self.known.levers, (*path, "lever"))
            name = entry.lever if there else did_you_mean(entry.lever, self.known.levers, surely=True)
            if name is None:
                continue
            info = self.known.levers[name]
            owner = f"lever '{name}'" + ("" if there else ", if that is meant,")
            specs = {**COMMON_ARGUMENTS, **info.arguments}
            arguments = self.findings.arguments(owner, entry.arguments(), specs, path, others=LEVER_FIELDS)
            target = self._target(entry, info, path, owner, districts)
            if not there:
                continue  # its mistakes are told, but nobody knows that it is this lever
            for argument, spec in specs.items():
                if spec.type == "month" and argument in arguments:
                    arguments[argument] = month_index(arguments[argument], self.start)
            result.append(
                LeverUse(
                    id=entry.id or entry.lever,
                    lever=entry.lever,
                    start=start,
                    end=end,
                    target=target,
                    arguments=arguments,
                )
            )
        return tuple(result)

    def _window(self, entry: LeverEntry, path: tuple[str | int, ...]) -> tuple[int, int | None]:
        start = 0 if entry.start is None else month_index(entry.start, self.start)
        end = None if entry.end is None else month_index(entry.end, self.start, "end")
        if self.horizon is not None:
            run = f"outside the run: months 0 to {self.horizon - 1} from {month_label(self.start)}"
            if not 0 <= start < self.horizon:
                self.findings.add((*path, "start"), f"'start' is month {start}, {run}")
            if end is not None and not 0 < end <= self.horizon:
                self.findings.add((*path, "end"), f"'end' is month {end}, {run}")
        if end is not None and end <= start:
            self.findings.add((*path, "end"), f"'end' (month {end}) must come after 'start' (month {start})")
        return start, end

    def _target(
        self,
        entry: LeverEntry,
        info: LeverInfo,
        path: tuple[str | int, ...],
        owner: str,
        districts: Collection[str] | None,
    ) -> Target:
        if entry.target is None:
            return Target()
        given = {
            name: values
            for name in ("districts", "complexes", "groups")
            if (values := getattr(entry.target, name)) is not None
        }
        for name, values in given.items():
            here = (*path, "target", name)
            if name not in info.targets:
                can = f"only at {listed(info.targets)}" if info.targets else "at nothing in particular"
                self.findings.add(here, f"{owner} cannot be aimed at {name}, {can}", at_key=True)
            elif not values:
                self.findings.add(here, f"'{name}' is empty; leave it out to reach all")
            elif name == "districts" and districts is not None:
                for number, value in enumerate(values):
                    self.findings.exists("district", value, districts, (*here, number))
            elif name == "groups":
                for number, value in enumerate(values):
                    self.findings.exists("group", value, self.known.group_labels, (*here, number))
        return Target(**{name: tuple(sorted(set(values))) for name, values in given.items()})
