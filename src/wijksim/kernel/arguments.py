"""Arguments of levers and strategies: numbers with evidence, and choices from a list.

A :class:`Param` in a class body lands in the same store and audit as the numbers of the value files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from wijksim.parameters.schema import Parameter


@dataclass(frozen=True)
class Param:
    """A numeric argument with everything a parameter must say.

    See :class:`wijksim.parameters.schema.Parameter`; ``range`` is ``(low, high)``.
    """

    value: float
    unit: str
    range: tuple[float, float]
    kind: str
    grade: str
    source: tuple[str, ...]
    label: str
    price_year: int | None = None

    def parameter(self, name: str) -> Parameter:
        """Return the declaration under a full name."""
        return Parameter(
            name=name,
            value=self.value,
            low=self.range[0],
            high=self.range[1],
            unit=self.unit,
            kind=self.kind,
            grade=self.grade,
            source=self.source,
            label=self.label,
            price_year=self.price_year,
        )


@dataclass(frozen=True)
class Argument:
    """A choice from a list of words (or free text where ``choices`` is empty)."""

    default: str
    choices: tuple[str, ...]
    label: str


_DECLARED: dict[type, Mapping[str, Argument | Param]] = {}  # levers ask every month


def arguments_of(cls: type) -> Mapping[str, Argument | Param]:
    """Arguments declared in a class and its bases, by name; the most derived declaration wins."""
    if cls not in _DECLARED:
        found: dict[str, Argument | Param] = {}
        for base in reversed(cls.__mro__):
            for name, item in vars(base).items():
                if isinstance(item, Argument | Param):
                    found[name] = item
        _DECLARED[cls] = MappingProxyType(found)
    return _DECLARED[cls]


def fill_arguments(cls: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """Values of all arguments: the given ones, else the declared ones.

    Raises
    ------
    ValueError
        For an unknown argument or a value outside its range or list.
    """
    declared = arguments_of(cls)
    unknown = sorted(set(given) - set(declared))
    if unknown:
        raise ValueError(
            f"{cls.__name__} has no argument {unknown[0]!r}; it has {', '.join(sorted(declared))}"
        )
    result: dict[str, Any] = {}
    for name, item in declared.items():
        value = given.get(name, item.default if isinstance(item, Argument) else item.value)
        if isinstance(item, Argument):
            if item.choices and value not in item.choices:
                raise ValueError(
                    f"{cls.__name__}.{name} is {value!r}, must be one of {', '.join(item.choices)}"
                )
        elif not item.range[0] <= float(value) <= item.range[1]:
            raise ValueError(
                f"{cls.__name__}.{name} is {value}, outside [{item.range[0]:g}, {item.range[1]:g}]"
            )
        result[name] = value
    return result
