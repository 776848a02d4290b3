"""The models of `format:` in a mapping: how a partner's file is written, one model for each type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator, field_validator, model_validator

from exchange.config.added import added_type
from exchange.config.values import Delimiter, Encoding, Model, Names, Patterns
from exchange.kernel.plugins import FORMATS


class FileFormat(Model):
    """What all types share."""

    @property
    def nests(self) -> bool:
        """Whether one record of the file becomes several rows: the column `_record` then says where one starts."""
        return False


class CsvFormat(FileFormat):
    """A delimited text file."""

    type: Literal["csv"] = "csv"
    """Kind of file."""
    encoding: str = "utf-8"
    """Character encoding, for example `utf-8`, `cp1252` or `utf-16`; never guessed."""
    fallback_encoding: Encoding = ""
    """Inbound: the encoding of a file that is not in `encoding` as a whole, for partners that send either."""
    delimiter: Delimiter = ","
    """What stands between two cells, for example `;` or `"\\t"`; several characters such as `"||"` are possible."""
    quote: Literal["double", "none"] = "double"
    """`none`: quotes are characters like any other, as in the reports of Amazon."""
    newline: Literal["lf", "crlf"] = "lf"
    """Line ends that are written; all are read."""
    skip: int = Field(default=0, ge=0, le=1000)
    """Inbound: lines before the header. An Excel line such as `sep=;` need not be counted."""
    header_has: Names = ()
    """Inbound: the header is the first line that has these columns; what stands before it is skipped."""
    comment: str = ""
    """Inbound: lines that begin with this are no records, for example `;`."""
    footer: Patterns = ()
    """Inbound: lines at the end of the file that fit one of these regular expressions are no records."""


class XmlFormat(FileFormat):
    """An XML file: read record by record, or rendered by a template; checked by an XSD."""

    type: Literal["xml"] = "xml"
    """Kind of file."""
    template: str = ""
    """Outbound: path below templates/."""
    schema_: str = Field(default="", alias="schema")
    """XSD that each record is checked by, a path below mappings/schemas/; inbound it may be left out. A record that
    comes in is judged by itself: keys and keyrefs, and how many records there may be, are rules of whole files and not
    held against it. A file that goes out is held to them: the documents that break a key together are rejected."""
    record: str = ""
    """Inbound: path from the root to the element that is one record, for example `/Orders/Order`."""
    namespaces: dict[str, str] = Field(default_factory=dict)
    """Inbound: prefix of this mapping -> namespace, whatever prefixes the file uses; the prefix `""` is for names that
    are written without one."""
    lines: str = ""
    """Inbound: path from the record to its repeated element, each of which is a line, for example `Lines/Line`; fields
    of a line begin with it, as `Lines/Line/Sku`. Blank: each record is one line."""
    join: dict[str, str] = Field(default_factory=dict)
    """Inbound: path of a value that may occur several times in a record or line -> what the texts are joined with; any
    other value that occurs twice is a problem."""
    doctype: Literal["refuse", "allow"] = "refuse"
    """Inbound: `allow` takes files with a DOCTYPE, as all of cXML; nothing of it is loaded, entities stay refused."""
    on_broken: Literal["whole_file", "keep_records"] = "whole_file"
    """Inbound: what is rejected where a file is not well-formed: all of it, or what begins with the broken place."""
    explained: int = Field(default=1000, ge=0)
    """Inbound: how many refused records of a file are explained in plainer words, about 1 ms each; the rest is told in
    short ones."""

    @property
    def nests(self) -> bool:
        """Whether records hold their lines."""
        return bool(self.lines)

    @model_validator(mode="after")
    def _one_way(self) -> XmlFormat:
        if not self.record and not (self.template and self.schema_):
            raise ValueError("write `record:` (to read such files), or `template:` and `schema:` (to write them)")
        return self


class JsonlFormat(FileFormat):
    """A file of JSON objects, one on each line, in UTF-8."""

    type: Literal["jsonl"] = "jsonl"
    """Kind of file."""
    lines: str = ""
    """Name of the array whose entries are lines, read as columns such as `items.sku`; blank: each object is one row."""
    numbers: Names = ()
    """Outbound: fields written as numbers, with the digits they have."""
    flags: Names = ()
    """Outbound: fields written as `true` and `false`."""

    @property
    def nests(self) -> bool:
        """Whether objects hold their lines."""
        return bool(self.lines)


class FixedField(Model):
    """One field of a record of fixed width."""

    name: str
    """The column's name; fields of the same name in several records are one column."""
    start: int | None = Field(default=None, ge=1)
    """First place in the record, from 1; behind the field before where it is not written."""
    length: int = Field(ge=1)
    """Places it takes."""
    type: Literal["text", "integer", "decimal"] = "text"
    """`decimal`: the decimal point is not written, `decimals` says where it stands."""
    decimals: int = Field(default=0, ge=0, le=9)
    """Digits behind the point that is not written."""
    pad: str = Field(default="", max_length=1)
    """What fills the places left over: a blank for text and `"0"` for numbers where it is not written."""
    justify: Literal["", "left", "right"] = ""
    """Which end the value stands at: left for text and right for numbers where it is not written."""
    value: str = ""
    """Outbound: what is written where the mapping fills no field of this name."""
    counts: Names = ()
    """Of a trailer: the number of these records since the trailer before; `documents` stands for all that begin one,
    `records` for all but trailers."""
    sums: str = ""
    """Of a trailer: the sum of this field over the records since the trailer before."""


