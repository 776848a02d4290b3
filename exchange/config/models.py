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


def _five_fields(text: str) -> str:
    if text and not re.fullmatch(r"@\w+|[\w*/,-]+( +[\w*/,-]+){4}", text.strip()):
        raise ValueError('expected the five fields of a crontab such as "*/5 * * * *"')
    return text


def _list_of_one(value: object) -> object:
    return [value] if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Percent = Annotated[float, BeforeValidator(parse_percent)]
Character = Annotated[str, AfterValidator(_single_character)]
Schedule = Annotated[str, AfterValidator(_five_fields)]
Names = Annotated[tuple[str, ...], BeforeValidator(_list_of_one)]


class Model(BaseModel):
    """Base of every configuration model: closed and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


# --- mappings/exchange.yaml --------------------------------------------------------------------------------------
class LocalEndpoint(Model):
    """A folder on this machine."""

    type: Literal["local"] = "local"
    """What kind of place it is."""
    path: str
    """Relative to the workspace, or absolute."""


class Workspace(Model):
    """`mappings/exchange.yaml`: endpoints and what holds for all flows."""

    ledger: str = "sqlite:///data/state/ledger.db"
    """SQLAlchemy URL; a relative SQLite path starts at the workspace."""
    endpoints: dict[str, LocalEndpoint]
    """The places files come from and go to, each under the name that flows call it by."""


# --- mappings/flows/<flow>.yaml ----------------------------------------------------------------------------------
class PickUp(Model):
    """What is picked up where, and read by which mapping."""

    from_: str = Field(alias="from")
    """Endpoint to look at."""
    folder: str = ""
    """Folder below the endpoint; blank for the endpoint itself."""
    match: str = "*"
    """Pattern of the file names to take, without regard to case; hidden and half-written names never fit."""
    mapping: str
    """Inbound mapping that reads them, for example `shopify/orders`."""
    channel: str = ""
    """Part of the business key; the endpoint's name where it is not written."""
    settle: Duration = timedelta(seconds=10)
    """How long a file must not have changed before it is taken."""
    then: Literal["archive", "delete", "keep"] = "archive"
    """What happens to the source once the ledger owns a copy; `keep` leaves it and takes each version once."""


class Release(Model):
    """Which documents go out by themselves: `filter` first, then `when`, else `otherwise`."""

    when: dict[str, Names] = {}
    """Document field -> values; all of them must fit."""
    filter: dict[str, Names] = {}
    """Document field -> values; one that fits is enough, and the document never goes out."""
    otherwise: Literal["hold", "release", "filter"] = "hold"
    """What becomes of a document that neither names."""


class Money(Model):
    """How amounts must add up, and what happens to the discount of the whole order."""

    allocate_discount: Literal["by_value", "none"] = "by_value"
    """`by_value`: in proportion to what the lines are worth, to the cent, so that they add up."""
    taxes: Literal["exclusive", "inclusive"] = "exclusive"
    """Inclusive: prices contain the taxes, so they are not added to the total."""
    tolerance: Decimal = Field(default=Decimal("0.01"), ge=0)
    """How far sums may differ, in the document's currency."""
    on_mismatch: Literal["warn", "reject"] = "warn"
    """Whether a document whose sums do not agree goes on with a warning or is rejected."""


class Rules(Model):
    """Business rules of a flow; they know documents only."""

    release: Release = Release()
    """Which documents go out by themselves."""
    repeat: Literal["problem"] = "problem"
    """The same document again with other content."""
    split: Literal["warehouse", "none"] = "none"
    """`warehouse`: one outbound document for each warehouse of its lines."""
    filter_lines: dict[str, Names] = {"fulfilment_status": ("fulfilled",)}
    """Lines with one of these values go nowhere."""
    money: Money = Money()
    """How amounts must add up."""


class Delivery(Model):
    """Where a rendered file goes, and which mapping renders it."""

    to: str
    """Endpoint that gets the files."""
    folder: str = ""
    """Folder below the endpoint; blank for the endpoint itself."""
    mapping: str
    """Outbound mapping that renders them, for example `wms/orders`."""
    name: str
    """Pattern with {claim}, {part}, {date}, {flow}, for example ORD_{claim}_{part:03}.xml."""
    documents_per_file: int | None = Field(default=None, ge=1)
    """A new file begins after so many documents; without it there is one file."""


class Guards(Model):
    """Limits past which nothing is delivered until a person looked."""

    max_reject_rate: Percent | None = None
    """Share of rejected documents above which the file is held, for example `20%`."""


class Flow(Model):
    """`mappings/flows/<flow>.yaml`: what is picked up where, what becomes of it, and where it is delivered."""

    flow: str
    """Name of the flow; the file is called like it."""
    schedule: Schedule = ""
    """When it is meant to run, as in a crontab; for people so far, see `cron/`."""
    pick_up: tuple[PickUp, ...] = Field(min_length=1)
    """What is picked up where; looked at in this order."""
    rules: Rules = Rules()
    """What becomes of the documents."""
    deliver: tuple[Delivery, ...] = Field(min_length=1)
    """What is delivered where; one target that refuses a document keeps it from all."""
    guards: Guards = Guards()
    """When to wait for a person."""


