"""The models of every YAML file that users edit; unknown keys are refused, values are frozen."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import Field, model_validator

from exchange.config.endpoints import Endpoint
from exchange.config.explode import Explode
from exchange.config.formats import Format
from exchange.config.values import Duration, FileName, Model, Names, Percent, Schedule, Size, Zone


# --- mappings/exchange.yaml --------------------------------------------------------------------------------------
class Workspace(Model):
    """`mappings/exchange.yaml`: endpoints and what holds for all flows."""

    ledger: str = "sqlite:///data/state/ledger.db"
    """SQLAlchemy URL; a relative SQLite path starts at the workspace."""
    endpoints: dict[str, Endpoint]
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
    """How long a file must not have changed before it is taken; a remote one must also look the same twice."""
    empty_grace: Duration = timedelta(minutes=10)
    """How long a file without bytes may still be written to; after that it is taken and rejected."""
    done_file: FileName = ""
    """File that says that another is complete, for example `{name}.done` or `{stem}.ok`; its row count or sha256 is
    checked where it holds one. `settle` is then not waited for."""
    max_size: Size = 10_000_000_000
    """Larger files are left where they are and reported, for example `500MB` or `10GB`."""
    max_files: int = Field(default=1000, ge=1)
    """Most files of one run, the oldest first; the next run takes the rest."""
    tries: int = Field(default=3, ge=1)
    """A file on which the work died so often (a killed process, a bug) is rejected whole."""
    then: Literal["archive", "delete", "keep", "move"] = "archive"
    """What happens to the source once it is done with; `keep` leaves it and takes each version once."""
    move_to: str = ""
    """Folder of the same endpoint that `then: move` moves it to."""
    unpack: Literal["auto", "never"] = "auto"
    """`auto`: .gz and .zip files are unpacked, and the files in them that fit `match` are taken."""

    @model_validator(mode="after")
    def _place_to_move_to(self) -> PickUp:
        if (self.then == "move") != bool(self.move_to):
            raise ValueError("`then: move` and `move_to: <folder>` belong together")
        if self.move_to and PurePosixPath(self.move_to) == PurePosixPath(self.folder):
            raise ValueError("move_to is the folder that files are picked up from: name another one")
        return self

    @model_validator(mode="after")
    def _done_files_of_other_names(self) -> PickUp:
        before, *_, after = re.split(r"\{(?:name|stem)\}", self.done_file.lower()) if self.done_file else ("", "*")
        if after != "*" and self.match.lower().startswith(before) and self.match.lower().endswith(after):
            raise ValueError("every file that fits `match` would be a done file; write it like {name}.done")
        return self


class Release(Model):
    """Which documents go out by themselves: `filter` first, then `when`, else `otherwise`."""

    when: dict[str, Names] = Field(default_factory=dict)
    """Document field -> values; all of them must fit."""
    filter: dict[str, Names] = Field(default_factory=dict)
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


def _sent_already() -> dict[str, Names]:
    return {"fulfilment_status": ("fulfilled",)}


class Rules(Model):
    """Business rules of a flow; they know documents only."""

    release: Release = Release()
    """Which documents go out by themselves."""
    repeat: Literal["problem"] = "problem"
    """The same document again with other content."""
    split: Literal["warehouse", "none"] = "none"
    """`warehouse`: one outbound document for each warehouse of its lines."""
    filter_lines: dict[str, Names] = Field(default_factory=_sent_already)
    """Lines with one of these values go nowhere."""
    money: Money = Money()
    """How amounts must add up."""


class Answer(Model):
    """Where a target says that it has got a file."""

    folder: str
    """Folder of the same endpoint that the answers lie in; each is kept in the archive and taken away."""
    match: FileName = "{name}.ack"
    """Name of the answer to a file: {name} is the file's name, {stem} the same without its last suffix."""


class Delivery(Model):
    """Where a rendered file goes, and which mapping renders it."""

    to: str
    """Endpoint that gets the files."""
    folder: str = ""
    """Folder below the endpoint; blank for the endpoint itself."""
    mapping: str
    """Outbound mapping that renders them, for example `wms/orders`."""
    name: str
    """Pattern with {claim}, {part}, {date}, {flow}, for example ORD_{claim}_{part:03}.xml; with one document in each
    file also {number}, and each field of `file_per`, such as {warehouse}."""
    file_per: Names = ()
    """Files of their own for each value of these document fields; `warehouse` is that of the part, where the flow
    splits and the mapping says `per: part`."""
    documents_per_file: int | None = Field(default=None, ge=1)
    """A new file begins after so many documents; without it there is one file. The parts of a document stay together,
    where `file_per` does not part them."""
    exists: Literal["fail", "unique", "replace"] = "fail"
    """The name is taken by other content: wait until it is gone (`fail`), take another name, or replace it."""
    done_file: FileName = ""
    """File that is delivered after the others and says that one is complete, for example `{name}.done`; it holds the
    sha256 of that file."""
    ack: Answer | None = None
    """Where the target acknowledges files; `exchange status` shows those it has not acknowledged."""

    @model_validator(mode="after")
    def _done_file_of_one_name(self) -> Delivery:
        if self.done_file and self.exists == "unique":
            raise ValueError("a done file names its file, so `exists: unique` cannot change that name: use {claim}")
        return self


class Guards(Model):
    """Limits past which nothing is delivered until a person looked."""

    max_reject_rate: Percent | None = None
    """Share of rejected documents above which the file is held, for example `20%`."""


class Flow(Model):
    """`mappings/flows/<flow>.yaml`: what is picked up where, what becomes of it, and where it is delivered."""

    flow: str
    """Name of the flow; the file is called like it."""
    schedule: Schedule = ""
    """When it runs, as in a crontab: `exchange run --due` goes by it, `exchange timers` makes timers of it."""
    timezone: Zone = "UTC"
    """The clock that `schedule` is read by, for example `Europe/Berlin`; summer time is followed."""
    pick_up: tuple[PickUp, ...] = Field(min_length=1)
    """What is picked up where; looked at in this order."""
    rules: Rules = Rules()
    """What becomes of the documents."""
    deliver: tuple[Delivery, ...] = Field(min_length=1)
    """What is delivered where; one target that refuses a document keeps it from all."""
    guards: Guards = Guards()
    """When to wait for a person."""


# --- mappings/<partner>/<what>.yaml ------------------------------------------------------------------------------
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
    format: Format = Field(discriminator="type")
    """How the partner's file is written."""
    schema_: str | None = Field(default=None, alias="schema")
    """Name of the table schema below mappings/schemas/ that the source is checked by."""
    group: Group | None = None
    """Inbound: which rows belong together; without it each row is a document."""
    explode: dict[str, Explode] = Field(default_factory=dict)
    """Inbound: cells that hold several values or lines. Their values are columns `<name>.<key>` for `fields` and
    `lines`; one of them at most may make lines."""
    per: Literal["document", "part"] = "document"
    """part: one outbound document for each part where the flow splits."""
    totals: Names = ()
    """Outbound, XML: fields that are summed up over each file; header and footer of the template write the sums, as
    `file.totals.<field>`."""
    requires: Literal["nothing", "shipping"] = "nothing"
    """shipping: only lines that need shipping, only documents with a shipping address; the rest is filtered."""
    columns: tuple[str, ...] = ()
    """Order of the written columns; without it `fields`, then `lines`."""
    fields: dict[str, FieldMap]
    """Name -> how it is filled, once for each document. Inbound: document fields; outbound: the target's."""
    lines: dict[str, FieldMap] = Field(default_factory=dict)
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
