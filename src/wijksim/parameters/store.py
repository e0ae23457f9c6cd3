"""The parameters of one run: shipped values, overlays, and what a scenario sets from which month."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from functools import lru_cache

from wijksim.core.errors import did_you_mean
from wijksim.parameters.kept import load_kept
from wijksim.parameters.overlay import with_fitted
from wijksim.parameters.schema import Parameter


@lru_cache(maxsize=1)
def shipped_parameters() -> Mapping[str, Parameter]:
    """Parameters of the shipped value files with their fitted values, read once per process."""
    return with_fitted(load_kept())


class ParameterStore:
    """Values by name and month.

    Parameters
    ----------
    parameters
        Declarations by full name; the shipped ones if omitted.
    """

    def __init__(self, parameters: Mapping[str, Parameter] | None = None) -> None:
        self.parameters: dict[str, Parameter] = dict(
            shipped_parameters() if parameters is None else parameters
        )
        self._steps: dict[str, list[tuple[int, float]]] = {}
        self._declared: tuple[dict[str, float], list[tuple[str, str, float]]] | None = None
        self._dates: frozenset[str] | None = None

    def twin(self) -> ParameterStore:
        """Give a store with the same declarations and overrides that goes its own way from here on."""
        self._read()
        twin = copy.copy(self)
        twin.parameters = dict(self.parameters)
        twin._steps = {name: list(steps) for name, steps in self._steps.items()}
        return twin

    def declare(self, parameters: Iterable[Parameter]) -> None:
        """Add the parameters that levers and plug-ins carry in their class body."""
        for parameter in parameters:
            known = self.parameters.get(parameter.name)
            if known is not None and known != parameter:
                raise ValueError(f"parameter {parameter.name} is declared twice with different content")
            self.parameters[parameter.name] = parameter
        self._declared = self._dates = None

    def __getitem__(self, name: str) -> Parameter:
        """Return the declaration; KeyError with a suggestion if there is none."""
        if name not in self.parameters:
            guess = did_you_mean(name, self.parameters)
            raise KeyError(f"unknown parameter {name!r}" + (f", did you mean {guess!r}?" if guess else ""))
        return self.parameters[name]

    def __contains__(self, name: str) -> bool:
        """Tell whether the parameter exists."""
        return name in self.parameters

    def set(self, name: str, value: float, from_month: int | None = None) -> None:
        """Override a value for the whole run (warm-up included) or from a month of the run on."""
        self[name]
        start = -(10**9) if from_month is None else from_month
        steps = [step for step in self._steps.get(name, []) if step[0] != start]
        self._steps[name] = sorted([*steps, (start, float(value))])

    def fix(self, name: str, value: float) -> None:
        """Override a value for the whole run, in place of all that was set for it before."""
        self[name]
        self._steps.pop(name, None)
        self.set(name, value)

    def overrides(self) -> Mapping[str, list[tuple[int, float]]]:
        """Overrides in force, by name."""
        return self._steps

    def at(self, month: int, label: str) -> dict[str, float]:
        """Values of all parameters in a month.

        Parameters
        ----------
        month
            Month of the run, negative in the warm-up.
        label
            The same month as ``YYYY-MM``, for dated policy values.
        """
        declared, dated = self._read()
        values = dict(declared)
        for name, since, value in dated:
            if since <= label:
                values[name] = value
        for name, steps in self._steps.items():
            for start, value in steps:
                if start <= month:
                    values[name] = value
        return values

    def changes_at(self, month: int, label: str) -> bool:
        """Tell whether any value may differ from that of the month before."""
        if self._dates is None:
            self._dates = frozenset(
                since for parameter in self.parameters.values() for since, _ in parameter.dated
            )
        if label in self._dates:
            return True
        return any(start == month for steps in self._steps.values() for start, _ in steps)

    def _read(self) -> tuple[dict[str, float], list[tuple[str, str, float]]]:
        """Values as they are declared, and dated ones with the month from which they hold; only to be read."""
        if self._declared is None:
            self._declared = (
                {name: parameter.value for name, parameter in self.parameters.items()},
                [(name, *one) for name, parameter in self.parameters.items() for one in parameter.dated],
            )
        return self._declared
