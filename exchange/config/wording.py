"""Alone words what pydantic finds wrong, for people who edit YAML: where it stands, what it is, what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from exchange.config.scalars import NOTHING, Unquoted, kind_of, quote_advice
from exchange.config.suggest import closest, suggest
from exchange.config.yamltext import Parsed, Path, Place

Finding = tuple[Place, str, str, str]
"""Where, what is wrong, what to write instead, code."""
_CHECKED = re.compile(r"function-\w+\[\w+\(\), (\w+)\]")
"""How pydantic calls a model that checks itself as a whole, in place of its name."""
_EXPECTED = {
    "bool": "true or false",
    "int": "a whole number such as 500",
    "decimal": "a number such as 0.01",
    "tuple": "a list such as [a, b]",
    "dict": "keys with values",
    "model": "keys with values",
    "string": "text",
}
"""First word of pydantic's error type -> what is expected."""


def findings(error: ValidationError, model: type[BaseModel], parsed: Parsed) -> list[Finding]:
    """Return each fault of `error` once, placed at the key or value that is wrong."""
    found: dict[Finding, None] = {}
    details = own_details(error, parsed)
    misspelt = set(_misspelt(details, model))
    for detail in details:
        if _consequence(detail) or (detail["type"] == "missing" and detail["loc"] in misspelt):
            continue
        path = _written(detail["loc"], parsed.data)
        found[_finding(detail, path, model, parsed)] = None
    return list(found)


def own_details(error: ValidationError, parsed: Parsed) -> list[ErrorDetails]:
    """Return what pydantic found, without what it says of branches of a union that were not meant."""
    return [each for each in error.errors(include_url=False) if not _other_branch(each["loc"], parsed.data)]


def written_path(detail: ErrorDetails, parsed: Parsed) -> Path:
    """Return where a fault stands in the file."""
    return _written(detail["loc"], parsed.data)


def meant_key(detail: ErrorDetails, model: type[BaseModel]) -> str | None:
    """Return the key that an unknown one probably means; None for other faults and where nothing is close."""
    if detail["type"] != "extra_forbidden":
        return None
    *parent, key = detail["loc"]
    return closest(str(key), _keys(model, tuple(parent)))


def shown(value: object) -> str:
    """Return a value as it was written."""
    if isinstance(value, Unquoted):
        return value.text
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def not_text(value: object) -> tuple[str, str]:
    """Return what is wrong with a value that has to be text, and what to write."""
    kind = kind_of(value)
    if kind == NOTHING:
        return (
            f"{shown(value)} is nothing to YAML",
            f'write "" where nothing is meant, "{shown(value)}" where the text is',
        )
    if kind is not None:
        return f"{shown(value)} is {kind} to YAML", quote_advice(shown(value))
    if value is None:
        return "nothing is written here", 'write the text, or "" where none is meant'
    if isinstance(value, dict):
        return "expected text, not keys with values", _other_shape(value, "text") or "write text"
    return "expected text, not a list", "write text"


def _misspelt(details: list[ErrorDetails], model: type[BaseModel]) -> Iterator[tuple[int | str, ...]]:
    """Return where the keys stand that unknown keys probably mean: they are not missing as well."""
    for detail in details:
        meant = meant_key(detail, model)
        if meant is not None:
            yield (*detail["loc"][:-1], meant)


