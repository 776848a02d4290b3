"""Writes what was inferred as YAML: a mapping and a table schema, with a confidence and a reason behind each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from exchange.documents.loader import Document
from exchange.infer.grouping import Grouping
from exchange.infer.kinds import Looks
from exchange.infer.matching import MAYBE, Level, Match, Matches
from exchange.infer.steps import Steps, country_steps, steps_for
from exchange.infer.synonyms import synonyms
from exchange.infer.written import comment, commented, flow, note, scalar
from exchange.kernel.plural import many

_TYPES = {"integer": "integer", "decimal": "number", "date": "date", "datetime": "datetime", "boolean": "boolean"}


@dataclass(frozen=True, slots=True)
class Inferred:
    """All that is known of a sample."""

    file: str
    """Name of the sample, for the comment."""
    name: str
    """Of the mapping to be, for example `odoo/orders`."""
    rows: int
    form: Mapping[str, object]
    """`format:` of the mapping."""
    reasons: tuple[str, ...]
    """Why the format, a sentence each."""
    looks: Mapping[str, Looks]
    matches: Matches
    grouping: Grouping | None
    chosen_because: str
    """Why this document."""
    cut: str = ""
    """What was left out of the sample."""
    shown: tuple[str, ...] = ()
    """Lines of the file as they are, for a comment."""


@dataclass(slots=True)
class Draft:
    """The text of the files."""

    mapping: str = ""
    schema: str = ""
    choose: list[str] = field(default_factory=list)
    """What a person has to decide before the draft works."""
    made_up: list[str] = field(default_factory=list)
    """Fields that every document needs and the file does not tell."""
    blank: list[str] = field(default_factory=list)
    """Those whose column is there and holds nothing."""


def schema_name(name: str) -> str:
    """Return what the table schema of a mapping is called."""
    return name.replace("/", "_").replace("-", "_")


def draft(inferred: Inferred) -> Draft:
    """Return the mapping and the schema that fit what was inferred."""
    made = Draft()
    made.mapping = "\n".join([*_head(inferred), *_fields(inferred, made), *_unread(inferred)]) + "\n"
    made.schema = "\n".join(_schema(inferred)) + "\n"
    return made


def _head(inferred: Inferred) -> Iterator[str]:
    of = f"{many(inferred.rows, 'row')}{inferred.cut}"
    yield from note(f"Drafted by `exchange infer` from {inferred.file}, {of}.")
    yield "# Read each line and correct it, then run `exchange check`. The number is how sure a line is, from 0 to 1."
    kind = inferred.matches.kind
    yield from commented(f"reads: {kind.name}", inferred.chosen_because)
    for reason in inferred.reasons:
        yield from note(reason)
    yield from (f"#   {line}" for line in inferred.shown)
    yield from _format(inferred.form)
    yield f"schema: {schema_name(inferred.name)}"
    yield ""
    yield from _group(inferred)


def _format(form: Mapping[str, object]) -> Iterator[str]:
    line = f"format: {flow(form)}"
    if len(line) <= 120:
        yield line
        return
    yield "format:"
    for name, value in form.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield f"  {name}:"
            yield from (line for each in value for line in _record(each))
        else:
            yield f"  {name}: {flow(value)}"


def _record(record: Mapping[str, object]) -> Iterator[str]:
    yield "    - " + "\n      ".join(f"{name}: {flow(value)}" for name, value in record.items() if name != "fields")
    fields = record.get("fields")
    if isinstance(fields, list):
        yield "      fields:"
        yield from (f"        - {flow(each)}" for each in fields)


def _group(inferred: Inferred) -> Iterator[str]:
    grouping = inferred.grouping
    if grouping is None:
        yield from note("Each row is a document: no number of one stands on several rows.")
        yield ""
        return
    yield from note(grouping.reason)
    keys: dict[str, object] = {"key": grouping.key}
    if grouping.on_first_row:
        keys["key_on"] = "first_row"
    if grouping.starts:
        keys["starts"] = list(grouping.starts)
    yield f"group: {flow(keys)}"
    yield ""


def _fields(inferred: Inferred, made: Draft) -> Iterator[str]:
    kind = inferred.matches.kind
    yield "fields:"
    yield from _level(inferred, "fields", made)
    if kind.lines:
        yield ""
        yield "lines:"
        yield from _level(inferred, "lines", made)


def _level(inferred: Inferred, level: Level, made: Draft) -> Iterator[str]:
    kind = inferred.matches.kind
    fields = kind.fields if level == "fields" else kind.lines
    blocks: set[str] = set()
    for name, described in fields.items():
        block, _, part = name.partition(".")
        if part:
            if block not in blocks:
                blocks.add(block)
                yield from _address(inferred, block, kind)
            continue
        found = [each for each in (inferred.matches.of(level, name), _instead(inferred, level, name)) if each]
        match = max(found, key=lambda each: each.confidence, default=None)
        if match is None and name == kind.key and level == "fields":
            match = _numbering(inferred, name)
        if match is not None:
            if _is_needed(kind, level, name) and inferred.rows and inferred.looks[match.column].kind == "blank":
                made.blank.append(
                    f'{name}: its column "{match.column}" is blank in every row, so all would be rejected'
                )
            steps = steps_for(inferred.looks[match.column], described)
            yield from _line(name, match, steps, made)
        elif described.constraints.required:
            yield from _constant(inferred, name, described.type, made)


def _is_needed(kind: Document, level: Level, name: str) -> bool:
    fields = kind.fields if level == "fields" else kind.lines
    return fields[name].constraints.required or (level == "fields" and name == kind.key)


def _line(name: str, match: Match, steps: Steps, made: Draft) -> Iterator[str]:
    for told in steps.notes:
        yield from note(told, "  ")
    line = f"  {name}: {flow({'from': match.column, 'steps': list(steps.steps)})}"
    if steps.choose:
        made.choose.append(f"{name}: {steps.choose}")
        yield from commented(line, f"{match.told}; CHOOSE: {steps.choose}, see above")
    else:
        yield from commented(line, match.told)


def _instead(inferred: Inferred, level: Level, name: str) -> Match | None:
    """Return the match of another field whose column does for a field that must be filled."""
    kind = inferred.matches.kind
    for other in synonyms(kind.name).instead.get(name, ()) if level == "fields" else ():
        for place in ("fields", "lines"):
            found = inferred.matches.of("fields" if place == "fields" else "lines", other)
            if found is not None and (inferred.grouping is None or found.column not in inferred.grouping.varying):
                reasons = (*found.reasons, f"no column is called like {name}")
                return Match(found.column, level, name, 0.8 * found.confidence, reasons)
    return None


def _numbering(inferred: Inferred, name: str) -> Match | None:
    """Return the column that numbers the documents where none is called so: one whose values all differ."""
    columns = [look.column for look in inferred.looks.values()]
    different = [column for column in columns if len(column.distinct) == inferred.rows]
    if not columns:
        return None
    reason = "its values all differ" if different else "the first column"
    told = (reason, f"no column is called like {name}: CHECK IT")
    return Match((different or columns)[0].name, "fields", name, 0.3 if different else 0.1, told)


def _constant(inferred: Inferred, name: str, kind: str, made: Draft) -> Iterator[str]:
    """Yield a line for a field that every document needs and the file does not tell."""
    value = synonyms(inferred.matches.kind.name).constants.get(name, "UNKNOWN")
    told = f"0.00: no column tells {name}, and every document needs it: this value is MADE UP, write the right one"
    if name == "currency" and (found := _currency(inferred)) is not None:
        value, told = found
    else:
        made.made_up.append(name)
    steps: list[object] = [{"constant": value}]
    if kind == "datetime":
        steps.append({"parse_date": "%Y-%m-%d"})
    yield from commented(f"  {name}: {flow({'steps': steps})}", told)


def _currency(inferred: Inferred) -> tuple[str, str] | None:
    """Return the currency that the units or signs of other columns tell, with the comment."""
    for look in inferred.looks.values():
        if look.unit is not None and len(look.unit.of) == 3:
            return look.unit.of, f'0.80: the unit of column "{look.name}"'
        if look.numbers is not None and look.numbers.currency:
            return look.numbers.currency, f'0.80: the sign before the amounts of column "{look.name}"'
    return None


def _address(inferred: Inferred, block: str, kind: Document) -> Iterator[str]:
    parts = [name for name in kind.fields if name.startswith(f"{block}.")]
    found = [(name.partition(".")[2], inferred.matches.of("fields", name)) for name in parts]
    if not any(match for _, match in found):
        return
    yield f"  {block}:"
    yield "    address:"
    for part, match in found:
        if match is not None:
            steps = country_steps(inferred.looks[match.column]) if part == "country" else ()
            value = flow({"from": match.column, "steps": list(steps)}) if steps else scalar(match.column)
            yield from commented(f"      {part}: {value}", match.told)


def _unread(inferred: Inferred) -> Iterator[str]:
    read = {match.column for match in inferred.matches.chosen}
    left = [look for name, look in inferred.looks.items() if name not in read]
    if left:
        yield ""
        yield "# Columns that nothing reads, and what they look like:"
    for look in left:
        maybe = inferred.matches.maybe.get(look.name)
        told = f"{look.name}: {look.told}"
        if maybe is not None and maybe.confidence >= MAYBE:
            told += f"; maybe {maybe.field} ({maybe.confidence:.2f})"
        yield from note(told)


def _private(inferred: Inferred) -> Iterator[str]:
    """Yield the columns of fields that tell of a person."""
    kind = inferred.matches.kind
    for match in inferred.matches.chosen:
        if (kind.fields if match.level == "fields" else kind.lines)[match.field].pii:
            yield match.column


def _schema(inferred: Inferred) -> Iterator[str]:
    yield f"# The columns of {comment(inferred.file)}, drafted by `exchange infer` from {many(inferred.rows, 'row')}."
    yield "# No example is written where the cells most probably tell of a person."
    yield f"title: {scalar(inferred.name)}"
    yield "fields:"
    key = inferred.grouping.key if inferred.grouping else None
    used = {match.column: match.field for match in inferred.matches.chosen}
    private = set(_private(inferred))
    for name, look in inferred.looks.items():
        keys: dict[str, object] = {"name": name}
        kind = "string" if look.kept or look.is_a in {"gtin", "sscc"} else _TYPES.get(look.kind, "string")
        if kind != "string":
            keys["type"] = kind
        keys["description"] = used.get(name, "not used")
        example = "" if name in private else look.cell if name in used else look.example
        if example:
            keys["example"] = example
        if name not in used and name != key:
            keys["optional"] = True
        if name == key:
            if inferred.grouping is not None and inferred.grouping.on_first_row:
                keys["required_on"] = "first_row"
            keys["constraints"] = {"required": True}
        yield f"  - {flow(keys)}"
