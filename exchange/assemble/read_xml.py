"""Reads XML: records are elements, flattened to rows; rejects are XML again."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.read_csv import patterns
from exchange.assemble.sources import Sources
from exchange.checks.xsd_records import XsdRecords
from exchange.config.formats import XmlFormat
from exchange.config.workspace import mapping_file, xsd_file
from exchange.formats.delimited.flat import RECORD, FlatReader
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.xml.flatten import XmlFlatten
from exchange.formats.xml.paths import Columns, compile_columns
from exchange.formats.xml.patterns import names_in, pattern
from exchange.formats.xml.setaside import XmlSetAside
from exchange.formats.xml.shape import Shape
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.xmlpath import PathFault, read_lines, read_path, read_record


def xml_reader(
    sources: Sources, wanted: tuple[str, ...], required: tuple[str, ...], key: str
) -> tuple[FlatReader, XmlSetAside]:
    """Return how the files of an XML mapping are read, and how records of them are set aside."""
    written, file = sources.mapping.format, mapping_file(sources.name)
    if not isinstance(written, XmlFormat):
        raise ConfigurationError(f"{file} is no XML mapping")
    try:
        record = read_record(written.record, written.namespaces)
        columns = _columns(sources, written, wanted, key)
        packed = tuple(pattern(name, written.namespaces) for name in patterns(sources))
    except PathFault as fault:
        raise ConfigurationError(f"{file}: {fault}") from None
    broken = written.on_broken == "keep_records"
    shape = Shape(record, written.record, file, written.doctype == "allow", broken)
    xsd = XsdRecords(sources.xsd, xsd_file(written.schema_), written.explained) if sources.xsd else None
    rows = DelimitedReader("utf-8", ",", wanted, required, key, file, (RECORD,), patterns=patterns(sources))

    def of_file(path: Path) -> Columns:
        return _columns(sources, written, (*wanted, *names_in(path, shape, packed)), key)

    flatten = XmlFlatten(shape, columns, xsd.of_file if xsd else None, of_file if packed else None)
    return FlatReader(flatten, rows, returned=False), XmlSetAside(shape)


def _columns(sources: Sources, written: XmlFormat, wanted: tuple[str, ...], key: str) -> Columns:
    paths = {name: read_path(name, written.namespaces) for name in wanted if name != RECORD}
    lines = read_lines(written.lines, written.namespaces) if written.lines else ()
    joins = {read_path(name, written.namespaces): separator for name, separator in written.join.items()}
    read_by_lines = frozenset(name for field in sources.mapping.lines.values() for name in field.from_)
    return compile_columns(paths, lines, joins, key, read_by_lines)
