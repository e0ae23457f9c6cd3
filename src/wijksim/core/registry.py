"""Finding the parts of the model by name: levers, measures, mechanisms, strategies."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import cast

from wijksim.core.errors import did_you_mean

__all__ = [
    "DuplicateNameError",
    "PluginError",
    "Registry",
    "UnknownNameError",
    "discover",
    "load_entry_points",
]


class DuplicateNameError(ValueError):
    """Two classes claim one name."""


class PluginError(RuntimeError):
    """A plug-in that is installed cannot be loaded."""


class UnknownNameError(KeyError):
    """Nothing of that kind has this name.

    Attributes
    ----------
    kind, name : str
        What was looked for.
    hint : str or None
        The name that was perhaps meant.
    """

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(kind, name, known)
        self.kind, self.name, self.known = kind, name, known
        self.hint = did_you_mean(name, known)

    def __str__(self) -> str:
        if self.hint is not None:
            return f"unknown {self.kind} '{self.name}', did you mean '{self.hint}'?"
        known = ", ".join(self.known) if self.known else "none"
        return f"unknown {self.kind} '{self.name}' (known: {known})"


class Registry[T]:
    """Classes of one kind by their ``name``.

    Parameters
    ----------
    kind : str
        What they are, in one word, for messages: ``lever``, ``measure`` ...
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._classes: dict[str, type[T]] = {}

    def register[C: type](self, cls: C) -> C:
        """Add a class under its ``name``; use as a decorator.

        Raises
        ------
        TypeError
            When the class has no ``name``, or one that is no text.
        DuplicateNameError
            When another class has the name. A cell of a notebook that is run again replaces its own
            class: both live in ``__main__``.
        """
        name = getattr(cls, "name", None)
        if not isinstance(name, str) or not name:
            raise TypeError(f"{self.kind} class {cls.__qualname__} needs a text as its name, got {name!r}")
        old = self._classes.get(name)
        if old is not None and old is not cls and not old.__module__ == cls.__module__ == "__main__":
            raise DuplicateNameError(
                f"{self.kind} '{name}' is defined twice: by {_where(old)} and by {_where(cls)}"
            )
        self._classes[name] = cast(type[T], cls)
        return cls

    def get(self, name: str) -> type[T]:
        """Return the class of that name.

        Raises
        ------
        UnknownNameError
            A ``KeyError`` that says which name was perhaps meant.
        """
        try:
            return self._classes[name]
        except KeyError:
            raise UnknownNameError(self.kind, name, self.names()) from None

    def names(self) -> tuple[str, ...]:
        """Return all names, sorted, so that no order of import or file system shows through."""
        return tuple(sorted(self._classes))

    def items(self) -> tuple[tuple[str, type[T]], ...]:
        """Return (name, class) of all, sorted by name."""
        return tuple(sorted(self._classes.items(), key=lambda item: item[0]))

    def __contains__(self, name: object) -> bool:
        return name in self._classes

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def __len__(self) -> int:
        return len(self._classes)

    def __repr__(self) -> str:
        return f"Registry({self.kind!r}: {', '.join(self.names())})"


def discover(package: str) -> tuple[str, ...]:
    """Import every module of a package and of the packages inside it, in sorted order.

    A package calls ``discover(__name__)`` in its ``__init__``, so that a new file is found without a
    list to keep. Names that begin with an underscore are left to those who need them.

    Returns
    -------
    tuple of str
        Full names of the modules, in the order of import.
    """
    module = importlib.import_module(package)
    path = getattr(module, "__path__", None)
    if path is None:
        raise ValueError(f"{package} is a module, not a package")
    imported: list[str] = []
    for info in sorted(pkgutil.iter_modules(path), key=lambda found: found.name):
        if info.name.startswith("_"):
            continue
        full_name = f"{package}.{info.name}"
        importlib.import_module(full_name)
        imported.append(full_name)
        if info.ispkg:
            imported.extend(discover(full_name))
    return tuple(imported)


def load_entry_points(group: str) -> tuple[str, ...]:
    """Load what other installed packages offer under a group such as ``wijksim.levers``.

    Returns
    -------
    tuple of str
        Names of the entry points, in the (sorted) order of loading.

    Raises
    ------
    PluginError
        When one cannot be loaded; it names the plug-in, as the user did not write its import.
    """
    loaded: list[str] = []
    for point in sorted(entry_points(group=group), key=lambda found: (found.name, found.value)):
        try:
            point.load()
        except Exception as error:
            raise PluginError(
                f"plug-in '{point.name}' ({point.value}) of group {group} cannot be loaded: {error}"
            ) from error
        loaded.append(point.name)
    return tuple(loaded)


def _where(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
