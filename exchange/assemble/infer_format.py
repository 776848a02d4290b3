"""Tells what kind of file a sample is, and suggests its `format:` with the reasons."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from exchange.assemble.infer_rows import cannot
from exchange.assemble.infer_workbook import workbook
from exchange.infer.dialect import suggest_dialect
from exchange.infer.elements import elements_of
from exchange.infer.encoding import decoded, suggest_encoding
from exchange.infer.objects import names_of
from exchange.infer.ruler import Widths, guess, is_fixed, masked, ruler
from exchange.kernel.limits import XML_OPENING_BYTES

_FRONT = 4 * 1024 * 1024
"""Bytes by which dialects are told."""
_BLOCK = 1024 * 1024
_ZIP = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Suggested:
    """How a file is most probably written."""

    form: dict[str, object]
    """`format:` of the mapping."""
    reasons: tuple[str, ...]
    names: tuple[str, ...] = ()
    """The columns, where the file does not name them in a header."""
    inner: frozenset[str] = frozenset()
    """Those of lines within records."""
    warnings: tuple[str, ...] = ()
    """What a person has to look at before anything works."""
    shown: tuple[str, ...] = ()
    """Lines of the file below a ruler, where places had to be guessed."""


def suggest_format(path: Path, sheet: str = "", *, whole: bool) -> Suggested:
    """Return the format of a file; raises NotInferred where none can be suggested.

    `sheet`: that of a workbook, by name or number; `whole`: the file was not cut.
    """
    with path.open("rb") as stream:
        data = stream.read(_FRONT)
        whole = whole and not stream.read(1)
    if not data.strip():
        raise cannot(path, "it is empty")
    if data.startswith(_OLD_WORKBOOK):
        raise cannot(path, "it is a workbook of the old format (.xls) or has a password: save it as .xlsx without one")
    if data.startswith(_ZIP):
        return _packed(path, sheet)
    if sheet:
        raise cannot(path, "it is no workbook, so --sheet says nothing of it")
    return _of_text(path, data, whole=whole)


def _of_text(path: Path, data: bytes, *, whole: bool) -> Suggested:
    encoded = suggest_encoding(data)
    text = decoded(data, encoded.name)
    begin = text.lstrip()[:1]
    if begin == "<":
        return _xml(path)
    if begin in {"{", "["}:
        return _json(path, text)
    if "\0" in text:
        raise cannot(path, "it holds NUL bytes: it is no text")
    return _text(path, text, encoded.name, encoded.reason, whole=whole)


def _text(path: Path, text: str, encoding: str, reason: str, *, whole: bool) -> Suggested:
    complete = text if whole else text[: text.rfind("\n") + 1]
    lines = complete.splitlines()
    dialect = suggest_dialect(complete, whole=whole)
    reasons = (f"encoding: {reason}",)
    if dialect is not None:
        form = {"type": "csv", "encoding": encoding, **dialect.keys}
        return Suggested(form, (*reasons, *dialect.reasons), warnings=dialect.warnings)
    if is_fixed(lines):
        return _fixed(path, lines, encoding, reasons)
    raise cannot(
        path, "no delimiter makes columns of it, its lines are of many lengths, and one column tells no document"
    )


def _fixed(path: Path, lines: list[str], encoding: str, reasons: tuple[str, ...]) -> Suggested:
    widths = guess(lines)
    if widths is None:
        told = (
            "it looks like fixed width with records of several types, or without gaps between its fields: the widths "
            "cannot be inferred. Ask the partner for the description and declare them below `format: {type: fixed, "
            f"records: [...]}}` (see mappings/README.md); here is the ruler:\n{ruler(lines)}\nnothing was drafted"
        )
        raise cannot(path, told)
    records: list[dict[str, object]] = []
    if widths.heading:
        records.append({"name": "heading", "code": widths.heading, "role": "ignore"})
    records.append({"name": "row", "fields": list(_fields(widths))})
    form: dict[str, object] = {"type": "fixed", "encoding": encoding, "short": "accept", "records": records}
    why = "widths: guessed from the gaps, each field up to where the next one begins; compare with the ruler:"
    heads = widths.heading or "\n"
    shown = tuple(ruler([line if line.startswith(heads) else masked(line) for line in lines]).splitlines())
    named = () if widths.named else ("the file does not name its fields: give them names",)
    names = tuple(field.name for field in widths.fields)
    return Suggested(form, (*reasons, why), names, warnings=named, shown=shown)


def _fields(widths: Widths) -> Iterator[dict[str, object]]:
    for field in widths.fields:
        yield {"name": field.name, "start": field.start, "length": field.length}


def _packed(path: Path, sheet: str) -> Suggested:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as fault:
        raise cannot(path, f"it is damaged: {fault}") from fault
    if "xl/workbook.xml" not in names:
        raise cannot(path, "it is a zip archive: unpack it and infer from a file in it (a flow unpacks by itself)")
    book = workbook(path, sheet)
    return Suggested(book.form, book.reasons, warnings=book.told)


def _json(path: Path, text: str) -> Suggested:
    found = names_of(text.splitlines())
    if found is None or _is_one_value(text):
        raise cannot(path, "it is JSON, but not JSON Lines: each line must be an object of its own")
    form: dict[str, object] = {"type": "jsonl"}
    reasons = ["type: each line is a JSON object"]
    if found.lines:
        form["lines"] = found.lines
        reasons.append(f"lines: {found.lines} is an array of objects, each of which is read as a line")
    if found.others:
        reasons.append(f"not read, because arrays are no single values: {', '.join(found.others)}")
    inner = frozenset(name for name in found.columns if found.lines and name.startswith(f"{found.lines}."))
    return Suggested(form, tuple(reasons), found.columns, inner)


def _is_one_value(text: str) -> bool:
    """Tell whether a file of several lines is one JSON value."""
    first = text.lstrip().split("\n", 1)[0]
    try:
        json.loads(first)
    except ValueError:
        return True
    return first.lstrip().startswith("[")


def _xml(path: Path) -> Suggested:
    with path.open("rb") as stream:
        if b"<!ENTITY" in stream.read(XML_OPENING_BYTES):
            raise cannot(path, "it declares entities, and files that do are always refused")
    try:
        found = elements_of(_blocks(path))
    except SyntaxError as fault:
        raise cannot(path, f"it is no well-formed XML: {fault.msg}") from fault
    if found is None or not found.columns:
        raise cannot(path, "no element of it holds values: write `format: {type: xml, record: /Root/Record}` yourself")
    form: dict[str, object] = {"type": "xml", "record": found.record}
    reasons = [f"record: {found.record} is the first element that repeats or has values of its own"]
    if found.namespaces:
        form["namespaces"] = dict(found.namespaces)
    if found.lines:
        form["lines"] = found.lines
        reasons.append(
            f"lines: {found.lines} looks most like a line, by its name and what is in it: a quantity, an item, a price"
        )
    if found.doctype:
        form["doctype"] = "allow"
        reasons.append("doctype: the file has one; nothing of it is loaded")
    if found.repeated:
        reasons.append(f"not read, because they occur several times (see `join`): {', '.join(found.repeated[:8])}")
    return Suggested(form, tuple(reasons), found.columns, found.inner)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block


def one_each(suggested: Suggested) -> Suggested | None:
    """Return the format of an XML file with the lines of its one record as records; None where there is no such.

    What stands around them is read from the root.
    """
    record, lines = (str(suggested.form.get(key, "")) for key in ("record", "lines"))
    if suggested.form["type"] != "xml" or not lines or record.count("/") > 1:
        return None
    inner = {name: name.removeprefix(lines).removeprefix("/") or "." for name in suggested.names}
    names = [
        inner[name] if name in suggested.inner else f"{record}/{name}"
        for name in suggested.names
        if name in suggested.inner or not name.startswith("@")
    ]
    form = {name: value for name, value in suggested.form.items() if name != "lines"} | {"record": f"{record}/{lines}"}
    told = (f"record: {lines} is the element that repeats, and each tells of one item",)
    others = tuple(reason for reason in suggested.reasons if not reason.startswith(("record:", "lines:")))
    return replace(suggested, form=form, reasons=(*told, *others), names=tuple(names), inner=frozenset())
