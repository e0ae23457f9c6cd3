"""The JSON Schema of experiment files, by which editors complete and check them.

``python -m wijksim.runs.sweeps.generate`` writes it anew; a test says when it is stale.
"""

from __future__ import annotations

import json
from pathlib import Path

from wijksim.runs.sweeps.grammar import ExperimentFile

SCHEMA = Path(__file__).parent / "experiment.schema.json"
SCHEMA_LINE = "# yaml-language-server: $schema=../../src/wijksim/runs/sweeps/experiment.schema.json"
"""First line of a shipped experiment."""


def schema_text() -> str:
    """Return the schema as the text of its file."""
    schema = ExperimentFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "wijksim experiment"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the file."""
    SCHEMA.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