class FixedRecord(Model):
    """One type of record of a fixed-width file."""

    name: str
    """What it is called, for `counts` and for messages."""
    code: str = ""
    """What tells it from the others, at `record_type_at`; blank: any line."""
    role: Literal["file", "document", "line", "trailer", "ignore"] = "line"
    """`document` begins one and `line` continues it; the fields of `file` stand on each document that follows;
    `trailer` counts; `ignore` is left out."""
    fields: tuple[FixedField, ...] = ()
    """What it holds, in any order."""
    length: int = Field(default=0, ge=0)
    """Places of the whole record, where it is longer than its fields."""


class FixedFormat(FileFormat):
    """A text file whose fields stand at fixed places, one record on each line."""

    type: Literal["fixed"]
    """Kind of file."""
    encoding: Encoding = "utf-8"
    """Character encoding, for example `utf-8`, `cp1252` or `iso-8859-1`; never guessed."""
    places: Literal["characters", "bytes"] = "characters"
    """What `start` and `length` count, where a character may take several bytes."""
    newline: Literal["lf", "crlf"] = "lf"
    """Line ends that are written; all are read."""
    short: Literal["refuse", "accept"] = "refuse"
    """`accept`: blanks at the end of a record may be missing, as editors leave them off."""
    record_type_at: int = Field(default=1, ge=1)
    """Place at which the `code` of a record stands, from 1."""
    records: tuple[FixedRecord, ...] = Field(min_length=1)
    """The types of record in the file."""

    @property
    def nests(self) -> bool:
        """Whether documents begin with a record of their own."""
        return any(record.role == "document" for record in self.records)

    @model_validator(mode="after")
    def _told_apart(self) -> FixedFormat:
        codes = [record.code for record in self.records]
        if len(set(codes)) != len(codes):
            raise ValueError("two records have the same `code`, so they cannot be told apart")
        return self


class XlsxFormat(FileFormat):
    """A workbook of a spreadsheet program (.xlsx)."""

    type: Literal["xlsx"]
    """Kind of file."""
    sheet: str = ""
    """Name of the sheet; where it is not written, only one sheet of the workbook may be filled. Up to 5,000,000 cells
    are read: numbers exactly, dates as ISO 8601, codes and percentages as their cells show them (`00123`, `50%`)."""
    header_has: Names = ()
    """Inbound: the header is the first row that has these columns; without it, the first row that is not empty."""

    @field_validator("sheet")
    @classmethod
    def _possible(cls, name: str) -> str:
        if len(name) > 31 or set(name) & set("[]:*?/\\") or name.startswith("'") or name.endswith("'"):
            raise ValueError("no sheet can be called so: at most 31 characters, none of []:*?/\\, no ' at its ends")
        return name


Format = CsvFormat | XmlFormat | JsonlFormat | FixedFormat | XlsxFormat
"""Every type of `format:`; a new one is one model here, and its rows in assemble/plan.py."""


@dataclass(frozen=True, slots=True)
class FormatType:
    """What a distribution adds as a format: the object that its entry point in `exchange.formats` names."""

    model: type[FileFormat]
    """Its keys under `format:`; `type` is the name of the entry point."""
    reader: str = ""
    """`module:function` as in `assemble.plan.READERS`; blank where it cannot be read."""
    writer: str = ""
    """`module:function` as in `assemble.plan.WRITERS`; blank where it cannot be written."""


def _of_its_type(value: object, ours: ValidatorFunctionWrapHandler) -> object:
    """Validate what is of a type that another distribution adds by its model; the rest by ours."""
    named = value.get("type") if isinstance(value, dict) else None
    if not isinstance(named, str) or named in TYPES:
        return ours(value)
    found = added_type(FORMATS, named, FormatType)
    return ours(value) if found is None else found.model.model_validate(value)


TYPES: frozenset[str] = frozenset(get_args(each.model_fields["type"].annotation)[0] for each in get_args(Format))
"""Our own."""
AnyFormat = Annotated[Format, Field(discriminator="type"), WrapValidator(_of_its_type)]
"""One of ours, or one that another distribution adds."""
