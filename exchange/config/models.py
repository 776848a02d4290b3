"""The models of every YAML file that users edit; unknown keys are refused, values are frozen."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_DURATION = re.compile(r"(\d+)\s*(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text: object) -> object:
    """Return the timedelta that `10s`, `5m`, `2h`, `1d` or `1h 30m` says; anything else raises ValueError."""
    if isinstance(text, timedelta):
        return text
    parts = _DURATION.findall(str(text))
    if not parts or _DURATION.sub("", str(text)).strip():
        raise ValueError("expected a duration such as 10s, 5m or 2h")
    return timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in parts))


def parse_percent(text: object) -> object:
    """Return the share between 0 and 1 that `20%` says."""
    matched = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", str(text))
    if matched is None or float(matched[1]) > 100:
        raise ValueError("expected a percentage such as 20%")
    return float(matched[1]) / 100


def _single_character(text: str) -> str:
    if len(text) != 1 or not text.isascii() or text in '"\r\n':
        raise ValueError('expected one character such as "," or ";" or "\\t"')
    return text


def _list_of_one(value: object) -> object:
    return [value] if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Percent = Annotated[float, BeforeValidator(parse_percent)]
Character = Annotated[str, AfterValidator(_single_character)]
Names = Annotated[tuple[str, ...], BeforeValidator(_list_of_one)]


class Model(BaseModel):
    """Base of every configuration model: closed and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


# --- mappings/exchange.yaml --------------------------------------------------------------------------------------
class LocalEndpoint(Model):
    """A folder on this machine."""

    type: Literal["local"] = "local"
    path: str
    """Relative to the workspace, or absolute."""


class Workspace(Model):
    """`mappings/exchange.yaml`: endpoints and what holds for all flows."""

    ledger: str = "sqlite:///data/state/ledger.db"
    """SQLAlchemy URL; a relative SQLite path starts at the workspace."""
    endpoints: dict[str, LocalEndpoint]


# --- mappings/flows/<flow>.yaml ----------------------------------------------------------------------------------
class PickUp(Model):
    """What is picked up where, and read by which mapping."""

    from_: str = Field(alias="from")
    folder: str = ""
    match: str = "*"
    mapping: str
    channel: str = ""
    """Part of the business key; the endpoint's name where it is not written."""
    settle: Duration = timedelta(seconds=10)
    """How long a file must not have changed before it is taken."""
    then: Literal["archive", "delete", "keep"] = "archive"


class Release(Model):
    """Which documents go out by themselves: `filter` first, then `when`, else `otherwise`."""

    when: dict[str, Names] = {}
    filter: dict[str, Names] = {}
    otherwise: Literal["hold", "release", "filter"] = "hold"


class Money(Model):
    """How amounts must add up, and what happens to the discount of the whole order."""

    allocate_discount: Literal["by_value", "none"] = "by_value"
    taxes: Literal["exclusive", "inclusive"] = "exclusive"
    """Inclusive: prices contain the taxes, so they are not added to the total."""
    tolerance: Decimal = Decimal("0.01")
    on_mismatch: Literal["warn", "reject"] = "warn"


class Rules(Model):
    """Business rules of a flow; they know documents only."""

    release: Release = Release()
    repeat: Literal["problem"] = "problem"
    """The same document again with other content."""
    split: Literal["warehouse", "none"] = "none"
    filter_lines: dict[str, Names] = {"fulfilment_status": ("fulfilled",)}
    """Lines with one of these values go nowhere."""
    money: Money = Money()


class Delivery(Model):
    """Where a rendered file goes, and which mapping renders it."""

    to: str
    folder: str = ""
    mapping: str
    name: str
    """Pattern with {claim}, {part}, {date}, {flow}, for example ORD_{claim}_{part:03}.xml."""
    documents_per_file: int | None = Field(default=None, ge=1)


class Guards(Model):
    """Limits past which nothing is delivered until a person looked."""

    max_reject_rate: Percent | None = None


class Flow(Model):
    """`mappings/flows/<flow>.yaml`."""

    flow: str
    schedule: str = ""
    pick_up: tuple[PickUp, ...] = Field(min_length=1)
    rules: Rules = Rules()
    deliver: tuple[Delivery, ...] = Field(min_length=1)
    guards: Guards = Guards()


