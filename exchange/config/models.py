"""The models of every YAML file that users edit; unknown keys are refused, values are frozen."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from exchange.config.as_of import AsOf
from exchange.config.computed import Computed
from exchange.config.endpoints import Endpoint
from exchange.config.explode import Explode
from exchange.config.formats import AnyFormat
from exchange.config.guards import Guards
from exchange.config.only import Only
from exchange.config.rules import Rules
from exchange.config.stock import Stock
from exchange.config.values import Duration, FileName, Model, Names, Schedule, Size, Zone
from exchange.kernel.model import COMPUTED


# --- mappings/exchange.yaml --------------------------------------------------------------------------------------
class Workspace(Model):
    """`mappings/exchange.yaml`: endpoints and what holds for all flows."""

    ledger: str = "sqlite:///data/state/ledger.db"
    """SQLAlchemy URL; a relative SQLite path starts at the workspace."""
    endpoints: dict[str, Endpoint]
    """The places files come from and go to, each under the name that flows call it by."""


# --- mappings/flows/<flow>.yaml ----------------------------------------------------------------------------------
class Merge(Model):
    """How many files go out together; what is more makes another set of files."""

    files: int = Field(default=1000, ge=1)
    """Most files of one set."""
    bytes: Size = 10_000_000_000
    """Most bytes of one set, for example `100MB`; a file that is larger goes out by itself."""


class Feedback(Model):
    """A file for the partner who sent one: how many records were taken, and one line for each problem."""

    to: str
    """Endpoint that gets it: the partner's own."""
    folder: str = ""
    """Folder below the endpoint; blank for the endpoint itself."""
    name: FileName = "{name}.feedback.csv"
    """Its name: {name} is that of the file it is about, {stem} the same without its last suffix."""


class Rejects(Model):
    """How people get what is rejected."""

    workbook: bool | Annotated[int, Field(ge=1)] = True
    """The workbook beside the reject files: `true`, `false`, or how many rows it holds at most, for example `5000`;
    what does not fit is in the CSV only. It costs about a second for 30,000 rows."""


class PickUp(Model):
    """What is picked up where, and read by which mapping."""

    from_: str = Field(default="", alias="from")
    """Endpoint to look at; either this or `computed` is needed."""
    computed: Computed | None = None
    """In place of `from`: each run computes the file from the ledger, for example `{availability: {share: 50%}}`: what
    `channel` may sell; `{reorder: {}}`: what is to be bought; `{reconciliation: {authority: wms, against: [erp]}}`:
    where figures differ. The mapping reads its columns like those of any csv file. A file that came out as the one
    before is not taken again."""
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
    as_of: Literal["mtime"] | AsOf = "mtime"
    """How old its content is: what comes in an older file never undoes what a newer one said. The modification time,
    or `{name: "orders_%Y%m%d%H%M.csv"}`, or `{column: Updated at, format: "%Y-%m-%d %H:%M:%S %z"}` where documents of
    one file have different ages. Of two of one age the one that is taken later counts."""
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
    feedback: Feedback | None = None
    """What the partner is told of each file; nothing without it."""
    rejects: Rejects = Rejects()
    """How people get what is rejected of its files."""
    merge: bool | Merge = False
    """`true`: what the ready files of a run come to goes out together, the oldest first, in one file for each delivery,
    named after the oldest one's claim. Each source file keeps its own report, rejects and place in the archive; one
    that tells of the same document as another, or cannot be read, costs the others nothing. `{files: 50, bytes: 100MB}`
    sets limits."""
    stock: Stock | None = None
    """What the figures of files of stock mean; with it they are kept in the ledger, for what can be sold."""

    @model_validator(mode="before")
    @classmethod
    def _of_our_own(cls, value: object) -> object:
        if isinstance(value, dict) and value.get("computed") is not None and not {"from", "from_"} & set(value):
            return {**value, "from": COMPUTED}
        return value

    @model_validator(mode="after")
    def _from_one_place(self) -> PickUp:
        if not self.from_:
            raise ValueError("write `from:` with an endpoint, or `computed:`")
        if (self.computed is not None) != (self.from_ == COMPUTED):
            raise ValueError("`from` and `computed` exclude each other")
        if self.computed is not None and (self.stock is not None or self.merged is not None or not self.channel):
            raise ValueError("`computed` needs `channel:`, and has neither `stock` nor `merge`")
        return self

    @property
    def merged(self) -> Merge | None:
        """How files are merged; None where each goes out by itself."""
        return (Merge() if self.merge else None) if isinstance(self.merge, bool) else self.merge

    @model_validator(mode="after")
    def _place_to_move_to(self) -> PickUp:
        if (self.then == "move") != bool(self.move_to):
            raise ValueError("`then: move` and `move_to: <folder>` belong together")
        if self.move_to and PurePosixPath(self.move_to) == PurePosixPath(self.folder):
            raise ValueError("move_to is the folder that files are picked up from: name another one")
        return self

    @model_validator(mode="after")
    def _stock_by_itself(self) -> PickUp:
        if self.stock is not None and self.merged is not None:
            raise ValueError("files of stock follow each other one by one: `merge` and `stock` exclude each other")
        return self

    @model_validator(mode="after")
    def _done_files_of_other_names(self) -> PickUp:
        before, *_, after = re.split(r"\{(?:name|stem)\}", self.done_file.lower()) if self.done_file else ("", "*")
        if after != "*" and self.match.lower().startswith(before) and self.match.lower().endswith(after):
            raise ValueError("every file that fits `match` would be a done file; write it like {name}.done")
        return self


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
    only: dict[str, Names] = Field(default_factory=dict)
    """Field -> values: what goes there at all, for example `{warehouse: [HAM]}` where several warehouses or 3PLs each
    get their own. Fields that the flow splits by choose among parts (with a mapping that says `per: part`), header
    fields among documents. A part that ships and goes nowhere is a problem."""
    documents_per_file: int | None = Field(default=None, ge=1)
    """A new file begins after so many documents; without it there is one file. The parts of a document stay together,
    where `file_per` does not part them."""
    exists: Literal["fail", "unique", "replace"] = "fail"
    """The name is taken by other content: wait until it is gone (`fail`), take another name, or replace it."""
    actions: tuple[Literal["new", "change", "cancel", "return"], ...] = ("new", "change", "cancel")
    """What it is told of: new documents, changes of what it got before, cancellations; `[return]` for a delivery of
    what was taken back after it was sent (see `rules.taken_back`)."""
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
    only: Only | None = None
    """Lets a part of the documents through, for a roll-out in steps; the rest is filtered, and judged anew when it is
    exported again."""
    deliver: tuple[Delivery, ...] = ()
    """What is delivered where; one target that refuses a document keeps it from all. Nothing only where every pick-up
    says `stock:`: its figures are then recorded."""
    guards: Guards = Guards()
    """When to wait for a person."""

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Flow:
        if not self.deliver and any(pick_up.stock is None for pick_up in self.pick_up):
            raise ValueError("write `deliver:` with at least one delivery")
        return self


