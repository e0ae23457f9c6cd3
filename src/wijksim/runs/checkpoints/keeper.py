"""Keep the state of a run every so many months, and find the state from which a run can go on."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from wijksim.core.errors import InputError, Problem
from wijksim.runs.checkpoints import files
from wijksim.runs.checkpoints.decode import Decoder
from wijksim.runs.checkpoints.encode import Encoder
from wijksim.runs.checkpoints.names import NotAllowedError, NotKeptError
from wijksim.runs.manifest import code_digest, cpu_features, package_version, parameters_digest
from wijksim.scenario.resolve import Scenario

# what a checkpoint must have in common with the run that goes on from it, and what is said if it has not
_COMPARED = {
    "schema": "the form of checkpoints has changed",
    "scenario": "the scenario is another",
    "seed": "the seed is another",
    "months": "the number of months is another",
    "wijksim": "the version of wijksim is another",
    "code": "the code of wijksim has changed",
    "parameters": "parameters have changed",
    "packages": "versions of packages have changed",
    "cpu_features": "the processor has other instruction sets",
}
_PACKAGES = ("numpy", "scipy")
_SHORT = 40  # characters of a value that tell enough


class Checkpoints:
    """Checkpoints of one run in one folder.

    Parameters
    ----------
    folder
        Where they are; made when the first is written.
    every
        Months between two; None writes none, unless the run goes on from one that was written with others.
    resume
        Go on from the newest that can be read. Without it, checkpoints of an earlier run make way for new ones.
    say
        Called with a sentence for people.
    """

    def __init__(
        self,
        folder: Path,
        every: int | None = None,
        *,
        resume: bool = False,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        if every is not None and every < 1:
            raise ValueError(f"a checkpoint is written every so many months, at least 1, got {every}")
        self.folder, self.every, self.resume = folder, every, resume
        self._say = say
        self._origin: dict[str, Any] = {}
        self._plugins: tuple[str, ...] = ()
        self._spent: dict[str, float] = {}

    def begin(self, scenario: Scenario, seed: int, months: int) -> tuple[Any, dict[str, float]] | None:
        """Say which run it is; the state to go on from and the seconds spent on it, or None for a start at month 0.

        Raises
        ------
        InputError
            If there are checkpoints and none of them can be read, or they are of something else.
        """
        self._origin = origin_of(scenario, seed, months)
        self._plugins = scenario.plugins
        found = self._newest() if self.resume else None
        if found is None and self.every is not None:
            files.clear(self.folder)
        elif self.every is not None:
            files.clear(self.folder, temporary=True)
        return found

    def after_month(self, month: int, state: Any, spent: Mapping[str, float]) -> None:
        """Write a checkpoint if one is due after so many months.

        Raises
        ------
        InputError
            If a plug-in keeps something in the run that a checkpoint cannot hold.
        """
        if self.every is None or month % self.every:
            return
        encoder = Encoder(self._plugins)
        try:
            root = encoder.value(state)
        except NotKeptError as error:
            raise InputError([_problem(self.folder, f"a checkpoint cannot hold {error}")]) from error
        head = {"origin": self._origin, "every": self.every, "seconds": dict(spent)}
        files.write(self.folder, month, head, encoder, root)

    def _newest(self) -> tuple[Any, dict[str, float]] | None:
        months = files.months_in(self.folder)
        if not months:
            self._say(f"there is no checkpoint in {self.folder}: the run starts at month 0")
            return None
        for month in months:
            try:
                self._compare(month, files.read_head(self.folder, month))
                stored = files.read(self.folder, month)
            except files.BrokenError as error:
                self._say(f"checkpoint {month} is broken and passed over: {error}")
                continue
            state = self._state(stored, month)
            if self.every is None:
                self.every = int(stored.head["every"])
            self._say(f"going on after month {month}")
            return state, dict(stored.head["seconds"])
        raise InputError(
            [_problem(self.folder, "no checkpoint here can be read; start again without --resume")]
        )

    def _compare(self, month: int, head: Mapping[str, Any]) -> None:
        theirs = {**head["origin"], "schema": head["schema"]}
        mine = {**self._origin, "schema": files.SCHEMA}
        problems = [
            _problem(
                self.folder,
                f"checkpoint {month} is not of this run: {words} "
                f"({_short(theirs.get(key))} there, {_short(mine[key])} now)",
            )
            for key, words in _COMPARED.items()
            if theirs.get(key) != mine[key]
        ]
        if problems:
            raise InputError(problems)

    def _state(self, stored: files.Stored, month: int) -> Any:
        try:
            return Decoder(stored.nodes, stored.arrays, self._plugins).value(stored.root)
        except NotAllowedError as error:
            raise InputError([_problem(self.folder, f"checkpoint {month} is refused: {error}")]) from error
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            message = f"checkpoint {month} is not one that wijksim wrote: {error}"
            raise InputError([_problem(self.folder, message)]) from error


def origin_of(scenario: Scenario, seed: int, months: int) -> dict[str, Any]:
    """Everything on which the state of a run depends, as plain data."""
    return {
        "scenario": scenario.digest,
        "seed": seed,
        "months": months,
        "wijksim": package_version(),
        "code": code_digest(),
        "parameters": parameters_digest(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "cpu_features": cpu_features(),
    }


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}..."


def _problem(folder: Path, message: str) -> Problem:
    return Problem(str(folder), 1, 1, message)
