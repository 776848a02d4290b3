"""Writes what came into a cases file in place of what was expected; comments, order and all other keys stay."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from exchange.cases.differences import REMOVED, Path
from exchange.config.scalars import read_plain

_WIDE = 1_000_000
"""Lines are never broken anew."""
_BRIEF = 100
"""Characters of an entry that is written on one line, as `{sku: A}`."""
_LIST = re.compile(r"^( *)[^ #\n-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*( *)- ", re.MULTILINE)


def rewritten(text: str, changes: Iterable[tuple[Path, object]]) -> str:
    """Return the text of a YAML file with the values at these paths set; `REMOVED` takes an entry away.

    A path to an entry behind the last one of a list adds it.
    """
    yaml = _round_trip(text)
    data = yaml.load(text)
    wanted = dict(changes)
    for path, value in wanted.items():
        if value is not REMOVED:
            _set(data, path, value)
    # From behind, so that the places of entries before stay what they are.
    for path in sorted((path for path, value in wanted.items() if value is REMOVED), key=_place, reverse=True):
        parent = _parent(data, path)
        if isinstance(parent, CommentedMap):
            parent.pop(path[-1], None)
        elif len(parent) > int(path[-1]):
            del parent[int(path[-1])]
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def _round_trip(text: str) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    found = _LIST.search(text)
    offset = len(found[2]) - len(found[1]) if found else 2
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    return yaml


def _place(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((part, "") if isinstance(part, int) else (-1, part) for part in path)


def _parent(data: object, path: Path) -> CommentedMap | CommentedSeq:
    here: object = data
    for part in path[:-1]:
        if isinstance(here, CommentedMap):
            here = here.setdefault(part, CommentedMap())
        elif isinstance(here, CommentedSeq):
            here = here[int(part)]
    if not isinstance(here, CommentedMap | CommentedSeq):
        raise TypeError(f"nothing can be written below {path}")
    return here


def _set(data: object, path: Path, value: object) -> None:
    parent, last = _parent(data, path), path[-1]
    if isinstance(parent, CommentedMap):
        parent[last] = _node(value, parent.get(last))
    elif int(last) < len(parent):
        parent[int(last)] = _node(value, parent[int(last)])
    else:
        parent.append(_node(value, parent[-1] if parent else None))


def _node(value: object, like: object) -> object:
    """Return a value as it is written: an entry as the one before, text with quotes where YAML would change it."""
    if isinstance(value, dict):
        made = CommentedMap((key, _node(inner, None)) for key, inner in value.items())
        flat = isinstance(like, CommentedMap) and bool(like.fa.flow_style())
        nested = any(isinstance(inner, dict | list) for inner in value.values())
        if flat or (like is None and not nested and len(str(value)) <= _BRIEF):
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        return CommentedSeq(_node(inner, None) for inner in value)
    return _text(value, like) if isinstance(value, str) else value


def _text(value: str, like: object) -> object:
    if "\n" in value and not re.search(r"[ \t]\n|[\x00-\x08\x0b-\x1f\x85\u2028\u2029\ufeff]", value):
        return LiteralScalarString(value)
    plain = read_plain(value) if value else None
    if isinstance(plain, int) and isinstance(like, int):
        return plain
    if value != value.strip() or not isinstance(plain, str) or not value.isprintable():
        return DoubleQuotedScalarString(value)
    return type(like)(value) if isinstance(like, str) else value