# --- mappings/<partner>/<what>.yaml ------------------------------------------------------------------------------
class Group(Model):
    """How rows become documents."""

    key: str
    """Column whose value the rows of one document share."""
    key_on: Literal["every_row", "first_row"] = "every_row"
    """`first_row`: the rows below it leave `key` blank and belong to the document above them; for csv and xlsx."""
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
        if isinstance(value, dict) and len(value) > 1 and next(iter(value.values())) is None:
            raise ValueError(f"expected what belongs to `{next(iter(value))}` below it and indented deeper than it")
        raise ValueError("expected a step such as `strip`, or one step with its parameters such as {lookup: {...}}")


class FieldMap(Model):
    """How one field is filled: from one or several columns, through steps; or a whole address at once."""

    from_: Names = Field(default=(), alias="from")
    """Column (inbound) or document field (outbound); a list for steps that join several."""
    steps: tuple[StepCall, ...] = ()
    """What is done to the value, in this order. Outbound amounts without steps have the digits of their currency: 34
    for yen, 34.00 for euros, 34.000 for dinars."""
    required: bool = False
    """Blank at the end is a problem."""
    max_length: int | None = Field(default=None, ge=1)
    """Characters the target can hold; more is a problem, never cut."""
    address: dict[str, Names | FieldMap] | None = None
    """Fills `<field>.line1` and so on: each part names its column, or is a field with steps."""


class Mapping(Model):
    """`mappings/<partner>/<what>.yaml`: partner file -> document (`reads`) or document -> partner file (`writes`)."""

    extends: str = ""
    """Mapping that this one goes on from, for example `shopify/orders`: keys merge with its keys, a list or a value
    stands in place of its own, and `null` takes a key of it away."""
    reads: str | None = None
    """Inbound: the document it makes."""
    writes: str | None = None
    """Outbound: the document it starts from."""
    format: AnyFormat
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

    @model_validator(mode="after")
    def _carries_the_key(self) -> Mapping:
        if self.carried and self.format.type not in {"csv", "xlsx"}:
            raise ValueError(f"`key_on: first_row` is for csv and xlsx: records of type {self.format.type} hold lines")
        return self

    @property
    def carried(self) -> str:
        """The column whose blank cells mean "as above"; blank where none does."""
        return self.group.key if self.group is not None and self.group.key_on == "first_row" else ""


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
