"""The grammar of a scenario file: which keys exist, and of what type and size their values are.

One layer is checked at a time, so everything but ``schema`` and ``title`` may be left out. Whether names
exist, and what depends on other files, is for :mod:`wijksim.scenario.check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError

from wijksim.scenario.months import EXPECTED, calendar_month, is_month

SCHEMA_VERSION = 1


def _month(value: Any) -> int | str:
    if not is_month(value):
        raise PydanticCustomError("plain", "must be {expected}", {"expected": EXPECTED})
    result: int | str = value
    return result


def _start(value: Any) -> str:
    if not isinstance(value, str) or calendar_month(value) is None:
        raise PydanticCustomError("plain", "must be a month as '2025-01'")
    return value


def _year_or_month(value: Any) -> int | str:
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and calendar_month(f"{value:04d}-01") is not None
    ):
        return value
    if isinstance(value, str) and calendar_month(value) is not None:
        return value
    raise PydanticCustomError("plain", "must be a year as 2025 or a month as '2025-01'")


def _list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _all(value: Any) -> Any:
    return None if value == "all" else value


def _set_entry(value: Any) -> Any:
    return value if isinstance(value, dict) else {"value": value}


def _strategy_entry(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _series_entry(value: Any) -> Any:
    if isinstance(value, str):
        return {"file": value}
    if isinstance(value, dict):
        return {"points": value}
    raise PydanticCustomError(
        "plain", "must be values by year ({2025: 1.0, 2030: 1.2}) or the name of a YAML file"
    )


Text = Annotated[str, StringConstraints(min_length=1)]
_TEXTS_SCHEMA = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
Texts = Annotated[list[Text], BeforeValidator(_list), WithJsonSchema(_TEXTS_SCHEMA)]
AllOrTexts = Annotated[
    list[Text] | None,
    BeforeValidator(_all),
    WithJsonSchema({"anyOf": [{"const": "all"}, {"type": "array", "items": {"type": "string"}}]}),
]
_CALENDAR_PATTERN = "[0-9]{4}-(0[1-9]|1[0-2])(-01)?"
Month = Annotated[
    int | str,
    PlainValidator(_month),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer"},
                {"type": "string", "pattern": f"^({_CALENDAR_PATTERN}|year +[1-9][0-9]*)$"},
            ]
        }
    ),
]
StartMonth = Annotated[
    str, PlainValidator(_start), WithJsonSchema({"type": "string", "pattern": f"^{_CALENDAR_PATTERN}$"})
]
YearOrMonth = Annotated[int | str, PlainValidator(_year_or_month), WithJsonSchema({"type": "string"})]
Number = Annotated[float, Field(allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Open(BaseModel):
    """Further keys are arguments; the declaration of the lever or strategy checks them."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    def arguments(self) -> dict[str, Any]:
        """Return the keys that are not fields of every entry."""
        return dict(self.model_extra or {})


class DistrictEntry(_Strict):
    """One district: a shipped place or a place file, and its weight in the number of residents."""

    place: Text = Field(description="Name of a shipped place, or path of a YAML place file")
    share: float = Field(1.0, gt=0, allow_inf_nan=False, description="Relative number of residents")
    name: Text | None = Field(None, description="Name in results; that of the place if left out")


class WorldEntry(_Strict):
    """The simulated part of the city."""

    size: Annotated[int, Field(ge=200, le=2_000_000)] | None = Field(
        None, description="Residents at the start"
    )
    districts: Annotated[list[DistrictEntry], Field(min_length=1, max_length=1000)] | None = None
    warmup: Annotated[int, Field(ge=0, le=600)] | None = Field(None, description="Months before month 0")
    rest: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = Field(
        None, description="Dwellings in the rest of the city, as a multiple of those of the districts"
    )


class SetEntry(_Strict):
    """A value for a parameter, for the whole run or from a month on."""

    value: Number
    from_: Month | None = Field(None, alias="from")


