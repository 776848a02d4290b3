"""Documents into JSON Lines: one object a document, its lines as an array."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from exchange.kernel.chunk import CellFailure, Fragment, Ints

Columns = Mapping[str, pa.Array]
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_MARK = "\ue000"
"""Stands around a number until its quotes are taken off: numbers keep their digits, so no float is ever made."""
_MARKED = re.compile(f'"{_MARK}([^"]*){_MARK}"')


@dataclass(frozen=True, slots=True)
class JsonLinesWriter:
    """Writes documents; picklable, without state. A name with dots is a way into an object: `customer.email`."""

    fields: tuple[str, ...]
    lines: tuple[str, ...]
    array: str
    """Name of the array that holds the lines; blank: there is none, and each line is an object of its own."""
    numbers: frozenset[str] = frozenset()
    """Fields whose text is written as a number."""
    flags: frozenset[str] = frozenset()
    """Fields whose text is written as true or false."""

    def render(self, header: Columns, lines: Columns, owner: Ints) -> tuple[Fragment, list[CellFailure]]:
        """Return the documents as bytes, and the cells that are not what their field is written as.

        `header` has one cell per document, `lines` one per line; `owner` is the document of each line, ascending.
        """
        documents = len(next(iter(header.values()))) if header else int(owner.max(initial=-1)) + 1
        failures: list[CellFailure] = []
        heads = [self._values(header, self.fields, row, row, failures) for row in range(documents)]
        tails = [self._values(lines, self.lines, row, int(document), failures) for row, document in enumerate(owner)]
        begins = np.searchsorted(owner, np.arange(documents + 1)).tolist()
        refused = {failure.row for failure in failures}
        kept = [document for document in range(documents) if document not in refused]
        pieces, records = [], []
        for document in kept:
            made = self._objects(heads[document], tails[begins[document] : begins[document + 1]])
            pieces.append("".join(_text(each) + "\n" for each in made).encode())
            records.append(len(made))
        ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int64)
        fragment = Fragment(b"".join(pieces), ends, np.array(records, np.int64), np.array(kept, np.int64))
        return fragment, failures

    def _objects(self, head: dict[str, Any], tails: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self.array:
            return [_nested({**head, self.array: [_nested(tail) for tail in tails]})]
        return [_nested({**head, **tail}) for tail in tails] if self.lines else [_nested(head)]

    def _values(
        self, columns: Columns, names: tuple[str, ...], row: int, document: int, failures: list[CellFailure]
    ) -> dict[str, Any]:
        """Return the values of one row; blank cells are left out."""
        made: dict[str, Any] = {}
        for name in names:
            text = columns[name][row].as_py()
            if text is None or text == "":
                continue
            if name in self.numbers:
                if not _NUMBER.fullmatch(text):
                    failures.append(CellFailure(document, name, None, text, "NOT_A_NUMBER", {"decimal": "."}))
                made[name] = f"{_MARK}{text}{_MARK}"
            elif name in self.flags:
                if text not in {"true", "false"}:
                    failures.append(
                        CellFailure(document, name, None, text, "NOT_A_BOOLEAN", {"allowed": "true, false"})
                    )
                made[name] = text == "true"
            else:
                if _MARK in text:
                    detail = {"character": "U+E000", "target": "JSON"}
                    failures.append(CellFailure(document, name, None, text, "ILLEGAL_CHARACTER", detail))
                made[name] = text
        return made


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in values.items():
        *way, last = name.split(".")
        inner = made
        for step in way:
            inner = inner.setdefault(step, {})
        inner[last] = value
    return made


def _text(value: dict[str, Any]) -> str:
    return _MARKED.sub(r"\1", json.dumps(value, ensure_ascii=False, separators=(",", ":")))
