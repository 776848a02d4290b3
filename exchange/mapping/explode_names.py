"""What packed cells are called in a mapping: the columns `<name>.<key>`, and what is wrong with naming them."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.config.explode import Explode
from exchange.config.models import FieldMap, Mapping
from exchange.config.suggest import suggest
from exchange.mapping.chain import Path, PlanMistake


def columns_read(mapping: Mapping) -> list[str]:
    """Return every column that some field of a mapping comes from."""
    return [name for _, name in _read(mapping)]


def packed_columns(mapping: Mapping) -> list[str]:
    """Return the columns that the packed cells of a mapping give: those that it names, and those of the known keys."""
    known = [f"{name}.{key}" for name, how in mapping.explode.items() for key in how.keys if "*" not in key]
    return [*known, *(name for name in columns_read(mapping) if name.partition(".")[0] in mapping.explode)]


def explode_mistakes(mapping: Mapping) -> Iterator[PlanMistake]:
    """Find what cannot work below `explode`, and values that it does not give."""
    making = [name for name, how in mapping.explode.items() if how.makes_lines]
    for name in mapping.explode:
        if "." in name:
            yield PlanMistake(("explode", name), f"{name} holds a point", "call it by one word, such as line_items")
    for name in making[1:]:
        what = f"{making[0]} makes lines already: which of them belong together could not be known"
        yield PlanMistake(("explode", name), what, "keep one; take the others apart in one column without `lines`")
    for path, column in _read(mapping):
        name, _, key = column.partition(".")
        if name in mapping.explode and not _gives(mapping.explode[name], key):
            what = f"there is no {key} among the keys of explode.{name}"
            yield PlanMistake(path, what, suggest(key, mapping.explode[name].keys, "add it there"), "UNKNOWN_COLUMN")


def _gives(how: Explode, key: str) -> bool:
    return bool(key) and (not how.keys or key in how.keys or any("*" in known for known in how.keys))


def _read(mapping: Mapping) -> Iterator[tuple[Path, str]]:
    for level, fields in (("fields", mapping.fields), ("lines", mapping.lines)):
        for name, field in fields.items():
            yield from (((level, name, "from"), column) for column in field.from_)
            for part, given in (field.address or {}).items():
                for column in given.from_ if isinstance(given, FieldMap) else given:
                    yield (level, name, "address", part), column
