"""Finds what cases name and nobody knows: columns, fields, tables, codes, files, mappings; before anything runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from pathlib import Path

from exchange.assemble.cases_given import as_read, known_columns
from exchange.config.cases import Case, Cases, Expect, FlowCases
from exchange.config.loader import Loaded
from exchange.config.models import Mapping as MappingModel
from exchange.config.suggest import suggest
from exchange.config.tables import load_table
from exchange.config.workspace import load_mapping, load_schema, mapping_names, schema_names, table_names
from exchange.config.yamltext import Path as YamlPath
from exchange.documents.loader import Document, Field, document, names
from exchange.formats.delimited.flat import RECORD
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.errors import Mistake
from exchange.mapping.kinds import kind_of_field

Found = tuple[YamlPath, str, str, str]
"""Path, what is wrong, what to write instead, code."""
CASE = "CASE_UNFIT"
_BINARY = {"xlsx"}
_AT_VALUE = {"case", "file", "through", "code", "row", "line"}


def flow_mistakes(root: Path, loaded: Loaded[FlowCases]) -> Iterator[Mistake]:
    """Return what is wrong with the cases of a flow beyond their own form."""
    if loaded.value is None:
        return
    for path, what, instead, code in _same_names([case.case for case in loaded.value.cases]):
        yield loaded.mistake(path, what, instead, key=False, code=code)
    for number, case in enumerate(loaded.value.cases):
        for place, pattern in enumerate(case.files):
            if not any(path.is_file() for path in root.glob(pattern)):
                path = ("cases", number, "files", place)
                what = f"there is no file {pattern}"
                yield loaded.mistake(path, what, "write its path from the workspace on", key=False, code=CASE)


def mapping_mistakes(root: Path, name: str, loaded: Loaded[Cases]) -> Iterator[Mistake]:
    """Return what is wrong with the cases of a mapping beyond their own form; raises ConfigurationError."""
    if loaded.value is None:
        return
    mapping = load_mapping(root, name)
    if (mapping.reads or mapping.writes) not in names():
        return  # told where the mapping names it
    look = _Look(root, mapping, document(mapping.reads or mapping.writes or ""))
    found = [*_same_names([case.case for case in loaded.value.cases]), *look.defaults(loaded.value)]
    for number, case in enumerate(loaded.value.cases):
        found += look.case(case, ("cases", number))
    for path, what, instead, code in found:
        # What names something unknown is a key here, and a value where it is a path, a code or a mapping.
        yield loaded.mistake(path, what, instead, key=path[-1] not in _AT_VALUE, code=code)


def _same_names(names: list[str]) -> Iterator[Found]:
    for number, name in enumerate(names):
        if name in names[:number]:
            yield ("cases", number, "case"), f"two cases are called {name!r}", "give each a name of its own", CASE


@dataclass(frozen=True, slots=True)
class _Look:
    """Looks at the cases of one mapping."""

    root: Path
    mapping: MappingModel
    kind: Document

    @property
    def inbound(self) -> bool:
        return self.mapping.reads is not None

    def defaults(self, cases: Cases) -> Iterator[Found]:
        at = ("defaults",)
        own = cases.defaults
        if self.inbound:
            for name in ("first_row", "every_row"):
                yield from self._columns((*at, name), getattr(own, name), self.mapping)
            for name in ("fields", "lines"):
                if getattr(own, name):
                    yield (*at, name), "documents are given to outbound mappings only", "write rows", CASE
        else:
            yield from self._given_fields((*at, "fields"), own.fields, self.kind.fields)
            yield from self._given_fields((*at, "lines"), own.lines, self.kind.lines)

    def case(self, case: Case, at: YamlPath) -> Iterator[Found]:
        yield from self._given(case, (*at, "given"))
        yield from self._tables(case, (*at, "tables"))
        if case.expect is not None:
            yield from self._expect(case.expect, (*at, "expect"))
            yield from self._problems(case, case.expect, (*at, "expect", "problems"))

    # --- given ------------------------------------------------------------------------------------------------------
    def _given(self, case: Case, at: YamlPath) -> Iterator[Found]:
        given = case.given
        if given.file and not (self.root / given.file).is_file():
            yield (*at, "file"), f"there is no file {given.file}", "write its path from the workspace on", CASE
        if self.inbound:
            yield from self._given_inbound(case, at)
        elif given.documents:
            for number, one in enumerate(given.documents):
                place = (*at, "documents", number)
                yield from self._given_fields((*place, "fields"), one.fields, self.kind.fields)
                for line, cells in enumerate(one.lines):
                    yield from self._given_fields((*place, "lines", line), cells, self.kind.lines)
        else:
            yield from self._through(case, at)

    def _given_inbound(self, case: Case, at: YamlPath) -> Iterator[Found]:
        if case.given.documents:
            yield (*at, "documents"), "an inbound mapping reads rows or a file", "write `rows:` or `file:`", CASE
        if case.given.through:
            yield (*at, "through"), "an inbound mapping reads rows itself", "remove `through`", CASE
        for number, row in enumerate(case.given.rows):
            yield from self._columns((*at, "rows", number), row, self.mapping)

    def _through(self, case: Case, at: YamlPath) -> Iterator[Found]:
        name, known = case.given.through, mapping_names(self.root)
        if not name:
            what = "an outbound mapping is given documents, or rows that another mapping reads"
            yield at, what, "write `documents:`, or `through: <inbound mapping>` beside them", CASE
            return
        if name not in known:
            yield (*at, "through"), f"there is no mapping {name!r}", suggest(name, known), "UNKNOWN_MAPPING"
            return
        other = load_mapping(self.root, name)
        if other.reads != self.mapping.writes:
            what = f"{name} does not read {self.kind.name} documents"
            yield (*at, "through"), what, f"name an inbound mapping with `reads: {self.kind.name}`", "MAPPING_UNFIT"
            return
        for number, row in enumerate(case.given.rows):
            yield from self._columns((*at, "rows", number), row, other)

    def _columns(self, at: YamlPath, row: Mapping[str, str], mapping: MappingModel) -> Iterator[Found]:
        """Find columns that neither the schema nor the mapping knows."""
        described = mapping.schema_ is not None and mapping.schema_ in schema_names(self.root)
        schema = load_schema(self.root, mapping.schema_ or "") if described else None
        known = [*known_columns(mapping, schema), RECORD]
        for name in row:
            if not any(fnmatchcase(name, column.replace("[", "[[]")) for column in known):
                yield (*at, name), f"there is no column {name!r}", suggest(name, known), "UNKNOWN_COLUMN"

    def _given_fields(self, at: YamlPath, cells: Mapping[str, str], known: Mapping[str, Field]) -> Iterator[Found]:
        """Find fields that the document does not have, and texts that its fields cannot hold."""
        for name, text in cells.items():
            if name not in known:
                yield (
                    (*at, name),
                    f"the {self.kind.name} has no field {name!r}",
                    suggest(name, known),
                    "UNKNOWN_FIELD",
                )
            elif text and not _holds(known[name], text):
                yield (*at, name), f"{text!r} is not {known[name].type}", _example(known[name]), CASE

    def _tables(self, case: Case, at: YamlPath) -> Iterator[Found]:
        for name, lines in case.tables.items():
            if name not in table_names(self.root):
                yield (*at, name), f"there is no table {name!r}", suggest(name, table_names(self.root)), "UNKNOWN_TABLE"
                continue
            table = load_table(self.root, name)[0]
            for number, line in enumerate(lines):
                unknown = [column for column in line if table is not None and column not in table.columns]
                for column in unknown:
                    advice = suggest(column, table.columns if table else ())
                    yield (
                        (*at, name, number, column),
                        f"table {name} has no column {column!r}",
                        advice,
                        "UNKNOWN_COLUMN",
                    )

    # --- expected ---------------------------------------------------------------------------------------------------
    def _expect(self, expect: Expect, at: YamlPath) -> Iterator[Found]:
        yield from self._wrong_way(expect, at)
        fields, lines = self._names()
        for number, one in enumerate(expect.documents or ()):
            place = (*at, "documents", number)
            yield from _unknown((*place, "fields"), one.fields, fields)
            for line, cells in enumerate(one.lines or ()):
                yield from _unknown((*place, "lines", line), cells, lines)
        for number, cells in enumerate(() if self.inbound else expect.rows or ()):
            yield from _unknown((*at, "rows", number), cells, [*fields, *lines])

    def _wrong_way(self, expect: Expect, at: YamlPath) -> Iterator[Found]:
        for name in ("rows", "text", "file"):
            if self.inbound and getattr(expect, name):
                yield (*at, name), f"an inbound mapping makes documents, not {name}", "write `documents:`", CASE
        if expect.text is not None and self.mapping.format.type in _BINARY:
            yield (*at, "text"), "a workbook is no text", "write `rows:`", CASE

    def _names(self) -> tuple[Collection[str], Collection[str]]:
        """Return the fields of documents and lines that can be expected."""
        if self.inbound:
            return list(self.kind.fields), list(self.kind.lines)
        return list(self.mapping.fields), list(self.mapping.lines)

    def _problems(self, case: Case, expect: Expect, at: YamlPath) -> Iterator[Found]:
        rows = len(case.given.rows or case.given.documents)
        for number, wanted in enumerate(expect.problems):
            place = (*at, number)
            if wanted.code not in CATALOGUE:
                yield (
                    (*place, "code"),
                    f"there is no problem code {wanted.code!r}",
                    _code_advice(wanted.code),
                    "UNKNOWN_VALUE",
                )
            if wanted.row is not None and not rows:
                yield (*place, "row"), "a file is given, and it has lines", "write `line:`", CASE
            if wanted.line is not None and rows:
                yield (*place, "line"), "no file is given", "write `row:`, counted from 1", CASE
            if wanted.row is not None and rows and wanted.row > rows:
                yield (*place, "row"), f"the case gives no row {wanted.row}", f"write at most {rows}", CASE


def _unknown(at: YamlPath, cells: Iterable[str], known: Collection[str]) -> Iterator[Found]:
    for name in cells:
        if name not in known:
            yield (*at, name), f"nothing fills a field {name!r}", suggest(name, known), "UNKNOWN_FIELD"


def _code_advice(code: str) -> str:
    advice = suggest(code, CATALOGUE)
    return advice if advice.startswith("did you mean") else "`exchange explain` lists them all"


def _holds(field: Field, text: str) -> bool:
    kind = kind_of_field(field.type)
    try:
        if kind == "integer":
            int(text)
        elif kind == "decimal":
            return Decimal(text).is_finite()
        else:
            as_read(field, text)
    except (ValueError, InvalidOperation):
        return False
    return kind != "boolean" or text in {"true", "false"}


def _example(field: Field) -> str:
    return {
        "integer": "write a whole number such as 2",
        "decimal": "write a number such as 12.50",
        "boolean": "write true or false",
        "datetime": 'write a moment with its zone such as "2026-03-05T09:00:00Z"',
    }.get(kind_of_field(field.type), "write text")