# --- mappings/<partner>/<what>.yaml ------------------------------------------------------------------------------
class CsvFormat(Model):
    """A delimited text file."""

    type: Literal["csv"] = "csv"
    """Kind of file."""
    encoding: str = "utf-8"
    """Character encoding, for example `utf-8`, `cp1252` or `utf-16`; never guessed."""
    delimiter: Character = ","
    """What stands between two cells."""
    newline: Literal["lf", "crlf"] = "lf"
    """Line ends that are written; all are read."""


class XmlFormat(Model):
    """An XML file rendered by a template and checked by an XSD."""

    type: Literal["xml"] = "xml"
    """Kind of file."""
    template: str
    """Path below templates/."""
    schema_: str = Field(alias="schema")
    """Path below mappings/schemas/."""


class Group(Model):
    """How rows become documents."""

    key: str
    """Column whose value the rows of one document share."""
    header_from: Literal["first_row"] = "first_row"
    """Where a document's own fields stand: on the row that starts it."""
    starts: Names = ()
    """A row with any of these filled starts a document, others continue it; without it the first row starts it."""


class StepCall(Model):
    """One step of a field, written as `strip` or `{name: parameters}`."""

    name: str
    """Name of the step."""
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
    """Column (inbound) or document field (outbound); a list for steps that join several."""
    steps: tuple[StepCall, ...] = ()
    """What is done to the value, in this order."""
    required: bool = False
    """Blank at the end is a problem."""
    max_length: int | None = Field(default=None, ge=1)
    """Characters the target can hold; more is a problem, never cut."""
    address: dict[str, Names | FieldMap] | None = None
    """Fills `<field>.line1` and so on: each part names its column, or is a field with steps."""


class Mapping(Model):
    """`mappings/<partner>/<what>.yaml`: partner file -> document (`reads`) or document -> partner file (`writes`)."""

    reads: str | None = None
    """Inbound: the document it makes."""
    writes: str | None = None
    """Outbound: the document it starts from."""
    format: CsvFormat | XmlFormat = Field(discriminator="type")
    """How the partner's file is written."""
    schema_: str | None = Field(default=None, alias="schema")
    """Name of the table schema below mappings/schemas/ that the source is checked by."""
    group: Group | None = None
    """Inbound: which rows belong together; without it each row is a document."""
    per: Literal["document", "part"] = "document"
    """part: one outbound document for each part where the flow splits."""
    requires: Literal["nothing", "shipping"] = "nothing"
    """shipping: only lines that need shipping, only documents with a shipping address; the rest is filtered."""
    columns: tuple[str, ...] = ()
    """Order of the written columns; without it `fields`, then `lines`."""
    fields: dict[str, FieldMap]
    """Name -> how it is filled, once for each document. Inbound: document fields; outbound: the target's."""
    lines: dict[str, FieldMap] = {}
    """Name -> how it is filled, for each line."""

    @model_validator(mode="after")
    def _one_direction(self) -> Mapping:
        if (self.reads is None) == (self.writes is None):
            raise ValueError("write either `reads: <document>` (inbound) or `writes: <document>` (outbound)")
        return self


# --- mappings/schemas/<name>.yaml --------------------------------------------------------------------------------
class SchemaConstraints(Model):
    """Constraints of a column's text; the names are those of Frictionless Table Schema."""

    required: bool = False
    """A blank cell is a problem."""
    minLength: int | None = None  # noqa: N815 - the standard's spelling
    """Fewest characters."""
    maxLength: int | None = None  # noqa: N815 - the standard's spelling
    """Most characters; more is a problem, never cut."""
    pattern: str | None = None
    """Regular expression (RE2) that the whole text must fit."""
    enum: tuple[str, ...] = ()
    """The only texts allowed."""


class SchemaField(Model):
    """One column of a partner's file."""

    name: str
    """The column's name in the file's header."""
    type: Literal["string", "integer", "number", "date", "datetime", "boolean"] = "string"
    """What the column means to people; reading is done by the mapping's steps."""
    description: str = ""
    """What it holds, for people."""
    example: str = ""
    """A cell as it looks, for people."""
    required_on: Literal["every_row", "first_row"] = "every_row"
    """Where `constraints.required` holds: header cells are filled on the first row of a document only."""
    optional: bool = False
    """The column itself may be missing from the file."""
    constraints: SchemaConstraints = SchemaConstraints()
    """What the text of each cell must satisfy."""


class TableSchema(Model):
    """`mappings/schemas/<name>.yaml`: the columns of a partner's file, in Frictionless Table Schema vocabulary."""

    title: str = ""
    """What file this is, for people."""
    description: str = ""
    """Where it comes from, for people."""
    fields: tuple[SchemaField, ...] = Field(min_length=1)
    """The columns; in the file they may stand in any order."""
