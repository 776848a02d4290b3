"""Loads the canonical documents; the one reader of the YAML table schemas in this folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from exchange.kernel.packaged import packaged_yaml

FieldType = Literal["text", "identifier", "integer", "decimal", "datetime", "boolean", "country", "currency"]
FOLDER = Path(__file__).parent
DECIMAL_PLACES = 4
"""Scale of every `decimal` field: amounts to the hundredth of a cent, weights to a tenth of a milligram."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a value must satisfy; the names are those of Frictionless Table Schema."""

    required: bool = False
    minimum: int | None = None
    maximum: int | None = None
    minLength: int | None = None  # noqa: N815 - the standard's spelling
    maxLength: int | None = None  # noqa: N815 - the standard's spelling
    pattern: str | None = None
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a document or a table."""

    name: str
    type: FieldType
    description: str = ""
    unit: str = ""
    pii: str = ""
    """Kind of personal data: name, address, phone, email, note; blank where it is none."""
    item: bool = False
    """Whether it says something of the item itself: a component's is never that of the bundle it was sold in."""
    compare: bool = True
    """Whether another value makes a repeated document a changed one."""
    constraints: Constraints = field(default_factory=Constraints)


@dataclass(frozen=True, slots=True)
class Document:
    """The shape of one canonical record kind."""

    name: str
    key: str
    describes: str
    fields: dict[str, Field]
    """Header fields that mappings fill, by name, in order."""
    lines: dict[str, Field]
    """Line fields that mappings fill."""
    computed_fields: dict[str, Field]
    """Header fields that the product sets."""
    computed_lines: dict[str, Field]
    """Line fields that the product sets."""
    replaces: bool = False
    """`repeats: replace`: a newer one with other content takes the place of the one before; nobody is asked."""

    @property
    def readable_fields(self) -> dict[str, Field]:
        """Header fields an outbound mapping may read."""
        return {**self.fields, **self.computed_fields}

    @property
    def readable_lines(self) -> dict[str, Field]:
        """Line fields an outbound mapping may read."""
        return {**self.lines, **self.computed_lines}


def names() -> tuple[str, ...]:
    """Return the names of all documents."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def document(name: str) -> Document:
    """Return the document called `name`; KeyError where there is none."""
    if name not in names():
        raise KeyError(name)
    raw = packaged_yaml(FOLDER / f"{name}.yaml")
    computed = raw.get("computed", {})
    return Document(
        name=raw["document"],
        key=raw["key"],
        describes=raw["describes"],
        fields=_by_name(raw["fields"]),
        lines=_by_name(raw.get("lines", [])),
        computed_fields=_by_name(computed.get("fields", [])),
        computed_lines=_by_name(computed.get("lines", [])),
        replaces=raw.get("repeats") == "replace",
    )


def _by_name(rows: list[dict[str, Any]]) -> dict[str, Field]:
    return {made.name: made for made in _fields(rows)}


def _fields(rows: list[dict[str, Any]]) -> Iterator[Field]:
    for row in rows:
        constraints = dict(row.get("constraints", {}))
        if "enum" in constraints:
            constraints["enum"] = tuple(constraints["enum"])
        yield Field(**{**row, "constraints": Constraints(**constraints)})
