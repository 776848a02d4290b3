"""The models of the files that test mappings and flows, and where those files lie."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from exchange.config.locating import FLOWS
from exchange.config.values import Model, Names, Pattern
from exchange.config.workspace import SCHEMAS, TABLES

ENDING = "_test.yaml"
"""What the name of a cases file ends with: `mappings/wms/orders_test.yaml` tests `mappings/wms/orders.yaml`."""


def _as_written(value: object) -> object:
    """Return the text of a number, true or false: the reader of YAML takes only those that are written in one way."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | Decimal) else value


def _inside(path: str) -> str:
    parts = PurePosixPath(path)
    if not path or parts.is_absolute() or ".." in parts.parts or parts.parts[:1] == ("data",):
        raise ValueError("expected a path below the workspace such as samples/orders/01_clean_day.csv, not below data/")
    return path


def _all_inside(paths: tuple[str, ...]) -> tuple[str, ...]:
    for path in paths:
        _inside(path)
    return paths


def _moment(value: object) -> object:
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is not None and found.tzinfo is not None:
            return found.astimezone(UTC)
    raise ValueError('expected a moment with its zone such as "2026-03-05T09:00:00Z"')


Text = Annotated[str, BeforeValidator(_as_written), WithJsonSchema({"type": ["string", "number", "boolean"]})]
"""The text of one cell; a number, true or false may go without quotes."""
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
InsidePath = Annotated[str, AfterValidator(_inside)]
InsidePaths = Annotated[Names, AfterValidator(_all_inside)]


class Matcher(Model):
    """What a value is like, where it need not be one text: exactly one of the keys."""

    any: bool = False
    """`{any: true}`: whatever it is, but not blank."""
    absent: bool = False
    """`{absent: true}`: blank, or not there at all."""
    regex: Pattern = ""
    """`{regex: "[0-9]{8}"}`: the whole text fits this regular expression."""
    contains: str = ""
    """`{contains: "Gift"}`: these characters stand in it."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Matcher:
        if len([name for name in type(self).model_fields if getattr(self, name)]) != 1:
            raise ValueError("write exactly one of {any: true}, {absent: true}, {regex: ...}, {contains: ...}")
        return self


def _branch(value: object) -> str:
    return "Matcher" if isinstance(value, dict | Matcher) else "text[]"


Value = Annotated[Annotated[Text, Tag("text[]")] | Annotated[Matcher, Tag("Matcher")], Discriminator(_branch)]
"""One text, or what it is like."""


# --- mappings/<partner>/<what>_test.yaml -------------------------------------------------------------------------
class GivenDocument(Model):
    """A document that an outbound mapping is given."""

    fields: dict[str, Text] = Field(default_factory=dict)
    """Document field -> text: numbers with a point, moments like `2026-03-02T08:00:00Z`, `true` and `false`."""
    lines: tuple[dict[str, Text], ...] = ()
    """The same for each line; one line where none is written."""


class Given(Model):
    """What the mapping is given: rows, documents or a file."""

    rows: tuple[dict[str, Text], ...] = ()
    """Rows of the partner's file: column -> text. A column that is not written is blank."""
    documents: tuple[GivenDocument, ...] = ()
    """Outbound: the documents themselves."""
    file: Annotated[str, AfterValidator(lambda path: path and _inside(path))] = ""
    """A file in the partner's format, from the workspace on, for example `samples/orders/01_clean_day.csv`."""
    through: str = ""
    """Outbound: the inbound mapping that reads `rows` or `file`, for example `shopify/orders`."""
    channel: str = "test"
    """Channel that the documents come through."""

    @model_validator(mode="after")
    def _one_kind(self) -> Given:
        if sum(map(bool, (self.rows, self.documents, self.file))) != 1:
            raise ValueError("write one of `rows:`, `documents:` and `file:` below `given`")
        if self.documents and self.through:
            raise ValueError("`through` reads rows or a file; documents are given as they are")
        return self


class ExpectedDocument(Model):
    """What one document has to be like; fields that are not written may be anything."""

    fields: dict[str, Value] = Field(default_factory=dict)
    """Field -> text or matcher. Inbound: the document's fields; outbound: those that the mapping fills."""
    lines: tuple[dict[str, Value], ...] | None = None
    """The same for each line, all of them in their order."""