def _consequence(detail: ErrorDetails) -> bool:
    """Tell whether a list counts as empty only because its entries are wrong, which is said of each."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _finding(detail: ErrorDetails, path: Path, model: type[BaseModel], parsed: Parsed) -> Finding:
    kind = detail["type"]
    if kind == "extra_forbidden":
        key = str(path[-1])
        instead = suggest(key, _keys(model, detail["loc"][:-1]))
        return parsed.place(path, key=True), f"unknown key {key!r}", instead, "UNKNOWN_KEY"
    if kind == "missing" and (torn := _torn(parsed, path[:-1])) is not None:
        return torn
    if kind == "missing":
        what, instead = f"key '{path[-1]}' is missing", f"write `{path[-1]}: ...`"
        return parsed.place(path[:-1], key=True), what, instead, "MISSING_KEY"
    if kind == "union_tag_invalid":
        path = (*path, "type")
    what, instead = _value_fault(detail, _name(path))
    return parsed.place(path), what, instead, _code(detail)


def _torn(parsed: Parsed, path: Path) -> Finding | None:
    """Return what is wrong where an entry of a list begins anew with each of its keys."""
    if not path or not isinstance(path[-1], int):
        return None
    entries = parsed.at(path[:-1])
    first = last = path[-1]
    while first > 0 and _has_one_key(entries[first - 1]):
        first -= 1
    while last + 1 < len(entries) and _has_one_key(entries[last + 1]):
        last += 1
    names = [name for entry in entries[first : last + 1] for name in entry]
    if first == last or len(set(names)) < len(names) or not _has_one_key(entries[path[-1]]):
        return None
    what = f"entries {first + 1} to {last + 1} of {_name(path[:-1])} have one key each, as if they were one entry"
    return parsed.place((*path[:-1], first)), what, "begin only the first line of an entry with `- `", "MISSING_KEY"


def _has_one_key(entry: object) -> bool:
    return isinstance(entry, dict) and len(entry) == 1


def _code(detail: ErrorDetails) -> str:
    """Return the code of a value that cannot be so; what raised it may know a better one."""
    if detail["type"] == "union_tag_not_found":
        return "MISSING_KEY"
    if detail["type"].startswith("string") and kind_of(detail["input"]) is not None:
        return "QUOTES_NEEDED"
    return getattr(detail.get("ctx", {}).get("error"), "code", "INVALID_VALUE")


def _name(path: Path) -> str:
    if not path:
        return "the file"
    last = path[-1]
    return f"entry {last + 1} of {_name(path[:-1])}" if isinstance(last, int) else repr(last)


def _value_fault(detail: ErrorDetails, name: str) -> tuple[str, str]:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    match kind:
        case "value_error":
            said = str(context["error"])
            found = _sentence(name, value, said) if said.startswith("expected") else (said, "")
        case "literal_error" | "union_tag_invalid":
            allowed = re.findall(r"'([^']*)'", str(context.get("expected", context.get("expected_tags"))))
            written = shown(context.get("tag", value))
            found = f"{name} cannot be {written!r}", suggest(written, allowed)
            if value is None:
                found = f"{name} is empty", suggest("", allowed)
        case "union_tag_not_found":
            found = f"{name} does not say its type", f"write `type: ...` in {name}"
        case "greater_than_equal":
            found = f"{name} is {shown(value)}", f"write {context['ge']} or more"
        case "less_than_equal":
            found = f"{name} is {shown(value)}", f"write {context['le']} or less"
        case "too_short":
            found = f"{name} is empty", "write at least one entry"
        case _:
            found = _wrong_type(kind.split("_")[0], name, value, detail["msg"])
    return found


def _wrong_type(family: str, name: str, value: object, said: str) -> tuple[str, str]:
    if family == "string" or (family == "tuple" and kind_of(value) is not None):
        what, instead = not_text(value)
        return f"{name}: {what}" if isinstance(value, list | dict | None) else what, instead
    return _sentence(name, value, f"expected {_EXPECTED.get(family, said)}")


def _sentence(name: str, value: object, expected: str) -> tuple[str, str]:
    if value is None:
        return f"{name} is empty", expected
    if isinstance(value, list | dict):
        return f"{name}: {expected}", _other_shape(value, expected)
    return f"{name} cannot be {shown(value)!r}", expected


def _other_shape(value: list[Any] | dict[str, Any], expected: str) -> str:
    """Return what to write where a list stands in place of keys, or keys in place of a list or a text."""
    if isinstance(value, list):
        return "take the `- ` or the [ ] away" if expected.endswith(_EXPECTED["dict"]) else ""
    bare = bool(value) and all(each is None for each in value.values())
    if expected.endswith(_EXPECTED["tuple"]):
        return f"write [{', '.join(value)}]" if bare else "begin each entry with `- `"
    return quote_advice(f"{{{next(iter(value))}}}") if bare and len(value) == 1 else ""


# --- where pydantic's location stands in the file -----------------------------------------------------------------
def _written(location: tuple[int | str, ...], data: object) -> Path:
    """Return the location without the names of union branches, which nobody wrote."""
    path: list[str | int] = []
    here: Any = data
    for number, part in enumerate(location):
        if _has(here, part):
            here = here[part]
            path.append(part)
        elif number == len(location) - 1 and isinstance(here, dict) and not _is_branch(part):
            path.append(part)
    return tuple(path)


def _has(here: object, part: int | str) -> bool:
    if isinstance(here, dict):
        return part in here
    return isinstance(here, list) and isinstance(part, int) and part < len(here)


def _is_branch(part: int | str) -> bool:
    return isinstance(part, str) and ("[" in part or part[:1].isupper())


def _other_branch(location: tuple[int | str, ...], data: object) -> bool:
    """Tell whether this fault comes from the branch of a union that was not meant: text or list against keys."""
    here: Any = data
    for part in location:
        if _has(here, part):
            here = here[part]
        elif _is_for_keys(part) is not None and isinstance(here, dict) != _is_for_keys(part):
            return True
    return False


def _is_for_keys(part: int | str) -> bool | None:
    """Tell whether a branch of a union takes keys, or text, a list or a switch; None where the part is no branch."""
    if part == "bool":
        return False
    plain = _CHECKED.sub(r"\1", str(part))
    return "[" not in plain if _is_branch(plain) else None


# --- which keys a model knows at a location -----------------------------------------------------------------------
def _keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    here: list[object] = [model]
    for part in location:
        here = [inner for outer in here for inner in _enter(outer, part)]
    models = [kind for outer in here for kind in _flat(outer) if _is_model(kind)]
    return [field.alias or name for kind in models for name, field in kind.model_fields.items()]


def _enter(outer: object, part: int | str) -> Iterator[object]:
    for kind in _flat(outer):
        if _is_model(kind):
            yield from _enter_model(kind, part)
        elif get_origin(kind) is tuple:
            yield get_args(kind)[0]
        elif get_origin(kind) is dict:
            yield get_args(kind)[1]


def _enter_model(kind: type[BaseModel], part: int | str) -> Iterator[object]:
    for name, field in kind.model_fields.items():
        if part in {field.alias or name}:
            yield field.annotation
        elif name == "type" and part in get_args(field.annotation):
            yield kind
    if part == kind.__name__:
        yield kind


def _flat(kind: Any) -> Iterator[Any]:
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _flat(get_args(kind)[0])
    elif origin in {Union, UnionType}:
        for branch in get_args(kind):
            yield from _flat(branch)
    elif origin is not Literal:
        yield kind


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