# --- mappings/<partner>/<what>.yaml ------------------------------------------------------------------------------
class CsvFormat(Model):
    """A delimited text file."""

    type: Literal["csv"] = "csv"
    encoding: str = "utf-8"
    delimiter: Character = ","
    newline: Literal["lf", "crlf"] = "lf"
    """Line ends that are written; all are read."""


class XmlFormat(Model):
    """An XML file rendered by a template and checked by an XSD."""

    type: Literal["xml"] = "xml"
    template: str
    """Path below templates/."""
    schema_: str = Field(alias="schema")
    """Path below mappings/schemas/."""


class Group(Model):
    """How rows become documents."""

    key: str
    """Column whose value the rows of one document share."""
    header_from: Literal["first_row"] = "first_row"
    starts: Names = ()
    """A row with any of these filled starts a document, others continue it; without it the first row starts it."""


class StepCall(Model):
    """One step of a field, written as `strip` or `{name: parameters}`."""

    name: str
    argument: Any = None
    """What stands behind the name: nothing, a scalar, a list or a mapping of parameters."""

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, value: object) -> object:
        if isinstance(value, str):
            return {"name": value}
        if isinstance(value, dict) and len(value) == 1 and "name" not in value:
            [(name, argument)] = value.items()
            return {"name": str(name), "argument": argument}
        if isinstance(value, dict) and set(value) <= {"name", "argument"} and "name" in value:
            return value
        raise ValueError("expected a step such as `strip`, or one step with its parameters such as {lookup: {...}}")


class FieldMap(Model):
    """How one field is filled: from one or several columns, through steps; or a whole address at once."""

    from_: Names = Field(default=(), alias="from")
    steps: tuple[StepCall, ...] = ()
    required: bool = False
    max_length: int | None = Field(default=None, ge=1)
    """Characters the target can hold; more is a problem, never cut."""
    address: dict[str, Names | FieldMap] | None = None
    """Fills `<field>.line1` and so on: each part names its column, or is a field with steps."""


class Mapping(Model):
    """`mappings/<partner>/<what>.yaml`: partner file -> document (`reads`) or document -> partner file (`writes`)."""

    reads: str | None = None
    writes: str | None = None
    format: CsvFormat | XmlFormat = Field(discriminator="type")
    schema_: str | None = Field(default=None, alias="schema")
    """Name of the table schema below mappings/schemas/ that the source is checked by."""
    group: Group | None = None
    per: Literal["document", "part"] = "document"
    """part: one outbound document for each part where the flow splits."""
    requires: Literal["nothing", "shipping"] = "nothing"
    """shipping: only lines that need shipping, only documents with a shipping address; the rest is filtered."""
    columns: tuple[str, ...] = ()
    """Order of the written columns; without it `fields`, then `lines`."""
    fields: dict[str, FieldMap]
    lines: dict[str, FieldMap] = {}

    @model_validator(mode="after")
    def _one_direction(self) -> Mapping:
        if (self.reads is None) == (self.writes is None):
            raise ValueError("write either `reads: <document>` (inbound) or `writes: <document>` (outbound)")
        return self


# --- mappings/schemas/<name>.yaml --------------------------------------------------------------------------------
class SchemaConstraints(Model):
    """Constraints of a column's text; the names are those of Frictionless Table Schema."""

    required: bool = False
    minLength: int | None = None  # noqa: N815 - the standard's spelling
    maxLength: int | None = None  # noqa: N815 - the standard's spelling
    pattern: str | None = None
    enum: tuple[str, ...] = ()


class SchemaField(Model):
    """One column of a partner's file."""

    name: str
    type: Literal["string", "integer", "number", "date", "datetime", "boolean"] = "string"
    """What the column means to people; reading is done by the mapping's steps."""
    description: str = ""
    example: str = ""
    required_on: Literal["every_row", "first_row"] = "every_row"
    """Where `constraints.required` holds: header cells are filled on the first row of a document only."""
    optional: bool = False
    """The column itself may be missing from the file."""
    constraints: SchemaConstraints = SchemaConstraints()


class TableSchema(Model):
    """`mappings/schemas/<name>.yaml`: the columns of a partner's file, in Frictionless Table Schema vocabulary."""

    title: str = ""
    description: str = ""
    fields: tuple[SchemaField, ...] = Field(min_length=1)
