"""Read parameter files: one mapping per room, every field required."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wijksim.core.documents import Document, load
from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.parameters.schema import Parameter

_REQUIRED = ("value", "range", "unit", "kind", "grade", "source", "label")
_OPTIONAL = ("dated", "price_year")

VALUES = Path(__file__).parent / "values"
SOURCES = Path(__file__).parent / "sources.yaml"


def load_values(folder: Path = VALUES) -> dict[str, Parameter]:
    """Load all ``*.yaml`` of a folder; every problem of every file is reported at once.

    Raises
    ------
    InputError
        With file, line and column of each missing field, unknown field, double name or bad value.
    """
    problems: list[Problem] = []
    found: dict[str, Parameter] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = load(path)
        except InputError as error:
            problems.extend(error.problems)
            continue
        for parameter in _read(document, problems):
            if parameter.name in found:
                line, column = document.position(("parameters", parameter.name.split(".", 1)[1]))
                problems.append(
                    Problem(str(path), line, column, f"parameter {parameter.name} is defined twice")
                )
            found[parameter.name] = parameter
    if problems:
        raise InputError(problems)
    return found


def load_sources(path: Path = SOURCES) -> dict[str, dict[str, Any]]:
    """Load the citation of every source key: ``text``, ``year`` and ``url`` where there is one."""
    sources: dict[str, dict[str, Any]] = load(path).data["sources"]
    return sources


def _read(document: Document, problems: list[Problem]) -> list[Parameter]:
    data = document.data
    file = str(document.path)

    def wrong(keys: tuple[str | int, ...], message: str, hint: str | None = None) -> None:
        line, column = document.position(keys)
        problems.append(Problem(file, line, column, message, hint))

    for key in data:
        if key not in ("prefix", "parameters"):
            wrong((key,), f"unknown key {key!r}", did_you_mean(str(key), ("prefix", "parameters")))
    if not isinstance(data.get("prefix"), str) or not isinstance(data.get("parameters"), dict):
        wrong((), "a parameter file needs 'prefix' (a word) and 'parameters' (a mapping)")
        return []
    result = []
    for short, fields in data["parameters"].items():
        where = ("parameters", short)
        if not isinstance(fields, dict):
            wrong(where, f"parameter {short!r} must be a mapping")
            continue
        missing = [field for field in _REQUIRED if field not in fields]
        unknown = [field for field in fields if field not in _REQUIRED + _OPTIONAL]
        for field in unknown:
            wrong(
                (*where, field), f"unknown field {field!r}", did_you_mean(str(field), _REQUIRED + _OPTIONAL)
            )
        if missing:
            wrong(where, f"parameter {short!r} lacks {', '.join(missing)}")
        if missing or unknown:
            continue
        parameter = _parameter(f"{data['prefix']}.{short}", fields)
        if isinstance(parameter, str):
            wrong(where, parameter)
            continue
        for message in parameter.problems():
            wrong(where, f"{parameter.name}: {message}")
        result.append(parameter)
    return result


def _parameter(name: str, fields: dict[str, Any]) -> Parameter | str:
    try:
        low, high = (float(bound) for bound in fields["range"])
        source = fields["source"]
        return Parameter(
            name=name,
            value=float(fields["value"]),
            low=low,
            high=high,
            unit=str(fields["unit"]),
            kind=str(fields["kind"]),
            grade=str(fields["grade"]),
            source=tuple(str(key) for key in (source if isinstance(source, list) else [source])),
            label=str(fields["label"]),
            dated=tuple(
                sorted((str(key), float(value)) for key, value in (fields.get("dated") or {}).items())
            ),
            price_year=None if fields.get("price_year") is None else int(fields["price_year"]),
        )
    except (TypeError, ValueError) as error:
        return f"{name}: {error}"
