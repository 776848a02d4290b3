"""Alone finds what the mappings of XML files say that cannot be so: paths, prefixes, files that are not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from exchange.config.files import Files
from exchange.config.formats import XmlFormat
from exchange.config.loader import Loaded
from exchange.config.models import Mapping
from exchange.config.suggest import suggest
from exchange.config.yamltext import Path
from exchange.kernel.errors import Mistake
from exchange.kernel.xmlpath import PathFault, read_lines, read_path, read_pattern, read_record

_MISPLACED = "KEY_MISPLACED"
Columns = Iterable[tuple[Path, str]]
"""(YAML path, column) of each column that a mapping reads."""


def xml_mistakes(
    loaded: Loaded[Mapping], mapping: Mapping, form: XmlFormat, files: Files, columns: Columns
) -> Iterator[Mistake]:
    """Yield the mistakes of an XML mapping; `columns` are those that it reads."""
    if form.schema_ and form.schema_ not in files.xsds:
        what = f"there is no mappings/schemas/{form.schema_}"
        instead = suggest(form.schema_, files.xsds)
        yield loaded.mistake(("format", "schema"), what, instead, key=False, code="UNKNOWN_XSD")
    yield from _reading(loaded, form, columns) if mapping.reads is not None else _writing(loaded, mapping, form, files)


def _writing(loaded: Loaded[Mapping], mapping: Mapping, form: XmlFormat, files: Files) -> Iterator[Mistake]:
    if form.template not in files.templates:
        what = f"there is no templates/{form.template}" if form.template else "a mapping that writes needs `template:`"
        place: Path = ("format", "template") if form.template else ("format",)
        instead = suggest(form.template, files.templates)
        yield loaded.mistake(place, what, instead, key=not form.template, code="UNKNOWN_TEMPLATE")
    written = {*mapping.fields, *mapping.lines}
    for number, name in enumerate(mapping.totals):
        at = ("totals", number) if ("totals", number) in loaded.parsed.values else ("totals",)
        if name not in written:
            what = f"there is no field {name!r}"
            yield loaded.mistake(at, what, suggest(name, written), key=False, code="UNKNOWN_FIELD")
        elif name in mapping.fields and name in mapping.lines:
            what = f"{name!r} is both a field and one of the lines, so it is not clear which is summed up"
            yield loaded.mistake(at, what, "rename one of the two", key=False, code="FILLED_TWICE")
    for key in ("record", "namespaces", "lines", "join", "doctype", "on_broken", "explained"):
        if key in form.model_fields_set:
            what = f"{key!r} belongs into a mapping that reads"
            yield loaded.mistake(("format", key), what, "remove it", code=_MISPLACED)


def _reading(loaded: Loaded[Mapping], form: XmlFormat, columns: Columns) -> Iterator[Mistake]:
    if form.template:
        what = "'template' belongs into a mapping that writes"
        yield loaded.mistake(("format", "template"), what, "remove it", code=_MISPLACED)
    if not form.record:
        what = "a mapping that reads XML needs `record:`"
        yield loaded.mistake(("format",), what, "write the path of a record, such as /Orders/Order", code="MISSING_KEY")
        return
    yield from _path(loaded, form, ("format", "record"), form.record, read_record)
    if form.lines:
        yield from _path(loaded, form, ("format", "lines"), form.lines, read_lines)
    for name in form.join:
        yield from _path(loaded, form, ("format", "join", name), name, read_path, key=True)
    for place, name in columns:
        yield from _path(loaded, form, place, name, read_pattern if "*" in name else read_path)


def _path(
    loaded: Loaded[Mapping],
    form: XmlFormat,
    place: Path,
    text: str,
    read: Callable[[str, dict[str, str]], object],
    *,
    key: bool = False,
) -> Iterator[Mistake]:
    try:
        read(text, form.namespaces)
    except PathFault as fault:
        at = place if place in loaded.parsed.values else place[:-1]
        yield loaded.mistake(at, fault.what, fault.instead, key=key, code="PATH_INVALID")