class ExpectedProblem(Model):
    """One problem that has to be found."""

    code: str
    """Its code, for example `LOOKUP_MISS`."""
    field: str = ""
    """Column or field it is told of."""
    row: int | None = Field(default=None, ge=1)
    """Which of the given rows, from 1."""
    line: int | None = Field(default=None, ge=1)
    """Line of the given file, from 1."""
    value: Value = ""
    """Text that is wrong."""


class Expect(Model):
    """What has to come out. What is not written is not looked at, but for problems: others than these may not be."""

    documents: tuple[ExpectedDocument, ...] | None = None
    """The documents without errors, all of them in their order."""
    rows: tuple[dict[str, Value], ...] | None = None
    """Outbound: the rows of the file, all of them in their order; columns that are not written may be anything."""
    text: str | None = None
    """Outbound: the file as text, as XML is."""
    file: Annotated[str, AfterValidator(lambda path: path and _inside(path))] = ""
    """Outbound: the file that is made, from the workspace on, byte for byte."""
    problems: tuple[ExpectedProblem, ...] = ()
    """Every problem that is found, in any order."""


class Case(Model):
    """One case of a mapping."""

    case: str
    """What it shows; no two of a file are called the same."""
    given: Given
    """What goes in."""
    tables: dict[str, tuple[dict[str, Text], ...]] = Field(default_factory=dict)
    """Table -> the lines it has in this case, in place of its own; the case then does not change with the table."""
    expect: Expect | None = None
    """What has to come out; `exchange test --update` writes it where it is missing."""


class Defaults(Model):
    """What all given rows and documents of the file hold unless they say otherwise."""

    first_row: dict[str, Text] = Field(default_factory=dict)
    """Cells of the first row of each document; with `key_on: first_row`, a row that names the key is one."""
    every_row: dict[str, Text] = Field(default_factory=dict)
    """Cells of every row."""
    fields: dict[str, Text] = Field(default_factory=dict)
    """Fields of given documents."""
    lines: dict[str, Text] = Field(default_factory=dict)
    """Fields of each line of given documents."""


class Cases(Model):
    """`mappings/<partner>/<what>_test.yaml`: the cases of the mapping beside it, for `exchange test`."""

    defaults: Defaults = Defaults()
    """What cases need not repeat."""
    cases: tuple[Case, ...] = Field(min_length=1)
    """The cases, each on its own."""


# --- mappings/flows/<flow>_test.yaml -----------------------------------------------------------------------------
class FlowCase(Model):
    """One golden run: files go through the whole flow, and all that comes of them is compared."""

    case: str
    """What it shows; no two of a file are called the same."""
    at: Moment
    """The clock of the run, for example `"2026-03-05T09:00:00Z"`."""
    files: InsidePaths = Field(min_length=1)
    """Files that are taken one after the other, from the workspace on; `samples/orders/*.csv` names several."""
    expected: InsidePath
    """Folder with a folder for each file (its name without suffix): outputs, rejects, and `report.json` with what
    `exchange run --json` says of it. `exchange test --update` writes it."""


class FlowCases(Model):
    """`mappings/flows/<flow>_test.yaml`: golden runs of the flow beside it, for `exchange test`."""

    cases: tuple[FlowCase, ...] = Field(min_length=1)
    """The runs, each with a ledger and folders of its own."""


# --- names and files ----------------------------------------------------------------------------------------------
def mapping_case_files(root: Path) -> list[str]:
    """Return the cases files of mappings, relative to the workspace."""
    others = tuple(f"{folder}/" for folder in (FLOWS, SCHEMAS, TABLES))
    found = (path.relative_to(root).as_posix() for path in (root / "mappings").glob(f"*/**/*{ENDING}"))
    return sorted(path for path in found if not path.startswith(others))


def flow_case_files(root: Path) -> list[str]:
    """Return the cases files of flows, relative to the workspace."""
    return sorted(f"{FLOWS}/{path.name}" for path in (root / FLOWS).glob(f"*{ENDING}"))


def subject_of(file: str) -> str:
    """Return the YAML file that a cases file tests."""
    return file.removesuffix(ENDING) + ".yaml"
