"""The checks of `exchange check` that look inside a mapping: it compiles, its template renders, its XSD is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from exchange.assemble.sources import tables_of
from exchange.checks.xsd import xsd_mistakes
from exchange.config.formats import XmlFormat
from exchange.config.models import Mapping
from exchange.config.tables import load_table
from exchange.config.workspace import load_schema, schema_names, table_names, template_file, xsd_file
from exchange.documents.loader import document
from exchange.formats.template.check import PROVIDES_NOT, template_mistakes
from exchange.kernel.errors import Mistake
from exchange.mapping.plan import PlanError, compile_mapping

DEEPER = (
    "exchange.assemble.deeper:compiles",
    "exchange.assemble.deeper:renders",
    "exchange.assemble.plugins:usable",
)
"""`module:function` rows of checks that look into a mapping; see exchange.config.inspection.Deeper."""
DECLARES = "exchange.assemble.declares:declares"
"""One more, for `exchange check` alone: it imports pandera, which a run does without."""
WIDER = (
    "exchange.assemble.lint_unused:unused",
    "exchange.assemble.lint_filled:unfilled",
    "exchange.assemble.lint_xsd:demanded",
    "exchange.assemble.lint_when:unreachable",
    "exchange.assemble.lint_values:not_allowed",
    "exchange.assemble.lint_lookup:repeated",
    "exchange.assemble.addresses:unread_anywhere",
    "exchange.assemble.bundles:wrong_bundles",
    "exchange.assemble.computing:wrong_computed",
    "exchange.assemble.lint_stock:wrong_packs",
    "exchange.assemble.lint_stock:shares",
    "exchange.assemble.lint_stock:zeros",
    "exchange.assemble.cases_files:wrong_cases",
)
"""`module:function` rows of checks of several files together, for `exchange check` alone: config.inspection.Wider."""
Found = tuple[tuple[str | int, ...], str, str, str]


def compiles(root: Path, name: str, mapping: Mapping) -> Iterator[Found]:
    """Yield what keeps a mapping from being compiled: steps, tables, columns, fields, types."""
    try:
        kind = document(mapping.reads or mapping.writes or "")
    except KeyError:
        return  # the check of references names it
    known, named = set(table_names(root)), set(tables_of(mapping))
    # Where an unknown one is named, all that exist are candidates for what was meant.
    read = {table: load_table(root, table)[0] for table in sorted(known if named - known else named)}
    tables = {table: made for table, made in read.items() if made is not None}
    columns = None
    if mapping.schema_ in schema_names(root):
        columns = [field.name for field in load_schema(root, mapping.schema_ or "").fields]
    try:
        compile_mapping(mapping, kind, tables, name, columns)
    except PlanError as fault:
        for mistake in fault.mistakes:
            yield mistake.path, mistake.what, mistake.instead, mistake.code


def renders(root: Path, name: str, mapping: Mapping) -> Iterator[Mistake]:
    """Yield what is wrong with the template and the XSD of a mapping."""
    del name
    if not isinstance(mapping.format, XmlFormat):
        return
    xsd, template = xsd_file(mapping.format.schema_), template_file(mapping.format.template)
    if mapping.format.schema_ and (root / xsd).is_file():
        yield from xsd_mistakes(root / xsd, xsd)
    if mapping.format.template and (root / template).is_file():
        source = (root / template).read_text(encoding="utf-8")
        for line, what, instead in template_mistakes(source, mapping.fields, mapping.lines, mapping.totals):
            code = "TEMPLATE_FIELD" if what.startswith(PROVIDES_NOT) else "TEMPLATE_INVALID"
            yield Mistake(template, line, _column(source, line, what), what, instead, code)


def _column(source: str, line: int, what: str) -> int:
    """Return where the name that a message quotes stands in a line of the template; 1 where it cannot be told."""
    named = re.search(r"'([^']+)'", what)
    lines = source.splitlines()
    if named is None or not 0 < line <= len(lines):
        return 1
    text = lines[line - 1]
    return text.find(f".{named[1]}") + 2 if f".{named[1]}" in text else text.find(named[1]) + 1 or 1
