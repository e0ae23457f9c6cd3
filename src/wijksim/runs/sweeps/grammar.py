"""The grammar of an experiment file: which keys exist, and of what type and size their values are.

Only ``question`` and ``scenarios`` are required. Whether names exist is for :mod:`wijksim.runs.sweeps.load`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from wijksim.scenario.schema import AllOrTexts, Number, Text, Texts, WorldEntry

DESIGNS = ("full-factorial", "lhs", "saltelli", "morris", "csv")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _factor(value: Any) -> Any:
    """Levels may be written as a plain list."""
    return {"levels": value} if isinstance(value, list) else value


def _factors(value: Any) -> Any:
    """``all``, ``none``, or names with or without a range of their own."""
    if value == "all":
        return None
    if value == "none":
        return {}
    if isinstance(value, str):
        return {value: {}}
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: {} for name in value}
    if isinstance(value, dict):
        return {name: _factor({} if entry is None else entry) for name, entry in value.items()}
    raise PydanticCustomError("plain", "must be all, none, a list of names, or names with a range or levels")


def _design(value: Any) -> Any:
    if isinstance(value, str):
        return {"kind": "csv", "file": value} if value.endswith(".csv") else {"kind": value}
    return value


_RANGE = {
    "type": "object",
    "properties": {
        "low": {"type": "number"},
        "high": {"type": "number"},
        "levels": {"type": "array", "items": {"type": "number"}, "minItems": 1},
    },
    "additionalProperties": False,
}
_ENTRY = {"anyOf": [_RANGE, {"type": "array", "items": {"type": "number"}, "minItems": 1}, {"type": "null"}]}
_FACTORS = {
    "anyOf": [
        {"enum": ["all", "none"]},
        {"type": "array", "items": {"type": "string"}},
        {"type": "object", "additionalProperties": _ENTRY},
        {"type": "string"},
    ]
}


class FactorEntry(_Strict):
    """What is varied: over a range, or over levels; left out, over the declared range."""

    low: Number | None = None
    high: Number | None = None
    levels: Annotated[list[Number], Field(min_length=1)] | None = None


LAST_FIRST_SEED = 2**62 - 1
"""Results keep the number of a future in 63 bits, and further ones follow on the first."""


class DesignEntry(_Strict):
    """How the rows of the experiment are chosen."""

    kind: Literal["full-factorial", "lhs", "saltelli", "morris", "csv"]
    rows: Annotated[int, Field(ge=2, le=1_000_000)] | None = Field(
        None, description="Rows of lhs, base sample of saltelli, trajectories of morris"
    )
    levels: Annotated[int, Field(ge=2, le=100)] | None = Field(
        None, description="Levels of morris, and of what has only a range in a full factorial"
    )
    groups: bool = Field(False, description="Vary parameters of one subject together (saltelli and morris)")
    seed: Annotated[int, Field(ge=0)] = 0
    file: Text | None = Field(None, description="Table of rows: a column per factor")


_DESIGN = {
    "anyOf": [
        {"enum": list(DESIGNS)},
        {"type": "string", "pattern": r"\.csv$"},
        {
            "type": "object",
            "properties": {
                "kind": {"enum": list(DESIGNS)},
                "rows": {"type": "integer", "minimum": 2},
                "levels": {"type": "integer", "minimum": 2},
                "groups": {"type": "boolean"},
                "seed": {"type": "integer", "minimum": 0},
                "file": {"type": "string"},
            },
            "required": ["kind"],
            "additionalProperties": False,
        },
    ]
}


class BudgetEntry(_Strict):
    """Where a sweep ends at the latest."""

    runs: Annotated[int, Field(ge=1)] | None = None
    hours: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    run_minutes: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None, description="Minutes after which a run counts as failed; 60 if left out"
    )


class ExperimentFile(_Strict):
    """An experiment file."""

    schema_: Literal[1] = Field(1, alias="schema", description="Version of this grammar")
    title: Text | None = None
    question: Text = Field(description="What the experiment is to find out")
    expectation: Text | None = Field(None, description="What we expect, written before the result")
    scenarios: Annotated[Texts, Field(min_length=1)] = Field(
        description="Names or files; the first is the null alternative"
    )
    world: WorldEntry | None = None
    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    replications: Annotated[int, Field(ge=1, le=100_000)] = Field(
        1, description="Futures in which every row is run"
    )
    seed: Annotated[int, Field(ge=0, le=LAST_FIRST_SEED)] = Field(0, description="First future")
    luck: Literal["common", "own"] | None = Field(
        None, description="common: every row meets the same futures; own: each row its own"
    )
    uncertainties: Annotated[
        dict[Text, FactorEntry] | None, BeforeValidator(_factors), WithJsonSchema(_FACTORS)
    ] = Field(None, description="Parameters to vary; every estimated or assumed one if left out")
    levers: Annotated[dict[Text, FactorEntry] | None, BeforeValidator(_factors), WithJsonSchema(_FACTORS)] = (
        Field(None, description="Arguments of levers to vary: USE.ARGUMENT")
    )
    design: Annotated[DesignEntry | None, BeforeValidator(_design), WithJsonSchema(_DESIGN)] = None
    prices: Text | None = Field(
        None, description="File of your own prices, beside this one; for all scenarios alike"
    )
    measures: AllOrTexts = None
    readout: Annotated[list[Annotated[int, Field(ge=1, le=100)]], Field(min_length=1)] | None = Field(
        None, description="Years whose mean is kept: 1 is the first"
    )
    budget: BudgetEntry | None = None


KEYS: dict[tuple[str, ...], tuple[str, ...]] = {
    (): tuple(info.alias or name for name, info in ExperimentFile.model_fields.items()),
    ("world",): tuple(WorldEntry.model_fields),
    ("uncertainties", "*"): tuple(FactorEntry.model_fields),
    ("levers", "*"): tuple(FactorEntry.model_fields),
    ("design",): tuple(DesignEntry.model_fields),
    ("budget",): tuple(BudgetEntry.model_fields),
}
"""Keys by the place they stand in, ``*`` for a name; for suggestions."""