class TargetEntry(_Strict):
    """Whom or what a lever is aimed at; left out, everything."""

    districts: Texts | None = None
    complexes: list[Annotated[int, Field(ge=0)]] | None = None
    groups: Texts | None = None


class LeverEntry(_Open):
    """One use of a lever; keys beside these are its arguments, ``strength`` and ``ramp`` among them."""

    lever: Text
    id: Text | None = Field(
        None,
        description="Needed when a lever is used twice; an entry of a parent with the same id is replaced",
    )
    remove: bool = Field(False, description="Take this lever of the parent away")
    start: Month | None = Field(None, description="First month; month 0 if left out")
    end: Month | None = Field(None, description="First month without it; the end of the run if left out")
    target: TargetEntry | None = None


class StrategyEntry(_Open):
    """A strategy by name; further keys are its arguments."""

    name: Text


class SeriesEntry(_Strict):
    """Values by year or month, written here or in a YAML file."""

    file: Text | None = None
    points: Annotated[dict[YearOrMonth, Number], Field(min_length=1)] | None = None


class RecordEntry(_Strict):
    """What is kept of a run."""

    measures: AllOrTexts = None
    groups: AllOrTexts = None
    readouts: Annotated[list[Month], Field(min_length=1)] | None = Field(
        None, description="Months in which groups and the panel of persons are kept"
    )


_FILE_OR_POINTS = {
    "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "number"}}]
}


@dataclass(frozen=True)
class _Or:
    """The short form that an entry may also have, for the JSON Schema."""

    form: str

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [{"type": self.form}, handler(core_schema)]}


class ScenarioFile(_Strict):
    """A scenario file."""

    schema_: Literal[1] = Field(alias="schema", description="Version of this grammar")
    title: Text
    question: Text | None = Field(None, description="What the scenario is to find out")
    source: Texts | None = Field(None, description="Where the idea and its numbers come from")
    assumed: Texts | None = Field(None, description="What is assumed without evidence")
    would_change_our_mind: Texts | None = Field(None, description="Which result would refute the expectation")
    extends: Text | None = Field(
        None, description="Name of a shipped scenario or a file beside this one, or a path"
    )
    start: StartMonth | None = None
    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    world: WorldEntry | None = None
    set_: dict[Text, Annotated[SetEntry, BeforeValidator(_set_entry), _Or("number")]] | None = Field(
        None, alias="set", description="Values for parameters"
    )
    levers: list[LeverEntry] | None = None
    strategies: (
        dict[Text, Annotated[StrategyEntry, BeforeValidator(_strategy_entry), _Or("string")]] | None
    ) = None
    series: (
        dict[Text, Annotated[SeriesEntry, BeforeValidator(_series_entry), WithJsonSchema(_FILE_OR_POINTS)]]
        | None
    ) = Field(None, description="What comes from outside, by year")
    loops: dict[Text, bool] | None = Field(None, description="false freezes a feedback loop")
    record: RecordEntry | None = None
    budget: dict[Text, Annotated[float, Field(ge=0, allow_inf_nan=False)]] | None = Field(
        None, description="Ceiling of programme costs by payer, EUR per year"
    )
    plugins: list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")]] | None = (
        Field(None, description="Python modules that bring levers, measures or strategies")
    )


LEVER_FIELDS = tuple(LeverEntry.model_fields)

KEYS: dict[tuple[str, ...], tuple[str, ...]] = {
    (): tuple(info.alias or name for name, info in ScenarioFile.model_fields.items()),
    ("world",): tuple(WorldEntry.model_fields),
    ("world", "districts", "*"): tuple(DistrictEntry.model_fields),
    ("set", "*"): ("value", "from"),
    ("levers", "*", "target"): tuple(TargetEntry.model_fields),
    ("record",): tuple(RecordEntry.model_fields),
}
"""Keys by the place they stand in, ``*`` for an index or a name; for suggestions."""

YearOrMonthPoints: TypeAdapter[dict[int | str, float]] = TypeAdapter(
    Annotated[dict[YearOrMonth, Number], Field(min_length=1)], config=ConfigDict(strict=True)
)
"""Content of a file that a series names."""
