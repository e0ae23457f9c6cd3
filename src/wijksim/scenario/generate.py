"""The generated files beside scenarios: the JSON Schema for editors and the index of the shipped scenarios.

``python -m wijksim.scenario.generate`` writes both anew; a test says when they are stale.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wijksim.core.documents import load
from wijksim.core.resources import shipped
from wijksim.scenario.known import COMMON_ARGUMENTS, LOOP_CODES, ArgumentSpec, Known
from wijksim.scenario.layers import use_id
from wijksim.scenario.schema import ScenarioFile

SCHEMA = Path(__file__).parent / "scenario.schema.json"
HEADINGS = {
    "": "Packages and single measures",
    "levers": "One file per family of levers",
    "focus-areas": "The twenty focus areas",
}
"""Shelves of the library in the order of the index."""
SCHEMA_LINE = "# yaml-language-server: $schema=../src/wijksim/scenario/scenario.schema.json"
"""First line of a shipped scenario, so that editors complete and check it."""

_INDEX = "README.md"
_JSON_TYPES: dict[str, dict[str, Any]] = {
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "month": {"type": ["integer", "string"]},
}


def json_schema(known: Known | None = None) -> dict[str, Any]:
    """Return the grammar as a JSON Schema.

    Parameters
    ----------
    known
        What exists; its names become the words that an editor offers. Without it any name passes.
    """
    schema = ScenarioFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "wijksim scenario"
    entry = schema["$defs"]["LeverEntry"]
    entry["properties"] |= {name: _argument(spec) for name, spec in COMMON_ARGUMENTS.items()}
    loops = [name for code, words in LOOP_CODES.items() for name in (code, *words)]
    _names(schema["properties"]["loops"], loops)
    if known is not None:
        entry["properties"]["lever"]["enum"] = sorted(known.levers)
        for info in known.levers.values():
            for name, spec in info.arguments.items():
                entry["properties"].setdefault(name, _argument(spec))
        _names(schema["properties"]["set"], known.parameters)
        _names(schema["properties"]["strategies"], known.strategies)
        _names(schema["properties"]["series"], known.series)
    return schema


def schema_text(known: Known | None = None) -> str:
    """Return the JSON Schema as the text of its file."""
    return json.dumps(json_schema(known), indent=2, ensure_ascii=False) + "\n"


def index_text(folder: Path) -> str:
    """Return the index of a folder of scenarios in Markdown.

    Raises
    ------
    InputError
        If a scenario cannot be read.
    """
    lines = [
        "# Scenarios",
        "",
        "Each file is a small difference from current policy. This page is generated from the files "
        "(`python -m wijksim.scenario.generate`).",
    ]
    for shelf, heading in HEADINGS.items():
        paths = sorted((folder / shelf).glob("*.yaml"))
        if paths:
            lines += [
                "",
                f"## {heading}",
                "",
                "| scenario | question | extends | levers |",
                "|---|---|---|---|",
            ]
            lines += [_line(path, shelf) for path in paths]
    return "\n".join(lines) + "\n"


def _line(path: Path, shelf: str) -> str:
    document = load(path)
    data = document.data
    levers = ", ".join(f"`{use_id(entry)}`" for entry in document.positions.find(("levers",)).items or [])
    extends = f"`{data['extends']}`" if "extends" in data else "-"
    link = f"{shelf}/{path.name}" if shelf else path.name
    name = f"[`{path.stem}`]({link}): {_cell(data['title'])}"
    return f"| {name} | {_cell(data.get('question', ''))} | {extends} | {levers or '-'} |"


def schema_line(path: Path) -> str:
    """First line of a scenario file: where its JSON Schema is, for editors."""
    up = "../" * (1 if path.parent == shipped("scenarios") else 2)
    return SCHEMA_LINE.replace("../", up)


def main() -> None:
    """Write both files."""
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    folder = shipped("scenarios")
    (folder / _INDEX).write_text(index_text(folder), encoding="utf-8")


def _argument(spec: ArgumentSpec) -> dict[str, Any]:
    result = dict(_JSON_TYPES[spec.type])
    if spec.low is not None:
        result["minimum"] = spec.low
    if spec.high is not None:
        result["maximum"] = spec.high
    if spec.choices and spec.type == "text":
        result["enum"] = list(spec.choices)
    unit = "" if spec.unit in ("-", "") else f" ({spec.unit})"
    return result | {"description": f"{spec.doc[:1].upper()}{spec.doc[1:]}{unit}"}


def _names(field: dict[str, Any], names: Any) -> None:
    for option in (field, *field.get("anyOf", ())):
        if option.get("type") == "object":
            option["propertyNames"] = {"enum": sorted(names)}


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


if __name__ == "__main__":
    main()
